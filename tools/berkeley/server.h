/* A server: doors, which are sockets that wait for clients, and the guests who came in by them. What guests say goes to
 * the owner, who may answer them all, or it is sent back to them: then the server is an echo. `sonde listen` and the
 * servers of a lab are both this one. */
#ifndef SONDE_TOOLS_BERKELEY_SERVER_H
#define SONDE_TOOLS_BERKELEY_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "tools/common/loop.h"

struct server_door;
struct server_guest;

enum server_news {
	SERVER_CAME,     /* a guest is here */
	SERVER_SAID_ALL, /* it shut down its direction, and ours is still open */
	SERVER_LOST,     /* the connection failed, or a datagram cannot be sent: err says why */
};

/* Whom the server reports to. Any function may be NULL. */
struct server_owner {
	void *arg;
	void (*heard)(void *arg, const void *data, size_t len); /* NULL: the server is an echo */
	void (*news)(void *arg, enum server_news news, const struct sonde_endpoint *from, int err);
	void (*changed)(void *arg); /* behind every event, when all of it is done */
};

/* Who sent a datagram, and whom it was sent to: the address that is to answer. */
struct server_sender {
	struct server_door *door; /* NULL: nobody did yet */
	struct sonde_endpoint from;
	struct sonde_addr at;
};

struct server {
	struct loop *loop;
	struct server_owner owner;
	struct server_door *doors;
	struct server_guest *guests;
	struct server_sender last;
	bool shut;       /* nobody comes in any more */
	bool said_all;   /* the owner has no more to say */
	uint64_t served; /* connections and datagrams */
	int spare_fd;    /* given up for a moment when descriptors run out, so that a client can be turned away */
};

/* Make s ready: loop and owner's functions stay where they are until server_close. Returns 0 or a negated errno. */
int server_open(struct server *s, struct loop *loop, const struct server_owner *owner);

/* Wait for streams, of which at most backlog wait to be accepted, or for datagrams at an address and port; *own becomes
 * what the socket has, where own was open. Returns 0 or a negated errno. */
int server_wait(struct server *s, struct sonde_endpoint *own, bool datagram, int backlog);

/* Let nobody in any more; guests stay. */
void server_shut(struct server *s);

/* Whether somebody is there to be told something, and all that was said has left: server_say may be called. */
bool server_can_say(const struct server *s);

/* Say something, up to CHUNK bytes (tools/berkeley/common.h), to every guest, and to the sender of the last
 * datagram. */
void server_say(struct server *s, const void *data, size_t len);

/* There is no more to say: the direction to every guest ends when what was said has left. */
void server_said_all(struct server *s);

/* Close every socket and forget every guest. */
void server_close(struct server *s);

#endif

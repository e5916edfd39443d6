/* A server for many clients at once, over streams and datagrams. What clients send goes to the owner, who may send
 * something to all of them; or, without one, back to the client: then the server is an echo. `sonde listen` and the
 * servers of a lab are both this one. */
#ifndef SONDE_TOOLS_BERKELEY_SERVER_H
#define SONDE_TOOLS_BERKELEY_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "tools/common/loop.h"

struct server_socket; /* waits for connections, or receives datagrams */
struct server_client; /* a connection that was accepted */

enum server_event {
	SERVER_CONNECTED,   /* a client has connected */
	SERVER_HALF_CLOSED, /* it has shut down its direction, and ours is open */
	SERVER_FAILED,      /* the connection failed, or a datagram cannot be sent: err says why */
};

/* Whom the server reports to. Any function may be NULL. */
struct server_owner {
	void *arg;
	void (*received)(void *arg, const void *data, size_t len); /* NULL: the server is an echo */
	void (*event)(void *arg, enum server_event event, const struct sonde_endpoint *from, int err);
	void (*changed)(void *arg); /* after everything that happens, when it is dealt with */
};

/* The sender of a datagram, and the address that it was sent to, which the answer comes from. */
struct server_sender {
	struct server_socket *socket; /* NULL: none yet */
	struct sonde_endpoint from;
	struct sonde_addr at;
};

struct server {
	struct loop *loop;
	struct server_owner owner;
	struct server_socket *sockets;
	struct server_client *clients;
	struct server_sender last; /* of datagrams */
	bool stopped;              /* no client is accepted any more */
	bool finished;             /* the owner sends no more */
	uint64_t served;           /* connections and datagrams */
	int spare_fd;              /* closed for a moment when descriptors run out, to refuse a client */
};

/* Make s ready: loop and the owner's functions stay where they are until server_close. Returns 0 or a negated errno. */
int server_open(struct server *s, struct loop *loop, const struct server_owner *owner);

/* Listen for streams, of which at most backlog wait to be accepted, or for datagrams; *own becomes what the socket is
 * bound to, where its port was 0. Returns 0 or a negated errno. */
int server_listen(struct server *s, struct sonde_endpoint *own, bool datagram, int backlog);

/* Accept no more clients; those that are connected stay. */
void server_stop(struct server *s);

/* Whether somebody is there to be sent something, and all that was sent before has left: server_send may be called. */
bool server_can_send(const struct server *s);

/* Send up to CHUNK bytes (tools/berkeley/common.h) to every client, and to the sender of the last datagram. */
void server_send(struct server *s, const void *data, size_t len);

/* Shut down our direction to every client, when all that was sent has left. */
void server_finish(struct server *s);

/* Close every socket and forget every client. */
void server_close(struct server *s);

#endif

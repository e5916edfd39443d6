/* Packets and the machine together: fill in what is open, choose the way, send, and receive the answers.
 *
 *	sonde_session_open(&s, NULL, &e);
 *	sonde_session_exchange(&reply, s, &packet, SONDE_S, &e);
 *	sonde_session_close(s);
 */
#ifndef SONDE_SESSION_SESSION_H
#define SONDE_SESSION_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/time.h"
#include "capture/record.h"
#include "packet/match.h"
#include "packet/packet.h"
#include "packet/path.h"

struct sonde_session;

enum sonde_via { SONDE_VIA_AUTO, SONDE_VIA_RAW, SONDE_VIA_LINK, SONDE_VIA_LIBNET };

struct sonde_session_options {
	const char *iface;        /* send through this interface (a name, or an address of it); NULL: as routed */
	struct sonde_addr source; /* of family 0: the route's */
	enum sonde_via via;
	uint64_t seed;            /* ports, sequence numbers and identifiers that are open follow from it */
	bool broadcast;           /* broadcast destinations are allowed */
	bool any_length;          /* packets may be longer than the MTU: they are taken apart before they are sent */
	bool offline;             /* nothing is sent: what no route tells stays 0 and is no error */
	uint32_t snap;            /* bytes kept of each frame that is seen; 0: 2048 */
	sonde_time neighbour_ns;  /* how long to wait for a next hop's address; 0: 1 s */
};

/* How a packet goes out. */
struct sonde_plan {
	struct sonde_path path;
	uint32_t ifindex;
	uint32_t mtu;             /* bytes */
	char iface[16];
	struct sonde_addr dst;    /* where it goes; of family 0 for frames without IP */
	struct sonde_addr hop;    /* who gets it on the link: the gateway, or dst */
	bool is_local;            /* it never leaves this machine */
};

/* Ask the machine for its interfaces. o may be NULL: everything open. Returns 0; -ENODEV without the interface; or
 * another negated errno. *out is for sonde_session_close. */
int sonde_session_open(struct sonde_session **out, const struct sonde_session_options *o, struct sonde_error *e);
void sonde_session_close(struct sonde_session *s); /* NULL is fine */

/* From now on the wait for a next hop's address ends as soon as fd, which stays the caller's, is readable; then what
 * needs the address returns -ECANCELED. -1: it waits as long as the options say. */
void sonde_session_stop_at(struct sonde_session *s, int fd);

/* Fill the open fields of packet number k that are looked up: addresses by routes and neighbours, ports, sequence
 * numbers and identifiers by the seed; finish it; choose the way. Returns 0; SONDE_E_NO_ROUTE; SONDE_E_NO_NEIGHBOUR;
 * SONDE_E_PATH; -EMSGSIZE; SONDE_E_OPEN when an open field cannot be known (e names it); or a negated errno. */
int sonde_session_prepare(struct sonde_plan *plan, struct sonde_session *s, struct sonde_packet *p, uint64_t k,
			  struct sonde_error *e);

/* Watch the plan's interface for answers, from now on. Returns 0, -EPERM without privilege, or as sonde_live_open. */
int sonde_session_listen(struct sonde_session *s, const struct sonde_plan *plan, struct sonde_error *e);

/* Send the len bytes at data, a packet or a fragment of one that the plan was made for; not while others are in line.
 * *sent_at: just before, by this machine's clock. Returns 0, or a refusal of the kernel with its cause in e (-EAGAIN:
 * the socket's buffer is full, and stays so). */
int sonde_session_send(struct sonde_session *s, const struct sonde_plan *plan, const uint8_t *data, uint32_t len,
		       sonde_time *sent_at, struct sonde_error *e);

/* Put a packet in line, to be sent with others by sonde_session_flush in few system calls. Its bytes are copied; id is
 * the caller's name for it. Returns 0; -EAGAIN when the line has to be flushed first, for it is full or goes another
 * way; or what stands in this packet's way, as sonde_session_send has it. */
int sonde_session_queue(struct sonde_session *s, const struct sonde_plan *plan, struct sonde_view packet, uint64_t id,
			struct sonde_error *e);
/* Send what is in line; never waits. Returns 0 when nothing is in line any more; -EAGAIN when the socket's buffer is
 * full (call again later); or the refusal of the packet *id, which has left the line, with its cause in e (call again
 * for the others). */
int sonde_session_flush(uint64_t *id, struct sonde_session *s, struct sonde_error *e);

/* A frame that was seen. The packet's bytes stay until the next call. */
struct sonde_received {
	struct sonde_record record;
	struct sonde_packet packet;
	uint32_t ifindex;
};

/* The next frame that passed an interface that is watched, in either direction. Returns 1, 0 when there is none now, or
 * an error. */
int sonde_session_next(struct sonde_received *out, struct sonde_session *s, struct sonde_error *e);

/* Whether a frame that was seen is the packet that was sent: the same bytes from the first layer, or the IP or ARP
 * layer, on. Its time is then the kernel's time of sending. */
bool sonde_session_is_ours(const struct sonde_received *got, struct sonde_view sent);

#define SONDE_SESSION_FDS 16
/* Descriptors that are readable when frames wait. Returns how many. */
unsigned sonde_session_fds(const struct sonde_session *s, int fds[SONDE_AT_LEAST(SONDE_SESSION_FDS)]);

/* Frames that came in, and the kernel dropped before they could be read. */
uint64_t sonde_session_dropped(struct sonde_session *s);
/* Frames that went out, and whose copies the kernel dropped before they could be read. */
uint64_t sonde_session_unseen(struct sonde_session *s);

/* Look whether something became of an interface (its index) or of an address (or NULL) of this machine, that
 * explains why a packet was refused that used to go: the interface is gone (-ENODEV), down or without carrier
 * (-ENETDOWN), or the address is no longer there (-EADDRNOTAVAIL). Then e says so; otherwise e stays. Returns
 * e->code. */
int sonde_session_cause(struct sonde_error *e, struct sonde_session *s, uint32_t ifindex, const struct sonde_addr *src);

/* Whether the way to dst leads to a next hop whose address on the link is not known: packets to it wait, and do not
 * leave. */
bool sonde_session_lacks_hop(struct sonde_session *s, const struct sonde_addr *dst);

/* What came of one packet. */
struct sonde_reply {
	struct sonde_match match;  /* its answer is SONDE_SILENCE when none came in time */
	struct sonde_pair pair;    /* the sockets it was about */
	sonde_time rtt_ns;         /* from the kernel's stamps of both frames; -1 without an answer */
	bool kernel_clock;         /* the time of sending is the kernel's, too */
};

/* Prepare a packet, send it, and wait up to timeout_ns for its answer. out->match.rule is never NULL on success.
 * Returns 0, or the first error of prepare, listen and send. */
int sonde_session_exchange(struct sonde_reply *out, struct sonde_session *s, struct sonde_packet *p,
			   sonde_time timeout_ns, struct sonde_error *e);

/* The interface that was chosen in the options; 0: none. */
uint32_t sonde_session_chosen(const struct sonde_session *s);

/* The interface's name, or NULL. */
const char *sonde_session_iface(const struct sonde_session *s, uint32_t ifindex);

#endif

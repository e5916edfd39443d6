/* Packets and the machine together: fill in what is open, find the route, send, and receive the answers. A program that
 * asks one thing at a time needs no more than this; engines (probe/engine.h) are run by session/drive.h.
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
#include "packet/match.h"
#include "packet/packet.h"
#include "packet/path.h"

struct sonde_session;
struct sonde_opener;
struct sonde_forwarder;

enum sonde_via { SONDE_VIA_AUTO, SONDE_VIA_RAW, SONDE_VIA_LINK, SONDE_VIA_LIBNET };

#define SONDE_FRAGMENT_MTU UINT32_MAX

struct sonde_session_options {
	const char *iface;        /* send through this interface (a name, or an address of it); NULL: as routed */
	struct sonde_addr source; /* of family 0: the route's */
	enum sonde_via via;
	uint64_t seed;            /* ports, sequence numbers and identifiers that are open follow from it */
	bool broadcast;           /* broadcast destinations are allowed */
	uint32_t fragment; /* IP packets longer than this many bytes go out in fragments; SONDE_FRAGMENT_MTU: those
				   * longer than the MTU; 0: none, and what is longer than the MTU is refused */
	bool stands_in;           /* the source is no address of this machine: routes are asked for without it */
	bool offline;             /* nothing is sent: what no route tells stays 0 and is no error */
	uint32_t snap;            /* bytes kept of each frame that comes in; 0: whole frames, of both directions */
	uint16_t least_port;      /* of TCP, UDP and SCTP only answers to ports from here on are looked at; 0: to all */
	bool answers_only;        /* the engine is not shown its own frames as they leave, which costs less */
	bool resolves;            /* packets wait for the link address of their next hop, and go by the packet socket:
				   * those to hosts that do not exist are refused (SONDE_E_NO_NEIGHBOUR) */
	bool asks_anew;           /* with resolves: next hops are asked even where the kernel knows them, so that those
				   * that are gone since are known */
	bool asks_again;          /* next hops that the kernel asks for their link address are asked again, sooner than
				   * it does: else a packet that it keeps is late when one ARP request is lost */
	sonde_time neighbour_ns;  /* how long to wait for a next hop's address; 0: 1 s */
	const struct sonde_opener *opener; /* of session/opener.h; NULL: this process has the privileges needed */
	const struct sonde_forwarder *forwarder; /* of session/forwarder.h; NULL: the session sends all frames itself */
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
	bool is_broadcast;        /* everybody on the link gets it, or a group */
};

/* Ask the machine for its interfaces. o may be NULL: everything open. Returns 0; -ENODEV without the interface; or
 * another negated errno. *out is for sonde_session_close. */
int sonde_session_open(struct sonde_session **out, const struct sonde_session_options *o, struct sonde_error *e);
void sonde_session_close(struct sonde_session *s); /* NULL is fine */

/* Fill the open fields of packet number k that are looked up: addresses by routes and neighbours, ports, sequence
 * numbers and identifiers by the seed; finish it; choose the path. Returns 0; SONDE_E_NO_ROUTE; SONDE_E_NO_NEIGHBOUR;
 * SONDE_E_PATH; -EMSGSIZE; SONDE_E_OPEN when an open field cannot be known (e names it); -EINPROGRESS while the next
 * hop is being asked for its address: call again, what is filled stays; or another negated errno. */
int sonde_session_prepare(struct sonde_plan *plan, struct sonde_session *s, struct sonde_packet *p, uint64_t k,
			  struct sonde_error *e);

/* Prepare a packet and send it, without listening. Returns 0, or why it was not sent, with the cause in e. */
int sonde_session_send(struct sonde_session *s, struct sonde_packet *p, struct sonde_error *e);

/* The result of one exchange. */
struct sonde_reply {
	struct sonde_match match;   /* its answer is SONDE_SILENCE when none came in time; its rule is never NULL */
	struct sonde_pair pair;     /* the sockets it was about */
	sonde_time rtt_ns;          /* from the kernel's stamps of both frames; -1 without an answer */
	bool kernel_clock;          /* the time of sending is the kernel's, too */
	struct sonde_packet packet; /* what answered, until the session is used again; no layers: nothing did */
};

/* Prepare a packet, send it, and wait up to timeout_ns for its answer. Returns 0; SONDE_E_UNSUPPORTED for a packet
 * that nothing can be known to answer; or why it was not sent. */
int sonde_session_exchange(struct sonde_reply *out, struct sonde_session *s, struct sonde_packet *p,
			   sonde_time timeout_ns, struct sonde_error *e);

/* Speak from an address that this machine does not have, by the interface that leads to it, which is chosen for all
 * packets; *mac is its link address. Who asks for the address on the link has to be answered (probe/responder.h).
 * Returns 0; -EADDRINUSE: the machine has it; SONDE_E_PATH: nobody asks there (loopback, no link layer); or as routing
 * does. */
int sonde_session_stand_in(uint8_t mac[SONDE_AT_LEAST(SONDE_MAC_LEN)], struct sonde_session *s,
			   const struct sonde_addr *addr, struct sonde_error *e);

/* --- What the machine says --------------------------------------------------------------------------------------- */

/* Find out why a packet was refused after others passed: the interface (an index) is gone (-ENODEV), down or without
 * carrier (-ENETDOWN), or src (or NULL) is no longer an address of this machine (-EADDRNOTAVAIL); or, with -ENOBUFS in
 * e, it has no queue that could be full. Fills e if it is one of these; otherwise e stays. Returns e->code. */
int sonde_session_cause(struct sonde_error *e, struct sonde_session *s, uint32_t ifindex, const struct sonde_addr *src);

/* Whether dst has a next hop whose address on the link the kernel does not know: packets to it wait, and do not
 * leave. */
bool sonde_session_lacks_hop(struct sonde_session *s, const struct sonde_addr *dst);

/* Frames that came in, and the kernel dropped before they could be read. */
uint64_t sonde_session_dropped(struct sonde_session *s);
/* Packets that came in fragments and are not whole: some are missing, or contradict each other. */
uint64_t sonde_session_incomplete(struct sonde_session *s);
/* Frames that went out, and whose copies the kernel dropped before they could be read. */
uint64_t sonde_session_unseen(struct sonde_session *s);

/* The interface that was chosen in the options; 0: none. */
uint32_t sonde_session_chosen(const struct sonde_session *s);

/* The interface's name, or NULL. */
const char *sonde_session_iface(const struct sonde_session *s, uint32_t ifindex);

#endif

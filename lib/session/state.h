/* What a session holds. Shared by its files, not for callers. */
#ifndef SONDE_SESSION_STATE_H
#define SONDE_SESSION_STATE_H

#include "io/link.h"
#include "io/live.h"
#include "io/netlink.h"
#include "io/route.h"
#include "io/sender.h"
#include "packet/reassemble.h"
#include "session/drive.h"
#include "session/forwarder.h"
#include "session/opener.h"
#include "session/session.h"

#define MAX_WATCHED   8 /* interfaces */
#define LINK_HEADER   14
#define N_SENDERS     6
#define N_ROUTES      1024 /* a power of two */
#define OUTBOXES      8    /* one that is filled; the forwarder has the others, or they are empty */
#define OUTBOX_FRAMES 64
#define OUTBOX_BYTES  (SONDE_MAX_FRAME + LINK_HEADER)

/* --- Routes (route.c) -------------------------------------------------------------------------------------------- */

/* The route to an address, or to all addresses in one of the kernel's prefixes. */
struct route {
	struct sonde_addr dst;            /* that was looked up */
	int prefix;                       /* its number, or -1: for this address alone */
	struct sonde_plan plan;
	struct sonde_addr src;
	sonde_time until;                 /* when it is to be asked again, monotonic */
};

struct routes {
	struct route *items;              /* N_ROUTES; each has its place by the hash of its prefix or address */
	unsigned n_lookups;               /* since the prefixes were last read */
	sonde_time prefixes_until;        /* when they are to be read again */
	bool has_prefixes, tried_prefixes;
	struct sonde_route_prefixes prefixes;
};

/* Find out where a packet goes: interface, source, next hop. */
int sonde_session_route(struct sonde_plan *plan, struct sonde_addr *src, struct sonde_session *s,
			const struct sonde_packet *p, struct sonde_error *e);
/* The same for a destination, at now of the monotonic clock. */
int sonde_session_route_to(struct sonde_plan *plan, struct sonde_addr *src, struct sonde_session *s,
			   const struct sonde_addr *dst, sonde_time now, struct sonde_error *e);

/* The interface's address for packets to dst: one of the same network, or else the first; of family 0: it has none. */
struct sonde_addr sonde_session_own_addr(const struct sonde_link *link, const struct sonde_addr *dst);

/* --- Next hops (hops.c) ------------------------------------------------------------------------------------------ */

enum hop_state { HOP_RESOLVING, HOP_RESOLVED, HOP_FAILED };

#define HOP_REQUESTS 4 /* to a hop that does not answer */
#define HOP_NONE     UINT32_MAX

/* Hops of one queue wait for the same time, so that the first one is due first. */
enum hop_queue {
	HOP_ASKED_BY_KERNEL,
	HOP_ASKED_ONCE, /* and by each number of requests up to HOP_REQUESTS */
	HOP_SETTLED = HOP_ASKED_ONCE + HOP_REQUESTS, /* the question was answered or given up */
	HOP_QUEUES,
};

/* Neighbours in a queue: 1 + number; 0: none. */
struct hop_link {
	uint32_t previous, next;
};

struct hop {
	struct sonde_addr addr;
	uint32_t ifindex;
	enum hop_state state;
	uint8_t mac[SONDE_MAC_LEN];
	uint8_t requests;                 /* of this session, since it is asked; 0: the kernel asks */
	bool is_settled;                  /* it is in that queue */
	sonde_time until;                 /* asked: when it is due; else when it is to be looked up again */
	struct hop_link links[2];         /* in its queues: of those that are asked, and of the settled */
};

struct hop_list {
	uint32_t first, last;
};

struct hops {
	struct hop *items;                /* by number, in the order in which they were first met */
	uint32_t n;
	uint32_t *slots, n_slots;         /* a hash table of 1 + number */
	uint32_t latest;                  /* 1 + number of the hop that was looked for last */
	struct hop_list queues[HOP_QUEUES];
	unsigned n_resolving;
	struct sonde_netlink *watch;      /* opened with the session */
	bool watches;                     /* it gets notifications: from the first question of the kernel on */
};

/* The address on the link of the plan's next hop. Returns 0, -EINPROGRESS while it is asked for, SONDE_E_NO_NEIGHBOUR,
 * SONDE_E_OPEN, or a negated errno. */
int sonde_session_hop_mac(uint8_t mac[static SONDE_MAC_LEN], struct sonde_session *s, const struct sonde_plan *plan,
			  struct sonde_error *e);
/* The kernel is about to send a packet to the plan's next hop: where it does not know its link address, ask for that,
 * too, if it is not told soon. */
void sonde_session_assist(struct sonde_session *s, const struct sonde_plan *plan, sonde_time now);
/* The number of the plan's next hop, which was asked for; HOP_NONE: it never was. */
uint32_t sonde_session_hop_number(const struct sonde_session *s, const struct sonde_plan *plan);
/* Take a hop whose question was answered or given up. Returns false when there is none. */
bool sonde_session_next_settled(uint32_t *number, struct sonde_session *s);
/* It was told which link address a hop has. */
void sonde_session_hop_answered(struct sonde_session *s, const struct sonde_addr *addr, uint32_t ifindex,
				const uint8_t mac[static SONDE_MAC_LEN], sonde_time now);
/* Read the kernel's notifications about next hops, ask those again that did not answer, and give them up in the end. */
void sonde_session_update_hops(struct sonde_session *s, sonde_time now);
/* When the first of them is given up; SONDE_NEVER: none is asked. */
sonde_time sonde_session_hops_deadline(const struct sonde_session *s);
void sonde_session_free_hops(struct hops *h);

/* Send an ARP request or a neighbour solicitation for a hop (solicit.c). Returns 0; -EAGAIN when the socket is full;
 * -EADDRNOTAVAIL when this machine has no address there to ask from; or another error. */
int sonde_session_solicit(struct sonde_session *s, const struct hop *hop);
/* Take a frame that came in, which may answer it. */
void sonde_session_learn(struct sonde_session *s, const struct sonde_packet *p, uint32_t ifindex);

/* --- Out (send.c) ------------------------------------------------------------------------------------------------ */

/* A sender that is open: of one kind, and for the link layer of one interface. */
struct outlet {
	struct sonde_sender *sender;
	struct sonde_sender *forwarded;   /* the forwarder's, opened with its first batch: the two send side by side */
	enum sonde_sender_way way;
	uint32_t ifindex;
};

/* Frames that go out together, by one sender. */
struct outbox {
	struct outlet *outlet;
	struct sonde_outgoing frames[OUTBOX_FRAMES];
	uint64_t ids[OUTBOX_FRAMES];
	unsigned n, handed, reported;     /* frames; of these, sent or refused; of these, reported */
	struct sonde_forwarding forwarding; /* of what the forwarder has, */
	unsigned n_timed;                 /* and how many of it are known to have left, and when */
	uint8_t *bytes;                   /* OUTBOX_BYTES of room for all of them */
	size_t used;
};

void sonde_session_close_outlet(struct outlet *outlet);

#define NOBODYS_ID UINT64_MAX /* of a frame whose result nobody is told */

/* Put a packet into the outbox. Its bytes are copied; id is the caller's name for it. Returns 0; -EAGAIN when the
 * outbox has to be emptied first, for it is full or goes by another sender; or why this packet cannot be sent. */
int sonde_session_queue(struct sonde_session *s, const struct sonde_plan *plan, struct sonde_view packet, uint64_t id,
			struct sonde_error *e);
/* Have the forwarder send what is in the outbox, or send it, where that has enough; never waits. Returns 0 when it is
 * empty; -EAGAIN when the socket's buffer is full (call again later); or the refusal of the packet *id, which has
 * left the outbox or the forwarder, with its cause in e (call again for the others); or 1 for the packet *id, which the
 * forwarder sent at left_at of the session (call again). */
int sonde_session_flush(uint64_t *id, struct sonde_session *s, struct sonde_error *e);

/* Send a frame at once, past the outbox, or behind what the forwarder has. Returns 0; -EAGAIN when the socket is full,
 * or the outbox has to be emptied first; or why it cannot be sent. */
int sonde_session_send_frame(struct sonde_session *s, uint32_t ifindex, struct sonde_view frame);

/* How many frames are in it, and how many the forwarder has. */
unsigned sonde_session_queued(const struct sonde_session *s);
/* Take the first frame out of it, unsent: its name and length. Returns false when it is empty, or the forwarder has
 * some: that gives them up itself. */
bool sonde_session_abandon(uint64_t *id, uint32_t *len, struct sonde_session *s);

/* --- In (receive.c) ---------------------------------------------------------------------------------------------- */

/* One direction of an interface, and the frame that was read from it and not yet handed out. */
struct watched_direction {
	struct sonde_live *live;
	struct sonde_record record;
	bool pending;
};

/* Loopback frames are seen inbound only. Directions are read in this order: when an inbound frame was read, the
 * outbound one that it answers can be read, too. */
enum { DIRECTION_IN, DIRECTION_OUT, N_DIRECTIONS };

struct watched {
	uint32_t ifindex;
	bool is_elsewhere;                /* nothing left by it: only what comes in is looked at */
	struct watched_direction directions[N_DIRECTIONS];
};

/* Watch the plan's interface for answers, from now on. Returns 0, -EPERM without privilege, or as sonde_live_open. */
int sonde_session_listen(struct sonde_session *s, const struct sonde_plan *plan, struct sonde_error *e);
/* The next frame that passed an interface that is watched, in either direction; the packet's bytes stay until the next
 * call. Returns 1, 0 when there is none now, or an error (-ENODEV: an interface is gone). */
int sonde_session_next(struct sonde_received *out, struct sonde_session *s, struct sonde_error *e);
/* The packet of which a frame that came in was the last fragment missing. Returns SONDE_REASSEMBLY_NONE for what is no
 * fragment, SONDE_REASSEMBLY_DONE when out is the packet, in memory that lasts until the next call; else nothing is
 * known of it yet, or it never will be. */
enum sonde_reassembly sonde_session_join(struct sonde_packet *out, struct sonde_session *s,
					 const struct sonde_received *got);
/* Descriptors that are readable when frames or notifications of next hops wait. Returns how many. */
unsigned sonde_session_fds(const struct sonde_session *s, int *fds);

/* Datagrams of which fragments came in, while others are missing: enough for what one turn reads, and too few for
 * memory to run out. */
#define MAX_DATAGRAMS 64
#define DATAGRAM_NS   (30 * SONDE_S)

/* --- The whole --------------------------------------------------------------------------------------------------- */

struct sonde_session {
	struct sonde_session_options o;
	struct sonde_netlink *netlink;
	struct sonde_links links;
	struct sonde_links recent;        /* asked for again, for causes, */
	sonde_time recent_until;          /* until when they are taken to be the same; 0: not asked */
	uint32_t checked_ifindex;         /* the interface of these that packets can leave by; 0: none was asked */
	uint32_t ifindex;                 /* of o.iface, or 0 */
	struct outlet outlets[N_SENDERS];
	struct outbox outboxes[OUTBOXES];
	unsigned filling;                 /* the one that takes frames; before it are those that the forwarder has: */
	unsigned n_forwarded;
	sonde_time left_at;               /* of the packet that was told last, real time */
	struct watched watched[MAX_WATCHED];
	unsigned n_watched;
	bool listens_elsewhere;           /* interfaces that nothing leaves by are watched, too */
	struct routes routes;
	struct hops hops;
	uint8_t *reply;                   /* bytes of what answered the last exchange */
	struct sonde_reassembler fragments; /* that came in; without memory until the first */
};

/* Who does not see frames leave learns so that the plan's interface is gone (-ENODEV), down or without carrier
 * (-ENETDOWN), at now of the monotonic clock; else 0. */
int sonde_session_check_link(struct sonde_session *s, const struct sonde_plan *plan, sonde_time now,
			     struct sonde_error *e);

/* Choose the path of a packet that is finished, as the options have it. */
int sonde_session_choose(struct sonde_plan *plan, const struct sonde_session *s, const struct sonde_packet *p,
			 struct sonde_error *e);
/* The same for the bytes of a packet that starts with an IP header. */
int sonde_session_choose_ip(struct sonde_plan *plan, const struct sonde_session *s, struct sonde_view packet,
			    struct sonde_error *e);

/* Fill the fields of the packet that are looked up and open (fill.c). */
int sonde_session_fill(struct sonde_session *s, const struct sonde_plan *plan, const struct sonde_addr *src,
		       struct sonde_packet *p, uint64_t k, struct sonde_error *e);

/* Bytes of the longest IP packet that goes out whole, of those that may be fragmented. */
static inline uint32_t sonde_session_most_whole(const struct sonde_session *s, const struct sonde_plan *plan)
{
	return !s->o.fragment ? UINT32_MAX : s->o.fragment == SONDE_FRAGMENT_MTU ? plan->mtu : s->o.fragment;
}

#endif

/* What a session holds. Shared by its files, not for callers. */
#ifndef SONDE_SESSION_STATE_H
#define SONDE_SESSION_STATE_H

#include "io/link.h"
#include "io/live.h"
#include "io/netlink.h"
#include "io/route.h"
#include "io/sender.h"
#include "session/session.h"

#define MAX_WATCHED    (SONDE_SESSION_FDS / 2) /* interfaces */
#define LINK_HEADER    14
#define N_SENDERS      6
#define ROUTE_KEPT_NS  (100 * SONDE_MS) /* what the kernel says of routes is believed so long */
#define N_KEPT_ROUTES  16
#define LINE_PACKETS   64
#define LINE_BYTES     (SONDE_MAX_FRAME + LINK_HEADER)

/* A way out that is open: of one kind, and for the link layer of one interface. */
struct way_out {
	struct sonde_sender *sender;
	enum sonde_sender_way way;
	uint32_t ifindex;
};

/* Packets that go out together, the same way. */
struct line {
	const struct way_out *way;
	struct sonde_outgoing frames[LINE_PACKETS];
	uint64_t ids[LINE_PACKETS];
	unsigned n, left, told;           /* in line; of those, dealt with; of those, refusals told */
	bool stuck;                       /* the last one found the socket full, and it stayed so */
	uint8_t *bytes;                   /* LINE_BYTES of room for all of them */
	size_t used;
};

/* One direction of an interface, and the frame that was read from it and not yet handed out. */
struct watched_way {
	struct sonde_live *live;
	struct sonde_record record;
	bool pending;
};

/* On loopback everything is seen inbound. In this order they are read: when an answer is there, its question is,
 * too. */
enum { WAY_IN, WAY_OUT, N_WAYS };

struct watched {
	uint32_t ifindex;
	struct watched_way ways[N_WAYS];
};

/* The way to an address, and with it to all that lie in the same most specific prefix of the routes. */
struct kept_route {
	struct sonde_addr asked;
	int prefix;                       /* its number, or -1: for this address alone */
	struct sonde_plan plan;
	struct sonde_addr src;
};

struct kept_routes {
	struct kept_route items[N_KEPT_ROUTES];
	unsigned n, next;
	sonde_time until;                 /* when all is forgotten */
	bool has_prefixes;
	struct sonde_route_prefixes prefixes;
};

struct sonde_session {
	struct sonde_session_options o;
	struct sonde_netlink *netlink;
	struct sonde_links links;
	uint32_t ifindex;                 /* of o.iface, or 0 */
	struct way_out ways[N_SENDERS];
	struct watched watched[MAX_WATCHED];
	unsigned n_watched;
	struct sonde_addr hop;            /* the next hop whose address was asked for last, */
	uint32_t hop_ifindex;             /* on this interface */
	uint8_t hop_mac[SONDE_MAC_LEN];   /* and what it is */
	struct kept_routes kept;
	struct line line;
};

/* Find out where the packet goes: interface, source, next hop. */
int sonde_session_route(struct sonde_plan *plan, struct sonde_addr *src, struct sonde_session *s,
			const struct sonde_packet *p, struct sonde_error *e);

/* The address on the link of the plan's next hop. */
int sonde_session_hop_mac(uint8_t mac[static SONDE_MAC_LEN], struct sonde_session *s, const struct sonde_plan *plan,
			  struct sonde_error *e);

/* Fill the fields of the packet that are looked up and open. */
int sonde_session_fill(struct sonde_session *s, const struct sonde_plan *plan, const struct sonde_addr *src,
		       struct sonde_packet *p, uint64_t k, struct sonde_error *e);

#endif

#include "tools/ping/plain.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/resource.h>

#include "io/clock.h"
#include "io/connects.h"
#include "io/echo.h"
#include "io/privilege.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/tcp.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define MAX_CONNECTS 1000
#define SYN_AGAIN_NS SONDE_S /* then the kernel asks again (RFC 6298, 2) */
#define ROOM         70000

/* --- What the kernel tells, as packets --------------------------------------------------------------------------- */

static int push_ip(struct sonde_packet *p, const struct sonde_addr *from, const struct sonde_addr *to, uint8_t ttl)
{
	bool v6 = to->family == SONDE_IP6;
	int ip = sonde_push_ip(p, from, to);
	int err = ip < 0 ? ip : sonde_set(p, ip, v6 ? SONDE_IP6_HLIM : SONDE_IP_TTL, ttl);
	return err || v6 ? err : sonde_set(p, ip, SONDE_IP_ID, 1);
}

/* The payload begins with an ICMP header. */
static int set_icmp_next(struct sonde_packet *p, bool v6)
{
	return sonde_set(p, p->n_layers - 1, v6 ? SONDE_IP6_NEXT : SONDE_IP_PROTO, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
}

static void hand_over(struct ping_plain *pl, struct sonde_packet *p, sonde_time stamp)
{
	struct sonde_engine *e = &pl->ping->engine;
	struct sonde_packet got;
	sonde_finish(p);
	sonde_dissect(&got, p->data, p->len, p->len, (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
	pl->unstamped = !stamp;
	e->ops->on_packet(e, &got, stamp ? stamp : sonde_clock_real());
}

static int push_error(struct sonde_packet *p, const struct sonde_addr *from, const struct sonde_addr *own, uint8_t type,
		      uint8_t code)
{
	bool v6 = own->family == SONDE_IP6;
	int err = push_ip(p, from->family == own->family ? from : own, own, 0);
	int icmp = err ? err : sonde_push(p, v6 ? &sonde_icmp6 : &sonde_icmp);
	err = icmp < 0 ? icmp : sonde_set(p, icmp, v6 ? SONDE_ICMP6_TYPE : SONDE_ICMP_TYPE, type);
	return err ? err : sonde_set(p, icmp, v6 ? SONDE_ICMP6_CODE : SONDE_ICMP_CODE, code);
}

/* --- Echoes ------------------------------------------------------------------------------------------------------ */

static void take_stamp(struct ping_plain *pl, unsigned family, const struct sonde_echo_report *t)
{
	struct sonde_engine *e = &pl->ping->engine;
	uint64_t id = pl->ids[family][t->key % PING_PLAIN_KEYS];
	const struct sonde_ping_entry *entry = sonde_ping_entry(pl->ping, id);
	/* The report of an earlier packet cannot be one of this. */
	if (entry->n == id && t->stamp >= entry->stamp)
		e->ops->on_sent(e, id, NULL, t->stamp, SONDE_STAMP_SOCKET);
}

static void take_told(struct ping_plain *pl, unsigned family, const struct sonde_echo_report *t)
{
	static uint8_t room[ROOM];
	struct sonde_packet p;
	const struct sonde_ping_target *target;
	bool v6 = family == 1;
	int err = 0;
	sonde_packet_init(&p, room, sizeof room);
	if (t->kind == SONDE_ECHO_SENT) {
		take_stamp(pl, family, t);
		return;
	}
	if (t->kind == SONDE_ECHO_REPLY) {
		err = push_ip(&p, &t->from, &t->to, t->ttl);
	} else {
		target = sonde_ping_target_at(pl->ping, &t->to);
		err = target ? push_error(&p, &t->from, &target->ask.src, t->type, t->code) : -ENOENT;
		if (!err)
			err = push_ip(&p, &target->ask.src, &t->to, 1);
	}
	if (!err)
		err = set_icmp_next(&p, v6);
	if (!err)
		err = sonde_push_payload(&p, t->message);
	if (!err)
		hand_over(pl, &p, t->stamp);
}

static int send_echo(struct ping_plain *pl, const struct sonde_packet *p, uint64_t id)
{
	const struct sonde_ping_target *t = &pl->ping->targets[id % pl->ping->n_targets];
	struct sonde_engine *e = &pl->ping->engine;
	unsigned family = t->addr.family == SONDE_IP6;
	uint32_t key, at = p->layers[p->n_layers - 1].offset;
	sonde_time before = sonde_clock_real();
	int err = sonde_echo_send(pl->echo[family], &key, &t->addr, sonde_view(p->data + at, p->len - at));
	if (err)
		return err;
	pl->ids[family][key % PING_PLAIN_KEYS] = id;
	e->ops->on_sent(e, id, p, before, SONDE_STAMP_USER);
	return 0;
}

/* --- Connections ------------------------------------------------------------------------------------------------- */

static int push_tcp(struct sonde_packet *p, uint16_t sport, uint16_t dport, uint32_t seq, uint32_t ack, unsigned flags)
{
	int tcp = sonde_push(p, &sonde_tcp);
	int err = sonde_set(p, tcp, SONDE_TCP_SPORT, sport);
	if (!err)
		err = sonde_set(p, tcp, SONDE_TCP_DPORT, dport);
	if (!err)
		err = sonde_set(p, tcp, SONDE_TCP_SEQ, seq);
	if (!err)
		err = sonde_set(p, tcp, SONDE_TCP_ACK, ack);
	return err ? err : sonde_set(p, tcp, SONDE_TCP_FLAGS, flags);
}

static void take_result(struct ping_plain *pl, const struct sonde_connects_result *t)
{
	uint8_t room[512];
	struct sonde_packet p;
	const struct sonde_ping_entry *entry = sonde_ping_entry(pl->ping, t->key);
	const struct sonde_question *ask = &pl->ping->targets[t->key % pl->ping->n_targets].ask;
	int err;
	/* An answer to the kernel's second SYN is none to ours. */
	if (entry->n != t->key || t->asked_again)
		return;
	sonde_packet_init(&p, room, sizeof room);
	if (t->has_error) {
		err = push_error(&p, &t->from, &ask->src, t->type, t->code);
		if (!err)
			err = push_ip(&p, &ask->src, &ask->dst, 1);
		if (!err)
			err = push_tcp(&p, entry->number, ask->dport, entry->seq, 0, SONDE_TCP_SYN);
	} else if (t->result == 0 || t->result == -ECONNREFUSED) {
		err = push_ip(&p, &ask->dst, &ask->src, 0);
		if (!err)
			err = push_tcp(&p, ask->dport, entry->number, 0, entry->seq + 1,
				       (t->result ? SONDE_TCP_RST : SONDE_TCP_SYN) | SONDE_TCP_ACK_FLAG);
	} else {
		err = t->result;
		pl->ping->engine.ops->on_refused(&pl->ping->engine, t->key, err);
	}
	if (!err)
		hand_over(pl, &p, t->at);
}

static int send_syn(struct ping_plain *pl, const struct sonde_packet *p, uint64_t id)
{
	struct sonde_engine *e = &pl->ping->engine;
	const struct sonde_ping_entry *entry = sonde_ping_entry(pl->ping, id);
	struct sonde_endpoint to = { pl->ping->targets[id % pl->ping->n_targets].addr, pl->ping->o.port };
	sonde_time before = 0;
	int err = sonde_connects_begin(pl->connects, id, &to, entry->number, &before);
	if (!err)
		e->ops->on_sent(e, id, p, before, SONDE_STAMP_USER);
	return err;
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

static int open_echoes(struct ping_plain *pl, const struct options *o, const struct ping_options *po, uint32_t ifindex,
		       struct sonde_ping_options *eo, struct sonde_error *e)
{
	int err = 0;
	for (uint32_t i = 0; !err && i < po->targets.n; i++) {
		unsigned family = po->targets.addrs[i].family == SONDE_IP6;
		struct sonde_echo_options eo4 = {
			.family = po->targets.addrs[i].family,
			.id = eo->id,
			.source = o->source,
			.ifindex = ifindex,
			.ttl = eo->ttl,
			.tos = eo->tos,
			.df = eo->df,
			.broadcast = o->broadcast,
		};
		if (pl->echo[family])
			continue;
		err = sonde_echo_open(&pl->echo[family], &eo4, e);
		if (!err && eo->id && sonde_echo_id(pl->echo[family]) != eo->id)
			err = sonde_fail(e, -EADDRINUSE, "the identifier %u of the other family is taken", eo->id);
		if (!err)
			eo->id = sonde_echo_id(pl->echo[family]);
	}
	return err;
}

static int open_connects(struct ping_plain *pl, const struct options *o, uint32_t ifindex,
			 struct sonde_ping_options *eo, struct sonde_error *e)
{
	struct rlimit files = { .rlim_cur = 1024 };
	getrlimit(RLIMIT_NOFILE, &files);
	struct sonde_connects_options co = {
		.source = o->source,
		.ifindex = ifindex,
		.ttl = eo->ttl,
		.tos = eo->tos,
		.max = files.rlim_cur / 2 < MAX_CONNECTS ? (uint32_t)(files.rlim_cur / 2) : MAX_CONNECTS,
	};
	if (eo->timeout_ns > SYN_AGAIN_NS)
		eo->timeout_ns = SYN_AGAIN_NS;
	return sonde_connects_open(&pl->connects, &co, e);
}

int ping_plain_open(struct ping_plain *pl, const struct options *o, const struct ping_options *po, uint32_t ifindex,
		    struct sonde_ping_options *eo)
{
	static const char *const packets[] = {
		[SONDE_PING_UDP] = "send UDP pings", [SONDE_PING_ARP] = "send ARP requests"
	};
	struct sonde_error e = { 0 };
	bool icmp = po->kind == SONDE_PING_ICMP, tcp = po->kind == SONDE_PING_TCP;
	int err;
	if (o->write || o->n_set)
		err = sonde_privilege_missing(&e, o->write ? "capture frames for -w" : "write over packets (--set)");
	else if (icmp)
		err = open_echoes(pl, o, po, ifindex, eo, &e);
	else if (tcp)
		err = open_connects(pl, o, ifindex, eo, &e);
	else
		err = sonde_privilege_missing(&e, packets[po->kind]);
	if (err) {
		message_error(&e);
		return STATUS_SYSTEM;
	}
	pl->on = true;
	eo->sees_frames = false;
	message(icmp ? "without CAP_NET_RAW, echoes go by the datagram ICMP socket: whether frames left, and how "
		       "long they waited for ARP, is not seen"
		     : "without CAP_NET_RAW, connect(2) is timed: times are this process's own, TTLs and answers "
		       "after 1 s are not seen");
	return 0;
}

void ping_plain_close(struct ping_plain *pl)
{
	sonde_echo_close(pl->echo[0]);
	sonde_echo_close(pl->echo[1]);
	sonde_connects_close(pl->connects);
}

static unsigned plain_fds(const void *arg, int fds[static SONDE_SESSION_FDS])
{
	const struct ping_plain *pl = arg;
	unsigned n = 0;
	for (unsigned i = 0; i < 2; i++)
		if (pl->echo[i])
			fds[n++] = sonde_echo_fd(pl->echo[i]);
	if (pl->connects)
		fds[n++] = sonde_connects_fd(pl->connects);
	return n;
}

static bool plain_is_full(const void *arg)
{
	const struct ping_plain *pl = arg;
	return pl->connects && sonde_connects_is_full(pl->connects);
}

static int plain_send(void *arg, const struct sonde_packet *p, uint64_t id)
{
	struct ping_plain *pl = arg;
	return pl->connects ? send_syn(pl, p, id) : send_echo(pl, p, id);
}

static int plain_next(void *arg)
{
	struct ping_plain *pl = arg;
	struct sonde_connects_result result;
	struct sonde_echo_report told;
	for (unsigned family = 0; family < 2; family++) {
		int got = pl->echo[family] ? sonde_echo_next(&told, pl->echo[family]) : 0;
		if (got == 1)
			take_told(pl, family, &told);
		if (got)
			return got;
	}
	if (!pl->connects || !sonde_connects_next(&result, pl->connects))
		return 0;
	take_result(pl, &result);
	return 1;
}

const struct drive_way ping_plain_way = {
	.send = plain_send, .next = plain_next, .is_full = plain_is_full, .fds = plain_fds
};

uint64_t ping_plain_dropped(const struct ping_plain *pl)
{
	uint64_t n = 0;
	for (unsigned family = 0; family < 2; family++)
		n += pl->echo[family] ? sonde_echo_dropped(pl->echo[family]) : 0;
	return n;
}

void ping_plain_drop(struct ping_plain *pl, uint64_t id)
{
	if (pl->connects)
		sonde_connects_drop(pl->connects, id);
}

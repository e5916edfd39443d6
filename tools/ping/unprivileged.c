#include "tools/ping/unprivileged.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/resource.h>

#include "io/clock.h"
#include "io/connects.h"
#include "io/echo.h"
#include "io/privilege.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define MAX_CONNECTS 1000
#define SYN_AGAIN_NS SONDE_S /* then the kernel asks again (RFC 6298, 2) */

static void notify_sent(struct unprivileged *u, const struct sonde_packet *p, uint64_t id, sonde_time stamp)
{
	const struct sonde_engine_ops *ops = u->ping->engine.ops;
	struct sonde_packet sent = *p;
	ops->on_sent(&u->ping->engine, &(struct sonde_sent){ .id = id, .packet = &sent, .stamp = stamp });
}

/* --- Echoes ------------------------------------------------------------------------------------------------------ */

static void take_stamp(struct unprivileged *u, unsigned family, const struct sonde_echo_report *t)
{
	const struct sonde_engine_ops *ops = u->ping->engine.ops;
	uint64_t id = u->ids[family][t->key % UNPRIVILEGED_KEYS];
	const struct sonde_ping_entry *entry = sonde_ping_entry(u->ping, id);
	struct sonde_sent sent = { .id = id, .stamp = t->stamp, .clock = SONDE_STAMP_SOCKET };
	/* A stamp from before the packet was sent belongs to an earlier one with the same key. */
	if (entry->n == id && t->stamp >= entry->stamp)
		ops->on_sent(&u->ping->engine, &sent);
}

static enum sonde_answer icmp_error(bool v6, uint8_t type, uint8_t code)
{
	const uint8_t header[8] = { type, code };
	return (v6 ? &sonde_icmp6 : &sonde_icmp)->error(header);
}

static void take_echo(struct unprivileged *u, unsigned family, const struct sonde_echo_report *t)
{
	bool is_reply = t->kind == SONDE_ECHO_REPLY;
	if (t->kind == SONDE_ECHO_SENT) {
		take_stamp(u, family, t);
		return;
	}
	sonde_ping_on_report(u->ping, &(struct sonde_ping_report){
		.target = is_reply ? t->from : t->to,
		.message = t->message,
		.answer = is_reply ? SONDE_ANSWER_ECHO : icmp_error(family == 1, t->type, t->code),
		.from = t->from,
		.ttl = t->ttl,
		.mtu = t->mtu,
		.size = is_reply ? (uint32_t)t->message.len : 0,
		.stamp = t->stamp ? t->stamp : sonde_clock_real(),
		.is_own_stamp = !t->stamp,
	});
}

static int send_echo(struct unprivileged *u, const struct sonde_packet *p, uint64_t id)
{
	const struct sonde_ping_target *t = &u->ping->targets[id % u->ping->n_targets];
	unsigned family = t->addr.family == SONDE_IP6;
	uint32_t key, at = p->layers[p->n_layers - 1].offset;
	sonde_time before = sonde_clock_real();
	int err = sonde_echo_send(u->echo[family], &key, &t->addr, sonde_view(p->data + at, p->len - at));
	if (err)
		return err;
	u->ids[family][key % UNPRIVILEGED_KEYS] = id;
	notify_sent(u, p, id, before);
	return 0;
}

/* --- Connections ------------------------------------------------------------------------------------------------- */

static void take_result(struct unprivileged *u, const struct sonde_connects_result *t)
{
	const struct sonde_ping_target *target = &u->ping->targets[t->key % u->ping->n_targets];
	struct sonde_ping_report r = { .n = t->key, .stamp = t->at, .is_own_stamp = true };
	r.target = target->addr;
	r.from = t->has_error ? t->from : target->addr;
	if (t->has_error)
		r.answer = icmp_error(target->addr.family == SONDE_IP6, t->type, t->code);
	else
		r.answer = t->result ? SONDE_ANSWER_RST : SONDE_ANSWER_SYN_ACK;
	/* An answer to the kernel's second SYN is none to ours. */
	if (t->retransmitted)
		return;
	if (!t->has_error && t->result && t->result != -ECONNREFUSED)
		u->ping->engine.ops->on_refused(&u->ping->engine, t->key, t->result);
	else
		sonde_ping_on_report(u->ping, &r);
}

static int send_syn(struct unprivileged *u, const struct sonde_packet *p, uint64_t id)
{
	const struct sonde_ping_entry *entry = sonde_ping_entry(u->ping, id);
	const struct sonde_ping_target *target = &u->ping->targets[id % u->ping->n_targets];
	struct sonde_endpoint to = { target->addr, target->port };
	sonde_time before = 0;
	int err = sonde_connects_begin(u->connects, id, &to, entry->number, &before);
	if (!err)
		notify_sent(u, p, id, before);
	return err;
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

static int open_echoes(struct unprivileged *u, const struct options *o, const struct ping_options *po, uint32_t ifindex,
		       struct sonde_ping_options *eo, struct sonde_error *e)
{
	int err = 0;
	for (uint32_t i = 0; !err && i < po->targets.n; i++) {
		unsigned family = po->targets.addrs[i].family == SONDE_IP6;
		struct sonde_echo_options options = {
			.family = po->targets.addrs[i].family,
			.id = eo->id,
			.source = o->source,
			.ifindex = ifindex,
			.ttl = eo->ttl,
			.tos = eo->tos,
			.df = eo->df,
			.broadcast = o->broadcast,
		};
		if (u->echo[family])
			continue;
		err = sonde_echo_open(&u->echo[family], &options, e);
		if (!err && eo->id && sonde_echo_id(u->echo[family]) != eo->id)
			err = sonde_fail(e, -EADDRINUSE, "the identifier %u of the other family is taken", eo->id);
		if (!err)
			eo->id = sonde_echo_id(u->echo[family]);
	}
	return err;
}

static int open_connects(struct unprivileged *u, const struct options *o, uint32_t ifindex,
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
	return sonde_connects_open(&u->connects, &co, e);
}

int unprivileged_check(const struct options *o, const struct ping_options *po)
{
	struct sonde_error e = { 0 };
	if (o->write || o->n_set)
		sonde_privilege_missing(&e, o->write ? "capture frames for -w" : "write over packets (--set)");
	else if (po->kind == SONDE_PING_UDP || po->kind == SONDE_PING_ARP)
		sonde_privilege_missing(&e, po->kind == SONDE_PING_UDP ? "send UDP pings" : "send ARP requests");
	else
		return 0;
	message_error(&e);
	return STATUS_SYSTEM;
}

int unprivileged_open(struct unprivileged *u, const struct options *o, const struct ping_options *po, uint32_t ifindex,
		    struct sonde_ping_options *eo)
{
	struct sonde_error e = { 0 };
	bool icmp = po->kind == SONDE_PING_ICMP;
	int err = icmp ? open_echoes(u, o, po, ifindex, eo, &e) : open_connects(u, o, ifindex, eo, &e);
	if (err) {
		message_error(&e);
		return STATUS_SYSTEM;
	}
	u->on = true;
	eo->sees_frames = false;
	message(icmp ? "without CAP_NET_RAW, echoes go by the datagram ICMP socket: whether frames left, and how "
		       "long they waited for ARP, is not seen"
		     : "without CAP_NET_RAW, connect(2) is timed: times are this process's own, TTLs and answers "
		       "after 1 s are not seen");
	return 0;
}

void unprivileged_close(struct unprivileged *u)
{
	sonde_echo_close(u->echo[0]);
	sonde_echo_close(u->echo[1]);
	sonde_connects_close(u->connects);
}

static unsigned fds_of(const void *arg, int *fds)
{
	const struct unprivileged *u = arg;
	unsigned n = 0;
	for (unsigned i = 0; i < 2; i++)
		if (u->echo[i])
			fds[n++] = sonde_echo_fd(u->echo[i]);
	if (u->connects)
		fds[n++] = sonde_connects_fd(u->connects);
	return n;
}

static bool is_full(const void *arg)
{
	const struct unprivileged *u = arg;
	return u->connects && sonde_connects_is_full(u->connects);
}

static int send_packet(void *arg, const struct sonde_packet *p, uint64_t id)
{
	struct unprivileged *u = arg;
	return u->connects ? send_syn(u, p, id) : send_echo(u, p, id);
}

static int take_next(void *arg)
{
	struct unprivileged *u = arg;
	struct sonde_connects_result result;
	struct sonde_echo_report report;
	for (unsigned family = 0; family < 2; family++) {
		int got = u->echo[family] ? sonde_echo_next(&report, u->echo[family]) : 0;
		if (got == 1)
			take_echo(u, family, &report);
		if (got)
			return got;
	}
	if (!u->connects || !sonde_connects_next(&result, u->connects))
		return 0;
	take_result(u, &result);
	return 1;
}

struct sonde_transport unprivileged_transport(struct unprivileged *u)
{
	return (struct sonde_transport){
		.arg = u, .send = send_packet, .take = take_next, .is_full = is_full, .fds = fds_of
	};
}

uint64_t unprivileged_dropped(const struct unprivileged *u)
{
	uint64_t n = 0;
	for (unsigned family = 0; family < 2; family++)
		n += u->echo[family] ? sonde_echo_dropped(u->echo[family]) : 0;
	return n;
}

void unprivileged_drop(struct unprivileged *u, uint64_t id)
{
	if (u->connects)
		sonde_connects_drop(u->connects, id);
}

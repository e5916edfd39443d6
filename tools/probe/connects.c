#include "io/connects.h"

#include <errno.h>
#include <sys/resource.h>

#include "io/clock.h"
#include "io/privilege.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/probe/probe.h"

#define MAX_CONNECTS 4096

bool probe_connects_wanted(const struct probe_options *po)
{
	return po->kinds.has_tcp && po->kinds.tcp == SONDE_SCAN_CONNECT;
}

int probe_connects_check(const struct options *o, const struct probe_options *po)
{
	if (o->write || o->n_set) {
		message(o->write ? "--connect sees no frames that -w could write" :
				   "--connect leaves packets to the kernel: --set needs CAP_NET_RAW and another kind");
		return STATUS_USAGE;
	}
	for (uint32_t i = 0; i < po->ports.n; i++)
		if (po->ports.list[i].kind != SONDE_SCAN_CONNECT) {
			message("--connect is for TCP: %s ports need CAP_NET_RAW and a run of their own",
				probe_proto(&po->ports.list[i]));
			return STATUS_USAGE;
		}
	return 0;
}

int probe_connects_open(struct probe_connects *c, struct sonde_scan *scan, const struct options *o, uint32_t ifindex)
{
	struct rlimit files = { .rlim_cur = 1024 };
	struct sonde_error e = { 0 };
	getrlimit(RLIMIT_NOFILE, &files);
	const struct sonde_connects_options co = {
		.source = o->source,
		.ifindex = ifindex,
		.ttl = scan->o.ttl,
		.max = files.rlim_cur / 2 < MAX_CONNECTS ? (uint32_t)(files.rlim_cur / 2) : MAX_CONNECTS,
	};
	c->scan = scan;
	if (sonde_connects_open(&c->connects, &co, &e)) {
		message_error(&e);
		return STATUS_SYSTEM;
	}
	if (!sonde_privilege_has_raw())
		message("without CAP_NET_RAW, ports are asked by connect(2): TTLs are not seen, times are this "
			"process's own");
	return 0;
}

void probe_connects_close(struct probe_connects *c)
{
	sonde_connects_close(c->connects);
}

/* --- Results ----------------------------------------------------------------------------------------------------- */

/* The kernel says itself that a next hop does not answer. */
static bool is_own(const struct sonde_scan *s, const struct sonde_addr *a)
{
	for (unsigned i = 0; i < s->n_sources; i++)
		if (sonde_addr_equal_bytes(&s->sources[i], a))
			return true;
	return false;
}

static void take_error(struct probe_connects *c, const struct sonde_connects_result *t)
{
	const uint8_t header[8] = { t->type, t->code };
	const struct sonde_engine_ops *ops = c->scan->engine.ops;
	enum sonde_answer answer = (t->from.family == SONDE_IP6 ? &sonde_icmp6 : &sonde_icmp)->error(header);
	if (answer == SONDE_ANSWER_HOST && is_own(c->scan, &t->from)) {
		ops->on_refused(&c->scan->engine, t->key, SONDE_E_NO_NEIGHBOUR);
		return;
	}
	sonde_scan_on_report(c->scan, &(struct sonde_scan_report){ .id = t->key,
								   .answer = answer,
								   .from = t->from,
								   .icmp_type = t->type,
								   .icmp_code = t->code,
								   .stamp = t->retransmitted ? 0 : t->at });
}

static void take_result(struct probe_connects *c, const struct sonde_connects_result *t)
{
	const struct sonde_engine_ops *ops = c->scan->engine.ops;
	if (t->has_error) {
		take_error(c, t);
	} else if (t->result == 0 || t->result == -ECONNREFUSED) {
		/* An answer to the kernel's second SYN has no round trip. */
		sonde_scan_on_report(c->scan, &(struct sonde_scan_report){
			.id = t->key,
			.answer = t->result ? SONDE_ANSWER_RST : SONDE_ANSWER_SYN_ACK,
			.stamp = t->retransmitted ? 0 : t->at,
		});
	} else if (t->result == -EHOSTUNREACH) {
		ops->on_refused(&c->scan->engine, t->key, SONDE_E_NO_NEIGHBOUR);
	} else if (t->result != -ETIMEDOUT) {
		ops->on_refused(&c->scan->engine, t->key, t->result);
	}
}

/* --- The transport ----------------------------------------------------------------------------------------------- */

static int send_packet(void *arg, const struct sonde_packet *p, uint64_t id)
{
	struct probe_connects *c = arg;
	struct sonde_question q;
	sonde_time at;
	int err = sonde_question_of(&q, p);
	if (err)
		return err;
	struct sonde_endpoint to = { q.dst, q.dport };
	to.addr.scope = p->scope;
	/* From its own port, a socket connects to itself. */
	uint16_t sport = q.sport == q.dport ? q.sport - 1 : q.sport;
	err = sonde_connects_begin(c->connects, id, &to, sport, &at);
	if (err)
		return err;
	c->scan->engine.ops->on_sent(&c->scan->engine, &(struct sonde_sent){ .id = id,
									     .bytes = sonde_view(p->data, p->len),
									     .src = q.src,
									     .stamp = at,
									     .now = at });
	return 0;
}

static int take_next(void *arg)
{
	struct probe_connects *c = arg;
	struct sonde_connects_result result;
	if (sonde_connects_next(&result, c->connects)) {
		take_result(c, &result);
		return 1;
	}
	if (sonde_connects_is_full(c->connects))
		sonde_connects_expire(c->connects, sonde_clock_monotonic() - c->scan->o.wait_ns);
	return 0;
}

static bool is_full(const void *arg)
{
	const struct probe_connects *c = arg;
	return sonde_connects_is_full(c->connects);
}

static unsigned fds_of(const void *arg, int *fds)
{
	const struct probe_connects *c = arg;
	fds[0] = sonde_connects_fd(c->connects);
	return 1;
}

struct sonde_transport probe_connects_transport(struct probe_connects *c)
{
	return (struct sonde_transport){
		.arg = c, .send = send_packet, .take = take_next, .is_full = is_full, .fds = fds_of
	};
}

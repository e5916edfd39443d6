#include "flow/tuple.h"
#include "io/clock.h"
#include "tools/common/figures.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/ping/ping.h"

const char *ping_addr(const struct ping_printer *t, const struct sonde_addr *a)
{
	static char s[NAMES_STRLEN];
	return names_addr(s, t->names, a);
}

bool ping_prints_text(const struct ping_printer *t)
{
	return !t->o->json && !options_write_stdout(t->o);
}

int ping_print_begin(struct ping_printer *t, char **argv)
{
	static const char *const kinds[] = { "", " TCP SYN", " UDP", " ARP" };
	char addr[SONDE_ADDR_STRLEN];
	int status = record_open(&t->writer, t->o->write, argv, t->o->seed, !t->o->dry_run);
	if (status)
		return status;
	json_open(&t->json, stdout);
	if (t->o->json)
		summary_run(&t->json, &(struct run){ .cmd = "ping",
						     .argv = argv,
						     .seed = t->o->seed,
						     .time_ns = sonde_clock_real(),
						     .iface = t->o->iface });
	else if (t->one && ping_prints_text(t) && !t->po->live && !t->o->dry_run)
		printf("PING %s (%s)%s %s data bytes\n", t->po->targets.first,
		       sonde_addr_format(addr, &t->ping->targets[0].addr), kinds[t->po->kind], t->po->size_text);
	fflush(stdout);
	return 0;
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

static const char *event_type(const struct sonde_ping_event *e)
{
	static const char *const types[] = {
		[SONDE_PING_REPLY] = "reply",   [SONDE_PING_LATE] = "late", [SONDE_PING_DUPLICATE] = "duplicate",
		[SONDE_PING_ERROR] = "error",   [SONDE_PING_LOST] = "lost", [SONDE_PING_DROPPED] = "dropped",
		[SONDE_PING_REFUSED] = "error",
	};
	return types[e->kind];
}

static bool has_answer(const struct sonde_ping_event *e)
{
	return e->rule != NULL;
}

/* The sockets that a packet is about. */
static void json_sockets(struct json *j, const struct sonde_ping *p, const struct sonde_ping_event *e)
{
	char community[SONDE_COMMUNITY_STRLEN];
	struct sonde_question q;
	struct sonde_flow_tuple t;
	if (!sonde_ping_question(&q, p, e->round * p->n_targets + e->target) || sonde_flow_tuple_of_question(&t, &q))
		return;
	struct sonde_pair pair = sonde_question_pair(&q);
	json_pair(j, &pair);
	json_str(j, "community_id", sonde_community_id(community, &t, 0));
}

static void json_of_event(struct ping_printer *t, const struct sonde_ping_event *e)
{
	static const char *const clocks[] = {
		[SONDE_STAMP_USER] = "user",
		[SONDE_STAMP_FRAME] = "kernel frame",
		[SONDE_STAMP_SOCKET] = "kernel socket",
	};
	struct json *j = &t->json;
	json_event(j, "ping", event_type(e), sonde_clock_real());
	json_addr(j, "target", &t->ping->targets[e->target].addr);
	json_uint(j, "seq", e->round + 1);
	if (has_answer(e)) {
		json_int(j, "rtt_ns", e->rtt_ns);
		json_str(j, "clock", clocks[e->clock]);
		if (e->hop_ns)
			json_int(j, "arp_ns", e->hop_ns);
		if (e->ttl) {
			json_uint(j, "ttl", e->ttl);
			json_uint(j, "size", e->size);
		}
		json_addr(j, "from", &e->from);
		json_str(j, "rule", e->rule->name);
	}
	if (e->kind == SONDE_PING_ERROR)
		json_str(j, "cause", e->rule->text);
	if (e->kind == SONDE_PING_REFUSED)
		json_str(j, "cause", sonde_refusal_name(sonde_refusal(e->code)));
	if (e->kind == SONDE_PING_DROPPED)
		json_str(j, "cause", e->code ? sonde_refusal_name(sonde_refusal(e->code)) : "unknown");
	json_sockets(j, t->ping, e);
	if (e->number)
		json_uint(j, "frame", e->number);
	json_end(j);
}

static void print_one_reply(const struct ping_printer *t, const struct sonde_ping_event *e, const char *suffix)
{
	/* connect(2) and ARP show no IP header. */
	if (e->ttl)
		printf("%u bytes from %s", (unsigned)e->size, ping_addr(t, &e->from));
	else
		printf("answer from %s", ping_addr(t, &e->from));
	printf(": seq=%llu", (unsigned long long)e->round + 1);
	if (e->ttl)
		printf(" ttl=%u", e->ttl);
	printf(" time=%.3f ms%s", figures_ms((double)e->rtt_ns), suffix);
	if (e->hop_ns)
		printf(" (%s %.3f ms before)", e->from.family == SONDE_IP6 ? "nd" : "arp",
		       figures_ms((double)e->hop_ns));
	putchar('\n');
}

static void print_reply(const struct ping_printer *t, const struct sonde_ping_event *e)
{
	static const char *const suffixes[] = {
		[SONDE_PING_REPLY] = "", [SONDE_PING_LATE] = " (late)", [SONDE_PING_DUPLICATE] = " (duplicate)"
	};
	const struct sonde_ping_target *target = &t->ping->targets[e->target];
	if (t->one)
		print_one_reply(t, e, suffixes[e->kind]);
	else if (t->o->count == 1 && e->kind == SONDE_PING_REPLY)
		printf("%s is alive (%.3f ms)\n", ping_addr(t, &target->addr), figures_ms((double)e->rtt_ns));
	else if (t->o->count != 1)
		printf("%s : [%llu], %u bytes, %.3f ms (%.3f avg, %.0f%% loss)%s\n", ping_addr(t, &target->addr),
		       (unsigned long long)e->round, (unsigned)e->size, figures_ms((double)e->rtt_ns),
		       figures_ms(target->rtt.mean), figures_percent(target->lost, target->received + target->lost), suffixes[e->kind]);
}

void ping_print_event(struct ping_printer *t, const struct sonde_ping_event *e)
{
	if (t->o->json) {
		json_of_event(t, e);
		return;
	}
	if (!ping_prints_text(t) || t->o->verbosity < 0)
		return;
	const struct sonde_addr *addr = &t->ping->targets[e->target].addr;
	switch (e->kind) {
	case SONDE_PING_ERROR:
		printf("From %s", ping_addr(t, &e->from));
		if (!t->one)
			printf(" about %s", ping_addr(t, addr));
		printf(": seq=%llu %s (rule %s)\n", (unsigned long long)e->round + 1, e->rule->text, e->rule->name);
		break;
	case SONDE_PING_LOST:
		if (t->one)
			printf("no answer: seq=%llu\n", (unsigned long long)e->round + 1);
		else if (t->o->count == 1)
			printf("%s is unreachable\n", ping_addr(t, addr));
		break;
	case SONDE_PING_DROPPED:
	case SONDE_PING_REFUSED:
		/* The cause was told when it was met first. */
		if (!t->one && t->o->count == 1)
			printf("%s is unreachable\n", ping_addr(t, addr));
		break;
	default: print_reply(t, e); break;
	}
	fflush(stdout);
}

#include "flow/tuple.h"
#include "io/clock.h"
#include "tools/common/colour.h"
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

static bool has_port(const struct ping_printer *t)
{
	return t->po->kind == SONDE_PING_TCP || t->po->kind == SONDE_PING_UDP;
}

const char *ping_asked(const struct ping_printer *t, uint32_t target)
{
	static char s[2 * NAMES_STRLEN];
	const struct sonde_ping_target *asked = &t->ping->targets[target];
	struct sonde_endpoint to = { asked->addr, asked->has_question ? asked->question.dport : asked->port };
	char socket[SONDE_ENDPOINT_STRLEN];
	const char *text = has_port(t) ? sonde_endpoint_format(socket, &to) : ping_addr(t, &to.addr);
	const char *name = t->one || t->names ? NULL : targets_name(&t->po->targets, target);
	if (has_port(t) && t->names && names_find(t->names, &to.addr))
		snprintf(s, sizeof s, "%s:%u", ping_addr(t, &to.addr), to.port);
	else
		snprintf(s, sizeof s, name ? "%s (%s)" : "%s%s", name ? name : "", text);
	return s;
}

const char *ping_title(const struct ping_printer *t)
{
	static char s[SONDE_ADDR_STRLEN];
	const char *name = targets_name(&t->po->targets, 0);
	return name ? name : sonde_addr_format(s, &t->ping->targets[0].addr);
}

bool ping_prints_text(const struct ping_printer *t)
{
	return !t->o->json && !options_write_stdout(t->o);
}

void ping_json_target(struct ping_printer *t, uint32_t target)
{
	const char *name = targets_name(&t->po->targets, target);
	json_addr(&t->json, "target", &t->ping->targets[target].addr);
	if (name)
		json_str(&t->json, "name", name);
}

/* Names that have no address were told when they were read. */
static void json_unresolved(struct ping_printer *t)
{
	for (uint32_t i = 0; i < t->po->targets.n_unresolved; i++) {
		json_event(&t->json, "ping", "not_sent", sonde_clock_real());
		json_str(&t->json, "name", t->po->targets.unresolved[i]);
		json_str(&t->json, "cause", "unresolved");
		json_end(&t->json);
	}
}

void ping_print_begin(struct ping_printer *t, char **argv)
{
	static const char *const kinds[] = { "", " TCP SYN", " UDP", " ARP" };
	char addr[SONDE_ADDR_STRLEN];
	json_open(&t->json, stdout);
	if (t->o->json) {
		summary_run(&t->json, &(struct run){ .cmd = "ping",
						     .argv = argv,
						     .seed = t->o->seed,
						     .uid = t->o->uid,
						     .time_ns = sonde_clock_real(),
						     .iface = t->o->iface });
		json_unresolved(t);
	} else if (t->one && ping_prints_text(t) && !t->po->live && !t->o->dry_run) {
		printf("PING %s (%s)%s %s data bytes\n", ping_title(t),
		       sonde_addr_format(addr, &t->ping->targets[0].addr), kinds[t->po->kind], t->po->size_text);
	}
	fflush(stdout);
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

static const char *event_type(const struct sonde_ping_event *e)
{
	static const char *const types[] = {
		[SONDE_PING_REPLY] = "reply",   [SONDE_PING_LATE] = "late", [SONDE_PING_DUPLICATE] = "duplicate",
		[SONDE_PING_ERROR] = "error",   [SONDE_PING_LOST] = "lost", [SONDE_PING_DROPPED] = "dropped",
		[SONDE_PING_REFUSED] = "not_sent",
	};
	return types[e->kind];
}

static bool has_answer(const struct sonde_ping_event *e)
{
	return e->kind <= SONDE_PING_ERROR;
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
	struct json *j = &t->json;
	json_event(j, "ping", event_type(e), sonde_clock_real());
	ping_json_target(t, e->target);
	json_uint(j, "seq", e->round + 1);
	if (has_answer(e)) {
		if (!sonde_ping_has_time(e)) {
			json_bool(j, e->is_ambiguous ? "ambiguous" : "early", true);
		} else {
			json_int(j, "rtt_ns", e->rtt_ns);
			json_clock(j, e->clock);
		}
		if (e->hop_ns)
			json_int(j, "arp_ns", e->hop_ns);
		if (e->ttl) {
			json_uint(j, "ttl", e->ttl);
			json_uint(j, "size", e->size);
		}
		json_addr(j, "from", &e->from);
	}
	if (e->rule) {
		json_str(j, "verdict", sonde_state_name(e->rule->state));
		json_str(j, "rule", e->rule->name);
	}
	if (e->damage.has_wrong) {
		json_uint(j, "wrong_byte", e->damage.at);
		json_uint(j, "was", e->damage.was);
		json_uint(j, "should_be", e->damage.should_be);
	}
	if (e->damage.any)
		json_uint(j, "echoed", e->damage.echoed);
	if (e->mtu)
		json_uint(j, "mtu", e->mtu);
	if (e->kind == SONDE_PING_REFUSED)
		json_str(j, "cause", sonde_refusal_name(sonde_refusal(e->code)));
	if (e->kind == SONDE_PING_DROPPED)
		json_str(j, "cause", e->code ? sonde_refusal_name(sonde_refusal(e->code)) : "unknown");
	json_sockets(j, t->ping, e);
	if (e->number)
		json_uint(j, "frame", e->number);
	json_end(j);
}

/* What an answer, or none, means. */
static void print_state(const struct sonde_rule *rule)
{
	enum colour colour = colour_of_state(rule->state);
	printf("%s%s%s", colour_begin(stdout, colour), sonde_state_name(rule->state), colour_end(stdout, colour));
}

static void print_reason(const struct ping_printer *t, const struct sonde_ping_event *e)
{
	if (t->o->verbosity > 0)
		printf(": %s (rule %s)", e->rule->text, e->rule->name);
}

static const char *suffix_of(const struct sonde_ping_event *e)
{
	return e->kind == SONDE_PING_LATE ? " (late)" : e->kind == SONDE_PING_DUPLICATE ? " (duplicate)" : "";
}

static const char *time_of(const struct sonde_ping_event *e)
{
	static char s[32];
	if (e->is_ambiguous)
		return "unknown (ambiguous: another question waits)";
	if (e->is_early)
		return "unknown (before its question: the clock was set back)";
	snprintf(s, sizeof s, "%.3f ms", figures_ms((double)e->rtt_ns));
	return s;
}

static void print_one_reply(const struct ping_printer *t, const struct sonde_ping_event *e)
{
	/* Of a port, what the answer means is what one came for. connect(2) and ARP show no IP header. */
	if (has_port(t)) {
		printf("%s ", ping_asked(t, e->target));
		print_state(e->rule);
	} else if (e->ttl) {
		printf("%u bytes from %s", (unsigned)e->size, ping_addr(t, &e->from));
	} else {
		printf("answer from %s", ping_addr(t, &e->from));
	}
	printf(": seq=%llu", (unsigned long long)e->round + 1);
	if (e->ttl)
		printf(" ttl=%u", e->ttl);
	printf(" time%s%s%s", sonde_ping_has_time(e) ? "=" : " ", time_of(e), suffix_of(e));
	if (e->hop_ns)
		printf(" (%s %.3f ms before)", e->from.family == SONDE_IP6 ? "nd" : "arp",
		       figures_ms((double)e->hop_ns));
}

static void print_one_of_many(const struct ping_printer *t, const struct sonde_ping_event *e)
{
	const struct sonde_ping_target *target = &t->ping->targets[e->target];
	printf("%s : seq=%llu, ", ping_asked(t, e->target), (unsigned long long)e->round + 1);
	if (has_port(t))
		print_state(e->rule);
	else if (e->ttl)
		printf("%u bytes", (unsigned)e->size);
	else
		printf("answer");
	printf(", %s (%.3f avg, %.0f%% loss)%s", time_of(e), figures_ms(target->rtt.mean),
	       figures_percent(target->lost, target->received + target->lost), suffix_of(e));
}

static void print_damage(const struct sonde_ping_damage *d)
{
	if (d->has_wrong)
		printf(", wrong data byte #%u was 0x%02x should be 0x%02x", (unsigned)d->at, d->was, d->should_be);
	if (d->any && d->echoed != d->sent)
		printf(", %u of %u data bytes came back", (unsigned)d->echoed, (unsigned)d->sent);
}

static void print_reply(const struct ping_printer *t, const struct sonde_ping_event *e)
{
	bool is_once = !t->one && t->o->count == 1;
	if (is_once && e->kind != SONDE_PING_REPLY)
		return;
	if (is_once) {
		printf("%s is ", ping_asked(t, e->target));
		if (has_port(t))
			print_state(e->rule);
		else
			printf("%salive%s", colour_begin(stdout, COLOUR_GOOD), colour_end(stdout, COLOUR_GOOD));
		printf(" (%s)", time_of(e));
	} else if (t->one) {
		print_one_reply(t, e);
	} else {
		print_one_of_many(t, e);
	}
	print_damage(&e->damage);
	print_reason(t, e);
	putchar('\n');
}

static void print_error(const struct ping_printer *t, const struct sonde_ping_event *e)
{
	printf("From %s", ping_addr(t, &e->from));
	if (!t->one || has_port(t))
		printf(" about %s", ping_asked(t, e->target));
	printf(": seq=%llu ", (unsigned long long)e->round + 1);
	print_state(e->rule);
	printf(": %s", e->rule->text);
	if (e->mtu)
		printf(": %u bytes", (unsigned)e->mtu);
	printf(" (rule %s)\n", e->rule->name);
}

static void print_unreachable(const struct ping_printer *t, const struct sonde_ping_event *e)
{
	printf("%s is %sunreachable%s\n", ping_asked(t, e->target), colour_begin(stdout, COLOUR_BAD),
	       colour_end(stdout, COLOUR_BAD));
}

static void print_lost(const struct ping_printer *t, const struct sonde_ping_event *e)
{
	if (!t->one && t->o->count != 1)
		return;
	if (!has_port(t) && !t->one) {
		print_unreachable(t, e);
		return;
	}
	if (!has_port(t)) {
		printf("%sno answer%s: seq=%llu\n", colour_begin(stdout, COLOUR_BAD), colour_end(stdout, COLOUR_BAD),
		       (unsigned long long)e->round + 1);
		return;
	}
	printf("%s %s", ping_asked(t, e->target), t->one ? "" : "is ");
	print_state(e->rule);
	if (t->one)
		printf(": seq=%llu", (unsigned long long)e->round + 1);
	printf("%s %s (rule %s)\n", t->one ? "" : ":", e->rule->text, e->rule->name);
}

void ping_print_event(struct ping_printer *t, const struct sonde_ping_event *e)
{
	if (t->o->verbosity < 0)
		return;
	if (t->o->json)
		json_of_event(t, e);
	if (!ping_prints_text(t))
		return;
	switch (e->kind) {
	case SONDE_PING_ERROR: print_error(t, e); break;
	case SONDE_PING_LOST: print_lost(t, e); break;
	case SONDE_PING_DROPPED:
	case SONDE_PING_REFUSED:
		/* The cause was told when it was met first. */
		if (!t->one && t->o->count == 1)
			print_unreachable(t, e);
		break;
	default: print_reply(t, e); break;
	}
	fflush(stdout);
}

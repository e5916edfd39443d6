/* sonde probe --expect: what the user takes for granted, beside what was found. */
#include <stdlib.h>
#include <string.h>

#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/probe/probe.h"

static const struct {
	const char *word;
	enum sonde_state state;
} port_states[] = {
	{ "open", SONDE_STATE_OPEN },
	{ "closed", SONDE_STATE_CLOSED },
	{ "filtered", SONDE_STATE_FILTERED },
	{ "unfiltered", SONDE_STATE_UNFILTERED },
	{ "open-filtered", SONDE_STATE_OPEN_FILTERED },
};

static bool is_word(const char *s, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(s, word, len) == 0;
}

static int bad(const char *word, const char *why)
{
	message("--expect '%s': %s", word, why);
	return STATUS_USAGE;
}

/* --- Reading ----------------------------------------------------------------------------------------------------- */

static int expect_port(struct probe_expect *e, const char *word, const struct sonde_scan_port *port,
		       enum sonde_state state, const struct probe_ports *asked)
{
	uint32_t i = probe_ports_find(asked, port);
	if (i == asked->n) {
		message("--expect '%s': %s is not asked", word, probe_port_text(port));
		return STATUS_USAGE;
	}
	if (e->ports[i] && e->ports[i] != state + 1) {
		message("--expect '%s': %s is expected to be %s, too", word, probe_port_text(port),
			sonde_state_name(e->ports[i] - 1u));
		return STATUS_USAGE;
	}
	e->ports[i] = (uint8_t)(state + 1);
	return 0;
}

static int expect_ports(struct probe_expect *e, const char *word, const char *ports, enum sonde_state state,
			const struct probe_options *po)
{
	struct probe_ports named = { .option = "--expect" };
	if (po->discover)
		return bad(word, "--discover tells up and down");
	int status = probe_ports_add(&named, ports, &po->kinds);
	for (uint32_t i = 0; !status && i < named.n; i++)
		status = expect_port(e, word, &named.list[i], state, &po->ports);
	probe_ports_free(&named);
	return status;
}

static bool has_host(const struct sonde_hosts *h, const struct sonde_addr *a)
{
	return h->n && sonde_hosts_find(h, a) != h->n;
}

/* Whether all of a span are in it: hosts are numbered by address, without a gap. */
static bool has_span(const struct sonde_hosts *h, const struct sonde_span *s)
{
	struct sonde_addr last = sonde_addr_plus(&s->first, s->n - 1);
	return has_host(h, &s->first) && has_host(h, &last) &&
	       sonde_hosts_find(h, &last) - sonde_hosts_find(h, &s->first) == s->n - 1;
}

/* Of two spans that overlap, one has the first address of the other. */
static bool has_first(const struct sonde_hosts *h, const struct probe_hosts *spans)
{
	for (uint32_t i = 0; i < spans->n; i++)
		if (has_host(h, &spans->spans[i].first))
			return true;
	return false;
}

static int expect_hosts(struct probe_hosts *h, const char *word, const char *hosts, const struct probe_options *po,
			enum sonde_family family)
{
	char *list = strdup(hosts), *rest = list;
	int status = list ? 0 : message_out_of_memory();
	for (const char *target; !status && (target = strsep(&rest, ","));)
		status = *target ? probe_hosts_add(h, target, family) : bad(word, "a target is missing");
	free(list);
	if (!status && h->n_unresolved)
		status = bad(word, "a name has no address");
	if (!status)
		status = probe_hosts_arrange(h);
	for (uint32_t i = 0; !status && i < h->n; i++)
		if (!has_span(&po->hosts.set, &h->spans[i]))
			status = bad(word, "a host that is no TARGET");
	return status;
}

/* up and down: of hosts. */
static int expect_presence(struct probe_expect *e, const char *word, const char *hosts, bool up,
			   const struct probe_options *po, enum sonde_family family)
{
	if (strcmp(hosts, "rest"))
		return expect_hosts(up ? &e->up : &e->down, word, hosts, po, family);
	*(up ? &e->up_rest : &e->down_rest) = true;
	return e->up_rest && e->down_rest ? bad(word, "rest is expected to be something else, too") : 0;
}

static int read_one(struct probe_expect *e, int *rest, const char *word, const struct probe_options *po,
		    enum sonde_family family)
{
	size_t len = strcspn(word, "="), n = sizeof port_states / sizeof *port_states, i = 0;
	const char *what = word + len + 1;
	bool up = is_word(word, len, "up");
	while (i < n && !is_word(word, len, port_states[i].word))
		i++;
	if (!word[len] || !*what)
		return bad(word, "STATE=PORTS, as open=22,443");
	if (up || is_word(word, len, "down"))
		return expect_presence(e, word, what, up, po, family);
	if (i == n)
		return bad(word, "no state (open closed filtered unfiltered open-filtered up down)");
	if (strcmp(what, "rest"))
		return expect_ports(e, word, what, port_states[i].state, po);
	if (po->discover)
		return bad(word, "--discover tells up and down");
	if (*rest && *rest != (int)port_states[i].state + 1)
		return bad(word, "rest is expected to be something else, too");
	*rest = (int)port_states[i].state + 1;
	return 0;
}

int probe_expect_read(struct probe_expect *e, const char *const *words, unsigned n, const struct probe_options *po,
		      enum sonde_family family)
{
	int status = 0, rest = 0;
	if (!n)
		return 0;
	e->is_given = true;
	e->ports = calloc(po->ports.n, 1);
	if (!e->ports)
		return message_out_of_memory();
	for (unsigned i = 0; !status && i < n; i++)
		status = read_one(e, &rest, words[i], po, family);
	for (uint32_t i = 0; !status && i < po->ports.n; i++)
		if (!e->ports[i])
			e->ports[i] = (uint8_t)rest;
	if (!status && (has_first(&e->up.set, &e->down) || has_first(&e->down.set, &e->up)))
		status = bad("up", "a host is expected to be down, too");
	return status;
}

void probe_expect_free(struct probe_expect *e)
{
	free(e->ports);
	probe_hosts_free(&e->up);
	probe_hosts_free(&e->down);
	*e = (struct probe_expect){ 0 };
}

/* --- Comparing --------------------------------------------------------------------------------------------------- */

/* Whether a port of the host is expected to be in some state: then it has to be there. */
static bool names_port(const struct probe_expect *e, const struct probe_printer *t)
{
	for (uint32_t i = 0; i < t->r.n_ports; i++)
		if (e->ports[i])
			return true;
	return false;
}

/* SONDE_STATE_UP, SONDE_STATE_UNREACHABLE for down, or SONDE_STATE_UNKNOWN where nothing is expected. */
static enum sonde_state expected_presence(const struct probe_printer *t, const struct sonde_addr *a)
{
	const struct probe_expect *e = &t->po->expect;
	if (has_host(&e->up.set, a))
		return SONDE_STATE_UP;
	if (has_host(&e->down.set, a))
		return SONDE_STATE_UNREACHABLE;
	if (e->up_rest)
		return SONDE_STATE_UP;
	return e->down_rest ? SONDE_STATE_UNREACHABLE : SONDE_STATE_UNKNOWN;
}

static void print_mismatch(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
			   const char *state, const char *expected)
{
	t->n_mismatches++;
	if (t->o->json) {
		probe_json_mismatch(t, a, v, state, expected);
		return;
	}
	fprintf(probe_text_out(t), "%s%s%s: %s, expected %s\n", probe_host(t, a), v ? " " : "",
		v ? probe_port_text(&t->r.ports[v->port]) : "", state, expected);
}

static void print_ports(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_host *h,
			uint64_t host)
{
	struct sonde_scan_verdict v;
	for (uint32_t i = 0; i < t->r.n_ports; i++) {
		uint8_t expected = t->po->expect.ports[i];
		if (expected && probe_verdict(&v, t, h, host, i) && v.state + 1 != expected)
			print_mismatch(t, a, &v, sonde_state_name(v.state), sonde_state_name(expected - 1u));
	}
}

void probe_expect_print(struct probe_printer *t)
{
	struct sonde_scan_host h;
	bool needs_host = names_port(&t->po->expect, t);
	for (uint64_t host = 0; host < t->r.n_hosts; host++) {
		struct sonde_addr a = t->r.addr(&t->r, host);
		enum sonde_state presence = expected_presence(t, &a);
		t->r.host(&h, &t->r, host);
		if (!h.asked)
			continue;
		bool is_up = !h.is_down && probe_is_up(&h);
		if (presence == SONDE_STATE_UP ? !is_up : h.is_down && !presence && needs_host)
			print_mismatch(t, &a, NULL, "down", "up");
		else if (presence == SONDE_STATE_UNREACHABLE && is_up)
			print_mismatch(t, &a, NULL, "up", "down");
		if (!h.is_down && presence != SONDE_STATE_UNREACHABLE)
			print_ports(t, &a, &h, host);
	}
}

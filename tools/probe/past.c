#include "tools/probe/past.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tools/common/files.h"
#include "tools/common/json_read.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define MANY_DAMAGED 10 /* lines that are told one by one */

/* --- One object -------------------------------------------------------------------------------------------------- */

enum object_type { OBJECT_OTHER, OBJECT_RUN, OBJECT_PORT, OBJECT_TARGET, OBJECT_SUMMARY };

enum number {
	PORT, RTT_NS, TTL, ICMP_TYPE, ICMP_CODE, PORTS, ICMP_EVERY_NS, SENT, RETRANSMITTED, SEND_ERRORS, ANSWERED, LATE,
	REVISED, DUPLICATES, REJECTED, WRONG_CHECKSUM, RX_DROPPED, KERNEL_RESETS, PASSES, UNRESOLVED, RATE_PPS,
	DURATION_NS, SEED, SHARD, SHARDS, N_NUMBERS,
};

static const struct {
	const char *key;
	uint64_t most;
} numbers[] = {
	[PORT] = { "port", UINT16_MAX },
	[RTT_NS] = { "rtt_ns", INT64_MAX },
	[TTL] = { "ttl", UINT8_MAX },
	[ICMP_TYPE] = { "icmp_type", UINT8_MAX },
	[ICMP_CODE] = { "icmp_code", UINT8_MAX },
	[PORTS] = { "ports", UINT64_MAX },
	[ICMP_EVERY_NS] = { "icmp_every_ns", INT64_MAX },
	[SENT] = { "sent", UINT64_MAX },
	[RETRANSMITTED] = { "retransmitted", UINT64_MAX },
	[SEND_ERRORS] = { "send_errors", UINT64_MAX },
	[ANSWERED] = { "answered", UINT64_MAX },
	[LATE] = { "late", UINT64_MAX },
	[REVISED] = { "revised", UINT64_MAX },
	[DUPLICATES] = { "duplicates", UINT64_MAX },
	[REJECTED] = { "rejected", UINT64_MAX },
	[WRONG_CHECKSUM] = { "wrong_checksum", UINT64_MAX },
	[RX_DROPPED] = { "rx_dropped", UINT64_MAX },
	[KERNEL_RESETS] = { "kernel_resets", UINT64_MAX },
	[PASSES] = { "passes", UINT16_MAX },
	[UNRESOLVED] = { "unresolved", UINT64_MAX },
	[RATE_PPS] = { "rate_pps", UINT64_MAX },
	[DURATION_NS] = { "duration_ns", INT64_MAX / 1024 },
	[SEED] = { "seed", UINT64_MAX },
	[SHARD] = { "shard", SONDE_ORDER_MOST },
	[SHARDS] = { "shards", SONDE_ORDER_MOST },
};

/* All that is read, of whatever type the object is: which one is known when it is over. */
struct object {
	enum object_type type;
	struct probe_past_port port;
	struct probe_past_host host;
	bool has_proto, has_state;
	uint8_t tcp_kind; /* a SYN where it is not told */
	struct sonde_view rule; /* its name */
	uint64_t n[N_NUMBERS];
	unsigned has; /* a bit a number */
};

static bool read_addr(struct sonde_addr *out, struct sonde_view v)
{
	struct sonde_view zone;
	uint64_t scope = 0;
	if (sonde_addr_parse(out, &zone, (const char *)v.data, v.len))
		return false;
	if (zone.len && sonde_uint_parse(&scope, (const char *)zone.data, zone.len))
		return false;
	out->scope = (uint32_t)scope;
	return true;
}

static bool read_proto(struct object *ob, struct sonde_view v)
{
	static const uint8_t kinds[] = { SONDE_SCAN_SYN, SONDE_SCAN_UDP, SONDE_SCAN_SCTP, SONDE_SCAN_ECHO };
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		ob->port.port.kind = kinds[i];
		if (json_is(v, probe_proto(&ob->port.port)))
			return ob->has_proto = true;
	}
	return false;
}

/* What a SYN and connect(2) find out is the same. */
static uint8_t tcp_kind(uint8_t kind)
{
	return kind == SONDE_SCAN_CONNECT ? SONDE_SCAN_SYN : kind;
}

static bool read_tcp_kind(struct object *ob, struct sonde_view v)
{
	for (uint8_t kind = 0; kind < SONDE_N_SCANS; kind++) {
		ob->tcp_kind = tcp_kind(kind);
		if (probe_tcp_kind(kind) && json_is(v, probe_tcp_kind(kind)))
			return true;
	}
	return false;
}

static bool read_state(struct object *ob, struct sonde_view v)
{
	for (enum sonde_state s = 0; s < SONDE_N_STATES; s++) {
		ob->port.v.state = s;
		if (json_is(v, sonde_state_name(s)))
			return ob->has_state = true;
	}
	return false;
}

static bool read_doubt(struct object *ob, struct sonde_view v)
{
	for (unsigned d = 1; d < SONDE_SCAN_DOUBTS; d++) {
		ob->port.v.doubt = d;
		if (json_is(v, sonde_scan_doubt_name(d)))
			return true;
	}
	return false;
}

/* A name goes to the terminal: one that could be more than a name is left out. */
static void read_name(struct object *ob, struct sonde_view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.data[i] <= ' ' || v.data[i] >= 0x7f || v.data[i] == '\\')
			return;
	if (v.len < sizeof ob->host.name)
		memcpy(ob->host.name, v.data, v.len);
}

static enum object_type type_of(struct sonde_view v)
{
	static const char *const names[] = { "", "run", "port", "target", "summary" };
	for (unsigned i = 1; i < sizeof names / sizeof *names; i++)
		if (json_is(v, names[i]))
			return (enum object_type)i;
	return OBJECT_OTHER;
}

static bool read_text(struct object *ob, const struct json_field *f)
{
	if (json_is(f->key, "type"))
		ob->type = type_of(f->value);
	else if (json_is(f->key, "cmd"))
		return json_is(f->value, "probe");
	else if (json_is(f->key, "target"))
		return read_addr(&ob->host.addr, f->value);
	else if (json_is(f->key, "name"))
		read_name(ob, f->value);
	else if (json_is(f->key, "proto"))
		return read_proto(ob, f->value);
	else if (json_is(f->key, "probe"))
		return read_tcp_kind(ob, f->value);
	else if (json_is(f->key, "state"))
		return read_state(ob, f->value);
	else if (json_is(f->key, "rule"))
		ob->rule = f->value;
	else if (json_is(f->key, "doubt"))
		return read_doubt(ob, f->value);
	else if (json_is(f->key, "from"))
		return read_addr(&ob->port.v.from, f->value);
	return true;
}

static bool read_number(struct object *ob, const struct json_field *f)
{
	for (unsigned i = 0; i < N_NUMBERS; i++) {
		if (!json_is(f->key, numbers[i].key))
			continue;
		ob->has |= 1u << i;
		return json_read_uint(&ob->n[i], f) && ob->n[i] <= numbers[i].most;
	}
	return true;
}

/* The rule of a port, by its name. Of several, that of the protocol and state, so that the text fits. */
static bool find_rule(struct object *ob)
{
	static const enum sonde_question_kind questions[SONDE_N_SCANS] = {
		[SONDE_SCAN_SYN] = SONDE_ASKS_SYN,   [SONDE_SCAN_ACK] = SONDE_ASKS_ACK,
		[SONDE_SCAN_WINDOW] = SONDE_ASKS_WINDOW,
		[SONDE_SCAN_FIN] = SONDE_ASKS_FIN,   [SONDE_SCAN_NULL] = SONDE_ASKS_FIN,
		[SONDE_SCAN_XMAS] = SONDE_ASKS_FIN,
		[SONDE_SCAN_UDP] = SONDE_ASKS_UDP,
		[SONDE_SCAN_SCTP] = SONDE_ASKS_SCTP,
		[SONDE_SCAN_ECHO] = SONDE_ASKS_ECHO,
	};
	const struct sonde_rule *rule;
	enum sonde_question_kind kind;
	enum sonde_answer answer;
	bool from_target;
	int best = 0;
	for (unsigned i = 0; (rule = sonde_rule_at(i, &kind, &answer, &from_target)); i++) {
		int fits = 1 + 2 * (kind == questions[ob->port.port.kind]) + (rule->state == ob->port.v.state);
		if (!json_is(ob->rule, rule->name) || fits <= best)
			continue;
		best = fits;
		ob->port.v.rule = rule;
	}
	return best > 0;
}

/* Returns false when the line is no object of a run. */
static bool read_object(struct object *ob, const char *line, size_t len)
{
	struct json_reader r;
	struct json_field f;
	int got;
	*ob = (struct object){ .type = OBJECT_OTHER };
	if (!json_read_begin(&r, line, len))
		return false;
	while ((got = json_read_field(&r, &f)) > 0) {
		if (json_is(f.key, "down") && !f.is_string && f.value.len && f.value.data[0] > '9')
			ob->host.is_down = json_is(f.value, "true");
		else if (!(f.is_string ? read_text(ob, &f) : true) || !read_number(ob, &f))
			return false;
	}
	if (got < 0 || ob->type == OBJECT_OTHER)
		return got == 0;
	if (ob->port.port.kind == SONDE_SCAN_SYN)
		ob->port.port.kind = ob->tcp_kind;
	if (ob->type == OBJECT_PORT)
		return ob->host.addr.family && ob->has_proto && (ob->has & 1u << PORT) && ob->has_state &&
		       find_rule(ob);
	return ob->type != OBJECT_TARGET || ob->host.addr.family;
}

/* --- All of them ------------------------------------------------------------------------------------------------- */

/* Room for one more item of an array. Returns 0 or an exit status after a message. */
static int grow(void **items, uint64_t n, uint64_t *cap, size_t size)
{
	if (n < *cap)
		return 0;
	uint64_t more = *cap ? 2 * *cap : 256;
	void *grown = realloc(*items, more * size);
	if (!grown)
		return message_out_of_memory();
	*items = grown;
	*cap = more;
	return 0;
}

static int add_port(struct probe_past *p, struct object *ob)
{
	struct probe_past_port *port = &ob->port;
	int status = grow((void **)&p->ports, p->n_ports, &p->cap_ports, sizeof *p->ports);
	if (status)
		return status;
	port->addr = ob->host.addr;
	port->order = p->n_ports;
	port->port.port = (uint16_t)ob->n[PORT];
	port->v.rtt_ns = ob->has & 1u << RTT_NS ? (sonde_time)ob->n[RTT_NS] : -1;
	port->v.ttl = (uint8_t)ob->n[TTL];
	port->v.icmp_type = (uint8_t)ob->n[ICMP_TYPE];
	port->v.icmp_code = (uint8_t)ob->n[ICMP_CODE];
	p->ports[p->n_ports++] = *port;
	return 0;
}

static int add_host(struct probe_past *p, struct object *ob)
{
	int status = grow((void **)&p->hosts, p->n_hosts, &p->cap_hosts, sizeof *p->hosts);
	if (status)
		return status;
	ob->host.asked = ob->n[PORTS];
	ob->host.icmp_every_ns = (sonde_time)ob->n[ICMP_EVERY_NS];
	p->hosts[p->n_hosts++] = ob->host;
	return 0;
}

static int add_summary(struct probe_past *p, const struct object *ob)
{
	struct sonde_scan_counts *c = &p->counts;
	p->n_ended++;
	c->sent += ob->n[SENT];
	c->retransmitted += ob->n[RETRANSMITTED];
	c->send_errors += ob->n[SEND_ERRORS];
	c->answers += ob->n[ANSWERED];
	c->late += ob->n[LATE];
	c->revised += ob->n[REVISED];
	c->duplicates += ob->n[DUPLICATES];
	c->rejected += ob->n[REJECTED];
	c->wrong_checksum += ob->n[WRONG_CHECKSUM];
	c->rx_dropped += ob->n[RX_DROPPED];
	c->resets += ob->n[KERNEL_RESETS];
	c->passes = ob->n[PASSES] > c->passes ? (unsigned)ob->n[PASSES] : c->passes;
	p->n_unresolved += ob->n[UNRESOLVED];
	p->rate_pps = ob->n[RATE_PPS] > p->rate_pps ? ob->n[RATE_PPS] : p->rate_pps;
	p->took_ns += (sonde_time)ob->n[DURATION_NS];
	if (!ob->n[SHARD] || ob->n[SHARD] > ob->n[SHARDS])
		return 0;
	return probe_shards_add(&p->shards, &(struct probe_shard){ p->seed, ob->n[SHARD], ob->n[SHARDS] });
}

static void add_run(struct probe_past *p, const struct object *ob)
{
	p->n_runs++;
	p->seed = ob->n[SEED];
}

static int add(struct probe_past *p, struct object *ob)
{
	switch (ob->type) {
	case OBJECT_RUN: add_run(p, ob); return 0;
	case OBJECT_PORT: return add_port(p, ob);
	case OBJECT_TARGET: return add_host(p, ob);
	case OBJECT_SUMMARY: return add_summary(p, ob);
	default: return 0;
	}
}

int probe_past_read(struct probe_past *p, FILE *in, const char *name)
{
	struct files_lines l = { .in = in };
	uint64_t before = p->n_runs;
	struct object ob;
	int status = 0, got = 0;
	for (uint64_t line = 1; !status && (got = files_next_line(&l)) > 0; line++) {
		if (read_object(&ob, l.line, strlen(l.line))) {
			status = add(p, &ob);
		} else if (p->n_damaged++ < MANY_DAMAGED) {
			message("%s:%llu: not an object of sonde probe --json", files_name(name),
				(unsigned long long)line);
		}
	}
	files_lines_end(&l);
	if (got < 0) {
		message_code(got, "cannot read %s", files_name(name));
		return STATUS_SYSTEM;
	}
	if (!status && p->n_runs == before) {
		message("%s: no run of sonde probe --json is in it", files_name(name));
		status = STATUS_USAGE;
	}
	return status;
}

static int by_port(const struct probe_past_port *one, const struct probe_past_port *other)
{
	int order = sonde_addr_compare(&one->addr, &other->addr);
	if (!order)
		order = one->port.kind - other->port.kind;
	return order ? order : one->port.port - other->port.port;
}

static bool is_silent(const struct probe_past_port *p)
{
	return strcmp(p->v.rule->name, "no-answer") == 0;
}

/* Alike ports: the one to keep is the first, and answers beat silence. */
static int by_port_and_worth(const void *a, const void *b)
{
	const struct probe_past_port *one = a, *other = b;
	int order = by_port(one, other);
	if (!order)
		order = is_silent(one) - is_silent(other);
	return order ? order : one->order > other->order ? -1 : 1;
}

static int by_host(const void *a, const void *b)
{
	const struct probe_past_host *one = a, *other = b;
	return sonde_addr_compare(&one->addr, &other->addr);
}

/* What two runs say of one host: it is down when both say so. */
static void join_hosts(struct probe_past_host *to, const struct probe_past_host *h)
{
	to->is_down = to->is_down && h->is_down;
	to->asked += h->asked;
	if (h->icmp_every_ns)
		to->icmp_every_ns = h->icmp_every_ns;
	if (h->name[0])
		memcpy(to->name, h->name, sizeof to->name);
}

/* Hosts whose own line is missing have ports all the same. */
static int add_hosts_of_ports(struct probe_past *p)
{
	int status = 0;
	for (uint64_t i = 0; !status && i < p->n_ports; i++) {
		if (i && sonde_addr_equal(&p->ports[i - 1].addr, &p->ports[i].addr))
			continue;
		status = grow((void **)&p->hosts, p->n_hosts, &p->cap_hosts, sizeof *p->hosts);
		if (!status)
			p->hosts[p->n_hosts++] = (struct probe_past_host){ .addr = p->ports[i].addr };
	}
	return status;
}

static void arrange_ports(struct probe_past *p)
{
	uint64_t n = 0;
	if (p->n_ports)
		qsort(p->ports, p->n_ports, sizeof *p->ports, by_port_and_worth);
	for (uint64_t i = 0; i < p->n_ports; i++)
		if (!n || by_port(&p->ports[n - 1], &p->ports[i]))
			p->ports[n++] = p->ports[i];
	p->n_ports = n;
}

static void arrange_hosts(struct probe_past *p)
{
	uint64_t n = 0;
	if (p->n_hosts)
		qsort(p->hosts, p->n_hosts, sizeof *p->hosts, by_host);
	for (uint64_t i = 0; i < p->n_hosts; i++) {
		if (n && !by_host(&p->hosts[n - 1], &p->hosts[i]))
			join_hosts(&p->hosts[n - 1], &p->hosts[i]);
		else
			p->hosts[n++] = p->hosts[i];
	}
	p->n_hosts = n;
}

int probe_past_arrange(struct probe_past *p)
{
	uint64_t at = 0;
	arrange_ports(p);
	int status = add_hosts_of_ports(p);
	if (status)
		return status;
	arrange_hosts(p);
	for (uint64_t i = 0; i < p->n_hosts; i++) {
		struct probe_past_host *h = &p->hosts[i];
		h->first = at;
		while (at < p->n_ports && sonde_addr_equal(&p->ports[at].addr, &h->addr))
			at++;
		h->n = at - h->first;
		h->asked = h->n ? h->n : h->asked;
		p->counts.down += h->is_down;
	}
	return 0;
}

const struct probe_past_host *probe_past_host(const struct probe_past *p, const struct sonde_addr *a)
{
	struct probe_past_host key = { .addr = *a };
	return p->n_hosts ? bsearch(&key, p->hosts, p->n_hosts, sizeof *p->hosts, by_host) : NULL;
}

const struct probe_past_port *probe_past_port(const struct probe_past *p, const struct probe_past_host *h,
					      const struct sonde_scan_port *port)
{
	struct probe_past_port key = { .addr = h->addr, .port = *port };
	uint64_t low = h->first, high = h->first + h->n;
	key.port.kind = tcp_kind(port->kind);
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		int order = by_port(&p->ports[middle], &key);
		if (!order)
			return &p->ports[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

void probe_past_free(struct probe_past *p)
{
	free(p->ports);
	free(p->hosts);
	probe_shards_free(&p->shards);
	*p = (struct probe_past){ 0 };
}

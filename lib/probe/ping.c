#include "probe/ping.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "proto/arp.h"
#include "proto/ether.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#define TOKEN_LEN   8
#define MIN_ENTRIES 65536  /* so many packets are remembered at least, for what comes late */
#define BURST       64     /* packets that may be made up for at once */
#define FIRST_PORT  61000  /* above the kernel's own range */
#define N_PORTS     (65536 - FIRST_PORT)

static struct sonde_ping *ping_of(struct sonde_engine *e)
{
	return (struct sonde_ping *)e;
}

/* --- Tokens ------------------------------------------------------------------------------------------------------ */

/* What only an answer to packet n can carry back. */
static uint64_t token(const struct sonde_ping *p, uint64_t n)
{
	return sonde_random(p->o.seed, n, 1, 0);
}

static uint16_t port_of(uint64_t round)
{
	return (uint16_t)(FIRST_PORT + round % N_PORTS);
}

/* --- Targets ----------------------------------------------------------------------------------------------------- */

static uint32_t slot_of(const struct sonde_ping *p, const struct sonde_addr *a)
{
	struct sonde_key key = sonde_key_from_seed(p->o.seed);
	return (uint32_t)sonde_siphash(key, sonde_view(a->bytes, sizeof a->bytes)) & (p->n_slots - 1);
}

static bool same_addr(const struct sonde_addr *a, const struct sonde_addr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

/* The number of the target with this address, or n_targets. */
static uint32_t find_target(const struct sonde_ping *p, const struct sonde_addr *a)
{
	for (uint32_t slot = slot_of(p, a); p->by_addr[slot]; slot = (slot + 1) & (p->n_slots - 1))
		if (same_addr(&p->targets[p->by_addr[slot] - 1].addr, a))
			return p->by_addr[slot] - 1;
	return p->n_targets;
}

static void add_target(struct sonde_ping *p, uint32_t t)
{
	uint32_t slot = slot_of(p, &p->targets[t].addr);
	while (p->by_addr[slot])
		slot = (slot + 1) & (p->n_slots - 1);
	p->by_addr[slot] = t + 1;
}

static uint64_t power_of_two(uint64_t at_least)
{
	uint64_t n = 1;
	while (n < at_least)
		n *= 2;
	return n;
}

/* --- Events ------------------------------------------------------------------------------------------------------ */

static bool has_room(const struct sonde_ping *p)
{
	return p->event_len < SONDE_PING_EVENTS;
}

static void emit(struct sonde_ping *p, const struct sonde_event *e)
{
	if (has_room(p))
		p->events[(p->event_head + p->event_len++) % SONDE_PING_EVENTS] = *e;
}

static bool next_event(struct sonde_engine *e, struct sonde_event *out)
{
	struct sonde_ping *p = ping_of(e);
	if (p->event_len == 0)
		return false;
	*out = p->events[p->event_head];
	p->event_head = (p->event_head + 1) % SONDE_PING_EVENTS;
	p->event_len--;
	return true;
}

/* --- Sending ----------------------------------------------------------------------------------------------------- */

static struct sonde_ping_entry *entry_of(const struct sonde_ping *p, uint64_t n)
{
	return &p->entries[n & (p->n_entries - 1)];
}

static bool all_sent(const struct sonde_ping *p)
{
	return p->o.rounds && p->next_n >= p->o.rounds * p->n_targets;
}

static sonde_time due_at(const struct sonde_ping *p)
{
	sonde_time round_at = p->began_at + (sonde_time)(p->next_n / p->n_targets) * p->o.interval_ns;
	return round_at > p->pace.due_at ? round_at : p->pace.due_at;
}

/* A packet that is still waited for is not forgotten to send another. */
static bool ring_is_full(const struct sonde_ping *p)
{
	return p->next_n - p->oldest_n >= p->n_entries;
}

static int push_payload(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n)
{
	uint8_t bytes[TOKEN_LEN];
	uint32_t size = p->o.size, left = size > TOKEN_LEN ? size - TOKEN_LEN : 0;
	sonde_put_be64(bytes, token(p, n));
	int err = sonde_push_payload(packet, sonde_view(bytes, size < TOKEN_LEN ? size : TOKEN_LEN));
	for (uint32_t i = 0; !err && i < left; i++) {
		/* A pattern that tells places apart, as pings have it. */
		uint8_t byte = (uint8_t)(i + TOKEN_LEN);
		err = sonde_push_payload(packet, sonde_view(&byte, 1));
	}
	return err;
}

static int push_icmp(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n, bool v6)
{
	int icmp = sonde_push(packet, v6 ? &sonde_icmp6 : &sonde_icmp);
	int err = sonde_set(packet, icmp, v6 ? SONDE_ICMP6_ID : SONDE_ICMP_ID, p->id);
	if (!err)
		err = sonde_set(packet, icmp, v6 ? SONDE_ICMP6_SEQ : SONDE_ICMP_SEQ, n / p->n_targets & 0xffff);
	return err ? err : push_payload(p, packet, n);
}

static int push_tcp(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n)
{
	int tcp = sonde_push(packet, &sonde_tcp);
	int err = sonde_set(packet, tcp, SONDE_TCP_SPORT, port_of(n / p->n_targets));
	if (!err)
		err = sonde_set(packet, tcp, SONDE_TCP_DPORT, p->o.port);
	if (!err)
		err = sonde_set(packet, tcp, SONDE_TCP_SEQ, token(p, n) & UINT32_MAX);
	return err ? err : sonde_set(packet, tcp, SONDE_TCP_FLAGS, SONDE_TCP_SYN);
}

static int push_udp(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n)
{
	int udp = sonde_push(packet, &sonde_udp);
	int err = sonde_set(packet, udp, SONDE_UDP_SPORT, port_of(n / p->n_targets));
	if (!err)
		err = sonde_set(packet, udp, SONDE_UDP_DPORT, p->o.port);
	return err ? err : push_payload(p, packet, n);
}

static int push_ip(const struct sonde_ping *p, struct sonde_packet *packet, const struct sonde_addr *dst)
{
	static const struct sonde_addr open;
	bool v6 = dst->family == SONDE_IP6;
	int ip = sonde_push_ip(packet, &open, dst), err = ip < 0 ? ip : 0;
	if (!err && p->o.ttl)
		err = sonde_set(packet, ip, v6 ? SONDE_IP6_HLIM : SONDE_IP_TTL, p->o.ttl);
	if (!err && p->o.tos)
		err = sonde_set(packet, ip, v6 ? SONDE_IP6_TCLASS : SONDE_IP_TOS, p->o.tos);
	if (!err && p->o.df && !v6)
		err = sonde_set(packet, ip, SONDE_IP_FLAGS, SONDE_IP_DF);
	return err;
}

static int push_arp(struct sonde_packet *packet, const struct sonde_addr *dst)
{
	int err = sonde_push(packet, &sonde_ether);
	int arp = err < 0 ? err : sonde_push(packet, &sonde_arp);
	return arp < 0 ? arp : sonde_set_bytes(packet, arp, SONDE_ARP_TPA, sonde_addr_view(dst));
}

static int build(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n)
{
	const struct sonde_addr *dst = &p->targets[n % p->n_targets].addr;
	if (p->o.kind == SONDE_PING_ARP)
		return push_arp(packet, dst);
	int err = push_ip(p, packet, dst);
	if (err)
		return err;
	switch (p->o.kind) {
	case SONDE_PING_TCP: return push_tcp(p, packet, n);
	case SONDE_PING_UDP: return push_udp(p, packet, n);
	default: return push_icmp(p, packet, n, dst->family == SONDE_IP6);
	}
}

static int next_packet(struct sonde_engine *e, struct sonde_packet *packet, uint64_t *id, sonde_time now)
{
	struct sonde_ping *p = ping_of(e);
	if (all_sent(p) || ring_is_full(p) || due_at(p) > now)
		return 0;
	sonde_packet_init(packet, packet->data, packet->cap);
	int err = build(p, packet, p->next_n);
	if (err)
		return err;
	*id = p->next_n++;
	sonde_pace_take(&p->pace, now);
	*entry_of(p, *id) = (struct sonde_ping_entry){ .n = *id, .give_up_at = now + p->o.timeout_ns, .fate = SONDE_PING_SENT };
	p->targets[*id % p->n_targets].sent++;
	return 1;
}

static void on_sent(struct sonde_engine *e, uint64_t id, const struct sonde_packet *packet, sonde_time stamp,
		    enum sonde_stamp_clock clock)
{
	struct sonde_ping *p = ping_of(e);
	struct sonde_ping_target *t = &p->targets[id % p->n_targets];
	struct sonde_ping_entry *entry = entry_of(p, id);
	if (entry->n != id)
		return;
	entry->stamp = stamp;
	entry->clock = (uint8_t)clock;
	if (!t->asked)
		t->asked = sonde_ask_of(&t->ask, packet) == 0;
}

static void on_refused(struct sonde_engine *e, uint64_t id, int code)
{
	struct sonde_ping *p = ping_of(e);
	struct sonde_ping_target *t = &p->targets[id % p->n_targets];
	struct sonde_ping_entry *entry = entry_of(p, id);
	if (entry->n != id || entry->fate != SONDE_PING_SENT)
		return;
	entry->fate = SONDE_PING_REFUSED;
	t->sent--;
	t->refused++;
	emit(p, &(struct sonde_event){ .kind = SONDE_EVENT_REFUSED, .target = (uint32_t)(id % p->n_targets), .round = id / p->n_targets, .code = code });
}

/* --- Answers ----------------------------------------------------------------------------------------------------- */

/* The latest packet to a target whose number is this one, modulo how many numbers there are. */
static struct sonde_ping_entry *find_entry(const struct sonde_ping *p, uint32_t target, uint16_t number)
{
	if (p->next_n <= target)
		return NULL;
	uint64_t last = (p->next_n - 1 - target) / p->n_targets, round = last;
	if (p->o.kind == SONDE_PING_ICMP)
		round = last - (uint16_t)(last - number);
	else if (p->o.kind != SONDE_PING_ARP)
		round = last - (last % N_PORTS + N_PORTS - (uint64_t)(number - FIRST_PORT) % N_PORTS) % N_PORTS;
	if (round > last)
		return NULL;
	uint64_t n = round * p->n_targets + target;
	struct sonde_ping_entry *entry = entry_of(p, n);
	return entry->n == n && entry->fate != SONDE_PING_FREE ? entry : NULL;
}

/* The ask of packet n: its target's, with what changes from round to round. */
static struct sonde_ask ask_of(const struct sonde_ping *p, uint64_t n)
{
	struct sonde_ask ask = p->targets[n % p->n_targets].ask;
	uint64_t round = n / p->n_targets;
	if (p->o.kind == SONDE_PING_ICMP) {
		ask.icmp_seq = (uint16_t)round;
	} else if (p->o.kind != SONDE_PING_ARP) {
		ask.sport = port_of(round);
		ask.seq = (uint32_t)token(p, n);
		ask.seq_end = ask.seq + 1;
	}
	return ask;
}

/* Echo replies carry the payload back: what is there of the token must be ours. */
static bool carries_token(const struct sonde_ping *p, const struct sonde_packet *got, uint64_t n, enum sonde_answer answer)
{
	uint8_t bytes[TOKEN_LEN];
	if (answer != SONDE_ANSWER_ECHO)
		return true;
	struct sonde_view payload = sonde_payload(got);
	size_t len = p->o.size < TOKEN_LEN ? p->o.size : TOKEN_LEN;
	sonde_put_be64(bytes, token(p, n));
	return payload.len >= len && memcmp(payload.data, bytes, len) == 0;
}

static bool is_error(enum sonde_answer answer)
{
	return answer >= SONDE_ANSWER_PORT;
}

/* A host that says that a UDP port is closed is there: that is an answer. */
static bool counts_as_reply(const struct sonde_ping *p, const struct sonde_match *m)
{
	return !is_error(m->answer) || (p->o.kind == SONDE_PING_UDP && m->answer == SONDE_ANSWER_PORT && m->from_target);
}

static void count_reply(struct sonde_ping *p, struct sonde_ping_target *t, struct sonde_ping_entry *entry, struct sonde_event *e)
{
	if (entry->fate == SONDE_PING_ANSWERED) {
		e->kind = SONDE_EVENT_DUPLICATE;
		t->duplicates++;
		return;
	}
	e->kind = entry->fate == SONDE_PING_LOST ? SONDE_EVENT_LATE : SONDE_EVENT_REPLY;
	entry->fate = SONDE_PING_ANSWERED;
	if (e->kind == SONDE_EVENT_LATE) {
		t->late++;
		return;
	}
	t->received++;
	sonde_stats_add(&t->rtt, e->rtt_ns);
	sonde_histogram_add(&p->histogram, e->rtt_ns);
}

static void take_answer(struct sonde_ping *p, struct sonde_ping_entry *entry, const struct sonde_match *m,
			const struct sonde_answer_key *key, sonde_time stamp)
{
	struct sonde_ping_target *t = &p->targets[entry->n % p->n_targets];
	struct sonde_event e = {
		.target = (uint32_t)(entry->n % p->n_targets), .round = entry->n / p->n_targets,
		.rtt_ns = stamp - entry->stamp, .clock = (enum sonde_stamp_clock)entry->clock,
		.rule = m->rule, .from = m->from, .ttl = key->ttl, .size = key->size,
	};
	if (counts_as_reply(p, m)) {
		count_reply(p, t, entry, &e);
	} else {
		e.kind = SONDE_EVENT_ERROR;
		t->errors++;
	}
	emit(p, &e);
}

static bool is_same_question(const struct sonde_ask *a, const struct sonde_ask *b)
{
	return a->asked == b->asked && a->icmp_type == b->icmp_type && a->id == b->id && a->icmp_seq == b->icmp_seq &&
	       a->sport == b->sport && a->dport == b->dport && a->seq == b->seq && same_addr(&a->src, &b->src);
}

static bool on_outgoing(struct sonde_engine *e, const struct sonde_packet *seen, sonde_time stamp)
{
	struct sonde_ping *p = ping_of(e);
	struct sonde_ask ask;
	if (sonde_ask_of(&ask, seen))
		return false;
	uint32_t target = find_target(p, &ask.dst);
	struct sonde_ping_entry *entry =
		target < p->n_targets ? find_entry(p, target, p->o.kind == SONDE_PING_ICMP ? ask.icmp_seq : ask.sport) : NULL;
	if (!entry || !p->targets[target].asked)
		return false;
	struct sonde_ask ours = ask_of(p, entry->n);
	if (!is_same_question(&ask, &ours))
		return false;
	entry->stamp = stamp;
	entry->clock = SONDE_STAMP_KERNEL;
	return true;
}

static void on_packet(struct sonde_engine *e, const struct sonde_packet *got, sonde_time stamp, sonde_time now)
{
	struct sonde_ping *p = ping_of(e);
	struct sonde_answer_key key;
	struct sonde_match m;
	(void)now;
	uint32_t target = sonde_answer_key(&key, got) ? find_target(p, &key.asked) : p->n_targets;
	struct sonde_ping_entry *entry = target < p->n_targets ? find_entry(p, target, key.number) : NULL;
	if (!entry || !p->targets[target].asked) {
		p->unmatched++;
		return;
	}
	struct sonde_ask ask = ask_of(p, entry->n);
	bool answers = sonde_match(&m, &ask, got);
	if (m.wrong_checksum || (answers && !carries_token(p, got, entry->n, m.answer)))
		p->rejected++;
	else if (answers)
		take_answer(p, entry, &m, &key, stamp);
	else
		p->unmatched++;
}

/* --- Time -------------------------------------------------------------------------------------------------------- */

static void on_time(struct sonde_engine *e, sonde_time now)
{
	struct sonde_ping *p = ping_of(e);
	for (; p->oldest_n < p->next_n && has_room(p); p->oldest_n++) {
		struct sonde_ping_entry *entry = entry_of(p, p->oldest_n);
		if (entry->fate != SONDE_PING_SENT)
			continue;
		if (entry->give_up_at > now)
			return;
		entry->fate = SONDE_PING_LOST;
		p->targets[entry->n % p->n_targets].lost++;
		emit(p, &(struct sonde_event){ .kind = SONDE_EVENT_LOST, .target = (uint32_t)(entry->n % p->n_targets), .round = entry->n / p->n_targets });
	}
}

/* Answered packets at the end of the ring need not be waited for. */
static uint64_t first_open(const struct sonde_ping *p)
{
	uint64_t n = p->oldest_n;
	while (n < p->next_n && entry_of(p, n)->fate != SONDE_PING_SENT)
		n++;
	return n;
}

static sonde_time next_deadline(const struct sonde_engine *e)
{
	const struct sonde_ping *p = (const struct sonde_ping *)e;
	uint64_t n = first_open(p);
	sonde_time give_up = n < p->next_n ? entry_of(p, n)->give_up_at : SONDE_NEVER;
	sonde_time due = all_sent(p) || ring_is_full(p) ? SONDE_NEVER : due_at(p);
	return due < give_up ? due : give_up;
}

uint64_t sonde_ping_outstanding(const struct sonde_ping *p)
{
	uint64_t n = 0;
	for (uint64_t i = p->oldest_n; i < p->next_n; i++)
		n += entry_of(p, i)->fate == SONDE_PING_SENT;
	return n;
}

void sonde_ping_stop(struct sonde_ping *p)
{
	/* The round at hand is the last, as far as it went. */
	p->o.rounds = p->next_n / p->n_targets;
	if (p->o.rounds == 0)
		p->o.rounds = 1;
	if (p->next_n < p->o.rounds * p->n_targets)
		p->pace.due_at = SONDE_NEVER;
}

/* --- Beginning and end ------------------------------------------------------------------------------------------- */

static const struct sonde_engine_ops ops = {
	.next_packet = next_packet, .on_sent = on_sent, .on_refused = on_refused,
	.on_outgoing = on_outgoing, .on_packet = on_packet,
	.on_time = on_time, .next_deadline = next_deadline, .next_event = next_event,
};

int sonde_ping_init(struct sonde_ping *p, const struct sonde_ping_options *o, const struct sonde_addr *targets,
		    uint32_t n_targets, sonde_time now)
{
	memset(p, 0, sizeof *p);
	p->engine.ops = &ops;
	p->o = *o;
	p->n_targets = n_targets;
	p->n_slots = (uint32_t)power_of_two(2 * (uint64_t)n_targets + 1);
	p->n_entries = power_of_two(MIN_ENTRIES > 4 * (uint64_t)n_targets ? MIN_ENTRIES : 4 * (uint64_t)n_targets);
	p->targets = calloc(n_targets, sizeof *p->targets);
	p->by_addr = calloc(p->n_slots, sizeof *p->by_addr);
	p->entries = calloc(p->n_entries, sizeof *p->entries);
	if (!p->targets || !p->by_addr || !p->entries) {
		sonde_ping_free(p);
		return -ENOMEM;
	}
	for (uint32_t t = 0; t < n_targets; t++) {
		p->targets[t].addr = targets[t];
		add_target(p, t);
	}
	p->began_at = now;
	p->pace = sonde_pace(o->gap_ns, BURST, now);
	p->id = (uint16_t)(1 + sonde_random_below(sonde_random(o->seed, 0, 2, 0), UINT16_MAX));
	return 0;
}

void sonde_ping_free(struct sonde_ping *p)
{
	free(p->targets);
	free(p->by_addr);
	free(p->entries);
	memset(p, 0, sizeof *p);
}

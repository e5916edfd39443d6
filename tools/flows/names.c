#include "tools/flows/names.h"

#include <stdlib.h>
#include <string.h>

#include "packet/ends.h"
#include "proto/dns.h"
#include "proto/kind.h"
#include "proto/list.h"
#include "tools/common/message.h"

struct answer {
	struct sonde_addr addr, asker;
	sonde_time time;
	char *name; /* NULL: free */
	/* Those around it whose addresses have the same hash, + 1; 0: none. */
	uint32_t older, newer;
};

#define MOST_STEPS   256 /* answers about one address that are looked at */
#define MOST_RECORDS 128 /* of a message that are looked at */
#define MOST_ALIASES 16  /* and CNAMEs among them */

/* The answers of a message. */
struct message {
	struct sonde_view whole; /* names point back into it */
	const struct sonde_list *list;
	struct sonde_view answers;
	struct {
		char name[FLOW_NAMES_STRLEN], target[FLOW_NAMES_STRLEN];
	} aliases[MOST_ALIASES];
	unsigned n_aliases;
};

struct flow_names {
	struct answer all[FLOW_NAMES_MOST]; /* a ring */
	uint32_t chains[FLOW_NAMES_MOST];   /* the newest of each hash, + 1; 0: none */
	uint32_t at;                        /* where the next one goes */
	struct sonde_key secret;
	struct message message; /* that is read: too large for the stack */
};

struct flow_names *flow_names_new(struct sonde_key secret)
{
	struct flow_names *n = message_need_memory(calloc(1, sizeof *n));
	n->secret = secret;
	return n;
}

void flow_names_free(struct flow_names *n)
{
	for (size_t i = 0; n && i < FLOW_NAMES_MOST; i++)
		free(n->all[i].name);
	free(n);
}

/* --- Answers that are remembered ---------------------------------------------------------------------------------- */

static uint32_t hash_of(const struct flow_names *n, const struct sonde_addr *a)
{
	return (uint32_t)sonde_siphash(n->secret, sonde_addr_view(a)) % FLOW_NAMES_MOST;
}

/* The oldest of all is the oldest of its hash. */
static void forget_oldest(struct flow_names *n)
{
	struct answer *oldest = &n->all[n->at];
	if (oldest->newer)
		n->all[oldest->newer - 1].older = 0;
	else
		n->chains[hash_of(n, &oldest->addr)] = 0;
	free(oldest->name);
}

/* The newest answer about an address that an asker (NULL: anybody) got, not later than `time`. */
static const struct answer *newest(const struct flow_names *n, const struct sonde_addr *a,
				   const struct sonde_addr *asker, sonde_time time)
{
	uint32_t at = n->chains[hash_of(n, a)];
	for (unsigned steps = 0; at && steps < MOST_STEPS; steps++) {
		const struct answer *found = &n->all[at - 1];
		if (found->time <= time && sonde_addr_compare(&found->addr, a) == 0 &&
		    (!asker || sonde_addr_compare(&found->asker, asker) == 0))
			return found;
		at = found->older;
	}
	return NULL;
}

void flow_names_add(struct flow_names *n, const struct sonde_addr *a, const struct sonde_addr *asker, sonde_time time,
		    const char *name)
{
	const struct answer *last = newest(n, a, asker, INT64_MAX);
	/* Told the same again, nothing is new, unless it is told of an earlier time. */
	if (last && last->time <= time && strcmp(last->name, name) == 0)
		return;
	struct answer *new = &n->all[n->at];
	if (new->name)
		forget_oldest(n);
	uint32_t *chain = &n->chains[hash_of(n, a)];
	*new = (struct answer){ .addr = *a, .asker = *asker, .time = time, .older = *chain,
				.name = message_need_memory(strdup(name)) };
	n->at++;
	if (*chain)
		n->all[*chain - 1].newer = n->at;
	*chain = n->at;
	n->at %= FLOW_NAMES_MOST;
}

const char *flow_names_of(const struct flow_names *n, const struct sonde_addr *a, const struct sonde_addr *asker,
			  sonde_time time)
{
	const struct answer *found = newest(n, a, asker, time);
	if (!found)
		found = newest(n, a, NULL, time);
	return found ? found->name : NULL;
}

static void addr_state(struct sonde_saved *s, struct sonde_addr *a)
{
	sonde_saved_u8(s, &a->family);
	sonde_saved_bytes(s, a->bytes, sizeof a->bytes);
	sonde_saved_require(s, a->family == SONDE_IP4 || a->family == SONDE_IP6, "a name is of no IP address");
}

static void save_answers(struct sonde_saved *s, struct flow_names *n)
{
	uint8_t more = 1;
	/* From the oldest on. */
	for (uint32_t i = 0; n && i < FLOW_NAMES_MOST; i++) {
		struct answer *a = &n->all[(n->at + i) % FLOW_NAMES_MOST];
		if (!a->name)
			continue;
		sonde_saved_u8(s, &more);
		addr_state(s, &a->addr);
		addr_state(s, &a->asker);
		sonde_saved_time(s, &a->time);
		sonde_saved_text(s, a->name, FLOW_NAMES_STRLEN);
	}
	more = 0;
	sonde_saved_u8(s, &more);
}

void flow_names_state(struct sonde_saved *s, struct flow_names *n)
{
	uint8_t more = 0;
	if (!s->loads) {
		save_answers(s, n);
		return;
	}
	for (sonde_saved_u8(s, &more); more && !s->err; sonde_saved_u8(s, &more)) {
		struct sonde_addr addr = { 0 }, asker = { 0 };
		sonde_time time = 0;
		char name[FLOW_NAMES_STRLEN];
		addr_state(s, &addr);
		addr_state(s, &asker);
		sonde_saved_time(s, &time);
		sonde_saved_text(s, name, sizeof name);
		if (n && !s->err)
			flow_names_add(n, &addr, &asker, time, name);
	}
}

/* --- DNS ---------------------------------------------------------------------------------------------------------- */

enum { TYPE_A = 1, TYPE_CNAME = 5, TYPE_AAAA = 28, CLASS_IN = 1, TOP_BIT = 0x8000 };
#define AFTER_NAME 10 /* bytes of a record between its name and its data (RFC 1035, 3.2.1) */

/* A record of an answer. */
struct record {
	struct sonde_view name, data;
	unsigned type;
};

static bool next_record(struct record *r, const struct message *m, size_t *at, unsigned *n)
{
	struct sonde_list_item item;
	while (*n < MOST_RECORDS && sonde_list_next(&item, m->list, m->answers, at) && !item.broken) {
		++*n;
		size_t name_len = sonde_kind_domain.measure(item.bytes);
		const uint8_t *fixed = item.bytes.data + name_len;
		if (!name_len || item.bytes.len < name_len + AFTER_NAME)
			return false;
		/* The top bit of the class is of multicast DNS (RFC 6762, 10.2). */
		if ((sonde_get_be16(fixed + 2) & ~TOP_BIT) != CLASS_IN)
			continue;
		r->name = sonde_view_sub(item.bytes, 0, name_len);
		r->type = sonde_get_be16(fixed);
		r->data = sonde_view_sub(item.bytes, name_len + AFTER_NAME, sonde_get_be16(fixed + 8));
		return true;
	}
	return false;
}

/* A name with its pointers followed, in small letters. Returns whether it fits and is one. */
static bool expand(char out[static FLOW_NAMES_STRLEN], const struct message *m, struct sonde_view name)
{
	struct sonde_text t = sonde_text(out, FLOW_NAMES_STRLEN);
	const struct sonde_row_context ctx = { .row = &m->list->items[0].fields[0], .message = m->whole };
	if (!sonde_kind_domain.expand_bytes(&t, &ctx, name) || t.len >= t.cap || t.len < 2)
		return false;
	for (char *at = out; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
	return true;
}

static void read_aliases(struct message *m)
{
	struct record r;
	unsigned n = 0;
	m->n_aliases = 0;
	for (size_t at = 0; m->n_aliases < MOST_ALIASES && next_record(&r, m, &at, &n);)
		m->n_aliases += r.type == TYPE_CNAME && expand(m->aliases[m->n_aliases].name, m, r.name) &&
				expand(m->aliases[m->n_aliases].target, m, r.data);
}

/* Follow CNAMEs back from a name to the one that was asked. Aliases that go in a circle end after one round. */
static const char *asked_name(const struct message *m, const char *name)
{
	for (unsigned steps = 0; steps < m->n_aliases; steps++)
		for (unsigned i = 0; i < m->n_aliases; i++)
			if (strcmp(m->aliases[i].target, name) == 0) {
				name = m->aliases[i].name;
				break;
			}
	return name;
}

static void learn_message(struct flow_names *n, const struct sonde_addr *asker, sonde_time time)
{
	struct message *m = &n->message;
	char name[FLOW_NAMES_STRLEN];
	struct record r;
	unsigned n_records = 0;
	read_aliases(m);
	for (size_t at = 0; next_record(&r, m, &at, &n_records);) {
		bool is_four = r.type == TYPE_A && r.data.len == SONDE_IP4_LEN;
		if ((!is_four && (r.type != TYPE_AAAA || r.data.len != SONDE_IP6_LEN)) || !expand(name, m, r.name))
			continue;
		const struct sonde_addr a = is_four ? sonde_addr4(r.data.data) : sonde_addr6(r.data.data);
		flow_names_add(n, &a, asker, time, asked_name(m, name));
	}
}

/* Ports of DNS, multicast DNS and LLMNR. */
static bool may_answer(const struct sonde_ends *e)
{
	return (e->proto == 17 || e->proto == 6) && e->payload_have &&
	       (e->sport == 53 || e->sport == 5353 || e->sport == 5355);
}

void flow_names_learn(struct flow_names *n, const struct sonde_flows_frame *frame)
{
	struct sonde_ends e;
	struct sonde_packet p;
	if (!sonde_ends_read(&e, frame->bytes.data, (uint32_t)frame->bytes.len, frame->wire_len, frame->link) ||
	    !may_answer(&e))
		return;
	sonde_dissect(&p, frame->bytes.data, (uint32_t)frame->bytes.len, frame->wire_len,
		      (struct sonde_id){ SONDE_SPACE_LINK, frame->link });
	int layer = sonde_find(&p, &sonde_dns);
	if (layer < 0)
		return;
	const uint8_t *header = sonde_layer_header(&p, layer);
	const struct sonde_slot at = sonde_slots(&p, layer)[SONDE_ROW(SONDE_DNS_ANSWERS)];
	struct message *m = &n->message;
	m->whole = sonde_view(header, p.layers[layer].header_len);
	m->list = sonde_dns.fields[SONDE_ROW(SONDE_DNS_ANSWERS)].list;
	m->answers = at.there ? sonde_slot_view(header, at) : sonde_view(header, 0);
	const struct sonde_addr asker = e.family == SONDE_IP4 ? sonde_addr4(e.dst) : sonde_addr6(e.dst);
	if (m->whole.len && sonde_get(header, SONDE_DNS_QR) && !sonde_get(header, SONDE_DNS_RCODE))
		learn_message(n, &asker, frame->time);
}

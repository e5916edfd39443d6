/* The words of all fields: none means two things, and all read back. */
#include "proto/names.h"
#include "proto/arp.h"
#include "proto/ether.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"

#include "tests/unit/unit.h"

/* --- No word means two things ------------------------------------------------------------------------------------ */

struct check {
	const struct sonde_row_context *ctx;
	const char *where;
	unsigned n;
};

static void check_word(void *arg, const struct sonde_name *word)
{
	static const char *const taken[] = { "auto", "random", "partial", "have" };
	struct check *c = arg;
	size_t len = strlen(word->name);
	uint64_t v = UINT64_MAX;
	c->n++;
	if (!sonde_word_value(&v, c->ctx, word->name, len) || v != word->value)
		fail_msg("%s: '%s' is %llu and %u", c->where, word->name, (unsigned long long)v, word->value);
	if (sonde_uint_parse(&v, word->name, len) != SONDE_E_SYNTAX)
		fail_msg("%s: '%s' is a number, too", c->where, word->name);
	if (strpbrk(word->name, " ,:+/=@#\"[]") || *word->name == '-')
		fail_msg("%s: '%s' has a sign that means something else", c->where, word->name);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (strcmp(word->name, taken[i]) == 0)
			fail_msg("%s: '%s' is a word of the notation", c->where, word->name);
}

/* The word that is written reads back. */
static void check_written(const struct sonde_row_context *ctx, const char *where, uint64_t v)
{
	char text[200];
	uint64_t again;
	struct sonde_text t = sonde_text(text, sizeof text);
	sonde_number_print(&t, ctx, v);
	if (sonde_number_parse(&again, ctx, text, t.len) || again != v)
		fail_msg("%s: %llu is written '%s'", where, (unsigned long long)v, text);
}

/* Lists may hold lists of their own kind. */
static unsigned check_rows(const struct sonde_field *rows, unsigned depth, const char *where)
{
	unsigned n = 0;
	for (const struct sonde_field *f = rows; f && f->name; f++) {
		unsigned width = SONDE_WIDTH(f->place);
		for (unsigned by = 0; f->kind && f->kind->words && by < (f->names_by ? 256 : 1); by++) {
			const struct sonde_row_context ctx = { .row = f, .by = by };
			struct check c = { .ctx = &ctx, .where = where };
			f->kind->words(&ctx, check_word, &c);
			n += c.n;
			for (uint64_t v = 0; v < 65536 && v >> width == 0; v++)
				check_written(&ctx, where, v);
		}
		for (const struct sonde_item *i = f->list ? f->list->items : NULL; i && i->name; i++)
			n += depth < 3 ? check_rows(i->fields, depth + 1, where) : 0;
	}
	return n;
}

static void no_word_means_two_things(void **state)
{
	unsigned n = 0;
	(void)state;
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		n += check_rows((*p)->fields, 0, (*p)->name);
	assert_true(n > 500);
}

/* --- What other tools say ---------------------------------------------------------------------------------------- */

static const struct word_row {
	const char *name; /* where: protocol, by, word */
	const struct sonde_proto *proto;
	sonde_place place;
	unsigned by;
	const char *word;
	uint64_t value;
	const char *ours; /* what is written */
} words[] = {
	{ "word: echo-request", &sonde_icmp, SONDE_ICMP_TYPE, 0, "echo-request", 8, "echo" },
	{ "word: dest-unreach", &sonde_icmp, SONDE_ICMP_TYPE, 0, "dest-unreach", 3, "unreach" },
	{ "word: destination-unreachable", &sonde_icmp, SONDE_ICMP_TYPE, 0, "destination-unreachable", 3, "unreach" },
	{ "word: time-exceeded", &sonde_icmp, SONDE_ICMP_TYPE, 0, "time-exceeded", 11, "timxceed" },
	{ "word: ttl-exceeded", &sonde_icmp, SONDE_ICMP_TYPE, 0, "ttl-exceeded", 11, "timxceed" },
	{ "word: parameter-problem", &sonde_icmp, SONDE_ICMP_TYPE, 0, "parameter-problem", 12, "paramprob" },
	{ "word: source-quench", &sonde_icmp, SONDE_ICMP_TYPE, 0, "source-quench", 4, "quench" },
	{ "word: timestamp-request", &sonde_icmp, SONDE_ICMP_TYPE, 0, "timestamp-request", 13, "timestamp" },
	{ "word: address-mask-request", &sonde_icmp, SONDE_ICMP_TYPE, 0, "address-mask-request", 17, "mask" },
	{ "word: port-unreachable", &sonde_icmp, SONDE_ICMP_CODE, 3, "port-unreachable", 3, "port" },
	{ "word: fragmentation-needed", &sonde_icmp, SONDE_ICMP_CODE, 3, "fragmentation-needed", 4, "needfrag" },
	{ "word: communication-prohibited", &sonde_icmp, SONDE_ICMP_CODE, 3, "communication-prohibited", 13,
	  "filter-prohib" },
	{ "word: ttl-zero-during-transit", &sonde_icmp, SONDE_ICMP_CODE, 11, "ttl-zero-during-transit", 0, "transit" },
	{ "word: echo-request of 6", &sonde_icmp6, SONDE_ICMP6_TYPE, 0, "echo-request", 128, "echo" },
	{ "word: packet-too-big", &sonde_icmp6, SONDE_ICMP6_TYPE, 0, "packet-too-big", 2, "toobig" },
	{ "word: time-exceeded of 6", &sonde_icmp6, SONDE_ICMP6_TYPE, 0, "time-exceeded", 3, "timxceed" },
	{ "word: neighbor-solicitation", &sonde_icmp6, SONDE_ICMP6_TYPE, 0, "neighbor-solicitation", 135,
	  "neighbour-solicit" },
	{ "word: address-unreachable", &sonde_icmp6, SONDE_ICMP6_CODE, 1, "address-unreachable", 3, "addr" },
	{ "word: who-has", &sonde_arp, SONDE_ARP_OP, 0, "who-has", 1, "request" },
	{ "word: is-at", &sonde_arp, SONDE_ARP_OP, 0, "is-at", 2, "reply" },
	{ "word: ipv6-icmp", &sonde_ip, SONDE_IP_PROTO, 0, "ipv6-icmp", 58, "icmp6" },
	{ "word: ospfigp", &sonde_ip, SONDE_IP_PROTO, 0, "ospfigp", 89, "ospf" },
	{ "word: 802.1q", &sonde_ether, SONDE_ETHER_TYPE, 0, "802.1q", 0x8100, "vlan" },
	{ "word: dot1ad", &sonde_ether, SONDE_ETHER_TYPE, 0, "dot1ad", 0x88a8, "dot1ad" },
	{ "word: ipv4", &sonde_ether, SONDE_ETHER_TYPE, 0, "ipv4", 0x0800, "ip" },
};

static void is_read(void **state)
{
	const struct word_row *row = *state;
	const struct sonde_row_context ctx = { .row = &row->proto->fields[SONDE_ROW(row->place)], .by = row->by };
	char text[200];
	uint64_t v;
	struct sonde_text t = sonde_text(text, sizeof text);
	assert_int_equal(sonde_number_parse(&v, &ctx, row->word, strlen(row->word)), 0);
	assert_int_equal(v, row->value);
	sonde_number_print(&t, &ctx, v);
	assert_string_equal(text, row->ours);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, no_word_means_two_things);
	UNIT_ROWS(&u, is_read, words);
	return unit_run(&u, "names");
}

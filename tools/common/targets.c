#include "tools/common/targets.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/link.h"
#include "io/netlink.h"
#include "tools/common/files.h"
#include "tools/common/lookup.h"
#include "tools/common/message.h"
#include "tools/common/resolver.h"
#include "tools/common/status.h"

#define MANY_ADDRESSES 256
#define FAST_PPS       1000

static int bad(const char *word, const char *why)
{
	message("target '%s': %s", word, why);
	return STATUS_USAGE;
}

static int add_addr(struct targets *t, const struct sonde_addr *a)
{
	if (t->n == TARGETS_MAX) {
		message("more than %u targets", TARGETS_MAX);
		return STATUS_USAGE;
	}
	if (t->n == t->cap) {
		uint32_t cap = t->cap ? 2 * t->cap : 64;
		struct sonde_addr *more = realloc(t->addrs, cap * sizeof *more);
		if (!more)
			return message_out_of_memory();
		t->addrs = more;
		char **names = t->names ? realloc(t->names, cap * sizeof *names) : NULL;
		if (t->names && !names)
			return message_out_of_memory();
		t->names = names;
		t->cap = cap;
	}
	if (t->names)
		t->names[t->n] = NULL;
	t->addrs[t->n++] = *a;
	return 0;
}

/* --- Words ------------------------------------------------------------------------------------------------------- */

static int span_between(struct sonde_span *out, const char *word, const struct sonde_addr *first,
			const struct sonde_addr *last)
{
	uint64_t n = sonde_addr_minus(last, first);
	if (sonde_addr_compare(first, last) > 0)
		return bad(word, "the range runs backwards");
	*out = (struct sonde_span){ .first = *first, .n = n < UINT64_MAX ? n + 1 : n };
	return 0;
}

static int span_of_prefix(struct sonde_span *out, const char *word, const struct sonde_prefix *p)
{
	struct sonde_addr first = p->addr, last = p->addr;
	unsigned width = (unsigned)sonde_addr_len(&first) * 8;
	for (unsigned bit = p->bits; bit < width; bit++) {
		first.bytes[bit / 8] &= (uint8_t)~(0x80 >> bit % 8);
		last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	}
	if (first.family == SONDE_IP4 && p->bits < 31) {
		first = sonde_addr_plus(&first, 1);
		last.bytes[3]--;
	}
	return span_between(out, word, &first, &last);
}

/* 10.0.0.1-10.0.0.20, or 10.0.0.1-20. */
static int span_of_range(struct sonde_span *out, const char *word, const char *dash)
{
	struct sonde_addr first, last;
	uint64_t n;
	if (sonde_addr_parse(&first, NULL, word, (size_t)(dash - word)))
		return bad(word, "no range of addresses");
	if (sonde_addr_parse(&last, NULL, dash + 1, strlen(dash + 1)) == 0 && last.family == first.family)
		return span_between(out, word, &first, &last);
	if (sonde_uint_parse(&n, dash + 1, strlen(dash + 1)) || n > 255)
		return bad(word, "no range of addresses");
	last = first;
	last.bytes[sonde_addr_len(&first) - 1] = (uint8_t)n;
	return span_between(out, word, &first, &last);
}

static int span_of_addr(struct sonde_span *out, const char *word, struct sonde_addr *a, struct sonde_view zone)
{
	int err = zone.len ? sonde_link_of_zone(&a->scope, zone) : 0;
	if (err == -ENODEV) {
		message("target '%s': no interface '%.*s' here", word, (int)zone.len, (const char *)zone.data);
		return STATUS_USAGE;
	}
	*out = (struct sonde_span){ .first = *a, .n = 1 };
	return err ? bad(word, sonde_strerror(err)) : 0;
}

/* What others write around a host: a scheme and a path, a port. Returns what to write instead, or NULL. */
static const char *habit(const char *word)
{
	const char *colon = strchr(word, ':');
	if (strstr(word, "://"))
		return "a host is wanted, without what stands before :// and behind /";
	if (colon && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0')
		return "a host is wanted; a port is -p, with --tcp or --udp";
	return NULL;
}

static int span_of_number(struct sonde_span *out, const char *word, enum sonde_family family)
{
	struct sonde_view zone = { 0 };
	struct sonde_addr a;
	struct sonde_prefix p;
	uint64_t n;
	*out = (struct sonde_span){ .n = 0 };
	if (sonde_addr_parse(&a, &zone, word, strlen(word)) == 0) {
		if (family && a.family != family)
			return bad(word, family == SONDE_IP4 ? "an IPv6 address, and IPv4 is asked for"
							     : "an IPv4 address, and IPv6 is asked for");
		return span_of_addr(out, word, &a, zone);
	}
	if (sonde_uint_parse(&n, word, strlen(word)) == 0)
		return bad(word, "a bare number is no address; a count is -c, a port -p");
	if (habit(word))
		return bad(word, habit(word));
	if (strchr(word, '/'))
		return sonde_prefix_parse(&p, word, strlen(word)) ? bad(word, "not a network, such as 10.0.0.0/24")
								  : span_of_prefix(out, word, &p);
	const char *dash = strchr(word, '-');
	/* A name may have a dash in it; an address before it makes a range. */
	if (dash && sonde_addr_parse(&a, NULL, word, (size_t)(dash - word)) == 0)
		return span_of_range(out, word, dash);
	return 0;
}

int targets_read_word(struct target_word *out, const char *word, enum sonde_family family)
{
	*out = (struct target_word){ .is_name = false };
	int status = span_of_number(&out->span, word, family);
	if (status || out->span.n)
		return status;
	out->is_name = true;
	int err = resolver_address(&out->span.first, family, word);
	out->span.n = !err;
	if (err)
		bad(word, gai_strerror(err));
	return 0;
}

/* --- Lists ------------------------------------------------------------------------------------------------------- */

static int add_span(struct targets *t, const char *word, const struct sonde_span *s)
{
	int status = s->n > TARGETS_MAX ? bad(word, "more than a million addresses") : 0;
	for (uint64_t i = 0; !status && i < s->n; i++) {
		struct sonde_addr a = sonde_addr_plus(&s->first, i);
		status = add_addr(t, &a);
	}
	return status;
}

#define MAX_UNRESOLVED 256

static int add_unresolved(struct targets *t, const char *word)
{
	/* A list of so many is no list of targets: each of them takes a look-up. */
	if (t->n_unresolved == MAX_UNRESOLVED)
		return bad(word, "is one of more than 256 names that do not resolve");
	char **more = realloc(t->unresolved, (t->n_unresolved + 1) * sizeof *more);
	if (more)
		t->unresolved = more;
	if (!more || !(more[t->n_unresolved] = strdup(word)))
		return message_out_of_memory();
	t->n_unresolved++;
	return 0;
}

/* Remember the name that the last address was given by. */
static int name_last(struct targets *t, const char *word)
{
	if (!t->names)
		t->names = calloc(t->cap, sizeof *t->names);
	if (!t->names || !(t->names[t->n - 1] = strdup(word)))
		return message_out_of_memory();
	return 0;
}

int targets_add(struct targets *t, const char *word, enum sonde_family family)
{
	struct target_word w;
	int status = targets_read_word(&w, word, family);
	if (status)
		return status;
	if (!w.span.n)
		return add_unresolved(t, word);
	status = add_span(t, word, &w.span);
	return status || !w.is_name ? status : name_last(t, word);
}

int targets_each_word(const char *path, int (*fn)(void *arg, const char *word), void *arg)
{
	struct files_lines l = { .in = files_open(path) };
	size_t n_bytes = 0;
	int status = 0, got = 0;
	if (!l.in)
		return STATUS_USAGE;
	while (!status && (got = files_next_line(&l)) > 0) {
		char *rest = l.line, *word;
		n_bytes += strlen(rest) + 1;
		if (n_bytes > FILES_TEXT_MAX) {
			got = -EFBIG;
			break;
		}
		l.line[strcspn(l.line, "#")] = '\0';
		while (!status && (word = strtok_r(rest, " \t\r\n", &rest)))
			status = fn(arg, word);
	}
	if (got < 0) {
		message("cannot read %s: %s", files_name(path), strerror(-got));
		status = STATUS_USAGE;
	}
	files_lines_end(&l);
	files_close(l.in);
	return status;
}

struct addition {
	struct targets *to;
	enum sonde_family family;
};

static int add_word(void *arg, const char *word)
{
	const struct addition *a = arg;
	return targets_add(a->to, word, a->family);
}

int targets_add_file(struct targets *t, const char *path, enum sonde_family family)
{
	struct addition a = { t, family };
	return targets_each_word(path, add_word, &a);
}

static int by_addr(const void *a, const void *b)
{
	return sonde_addr_compare(a, b);
}

/* Move target i behind those that are kept, or drop it. */
static void keep(struct targets *t, uint32_t *kept, uint32_t i, bool stays)
{
	char *name = t->names ? t->names[i] : NULL;
	if (!stays) {
		free(name);
		return;
	}
	t->addrs[*kept] = t->addrs[i];
	if (t->names)
		t->names[*kept] = name;
	++*kept;
}

int targets_exclude(struct targets *t, const char *word, enum sonde_family family)
{
	struct targets out = { 0 };
	int status = targets_add(&out, word, family);
	if (out.n_unresolved)
		status = STATUS_USAGE;
	qsort(out.addrs, out.n, sizeof *out.addrs, by_addr);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < t->n && !status; i++)
		keep(t, &kept, i, !bsearch(&t->addrs[i], out.addrs, out.n, sizeof *out.addrs, by_addr));
	t->n = status ? t->n : kept;
	targets_free(&out);
	return status;
}

/* Equal ones stand in the order in which they were given. */
static int by_addr_and_place(const void *a, const void *b)
{
	const struct sonde_addr *one = *(const struct sonde_addr *const *)a;
	const struct sonde_addr *other = *(const struct sonde_addr *const *)b;
	int order = sonde_addr_compare(one, other);
	return order ? order : one < other ? -1 : one > other;
}

int targets_unique(struct targets *t)
{
	const struct sonde_addr **sorted = calloc(t->n + 1, sizeof *sorted);
	bool *again = calloc(t->n + 1, sizeof *again);
	uint32_t n = 0;
	if (!sorted || !again) {
		free(sorted);
		free(again);
		return message_out_of_memory();
	}
	for (uint32_t i = 0; i < t->n; i++)
		sorted[i] = &t->addrs[i];
	qsort(sorted, t->n, sizeof *sorted, by_addr_and_place);
	for (uint32_t i = 1; i < t->n; i++)
		again[sorted[i] - t->addrs] = sonde_addr_equal(sorted[i], sorted[i - 1]);
	for (uint32_t i = 0; i < t->n; i++)
		keep(t, &n, i, !again[i]);
	t->n = n;
	free(sorted);
	free(again);
	return 0;
}

int targets_repeat(struct targets *t, uint32_t times)
{
	struct targets all = { .unresolved = t->unresolved, .n_unresolved = t->n_unresolved };
	int status = 0;
	for (uint32_t i = 0; !status && i < t->n; i++) {
		for (uint32_t k = 0; !status && k < times; k++) {
			status = add_addr(&all, &t->addrs[i]);
			if (!status && targets_name(t, i))
				status = name_last(&all, targets_name(t, i));
		}
	}
	t->unresolved = NULL;
	t->n_unresolved = 0;
	targets_free(t);
	*t = all;
	return status;
}

void targets_free(struct targets *t)
{
	for (uint32_t i = 0; t->names && i < t->n; i++)
		free(t->names[i]);
	for (uint32_t i = 0; i < t->n_unresolved; i++)
		free(t->unresolved[i]);
	free(t->names);
	free(t->unresolved);
	free(t->addrs);
	*t = (struct targets){ 0 };
}

/* --- Consent ----------------------------------------------------------------------------------------------------- */

/* The interfaces of this machine, read once; none where they cannot be read. */
static const struct sonde_links *own_links(void)
{
	static struct sonde_links links;
	static bool read;
	struct sonde_netlink *netlink;
	if (!read && sonde_netlink_open(&netlink, NULL) == 0) {
		sonde_links_read(&links, netlink, NULL);
		sonde_netlink_close(netlink);
	}
	read = true;
	return &links;
}

void consent_prepare(void)
{
	own_links();
}

/* Broadcast addresses are those of the networks that an interface is in, and 255.255.255.255. */
static bool is_broadcast(const struct sonde_addr *a)
{
	static const uint8_t limited[4] = { 255, 255, 255, 255 };
	const struct sonde_links *links = own_links();
	if (sonde_addr_is_multicast(a) || (a->family == SONDE_IP4 && memcmp(a->bytes, limited, 4) == 0))
		return true;
	for (size_t i = 0; i < links->n; i++)
		for (size_t k = 0; k < links->list[i].n_addrs; k++)
			if (sonde_prefix_broadcasts(&links->list[i].addrs[k].prefix, a))
				return true;
	return false;
}

static int refuse(const struct sonde_addr *dst, const char *what, const char *option)
{
	char s[SONDE_ADDR_STRLEN];
	message("%s: %s: if that is meant, and you are responsible for it, say %s", sonde_addr_format(s, dst), what,
		option);
	return STATUS_USAGE;
}

/* Addresses are counted as changes from one packet to the next: each address of a range counts. */
int consent_check(struct consent *c, const struct options *o, const struct sonde_addr *dst)
{
	if (o->dry_run || getenv("SONDE_LAB"))
		return 0;
	if (is_broadcast(dst))
		return o->broadcast ? 0 : refuse(dst, "a broadcast or multicast address", "--broadcast");
	if (sonde_addr_is_own_range(dst) || o->authorised)
		return 0;
	c->n_foreign += !sonde_addr_equal(dst, &c->last);
	c->last = *dst;
	if (c->n_foreign > MANY_ADDRESSES)
		return refuse(dst, "more than 256 addresses outside private ranges", "--authorised");
	if (o->rate_pps > FAST_PPS)
		return refuse(dst, "over 1000 packets a second to an address outside private ranges", "--authorised");
	return 0;
}

/* Of a large span one address in 256 is looked at: whose they are does not change in between. */
int consent_check_span(struct consent *c, const struct options *o, const struct sonde_span *span)
{
	const uint64_t large = 4096, apart = 256;
	struct sonde_addr last = sonde_addr_plus(&span->first, span->n - 1);
	int status = consent_check(c, o, &span->first);
	if (span->first.family == SONDE_IP6 && span->n > large)
		return status ? status : consent_check(c, o, &last);
	uint64_t step = span->n > large ? apart : 1;
	for (uint64_t i = step; !status && i < span->n; i += step) {
		struct sonde_addr a = sonde_addr_plus(&span->first, i);
		status = consent_check(c, o, &a);
	}
	return status ? status : consent_check(c, o, &last);
}

int targets_check(const struct targets *t, const struct options *o)
{
	struct consent c = { 0 };
	int status = 0;
	for (uint32_t i = 0; !status && i < t->n; i++)
		status = consent_check(&c, o, &t->addrs[i]);
	return status;
}

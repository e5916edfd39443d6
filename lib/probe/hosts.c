#include "probe/hosts.h"

/* --- Addresses as numbers ---------------------------------------------------------------------------------------- */

__extension__ typedef unsigned __int128 u128;

static u128 number_of(const struct sonde_addr *a)
{
	if (a->family == SONDE_IP4)
		return sonde_get_be32(a->bytes);
	return (u128)sonde_get_be64(a->bytes) << 64 | sonde_get_be64(a->bytes + 8);
}

struct sonde_addr sonde_addr_plus(const struct sonde_addr *a, uint64_t k)
{
	struct sonde_addr sum = *a;
	if (a->family == SONDE_IP4) {
		sonde_put_be32(sum.bytes, (uint32_t)(sonde_get_be32(a->bytes) + k));
		return sum;
	}
	u128 v = number_of(a) + k;
	sonde_put_be64(sum.bytes, (uint64_t)(v >> 64));
	sonde_put_be64(sum.bytes + 8, (uint64_t)v);
	return sum;
}

static uint64_t distance(const struct sonde_addr *b, const struct sonde_addr *a)
{
	u128 from = number_of(a), to = number_of(b);
	return b->family != a->family || to < from || to - from > UINT64_MAX ? UINT64_MAX : (uint64_t)(to - from);
}

uint64_t sonde_addr_minus(const struct sonde_addr *b, const struct sonde_addr *a)
{
	return b->scope == a->scope ? distance(b, a) : UINT64_MAX;
}

/* --- Spans ------------------------------------------------------------------------------------------------------- */

/* By family, scope, address. */
static bool is_before(const struct sonde_span *a, const struct sonde_span *b)
{
	const struct sonde_addr *one = &a->first, *other = &b->first;
	if (one->family == other->family && one->scope != other->scope)
		return one->scope < other->scope;
	return sonde_addr_compare(one, other) < 0;
}

/* Let the span at i sink in a heap, whose last ones are on top. */
static void sink(struct sonde_span *heap, uint32_t n, uint32_t i)
{
	for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && is_before(&heap[child], &heap[child + 1]))
			child++;
		if (!is_before(&heap[i], &heap[child]))
			return;
		struct sonde_span swap = heap[i];
		heap[i] = heap[child];
		heap[child] = swap;
	}
}

/* Heapsort: spans come in any order, and in any number. */
static void sort(struct sonde_span *spans, uint32_t n)
{
	for (uint32_t i = n / 2; i-- > 0;)
		sink(spans, n, i);
	for (uint32_t last = n; last-- > 1;) {
		struct sonde_span greatest = spans[0];
		spans[0] = spans[last];
		spans[last] = greatest;
		sink(spans, last, 0);
	}
}

uint32_t sonde_spans_arrange(struct sonde_span *spans, uint32_t n)
{
	uint32_t kept = 0;
	sort(spans, n);
	for (uint32_t i = 0; i < n; i++) {
		struct sonde_span *last = kept ? &spans[kept - 1] : NULL;
		uint64_t from = last ? sonde_addr_minus(&spans[i].first, &last->first) : UINT64_MAX;
		if (!last || from > last->n)
			spans[kept++] = spans[i];
		else if (from + spans[i].n > last->n)
			last->n = from + spans[i].n;
	}
	return kept;
}

/* Where an overlap begins and ends, counted from the start of a span; false: there is none. */
static bool overlap(uint64_t *from, uint64_t *to, const struct sonde_span *s, const struct sonde_span *out)
{
	uint64_t ahead = sonde_addr_minus(&out->first, &s->first), back = sonde_addr_minus(&s->first, &out->first);
	if (ahead != UINT64_MAX) {
		*from = ahead;
		*to = out->n < s->n - (ahead < s->n ? ahead : s->n) ? ahead + out->n : s->n;
	} else {
		*from = 0;
		*to = back >= out->n ? 0 : out->n - back < s->n ? out->n - back : s->n;
	}
	return *from < s->n && *from < *to;
}

uint32_t sonde_spans_exclude(struct sonde_span *spans, uint32_t n, const struct sonde_span *out)
{
	uint64_t from, to;
	for (uint32_t i = 0; i < n; i++) {
		struct sonde_span *s = &spans[i];
		if (!overlap(&from, &to, s, out))
			continue;
		struct sonde_span behind = { .first = sonde_addr_plus(&s->first, to), .n = s->n - to };
		s->n = from;
		if (behind.n && s->n) {
			memmove(s + 2, s + 1, (n - i - 1) * sizeof *s);
			s[1] = behind;
			n++;
			i++;
		} else if (behind.n) {
			*s = behind;
		} else if (!s->n) {
			memmove(s, s + 1, (--n - i) * sizeof *s);
			i--;
		}
	}
	return n;
}

/* --- The set ----------------------------------------------------------------------------------------------------- */

bool sonde_hosts_init(struct sonde_hosts *h, struct sonde_span *spans, uint32_t n_spans)
{
	*h = (struct sonde_hosts){ .spans = spans, .n_spans = n_spans };
	for (uint32_t i = 0; i < n_spans; i++) {
		spans[i].before = h->n;
		h->n += spans[i].n;
		if (h->n < spans[i].n)
			return false;
	}
	return true;
}

/* The last span for which holds(span, arg) says so, which it does for the first ones; n_spans: for none. */
static uint32_t last_span(const struct sonde_hosts *h, bool (*holds)(const struct sonde_span *, const void *),
			  const void *arg)
{
	uint32_t low = 0, high = h->n_spans;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (holds(&h->spans[middle], arg))
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : h->n_spans;
}

static bool begins_by(const struct sonde_span *s, const void *i)
{
	return s->before <= *(const uint64_t *)i;
}

struct sonde_addr sonde_hosts_at(const struct sonde_hosts *h, uint64_t i)
{
	const struct sonde_span *s = &h->spans[h->n_spans == 1 ? 0 : last_span(h, begins_by, &i)];
	return sonde_addr_plus(&s->first, i - s->before);
}

static bool starts_at_most(const struct sonde_span *s, const void *a)
{
	const struct sonde_addr *addr = a;
	if (s->first.family != addr->family)
		return s->first.family < addr->family;
	/* Those of one interface lie behind all others. */
	return !s->first.scope && memcmp(s->first.bytes, addr->bytes, sizeof addr->bytes) <= 0;
}

uint64_t sonde_hosts_find(const struct sonde_hosts *h, const struct sonde_addr *a)
{
	/* Link-local addresses of several interfaces lie one behind the other, by interface: look at each. */
	if (sonde_addr_is_link_local(a)) {
		for (uint32_t i = 0; i < h->n_spans; i++)
			if (distance(a, &h->spans[i].first) < h->spans[i].n)
				return h->spans[i].before + distance(a, &h->spans[i].first);
		return h->n;
	}
	uint32_t i = last_span(h, starts_at_most, a);
	uint64_t from = i < h->n_spans ? distance(a, &h->spans[i].first) : UINT64_MAX;
	return from < (i < h->n_spans ? h->spans[i].n : 0) ? h->spans[i].before + from : h->n;
}

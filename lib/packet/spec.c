#include "packet/spec.h"

#include <stdlib.h>

#include "base/hash.h"

/* --- Memory ------------------------------------------------------------------------------------------------------ */

void sonde_spec_reset(struct sonde_spec *s)
{
	struct sonde_spec kept = *s;
	memset(s, 0, sizeof *s);
	s->fields = kept.fields, s->cap_fields = kept.cap_fields;
	s->ranges = kept.ranges, s->cap_ranges = kept.cap_ranges;
	s->data = kept.data, s->cap_data = kept.cap_data;
	s->bytes = kept.bytes, s->cap_bytes = kept.cap_bytes;
}

void sonde_spec_free(struct sonde_spec *s)
{
	free(s->fields);
	free(s->ranges);
	free(s->data);
	free(s->bytes);
	memset(s, 0, sizeof *s);
}

/* Room for n more elements of a growing array. Returns the first of them, or NULL without memory. */
static void *add(void **array, uint32_t *len, uint32_t *cap, size_t size, uint32_t n)
{
	if (n > UINT32_MAX / 2 - *len)
		return NULL;
	if (!*array || *len + n > *cap) {
		uint32_t want = *cap ? *cap : 16;
		while (want < *len + n)
			want *= 2;
		void *more = realloc(*array, want * size);
		if (!more)
			return NULL;
		*array = more;
		*cap = want;
	}
	void *at = (uint8_t *)*array + *len * size;
	*len += n;
	return at;
}

/* One more element, zeroed. */
static void *add_one(void **array, uint32_t *len, uint32_t *cap, size_t size)
{
	void *at = add(array, len, cap, size, 1);
	return at ? memset(at, 0, size) : NULL;
}

struct sonde_spec_field *sonde_spec_add_field(struct sonde_spec *s)
{
	return add_one((void **)&s->fields, &s->n_fields, &s->cap_fields, sizeof *s->fields);
}

struct sonde_spec_range *sonde_spec_add_range(struct sonde_spec *s)
{
	return add_one((void **)&s->ranges, &s->n_ranges, &s->cap_ranges, sizeof *s->ranges);
}

struct sonde_spec_data *sonde_spec_add_data(struct sonde_spec *s)
{
	return add_one((void **)&s->data, &s->n_data, &s->cap_data, sizeof *s->data);
}

uint8_t *sonde_spec_add_bytes(struct sonde_spec *s, uint32_t *start, uint32_t len)
{
	*start = s->n_bytes;
	return add((void **)&s->bytes, &s->n_bytes, &s->cap_bytes, 1, len);
}

void sonde_spec_trim_bytes(struct sonde_spec *s, uint32_t start, uint32_t len)
{
	s->n_bytes = start + len;
}

void sonde_u128_bytes(uint8_t *out, size_t len, sonde_u128 v)
{
	for (size_t i = len; i-- > 0; v >>= 8)
		out[i] = (uint8_t)v;
}

/* --- Counting ---------------------------------------------------------------------------------------------------- */

static uint64_t saturate(sonde_u128 v)
{
	return v > UINT64_MAX ? UINT64_MAX : (uint64_t)v;
}

static sonde_u128 range_size(const struct sonde_spec_range *r)
{
	sonde_u128 steps = (r->last - r->first) / r->step;
	return steps + 1 ? steps + 1 : steps;
}

uint64_t sonde_spec_field_size(const struct sonde_spec *s, const struct sonde_spec_field *f)
{
	if (f->type != SONDE_SPEC_SET)
		return 1;
	sonde_u128 n = 0;
	for (uint32_t i = 0; i < f->n; i++)
		n = saturate(n) + (sonde_u128)saturate(range_size(&s->ranges[f->start + i]));
	return saturate(n);
}

uint64_t sonde_spec_count(const struct sonde_spec *s, bool zip)
{
	uint64_t count = 1;
	for (uint32_t i = 0; i < s->n_fields && !s->is_pattern; i++) {
		uint64_t n = sonde_spec_field_size(s, &s->fields[i]);
		if (!zip)
			count = saturate((sonde_u128)count * n);
		else if (n > count)
			count = n;
	}
	return count;
}

sonde_u128 sonde_spec_nth(const struct sonde_spec *s, const struct sonde_spec_field *f, uint64_t n)
{
	const struct sonde_spec_range *r = &s->ranges[f->start];
	for (; n >= saturate(range_size(r)); r++)
		n -= saturate(range_size(r));
	return r->first + n * r->step;
}

sonde_u128 sonde_spec_random(const struct sonde_spec *s, const struct sonde_spec_field *f, uint64_t k, uint64_t seed,
			     unsigned width)
{
	uint32_t index = (uint32_t)(f - s->fields);
	sonde_u128 high = sonde_random(seed, k, index, 1), v = high << 64 | sonde_random(seed, k, index, 0);
	if (f->n == 0)
		return width < 128 ? v & (((sonde_u128)1 << width) - 1) : v;
	const struct sonde_spec_range *r = &s->ranges[f->start];
	sonde_u128 size = r->last - r->first + 1;
	return r->first + (size ? v % size : v);
}

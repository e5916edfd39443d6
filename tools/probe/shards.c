/* Which shards of a probe --merge has read, and which ones are missing. */
#include <stdlib.h>

#include "base/text.h"
#include "tools/common/message.h"
#include "tools/probe/past.h"

int probe_shards_add(struct probe_shards *s, const struct probe_shard *shard)
{
	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 64;
		struct probe_shard *more = realloc(s->list, cap * sizeof *more);
		if (!more)
			return message_out_of_memory();
		s->list = more;
		s->cap = cap;
	}
	s->list[s->n++] = *shard;
	return 0;
}

static int by_probe_and_number(const void *a, const void *b)
{
	const struct probe_shard *one = a, *other = b;
	if (one->seed != other->seed)
		return one->seed < other->seed ? -1 : 1;
	if (one->of != other->of)
		return one->of < other->of ? -1 : 1;
	return one->number < other->number ? -1 : one->number > other->number;
}

/* from to to, of those of this shard's probe, are missing. */
static void tell(const struct probe_shard *shard, uint64_t from, uint64_t to)
{
	char last[32] = "";
	struct sonde_text t = sonde_text(last, sizeof last);
	if (to > from)
		sonde_text_fmt(&t, "-%llu", (unsigned long long)to);
	message("shard %llu%s of %llu (seed %llu) is missing, or did not end", (unsigned long long)from, last,
		(unsigned long long)shard->of, (unsigned long long)shard->seed);
}

uint64_t probe_shards_missing(struct probe_shards *s)
{
	uint64_t n_missing = 0, next = 1;
	if (s->n)
		qsort(s->list, s->n, sizeof *s->list, by_probe_and_number);
	for (size_t i = 0; i < s->n; i++) {
		const struct probe_shard *shard = &s->list[i], *after = i + 1 < s->n ? shard + 1 : NULL;
		if (shard->number > next) {
			tell(shard, next, shard->number - 1);
			n_missing += shard->number - next;
		}
		next = shard->number + 1;
		if (after && after->seed == shard->seed && after->of == shard->of)
			continue;
		if (shard->of >= next) {
			tell(shard, next, shard->of);
			n_missing += shard->of - shard->number;
		}
		next = 1;
	}
	return n_missing;
}

void probe_shards_free(struct probe_shards *s)
{
	free(s->list);
	*s = (struct probe_shards){ 0 };
}

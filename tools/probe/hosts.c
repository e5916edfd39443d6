#include <stdlib.h>
#include <string.h>

#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/common/targets.h"
#include "tools/probe/probe.h"

/* Room for one more item of an array. Returns 0 or an exit status after a message. */
static int grow(void **items, uint32_t n, uint32_t *cap, size_t size)
{
	if (n < *cap)
		return 0;
	uint32_t more = *cap ? 2 * *cap : 64;
	void *grown = realloc(*items, more * size);
	if (!grown)
		return message_out_of_memory();
	*items = grown;
	*cap = more;
	return 0;
}

static int add_name(struct probe_hosts *h, const struct sonde_addr *a, const char *word)
{
	int status = grow((void **)&h->names, h->n_names, &h->cap_names, sizeof *h->names);
	char *copy = status ? NULL : strdup(word);
	if (!copy)
		return status ? status : message_out_of_memory();
	h->names[h->n_names++] = (struct probe_name){ *a, copy };
	return 0;
}

int probe_hosts_add(struct probe_hosts *h, const char *word, enum sonde_family family)
{
	struct target_word w;
	int status = targets_read_word(&w, word, family);
	if (!status && !w.span.n) {
		h->n_unresolved++;
		return 0;
	}
	if (!status)
		status = grow((void **)&h->spans, h->n, &h->cap, sizeof *h->spans);
	if (status)
		return status;
	h->spans[h->n++] = w.span;
	return w.is_name ? add_name(h, &w.span.first, word) : 0;
}

struct addition {
	struct probe_hosts *to;
	enum sonde_family family;
};

static int add_word(void *arg, const char *word)
{
	const struct addition *a = arg;
	return probe_hosts_add(a->to, word, a->family);
}

int probe_hosts_add_file(struct probe_hosts *h, const char *path, enum sonde_family family)
{
	struct addition a = { h, family };
	return targets_each_word(path, add_word, &a);
}

int probe_hosts_exclude(struct probe_hosts *h, const char *word, enum sonde_family family)
{
	struct target_word w;
	int status = targets_read_word(&w, word, family);
	if (status || !w.span.n)
		return status ? status : STATUS_USAGE;
	h->n = sonde_spans_arrange(h->spans, h->n);
	status = grow((void **)&h->spans, h->n, &h->cap, sizeof *h->spans);
	if (!status)
		h->n = sonde_spans_exclude(h->spans, h->n, &w.span);
	return status;
}

static int by_addr(const void *a, const void *b)
{
	const struct probe_name *one = a, *other = b;
	return sonde_addr_compare(&one->addr, &other->addr);
}

int probe_hosts_arrange(struct probe_hosts *h)
{
	h->n = sonde_spans_arrange(h->spans, h->n);
	if (h->n_names)
		qsort(h->names, h->n_names, sizeof *h->names, by_addr);
	if (!sonde_hosts_init(&h->set, h->spans, h->n)) {
		message("more than 2^64 targets");
		return STATUS_USAGE;
	}
	if (h->n)
		return 0;
	if (!h->n_unresolved)
		message("no target is left");
	return STATUS_USAGE;
}

const char *probe_hosts_name(const struct probe_hosts *h, const struct sonde_addr *a)
{
	struct probe_name key = { .addr = *a };
	const struct probe_name *found =
		h->n_names ? bsearch(&key, h->names, h->n_names, sizeof *h->names, by_addr) : NULL;
	return found ? found->name : NULL;
}

void probe_hosts_free(struct probe_hosts *h)
{
	for (uint32_t i = 0; i < h->n_names; i++)
		free(h->names[i].name);
	free(h->names);
	free(h->spans);
	*h = (struct probe_hosts){ 0 };
}

#include "tools/probe/frames.h"

#include <stdlib.h>

#include "tools/common/message.h"

#define FIRST_CAP 1024

static struct probe_frame *slot_of(const struct probe_frames *f, uint64_t target)
{
	const uint64_t spread = 0x9e3779b97f4a7c15; /* targets are near each other: their high bits differ after this */
	size_t at = (size_t)(target * spread >> 20) & (f->cap - 1);
	while (f->slots[at].target && f->slots[at].target != target)
		at = (at + 1) & (f->cap - 1);
	return &f->slots[at];
}

static void grow(struct probe_frames *f)
{
	const struct probe_frames old = *f;
	f->cap *= 2;
	f->slots = message_need_memory(calloc(f->cap, sizeof *f->slots));
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].target)
			*slot_of(f, old.slots[i].target) = old.slots[i];
	free(old.slots);
}

static uint64_t target_of(const struct probe_frames *f, const struct sonde_scan_verdict *v)
{
	return 1 + v->host * f->n_ports + v->port;
}

int probe_frames_open(struct probe_frames *f, uint32_t n_ports)
{
	*f = (struct probe_frames){ .cap = FIRST_CAP, .n_ports = n_ports };
	f->slots = calloc(f->cap, sizeof *f->slots);
	return f->slots ? 0 : message_out_of_memory();
}

void probe_frames_put(struct probe_frames *f, const struct sonde_scan_verdict *v)
{
	if (!f->slots)
		return;
	if (f->n >= f->cap / 2)
		grow(f);
	struct probe_frame *slot = slot_of(f, target_of(f, v));
	f->n += !slot->target;
	*slot = (struct probe_frame){ target_of(f, v), v->number };
}

uint64_t probe_frames_of(const struct probe_frames *f, const struct sonde_scan_verdict *v)
{
	return f && f->slots ? slot_of(f, target_of(f, v))->number : 0;
}

void probe_frames_close(struct probe_frames *f)
{
	free(f->slots);
	*f = (struct probe_frames){ .slots = NULL };
}

#include "tools/common/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "packet/match.h"
#include "packet/notation.h"
#include "packet/overlay.h"
#include "packet/print.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define LINE_ROOM (4 * (size_t)SONDE_MAX_FRAME + 65536)

int overlay_open(struct overlay *v, const struct options *o)
{
	struct sonde_error e = { 0 };
	*v = (struct overlay){ .o = o };
	if (o->n_set && !(v->line = malloc(LINE_ROOM))) {
		message("out of memory");
		return STATUS_SYSTEM;
	}
	for (unsigned i = 0; i < o->n_set; i++) {
		if (!sonde_notation_parse(&v->over[i], o->set[i], strlen(o->set[i]), NULL, &e))
			continue;
		message_error(&e);
		return STATUS_USAGE;
	}
	return 0;
}

void overlay_close(struct overlay *v)
{
	for (unsigned i = 0; v->o && i < v->o->n_set; i++)
		sonde_spec_free(&v->over[i]);
	sonde_spec_free(&v->base);
	free(v->line);
}

static bool has_layer(const struct sonde_spec *s, const struct sonde_proto *proto)
{
	for (unsigned i = 0; i < s->n_layers; i++)
		if (s->layers[i].proto == proto)
			return true;
	return false;
}

/* Targets may be of both families; what is written over one of them only is worth a word. */
static void note_idle(struct overlay *v, unsigned i)
{
	if (v->idle[i] || v->over[i].n_layers == 0 || has_layer(&v->base, v->over[i].layers[0].proto))
		return;
	v->idle[i] = true;
	message("--set '%s': there are packets without a layer %s, and those stay as they are", v->o->set[i],
		v->over[i].layers[0].proto->name);
}

static int lay(struct overlay *v, const char **which)
{
	for (unsigned i = 0; i < v->o->n_set; i++) {
		struct sonde_spec merged = { 0 };
		note_idle(v, i);
		int err = sonde_spec_overlay(&merged, &v->base, &v->over[i]);
		sonde_spec_free(&v->base);
		v->base = merged;
		*which = v->o->set[i];
		if (err)
			return err;
	}
	return 0;
}

static bool goes_to(const struct sonde_packet *p, const struct sonde_addr *target)
{
	struct sonde_ask ask;
	return sonde_ask_of(&ask, p) == 0 && memcmp(ask.dst.bytes, target->bytes, sizeof target->bytes) == 0;
}

/* Packets take the way of text: printed, read, overlaid and built. */
int overlay_apply(struct overlay *v, struct sonde_packet *p, uint64_t k, const struct sonde_addr *target)
{
	struct sonde_error e = { 0 };
	const char *which = "";
	if (!v->o->n_set)
		return 0;
	struct sonde_text t = sonde_text(v->line, LINE_ROOM);
	sonde_settle_sizes(p, false);
	sonde_print(&t, p);
	int err = sonde_notation_parse(&v->base, v->line, t.len, NULL, &e);
	if (!err && (err = lay(v, &which)))
		sonde_fail(&e, err, "--set '%s': %s", which, sonde_strerror(err));
	/* Sets are gone through packet by packet. */
	uint64_t count = err ? 1 : sonde_spec_count(&v->base, false);
	sonde_packet_init(p, p->data, p->cap);
	if (!err)
		err = sonde_spec_packet(p, &v->base, k % count, v->o->seed + k, false, &e);
	if (!err && !goes_to(p, target))
		err = sonde_fail(&e, SONDE_E_RANGE, "--set: packets go to the targets, and nowhere else");
	if (err)
		message_error(&e);
	return err ? STATUS_USAGE : 0;
}

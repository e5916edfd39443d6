#include "tools/common/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "packet/match.h"
#include "packet/overlay.h"
#include "packet/print.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

int overlay_open(struct overlay *v, const struct options *o)
{
	struct sonde_error e = { 0 };
	*v = (struct overlay){ .o = o };
	const struct sonde_notation_env env = lookup_env(&v->lookup, true);
	if (o->n_set && !(v->text = malloc(SONDE_PRINT_ROOM)))
		return message_out_of_memory();
	for (unsigned i = 0; i < o->n_set; i++) {
		if (!sonde_notation_parse(&v->over[i], o->set[i], strlen(o->set[i]), &env, &e))
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
	lookup_free(&v->lookup);
	sonde_spec_free(&v->packet);
	sonde_spec_free(&v->merged);
	free(v->text);
}

static bool has_layer(const struct sonde_spec *s, const struct sonde_proto *proto)
{
	for (unsigned i = 0; i < s->n_layers; i++)
		if (s->layers[i].proto == proto)
			return true;
	return false;
}

/* Tell the user once that a --set does not apply to some packets. */
static void note_idle(struct overlay *v, const struct sonde_spec *s, unsigned i)
{
	if (v->idle[i] || v->over[i].n_layers == 0 || has_layer(s, v->over[i].layers[0].proto))
		return;
	v->idle[i] = true;
	message("--set '%s': there are packets without a layer %s, and those stay as they are", v->o->set[i],
		v->over[i].layers[0].proto->name);
}

int overlay_lay(struct overlay *v, struct sonde_spec *s)
{
	for (unsigned i = 0; i < v->o->n_set; i++) {
		note_idle(v, s, i);
		int err = sonde_spec_overlay(&v->merged, s, &v->over[i]);
		if (err) {
			message_code(err, "--set '%s'", v->o->set[i]);
			return STATUS_USAGE;
		}
		struct sonde_spec without = *s;
		*s = v->merged;
		v->merged = without;
	}
	return 0;
}

static bool goes_to(const struct sonde_packet *p, const struct sonde_addr *target)
{
	struct sonde_question ask;
	return sonde_question_of(&ask, p) == 0 && sonde_addr_equal_bytes(&ask.dst, target);
}

/* The packet is printed as notation, parsed, overlaid and built again. */
int overlay_apply(struct overlay *v, struct sonde_packet *p, uint64_t k, const struct sonde_addr *target)
{
	struct sonde_error e = { 0 };
	if (!v->o->n_set)
		return 0;
	struct sonde_text t = sonde_text(v->text, SONDE_PRINT_ROOM);
	struct sonde_incomplete_sums kept;
	uint32_t missing = p->missing;
	sonde_size_layers(p, false);
	sonde_print(&t, p);
	int err = sonde_notation_parse(&v->packet, v->text, t.len, NULL, &e);
	v->packet.scope = p->scope;
	sonde_incomplete_sums_find(&kept, p, false);
	for (unsigned i = 0; i < v->o->n_set; i++)
		sonde_incomplete_sums_drop(&kept, &v->over[i]);
	int status = err ? 0 : overlay_lay(v, &v->packet);
	if (status)
		return status;
	if (!err)
		err = sonde_spec_packet(p, &v->packet, k % sonde_spec_count(&v->packet, false), v->o->seed + k, false,
					&e);
	p->missing = missing;
	if (!err && kept.n)
		sonde_incomplete_sums_update(p, &kept);
	if (!err && target && !goes_to(p, target))
		err = sonde_fail(&e, SONDE_E_RANGE, "--set: packets go to the targets, and nowhere else");
	if (err)
		message_error(&e);
	return err ? STATUS_USAGE : 0;
}

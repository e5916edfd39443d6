#include "packet/script.h"

#include <errno.h>
#include <stdlib.h>

#include "packet/notation_parser.h"
#include "packet/overlay.h"
#include "packet/pattern.h"
#include "packet/reference.h"

/* The state of reading a script. */
struct reader {
	struct sonde_script *out;
	const struct sonde_notation_env *env;
	struct sonde_spec base, mirrored; /* `default`, and its other end */
	struct sonde_spec written;        /* of the line at hand */
	unsigned line;
	struct sonde_error *e;
};

/* The next line of a text; false at the end. */
static bool next_line(struct sonde_view *line, const char **at, const char *end)
{
	if (*at >= end)
		return false;
	const char *newline = memchr(*at, '\n', (size_t)(end - *at));
	*line = sonde_view(*at, (size_t)((newline ? newline : end) - *at));
	*at = newline ? newline + 1 : end;
	return true;
}

/* Whether some value of a packet is a reference. */
static bool refers(struct sonde_view packet)
{
	struct sonde_lexer lx = sonde_lexer_text((const char *)packet.data, packet.len);
	struct sonde_token t;
	while (sonde_lexer_next(&lx, &t)) {
		const char *equals = memchr(t.s, '=', t.len);
		const char *value = equals ? equals + 1 : t.s;
		if (sonde_has_ref(value, (size_t)(t.s + t.len - value)) && (equals || *t.s == '@'))
			return true;
	}
	return false;
}

bool sonde_script_is(const char *text, size_t len)
{
	struct sonde_view line;
	struct sonde_file_line parts;
	for (const char *at = text; next_line(&line, &at, text + len);) {
		if (sonde_notation_line(&parts, (const char *)line.data, line.len, NULL))
			continue;
		if (parts.kind == SONDE_LINE_WAIT || parts.kind == SONDE_LINE_DEFAULT || parts.mark == '<')
			return true;
		if (parts.kind == SONDE_LINE_PACKET && refers(parts.packet))
			return true;
	}
	return false;
}

/* --- Checks ------------------------------------------------------------------------------------------------------ */

static bool same_name(struct sonde_view a, struct sonde_view b)
{
	return a.len > 0 && sonde_view_equal(a, b);
}

/* Whether a packet of that name is there before the line at hand, which is not a step yet. */
static int known(void *arg, struct sonde_view name, struct sonde_error *e)
{
	const struct reader *r = arg;
	for (size_t i = 0; i < r->out->n; i++)
		if (name.len ? same_name(r->out->steps[i].name, name) : r->out->steps[i].kind == SONDE_STEP_EXPECT)
			return 0;
	if (!name.len)
		sonde_fail(e, SONDE_E_UNKNOWN, "@.: no line before this one waits for a packet");
	else
		sonde_fail(e, SONDE_E_UNKNOWN, "@%.*s: no line before this one has that name", (int)name.len,
			   (const char *)name.data);
	return SONDE_E_UNKNOWN;
}

static int check_send(struct reader *r, struct sonde_step *step)
{
	uint8_t *room;
	struct sonde_packet p;
	step->count = sonde_spec_count(&step->spec, false);
	if (step->spec.has_refs && !step->spec.is_pattern)
		return 0;
	room = malloc(SONDE_MAX_FRAME);
	if (!room)
		return sonde_fail(r->e, -ENOMEM, "out of memory");
	sonde_packet_init(&p, room, SONDE_MAX_FRAME);
	int err = sonde_spec_packet(&p, &step->spec, 0, 0, false, r->e);
	free(room);
	return err;
}

/* The one value that a spec's address has, whichever layer has it; NULL: none, or several. */
static const struct sonde_spec_range *only_address(const struct sonde_spec *s, enum sonde_role role)
{
	const struct sonde_spec_range *found = NULL;
	for (unsigned i = 0; i < s->n_layers; i++) {
		const struct sonde_spec_layer *l = &s->layers[i];
		for (uint32_t k = 0; k < l->n_fields && SONDE_WIDTH(l->proto->dst_place); k++) {
			const struct sonde_spec_field *f = &s->fields[l->field + k];
			if (l->proto->fields[f->row].role != role || f->trailer)
				continue;
			if (found || f->type != SONDE_SPEC_SET || f->n != 1 || f->negated)
				return NULL;
			found = &s->ranges[f->start];
		}
	}
	return found && found->first == found->last ? found : NULL;
}

/* What goes to an address that nothing was sent from is not of this conversation. */
static int check_expect(struct reader *r, const struct sonde_step *step)
{
	const struct sonde_spec_range *dst = only_address(&step->spec, SONDE_ROLE_DESTINATION);
	bool sent = false;
	struct sonde_spec resolved = step->spec;
	resolved.has_refs = false; /* of what they give, nothing is known yet */
	int err = sonde_pattern_check(&resolved, r->e);
	for (size_t i = 0; i < r->out->n && dst && !err; i++) {
		const struct sonde_step *s = &r->out->steps[i];
		const struct sonde_spec_range *src = only_address(&s->spec, SONDE_ROLE_SOURCE);
		if (s->kind != SONDE_STEP_SEND)
			continue;
		if (!src || src->first == dst->first)
			return 0;
		sent = true;
	}
	if (err || !sent)
		return err;
	sonde_fail(r->e, SONDE_E_RANGE, "this can never match: no line before it is sent from the address that the "
					"packet would go to");
	sonde_hint(r->e, "in lines with <, the peer is the source, and we are the destination");
	return SONDE_E_RANGE;
}

/* --- Lines ------------------------------------------------------------------------------------------------------- */

static struct sonde_step *add_step(struct reader *r)
{
	struct sonde_script *s = r->out;
	if (s->n == s->cap) {
		size_t cap = s->cap ? 2 * s->cap : 16;
		struct sonde_step *steps = realloc(s->steps, cap * sizeof *steps);
		if (!steps)
			return NULL;
		s->steps = steps;
		s->cap = cap;
	}
	s->steps[s->n] = (struct sonde_step){ .line = r->line };
	return &s->steps[s->n];
}

static int read_spec(struct reader *r, struct sonde_spec *out, struct sonde_view text, bool pattern)
{
	struct sonde_notation_env env = r->env ? *r->env : (struct sonde_notation_env){ 0 };
	env.pattern = pattern;
	return sonde_notation_parse(out, (const char *)text.data, text.len, &env, r->e);
}

static int read_default(struct reader *r, const struct sonde_file_line *line)
{
	int err = read_spec(r, &r->base, line->packet, false);
	if (!err && (r->base.is_pattern || r->base.has_refs))
		return sonde_fail(r->e, SONDE_E_UNSUPPORTED, "default: values expected, no patterns and no references");
	return err ? err : sonde_spec_mirror(&r->mirrored, &r->base);
}

static int read_packet(struct reader *r, const struct sonde_file_line *line)
{
	bool pattern = line->mark == '<';
	for (size_t i = 0; i < r->out->n; i++)
		if (same_name(r->out->steps[i].name, line->name))
			return sonde_fail(r->e, SONDE_E_TWICE, "%.*s: line %u has that name already",
					  (int)line->name.len, (const char *)line->name.data, r->out->steps[i].line);
	struct sonde_step *step = add_step(r);
	int err = step ? read_spec(r, &r->written, line->packet, pattern) : sonde_fail(r->e, -ENOMEM, "out of memory");
	if (err)
		return err;
	step->kind = pattern ? SONDE_STEP_EXPECT : SONDE_STEP_SEND;
	step->name = line->name;
	step->text = line->packet;
	err = sonde_spec_underlay(&step->spec, pattern ? &r->mirrored : &r->base, &r->written);
	if (!err)
		err = sonde_references_check(&step->spec, known, r, r->e);
	if (!err)
		err = pattern ? check_expect(r, step) : check_send(r, step);
	if (err)
		sonde_spec_free(&step->spec);
	else
		r->out->n++;
	return err;
}

static int read_wait(struct reader *r, const struct sonde_file_line *line)
{
	struct sonde_step *step = add_step(r);
	if (!step)
		return sonde_fail(r->e, -ENOMEM, "out of memory");
	step->kind = SONDE_STEP_WAIT;
	step->wait_ns = line->wait_ns;
	r->out->n++;
	return 0;
}

static int read_line(struct reader *r, struct sonde_view text)
{
	struct sonde_file_line line;
	int err = sonde_notation_line(&line, (const char *)text.data, text.len, r->e);
	if (err || line.kind == SONDE_LINE_EMPTY)
		return err;
	return line.kind == SONDE_LINE_WAIT      ? read_wait(r, &line)
	       : line.kind == SONDE_LINE_DEFAULT ? read_default(r, &line)
						 : read_packet(r, &line);
}

static void free_reader(struct reader *r)
{
	sonde_spec_free(&r->base);
	sonde_spec_free(&r->mirrored);
	sonde_spec_free(&r->written);
	free(r);
}

int sonde_script_parse(struct sonde_script *out, const char *text, size_t len, const struct sonde_notation_env *env,
		       unsigned *line, struct sonde_error *e)
{
	struct reader *r = calloc(1, sizeof *r);
	struct sonde_view one;
	int err = 0;
	*line = 0;
	if (!r)
		return sonde_fail(e, -ENOMEM, "out of memory");
	r->out = out, r->env = env, r->e = e;
	for (const char *at = text; !err && next_line(&one, &at, text + len);) {
		r->line++;
		err = read_line(r, one);
	}
	*line = r->line;
	free_reader(r);
	return err;
}

void sonde_script_free(struct sonde_script *s)
{
	for (size_t i = 0; i < s->n; i++)
		sonde_spec_free(&s->steps[i].spec);
	free(s->steps);
	*s = (struct sonde_script){ 0 };
}

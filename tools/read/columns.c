#include "tools/read/columns.h"

#include <string.h>

#include "base/escape.h"
#include "tools/common/options.h"
#include "tools/read/print.h"

#define NAME_LEN 100

static const char *const frame_names[COLUMN_N] = {
	[COLUMN_NUMBER] = "number", [COLUMN_TIME] = "time",       [COLUMN_RELATIVE] = "relative",
	[COLUMN_DELTA] = "delta",   [COLUMN_WIRE] = "wire",       [COLUMN_CAPLEN] = "caplen",
	[COLUMN_IFACE] = "iface",   [COLUMN_DIR] = "dir",         [COLUMN_LINK] = "link",
	[COLUMN_COMMENT] = "comment", [COLUMN_PROTOCOLS] = "protocols",
};

/* --- Choosing ----------------------------------------------------------------------------------------------------- */

static int no_frame_field(const char *name)
{
	struct sonde_nearest nearest = { name, strlen(name), NULL, 0 };
	for (unsigned i = 1; i < COLUMN_N; i++)
		sonde_nearest_offer(&nearest, frame_names[i]);
	if (nearest.best)
		return option_bad("-T frame.%s: no such field (did you mean 'frame.%s'?)", name, nearest.best);
	return option_bad("-T frame.%s: frame has number time relative delta wire caplen iface dir link comment "
			  "protocols", name);
}

static int no_field(const char *name)
{
	const char *dot = strchr(name, '.');
	if (!dot)
		return option_bad("-T %s: a field is PROTOCOL.FIELD, such as ip.src (sonde help fields lists them)",
				  name);
	const struct sonde_proto *proto = sonde_proto_by_name(name, (size_t)(dot - name));
	struct sonde_nearest nearest = { dot + 1, strlen(dot + 1), NULL, 0 };
	if (!proto) {
		nearest = (struct sonde_nearest){ name, (size_t)(dot - name), NULL, 0 };
		for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
			sonde_nearest_offer(&nearest, (*p)->name);
		return nearest.best ? option_bad("-T %s: no such protocol (did you mean '%s%s'?)", name, nearest.best,
						 dot)
				    : option_bad("-T %s: no such protocol (sonde help fields lists them)", name);
	}
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		sonde_nearest_offer(&nearest, f->name);
	return nearest.best ? option_bad("-T %s: no such field (did you mean '%s.%s'?)", name, proto->name,
					 nearest.best)
			    : option_bad("-T %s: no such field (sonde help fields %s)", name, proto->name);
}

static int add_column(struct columns *c, const char *name)
{
	if (c->n == COLUMNS_MOST)
		return option_bad("-T: more than %d fields", COLUMNS_MOST);
	unsigned at = c->n++;
	c->of[at].frame = COLUMN_FIELD;
	if (strncmp(name, "frame.", 6) == 0) {
		for (unsigned i = 1; i < COLUMN_N; i++)
			if (strcmp(frame_names[i], name + 6) == 0)
				c->of[at].frame = (enum column_of_frame)i;
		return c->of[at].frame ? 0 : no_frame_field(name + 6);
	}
	c->of[at].field = sonde_field(name);
	c->of[at].one = strchr(name, '#') != NULL;
	return c->of[at].field.proto ? 0 : no_field(name);
}

int columns_parse(struct columns *c, const char *arg)
{
	for (;;) {
		char name[NAME_LEN];
		size_t len = strcspn(arg, ",");
		if (len >= sizeof name)
			return option_bad("-T %.*s...: no such field", NAME_LEN / 2, arg);
		memcpy(name, arg, len);
		name[len] = 0;
		int err = add_column(c, name);
		if (err || arg[len] == 0)
			return err;
		arg += len + 1;
	}
}

/* --- Printing ----------------------------------------------------------------------------------------------------- */

/* Tabs and line ends separate, and what moves a cursor is none of our text. */
static void print_escaped(struct sonde_text *t, struct sonde_view v)
{
	for (size_t i = 0, n; i < v.len; i += n + 1) {
		for (n = 0; i + n < v.len && !memchr("\t\n\\", v.data[i + n], 3); n++)
			;
		sonde_foreign_print(t, sonde_view_sub(v, i, n));
		if (i + n < v.len)
			sonde_text_str(t, v.data[i + n] == '\t' ? "\\t" : v.data[i + n] == '\n' ? "\\n" : "\\\\");
	}
}

static void print_protocols(struct sonde_text *t, const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers; i++) {
		sonde_text_str(t, i ? ":" : "");
		sonde_text_str(t, p->layers[i].proto->name);
	}
}

static void print_of_frame(struct sonde_text *t, struct printer *p, const struct print_frame *f,
			   enum column_of_frame which)
{
	const struct sonde_record *rec = f->record;
	char time[SONDE_TIME_STRLEN];
	sonde_time from = which == COLUMN_TIME ? 0 : which == COLUMN_DELTA ? p->clock.last : p->clock.first;
	switch (which) {
	case COLUMN_NUMBER: sonde_text_uint(t, f->number); return;
	case COLUMN_WIRE: sonde_text_uint(t, rec->wire_len); return;
	case COLUMN_CAPLEN: sonde_text_uint(t, rec->bytes.len); return;
	case COLUMN_LINK: sonde_text_uint(t, rec->link); return;
	case COLUMN_COMMENT: print_escaped(t, rec->comment); return;
	case COLUMN_PROTOCOLS: print_protocols(t, f->packet); return;
	case COLUMN_IFACE:
		if (f->iface)
			print_escaped(t, sonde_view(f->iface, strlen(f->iface)));
		return;
	case COLUMN_DIR:
		sonde_text_str(t, rec->direction == SONDE_INBOUND    ? "in"
				  : rec->direction == SONDE_OUTBOUND ? "out"
								     : "");
		return;
	default: break;
	}
	if (rec->timeless)
		return;
	if (which != COLUMN_TIME && !p->clock.any)
		from = rec->time;
	/* The difference of any two times may not fit, and wraps. */
	sonde_text_str(t, sonde_time_format(time, (sonde_time)((uint64_t)rec->time - (uint64_t)from)));
}

/* The values in all layers of the protocol, from the outside in. */
static void print_field(struct sonde_text *t, const struct sonde_packet *p, struct sonde_field_ref f, bool one)
{
	size_t start = t->len;
	for (int i = 0; i < p->n_layers + p->n_trailers; i++) {
		size_t before = t->len;
		if (p->layers[i].proto != f.proto)
			continue;
		sonde_text_str(t, before > start ? "," : "");
		if (sonde_field_print(t, p, f))
			sonde_text_cut(t, before);
		if (one)
			return;
		f.nth++;
	}
}

int print_columns(struct printer *p, const struct print_frame *f)
{
	const struct columns *c = &p->r->columns;
	struct sonde_text t = sonde_text(p->text, SONDE_TREE_ROOM);
	for (unsigned i = 0; i < c->n; i++) {
		sonde_text_str(&t, i ? "\t" : "");
		if (c->of[i].frame)
			print_of_frame(&t, p, f, c->of[i].frame);
		else
			print_field(&t, f->packet, c->of[i].field, c->of[i].one);
	}
	sonde_text_char(&t, '\n');
	print_put(&t);
	return 0;
}

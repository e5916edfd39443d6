/* sonde read -o line: a packet a line, for people. */
#include <string.h>

#include "base/escape.h"
#include "packet/rules.h"
#include "tools/common/colour.h"
#include "tools/read/print.h"

#define MOST_IFACE 8 /* columns; longer names are not aligned */

/* Protocols that are told apart by colour: the rest has none. */
static const char *colour_of(void *arg, const char *name)
{
	static const struct { const char *name, *code; } colours[] = {
		{ "tcp", "\033[36m" },   { "udp", "\033[34m" },  { "sctp", "\033[36m" }, { "icmp", "\033[35m" },
		{ "icmp6", "\033[35m" }, { "igmp", "\033[35m" }, { "arp", "\033[33m" },
	};
	(void)arg;
	for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
		if (strcmp(colours[i].name, name) == 0)
			return colours[i].code;
	return NULL;
}

static void pad(struct sonde_text *t, size_t start, size_t width)
{
	while (t->len - start < width)
		sonde_text_char(t, ' ');
}

/* The interface where there are several, and the direction, in columns. */
static void print_place(struct printer *p, struct sonde_text *t, const struct print_frame *f)
{
	bool inbound = f->record->direction == SONDE_INBOUND, outbound = f->record->direction == SONDE_OUTBOUND;
	size_t start = t->len;
	if (f->iface && f->several_ifaces) {
		sonde_foreign_print(t, sonde_view(f->iface, strlen(f->iface)));
		if (t->len - start > p->iface_width)
			p->iface_width = t->len - start < MOST_IFACE ? t->len - start : MOST_IFACE;
		pad(t, start, p->iface_width);
		sonde_text_char(t, ' ');
	}
	if (inbound || outbound)
		sonde_text_str(t, inbound ? "in  " : "out ");
}

/* A verdict that `sonde send` or `sonde ping` wrote begins with its state. */
static enum colour colour_of_comment(struct sonde_view comment)
{
	for (unsigned i = SONDE_STATE_OPEN; i <= SONDE_STATE_ON_THE_WAY; i++) {
		const char *name = sonde_state_name((enum sonde_state)i);
		size_t len = strlen(name);
		if (len < comment.len && memcmp(comment.data, name, len) == 0 && comment.data[len] == ':')
			return colour_of_state((enum sonde_state)i);
	}
	return COLOUR_NONE;
}

static void print_comment(const struct printer *p, struct sonde_text *t, struct sonde_view comment)
{
	if (!comment.len)
		return;
	enum colour colour = p->colour ? colour_of_comment(comment) : COLOUR_NONE;
	sonde_text_str(t, colour_code(colour));
	comment_print(t, comment);
	sonde_text_str(t, colour == COLOUR_NONE ? "" : COLOUR_END);
}

int print_line(struct printer *p, const struct print_frame *f)
{
	static const struct sonde_line_paint paint = {
		.proto = colour_of, .doubt = "\033[31m", .end = COLOUR_END,
	};
	struct sonde_text t = sonde_text(p->text, SONDE_TREE_ROOM);
	struct sonde_line_style style = {
		.outer = p->o->verbosity > 0, .link = p->r->link, .columns = &p->columns,
		.paint = p->colour ? &paint : NULL,
		.name = p->o->names ? names_print : NULL, .arg = &p->names,
	};
	if (!p->r->absolute)
		sonde_relatives_track(&p->relatives, &style.seq_from, &style.ack_from, f->packet);
	if (!f->record->timeless)
		print_clock(&p->clock, &t, f->record->time, false);
	print_place(p, &t, f);
	sonde_print_line(&t, f->packet, &style);
	print_comment(p, &t, f->record->comment);
	sonde_text_char(&t, '\n');
	print_put(&t);
	return 0;
}

/* The forms in which `sonde read` prints frames. */
#include "tools/read/print.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "packet/print.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/status.h"

/* One form of output. Its functions return 0 or an exit status after a message. */
struct print_form {
	bool infers; /* it needs the marks of sonde_infer, always */
	int (*print)(struct printer *p, const struct print_frame *f);
	int (*end)(struct printer *p); /* or NULL */
};

void print_put(const struct sonde_text *t)
{
	fwrite(t->data, 1, sonde_text_fits(t) ? t->len : t->cap - 1, stdout);
}

static int print_packets(struct printer *p, const struct print_frame *f)
{
	const struct sonde_record *rec = f->record;
	const char *omit = p->r->omit;
	struct sonde_text t = sonde_text(p->text, SONDE_TREE_ROOM);
	struct sonde_frame_info info = {
		.has_time = !rec->timeless && !omit_has(omit, "frame", "time"),
		.time = rec->time, .wire_len = rec->wire_len,
		.link = rec->link, .iface = omit_has(omit, "frame", "iface") ? NULL : f->iface,
		.dir = omit_has(omit, "frame", "dir") ? 0 : rec->direction,
	};
	if (!omit_has(omit, "frame", "comment"))
		info.comment = rec->comment;
	omit_fields(f->packet, omit);
	sonde_print_frame(&t, f->packet, &info);
	sonde_print_for_shell(&t, 0);
	sonde_text_char(&t, '\n');
	print_put(&t);
	return 0;
}

void print_where(struct sonde_text *t, const struct print_frame *f)
{
	const struct sonde_record *rec = f->record;
	if (f->iface) {
		sonde_foreign_print(t, sonde_view(f->iface, strlen(f->iface)));
		sonde_text_char(t, ' ');
	}
	if (rec->direction == SONDE_INBOUND || rec->direction == SONDE_OUTBOUND)
		sonde_text_str(t, rec->direction == SONDE_INBOUND ? "in " : "out ");
}

/* The line above a tree or a dump. */
static void print_head(struct printer *p, struct sonde_text *t, const struct print_frame *f)
{
	if (!f->record->timeless)
		print_clock(&p->clock, t, f->record->time, true);
	print_where(t, f);
	sonde_text_fmt(t, "#%llu, %u bytes of %u", (unsigned long long)f->number, (unsigned)f->record->bytes.len,
		       (unsigned)f->record->wire_len);
	if (f->record->comment.len)
		comment_print(t, f->record->comment);
	sonde_text_char(t, '\n');
}

static int print_tree(struct printer *p, const struct print_frame *f)
{
	struct sonde_text t = sonde_text(p->text, SONDE_TREE_ROOM);
	print_head(p, &t, f);
	sonde_print_tree(&t, f->packet);
	sonde_text_char(&t, '\n');
	print_put(&t);
	return 0;
}

static int print_hex(struct printer *p, const struct print_frame *f)
{
	struct sonde_text t = sonde_text(p->text, SONDE_TREE_ROOM);
	print_head(p, &t, f);
	sonde_print_hex(&t, f->record->bytes);
	sonde_text_char(&t, '\n');
	print_put(&t);
	return 0;
}

static const struct print_form *form_of(const struct options *o, const struct read_options *r)
{
	static const struct print_form forms[] = {
		[READ_LINE] = { .print = print_line },
		[READ_PACKETS] = { .print = print_packets, .infers = true },
		[READ_TREE] = { .print = print_tree },
		[READ_HEX] = { .print = print_hex },
		[READ_COLUMNS] = { .print = print_columns },
	};
	static const struct print_form json = { .print = print_json, .infers = true };
	static const struct print_form follow = { .print = follow_frame, .end = follow_end };
	static const struct print_form stats = { .print = stats_count, .end = stats_print };
	if (options_write_stdout(o) || r->count || r->coverage)
		return NULL;
	if (r->stats || r->follows)
		return r->stats ? &stats : &follow;
	return o->json ? &json : &forms[r->form];
}

int print_open(struct printer *p, const struct options *o, const struct read_options *r)
{
	*p = (struct printer){ .o = o, .r = r, .form = form_of(o, r), .clock.stamp = r->stamp };
	p->text = malloc(SONDE_TREE_ROOM);
	if (!p->text || sonde_relatives_init(&p->relatives, sonde_key_from_seed(o->seed)))
		return message_out_of_memory();
	if (r->stats && !(p->stats = calloc(1, sizeof *p->stats)))
		return message_out_of_memory();
	if (r->follows && follow_open(p))
		return STATUS_SYSTEM;
	sonde_originators_init(&p->originators, sonde_key_from_seed(o->seed));
	p->colour = output_has_colour(stdout);
	json_open(&p->json, stdout);
	return 0;
}

void print_close(struct printer *p)
{
	json_close(&p->json);
	names_close(&p->names);
	sonde_originators_free(&p->originators);
	sonde_relatives_free(&p->relatives);
	follow_close(p);
	free(p->stats);
	free(p->text);
}

int print_frame(struct printer *p, const struct print_frame *f)
{
	int status = 0;
	if (p->form && p->form->infers)
		sonde_infer(f->packet);
	if (p->form)
		status = p->form->print(p, f);
	print_clock_passed(&p->clock, f->record);
	return status;
}

int print_end(struct printer *p)
{
	return p->form && p->form->end ? p->form->end(p) : 0;
}

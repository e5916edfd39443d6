/* The forms in which `sonde read` prints frames. */
#include "tools/read/print.h"

#include <stdlib.h>

#include "packet/print.h"
#include "tools/common/message.h"

/* One form of output. print returns 0 or an exit status after a message. */
struct print_form {
	bool infers; /* it needs the marks of sonde_infer */
	int (*print)(struct printer *p, const struct print_frame *f);
};

static void put_text(const struct sonde_text *t)
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
	put_text(&t);
	return 0;
}

/* The time, the interface and the direction of the frame, as far as they are known. */
static void begin_text(struct printer *p, struct sonde_text *t, const struct print_frame *f)
{
	const struct sonde_record *rec = f->record;
	if (!rec->timeless)
		print_clock(&p->clock, t, rec->time);
	if (f->iface)
		sonde_text_fmt(t, "%s ", f->iface);
	if (rec->direction == SONDE_INBOUND || rec->direction == SONDE_OUTBOUND)
		sonde_text_str(t, rec->direction == SONDE_INBOUND ? "in " : "out ");
}

static void print_comment(struct sonde_text *t, const struct sonde_record *rec)
{
	if (rec->comment.len)
		comment_print(t, rec->comment);
}

static int print_line(struct printer *p, const struct print_frame *f)
{
	struct sonde_text t = sonde_text(p->text, SONDE_TREE_ROOM);
	const struct sonde_line_style style = {
		.outer = p->o->verbosity > 0, .name = p->o->names ? names_print : NULL, .arg = &p->names,
	};
	begin_text(p, &t, f);
	sonde_print_line(&t, f->packet, &style);
	print_comment(&t, f->record);
	sonde_text_char(&t, '\n');
	put_text(&t);
	return 0;
}

/* The line above a tree or a dump. */
static void print_head(struct printer *p, struct sonde_text *t, const struct print_frame *f)
{
	begin_text(p, t, f);
	sonde_text_fmt(t, "#%llu, %u bytes of %u", (unsigned long long)f->number, (unsigned)f->record->bytes.len,
		       (unsigned)f->record->wire_len);
	print_comment(t, f->record);
	sonde_text_char(t, '\n');
}

static int print_tree(struct printer *p, const struct print_frame *f)
{
	struct sonde_text t = sonde_text(p->text, SONDE_TREE_ROOM);
	print_head(p, &t, f);
	sonde_print_tree(&t, f->packet);
	sonde_text_char(&t, '\n');
	put_text(&t);
	return 0;
}

static int print_hex(struct printer *p, const struct print_frame *f)
{
	struct sonde_text t = sonde_text(p->text, SONDE_TREE_ROOM);
	print_head(p, &t, f);
	sonde_print_hex(&t, f->record->bytes);
	sonde_text_char(&t, '\n');
	put_text(&t);
	return 0;
}

static const struct print_form *form_of(const struct options *o, const struct read_options *r)
{
	static const struct print_form forms[] = {
		[READ_LINE] = { true, print_line },
		[READ_PACKETS] = { true, print_packets },
		[READ_TREE] = { false, print_tree },
		[READ_HEX] = { false, print_hex },
	};
	static const struct print_form json = { true, print_json };
	if (options_write_stdout(o) || r->count || r->coverage)
		return NULL;
	return o->json ? &json : &forms[r->form];
}

int print_open(struct printer *p, const struct options *o, const struct read_options *r)
{
	*p = (struct printer){ .o = o, .r = r, .form = form_of(o, r), .clock.stamp = r->stamp };
	p->text = malloc(SONDE_TREE_ROOM);
	if (!p->text)
		return message_out_of_memory();
	sonde_originators_init(&p->originators, sonde_key_from_seed(o->seed));
	json_open(&p->json, stdout);
	return 0;
}

void print_close(struct printer *p)
{
	json_close(&p->json);
	names_close(&p->names);
	sonde_originators_free(&p->originators);
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

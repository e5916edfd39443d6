#include "tools/help/fields.h"

#include <stdio.h>
#include <string.h>

#include "proto/list.h"
#include "packet/field.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/help/column.h"

#define UNDER     14 /* columns before what is said of a field below its line */
#define MOST_WORDS 400

/* --- Words ------------------------------------------------------------------------------------------------------- */

struct words {
	struct sonde_name of[MOST_WORDS];
	unsigned n;
};

static void add_word(void *arg, const struct sonde_name *word)
{
	struct words *w = arg;
	if (w->n < MOST_WORDS)
		w->of[w->n++] = *word;
}

static void words_of(struct words *out, const struct sonde_row_context *ctx)
{
	out->n = 0;
	if (ctx->row->kind && ctx->row->kind->words)
		ctx->row->kind->words(ctx, add_word, out);
}

/* Whether no word before this one has its value: it is the one that is written. */
static bool is_first(const struct words *w, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (w->of[k].value == w->of[i].value)
			return false;
	return true;
}

static bool is_hex(const struct sonde_field *f)
{
	return f->kind->flags || f->space == SONDE_SPACE_ETHERTYPE;
}

/* Behind each other: net 0, host 1, ... */
static void print_words(struct column *c, const struct sonde_field *f, const struct words *w)
{
	unsigned last = w->n;
	for (unsigned i = 0; i < w->n; i++)
		last = is_first(w, i) ? i : last;
	for (unsigned i = 0; i < w->n; i++)
		if (is_first(w, i))
			column_piece(c, is_hex(f) ? "%s 0x%x%s" : "%s %u%s", w->of[i].name, w->of[i].value,
				     i == last ? "" : ",");
}

static unsigned next_of_value(const struct words *w, unsigned i)
{
	unsigned k = i + 1;
	while (k < w->n && w->of[k].value != w->of[i].value)
		k++;
	return k;
}

/* A value a line, with all of its words: the first one is written. */
static void list_words(const struct sonde_field *f, const struct words *w)
{
	for (unsigned i = 0; i < w->n; i++) {
		if (!is_first(w, i))
			continue;
		struct column c = column_begin(0, is_hex(f) ? "    0x%04x  " : "    %6u  ", w->of[i].value);
		for (unsigned k = i; k < w->n; k = next_of_value(w, k))
			column_piece(&c, "%s%s", w->of[k].name, next_of_value(w, k) < w->n ? "," : "");
		column_end(&c);
	}
}

/* The numbers by which the words of a field go, each with its words. */
typedef void by_fn(const struct sonde_field *f, const struct sonde_field *by, uint64_t v, const struct words *w);

static void each_by(const struct sonde_proto *p, const struct sonde_field *f, by_fn *print)
{
	const struct sonde_field *by = &p->fields[SONDE_ROW(f->names_by)];
	for (uint64_t v = 0; v < 256; v++) {
		const struct sonde_row_context ctx = { .row = f, .by = v };
		struct words w;
		words_of(&w, &ctx);
		if (w.n)
			print(f, by, v, &w);
	}
}

static void print_by(const struct sonde_field *f, const struct sonde_field *by, uint64_t v, const struct words *w)
{
	char text[64];
	struct sonde_text t = sonde_text(text, sizeof text);
	sonde_number_print(&t, &(struct sonde_row_context){ .row = by }, v);
	struct column c = column_begin(UNDER, "%*s%s %s:", UNDER - 4, "", by->name, text);
	print_words(&c, f, w);
	column_end(&c);
}

static void list_by(const struct sonde_field *f, const struct sonde_field *by, uint64_t v, const struct words *w)
{
	char text[64];
	struct sonde_text t = sonde_text(text, sizeof text);
	sonde_number_print(&t, &(struct sonde_row_context){ .row = by }, v);
	printf("  with %s=%s:\n", by->name, text);
	list_words(f, w);
}

/* --- What the description says ----------------------------------------------------------------------------------- */

static const char *kind_of(const struct sonde_field *f)
{
	if (f->shape == SONDE_LIST)
		return "list";
	return f->kind ? f->kind->name : f->shape == SONDE_BYTES ? "bytes" : "number";
}

static void open_value(char out[static 64], const struct sonde_field *f)
{
	struct sonde_text t = sonde_text(out, 64);
	if (f->view)
		sonde_text_str(&t, "a view");
	else if (f->open == SONDE_COMPUTED)
		sonde_text_str(&t, "computed");
	else if (f->open == SONDE_LOOKED_UP)
		sonde_text_str(&t, "looked up");
	else if (f->shape == SONDE_SCALAR)
		sonde_number_print(&t, &(struct sonde_row_context){ .row = f }, f->value);
	else
		sonde_text_str(&t, f->shape == SONDE_LIST ? "empty" : "zeros");
}

/* Under which number of another row it is there. */
static void print_condition(struct column *c, const struct sonde_field *rows, const struct sonde_when *when)
{
	static const char *const tests[] = {
		[SONDE_IS] = "is", [SONDE_IS_NOT] = "is not", [SONDE_HAS] = "has",
	};
	const struct sonde_field *by = &rows[SONDE_ROW(when->place)];
	int left = __builtin_popcountll(when->mask);
	if (when->test == SONDE_ALWAYS)
		return;
	column_piece(c, "if %s %s", by->name, tests[when->test]);
	for (unsigned i = 0; i < 64; i++) {
		char text[64];
		struct sonde_text t = sonde_text(text, sizeof text);
		if (!(when->mask >> i & 1))
			continue;
		sonde_number_print(&t, &(struct sonde_row_context){ .row = by },
				   when->test == SONDE_HAS ? UINT64_C(1) << i : when->base + i);
		left--;
		column_piece(c, "%s%s", text, left > 1 ? "," : left == 1 ? " or" : "");
	}
}

static void print_conditions(const struct sonde_field *rows, const struct sonde_field *f)
{
	if (!f->when.test)
		return;
	struct column c = column_begin(UNDER, "%*sthere", UNDER - 4, "");
	print_condition(&c, rows, &f->when);
	if (f->and_when.test)
		column_piece(&c, "and");
	print_condition(&c, rows, &f->and_when);
	column_end(&c);
}

static void print_items(const struct sonde_list *list)
{
	struct column c = column_begin(UNDER, "%*sitems:", UNDER - 4, "");
	for (const struct sonde_item *i = list->items; i->name; i++) {
		char text[200];
		struct sonde_text t = sonde_text(text, sizeof text);
		const char *joint = i->name[0] ? ":" : "";
		sonde_text_str(&t, i->name);
		for (const struct sonde_field *a = i->fields; a && a->name && !a->when.test; a++) {
			if (!sonde_is_argument(list, i->fields, a))
				continue;
			sonde_text_fmt(&t, "%s%s", joint, a->name);
			joint = ":";
		}
		column_piece(&c, "%s%s", text, i[1].name ? "," : "");
	}
	column_end(&c);
}

static void print_row_head(const struct sonde_field *f)
{
	char open[64], width[16] = "-";
	open_value(open, f);
	if (SONDE_WIDTH(f->place))
		snprintf(width, sizeof width, "%u", SONDE_WIDTH(f->place));
	struct column c = column_begin(0, "  %-12s %-7s %5s  %-11s", f->name, kind_of(f), width, open);
	column_words(&c, f->help ? f->help : "");
	column_end(&c);
	if (!f->alias)
		return;
	c = column_begin(UNDER, "%*salso:", UNDER - 4, "");
	column_words(&c, f->alias);
	column_end(&c);
}

static void print_row(const struct sonde_proto *p, const struct sonde_field *f)
{
	print_row_head(f);
	print_conditions(p->fields, f);
	if (f->shape == SONDE_LIST) {
		print_items(f->list);
		return;
	}
	if (f->names_by) {
		each_by(p, f, print_by);
		return;
	}
	const struct sonde_row_context ctx = { .row = f };
	struct words w;
	words_of(&w, &ctx);
	/* Words that many fields share are listed only where the field alone is asked for. */
	if (w.n && (f->space || f->kind == &sonde_kind_port)) {
		printf("%*swords: sonde help fields %s.%s\n", UNDER - 4, "", p->name, f->name);
	} else if (w.n) {
		struct column c = column_begin(UNDER, "%*swords:", UNDER - 4, "");
		print_words(&c, f, &w);
		column_end(&c);
	}
}

/* --- One field --------------------------------------------------------------------------------------------------- */

#define MOST_LISTS 64

/* The lists that were unfolded, each with the item and the field that it was found in: lists may hold lists of their
 * own kind, and several items the same one. */
struct unfolded {
	const struct sonde_list *lists[MOST_LISTS];
	const char *items[MOST_LISTS], *fields[MOST_LISTS];
	unsigned n;
};

static void list_items(struct unfolded *u, const struct sonde_list *list, unsigned depth);

static void unfold(struct unfolded *u, const char *item, const struct sonde_field *f, unsigned depth)
{
	unsigned i = 0;
	while (i < u->n && u->lists[i] != f->list)
		i++;
	if (i < u->n) {
		printf("%*sitems as of %s%s%s above\n", (int)depth * 2, "", u->items[i], u->items[i][0] ? " " : "",
		       u->fields[i]);
		return;
	}
	if (u->n == MOST_LISTS)
		return;
	u->lists[u->n] = f->list;
	u->items[u->n] = item;
	u->fields[u->n++] = f->name;
	list_items(u, f->list, depth);
}

static void list_items(struct unfolded *u, const struct sonde_list *list, unsigned depth)
{
	for (const struct sonde_item *i = list->items; i->name; i++) {
		if (i->name[0])
			printf("%*s%s (%u)\n", (int)depth * 2, "", i->name, i->kind);
		for (const struct sonde_field *a = i->fields; a && a->name; a++) {
			const struct sonde_row_context ctx = { .row = a };
			struct words w;
			words_of(&w, &ctx);
			struct column c = column_begin(depth * 2 + 18, "%*s%-13s", (int)depth * 2 + 4, "", a->name);
			column_words(&c, a->help ? a->help : "");
			print_condition(&c, i->fields, &a->when);
			if (w.n && a->kind != &sonde_kind_port) {
				column_end(&c);
				c = column_begin(depth * 2 + 18, "%s", "");
				print_words(&c, a, &w);
			}
			column_end(&c);
			if (a->shape == SONDE_LIST)
				unfold(u, i->name, a, depth + 2);
		}
	}
}

static void list_all_words(const struct sonde_field *f)
{
	struct words w;
	words_of(&w, &(struct sonde_row_context){ .row = f });
	list_words(f, &w);
}

static void help_field(const struct sonde_field_ref *ref)
{
	const struct sonde_field *f = ref->row;
	for (; f->name; f++) {
		if (strcmp(f->name, ref->row->name) != 0)
			continue;
		printf("%s.%s\n  field        kind     bits  left out   meaning\n", ref->proto->name, f->name);
		print_row_head(f);
		print_conditions(ref->proto->fields, f);
		if (f->shape == SONDE_LIST)
			unfold(&(struct unfolded){ .n = 0 }, "", f, 1);
		else if (f->names_by)
			each_by(ref->proto, f, list_by);
		else
			list_all_words(f);
	}
}

/* --- The frame layer --------------------------------------------------------------------------------------------- */

static const struct {
	const char *name, *help;
} frame_fields[] = {
	{ "time", "when it passed: seconds since 1970 UTC, with up to nine decimals; also before 1970: -1.5" },
	{ "wire", "bytes that it had on the wire, where fewer are there" },
	{ "iface", "name of the interface" },
	{ "dir", "in or out" },
	{ "link", "number of its link type, where the first layer does not imply it" },
	{ "comment", "words about it" },
};

static bool help_frame(const char *field)
{
	bool any = false;
	for (size_t i = 0; i < sizeof frame_fields / sizeof *frame_fields; i++) {
		if (*field && strcmp(field, frame_fields[i].name) != 0)
			continue;
		if (!any && !*field)
			puts("frame: what is known of a frame beside its bytes (never sent)\n\n"
			     "  frame time=1700000000.5 wire=1514 dir=out / ether / ip dst=10.0.0.2\n");
		any = true;
		struct column c = column_begin(0, "  %-9s", frame_fields[i].name);
		column_words(&c, frame_fields[i].help);
		column_end(&c);
	}
	return any;
}

/* --- All --------------------------------------------------------------------------------------------------------- */

static int unknown(const char *name)
{
	size_t len = strcspn(name, ".");
	const struct sonde_proto *p = sonde_proto_by_name(name, len);
	struct sonde_nearest n = { .name = p ? name + len + 1 : name, .len = p ? strlen(name + len + 1) : len };
	for (const struct sonde_field *f = p ? p->fields : NULL; f && f->name; f++)
		sonde_nearest_offer(&n, f->name);
	for (const struct sonde_proto *const *all = sonde_protos; !p && *all; all++)
		sonde_nearest_offer(&n, (*all)->name);
	if (p && n.best)
		message("%s has no field '%s' (did you mean %s.%s?)", p->name, n.name, p->name, n.best);
	else if (p)
		message("%s has no field '%s' (sonde help fields %s lists them)", p->name, n.name, p->name);
	else if (n.best)
		message("no protocol '%.*s' (did you mean %s?)", (int)len, name, n.best);
	else
		message("no protocol '%.*s' (sonde help fields lists them)", (int)len, name);
	return STATUS_USAGE;
}

static int help_name(const char *name)
{
	static const char frame[] = "frame";
	const struct sonde_field_ref ref = sonde_field(name);
	const struct sonde_proto *p = sonde_proto_by_name(name, strlen(name));
	size_t len = strcspn(name, ".");
	if (len == sizeof frame - 1 && memcmp(name, frame, len) == 0) {
		const char *field = name[len] ? name + len + 1 : "";
		if (help_frame(field))
			return STATUS_DONE;
		message("frame has no field '%s' (sonde help fields frame lists them)", field);
		return STATUS_USAGE;
	}
	if (ref.proto)
		help_field(&ref);
	if (ref.proto || !p)
		return ref.proto ? STATUS_DONE : unknown(name);
	struct column c = column_begin(2, "%s:", p->name);
	column_words(&c, p->title);
	column_piece(&c, "(%s)%s", p->source, p->alias ? ", also:" : "");
	column_words(&c, p->alias ? p->alias : "");
	column_end(&c);
	if (p->example) {
		putchar('\n');
		c = column_begin(2, "%s", "");
		column_words(&c, p->example);
		column_end(&c);
	}
	puts("\n  field        kind     bits  left out   meaning");
	for (const struct sonde_field *f = p->fields; f->name; f++)
		print_row(p, f);
	return STATUS_DONE;
}

/* Whether a row before this one has its name: messages of one protocol share names. */
static bool is_repeated(const struct sonde_proto *p, const struct sonde_field *f)
{
	for (const struct sonde_field *before = p->fields; before < f; before++)
		if (strcmp(before->name, f->name) == 0)
			return true;
	return false;
}

static void list_protocol(const struct sonde_proto *p)
{
	printf("%-9s %s (%s)\n", p->name, p->title, p->source);
	struct column c = column_begin(10, "%s", "");
	for (const struct sonde_field *f = p->fields; f->name; f++)
		if (!is_repeated(p, f))
			column_words(&c, f->name);
	if (p->fields[0].name)
		column_end(&c);
}

int help_fields(int n_names, char **names)
{
	int status = STATUS_DONE;
	for (int i = 0; i < n_names; i++) {
		int one = help_name(names[i]);
		status = one > status ? one : status;
	}
	if (n_names)
		return status;
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		list_protocol(*p);
	puts("frame     what is known of a frame beside its bytes\n"
	     "          time wire iface dir link comment");
	return status;
}

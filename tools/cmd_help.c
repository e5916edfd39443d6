/* sonde help: the commands, one command, the fields of the protocols. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "proto/proto.h"
#include "tools/cmd.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

static const char *kind_of(const struct sonde_field *f)
{
	if (f->shape == SONDE_LIST)
		return "list";
	return f->kind ? f->kind->name : f->shape == SONDE_BYTES ? "bytes" : "number";
}

static void print_open(const struct sonde_field *f)
{
	char text[64];
	struct sonde_text t = sonde_text(text, sizeof text);
	if (f->view)
		sonde_text_str(&t, "a view");
	else if (f->open == SONDE_COMPUTED)
		sonde_text_str(&t, "computed");
	else if (f->open == SONDE_LOOKED_UP)
		sonde_text_str(&t, "looked up");
	else if (f->shape == SONDE_SCALAR)
		sonde_number_print(&t, &(struct sonde_spot){ .row = f }, f->value);
	else
		sonde_text_str(&t, f->shape == SONDE_LIST ? "empty" : "zeros");
	printf("%-10s ", text);
}

static void print_condition(const struct sonde_proto *p, const struct sonde_field *f)
{
	const struct sonde_field *by = &p->fields[SONDE_ROW(f->when.place)];
	char text[400];
	struct sonde_text t = sonde_text(text, sizeof text);
	const char *joint = "";
	if (f->when.test == SONDE_ALWAYS)
		return;
	sonde_text_fmt(&t, "  [%s %s ", by->name,
		       f->when.test == SONDE_IS_NOT ? "is not"
		       : f->when.test == SONDE_HAS  ? "has"
						    : "is");
	for (unsigned i = 0; i < 64; i++) {
		if (!(f->when.mask >> i & 1))
			continue;
		sonde_text_str(&t, joint);
		sonde_number_print(&t, &(struct sonde_spot){ .row = by },
				   f->when.test == SONDE_HAS ? UINT64_C(1) << i : f->when.base + i);
		joint = ", ";
	}
	printf("%s]", text);
}

static void print_rows(const struct sonde_proto *p)
{
	for (const struct sonde_field *f = p->fields; f->name; f++) {
		char width[16] = "-";
		if (SONDE_WIDTH(f->place))
			snprintf(width, sizeof width, "%u", SONDE_WIDTH(f->place));
		printf("  %-12s %-7s %5s  ", f->name, kind_of(f), width);
		print_open(f);
		fputs(f->help ? f->help : "", stdout);
		print_condition(p, f);
		if (f->alias)
			printf("  (also: %s)", f->alias);
		putchar('\n');
		if (f->shape != SONDE_LIST)
			continue;
		for (const struct sonde_item *i = f->list->items; i->name; i++) {
			printf("    %s", i->name[0] ? i->name : "item");
			for (const struct sonde_field *a = i->fields; a && a->name; a++)
				printf(":%s", a->name);
			putchar('\n');
		}
	}
}

static int help_protocol(const char *name)
{
	const struct sonde_proto *p = sonde_proto_by_name(name, strlen(name));
	if (!p) {
		struct sonde_nearest n = { .name = name, .len = strlen(name) };
		for (const struct sonde_proto *const *all = sonde_protos; *all; all++)
			sonde_nearest_offer(&n, (*all)->name);
		if (n.best)
			message("no protocol '%s' (did you mean %s?)", name, n.best);
		else
			message("no protocol '%s' (sonde help fields lists them)", name);
		return STATUS_USAGE;
	}
	printf("%s: %s (%s)", p->name, p->title, p->source);
	if (p->alias)
		printf(", also: %s", p->alias);
	puts("\n  field        kind     bits  left out   meaning");
	print_rows(p);
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

/* The names of the fields, in lines of 80 columns. */
static void list_names(const struct sonde_proto *p)
{
	const size_t indent = 9, columns = 80;
	size_t at = columns;
	for (const struct sonde_field *f = p->fields; f->name; f++) {
		size_t len = 1 + strlen(f->name);
		if (is_repeated(p, f))
			continue;
		if (at + len > columns) {
			printf("%s%*s", f == p->fields ? "" : "\n", (int)indent, "");
			at = indent;
		}
		printf(" %s", f->name);
		at += len;
	}
	if (p->fields[0].name)
		putchar('\n');
}

static int help_fields(int argc, char **argv)
{
	int status = STATUS_DONE;
	for (int i = 0; i < argc; i++) {
		int one = help_protocol(argv[i]);
		status = one > status ? one : status;
	}
	for (const struct sonde_proto *const *p = sonde_protos; argc == 0 && *p; p++) {
		printf("%-9s %s (%s)\n", (*p)->name, (*p)->title, (*p)->source);
		list_names(*p);
	}
	return status;
}

int cmd_help(int argc, char **argv)
{
	char help[] = "--help";
	if (argc < 2) {
		commands_list(stdout);
		return STATUS_DONE;
	}
	if (strcmp(argv[1], "fields") == 0)
		return help_fields(argc - 2, argv + 2);
	const struct command *c = command_find(commands, argv[1]);
	if (!c)
		return command_unknown(commands, argv[1], "sonde help");
	/* lab has commands of its own. */
	bool deeper = argc > 2 && c->main == cmd_lab;
	char *words[] = { argv[0], deeper ? argv[2] : help, deeper ? help : NULL, NULL };
	return command_run(c, "sonde", deeper ? 3 : 2, words);
}

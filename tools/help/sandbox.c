#include "tools/help/sandbox.h"

#include <stdio.h>
#include <string.h>

#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"

#define INDENT 11
#define WIDTH  78

static void print_row(const struct sandbox_row *row)
{
	char call[SANDBOX_CALL];
	const char *calls = row->calls;
	int column = printf("%-*s", INDENT - 1, row->name);
	while (sandbox_next_call(call, &calls)) {
		if (column + 1 + (int)strlen(call) > WIDTH)
			column = printf("\n%*s", INDENT - 1, "") - 1;
		column += printf(" %s", call);
	}
	putchar('\n');
}

int help_sandbox(int argc, char **argv)
{
	if (argc > 0 && !sandbox_row(argv[0])) {
		message("no process of ours is called '%s' (sonde help sandbox lists them)", argv[0]);
		return STATUS_USAGE;
	}
	if (argc > 0) {
		print_row(sandbox_row(argv[0]));
		return STATUS_DONE;
	}
	puts("Once a command reads from the network or from a file, it is another user than\n"
	     "root, has no capabilities, opens no files, and makes these system calls only:\n");
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++)
		print_row(row);
	puts("\n--sandbox=strict refuses to start where the kernel lacks a part of it, off does\n"
	     "without; -v tells what is in force. sonde-sandbox(7) tells more.");
	return STATUS_DONE;
}

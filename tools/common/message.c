#include "tools/common/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "tools/common/output.h"
#include "tools/common/status.h"

void message_name(char *name)
{
	program_invocation_name = name;
}

static void (*diverted)(const char *line);

void message_divert(void (*to)(const char *line))
{
	diverted = to;
}

static void put_clean(struct sonde_text *out, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c < ' ' || c == 0x7f)
			sonde_text_fmt(out, "\\x%02x", c);
		else
			sonde_text_char(out, *s);
	}
}

/* The line leaves in one write, so that lines of several processes do not mix. */
static void put_line(const char *body)
{
	char line[1200];
	struct sonde_text out = sonde_text(line, sizeof(line) - 1);
	bool colour = output_has_colour(stderr);

	if (diverted) {
		diverted(body);
		return;
	}
	sonde_text_fmt(&out, colour ? "\033[1m%s:\033[0m " : "%s: ", program_invocation_name);
	put_clean(&out, body);
	size_t len = sonde_text_fits(&out) ? out.len : out.cap - 1;
	line[len] = '\n';
	fflush(stdout);
	fwrite(line, 1, len + 1, stderr);
}

void message(const char *format, ...)
{
	char body[1000];
	va_list args;

	va_start(args, format);
	vsnprintf(body, sizeof(body), format, args);
	va_end(args);
	put_line(body);
}

void message_code(int code, const char *format, ...)
{
	char body[1000];
	struct sonde_text text = sonde_text(body, sizeof(body));
	va_list args;

	va_start(args, format);
	int n = vsnprintf(body, sizeof(body), format, args);
	va_end(args);
	text.len = n < 0 ? 0 : (size_t)n;
	sonde_text_fmt(&text, ": %s", sonde_strerror(code));
	put_line(body);
}

int message_out_of_memory(void)
{
	message("out of memory");
	return STATUS_SYSTEM;
}

void *message_need_memory(void *memory)
{
	if (!memory)
		exit(message_out_of_memory());
	return memory;
}

void message_error(const struct sonde_error *e)
{
	const char *what = e->what[0] ? e->what : sonde_strerror(e->code);

	if (e->hint[0])
		message("%s (%s)", what, e->hint);
	else
		message("%s", what);
}

#include "tools/help/column.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS 80

struct column column_begin(size_t indent, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vprintf(format, args);
	va_end(args);
	size_t at = n > 0 ? (size_t)n : 0;
	return (struct column){ indent ? indent : at, at };
}

static void put(struct column *c, const char *s, size_t len)
{
	if (c->at > c->indent && c->at + 1 + len > COLUMNS) {
		printf("\n%*s", (int)c->indent, "");
		c->at = c->indent;
	} else if (c->at > c->indent) {
		putchar(' ');
		c->at++;
	} else {
		printf("%*s", (int)(c->indent - c->at), "");
		c->at = c->indent;
	}
	printf("%.*s", (int)len, s);
	c->at += len;
}

void column_words(struct column *c, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " ");
		put(c, text, len);
		text += len + strspn(text + len, " ");
	}
}

void column_piece(struct column *c, const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	int n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (n > 0)
		put(c, text, strlen(text));
}

void column_end(struct column *c)
{
	putchar('\n');
	c->at = 0;
}

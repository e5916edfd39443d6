#include "tools/common/hexdump.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* Digits of a group: as many as follow each other; 0x and \x in front of it are passed over. */
static size_t group_at(const char **s)
{
	if ((s[0][0] == '0' || s[0][0] == '\\') && (s[0][1] == 'x' || s[0][1] == 'X') && isxdigit((unsigned char)s[0][2]))
		*s += 2;
	size_t n = 0;
	while (isxdigit((unsigned char)(*s)[n]))
		n++;
	return n;
}

static bool ends_group(char c)
{
	return c == '\0' || c == '\\' || (c != '\0' && strchr(" \t\r\n,;:|}\"'", c));
}

/* "0000:", "0x0000:", or "0000  " before the first byte; the usual dumps have it, pure digits have not. */
static const char *skip_offset(const char *s)
{
	const char *group = s;
	size_t n = group_at(&group);
	if (n == 0)
		return s;
	if (group[n] == ':' && (group[n + 1] == ' ' || group[n + 1] == '\t' || n > 2))
		return group + n + 1;
	/* Without a colon: at least four digits, and something behind them. */
	if (n >= 4 && (group[n] == ' ' || group[n] == '\t')) {
		const char *behind = group + n + strspn(group + n, " \t");
		const char *first = behind;
		size_t next = group_at(&first);
		bool wide = group[n + 1] == ' ' || group[n] == '\t';
		if (next == 2 || (wide && next > 0))
			return behind;
	}
	return s;
}

bool hexdump_line(struct sonde_buf *b, const char *line, bool *space)
{
	const char *s = line + strspn(line, " \t{\"'");
	size_t before = b->len;
	s = skip_offset(s);
	for (;;) {
		size_t blanks = strspn(s, " \t");
		s += blanks;
		size_t n = group_at(&s);
		/* What stands behind the bytes is their characters. */
		if (n == 0 || n % 2 || !ends_group(s[n]))
			break;
		if (sonde_hex_parse(b, s, n)) {
			*space = true;
			break;
		}
		s += n;
		bool wide_gap = (s[0] == ' ' && s[1] == ' ' && b->len - before >= 16) || *s == '|';
		if (wide_gap)
			break;
		s += strspn(s, ",;:");
	}
	return b->len > before;
}

int hexdump_next(struct sonde_buf *b, FILE *in)
{
	char *line = NULL;
	size_t cap = 0;
	bool space = false;
	b->len = 0;
	while (getline(&line, &cap, in) > 0) {
		bool empty = line[strspn(line, " \t\r\n")] == '\0';
		if (empty && b->len)
			break;
		hexdump_line(b, line, &space);
	}
	free(line);
	return space ? SONDE_E_SPACE : b->len > 0;
}

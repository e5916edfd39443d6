#include "tools/common/hexdump.h"

#include <ctype.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* Digits of a group: as many as follow each other; 0x and \x in front of it are passed over. */
static size_t group_at(const char **s)
{
	if ((s[0][0] == '0' || s[0][0] == '\\') && (s[0][1] == 'x' || s[0][1] == 'X') &&
	    isxdigit((unsigned char)s[0][2]))
		*s += 2;
	size_t n = 0;
	while (isxdigit((unsigned char)(*s)[n]))
		n++;
	return n;
}

static bool ends_group(char c)
{
	return strchr(" \t\r\n,;:|}\"'\\", c) != NULL; /* the end of the text, too */
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

/* Append the bytes of a line, which begin at s. Returns 0 or SONDE_E_SPACE. */
static int take_bytes(struct sonde_buf *b, const char *s)
{
	size_t before = b->len;
	for (;;) {
		size_t blanks = strspn(s, " \t");
		s += blanks;
		size_t n = group_at(&s);
		/* What stands behind the bytes is their characters. */
		if (n == 0 || n % 2 || !ends_group(s[n]))
			break;
		if (sonde_hex_parse(b, s, n))
			return SONDE_E_SPACE;
		s += n;
		bool wide_gap = (s[0] == ' ' && s[1] == ' ' && b->len - before >= 16) || *s == '|';
		if (wide_gap)
			break;
		s += strspn(s, ",;:");
	}
	return 0;
}

/* Whether a line with an offset begins a packet. */
static bool is_at_zero(const char *s)
{
	size_t n = group_at(&s);
	return n > 0 && strspn(s, "0") >= n;
}

static bool is_empty(const char *line)
{
	return line[strspn(line, " \t\r\n")] == '\0';
}

int hexdump_next(struct sonde_buf *b, struct hexdump *d)
{
	bool offsets = false;
	int err = 0, got = 1;
	b->len = 0;
	for (; !err && (d->pending || (got = files_next_line(&d->lines)) > 0); d->pending = false) {
		const char *line = d->lines.line, *s = line + strspn(line, " \t{\"'"), *bytes = skip_offset(s);
		bool offset = bytes != s, begins = offset && is_at_zero(s);
		if (b->len && (is_empty(s) || (begins && offsets))) {
			d->pending = begins;
			return 1;
		}
		/* The first offset shows that what came before it was no dump. */
		if (offset && !offsets)
			b->len = 0;
		offsets |= offset;
		if (offset == offsets)
			err = take_bytes(b, bytes);
	}
	if (!err && got < 0)
		err = got;
	return err ? err : b->len > 0;
}

void hexdump_close(struct hexdump *d)
{
	files_lines_end(&d->lines);
}

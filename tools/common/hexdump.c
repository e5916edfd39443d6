#include "tools/common/hexdump.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

/* The number of hex digits of the group at *s; 0x or \x before it is skipped. */
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

static int fail(struct hexdump *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

static int fail(struct hexdump *d, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(d->what, sizeof d->what, format, args);
	va_end(args);
	return SONDE_E_MALFORMED;
}

/* --- Offsets ----------------------------------------------------------------------------------------------------- */

/* What a line begins with. */
struct offset {
	const char *digits;
	size_t n;          /* 0: there is none */
	const char *bytes; /* where the bytes begin */
	bool alone;        /* none follow */
};

/* od and hexdump have seven digits, octal or decimal, which no offset in hex has. */
#define OD_DIGITS 7

static bool is_line_end(const char *s)
{
	return s[strspn(s, " \t\r\n")] == '\0';
}

/* "0000:", "0x0000:", or "0000  " before the first byte; the usual dumps have it, pure digits have not. */
static struct offset offset_at(const struct hexdump *d, const char *s)
{
	const char *group = s;
	size_t n = group_at(&group);
	struct offset none = { group, 0, s, false };
	if (n == 0)
		return none;
	if (d->digits == n && is_line_end(group + n))
		return (struct offset){ group, n, group + n, true };
	bool colon = group[n] == ':';
	const char *behind = group + n + colon, *first = behind + strspn(behind, " \t");
	size_t next = group_at(&first), gap = (size_t)(first - behind);
	if (next == 0 || next % 2 || !ends_group(first[next]) || first[next] == ':')
		return none;
	if (colon && (gap || (n > 2 && next == 2)))
		return (struct offset){ group, n, behind, false };
	/* Without a colon: at least four digits, and bytes behind them. */
	bool wide = gap > 1 || group[n] == '\t';
	if (!colon && n >= 4 && gap && (next == 2 || wide || n == OD_DIGITS))
		return (struct offset){ group, n, behind, false };
	return none;
}

static bool is_zero(const struct offset *o)
{
	return strspn(o->digits, "0") >= o->n;
}

/* The number that an offset is in a radix, or -1. */
static long long value_of(const struct offset *o, int radix)
{
	char digits[17], *end;
	if (o->n >= sizeof digits)
		return -1;
	memcpy(digits, o->digits, o->n);
	digits[o->n] = 0;
	long long v = strtoll(digits, &end, radix);
	return *end ? -1 : v;
}

/* Read the offset in the radix of the dump: the first one in which it equals the bytes so far or, after *, leaves room
 * for whole lines. Returns -1 when there is none. */
static long long right_offset(struct hexdump *d, const struct offset *o, size_t len)
{
	static const int of_od[] = { 8, 10, 0 }, of_others[] = { 16, 10, 0 };
	for (const int *radix = o->n == OD_DIGITS ? of_od : of_others; *radix; radix++) {
		long long v = value_of(o, *radix), behind = v - (long long)len;
		if (v < 0 || (d->radix && d->radix != *radix))
			continue;
		if (behind == 0 || (d->repeats && behind > 0 && behind % (long long)d->last_len == 0)) {
			/* Of fewer than 8 bytes, the offset is the same in every radix. */
			if (len >= 8)
				d->radix = *radix;
			return v;
		}
	}
	return -1;
}

/* Check that the offset follows the bytes before it; lines that * stands for are repeated first. */
static int take_offset(struct sonde_buf *b, struct hexdump *d, const struct offset *o)
{
	if (b->len == 0 && !is_zero(o))
		return fail(d, "offset %.*s, where a packet begins: its first bytes are missing", (int)o->n, o->digits);
	long long at = right_offset(d, o, b->len);
	if (at < 0)
		return fail(d, "offset %.*s, but %zu (0x%zx) bytes came before it: lines are missing", (int)o->n,
			    o->digits, b->len, b->len);
	while ((size_t)at > b->len) {
		uint8_t *more = sonde_buf_extend(b, d->last_len);
		if (!more)
			return SONDE_E_SPACE;
		memcpy(more, b->data + b->len - 2 * d->last_len, d->last_len);
	}
	d->repeats = false;
	return 0;
}

/* --- Bytes ------------------------------------------------------------------------------------------------------- */

/* Whether what follows n bytes and a gap of blanks are their characters. Bytes stand closer: a wider gap than one blank
 * is in the middle of a line, where as wide groups follow. */
static bool are_characters(const char *s, size_t gap, size_t n, size_t group)
{
	const char *first = s;
	size_t rest = strcspn(s, "\r\n"), next = group_at(&first);
	if (*s == '|' || gap > 2 || next != group)
		return true;
	return gap == 2 && (n >= 16 || rest == n);
}

/* Append the bytes of a line, which begin at s. Returns 0 or SONDE_E_SPACE. */
static int take_bytes(struct sonde_buf *b, const char *s, bool offset)
{
	size_t before = b->len, group = 0;
	for (;;) {
		size_t blanks = strspn(s, " \t"), n;
		bool tab = memchr(s, '\t', blanks) != NULL;
		s += blanks;
		if (offset && b->len > before && !tab && blanks > 1 &&
		    are_characters(s, blanks, b->len - before, group))
			break;
		n = group_at(&s);
		/* What stands behind the bytes is their characters. */
		if (n == 0 || n % 2 || !ends_group(s[n]))
			break;
		if (sonde_hex_parse(b, s, n))
			return SONDE_E_SPACE;
		group = group ? group : n;
		s += n;
		if (*s == '|' || (!offset && s[0] == ' ' && s[1] == ' ' && b->len - before >= 16))
			break;
		s += strspn(s, ",;:");
	}
	return 0;
}

/* Two bytes in one group behind seven digits are words in the order of the machine that od or hexdump ran on. */
static bool are_words(const struct offset *o)
{
	const char *first = o->bytes + strspn(o->bytes, " \t");
	return o->n == OD_DIGITS && group_at(&first) > 2;
}

/* --- Packets ----------------------------------------------------------------------------------------------------- */

static int take_line(struct sonde_buf *b, struct hexdump *d, const struct offset *o)
{
	size_t before;
	int err = o->n ? take_offset(b, d, o) : 0;
	if (err || o->alone)
		return err;
	if (are_words(o))
		return fail(d, "words of two bytes or more, in the order of some machine: use hexdump -C, or od -t x1");
	before = b->len;
	err = take_bytes(b, o->bytes, o->n > 0);
	d->last_len = b->len - before;
	return err;
}

static bool is_star(const char *s)
{
	return *s == '*' && is_line_end(s + 1);
}

int hexdump_next(struct sonde_buf *b, struct hexdump *d)
{
	bool offsets = false;
	int err = 0, got = 1;
	b->len = 0;
	d->repeats = false;
	for (; !err && (d->pending || (got = files_next_line(&d->lines)) > 0); d->pending = false) {
		d->line_number += !d->pending;
		const char *s = d->lines.line + strspn(d->lines.line, " \t{\"'");
		const struct offset o = offset_at(d, s);
		bool begins = o.n && is_zero(&o);
		if (b->len && (is_line_end(s) || (begins && offsets))) {
			d->pending = begins;
			return d->repeats ? fail(d, "the packet ends behind *: how long it is, is not said") : 1;
		}
		if (offsets && is_star(s) && d->last_len) {
			d->repeats = true;
			continue;
		}
		/* The first offset shows that what came before it was no dump. */
		if (o.n && !offsets)
			b->len = 0;
		offsets |= o.n > 0;
		d->digits = o.n ? o.n : d->digits;
		if (offsets == (o.n > 0))
			err = take_line(b, d, &o);
	}
	if (!err && got < 0)
		err = got;
	if (!err && d->repeats)
		err = fail(d, "the packet ends behind *: how long it is, is not said");
	return err ? err : b->len > 0;
}

void hexdump_close(struct hexdump *d)
{
	files_lines_end(&d->lines);
}

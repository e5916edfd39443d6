#include "base/time.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

#define NANO UINT64_C(1000000000)

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
	{ "ns", 1 },
	{ "us", SONDE_US },
	{ "ms", SONDE_MS },
	{ "s", SONDE_S },
	{ "m", 60 * SONDE_S },
	{ "h", 3600 * SONDE_S },
	{ "d", 86400 * SONDE_S },
};

#define N_UNITS (sizeof units / sizeof units[0])

static size_t count_digits(const char *s, size_t len)
{
	size_t n = 0;
	while (n < len && s[n] >= '0' && s[n] <= '9')
		n++;
	return n;
}

struct decimal {
	uint64_t whole, nano; /* the number is whole + nano / 10^9 */
	bool over;            /* whole does not fit */
};

/* Read digits and up to nine decimals at the beginning of s. Returns how many bytes they are; 0: no number. */
static size_t read_decimal(struct decimal *d, const char *s, size_t len)
{
	*d = (struct decimal){ 0 };
	size_t used = count_digits(s, len);
	if (used)
		d->over = sonde_uint_parse(&d->whole, s, used) < 0;
	if (used == len || s[used] != '.')
		return used;
	const char *decimals = s + used + 1;
	size_t n = count_digits(decimals, len - used - 1);
	if (n == 0 || n > 9)
		return 0;
	for (size_t i = 0; i < 9; i++)
		d->nano = d->nano * 10 + (i < n ? (uint64_t)(decimals[i] - '0') : 0);
	return used + 1 + n;
}

/* The nanoseconds in a unit, or 0 for an unknown unit. */
static uint64_t unit_ns(const char *s, size_t len)
{
	if (len == 0)
		return SONDE_S;
	for (size_t i = 0; i < N_UNITS; i++)
		if (strlen(units[i].name) == len && memcmp(units[i].name, s, len) == 0)
			return units[i].ns;
	return 0;
}

/* A number, perhaps negative, and a unit. */
static int parse(sonde_time *out, const char *s, size_t len)
{
	struct decimal d;
	size_t sign = len && s[0] == '-';
	size_t used = sign + read_decimal(&d, s + sign, len - sign);
	if (used == sign)
		return SONDE_E_SYNTAX;
	uint64_t unit = unit_ns(s + used, len - used);
	if (unit == 0)
		return SONDE_E_SYNTAX;
	unsigned __int128 parts = (unsigned __int128)d.nano * unit;
	unsigned __int128 ns = (unsigned __int128)d.whole * unit + parts / NANO;
	if (d.over || parts % NANO || ns > (uint64_t)INT64_MAX + sign)
		return SONDE_E_RANGE;
	*out = (sonde_time)(sign ? 0 - (uint64_t)ns : (uint64_t)ns);
	return 0;
}

int sonde_duration_parse(sonde_time *out, const char *s, size_t len)
{
	sonde_time t;
	int rc = parse(&t, s, len);
	if (rc == 0 && s[0] == '-')
		rc = SONDE_E_RANGE;
	if (rc == 0)
		*out = t;
	return rc;
}

int sonde_time_parse(sonde_time *out, const char *s, size_t len)
{
	bool has_unit = len && count_digits(s + len - 1, 1) == 0;
	return has_unit ? SONDE_E_SYNTAX : parse(out, s, len);
}

static uint64_t magnitude(sonde_time t)
{
	return t < 0 ? 0 - (uint64_t)t : (uint64_t)t;
}

char *sonde_time_format(char out[static SONDE_TIME_STRLEN], sonde_time t)
{
	struct sonde_text text = sonde_text(out, SONDE_TIME_STRLEN);
	uint64_t ns = magnitude(t);
	if (t < 0)
		sonde_text_char(&text, '-');
	sonde_text_uint(&text, ns / NANO);
	sonde_text_char(&text, '.');
	sonde_text_padded(&text, ns % NANO, 9);
	return out;
}

/* Write ns in a unit, with all its decimals, if it is at least one of that unit. Units above a second get no decimals,
 * because these might not end. Returns false, with nothing written, when the unit does not fit. */
static bool format_in(struct sonde_text *t, uint64_t ns, const struct unit *unit)
{
	uint64_t rest = ns % unit->ns;
	if (ns < unit->ns || (rest && unit->ns > NANO))
		return false;
	sonde_text_uint(t, ns / unit->ns);
	if (rest)
		sonde_text_char(t, '.');
	for (uint64_t place = unit->ns / 10; rest; rest %= place, place /= 10)
		sonde_text_char(t, (char)('0' + rest / place));
	sonde_text_str(t, unit->name);
	return true;
}

char *sonde_duration_format(char out[static SONDE_TIME_STRLEN], sonde_time t)
{
	struct sonde_text text = sonde_text(out, SONDE_TIME_STRLEN);
	if (t < 0)
		sonde_text_char(&text, '-');
	for (size_t i = N_UNITS; i-- > 0;)
		if (format_in(&text, magnitude(t), &units[i]))
			return out;
	sonde_text_str(&text, "0s");
	return out;
}

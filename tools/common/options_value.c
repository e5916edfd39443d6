#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "io/link.h"
#include "packet/notation.h"
#include "packet/pattern.h"
#include "tools/common/lookup.h"
#include "tools/common/message.h"
#include "tools/common/options.h"

error_t option_bad(const char *format, ...)
{
	char body[1000];
	va_list args;

	va_start(args, format);
	vsnprintf(body, sizeof(body), format, args);
	va_end(args);
	message("%s", body);
	return ECANCELED;
}

error_t option_duration(sonde_time *out, const char *option, const char *arg)
{
	int err = sonde_duration_parse(out, arg, strlen(arg));

	if (err == SONDE_E_RANGE)
		return option_bad("%s '%s': out of range", option, arg);
	return err ? option_bad("%s '%s': not a duration (500ms, 2s, 1m; bare numbers are seconds)", option, arg) : 0;
}

error_t option_uint(uint64_t *out, const char *option, const char *arg, uint64_t min, uint64_t max)
{
	int err = sonde_uint_parse(out, arg, strlen(arg));

	if (err == SONDE_E_SYNTAX)
		return max == UINT64_MAX
			       ? option_bad("%s '%s': not a whole number of %" PRIu64 " at least", option, arg, min)
			       : option_bad("%s '%s': not a whole number from %" PRIu64 " to %" PRIu64, option, arg,
					    min, max);
	if (!err && *out >= min && *out <= max)
		return 0;
	if (max == UINT64_MAX)
		return option_bad("%s '%s': %" PRIu64 " at least, and of 64 bits", option, arg, min);
	return option_bad("%s '%s': from %" PRIu64 " to %" PRIu64, option, arg, min, max);
}

bool option_speed(double *out, const char *arg)
{
	char *end;
	if (strcmp(arg, "original") == 0) {
		*out = 1;
		return true;
	}
	*out = strtod(arg, &end);
	bool is_speed = end > arg && strcmp(end, "x") == 0 && *out > 0 && *out < 1e6;
	if (!is_speed)
		*out = 0;
	return is_speed;
}

/* A number with k, M or G behind it, or without. Returns 0 or SONDE_E_RANGE, SONDE_E_SYNTAX. */
static int parse_scaled(uint64_t *out, const char *arg, size_t len)
{
	static const char units[] = "kMG";
	const char *unit = len > 1 ? strchr(units, arg[len - 1]) : NULL;
	uint64_t times = 1;
	for (ptrdiff_t i = unit ? unit - units : -1; i >= 0; i--)
		times *= 1000;
	int rc = sonde_uint_parse(out, arg, len - (unit != NULL));
	return rc ? rc : __builtin_mul_overflow(*out, times, out) ? SONDE_E_RANGE : 0;
}

error_t option_rate(uint64_t *out, const char *option, const char *arg)
{
	if (strcmp(arg, "max") == 0) {
		*out = OPTIONS_RATE_MAX;
		return 0;
	}
	if (parse_scaled(out, arg, strlen(arg)) || *out == 0)
		return option_bad("%s '%s': not a rate (packets a second: 100, 10k, 1M; max: no limit)", option, arg);
	return 0;
}

error_t option_bytes(uint64_t *out, const char *option, const char *arg, uint64_t min, uint64_t max)
{
	if (parse_scaled(out, arg, strlen(arg)))
		return option_bad("%s '%s': not a size (bytes; 64k, 100M, 1G: thousands, millions and so on)", option,
				  arg);
	if (*out < min || *out > max)
		return option_bad("%s '%s': from %" PRIu64 " to %" PRIu64 " bytes", option, arg, min, max);
	return 0;
}

#define MOST_FILES 99999

/* One of the words of --rotate. Returns whether it can be read. */
static bool take_rotation(struct sonde_rotation *r, const char *word, size_t len)
{
	static const char files[] = "files=";
	size_t n = sizeof files - 1;
	char last = len ? word[len - 1] : 0;
	if (len > n && memcmp(word, files, n) == 0)
		return !r->files && sonde_uint_parse(&r->files, word + n, len - n) == 0 && r->files > 0 &&
		       r->files <= MOST_FILES;
	/* m are minutes, M are millions. */
	if (last && strchr("kMG", last))
		return !r->bytes && parse_scaled(&r->bytes, word, len) == 0 && r->bytes > 0;
	bool has_unit = last >= 'a' && last <= 'z';
	return has_unit && !r->time && sonde_duration_parse(&r->time, word, len) == 0 && r->time > 0;
}

error_t option_rotation(struct sonde_rotation *out, const char *arg)
{
	bool good = true;
	*out = (struct sonde_rotation){ 0 };
	for (const char *word = arg; good; word += strcspn(word, ",") + 1) {
		size_t len = strcspn(word, ",");
		good = take_rotation(out, word, len);
		if (!word[len])
			break;
	}
	return good && sonde_rotates(out)
		       ? 0
		       : option_bad("--rotate '%s': a size, a time or both, and how many files are kept: 100M, 1h,"
				    " 10M,1h,files=5 (%d at most)", arg, MOST_FILES);
}

error_t option_addr(struct sonde_addr *out, const char *option, const char *arg)
{
	struct sonde_view zone = { 0 };

	if (sonde_addr_parse(out, &zone, arg, strlen(arg)))
		return option_bad("%s '%s': not an address", option, arg);
	if (zone.len == 0)
		return 0;
	int err = sonde_link_of_zone(&out->scope, zone);
	if (err && err != -ENODEV)
		return option_bad("%s '%s': %s", option, arg, sonde_strerror(err));
	return err ? option_bad("%s '%s': no interface '%.*s' here", option, arg, (int)zone.len,
				(const char *)zone.data) : 0;
}

error_t option_pattern(struct sonde_spec *out, const char *option, const char *arg)
{
	struct lookup lookup = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_notation_env env = lookup_env(&lookup, false);
	env.pattern = true;
	int err = sonde_notation_parse(out, arg, strlen(arg), &env, &e);
	if (!err)
		err = sonde_pattern_check(out, &e);
	lookup_free(&lookup);
	if (!err)
		return 0;
	return e.hint[0] ? option_bad("%s: %s (%s)", option, e.what, e.hint) : option_bad("%s: %s", option, e.what);
}

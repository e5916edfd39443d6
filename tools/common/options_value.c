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

error_t option_rate(uint64_t *out, const char *option, const char *arg)
{
	static const char units[] = "kMG";
	size_t len = strlen(arg);
	const char *unit = len > 1 ? strchr(units, arg[len - 1]) : NULL;
	uint64_t times = 1;

	if (strcmp(arg, "max") == 0) {
		*out = OPTIONS_RATE_MAX;
		return 0;
	}
	for (ptrdiff_t i = unit ? unit - units : -1; i >= 0; i--)
		times *= 1000;
	if (sonde_uint_parse(out, arg, len - (unit != NULL)) || *out == 0 || __builtin_mul_overflow(*out, times, out))
		return option_bad("%s '%s': not a rate (packets a second: 100, 10k, 1M; max: no limit)", option, arg);
	return 0;
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

error_t option_pattern(const char *option, const char *arg)
{
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	int err = sonde_notation_parse(&spec, arg, strlen(arg), NULL, &e);

	sonde_spec_free(&spec);
	if (err && e.hint[0])
		return option_bad("%s: %s (%s)", option, e.what, e.hint);
	if (err)
		return option_bad("%s: %s", option, e.what);
	return option_bad("%s %s: patterns are read, but not yet run", option, arg);
}

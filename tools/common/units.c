#include "tools/common/units.h"

#include <inttypes.h>
#include <stdio.h>

char *units_count(char out[static UNITS_STRLEN], uint64_t n)
{
	static const char letters[] = " kMGTPE";
	unsigned power = 0;
	double v = (double)n;
	while (v >= 999.5 && power < sizeof letters - 2) {
		v /= 1000;
		power++;
	}
	if (power == 0)
		snprintf(out, UNITS_STRLEN, "%" PRIu64, n);
	else
		snprintf(out, UNITS_STRLEN, v < 9.95 ? "%.1f%c" : "%.0f%c", v, letters[power]);
	return out;
}

char *units_duration(char out[static UNITS_STRLEN], sonde_time t)
{
	double ns = (double)t;
	if (t < 0)
		snprintf(out, UNITS_STRLEN, "-");
	else if (t < SONDE_US)
		snprintf(out, UNITS_STRLEN, "%" PRId64 "ns", t);
	else if (ns < 9.95e3)
		snprintf(out, UNITS_STRLEN, "%.1fus", ns / 1e3);
	else if (ns < 999.5e3)
		snprintf(out, UNITS_STRLEN, "%.0fus", ns / 1e3);
	else if (ns < 9.95e6)
		snprintf(out, UNITS_STRLEN, "%.1fms", ns / 1e6);
	else if (ns < 999.5e6)
		snprintf(out, UNITS_STRLEN, "%.0fms", ns / 1e6);
	else if (t < 60 * SONDE_S)
		snprintf(out, UNITS_STRLEN, "%.2fs", ns / 1e9);
	else if (t < 3600 * SONDE_S)
		snprintf(out, UNITS_STRLEN, "%lldm%02llds", t / (60 * SONDE_S), t / SONDE_S % 60);
	else
		snprintf(out, UNITS_STRLEN, "%lldh%02lldm", t / (3600 * SONDE_S), t / (60 * SONDE_S) % 60);
	return out;
}

char *units_seconds(char out[static UNITS_STRLEN], sonde_time t)
{
	snprintf(out, UNITS_STRLEN, "%.3f", (double)t / 1e9);
	return out;
}

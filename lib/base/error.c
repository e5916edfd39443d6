#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *sonde_strerror(int code)
{
	switch (code) {
#define SONDE_ERROR_TEXT(name, number, text) case name: return text;
	SONDE_ERRORS(SONDE_ERROR_TEXT)
#undef SONDE_ERROR_TEXT
	default: return strerror(code < 0 && code >= -4095 ? -code : code);
	}
}

int sonde_fail(struct sonde_error *e, int code, const char *format, ...)
{
	if (!e)
		return code;
	*e = (struct sonde_error){ .code = code, .column = -1 };
	va_list args;
	va_start(args, format);
	vsnprintf(e->what, sizeof e->what, format, args);
	va_end(args);
	return code;
}

int sonde_hint(struct sonde_error *e, const char *format, ...)
{
	if (!e)
		return 0;
	va_list args;
	va_start(args, format);
	vsnprintf(e->hint, sizeof e->hint, format, args);
	va_end(args);
	return e->code;
}

#include "tools/common/ports.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "proto/names.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

static int bad(const char *option, const char *word, const char *why)
{
	message("%s '%s': %s", option, word, why);
	return STATUS_USAGE;
}

static bool read_port(uint64_t *out, const char *s, size_t len)
{
	uint32_t named;
	if (len && sonde_uint_parse(out, s, len) == 0)
		return *out <= UINT16_MAX;
	bool known = sonde_name_value(&named, sonde_port_names, s, len);
	*out = named;
	return known;
}

/* A port, a name, a range that may be open at either end. */
static bool read_range(uint64_t *first, uint64_t *last, const char *s, size_t len)
{
	const char *dash = memchr(s, '-', len);
	*first = 1;
	*last = UINT16_MAX;
	/* A name may have a dash in it. */
	if (!dash || read_port(first, s, len)) {
		bool good = read_port(first, s, len);
		*last = *first;
		return good;
	}
	size_t before = (size_t)(dash - s), behind = len - before - 1;
	*first = 1;
	return (!before || read_port(first, s, before)) && (!behind || read_port(last, dash + 1, behind));
}

static bool read_proto(enum ports_proto *proto, const char *part)
{
	if (part[0] == '\0' || part[1] != ':')
		return false;
	switch (part[0] | 0x20) {
	case 't': *proto = PORTS_TCP; return true;
	case 'u': *proto = PORTS_UDP; return true;
	case 's': *proto = PORTS_SCTP; return true;
	default: return false;
	}
}

int ports_each(const char *option, const char *word, int (*fn)(void *arg, enum ports_proto proto, uint16_t port),
	       void *arg)
{
	enum ports_proto proto = PORTS_ANY;
	uint64_t first, last;
	int status = 0;
	for (const char *part = word, *end; !status && part; part = *end ? end + 1 : NULL) {
		if (read_proto(&proto, part))
			part += 2;
		end = part + strcspn(part, ",");
		if (!read_range(&first, &last, part, (size_t)(end - part)))
			return bad(option, word, "not a port or a set of them (22,http,1-1024, u:53, - for all)");
		if (first > last)
			return bad(option, word, "the range runs backwards");
		for (uint64_t port = first; !status && port <= last; port++)
			status = fn(arg, proto, (uint16_t)port);
	}
	return status;
}

#include "capture/pcapng_read.h"

#include "base/error.h"
#include "capture/order.h"

enum {
	MAGIC = 0x1a2b3c4d,
	FRAME = 12, /* bytes of a block that are not its body: type, length, and the length again */
};

/* Options of interfaces and of statistics. */
enum { INTERFACE_NAME = 2, INTERFACE_DESCRIPTION = 3, INTERFACE_RESOLUTION = 9, INTERFACE_FILTER = 11,
	INTERFACE_OFFSET = 14 };
enum { STATISTICS_START = 2, STATISTICS_END, STATISTICS_RECEIVED, STATISTICS_INTERFACE_DROPPED, STATISTICS_ACCEPTED,
	STATISTICS_KERNEL_DROPPED, STATISTICS_DELIVERED };

static uint32_t get32(const struct sonde_pcapng_file *f, const uint8_t *p)
{
	return sonde_order_get32(p, f->big_endian);
}

static uint16_t get16(const struct sonde_pcapng_file *f, const uint8_t *p)
{
	return sonde_order_get16(p, f->big_endian);
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static int fail(struct sonde_pcapng_file *f, const char *fault, uint32_t value)
{
	f->fault = fault;
	f->value = value;
	return SONDE_E_MALFORMED;
}

/* --- Options ------------------------------------------------------------------------------------------------------ */

bool sonde_pcapng_option(struct sonde_view *value, struct sonde_view options, bool big_endian, uint16_t code,
			 size_t *at)
{
	const size_t head = 4;
	while (*at + head <= options.len) {
		const uint8_t *p = options.data + *at;
		uint16_t kind = sonde_order_get16(p, big_endian), len = sonde_order_get16(p + 2, big_endian);
		struct sonde_view v = sonde_view_sub(options, *at + head, len);
		*at += head + padded(len);
		if (kind == 0 || v.len < len)
			break;
		if (kind == code) {
			*value = v;
			return true;
		}
	}
	*at = options.len;
	return false;
}

/* The first option of that code, if it has so many bytes. */
static bool first_option(struct sonde_view *value, const struct sonde_pcapng_file *f, struct sonde_view options,
			 uint16_t code, size_t len)
{
	size_t at = 0;
	return sonde_pcapng_option(value, options, f->big_endian, code, &at) && value->len == len;
}

/* A text. Some writers count a zero byte, which is not part of it, at its end. */
static struct sonde_view text_option(const struct sonde_pcapng_file *f, struct sonde_view options, uint16_t code)
{
	struct sonde_view v = { NULL, 0 };
	size_t at = 0;
	if (!sonde_pcapng_option(&v, options, f->big_endian, code, &at) || v.len == 0)
		return sonde_view(NULL, 0);
	const uint8_t *end = memchr(v.data, 0, v.len);
	return sonde_view(v.data, end ? (size_t)(end - v.data) : v.len);
}

/* --- Times -------------------------------------------------------------------------------------------------------- */

static const uint8_t binary = 0x80;

/* Nanoseconds of so many units, rounded down. */
static unsigned __int128 ns_of(uint64_t units, uint8_t resolution)
{
	unsigned places = resolution & (unsigned)~binary;
	unsigned __int128 ns = units;
	if (resolution & binary)
		return ns * SONDE_S >> places;
	for (; places < 9; places++)
		ns *= 10;
	for (; places > 9 && units; places--)
		ns = units /= 10;
	return ns;
}

bool sonde_pcapng_time(sonde_time *out, const struct sonde_pcapng_seen *i, uint64_t units)
{
	if (i->tick_ns && units <= i->tick_most) {
		*out = (sonde_time)(units * i->tick_ns);
		return true;
	}
	__int128 ns = (__int128)ns_of(units, i->resolution) + (__int128)i->offset_s * SONDE_S;
	if (ns < INT64_MIN || ns > INT64_MAX)
		return false;
	*out = (sonde_time)ns;
	return true;
}

/* Most files have whole nanoseconds in a unit and no offset. */
static void prepare_times(struct sonde_pcapng_seen *i)
{
	if (i->offset_s || i->resolution > 9)
		return;
	i->tick_ns = (uint64_t)ns_of(1, i->resolution);
	i->tick_most = INT64_MAX / i->tick_ns;
}

/* --- Blocks ------------------------------------------------------------------------------------------------------- */

void sonde_pcapng_take_interface(struct sonde_pcapng_seen *out, const struct sonde_pcapng_file *f)
{
	struct sonde_view v, options = sonde_view_sub(f->body, 8, f->body.len);
	*out = (struct sonde_pcapng_seen){
		.name = text_option(f, options, INTERFACE_NAME),
		.description = text_option(f, options, INTERFACE_DESCRIPTION),
		.link = get16(f, f->body.data),
		.snap = get32(f, f->body.data + 4),
		.resolution = 6,
	};
	/* Before a filter stands what kind it is: 0, libpcap's language. */
	struct sonde_view filter = { NULL, 0 };
	size_t at = 0;
	bool has_one = sonde_pcapng_option(&filter, options, f->big_endian, INTERFACE_FILTER, &at);
	if (has_one && filter.len && !filter.data[0])
		out->filter = sonde_view_sub(filter, 1, filter.len);
	if (first_option(&v, f, options, INTERFACE_RESOLUTION, 1))
		out->resolution = v.data[0];
	if (first_option(&v, f, options, INTERFACE_OFFSET, 8))
		out->offset_s = (int64_t)sonde_order_get64(v.data, f->big_endian);
	prepare_times(out);
}

/* The two halves of a time, of which the upper one comes first in both byte orders. */
static uint64_t units_at(const struct sonde_pcapng_file *f, const uint8_t *p)
{
	return (uint64_t)get32(f, p) << 32 | get32(f, p + 4);
}

int sonde_pcapng_take_statistics(struct sonde_pcapng_statistics *out, const struct sonde_pcapng_file *f)
{
	const size_t fixed = 12;
	struct sonde_view v;
	if (f->body.len < fixed || get32(f, f->body.data) >= f->n)
		return SONDE_E_MALFORMED;
	uint32_t number = get32(f, f->body.data);
	const struct sonde_pcapng_seen *i = &f->interfaces[number];
	struct sonde_view options = sonde_view_sub(f->body, fixed, f->body.len);
	*out = (struct sonde_pcapng_statistics){ .interface = f->before + number };
	if (!sonde_pcapng_time(&out->time, i, units_at(f, f->body.data + 4)))
		return SONDE_E_MALFORMED;
	out->start = out->end = out->time;
	if (first_option(&v, f, options, STATISTICS_START, 8))
		sonde_pcapng_time(&out->start, i, units_at(f, v.data));
	if (first_option(&v, f, options, STATISTICS_END, 8))
		sonde_pcapng_time(&out->end, i, units_at(f, v.data));
	const struct {
		uint16_t code;
		uint64_t *count;
	} counts[] = {
		{ STATISTICS_RECEIVED, &out->received },  { STATISTICS_INTERFACE_DROPPED, &out->dropped_by_interface },
		{ STATISTICS_ACCEPTED, &out->accepted },  { STATISTICS_KERNEL_DROPPED, &out->dropped_by_kernel },
		{ STATISTICS_DELIVERED, &out->delivered },
	};
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
		*counts[k].count = first_option(&v, f, options, counts[k].code, 8)
					   ? sonde_order_get64(v.data, f->big_endian)
					   : UINT64_MAX;
	return 0;
}

static void take_options(struct sonde_record *out, const struct sonde_pcapng_file *f, struct sonde_view options)
{
	struct sonde_view v;
	size_t at = 0;
	out->options = options;
	if (first_option(&v, f, options, SONDE_PCAPNG_FLAGS, 4))
		out->direction = get32(f, v.data) & 3;
	if (sonde_pcapng_option(&v, options, f->big_endian, SONDE_PCAPNG_COMMENT, &at))
		out->comment = v;
}

static int take_bytes(struct sonde_record *out, struct sonde_pcapng_file *f, uint32_t head, uint32_t len)
{
	if (len > SONDE_RECORD_MAX)
		return fail(f, "a packet of too many bytes", len);
	if (head + (size_t)len > f->body.len)
		return fail(f, "a packet of more bytes than its block has", len);
	out->bytes = sonde_view(f->body.data + head, len);
	return SONDE_PCAPNG_PACKET;
}

static int take_packet(struct sonde_record *out, struct sonde_pcapng_file *f)
{
	const uint32_t fixed = 20;
	const uint8_t *p = f->body.data;
	if (f->body.len < fixed)
		return fail(f, "a packet block without room for its numbers", (uint32_t)f->body.len);
	uint32_t number = f->type == SONDE_PCAPNG_OLD_PACKET ? get16(f, p) : get32(f, p);
	if (number >= f->n)
		return fail(f, "a packet of an interface that was not described", number);
	*out = (struct sonde_record){
		.wire_len = get32(f, p + 16),
		.link = f->interfaces[number].link,
		.interface = f->before + number,
		.big_endian = f->big_endian,
	};
	uint32_t len = get32(f, p + 12);
	int got = take_bytes(out, f, fixed, len);
	if (got < 0)
		return got;
	uint64_t units = units_at(f, p + 4);
	out->timeless = units == SONDE_PCAPNG_NO_TIME;
	if (!out->timeless && !sonde_pcapng_time(&out->time, &f->interfaces[number], units)) {
		out->timeless = true;
		f->unfit++;
	}
	if (f->body.len > fixed + padded(len))
		take_options(out, f, sonde_view_sub(f->body, fixed + padded(len), f->body.len));
	return got;
}

/* A simple packet is one of the first interface, of which it has as many bytes as are captured at most. */
static int take_simple(struct sonde_record *out, struct sonde_pcapng_file *f)
{
	const uint32_t fixed = 4;
	if (f->body.len < fixed)
		return fail(f, "a packet block without room for its numbers", (uint32_t)f->body.len);
	if (f->n == 0)
		return fail(f, "a packet of an interface that was not described", 0);
	uint32_t len = get32(f, f->body.data), snap = f->interfaces[0].snap;
	*out = (struct sonde_record){
		.wire_len = len, .link = f->interfaces[0].link, .interface = f->before, .timeless = true,
	};
	return take_bytes(out, f, fixed, snap && snap < len ? snap : len);
}

/* A section of another major version cannot be understood: neither can its blocks. */
static int check_section(struct sonde_pcapng_file *f, bool big_endian)
{
	const size_t fixed = 16;
	uint32_t version = f->body.len >= fixed ? sonde_order_get16(f->body.data + 4, big_endian) : 0;
	if (version == 1)
		return SONDE_PCAPNG_SECTION;
	f->in_section = false;
	return fail(f, "no version of pcapng that is known", version);
}

void sonde_pcapng_take_section(struct sonde_pcapng_file *f)
{
	f->big_endian = sonde_get_be32(f->body.data) == MAGIC;
	f->in_section = true;
	f->before += f->n;
	f->n = 0;
}

static int take_block(struct sonde_record *out, struct sonde_pcapng_file *f)
{
	switch (f->type) {
	case SONDE_PCAPNG_ENHANCED_PACKET:
	case SONDE_PCAPNG_OLD_PACKET: return take_packet(out, f);
	case SONDE_PCAPNG_SIMPLE_PACKET: return take_simple(out, f);
	case SONDE_PCAPNG_INTERFACE_DESCRIPTION:
		return f->body.len < 8 ? fail(f, "a description of an interface without room for its numbers",
					      (uint32_t)f->body.len)
				       : SONDE_PCAPNG_INTERFACE;
	default: return SONDE_PCAPNG_OTHER;
	}
}

/* Whether a section header begins here, and its byte order. */
static bool is_section(bool *big_endian, const uint8_t head[static SONDE_PCAPNG_HEAD])
{
	*big_endian = sonde_get_be32(head + 8) == MAGIC;
	return sonde_get_be32(head) == SONDE_PCAPNG_SECTION_HEADER &&
	       (*big_endian || sonde_order_get32(head + 8, false) == MAGIC);
}

int sonde_pcapng_next(struct sonde_record *out, size_t *len, struct sonde_pcapng_file *f, struct sonde_view rest)
{
	const uint8_t *p = rest.data;
	bool big_endian = f->big_endian;
	*len = SONDE_PCAPNG_HEAD;
	if (rest.len < *len)
		return 0;
	*len = 0;
	uint32_t type = sonde_order_get32(p, big_endian);
	bool section = type == SONDE_PCAPNG_SECTION_HEADER;
	if (section && !is_section(&big_endian, p))
		return fail(f, "a section header without its magic number", sonde_get_be32(p + 8));
	if (!section && !f->in_section)
		return fail(f, "a block outside of any section that is understood", type);
	uint32_t size = sonde_order_get32(p + 4, big_endian);
	if (size < FRAME || size % 4 || size > SONDE_PCAPNG_BLOCK_MAX)
		return fail(f, "a block cannot have this length", size);
	if (rest.len < size) {
		*len = size;
		return 0;
	}
	uint32_t again = sonde_order_get32(p + size - 4, big_endian);
	if (again != size)
		return fail(f, "a block has another length at its end", again);
	*len = size;
	f->type = type;
	f->body = sonde_view(p + 8, size - FRAME);
	return section ? check_section(f, big_endian) : take_block(out, f);
}

static bool is_known(uint32_t type)
{
	return (type >= SONDE_PCAPNG_INTERFACE_DESCRIPTION && type <= SONDE_PCAPNG_ENHANCED_PACKET) ||
	       type == SONDE_PCAPNG_SECRETS || type == SONDE_PCAPNG_CUSTOM || type == SONDE_PCAPNG_CUSTOM_NOT_COPIED;
}

size_t sonde_pcapng_resume(const struct sonde_pcapng_file *f, struct sonde_view rest)
{
	for (size_t at = 1; at + SONDE_PCAPNG_HEAD <= rest.len; at++) {
		const uint8_t *p = rest.data + at;
		bool big_endian = f->big_endian;
		if (!is_section(&big_endian, p) && (!f->in_section || !is_known(get32(f, p))))
			continue;
		uint32_t size = sonde_order_get32(p + 4, big_endian);
		if (size >= FRAME && size % 4 == 0 && size <= rest.len - at &&
		    sonde_order_get32(p + size - 4, big_endian) == size)
			return at;
	}
	return rest.len;
}

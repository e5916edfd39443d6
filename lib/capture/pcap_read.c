#include "capture/pcap_read.h"

#include "base/error.h"
#include "capture/order.h"

enum { HEAD = 24, RECORD_HEAD = 16 };

static const struct variant {
	uint32_t magic;
	uint32_t tick_ns;
	uint8_t more_head, more_record_head; /* bytes that others do not have */
} variants[] = {
	{ 0xa1b2c3d4, 1000, 0, 0 }, { 0xa1b23c4d, 1, 0, 0 }, { 0xa1b2cd34, 1000, 0, 8 },
	{ 0x1c0001ac, 1, 4, 0 },    { 0x1c0001ab, 1000, 4, 0 },
};

static int fail(struct sonde_pcap_file *f, int code, const char *fault, uint32_t value)
{
	f->fault = fault;
	f->value = value;
	return code;
}

static const struct variant *find_variant(const uint8_t *magic, bool big_endian)
{
	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
		if (sonde_order_get32(magic, big_endian) == variants[i].magic)
			return &variants[i];
	return NULL;
}

/* AIX writes RFC 1573's numbers of interface types. The first libpcap had these numbers for Token Ring, PPP and SLIP,
 * of which no files of that age are known. */
static bool is_aix(uint32_t *link, uint16_t major, uint16_t minor)
{
	static const struct {
		uint8_t type, link;
	} types[] = { { 6, 1 }, { 9, 6 }, { 15, 10 }, { 24, 0 } };
	for (size_t i = 0; major == 2 && minor == 2 && i < sizeof types / sizeof *types; i++)
		if (*link == types[i].type) {
			*link = types[i].link;
			return true;
		}
	return false;
}

/* The upper bits of the link type say how long the frame check sequence is. */
static int take_link(struct sonde_pcap_file *f, uint32_t link)
{
	const uint32_t reserved = 0x03ff0000;
	if (link & reserved)
		return fail(f, SONDE_E_UNSUPPORTED, "no link type has this number", link);
	f->link = (uint16_t)link;
	return 0;
}

int sonde_pcap_open(struct sonde_pcap_file *f, struct sonde_view bytes)
{
	*f = (struct sonde_pcap_file){ .fault = NULL };
	if (bytes.len < 4)
		return fail(f, SONDE_E_TRUNCATED, "the file ends within its magic number", 0);
	const struct variant *v = find_variant(bytes.data, false);
	if (!v) {
		f->big_endian = true;
		v = find_variant(bytes.data, true);
	}
	if (!v)
		return fail(f, SONDE_E_FORMAT, "not a capture file", 0);
	if (bytes.len < HEAD + (size_t)v->more_head)
		return fail(f, SONDE_E_TRUNCATED, "the file ends within its header", 0);
	uint16_t major = sonde_order_get16(bytes.data + 4, f->big_endian);
	uint16_t minor = sonde_order_get16(bytes.data + 6, f->big_endian);
	uint32_t link = sonde_order_get32(bytes.data + 20, f->big_endian);
	if (major < 2)
		return fail(f, SONDE_E_UNSUPPORTED, "no version of pcap that is known", major);
	bool aix = v == variants && is_aix(&link, major, minor);
	f->tick_ns = aix ? 1 : v->tick_ns;
	f->record_head = (uint8_t)(RECORD_HEAD + v->more_record_head);
	f->swapped = (major == 2 && minor < 3) || major == 543;
	f->maybe_swapped = major == 2 && minor == 3;
	f->snap = sonde_order_get32(bytes.data + 16, f->big_endian);
	int rc = take_link(f, link);
	return rc < 0 ? rc : HEAD + v->more_head;
}

int sonde_pcap_next(struct sonde_record *out, size_t *len, struct sonde_pcap_file *f, struct sonde_view rest)
{
	const uint8_t *p = rest.data;
	*len = f->record_head;
	if (rest.len < *len)
		return 0;
	uint32_t captured = sonde_order_get32(p + 8, f->big_endian), wire = sonde_order_get32(p + 12, f->big_endian);
	if (f->swapped || (f->maybe_swapped && captured > wire)) {
		uint32_t first = captured;
		captured = wire;
		wire = first;
	}
	if (captured > SONDE_RECORD_MAX)
		return fail(f, SONDE_E_MALFORMED, "a packet of too many bytes", captured);
	*len += captured;
	if (rest.len < *len)
		return 0;
	*out = (struct sonde_record){
		.time = sonde_order_get32(p, f->big_endian) * SONDE_S +
			(sonde_time)sonde_order_get32(p + 4, f->big_endian) * f->tick_ns,
		.bytes = sonde_view(p + f->record_head, captured),
		.wire_len = wire,
		.link = f->link,
	};
	return 1;
}

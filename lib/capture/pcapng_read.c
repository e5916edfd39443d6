#include "capture/pcapng_read.h"

#include "base/error.h"

enum block_type {
	BLOCK_SECTION = 0x0a0d0d0a, /* the same in both byte orders */
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2, /* obsolete */
	BLOCK_SIMPLE = 3,
	BLOCK_PACKET = 6,
};

enum {
	MAGIC = 0x1a2b3c4d,
	FRAME = 12, /* bytes of a block that are not its body: type, length, and the length again */
	OPTION_NAME = 2,
	OPTION_FLAGS = 2,
};

static uint32_t swap32(uint32_t v)
{
	return v >> 24 | (v >> 8 & 0xff00) | (v << 8 & 0xff0000) | v << 24;
}

static uint32_t get32(const struct sonde_pcapng_file *f, const uint8_t *p)
{
	uint32_t v = sonde_get_be32(p);
	return f->big_endian ? v : swap32(v);
}

static uint16_t get16(const struct sonde_pcapng_file *f, const uint8_t *p)
{
	uint16_t v = sonde_get_be16(p);
	return f->big_endian ? v : (uint16_t)(v << 8 | v >> 8);
}

static uint32_t padded(uint32_t len)
{
	return (len + 3) & ~UINT32_C(3);
}

uint32_t sonde_pcapng_block_len(struct sonde_pcapng_file *f, const uint8_t head[static SONDE_PCAPNG_HEAD])
{
	if (sonde_get_be32(head) == BLOCK_SECTION) {
		uint32_t magic = sonde_get_be32(head + 8);
		if (magic != MAGIC && swap32(magic) != MAGIC)
			return 0;
		f->big_endian = magic == MAGIC;
	}
	uint32_t len = get32(f, head + 4);
	return len < FRAME || len % 4 ? 0 : len;
}

bool sonde_pcapng_option(struct sonde_view *value, const struct sonde_pcapng_file *f, struct sonde_view options,
			 uint16_t code, size_t *at)
{
	const size_t head = 4;
	while (*at + head <= options.len) {
		const uint8_t *p = options.data + *at;
		uint16_t kind = get16(f, p), len = get16(f, p + 2);
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

static int take_interface(struct sonde_pcapng_file *f, struct sonde_view body)
{
	const size_t fixed = 8;
	struct sonde_view name;
	size_t at = 0;
	if (body.len < fixed)
		return SONDE_E_MALFORMED;
	if (f->n++ >= f->cap)
		return 0;
	struct sonde_pcapng_seen *i = &f->interfaces[f->n - 1];
	*i = (struct sonde_pcapng_seen){ .link = get16(f, body.data), .snap = get32(f, body.data + 4) };
	struct sonde_view options = sonde_view_sub(body, fixed, body.len);
	if (sonde_pcapng_option(&name, f, options, OPTION_NAME, &at)) {
		size_t len = name.len < sizeof i->name - 1 ? name.len : sizeof i->name - 1;
		if (len)
			memcpy(i->name, name.data, len);
	}
	return 0;
}

/* Bytes and what follows them: padding, and options. */
static int take_bytes(struct sonde_pcapng_packet *out, const struct sonde_pcapng_file *f, struct sonde_view body,
		      uint32_t head, uint32_t len)
{
	struct sonde_record *r = &out->record;
	if (head + (uint64_t)len > body.len)
		return SONDE_E_MALFORMED;
	r->bytes = sonde_view(body.data + head, len);
	out->options = sonde_view_sub(body, head + padded(len), body.len);
	out->from = r->interface < f->n && r->interface < f->cap ? &f->interfaces[r->interface] : NULL;
	r->link = out->from ? out->from->link : 0;
	return 1;
}

/* Bits 0 and 1 of the flags are the direction. */
static void take_options(struct sonde_pcapng_packet *out, const struct sonde_pcapng_file *f)
{
	struct sonde_view v;
	size_t at = 0;
	if (sonde_pcapng_option(&v, f, out->options, OPTION_FLAGS, &at) && v.len == 4)
		out->record.direction = get32(f, v.data) & 3;
	at = 0;
	if (sonde_pcapng_option(&v, f, out->options, SONDE_PCAPNG_COMMENT, &at))
		out->record.comment = v;
}

static int take_packet(struct sonde_pcapng_packet *out, const struct sonde_pcapng_file *f, struct sonde_view body,
		       bool old)
{
	const uint32_t fixed = 20;
	if (body.len < fixed)
		return SONDE_E_MALFORMED;
	out->record.interface = old ? get16(f, body.data) : get32(f, body.data);
	out->record.wire_len = get32(f, body.data + 16);
	int got = take_bytes(out, f, body, fixed, get32(f, body.data + 12));
	if (got == 1)
		take_options(out, f);
	return got;
}

/* A simple packet has as many bytes as the first interface captures at most. */
static int take_simple(struct sonde_pcapng_packet *out, const struct sonde_pcapng_file *f, struct sonde_view body)
{
	const uint32_t fixed = 4;
	if (body.len < fixed)
		return SONDE_E_MALFORMED;
	uint32_t len = out->record.wire_len = get32(f, body.data);
	uint32_t snap = f->n && f->cap ? f->interfaces[0].snap : 0;
	int got = take_bytes(out, f, body, fixed, snap && snap < len ? snap : len);
	out->options = sonde_view(NULL, 0);
	return got;
}

int sonde_pcapng_block(struct sonde_pcapng_packet *out, struct sonde_pcapng_file *f, struct sonde_view block)
{
	if (block.len < FRAME || get32(f, block.data + block.len - 4) != block.len)
		return SONDE_E_MALFORMED;
	struct sonde_view body = sonde_view_sub(block, 8, block.len - FRAME);
	*out = (struct sonde_pcapng_packet){ .from = NULL };
	switch (get32(f, block.data)) {
	case BLOCK_SECTION: f->n = 0; return 0;
	case BLOCK_INTERFACE: return take_interface(f, body);
	case BLOCK_PACKET: return take_packet(out, f, body, false);
	case BLOCK_OLD_PACKET: return take_packet(out, f, body, true);
	case BLOCK_SIMPLE: return take_simple(out, f, body);
	default: return 0;
	}
}

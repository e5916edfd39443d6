#include "capture/pcapng_write.h"

#include "base/error.h"
#include "capture/order.h"
#include "capture/pcapng_read.h"

/* Option codes are numbered anew in each block type, from 2. */
enum { OPTION_END = 0 };
enum { SECTION_HARDWARE = 2, SECTION_OS = 3, SECTION_APPLICATION = 4 };
enum { INTERFACE_NAME = 2, INTERFACE_DESCRIPTION = 3, INTERFACE_RESOLUTION = 9, INTERFACE_FILTER = 11,
	INTERFACE_OFFSET = 14 };
enum { STATISTICS_START = 2, STATISTICS_END, STATISTICS_RECEIVED, STATISTICS_INTERFACE_DROPPED, STATISTICS_ACCEPTED,
	STATISTICS_KERNEL_DROPPED, STATISTICS_DELIVERED };

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define LENGTH_UNKNOWN UINT64_MAX
#define OPTION_MOST 65535
#define FRAME_MOST (UINT32_MAX - 65535 - 128) /* with its options the block's length still fits 32 bits */

/* A block being written. After the first failure, rc, nothing is written. */
struct block {
	struct sonde_buf *buf;
	size_t start;
	int rc;
};

static uint8_t *block_extend(struct block *b, size_t n)
{
	uint8_t *at = b->rc == 0 ? sonde_buf_extend(b->buf, n) : NULL;
	if (!at && b->rc == 0)
		b->rc = SONDE_E_SPACE;
	return at;
}

static void put_number(struct block *b, uint64_t v, size_t n)
{
	uint8_t *at = block_extend(b, n);
	for (size_t i = 0; at && i < n; i++)
		at[i] = (uint8_t)(v >> 8 * i);
}

static void put_padded(struct block *b, struct sonde_view v)
{
	uint8_t *at = block_extend(b, (v.len + 3) & ~(size_t)3);
	if (!at)
		return;
	if (v.len)
		memcpy(at, v.data, v.len);
	memset(at + v.len, 0, -v.len & 3);
}

static void put_option(struct block *b, uint16_t code, struct sonde_view value)
{
	if (value.len > OPTION_MOST && b->rc == 0)
		b->rc = SONDE_E_RANGE;
	put_number(b, code, 2);
	put_number(b, value.len, 2);
	put_padded(b, value);
}

static void put_text(struct block *b, uint16_t code, struct sonde_view text)
{
	if (text.len)
		put_option(b, code, text);
}

static void put_count(struct block *b, uint16_t code, uint64_t count)
{
	if (count == UINT64_MAX)
		return;
	put_number(b, code, 2);
	put_number(b, 8, 2);
	put_number(b, count, 8);
}

/* The upper half comes first, in either byte order. */
static void put_time(struct block *b, sonde_time t)
{
	put_number(b, (uint64_t)t >> 32, 4);
	put_number(b, (uint64_t)t, 4);
}

static void put_time_option(struct block *b, uint16_t code, sonde_time t)
{
	put_number(b, code, 2);
	put_number(b, 8, 2);
	put_time(b, t);
}

static struct block block_begin(struct sonde_buf *buf, uint32_t type)
{
	struct block b = { buf, buf->len, 0 };
	put_number(&b, type, 4);
	put_number(&b, 0, 4); /* the length, which block_end writes */
	return b;
}

/* options_at: where the options begin. If there are none, there is no end of options either. */
static int block_end(struct block *b, size_t options_at)
{
	if (b->buf->len > options_at)
		put_number(b, OPTION_END, 4);
	uint64_t len = b->buf->len - b->start + 4;
	put_number(b, len, 4);
	if (b->rc < 0) {
		b->buf->len = b->start;
		return b->rc;
	}
	struct block head = { &(struct sonde_buf){ b->buf->data + b->start + 4, 0, 4 }, 0, 0 };
	put_number(&head, len, 4);
	return 0;
}

int sonde_pcapng_put_section(struct sonde_buf *buf, const struct sonde_pcapng_section *s)
{
	struct block b = block_begin(buf, SONDE_PCAPNG_SECTION_HEADER);
	put_number(&b, BYTE_ORDER_MAGIC, 4);
	put_number(&b, 1, 2); /* version 1.0 */
	put_number(&b, 0, 2);
	put_number(&b, LENGTH_UNKNOWN, 8);
	size_t options_at = buf->len;
	put_text(&b, SONDE_PCAPNG_COMMENT, s->comment);
	put_text(&b, SECTION_HARDWARE, s->hardware);
	put_text(&b, SECTION_OS, s->os);
	put_text(&b, SECTION_APPLICATION, s->application);
	return block_end(&b, options_at);
}

static void put_filter(struct block *b, struct sonde_view filter)
{
	if (!filter.len)
		return;
	if (filter.len >= OPTION_MOST && b->rc == 0)
		b->rc = SONDE_E_RANGE;
	put_number(b, INTERFACE_FILTER, 2);
	put_number(b, filter.len + 1, 2);
	uint8_t *at = block_extend(b, (filter.len + 1 + 3) & ~(size_t)3);
	if (!at)
		return;
	at[0] = 0; /* the kind of filter: libpcap's language */
	memcpy(at + 1, filter.data, filter.len);
	memset(at + 1 + filter.len, 0, -(filter.len + 1) & 3);
}

int sonde_pcapng_put_interface(struct sonde_buf *buf, const struct sonde_pcapng_interface *i)
{
	static const uint8_t nanoseconds = 9; /* the negative power of ten */
	struct block b = block_begin(buf, SONDE_PCAPNG_INTERFACE_DESCRIPTION);
	put_number(&b, i->link, 2);
	put_number(&b, 0, 2);
	put_number(&b, i->snap, 4);
	size_t options_at = buf->len;
	put_text(&b, INTERFACE_NAME, i->name);
	put_text(&b, INTERFACE_DESCRIPTION, i->description);
	put_option(&b, INTERFACE_RESOLUTION, sonde_view(&nanoseconds, 1));
	put_filter(&b, i->filter);
	if (i->offset_s) {
		put_number(&b, INTERFACE_OFFSET, 2);
		put_number(&b, 8, 2);
		put_number(&b, (uint64_t)i->offset_s, 8);
	}
	return block_end(&b, options_at);
}

/* The numbers that the value of a packet's option begins with: how many, of how many bytes. */
static unsigned numbers_in(uint8_t *width, uint16_t code)
{
	static const struct {
		uint16_t code;
		uint8_t n, width;
	} options[] = {
		{ SONDE_PCAPNG_FLAGS, 1, 4 }, { SONDE_PCAPNG_DROP_COUNT, 1, 8 }, { SONDE_PCAPNG_PACKET_ID, 1, 8 },
		{ SONDE_PCAPNG_QUEUE, 1, 4 }, { SONDE_PCAPNG_PROCESS, 2, 4 },
		/* Custom ones: the number of who defines them. */
		{ 2988, 1, 4 },               { 2989, 1, 4 },                    { 19372, 1, 4 },
		{ 19373, 1, 4 },
	};
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (options[i].code == code) {
			*width = options[i].width;
			return options[i].n;
		}
	return 0;
}

/* An option of a big-endian section. */
static void put_turned(struct block *b, uint16_t code, struct sonde_view value)
{
	uint8_t width = 0;
	unsigned n = numbers_in(&width, code);
	size_t at = b->buf->len + 4;
	put_option(b, code, value);
	for (size_t i = 0; b->rc == 0 && i < n && (i + 1) * width <= value.len; i++)
		for (size_t k = 0; k < width; k++)
			b->buf->data[at + i * width + k] = value.data[i * width + width - 1 - k];
}

static void put_copied(struct block *b, const struct sonde_record *r)
{
	const size_t head = 4;
	for (size_t at = 0; at + head <= r->options.len;) {
		const uint8_t *p = r->options.data + at;
		uint16_t code = sonde_order_get16(p, r->big_endian), len = sonde_order_get16(p + 2, r->big_endian);
		struct sonde_view value = sonde_view_sub(r->options, at + head, len);
		if (code == OPTION_END || value.len < len)
			break;
		if (r->big_endian)
			put_turned(b, code, value);
		else
			put_option(b, code, value);
		at += head + ((len + 3u) & ~3u);
	}
}

static int put_simple(struct sonde_buf *buf, const struct sonde_record *r)
{
	struct block b = block_begin(buf, SONDE_PCAPNG_SIMPLE_PACKET);
	put_number(&b, r->wire_len, 4);
	put_padded(&b, r->bytes);
	return block_end(&b, buf->len);
}

int sonde_pcapng_put_packet(struct sonde_buf *buf, const struct sonde_record *r)
{
	if (r->bytes.len > FRAME_MOST)
		return SONDE_E_RANGE;
	if (r->timeless && sonde_pcapng_is_simple(r))
		return put_simple(buf, r);
	struct block b = block_begin(buf, SONDE_PCAPNG_ENHANCED_PACKET);
	put_number(&b, r->interface, 4);
	put_time(&b, r->timeless ? (sonde_time)SONDE_PCAPNG_NO_TIME : r->time);
	put_number(&b, r->bytes.len, 4);
	put_number(&b, r->wire_len, 4);
	put_padded(&b, r->bytes);
	size_t options_at = buf->len;
	put_copied(&b, r);
	if (!r->options.len)
		put_text(&b, SONDE_PCAPNG_COMMENT, r->comment);
	if (!r->options.len && r->direction != SONDE_NO_DIRECTION) {
		put_number(&b, SONDE_PCAPNG_FLAGS, 2);
		put_number(&b, 4, 2);
		put_number(&b, r->direction, 4);
	}
	return block_end(&b, options_at);
}

int sonde_pcapng_put_block(struct sonde_buf *buf, uint32_t type, struct sonde_view body)
{
	if (body.len > FRAME_MOST)
		return SONDE_E_RANGE;
	struct block b = block_begin(buf, type);
	put_padded(&b, body);
	return block_end(&b, buf->len);
}

int sonde_pcapng_put_statistics(struct sonde_buf *buf, const struct sonde_pcapng_statistics *s)
{
	struct block b = block_begin(buf, SONDE_PCAPNG_INTERFACE_STATISTICS);
	put_number(&b, s->interface, 4);
	put_time(&b, s->time);
	size_t options_at = buf->len;
	put_time_option(&b, STATISTICS_START, s->start);
	put_time_option(&b, STATISTICS_END, s->end);
	put_count(&b, STATISTICS_RECEIVED, s->received);
	put_count(&b, STATISTICS_INTERFACE_DROPPED, s->dropped_by_interface);
	put_count(&b, STATISTICS_ACCEPTED, s->accepted);
	put_count(&b, STATISTICS_KERNEL_DROPPED, s->dropped_by_kernel);
	put_count(&b, STATISTICS_DELIVERED, s->delivered);
	return block_end(&b, options_at);
}

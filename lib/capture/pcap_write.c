#include "capture/pcap_write.h"

#include "base/error.h"
#include "capture/order.h"

#define MAGIC 0xa1b23c4d /* nanoseconds */

static void put32(uint8_t *p, uint32_t v)
{
	sonde_put_be32(p, __builtin_bswap32(v));
}

int sonde_pcap_put_head(struct sonde_buf *b, uint16_t link)
{
	uint8_t *p = sonde_buf_extend(b, SONDE_PCAP_FILE_HEAD);
	if (!p)
		return SONDE_E_SPACE;
	put32(p, MAGIC);
	put32(p + 4, 2 | 4 << 16); /* version 2.4 */
	put32(p + 8, 0);
	put32(p + 12, 0);
	put32(p + 16, SONDE_RECORD_MAX);
	put32(p + 20, link);
	return 0;
}

int sonde_pcap_put_record(struct sonde_buf *b, const struct sonde_record *r)
{
	uint64_t seconds = (uint64_t)r->time / SONDE_S;
	if (!r->timeless && (r->time < 0 || seconds > UINT32_MAX))
		return SONDE_E_RANGE;
	uint8_t *p = sonde_buf_extend(b, SONDE_PCAP_RECORD_HEAD + r->bytes.len);
	if (!p)
		return SONDE_E_SPACE;
	put32(p, r->timeless ? 0 : (uint32_t)seconds);
	put32(p + 4, r->timeless ? 0 : (uint32_t)((uint64_t)r->time % SONDE_S));
	put32(p + 8, (uint32_t)r->bytes.len);
	put32(p + 12, r->wire_len);
	if (r->bytes.len)
		memcpy(p + SONDE_PCAP_RECORD_HEAD, r->bytes.data, r->bytes.len);
	return 0;
}

uint64_t sonde_pcap_record_len(const uint8_t p[static SONDE_PCAP_RECORD_HEAD])
{
	return SONDE_PCAP_RECORD_HEAD + (uint64_t)sonde_order_get32(p + 8, false);
}

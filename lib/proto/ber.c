#include "proto/ber.h"

#define LENGTH4 SONDE_FIELD(3, 16, 32)
#define LENGTH3 SONDE_FIELD(4, 16, 24)
#define LENGTH2 SONDE_FIELD(5, 16, 16)
#define LENGTH1 SONDE_FIELD(6, 16, 8)
#define LENGTH  SONDE_FIELD(7, 9, 7)

/* The row that holds the length; 0: a length of more bytes, or without an end. */
static sonde_place length_place(const uint8_t *header)
{
	static const sonde_place places[] = { 0, LENGTH1, LENGTH2, LENGTH3, LENGTH4 };
	uint64_t n = sonde_get(header, SONDE_BER_LENLEN);
	if (!sonde_get(header, SONDE_BER_LONG))
		return LENGTH;
	return n < sizeof places / sizeof *places ? places[n] : 0;
}

uint32_t sonde_ber_len(const uint8_t *header, uint32_t have)
{
	sonde_place place = have >= SONDE_BER_HEAD_LEN ? length_place(header) : 0;
	uint32_t head = SONDE_END(place) / 8;
	if (!place || head > have)
		return 0;
	uint64_t len = head + sonde_get(header, place);
	return len <= UINT32_MAX ? (uint32_t)len : 0;
}

void sonde_ber_finish(const struct sonde_context *c)
{
	sonde_place place = length_place(sonde_header(c));
	uint32_t head = SONDE_END(place) / 8, len = c->layer->total_len;
	if (place && head <= c->layer->header_len)
		sonde_fill(c, place, len > head ? len - head : 0);
}

#include "flow/tcp_options.h"

#include "proto/list.h"
#include "proto/tcp.h"

#define START(place) (SONDE_FIRST(place) / 8)
#define END(place)   (SONDE_END(place) / 8)

/* Timestamps as most segments have them: nop, nop, 8, 10 (RFC 7323, appendix A). */
#define TIMESTAMPS_LEN 12
static bool are_timestamps(struct sonde_view options)
{
	return options.len == TIMESTAMPS_LEN && sonde_get_be32(options.data) == 0x0101080a;
}

static void read_sacks(struct sonde_tcp_options *out, struct sonde_view item)
{
	const size_t block = END(SONDE_TCP_SACK_BLOCKS) - START(SONDE_TCP_SACK_BLOCKS);
	for (size_t at = START(SONDE_TCP_SACK_BLOCKS); at + block <= item.len; at += block) {
		if (out->n_sacks == SONDE_TCP_MOST_SACKS)
			return;
		out->sacks[out->n_sacks].from = sonde_get_be32(item.data + at);
		out->sacks[out->n_sacks++].to = sonde_get_be32(item.data + at + 4);
	}
}

bool sonde_tcp_options_read(struct sonde_tcp_options *out, struct sonde_view options)
{
	const struct sonde_list *list = sonde_tcp.fields[SONDE_ROW(SONDE_TCP_OPTIONS)].list;
	struct sonde_list_item item;
	size_t at = 0;
	*out = (struct sonde_tcp_options){ .mss = 0 };
	if (options.len == 0 || are_timestamps(options))
		return false;
	while (sonde_list_next(&item, list, options, &at) && !item.broken && !item.ends) {
		if (item.number == SONDE_TCP_MSS && item.len >= END(SONDE_TCP_MSS_SIZE))
			out->mss = (uint16_t)sonde_get(item.bytes.data, SONDE_TCP_MSS_SIZE);
		else if (item.number == SONDE_TCP_WSCALE && item.len >= END(SONDE_TCP_WSCALE_SHIFT)) {
			out->wscale = (uint8_t)sonde_get(item.bytes.data, SONDE_TCP_WSCALE_SHIFT);
			out->has_wscale = true;
		} else if (item.number == SONDE_TCP_SACKOK)
			out->sack_permitted = true;
		else if (item.number == SONDE_TCP_TS)
			out->has_timestamps = true;
		else if (item.number == SONDE_TCP_SACK)
			read_sacks(out, sonde_view(item.bytes.data, item.len));
	}
	return true;
}

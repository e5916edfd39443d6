#include "proto/dstopts.h"

#include "proto/names.h"
#include "proto/options6.h"

/* RFC 6275, 11.3.1: checksums use the home address of a mobile node as source. */
static void final_addrs(const struct sonde_layer *layer, const uint8_t *header, uint8_t *src, uint8_t *dst)
{
	enum { PAD1 = 0, HOME = 201, HEAD = 2, ADDR_LEN = 16 };
	(void)dst;
	for (uint32_t at = SONDE_FIRST(SONDE_OPTIONS6_OPTIONS) / 8; at + HEAD <= layer->header_len;) {
		uint32_t len = header[at] == PAD1 ? 1 : HEAD + header[at + 1];
		if (header[at] == HOME && len == HEAD + ADDR_LEN && at + len <= layer->header_len)
			memcpy(src, header + at + HEAD, ADDR_LEN);
		at += len;
	}
}

/* .varies: without options, the list is padding. */
const struct sonde_proto sonde_dstopts = {
	.name = "dstopts", .title = "IPv6 destination options", .source = "RFC 8200",
	.example = "ip6 dst=2001:db8::2 / dstopts options=limit:4 / udp dport=7",
	.fields = sonde_options6_rows, .min_len = SONDE_OPTIONS6_MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, 60 } },
	.next = SONDE_OPTIONS6_NEXT, .next_space = SONDE_SPACE_IP, .next_none = SONDE_IP_NO_NEXT,
	.header_length = SONDE_OPTIONS6_LENGTH, .header_unit = 8, .header_plus = 1,
	.measure = sonde_options6_measure, .finish = sonde_options6_finish, .final_addrs = final_addrs,
};

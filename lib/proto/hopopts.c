#include "proto/hopopts.h"

#include "proto/names.h"
#include "proto/options6.h"

/* .varies: without options, the list is padding. */
const struct sonde_proto sonde_hopopts = {
	.name = "hopopts", .title = "IPv6 hop-by-hop options", .source = "RFC 8200",
	.example = "ip6 dst=ff02::16 / hopopts options=ra:0 / icmp6 type=mld-report2 records=to_ex:[ff02::db8]",
	.fields = sonde_options6_rows, .min_len = SONDE_OPTIONS6_MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, 0 } },
	.next = SONDE_OPTIONS6_NEXT, .next_space = SONDE_SPACE_IP, .next_none = SONDE_IP_NO_NEXT,
	.header_length = SONDE_OPTIONS6_LENGTH, .header_unit = 8, .header_plus = 1,
	.measure = sonde_options6_measure, .finish = sonde_options6_finish,
};

#include "proto/nflogdata.h"

#include "proto/describe.h"

enum { HEADER_LEN = 4, PAYLOAD = 9 };

static const struct sonde_field fields[] = {
	SCALAR("length", SONDE_NFLOGDATA_LENGTH, .open = SONDE_COMPUTED, .help = "bytes of this header and the packet"),
	SCALAR("type", SONDE_NFLOGDATA_TYPE, .value = PAYLOAD, .help = "9: a packet"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return (uint32_t)sonde_get(header, SONDE_NFLOGDATA_LENGTH);
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_NFLOGDATA_LENGTH, c->layer->total_len);
}

static bool heuristic(struct sonde_view payload)
{
	return payload.len >= HEADER_LEN && sonde_get(payload.data, SONDE_NFLOGDATA_TYPE) == PAYLOAD;
}

const struct sonde_proto sonde_nflogdata = {
	.name = "nflogdata", .title = "Netfilter log, the packet", .source = "tcpdump.org/linktypes",
	.example = "nflog resource=5 / nflogdata / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = HEADER_LEN, .network = true, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_NFLOG } },
	.length_place = SONDE_NFLOGDATA_LENGTH,
	.declared = declared, .child = sonde_child_by_version, .finish = finish, .heuristic = heuristic,
};

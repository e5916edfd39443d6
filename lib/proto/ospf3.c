#include "proto/ospf3.h"

#include "proto/describe.h"

#define HEADER_LEN 16
#define NUMBER     89

static const struct sonde_name types[] = {
	{ 1, "hello" }, { 2, "dd" }, { 3, "lsr" }, { 4, "lsu" }, { 5, "lsack" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_OSPF3_VERSION, .value = 3, .help = "3"),
	SCALAR("type", SONDE_OSPF3_TYPE, .alias = "msg", KIND(named), .names = types, .value = 1, .always = true,
		.help = "hello, dd, lsr, lsu, lsack"),
	SCALAR("length", SONDE_OSPF3_LENGTH, .open = SONDE_COMPUTED, .help = "bytes, header included"),
	BYTES("router", SONDE_OSPF3_ROUTER, .alias = "srcrouter", KIND(ip4), .always = true, .help = "who sends this"),
	BYTES("area", SONDE_OSPF3_AREA, .alias = "area_id", KIND(ip4), .always = true, .help = "0.0.0.0: the backbone"),
	SCALAR("checksum", SONDE_OSPF3_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over pseudo-header and packet"),
	SCALAR("instance", SONDE_OSPF3_INSTANCE, .alias = "instance_id", .help = "of several on one link"),
	SCALAR("reserved", SONDE_OSPF3_RESERVED, .help = "must be 0"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return (uint32_t)sonde_get(header, SONDE_OSPF3_LENGTH);
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_OSPF3_LENGTH, c->layer->total_len);
}

static uint32_t checksum(const struct sonde_context *c)
{
	uint64_t sum = sonde_pseudo_sum(c, NUMBER, c->layer->total_len);
	return sonde_layer_checksum(c, SONDE_OSPF3_CHECKSUM, HEADER_LEN, sum, c->layer->have_len);
}

static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len > 0 && sonde_get(payload.data, SONDE_OSPF3_VERSION) == 3;
}

const struct sonde_proto sonde_ospf3 = {
	.name = "ospf3", .title = "Open Shortest Path First, version 3", .source = "RFC 5340", .alias = "ospfv3",
	.example = "ip6 dst=ff02::5 hlim=1 / ospf3 type=hello router=10.0.0.1 area=0.0.0.0 / zero:20",
	.fields = fields, .min_len = HEADER_LEN,
	.ids = { { SONDE_SPACE_IP, NUMBER } },
	.checksum_place = SONDE_OSPF3_CHECKSUM, .length_place = SONDE_OSPF3_LENGTH,
	.declared = declared, .finish = finish, .checksum = checksum, .claims = claims,
};

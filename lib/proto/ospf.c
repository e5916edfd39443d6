#include "proto/ospf.h"

#include "proto/describe.h"

#define HEADER_LEN    24
#define AUTH_AT       16
#define NUMBER        89
#define CRYPTOGRAPHIC 2

static const struct sonde_name types[] = {
	{ 1, "hello" }, { 2, "dd" }, { 3, "lsr" }, { 4, "lsu" }, { 5, "lsack" }, { 0 },
};
static const struct sonde_name auth_types[] = {
	{ 0, "none" }, { 1, "simple" }, { CRYPTOGRAPHIC, "cryptographic" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_OSPF_VERSION, .value = 2, .help = "2"),
	SCALAR("type", SONDE_OSPF_TYPE, .alias = "msg", KIND(named), .names = types, .value = 1, .always = true,
		.help = "hello, dd, lsr, lsu, lsack"),
	SCALAR("length", SONDE_OSPF_LENGTH, .open = SONDE_COMPUTED, .help = "bytes, header included"),
	BYTES("router", SONDE_OSPF_ROUTER, .alias = "srcrouter", KIND(ip4), .always = true, .help = "who sends this"),
	BYTES("area", SONDE_OSPF_AREA, .alias = "area_id", KIND(ip4), .always = true, .help = "0.0.0.0: the backbone"),
	SCALAR("checksum", SONDE_OSPF_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the packet without auth; 0 with cryptographic authentication"),
	SCALAR("authtype", SONDE_OSPF_AUTHTYPE, KIND(named), .names = auth_types,
		.help = "none, simple, cryptographic"),
	BYTES("auth", SONDE_OSPF_AUTH, KIND(raw), .help = "password, or key and sequence number"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return (uint32_t)sonde_get(header, SONDE_OSPF_LENGTH);
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_OSPF_LENGTH, c->layer->total_len);
}

/* The authentication is left out: in one's complement, adding 0xffff less a word takes it away. */
static uint32_t checksum(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	uint32_t len = declared(c->layer, header);
	uint64_t sum = 0;
	if (sonde_get(header, SONDE_OSPF_AUTHTYPE) == CRYPTOGRAPHIC)
		return 0;
	for (uint32_t at = AUTH_AT; at < HEADER_LEN; at += 2)
		sum = sonde_sum_number(sum, (uint16_t)~sonde_get_be16(header + at));
	bool is_shorter = len >= HEADER_LEN && len < c->layer->have_len;
	return sonde_layer_checksum(c, SONDE_OSPF_CHECKSUM, HEADER_LEN, sum, is_shorter ? len : c->layer->have_len);
}

static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len > 0 && sonde_get(payload.data, SONDE_OSPF_VERSION) == 2;
}

const struct sonde_proto sonde_ospf = {
	.name = "ospf", .title = "Open Shortest Path First, version 2", .source = "RFC 2328", .alias = "ospf2",
	.example = "ip dst=224.0.0.5 ttl=1 / ospf type=hello router=10.0.0.1 area=0.0.0.0 / "
		   "hex:ffffff00000a0201000000280a0000010a000002",
	.fields = fields, .min_len = HEADER_LEN,
	.ids = { { SONDE_SPACE_IP, NUMBER } },
	.checksum_place = SONDE_OSPF_CHECKSUM, .length_place = SONDE_OSPF_LENGTH,
	.declared = declared, .finish = finish, .checksum = checksum, .claims = claims,
};

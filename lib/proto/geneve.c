#include "proto/geneve.h"

#include "proto/describe.h"
#include "proto/names.h"

#define MIN_LEN 8

static const struct sonde_name flag_words[] = { { SONDE_GENEVE_O, "O" }, { SONDE_GENEVE_C, "C" }, { 0 } };

/* The number of an option is its class and type. OVN's has the ports of its logical switch. */
static const struct sonde_field ovn[] = {
	SCALAR("ingress", SONDE_FIELD(0, 32, 16), .help = "port that the packet came in by"),
	SCALAR("egress", SONDE_FIELD(1, 48, 16), .help = "port that it goes out by"),
	{ 0 },
};

static const struct sonde_list options = {
	.kind = SONDE_FIELD(0, 0, 24), .length = SONDE_FIELD(1, 27, 5), .head = 4, .length_unit = 4,
	.length_excludes = 4, .align = 4,
	.items = (const struct sonde_item[]) {
		ITEM("ovn", 0x010280, .fields = ovn),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_GENEVE_VERSION, .help = "0"),
	SCALAR("optlen", SONDE_GENEVE_OPTLEN, .open = SONDE_COMPUTED, .help = "options, 4-byte words"),
	SCALAR("flags", SONDE_GENEVE_FLAGS, KIND(flags), .names = flag_words,
		.help = "O: control packet, C: critical options"),
	SCALAR("reserved", SONDE_GENEVE_RESERVED, KIND(hex), .help = "must be 0"),
	SCALAR("type", SONDE_GENEVE_TYPE, .alias = "proto proto_type", KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("vni", SONDE_GENEVE_VNI, .always = true, .help = "virtual network identifier"),
	SCALAR("reserved2", SONDE_GENEVE_RESERVED2, KIND(hex), .help = "must be 0"),
	LIST("options", SONDE_GENEVE_OPTIONS, .list = &options, .help = "in wire order"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	return MIN_LEN + 4 * (uint32_t)sonde_get(header, SONDE_GENEVE_OPTLEN);
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_GENEVE_OPTLEN, (c->layer->header_len - MIN_LEN) / 4);
}

const struct sonde_proto sonde_geneve = {
	.name = "geneve", .title = "Generic Network Virtualization Encapsulation", .source = "RFC 8926",
	.example = "ip dst=10.0.0.2 / udp / geneve vni=7 options=ovn:1:2 / ether dst=02:00:00:00:00:02 / "
		   "ip dst=192.168.0.2 / udp",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_UDP, 6081 } },
	.next = SONDE_GENEVE_TYPE, .next_space = SONDE_SPACE_ETHERTYPE, .next_none = SONDE_ETHER_NO_NEXT,
	.header_length = SONDE_GENEVE_OPTLEN, .header_unit = 4, .header_plus = 2,
	.measure = measure, .finish = finish, .network_place = SONDE_GENEVE_VNI,
};

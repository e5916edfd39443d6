#include "proto/stp.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define MIN_LEN 4

#define OF_TREE  .when = SONDE_WHEN_IS(SONDE_STP_TYPE, 0, 1 << SONDE_STP_CONFIG | 1 << SONDE_STP_RAPID)
#define OF_RAPID .when = SONDE_WHEN_IS(SONDE_STP_TYPE, SONDE_STP_RAPID, 1 << 0)

static const struct sonde_name types[] = {
	{ SONDE_STP_CONFIG, "config" }, { SONDE_STP_RAPID, "rapid" }, { SONDE_STP_CHANGE, "change" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("proto", SONDE_STP_PROTO, .alias = "protocol", .help = "0"),
	SCALAR("version", SONDE_STP_VERSION, .help = "0 STP, 2 RSTP, 3 MSTP"),
	SCALAR("type", SONDE_STP_TYPE, KIND(named), .names = types, .always = true, .help = "config, rapid, change"),
	SCALAR("flags", SONDE_STP_FLAGS, KIND(hex), OF_TREE, .help = "0x01 topology change ... 0x80 acknowledged"),
	SCALAR("rootprio", SONDE_STP_ROOTPRIO, .value = 32768, OF_TREE, .help = "priority of the root bridge"),
	BYTES("rootmac", SONDE_STP_ROOTMAC, KIND(mac), .always = true, OF_TREE, .help = "address of the root bridge"),
	SCALAR("cost", SONDE_STP_COST, OF_TREE, .help = "cost of the path to the root"),
	SCALAR("prio", SONDE_STP_PRIO, .value = 32768, OF_TREE, .help = "priority of the sending bridge"),
	BYTES("mac", SONDE_STP_MAC, KIND(mac), .always = true, OF_TREE, .help = "address of the sending bridge"),
	SCALAR("port", SONDE_STP_PORT, KIND(hex), .always = true, OF_TREE, .help = "priority and number of the port"),
	SCALAR("age", SONDE_STP_AGE, OF_TREE, .help = "of the message, 1/256 s"),
	SCALAR("maxage", SONDE_STP_MAXAGE, .value = 5120, OF_TREE, .help = "1/256 s"),
	SCALAR("hello", SONDE_STP_HELLO, .value = 512, OF_TREE, .help = "time between messages, 1/256 s"),
	SCALAR("delay", SONDE_STP_DELAY, .value = 3840, OF_TREE, .help = "before a port forwards, 1/256 s"),
	SCALAR("version1len", SONDE_STP_VERSION1LEN, OF_RAPID, .help = "0"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

const struct sonde_proto sonde_stp = {
	.name = "stp", .title = "Spanning Tree Protocol", .source = "IEEE 802.1D",
	.example = "ether dst=01:80:c2:00:00:00 / llc dsap=0x42 ssap=0x42 / stp type=config rootmac=02:00:00:00:00:01 "
		   "mac=02:00:00:00:00:02 port=0x8001",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_SAP, 0x42 } },
	.measure = measure,
};

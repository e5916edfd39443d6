#include "proto/erspan3.h"

#include "proto/describe.h"

#define MIN_LEN  12
#define INFO_LEN 8
#define WITH_O   .when = SONDE_WHEN_IS(SONDE_ERSPAN3_O, 1, 1 << 0)

enum { ETHERNET = 0, IP = 2 };

static const struct sonde_name frame_types[] = { { ETHERNET, "ethernet" }, { IP, "ip" }, { 0 } };
static const struct sonde_name granularities[] = {
	{ 0, "100us" }, { 1, "100ns" }, { 2, "ieee1588" }, { 3, "user" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_ERSPAN3_VERSION, .value = 2, .help = "2 for type III"),
	SCALAR("vlan", SONDE_ERSPAN3_VLAN, .help = "VLAN of the mirrored frame"),
	SCALAR("cos", SONDE_ERSPAN3_COS, .alias = "priority", .help = "class of service of the mirrored frame"),
	SCALAR("bso", SONDE_ERSPAN3_BSO, .help = "mirrored frame: 0 good, 1 bad, 2 short, 3 oversized"),
	SCALAR("t", SONDE_ERSPAN3_T, .alias = "truncated", .help = "1: the mirrored frame is truncated"),
	SCALAR("session", SONDE_ERSPAN3_SESSION, .alias = "spanid session_id", .always = true,
		.help = "mirror session"),
	SCALAR("timestamp", SONDE_ERSPAN3_TIMESTAMP, .help = "in units of gra"),
	SCALAR("sgt", SONDE_ERSPAN3_SGT, .help = "security group tag"),
	SCALAR("p", SONDE_ERSPAN3_P, .help = "1: an Ethernet frame as it was received"),
	SCALAR("ft", SONDE_ERSPAN3_FT, KIND(named), .names = frame_types, .open = SONDE_COMPUTED,
		.help = "type of the mirrored frame: ethernet, ip"),
	SCALAR("hwid", SONDE_ERSPAN3_HWID, .help = "engine that mirrored the frame"),
	SCALAR("d", SONDE_ERSPAN3_D, .help = "direction: 0 ingress, 1 egress"),
	SCALAR("gra", SONDE_ERSPAN3_GRA, KIND(named), .names = granularities,
		.help = "granularity of the timestamp"),
	SCALAR("o", SONDE_ERSPAN3_O, .help = "1: platform and info follow"),
	SCALAR("platform", SONDE_ERSPAN3_PLATFORM, WITH_O, .help = "what info means"),
	SCALAR("info", SONDE_ERSPAN3_INFO, KIND(hex), WITH_O, .help = "by platform"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	return MIN_LEN + (sonde_get(header, SONDE_ERSPAN3_O) ? INFO_LEN : 0);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	switch (sonde_get(sonde_header(c), SONDE_ERSPAN3_FT)) {
	case ETHERNET: return sonde_child_by_number(c, SONDE_SPACE_LINK, SONDE_LINK_ETHERNET);
	case IP: return sonde_child_by_version(c);
	default: return NULL;
	}
}

static void finish(const struct sonde_context *c)
{
	bool ip = c->layer + 1 < c->end && sonde_number_in(c->layer[1].proto, SONDE_SPACE_VERSION, 0);
	sonde_fill(c, SONDE_ERSPAN3_FT, ip ? IP : ETHERNET);
}

const struct sonde_proto sonde_erspan3 = {
	.name = "erspan3", .title = "Encapsulated Remote SPAN, type III", .source = "draft-foschiano-erspan",
	.example = "ip dst=10.0.0.2 / gre seq=1 / erspan3 session=7 timestamp=1000 / ether dst=02:00:00:00:00:02 / "
		   "ip dst=192.168.0.2 / udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x22eb } },
	.measure = measure, .child = child, .finish = finish,
};

#include "proto/l2tpip.h"

#include "proto/describe.h"

enum { HEADER_LEN = 4, WORD = 4, LONGEST = 8, L2TP_PORT = 1701 };

static const struct sonde_field fields[] = {
	SCALAR("session", SONDE_L2TPIP_SESSION, .alias = "sessionid session_id", .always = true,
		.help = "as the receiver numbers it; 0: a control message"),
	BYTES("cookie", SONDE_L2TPIP_COOKIE, KIND(raw), .help = "cookie, or sublayer, before a frame"),
	{ 0 },
};

/* Of lengths in the place of a type, only the right one: any small number may stand there by chance. */
static bool is_frame(const uint8_t *bytes, uint32_t len)
{
	const uint32_t ends = 14;
	if (!sonde_is_ethernet(sonde_view(bytes, len)))
		return false;
	uint32_t type = sonde_get_be16(bytes + ends - 2);
	return type > SONDE_ETHER_MAX_LEN || ends + type == len;
}

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	const uint32_t most = sonde_get(header, SONDE_L2TPIP_SESSION) ? HEADER_LEN + LONGEST : HEADER_LEN;
	for (uint32_t len = HEADER_LEN; len <= most; len += WORD)
		if (len < have && is_frame(header + len, have - len))
			return len;
	return HEADER_LEN;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	const uint8_t *header = sonde_header(c);
	if (!sonde_get(header, SONDE_L2TPIP_SESSION))
		return sonde_child_by_number(c, SONDE_SPACE_UDP, L2TP_PORT);
	bool carries_frame =
		l->have_len > l->header_len && is_frame(header + l->header_len, l->have_len - l->header_len);
	return carries_frame ? sonde_child_by_number(c, SONDE_SPACE_LINK, SONDE_LINK_ETHERNET) : NULL;
}

const struct sonde_proto sonde_l2tpip = {
	.name = "l2tpip", .title = "Layer Two Tunneling Protocol version 3, over IP", .source = "RFC 3931",
	.example = "ip dst=10.0.0.2 / l2tpip session=7 / ether dst=02:00:00:00:00:04 / ip dst=192.168.0.2 / "
		   "udp dport=7",
	.fields = fields, .min_len = HEADER_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_IP, 115 } },
	.measure = measure, .child = child,
};

#include "proto/null.h"

#include "proto/describe.h"

#define INET6 30 /* Darwin's, where most captures of this kind come from */

/* A family written by a big-endian machine, read as a little-endian number. */
#define BIG(family) ((uint32_t)(family) << 24)

static const struct sonde_name families[] = {
	{ 2, "ip" }, { 30, "ip6" }, { 28, "ip6-freebsd" }, { 24, "ip6-netbsd" }, { 10, "ip6-linux" },
	{ BIG(2), "ip-be" }, { BIG(30), "ip6-be" }, { BIG(28), "ip6-freebsd-be" }, { BIG(24), "ip6-netbsd-be" },
	{ BIG(10), "ip6-linux-be" },
	{ 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("family", SONDE_NULL_FAMILY, .alias = "type", KIND(named), .names = families,
		.open = SONDE_COMPUTED, .help = "what follows; in the byte order of the capturing machine"),
	{ 0 },
};

static const struct sonde_proto *child(const struct sonde_context *c)
{
	uint32_t family = (uint32_t)sonde_get(sonde_header(c), SONDE_NULL_FAMILY);
	return sonde_child_by_family(family & 0xffffff ? family : family >> 24);
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_NULL_FAMILY, sonde_child_family(c, INET6));
}

const struct sonde_proto sonde_null = {
	.name = "null", .title = "BSD loopback encapsulation", .source = "tcpdump.org/linktypes",
	.example = "null / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 4, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 0 } },
	.child = child, .finish = finish,
};

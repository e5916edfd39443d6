#include "proto/loop.h"

#include "proto/describe.h"

#define INET6 24 /* OpenBSD's */

static const struct sonde_name families[] = {
	{ 2, "ip" }, { 24, "ip6" }, { 28, "ip6-freebsd" }, { 30, "ip6-darwin" }, { 10, "ip6-linux" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("family", SONDE_LOOP_FAMILY, .alias = "type", KIND(named), .names = families,
		.open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_family((uint32_t)sonde_get(sonde_header(c), SONDE_LOOP_FAMILY));
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_LOOP_FAMILY, sonde_child_family(c, INET6));
}

const struct sonde_proto sonde_loop = {
	.name = "loop", .title = "OpenBSD loopback encapsulation", .source = "tcpdump.org/linktypes",
	.example = "loop / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 4, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 108 } },
	.child = child, .finish = finish,
};

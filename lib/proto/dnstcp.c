#include "proto/dnstcp.h"

#include "proto/describe.h"

#define HEADER_LEN 2

static const struct sonde_field fields[] = {
	SCALAR("length", SONDE_DNSTCP_LENGTH, .open = SONDE_COMPUTED, .help = "bytes of the message"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return HEADER_LEN + (uint32_t)sonde_get(header, SONDE_DNSTCP_LENGTH);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	(void)c;
	return sonde_proto_by_id(SONDE_SPACE_INSIDE, SONDE_INSIDE_DNS);
}

static void finish(const struct sonde_context *c)
{
	uint32_t len = c->layer->total_len;
	sonde_fill(c, SONDE_DNSTCP_LENGTH, len > HEADER_LEN ? len - HEADER_LEN : 0);
}

/* A segment that continues a message may begin with any bytes. */
static bool heuristic(struct sonde_view payload)
{
	const struct sonde_proto *dns = sonde_proto_by_id(SONDE_SPACE_INSIDE, SONDE_INSIDE_DNS);
	return dns->heuristic(sonde_view_sub(payload, HEADER_LEN, payload.len));
}

static const struct sonde_proto *follower(struct sonde_view rest)
{
	return heuristic(rest) ? &sonde_dnstcp : NULL;
}

const struct sonde_proto sonde_dnstcp = {
	.name = "dnstcp", .title = "DNS in a stream", .source = "RFC 1035",
	.example = "ip dst=10.0.0.2 / tcp flags=PA / dnstcp / dns qname=example.com qtype=AXFR",
	.fields = fields, .min_len = HEADER_LEN,
	.ids = { { SONDE_SPACE_TCP, 53 } },
	.length_place = SONDE_DNSTCP_LENGTH,
	.declared = declared, .child = child, .finish = finish, .heuristic = heuristic,
	.follower = follower,
};

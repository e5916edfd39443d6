#include "proto/pw.h"

#include "proto/describe.h"

#define HEADER_LEN 4

static const struct sonde_field fields[] = {
	SCALAR("zero", SONDE_PW_ZERO, .help = "0: no IP packet"),
	SCALAR("flags", SONDE_PW_FLAGS, KIND(hex), .help = "by the kind of pseudowire"),
	SCALAR("frg", SONDE_PW_FRG, .help = "0: not fragmented"),
	SCALAR("length", SONDE_PW_LENGTH, .help = "bytes with this word, if less than 64; 0 for Ethernet"),
	SCALAR("seq", SONDE_PW_SEQ, .help = "sequence number, 0 for none"),
	{ 0 },
};

/* Labels do not say what they carry: the bytes behind the word must be a frame, too. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len > HEADER_LEN && sonde_get(payload.data, SONDE_PW_ZERO) == 0 &&
	       sonde_is_ethernet(sonde_view_sub(payload, HEADER_LEN, payload.len));
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_number(c, SONDE_SPACE_LINK, SONDE_LINK_ETHERNET);
}

const struct sonde_proto sonde_pw = {
	.name = "pw", .title = "Pseudowire control word", .source = "RFC 4385", .alias = "cw mcw pweth",
	.example = "ether dst=02:00:00:00:00:02 / mpls label=16 / pw seq=7 / ether dst=02:00:00:00:00:04 / "
		   "ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = HEADER_LEN, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_MPLS } },
	.child = child, .claims = claims,
};

#include "proto/handshake.h"

#include "proto/describe.h"
#include "proto/say.h"
#include "proto/tlsmsg.h"

static const struct sonde_field certificate[] = {
	SCALAR("length", SONDE_FIELD(0, 0, 24), .help = "bytes of the certificate"),
	BYTES("certificate", SONDE_FIELD(1, 24, 0), KIND(opaque), .len_from = SONDE_FIELD(0, 0, 24),
		.help = "X.509, DER"),
	{ 0 },
};
static const struct sonde_list certificates = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = certificate), { 0 } },
};

#define TICKET .when = SONDE_WHEN_IS(SONDE_HANDSHAKE_TYPE, SONDE_HANDSHAKE_NEW_SESSION_TICKET, 1 << 0)
#define CERTS  .when = SONDE_WHEN_IS(SONDE_HANDSHAKE_TYPE, SONDE_HANDSHAKE_CERTIFICATE, 1 << 0)

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_HANDSHAKE_TYPE, KIND(named), .names = sonde_tlsmsg_types, .always = true,
		.help = "certificate, server-hello-done, finished, ..."),
	SCALAR("length", SONDE_HANDSHAKE_LENGTH, .open = SONDE_COMPUTED, .help = "bytes that follow"),
	SCALAR("lifetime", SONDE_HANDSHAKE_LIFETIME, TICKET, .help = "lifetime of the ticket, seconds"),
	SCALAR("ticketlen", SONDE_HANDSHAKE_TICKETLEN, .open = SONDE_COMPUTED, TICKET, .help = "bytes of ticket"),
	BYTES("ticket", SONDE_HANDSHAKE_TICKET, KIND(raw), .len_from = SONDE_HANDSHAKE_TICKETLEN, TICKET,
		.help = "ticket for a later session"),
	SCALAR("certslen", SONDE_HANDSHAKE_CERTSLEN, .open = SONDE_COMPUTED, CERTS, .help = "bytes of certs"),
	LIST("certs", SONDE_HANDSHAKE_CERTS, .alias = "certificates", .list = &certificates,
		.len_from = SONDE_HANDSHAKE_CERTSLEN, CERTS, .help = "the sender's certificate first"),
	BYTES("data", SONDE_HANDSHAKE_DATA, KIND(opaque), .help = "undescribed bytes"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_message_measure(fields, header, have);
}

static void say(const struct sonde_saying *s)
{
	sonde_say_value(s, SONDE_HANDSHAKE_TYPE);
}

const struct sonde_proto sonde_handshake = {
	.name = "handshake", .title = "Transport Layer Security, handshake message", .source = "RFC 8446, RFC 5246",
	.example = "ip dst=10.0.0.2 / tcp sport=443 dport=40000 flags=PA / tls / "
		   "handshake type=certificate certs=3003020101,3003020102 / handshake type=server-hello-done",
	.fields = fields, .min_len = SONDE_TLSMSG_HEAD, .varies = true,
	.ids = { SONDE_TLSMSG_ID(0) },
	.length_place = SONDE_HANDSHAKE_LENGTH,
	.measure = measure, .declared = sonde_message_declared, .finish = sonde_message_finish,
	.follower = sonde_message_follower,
	.say = say, .said_as = "",
};

#include "proto/serverhello.h"

#include "proto/describe.h"
#include "proto/say.h"
#include "proto/tlsmsg.h"

#define MIN_LEN 42
#define TYPE    2

/* The drafts of TLS 1.3 up to the 21st (versions 0x7f00 to 0x7f15) have neither session identifier nor compression. */
#define NOT_IN_DRAFTS .when = SONDE_WHEN_IS_NOT(SONDE_SERVERHELLO_VERSION, 0x7f00, 0x3fffff)

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_SERVERHELLO_TYPE, KIND(named), .names = sonde_tlsmsg_types, .value = TYPE,
		.help = "server-hello"),
	SCALAR("length", SONDE_SERVERHELLO_LENGTH, .open = SONDE_COMPUTED, .help = "bytes that follow"),
	SCALAR("version", SONDE_SERVERHELLO_VERSION, KIND(code), .names = sonde_tls_versions, .value = 0x0303,
		.help = "chosen version; TLS 1.3: tls1.2, and supported_versions"),
	BYTES("random", SONDE_SERVERHELLO_RANDOM, .always = true, KIND(raw), .help = "32 bytes"),
	SCALAR("sidlen", SONDE_SERVERHELLO_SIDLEN, .alias = "session_id_length", .open = SONDE_COMPUTED,
		NOT_IN_DRAFTS, .help = "bytes of sid"),
	BYTES("sid", SONDE_SERVERHELLO_SID, .alias = "session_id", KIND(raw), .len_from = SONDE_SERVERHELLO_SIDLEN,
		NOT_IN_DRAFTS, .help = "session identifier: a new one, or the client's"),
	SCALAR("cipher", SONDE_SERVERHELLO_CIPHER, .alias = "cipher_suite ciphersuite", KIND(code),
		.names = sonde_tls_ciphers, .always = true, .help = "chosen cipher suite"),
	SCALAR("compression", SONDE_SERVERHELLO_COMPRESSION, .alias = "compression_method comp", KIND(code),
		.names = sonde_tls_compressions, NOT_IN_DRAFTS, .help = "null"),
	SCALAR("extensionslen", SONDE_SERVERHELLO_EXTENSIONSLEN, .alias = "extensions_length extlen",
		.open = SONDE_COMPUTED, .tail = 1, .help = "bytes of extensions"),
	LIST("extensions", SONDE_SERVERHELLO_EXTENSIONS, .alias = "ext", .list = &sonde_tls_server_extensions,
		.len_from = SONDE_SERVERHELLO_EXTENSIONSLEN, .tail = 1, .help = "in wire order"),
	BYTES("rest", SONDE_SERVERHELLO_REST, KIND(opaque), .tail = 1, .help = "further bytes of the message"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_message_measure(fields, header, have);
}

static void say(const struct sonde_saying *s)
{
	const uint32_t alpn = 16, supported_versions = 43;
	sonde_text_str(s->t, " server-hello");
	sonde_say_field(s, SONDE_SERVERHELLO_CIPHER);
	sonde_say_item(s, "version", SONDE_SERVERHELLO_EXTENSIONS, supported_versions);
	sonde_say_item(s, "alpn", SONDE_SERVERHELLO_EXTENSIONS, alpn);
}

const struct sonde_proto sonde_serverhello = {
	.name = "serverhello", .title = "Transport Layer Security, ServerHello", .source = "RFC 8446, RFC 5246",
	.example = "ip dst=10.0.0.2 / tcp sport=443 dport=40000 flags=PA / tls / serverhello "
		   "cipher=TLS_AES_128_GCM_SHA256 extensions=supported_versions:tls1.3,"
		   "key_share:x25519:00010203 / tls type=change-cipher-spec data=01",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { SONDE_TLSMSG_ID(TYPE) },
	.length_place = SONDE_SERVERHELLO_LENGTH,
	.measure = measure, .declared = sonde_message_declared, .finish = sonde_message_finish,
	.follower = sonde_message_follower,
	.say = say, .said_as = "",
};

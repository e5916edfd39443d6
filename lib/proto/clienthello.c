#include "proto/clienthello.h"

#include "proto/describe.h"
#include "proto/say.h"
#include "proto/tlsmsg.h"

#define MIN_LEN 42
#define TYPE    1

static const struct sonde_field cipher[] = {
	SCALAR("cipher", SONDE_FIELD(0, 0, 16), KIND(code), .names = sonde_tls_ciphers, .help = "cipher suite"),
	{ 0 },
};
static const struct sonde_list ciphers = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = cipher), { 0 } },
};

static const struct sonde_field method[] = {
	SCALAR("method", SONDE_FIELD(0, 0, 8), KIND(code), .names = sonde_tls_compressions, .help = "null"),
	{ 0 },
};
static const struct sonde_list methods = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = method), { 0 } },
};

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_CLIENTHELLO_TYPE, KIND(named), .names = sonde_tlsmsg_types, .value = TYPE,
		.help = "client-hello"),
	SCALAR("length", SONDE_CLIENTHELLO_LENGTH, .open = SONDE_COMPUTED, .help = "bytes that follow"),
	SCALAR("version", SONDE_CLIENTHELLO_VERSION, KIND(code), .names = sonde_tls_versions, .value = 0x0303,
		.help = "highest version; TLS 1.3: tls1.2, and supported_versions"),
	BYTES("random", SONDE_CLIENTHELLO_RANDOM, .always = true, KIND(raw), .help = "32 bytes"),
	SCALAR("sidlen", SONDE_CLIENTHELLO_SIDLEN, .alias = "session_id_length", .open = SONDE_COMPUTED,
		.help = "bytes of sid"),
	BYTES("sid", SONDE_CLIENTHELLO_SID, .alias = "session_id", KIND(raw), .len_from = SONDE_CLIENTHELLO_SIDLEN,
		.help = "session to resume, or arbitrary bytes"),
	SCALAR("cipherslen", SONDE_CLIENTHELLO_CIPHERSLEN, .alias = "cipher_suites_length", .open = SONDE_COMPUTED,
		.help = "bytes of ciphers"),
	LIST("ciphers", SONDE_CLIENTHELLO_CIPHERS, .alias = "cipher_suites", .list = &ciphers,
		.len_from = SONDE_CLIENTHELLO_CIPHERSLEN, .help = "cipher suites, by preference"),
	SCALAR("compressionlen", SONDE_CLIENTHELLO_COMPRESSIONLEN, .alias = "comp_methods_length complen",
		.open = SONDE_COMPUTED, .help = "bytes of compression"),
	LIST("compression", SONDE_CLIENTHELLO_COMPRESSION, .alias = "compression_methods comp", .list = &methods,
		.len_from = SONDE_CLIENTHELLO_COMPRESSIONLEN, .help = "methods: null"),
	SCALAR("extensionslen", SONDE_CLIENTHELLO_EXTENSIONSLEN, .alias = "extensions_length extlen",
		.open = SONDE_COMPUTED, .tail = 1, .help = "bytes of extensions"),
	LIST("extensions", SONDE_CLIENTHELLO_EXTENSIONS, .alias = "ext", .list = &sonde_tls_client_extensions,
		.len_from = SONDE_CLIENTHELLO_EXTENSIONSLEN, .tail = 1, .help = "in wire order"),
	BYTES("rest", SONDE_CLIENTHELLO_REST, KIND(opaque), .tail = 1, .help = "further bytes of the message"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_message_measure(fields, header, have);
}

static void say(const struct sonde_saying *s)
{
	const uint32_t server_name = 0, alpn = 16;
	sonde_text_str(s->t, " hello");
	sonde_say_item(s, "sni", SONDE_CLIENTHELLO_EXTENSIONS, server_name);
	sonde_say_item(s, "alpn", SONDE_CLIENTHELLO_EXTENSIONS, alpn);
}

const struct sonde_proto sonde_clienthello = {
	.name = "clienthello", .title = "Transport Layer Security, ClientHello", .source = "RFC 8446, RFC 5246",
	.example = "ip dst=10.0.0.2 / tcp flags=PA / tls version=tls1.0 / clienthello "
		   "ciphers=TLS_AES_128_GCM_SHA256,0x0a0a compression=null extensions=server_name:example.com,"
		   "alpn:h2,supported_versions:tls1.3,2570:",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { SONDE_TLSMSG_ID(TYPE) },
	.length_place = SONDE_CLIENTHELLO_LENGTH,
	.measure = measure, .declared = sonde_message_declared, .finish = sonde_message_finish,
	.follower = sonde_message_follower,
	.say = say, .said_as = "",
};

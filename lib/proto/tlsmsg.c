#include "proto/tlsmsg.h"

#include "proto/describe.h"
#include "proto/layout.h"

/* --- Names of numbers (IANA, TLS parameters) --------------------------------------------------------------------- */

const struct sonde_name sonde_tls_versions[] = {
	{ 0x0300, "ssl3.0" }, { 0x0301, "tls1.0" }, { 0x0302, "tls1.1" }, { 0x0303, "tls1.2" }, { 0x0304, "tls1.3" },
	{ 0 },
};

const struct sonde_name sonde_tls_compressions[] = { { 0, "null" }, { 1, "deflate" }, { 64, "lzs" }, { 0 } };

const struct sonde_name sonde_tlsmsg_types[] = {
	{ 0, "hello-request" }, { 1, "client-hello" }, { 2, "server-hello" }, { 3, "hello-verify-request" },
	{ 4, "new-session-ticket" }, { 5, "end-of-early-data" }, { 8, "encrypted-extensions" }, { 11, "certificate" },
	{ 12, "server-key-exchange" }, { 13, "certificate-request" }, { 14, "server-hello-done" },
	{ 15, "certificate-verify" }, { 16, "client-key-exchange" }, { 20, "finished" },
	{ 21, "certificate-url" }, { 22, "certificate-status" }, { 23, "supplemental-data" }, { 24, "key-update" },
	{ 25, "compressed-certificate" }, { 67, "next-protocol" }, { 254, "message-hash" }, { 0 },
};

/* Cipher suites that are in use, or were for a long time. */
const struct sonde_name sonde_tls_ciphers[] = {
	{ 0x0004, "TLS_RSA_WITH_RC4_128_MD5" },
	{ 0x0005, "TLS_RSA_WITH_RC4_128_SHA" },
	{ 0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
	{ 0x0013, "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA" },
	{ 0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA" },
	{ 0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA" },
	{ 0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA" },
	{ 0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA" },
	{ 0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA" },
	{ 0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA" },
	{ 0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" },
	{ 0x003c, "TLS_RSA_WITH_AES_128_CBC_SHA256" },
	{ 0x003d, "TLS_RSA_WITH_AES_256_CBC_SHA256" },
	{ 0x0041, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA" },
	{ 0x0045, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA" },
	{ 0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256" },
	{ 0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256" },
	{ 0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA" },
	{ 0x0088, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA" },
	{ 0x0096, "TLS_RSA_WITH_SEED_CBC_SHA" },
	{ 0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0x00ff, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
	{ 0x1301, "TLS_AES_128_GCM_SHA256" },
	{ 0x1302, "TLS_AES_256_GCM_SHA384" },
	{ 0x1303, "TLS_CHACHA20_POLY1305_SHA256" },
	{ 0x1304, "TLS_AES_128_CCM_SHA256" },
	{ 0x1305, "TLS_AES_128_CCM_8_SHA256" },
	{ 0x5600, "TLS_FALLBACK_SCSV" },
	{ 0xc007, "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA" },
	{ 0xc008, "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA" },
	{ 0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
	{ 0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" },
	{ 0xc011, "TLS_ECDHE_RSA_WITH_RC4_128_SHA" },
	{ 0xc012, "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" },
	{ 0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" },
	{ 0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" },
	{ 0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" },
	{ 0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384" },
	{ 0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" },
	{ 0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" },
	{ 0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
	{ 0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
	{ 0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
	{ 0xc09c, "TLS_RSA_WITH_AES_128_CCM" },
	{ 0xc09d, "TLS_RSA_WITH_AES_256_CCM" },
	{ 0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM" },
	{ 0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM" },
	{ 0xc0ae, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8" },
	{ 0xc0af, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8" },
	{ 0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
	{ 0 },
};

static const struct sonde_name groups[] = {
	{ 19, "secp192r1" }, { 21, "secp224r1" }, { 23, "secp256r1" }, { 24, "secp384r1" }, { 25, "secp521r1" },
	{ 29, "x25519" }, { 30, "x448" }, { 256, "ffdhe2048" }, { 257, "ffdhe3072" }, { 258, "ffdhe4096" },
	{ 259, "ffdhe6144" }, { 260, "ffdhe8192" }, { 0x11ec, "X25519MLKEM768" }, { 0x6399, "X25519Kyber768Draft00" },
	{ 0 },
};

static const struct sonde_name schemes[] = {
	{ 0x0201, "rsa_pkcs1_sha1" }, { 0x0202, "dsa_sha1" }, { 0x0203, "ecdsa_sha1" },
	{ 0x0401, "rsa_pkcs1_sha256" }, { 0x0403, "ecdsa_secp256r1_sha256" },
	{ 0x0501, "rsa_pkcs1_sha384" }, { 0x0503, "ecdsa_secp384r1_sha384" },
	{ 0x0601, "rsa_pkcs1_sha512" }, { 0x0603, "ecdsa_secp521r1_sha512" },
	{ 0x0804, "rsa_pss_rsae_sha256" }, { 0x0805, "rsa_pss_rsae_sha384" }, { 0x0806, "rsa_pss_rsae_sha512" },
	{ 0x0807, "ed25519" }, { 0x0808, "ed448" },
	{ 0x0809, "rsa_pss_pss_sha256" }, { 0x080a, "rsa_pss_pss_sha384" }, { 0x080b, "rsa_pss_pss_sha512" }, { 0 },
};

static const struct sonde_name point_formats[] = {
	{ 0, "uncompressed" }, { 1, "ansiX962_compressed_prime" }, { 2, "ansiX962_compressed_char2" }, { 0 },
};

static const struct sonde_name psk_modes[] = { { 0, "psk_ke" }, { 1, "psk_dhe_ke" }, { 0 } };
static const struct sonde_name status_types[] = { { 1, "ocsp" }, { 0 } };
static const struct sonde_name compressors[] = { { 1, "zlib" }, { 2, "brotli" }, { 3, "zstd" }, { 0 } };

/* --- Extensions -------------------------------------------------------------------------------------------------- */

/* Places count from the extension's type; the value starts after the length. Lists begin with their length in bytes. */
#define AT(row, first, width) SONDE_FIELD(row, 32 + (first), width)
#define NEXT(row, width)      SONDE_FIELD(row, SONDE_NEXT, width)
#define LIST_LENGTH(width)    AT(0, 0, width)
#define LENGTH_ROW(width)     SCALAR("length", LIST_LENGTH(width), .help = "bytes of the list")

#define NUMBERS(label, length_width, width, table, what)                                                               \
	static const struct sonde_field label[] = {                                                                    \
		LENGTH_ROW(length_width),                                                                              \
		SCALAR(#label, NEXT(1, width), KIND(code), .names = table, .repeat = true,                             \
		       .len_from = LIST_LENGTH(length_width), .help = what ", joined by +"),                           \
		{ 0 },                                                                                                 \
	}

static const struct sonde_field bytes[] = {
	BYTES("bytes", AT(0, 0, 0), KIND(opaque), .help = "the extension's bytes"),
	{ 0 },
};

/* RFC 6066, 3: a server acknowledges the name with an empty extension. */
static const struct sonde_field server_name[] = {
	BYTES("name", SONDE_FIELD(0, 24, 0), KIND(text), .len_from = SONDE_FIELD(2, 8, 16),
		.help = "name of the server"),
	SCALAR("type", SONDE_FIELD(1, 0, 8), .optional = true, .help = "0: host name"),
	SCALAR("length", SONDE_FIELD(2, 8, 16), .help = "bytes of the name"),
	{ 0 },
};
static const struct sonde_list server_name_list = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = server_name), { 0 } },
};
static const struct sonde_field server_names[] = {
	SCALAR("length", LIST_LENGTH(16), .tail = 1, .help = "bytes of the list"),
	LIST("names", NEXT(1, 0), .list = &server_name_list, .len_from = LIST_LENGTH(16), .tail = 1,
		.help = "server names, mostly one"),
	{ 0 },
};

static const struct sonde_field fragment_length[] = {
	SCALAR("code", AT(0, 0, 8), .help = "1: 512 bytes, to 4: 4096"),
	{ 0 },
};

/* RFC 6066, 8. */
#define RESPONDERS AT(1, 8, 16)
#define REQUEST_EXTENSIONS NEXT(3, 16)
static const struct sonde_field status_request[] = {
	SCALAR("type", AT(0, 0, 8), KIND(code), .names = status_types, .tail = 1, .help = "ocsp"),
	SCALAR("responderslen", RESPONDERS, .tail = 1, .help = "bytes of responders"),
	BYTES("responders", NEXT(2, 0), KIND(opaque), .len_from = RESPONDERS, .tail = 1,
		.help = "trusted OCSP responders"),
	SCALAR("extensionslen", REQUEST_EXTENSIONS, .tail = 1, .help = "bytes of extensions"),
	BYTES("extensions", NEXT(4, 0), KIND(opaque), .len_from = REQUEST_EXTENSIONS, .tail = 1,
		.help = "extensions of the request"),
	{ 0 },
};

NUMBERS(supported_groups, 16, 16, groups, "groups");
NUMBERS(formats, 8, 8, point_formats, "forms of points");
NUMBERS(algorithms, 16, 16, schemes, "schemes");
NUMBERS(versions, 8, 16, sonde_tls_versions, "versions");
NUMBERS(modes, 8, 8, psk_modes, "modes");
NUMBERS(compressions, 8, 16, compressors, "ways to compress certificates");

static const struct sonde_field version[] = {
	SCALAR("version", AT(0, 0, 16), KIND(code), .names = sonde_tls_versions,
		.help = "version that the server chose"),
	{ 0 },
};

/* RFC 7301. */
static const struct sonde_field protocols[] = {
	LENGTH_ROW(16),
	BYTES("protocols", NEXT(1, 0), KIND(counted), .repeat = true, .len_from = LIST_LENGTH(16),
		.help = "protocols, joined by +"),
	{ 0 },
};
static const struct sonde_field next_protocols[] = {
	BYTES("protocols", AT(0, 0, 0), KIND(counted), .repeat = true, .help = "protocols, joined by +"),
	{ 0 },
};

static const struct sonde_field zeros[] = {
	BYTES("zeros", AT(0, 0, 0), KIND(zeros), .help = "how many bytes"),
	{ 0 },
};
static const struct sonde_field mode[] = {
	SCALAR("mode", AT(0, 0, 8), .help = "1: peer may send requests, 2: it must not"),
	{ 0 },
};
static const struct sonde_field size[] = {
	SCALAR("size", AT(0, 0, 16), .help = "largest record accepted, bytes"),
	{ 0 },
};
static const struct sonde_field ticket[] = {
	BYTES("ticket", AT(0, 0, 0), KIND(raw), .help = "ticket of an earlier session"),
	{ 0 },
};
static const struct sonde_field cookie[] = {
	LENGTH_ROW(16),
	BYTES("cookie", NEXT(1, 0), KIND(raw), .len_from = LIST_LENGTH(16), .help = "cookie, copied by the client"),
	{ 0 },
};
static const struct sonde_field renegotiation[] = {
	LENGTH_ROW(8),
	BYTES("connection", NEXT(1, 0), KIND(raw), .len_from = LIST_LENGTH(8), .help = "Finished of both, or empty"),
	{ 0 },
};

/* RFC 8446, 4.2.8: from a client, from a server, and in a HelloRetryRequest. */
#define KEY_GROUP  SONDE_FIELD(0, 0, 16)
#define KEY_LENGTH SONDE_FIELD(1, 16, 16)
static const struct sonde_field key_share[] = {
	SCALAR("group", KEY_GROUP, KIND(code), .names = groups, .help = "group"),
	SCALAR("length", KEY_LENGTH, .help = "bytes of the key"),
	BYTES("key", NEXT(2, 0), KIND(raw), .len_from = KEY_LENGTH, .help = "public key"),
	{ 0 },
};
static const struct sonde_list key_share_list = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = key_share), { 0 } },
};
static const struct sonde_field key_shares[] = {
	LENGTH_ROW(16),
	LIST("shares", NEXT(1, 0), .list = &key_share_list, .len_from = LIST_LENGTH(16), .help = "group:key, ..."),
	{ 0 },
};
static const struct sonde_field server_share[] = {
	SCALAR("group", AT(0, 0, 16), KIND(code), .names = groups, .help = "group"),
	SCALAR("length", AT(1, 16, 16), .tail = 1, .help = "bytes of the key"),
	BYTES("key", NEXT(2, 0), KIND(raw), .len_from = AT(1, 16, 16), .tail = 1, .help = "public key"),
	{ 0 },
};

/* RFC 8446, 4.2.11. */
static const struct sonde_field identity[] = {
	SCALAR("length", SONDE_FIELD(0, 0, 16), .help = "bytes of the identity"),
	BYTES("identity", NEXT(1, 0), KIND(raw), .len_from = SONDE_FIELD(0, 0, 16), .help = "ticket, or name of a key"),
	SCALAR("age", NEXT(2, 32), .help = "obfuscated age of the ticket"),
	{ 0 },
};
static const struct sonde_list identities = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = identity), { 0 } },
};
static const struct sonde_field binder[] = {
	SCALAR("length", SONDE_FIELD(0, 0, 8), .help = "bytes of the binder"),
	BYTES("binder", NEXT(1, 0), KIND(raw), .len_from = SONDE_FIELD(0, 0, 8),
		.help = "proof that the client has the key"),
	{ 0 },
};
static const struct sonde_list binders = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = binder), { 0 } },
};
#define BINDERS_LENGTH NEXT(2, 16)
static const struct sonde_field pre_shared_keys[] = {
	LENGTH_ROW(16),
	LIST("identities", NEXT(1, 0), .list = &identities, .len_from = LIST_LENGTH(16), .help = "identity:age, ..."),
	SCALAR("binderslen", BINDERS_LENGTH, .help = "bytes of the binders"),
	LIST("binders", NEXT(3, 0), .list = &binders, .len_from = BINDERS_LENGTH,
		.help = "one binder for each identity"),
	{ 0 },
};
static const struct sonde_field pre_shared_key[] = {
	SCALAR("selected", AT(0, 0, 16), .help = "index of the chosen identity"),
	{ 0 },
};

#define EXTENSIONS(...)                                                                                                \
	{                                                                                                              \
		.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4,                            \
		.length_excludes = 4,                                                                                  \
		.items = (const struct sonde_item[]) { __VA_ARGS__, { 0 } },                                           \
	}

/* Extensions with the same format in both hellos. */
#define COMMON                                                                                                         \
	ITEM("server_name", 0, .fields = server_names), ITEM("max_fragment_length", 1, .fields = fragment_length),     \
		ITEM("status_request", 5, .fields = status_request),                                                   \
		ITEM("supported_groups", 10, .fields = supported_groups),                                              \
		ITEM("ec_point_formats", 11, .fields = formats),                                                       \
		ITEM("signature_algorithms", 13, .fields = algorithms), ITEM("use_srtp", 14, .fields = bytes),         \
		ITEM("heartbeat", 15, .fields = mode), ITEM("alpn", 16, .fields = protocols),                          \
		ITEM("status_request_v2", 17, .fields = bytes),                                                        \
		ITEM("signed_certificate_timestamp", 18, .fields = bytes),                                             \
		ITEM("client_certificate_type", 19, .fields = bytes),                                                  \
		ITEM("server_certificate_type", 20, .fields = bytes), ITEM("padding", 21, .fields = zeros),            \
		ITEM("encrypt_then_mac", 22), ITEM("extended_master_secret", 23),                                      \
		ITEM("token_binding", 24, .fields = bytes), ITEM("compress_certificate", 27, .fields = compressions),  \
		ITEM("record_size_limit", 28, .fields = size), ITEM("delegated_credential", 34, .fields = algorithms), \
		ITEM("session_ticket", 35, .fields = ticket), ITEM("early_data", 42),                                  \
		ITEM("cookie", 44, .fields = cookie), ITEM("psk_key_exchange_modes", 45, .fields = modes),             \
		ITEM("certificate_authorities", 47, .fields = bytes), ITEM("oid_filters", 48, .fields = bytes),        \
		ITEM("post_handshake_auth", 49), ITEM("signature_algorithms_cert", 50, .fields = algorithms),          \
		ITEM("quic_transport_parameters", 57, .fields = bytes),                                                \
		ITEM("next_protocol_negotiation", 13172, .fields = next_protocols),                                    \
		ITEM("application_settings", 17513, .fields = protocols),                                              \
		ITEM("application_settings_new", 17613, .fields = protocols), ITEM("channel_id", 30032),               \
		ITEM("encrypted_client_hello", 65037, .fields = bytes),                                                \
		ITEM("renegotiation_info", 65281, .fields = renegotiation)

const struct sonde_list sonde_tls_client_extensions = EXTENSIONS(
	COMMON, ITEM("pre_shared_key", 41, .fields = pre_shared_keys),
	ITEM("supported_versions", 43, .fields = versions),
	ITEM("key_share", 51, .fields = key_shares));

const struct sonde_list sonde_tls_server_extensions = EXTENSIONS(
	COMMON, ITEM("pre_shared_key", 41, .fields = pre_shared_key), ITEM("supported_versions", 43, .fields = version),
	ITEM("key_share", 51, .fields = server_share));

/* --- Messages ---------------------------------------------------------------------------------------------------- */

static bool is_message(struct sonde_view content)
{
	const uint32_t most = 1 << 17; /* a long chain of certificates */
	uint64_t type = content.len >= SONDE_TLSMSG_HEAD ? sonde_get(content.data, SONDE_TLSMSG_TYPE) : 0;
	const struct sonde_name *n = sonde_tlsmsg_types;
	while (n->name && n->value != type)
		n++;
	return content.len >= SONDE_TLSMSG_HEAD && n->name && sonde_get(content.data, SONDE_TLSMSG_LENGTH) <= most;
}

bool sonde_are_messages(struct sonde_view content, uint32_t len)
{
	while (is_message(content)) {
		uint32_t message = sonde_message_declared(NULL, content.data);
		if (message >= len || message >= content.len)
			return true;
		content = sonde_view_sub(content, message, content.len);
		len -= message;
	}
	return false;
}

const struct sonde_proto *sonde_message_proto(struct sonde_view content)
{
	const uint32_t handshake = 22, type = content.data[0];
	uint32_t number = SONDE_INSIDE(SONDE_INSIDE_TLS, handshake | type << 8);
	const struct sonde_proto *known = type ? sonde_proto_by_id(SONDE_SPACE_INSIDE, number) : NULL;
	return known ? known : sonde_proto_by_id(SONDE_SPACE_INSIDE, SONDE_INSIDE(SONDE_INSIDE_TLS, handshake));
}

const struct sonde_proto *sonde_message_follower(struct sonde_view rest)
{
	return is_message(rest) ? sonde_message_proto(rest) : NULL;
}

uint32_t sonde_message_declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return SONDE_TLSMSG_HEAD + (uint32_t)sonde_get(header, SONDE_TLSMSG_LENGTH);
}

void sonde_message_finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_TLSMSG_LENGTH, c->layer->total_len - SONDE_TLSMSG_HEAD);
}

uint32_t sonde_message_measure(const struct sonde_field *fields, const uint8_t *header, uint32_t have)
{
	uint32_t len = sonde_message_declared(NULL, header);
	return sonde_rows_len(fields, header, len < have ? len : have);
}

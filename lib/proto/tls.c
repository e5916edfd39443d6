#include "proto/tls.h"

#include "proto/describe.h"
#include "proto/say.h"
#include "proto/tlsmsg.h"

#define HEADER_LEN 5

static const struct sonde_name types[] = {
	{ SONDE_TLS_CHANGE_CIPHER_SPEC, "change-cipher-spec" }, { SONDE_TLS_ALERT, "alert" },
	{ SONDE_TLS_HANDSHAKE, "handshake" }, { SONDE_TLS_APPLICATION_DATA, "application-data" },
	{ SONDE_TLS_HEARTBEAT, "heartbeat" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_TLS_TYPE, KIND(named), .names = types, .open = SONDE_COMPUTED, .always = true,
		.help = "what the record holds: handshake, alert, application-data, ..."),
	SCALAR("version", SONDE_TLS_VERSION, KIND(code), .names = sonde_tls_versions, .value = 0x0303,
		.help = "record version; TLS 1.3: tls1.2"),
	SCALAR("length", SONDE_TLS_LENGTH, .alias = "len", .open = SONDE_COMPUTED, .help = "bytes that follow"),
	BYTES("data", SONDE_TLS_DATA, KIND(opaque), .tail = 1, .help = "encrypted or undescribed bytes"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return HEADER_LEN + (uint32_t)sonde_get(header, SONDE_TLS_LENGTH);
}

/* The protocol for the content of a record of len bytes, of which `content` is present, or NULL. */
static const struct sonde_proto *content_proto(uint8_t type, struct sonde_view content, uint32_t len)
{
	const uint32_t alert_len = 2;
	if (type == SONDE_TLS_HANDSHAKE && sonde_are_messages(content, len))
		return sonde_message_proto(content);
	if (type == SONDE_TLS_ALERT && len == alert_len && content.len == len)
		return sonde_proto_by_id(SONDE_SPACE_INSIDE, SONDE_INSIDE(SONDE_INSIDE_TLS, SONDE_TLS_ALERT));
	return NULL;
}

static const struct sonde_proto *content_of(const uint8_t *header, uint32_t have)
{
	uint32_t len = (uint32_t)sonde_get(header, SONDE_TLS_LENGTH), there = have - HEADER_LEN;
	struct sonde_view content = sonde_view(header + HEADER_LEN, there < len ? there : len);
	return content_proto((uint8_t)sonde_get(header, SONDE_TLS_TYPE), content, len);
}

/* Content without a protocol of its own belongs to the record. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t len = declared(NULL, header);
	if (content_of(header, have))
		return HEADER_LEN;
	return len < have ? len : have;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return c->layer->header_len == HEADER_LEN ? content_of(sonde_header(c), c->layer->have_len) : NULL;
}

static void finish(const struct sonde_context *c)
{
	const struct sonde_proto *inside = c->layer + 1 < c->end ? c->layer[1].proto : NULL;
	uint32_t number = inside ? sonde_number_in(inside, SONDE_SPACE_INSIDE, 0) : 0;
	bool is_content = (number & 0xff) == SONDE_INSIDE_TLS;
	sonde_fill(c, SONDE_TLS_TYPE, is_content ? number >> 8 & 0xff : SONDE_TLS_APPLICATION_DATA);
	sonde_fill(c, SONDE_TLS_LENGTH, c->layer->total_len - HEADER_LEN);
}

/* RFC 8446, 5.1 and 5.2: a known type, a version from SSL 3.0 to TLS 1.3, and a valid length. */
static bool heuristic(struct sonde_view payload)
{
	const unsigned most = (1 << 14) + 2048, major = 3, least_minor = 0, most_minor = 4;
	if (payload.len < HEADER_LEN)
		return false;
	uint64_t type = sonde_get(payload.data, SONDE_TLS_TYPE), version = sonde_get(payload.data, SONDE_TLS_VERSION);
	return type >= SONDE_TLS_CHANGE_CIPHER_SPEC && type <= SONDE_TLS_HEARTBEAT && version >> 8 == major &&
	       (version & 0xff) >= least_minor && (version & 0xff) <= most_minor &&
	       sonde_get(payload.data, SONDE_TLS_LENGTH) <= most;
}

static const struct sonde_proto *follower(struct sonde_view rest)
{
	return heuristic(rest) ? &sonde_tls : NULL;
}

/* What a record holds says more than its type. */
static void say(const struct sonde_saying *s)
{
	if (s->layer->header_len > HEADER_LEN || s->layer + 1 == s->end) {
		sonde_say_value(s, SONDE_TLS_TYPE);
		sonde_text_char(s->t, ' ');
		sonde_text_uint(s->t, sonde_get(s->header, SONDE_TLS_LENGTH));
	}
}

const struct sonde_proto sonde_tls = {
	.name = "tls", .title = "Transport Layer Security, record", .source = "RFC 8446, RFC 5246", .alias = "ssl",
	.example = "ip dst=10.0.0.2 / tcp flags=PA / tls version=tls1.0 / clienthello ciphers=TLS_AES_128_GCM_SHA256 "
		   "compression=null extensions=server_name:example.com,alpn:h2,supported_versions:tls1.3 / "
		   "tls type=change-cipher-spec data=01 / tls type=application-data data=00010203",
	.fields = fields, .min_len = HEADER_LEN, .varies = true,
	.ids = { { SONDE_SPACE_TCP, 443 }, { SONDE_SPACE_TCP, 465 }, { SONDE_SPACE_TCP, 563 },
		 { SONDE_SPACE_TCP, 636 }, { SONDE_SPACE_TCP, 853 }, { SONDE_SPACE_TCP, 989 },
		 { SONDE_SPACE_TCP, 990 }, { SONDE_SPACE_TCP, 992 }, { SONDE_SPACE_TCP, 993 },
		 { SONDE_SPACE_TCP, 994 }, { SONDE_SPACE_TCP, 995 }, { SONDE_SPACE_TCP, 5061 },
		 { SONDE_SPACE_TCP, 8443 } },
	.length_place = SONDE_TLS_LENGTH,
	.measure = measure, .declared = declared, .child = child, .finish = finish, .heuristic = heuristic,
	.follower = follower,
	.say = say,
};

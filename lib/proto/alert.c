#include "proto/alert.h"

#include "proto/describe.h"
#include "proto/say.h"

#define CONTENT_TYPE 21

static const struct sonde_name levels[] = { { 1, "warning" }, { 2, "fatal" }, { 0 } };

/* IANA, TLS alerts. */
static const struct sonde_name descriptions[] = {
	{ 0, "close_notify" }, { 10, "unexpected_message" }, { 20, "bad_record_mac" }, { 21, "decryption_failed" },
	{ 22, "record_overflow" }, { 30, "decompression_failure" }, { 40, "handshake_failure" },
	{ 41, "no_certificate" }, { 42, "bad_certificate" }, { 43, "unsupported_certificate" },
	{ 44, "certificate_revoked" }, { 45, "certificate_expired" }, { 46, "certificate_unknown" },
	{ 47, "illegal_parameter" }, { 48, "unknown_ca" }, { 49, "access_denied" }, { 50, "decode_error" },
	{ 51, "decrypt_error" }, { 60, "export_restriction" }, { 70, "protocol_version" },
	{ 71, "insufficient_security" }, { 80, "internal_error" }, { 86, "inappropriate_fallback" },
	{ 90, "user_canceled" }, { 100, "no_renegotiation" }, { 109, "missing_extension" },
	{ 110, "unsupported_extension" }, { 111, "certificate_unobtainable" }, { 112, "unrecognized_name" },
	{ 113, "bad_certificate_status_response" }, { 114, "bad_certificate_hash_value" },
	{ 115, "unknown_psk_identity" }, { 116, "certificate_required" }, { 120, "no_application_protocol" },
	{ 121, "ech_required" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("level", SONDE_ALERT_LEVEL, KIND(named), .names = levels, .value = 2, .always = true,
		.help = "warning or fatal"),
	SCALAR("description", SONDE_ALERT_DESCRIPTION, .alias = "desc", KIND(named), .names = descriptions,
		.always = true, .help = "kind of error"),
	{ 0 },
};

static void say(const struct sonde_saying *s)
{
	sonde_text_str(s->t, " alert");
	sonde_say_value(s, SONDE_ALERT_LEVEL);
	sonde_say_value(s, SONDE_ALERT_DESCRIPTION);
}

const struct sonde_proto sonde_alert = {
	.name = "alert", .title = "Transport Layer Security, alert", .source = "RFC 8446, RFC 5246",
	.example = "ip dst=10.0.0.2 / tcp sport=443 dport=40000 flags=PA / tls / alert description=handshake_failure",
	.fields = fields, .min_len = 2,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE(SONDE_INSIDE_TLS, CONTENT_TYPE) } },
	.say = say, .said_as = "",
};

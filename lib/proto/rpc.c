#include "proto/rpc.h"

#include "proto/describe.h"
#include "proto/layout.h"

enum { CALL, REPLY, MIN_LEN = 8, LEAST_CALL = 40, LEAST_REPLY = 20, MAX_BODY = 400 };
enum { ACCEPTED, DENIED };
enum { PROGRAM_MISMATCH = 2, RPC_MISMATCH = 0, AUTH_ERROR = 1, RPC_VERSION = 2 };

#define IN_CALL     .when = SONDE_WHEN_IS(SONDE_RPC_TYPE, CALL, 1 << 0)
#define IN_REPLY    .when = SONDE_WHEN_IS(SONDE_RPC_TYPE, REPLY, 1 << 0)
#define IN_ACCEPTED IN_REPLY, .and_when = SONDE_WHEN_IS(SONDE_RPC_STATE, ACCEPTED, 1 << 0)
#define IN_MISMATCH .when = SONDE_WHEN_IS(SONDE_RPC_ACCEPT, PROGRAM_MISMATCH, 1 << 0)
/* Where there is no state, it counts as its default: accepted. */
#define IN_DENIED   .when = SONDE_WHEN_IS(SONDE_RPC_STATE, DENIED, 1 << 0)
#define IN_REFUSED  IN_DENIED, .and_when = SONDE_WHEN_IS(SONDE_RPC_REJECT, RPC_MISMATCH, 1 << 0)
#define IN_UNKNOWN  IN_DENIED, .and_when = SONDE_WHEN_IS(SONDE_RPC_REJECT, AUTH_ERROR, 1 << 0)

static const struct sonde_name types[] = { { CALL, "call" }, { REPLY, "reply" }, { 0 } };
static const struct sonde_name programs[] = {
	{ 100000, "portmapper" }, { 100001, "rstatd" }, { 100002, "rusersd" }, { 100003, "nfs" }, { 100004, "ypserv" },
	{ 100005, "mountd" }, { 100007, "ypbind" }, { 100008, "walld" }, { 100009, "yppasswdd" },
	{ 100011, "rquotad" }, { 100012, "sprayd" }, { 100017, "rexd" }, { 100021, "nlockmgr" }, { 100024, "status" },
	{ 100083, "ttdbserverd" }, { 100227, "nfs_acl" }, { 100000, "portmap" }, { 100000, "rpcbind" },
	{ 100005, "mount" }, { 0 },
};
static const struct sonde_name flavors[] = {
	{ 0, "none" }, { 1, "sys" }, { 2, "short" }, { 3, "dh" }, { 6, "rpcsec_gss" }, { 7, "tls" }, { 0 },
};
static const struct sonde_name states[] = { { ACCEPTED, "accepted" }, { DENIED, "denied" }, { 0 } };
static const struct sonde_name accept_states[] = {
	{ 0, "success" }, { 1, "prog_unavail" }, { PROGRAM_MISMATCH, "prog_mismatch" }, { 3, "proc_unavail" },
	{ 4, "garbage_args" }, { 5, "system_err" }, { 0 },
};
static const struct sonde_name reject_states[] = {
	{ RPC_MISMATCH, "rpc_mismatch" }, { AUTH_ERROR, "auth_error" }, { 0 },
};
static const struct sonde_name reasons[] = {
	{ 0, "ok" }, { 1, "badcred" }, { 2, "rejectedcred" }, { 3, "badverf" }, { 4, "rejectedverf" },
	{ 5, "tooweak" }, { 6, "invalidresp" }, { 7, "failed" }, { 13, "rpcsec_gss_credproblem" },
	{ 14, "rpcsec_gss_ctxproblem" }, { 0 },
};

/* --- Bodies of credentials and verifiers --------------------------------------------------------------------------
 *
 * RFC 4506, 4.10: a length, bytes, and zeros up to a multiple of four. */

#define HEAD 4

static size_t body_measure(struct sonde_view there)
{
	uint64_t len = there.len >= HEAD ? HEAD + ((uint64_t)sonde_get_be32(there.data) + 3) / 4 * 4 : 0;
	return len <= there.len ? (size_t)len : 0;
}

static bool body_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (v.len <= HEAD || body_measure(v) != v.len)
		return false;
	size_t end = HEAD + (size_t)sonde_get_be32(v.data);
	if (!sonde_view_is_zero(sonde_view_sub(v, end, v.len)))
		return false;
	sonde_text_hex(t, sonde_view_sub(v, HEAD, end - HEAD));
	return true;
}

static int body_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	size_t start = out->len;
	(void)ctx;
	int err = sonde_buf_extend(out, HEAD) ? sonde_hex_parse(out, s, len) : SONDE_E_SPACE;
	if (err)
		return err;
	size_t n = out->len - start - HEAD, filling = -n % 4;
	uint8_t *zeros = sonde_buf_extend(out, filling);
	if (!zeros)
		return SONDE_E_SPACE;
	memset(zeros, 0, filling);
	sonde_put_be32(out->data + start, (uint32_t)n);
	return 0;
}

static const struct sonde_kind body = {
	.name = "bytes", .expected = "an even number of hex digits expected", .print_bytes = body_print,
	.parse_bytes = body_parse, .measure = body_measure, .empty = { (const uint8_t *)"\0\0\0", HEAD },
};

/* --- The message ------------------------------------------------------------------------------------------------- */

#define VERIFIER(flavor, content, where)                                                                               \
	SCALAR("verf", flavor, KIND(named), .names = flavors, where,                                                   \
		.help = "flavor of the verifier: none, sys, ..."),                                                     \
	BYTES("verfbody", content, .kind = &body, where, .help = "the verifier, by its flavor")

static const struct sonde_field fields[] = {
	SCALAR("xid", SONDE_RPC_XID, KIND(hex), .always = true, .help = "transaction: a reply has that of its call"),
	SCALAR("type", SONDE_RPC_TYPE, .alias = "msgtyp", KIND(named), .names = types, .value = CALL, .always = true,
		.help = "call or reply"),
	SCALAR("rpcversion", SONDE_RPC_RPCVERSION, .alias = "rpcvers", .value = RPC_VERSION, IN_CALL, .help = "2"),
	SCALAR("program", SONDE_RPC_PROGRAM, .alias = "prog", KIND(named), .names = programs, .value = 100000,
		.always = true, IN_CALL, .help = "portmapper, nfs, mountd, ..."),
	SCALAR("version", SONDE_RPC_VERSION, .alias = "vers programversion", .value = 2, .always = true, IN_CALL,
		.help = "of the program"),
	SCALAR("procedure", SONDE_RPC_PROCEDURE, .alias = "proc", .always = true, IN_CALL,
		.help = "of the program; 0 takes nothing and does nothing"),
	SCALAR("cred", SONDE_RPC_CRED, KIND(named), .names = flavors, IN_CALL,
		.help = "flavor of the credentials: none, sys, ..."),
	BYTES("credbody", SONDE_RPC_CREDBODY, .kind = &body, IN_CALL, .help = "the credentials, by their flavor"),
	VERIFIER(SONDE_RPC_VERF, SONDE_RPC_VERFBODY, IN_CALL),
	SCALAR("state", SONDE_RPC_STATE, .alias = "replystat", KIND(named), .names = states, .always = true, IN_REPLY,
		.help = "accepted or denied"),
	VERIFIER(SONDE_RPC_REPLYVERF, SONDE_RPC_REPLYVERFBODY, IN_ACCEPTED),
	SCALAR("accept", SONDE_RPC_ACCEPT, .alias = "state_accept", KIND(named), .names = accept_states,
		.always = true, IN_ACCEPTED, .help = "success, prog_unavail, prog_mismatch, ..."),
	SCALAR("low", SONDE_RPC_LOW, .always = true, IN_MISMATCH, .help = "lowest version that there is"),
	SCALAR("high", SONDE_RPC_HIGH, .always = true, IN_MISMATCH, .help = "highest version that there is"),
	SCALAR("reject", SONDE_RPC_REJECT, .alias = "state_reject", KIND(named), .names = reject_states,
		.value = AUTH_ERROR, .always = true, IN_DENIED, .help = "rpc_mismatch or auth_error"),
	SCALAR("low", SONDE_RPC_REJECTLOW, .always = true, IN_REFUSED, .help = "lowest version that there is"),
	SCALAR("high", SONDE_RPC_REJECTHIGH, .always = true, IN_REFUSED, .help = "highest version that there is"),
	SCALAR("why", SONDE_RPC_WHY, .alias = "state_auth", KIND(named), .names = reasons, .always = true, IN_UNKNOWN,
		.help = "badcred, tooweak, ..."),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

/* By the words behind the type. */
static bool is_call(struct sonde_view payload)
{
	const unsigned rpcversion = 8, credlen = 28;
	return payload.len >= LEAST_CALL && sonde_get_be32(payload.data + rpcversion) == RPC_VERSION &&
	       sonde_get_be32(payload.data + credlen) <= MAX_BODY;
}

static bool is_reply(struct sonde_view payload)
{
	const unsigned state = 8, verflen = 16;
	if (payload.len < LEAST_REPLY)
		return false;
	uint32_t is = sonde_get_be32(payload.data + state);
	return is == DENIED || (is == ACCEPTED && sonde_get_be32(payload.data + verflen) <= MAX_BODY);
}

static bool heuristic(struct sonde_view payload)
{
	uint64_t type = payload.len >= MIN_LEN ? sonde_get(payload.data, SONDE_RPC_TYPE) : REPLY;
	return type == CALL ? is_call(payload) : type == REPLY && is_reply(payload);
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

static uint32_t xid_of(const struct sonde_context *c)
{
	return (uint32_t)sonde_get(sonde_header(c), SONDE_RPC_XID);
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, xid_of(c));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	bool answers = sonde_get(sonde_header(c), SONDE_RPC_TYPE) == REPLY;
	return answers && sonde_number_answers(q, c, xid_of(c)) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_rpc = {
	.name = "rpc", .title = "Remote Procedure Call of ONC", .source = "RFC 5531", .alias = "sunrpc oncrpc",
	.example = "ip dst=10.0.0.2 / udp / rpc xid=0x7 program=portmapper version=2 procedure=4",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 111 }, { SONDE_SPACE_UDP, 2049 } },
	.measure = measure, .heuristic = heuristic, .question = question, .answer = answer,
};

#include "proto/icmp.h"

#include "proto/finish.h"
#include "proto/say.h"

#define MIN_LEN       8
#define LEN_TIMESTAMP 20
#define LEN_MASK      12

#define T(type)  (UINT64_C(1) << (type))
#define ECHOES   (T(SONDE_ICMP_ECHO_REPLY) | T(SONDE_ICMP_ECHO))
#define STAMPS   (T(SONDE_ICMP_TIMESTAMP) | T(SONDE_ICMP_TIMESTAMP_REPLY))
#define INFOS    (T(SONDE_ICMP_INFO) | T(SONDE_ICMP_INFO_REPLY))
#define MASKS    (T(SONDE_ICMP_MASK_REQUEST) | T(SONDE_ICMP_MASK_REPLY))
#define XECHOES  (T(SONDE_ICMP_XECHO) | T(SONDE_ICMP_XECHO_REPLY))
#define QUERIES  (ECHOES | STAMPS | INFOS | MASKS)
#define SIZED    (T(SONDE_ICMP_UNREACH) | T(SONDE_ICMP_TIMXCEED) | T(SONDE_ICMP_PARAMPROB)) /* with objects, RFC 4884 */
#define QUOTING  (SIZED | T(SONDE_ICMP_QUENCH) | T(SONDE_ICMP_REDIRECT))
#define DESCRIBED (QUERIES | XECHOES | SIZED | T(SONDE_ICMP_REDIRECT) | T(SONDE_ICMP_ROUTER_ADVERT))
#define WHEN(types) .when = SONDE_WHEN_IS(SONDE_ICMP_TYPE, 0, types)

static const struct sonde_name types[] = {
	{ SONDE_ICMP_ECHO_REPLY, "echo-reply" }, { SONDE_ICMP_UNREACH, "unreach" }, { SONDE_ICMP_QUENCH, "quench" },
	{ SONDE_ICMP_REDIRECT, "redirect" }, { SONDE_ICMP_ECHO, "echo" }, { SONDE_ICMP_ROUTER_ADVERT, "router-advert" },
	{ SONDE_ICMP_ROUTER_SOLICIT, "router-solicit" }, { SONDE_ICMP_TIMXCEED, "timxceed" },
	{ SONDE_ICMP_PARAMPROB, "paramprob" }, { SONDE_ICMP_TIMESTAMP, "timestamp" },
	{ SONDE_ICMP_TIMESTAMP_REPLY, "timestamp-reply" }, { SONDE_ICMP_INFO, "info" },
	{ SONDE_ICMP_INFO_REPLY, "info-reply" }, { SONDE_ICMP_MASK_REQUEST, "mask" },
	{ SONDE_ICMP_MASK_REPLY, "mask-reply" }, { SONDE_ICMP_XECHO, "xecho" },
	{ SONDE_ICMP_XECHO_REPLY, "xecho-reply" },
	/* Names in iptables, nping, Scapy, tcpdump. */
	{ SONDE_ICMP_ECHO_REPLY, "echoreply" }, { SONDE_ICMP_ECHO_REPLY, "pong" }, { SONDE_ICMP_ECHO, "echo-request" },
	{ SONDE_ICMP_ECHO, "ping" }, { SONDE_ICMP_UNREACH, "dest-unreach" },
	{ SONDE_ICMP_UNREACH, "destination-unreachable" }, { SONDE_ICMP_UNREACH, "unreachable" },
	{ SONDE_ICMP_QUENCH, "source-quench" }, { SONDE_ICMP_QUENCH, "sourcequench" },
	{ SONDE_ICMP_ROUTER_ADVERT, "router-advertisement" }, { SONDE_ICMP_ROUTER_ADVERT, "routeradvert" },
	{ SONDE_ICMP_ROUTER_SOLICIT, "router-solicitation" }, { SONDE_ICMP_ROUTER_SOLICIT, "routersolicit" },
	{ SONDE_ICMP_TIMXCEED, "time-exceeded" }, { SONDE_ICMP_TIMXCEED, "ttl-exceeded" },
	{ SONDE_ICMP_PARAMPROB, "parameter-problem" }, { SONDE_ICMP_TIMESTAMP, "timestamp-request" },
	{ SONDE_ICMP_TIMESTAMP, "tstamp" }, { SONDE_ICMP_TIMESTAMP_REPLY, "tstampreply" },
	{ SONDE_ICMP_INFO, "information-request" }, { SONDE_ICMP_INFO_REPLY, "information-reply" },
	{ SONDE_ICMP_INFO_REPLY, "information-response" }, { SONDE_ICMP_MASK_REQUEST, "address-mask-request" },
	{ SONDE_ICMP_MASK_REQUEST, "mask-request" }, { SONDE_ICMP_MASK_REPLY, "address-mask-reply" },
	{ SONDE_ICMP_XECHO, "extended-echo-request" }, { SONDE_ICMP_XECHO_REPLY, "extended-echo-reply" }, { 0 },
};

#define CODE(type, code) ((uint32_t)(type) << 8 | (code))
static const struct sonde_name codes[] = {
	{ CODE(SONDE_ICMP_UNREACH, 0), "net" }, { CODE(SONDE_ICMP_UNREACH, 1), "host" },
	{ CODE(SONDE_ICMP_UNREACH, 2), "protocol" }, { CODE(SONDE_ICMP_UNREACH, 3), "port" },
	{ CODE(SONDE_ICMP_UNREACH, 4), "needfrag" }, { CODE(SONDE_ICMP_UNREACH, 5), "srcfail" },
	{ CODE(SONDE_ICMP_UNREACH, 6), "net-unknown" }, { CODE(SONDE_ICMP_UNREACH, 7), "host-unknown" },
	{ CODE(SONDE_ICMP_UNREACH, 8), "isolated" }, { CODE(SONDE_ICMP_UNREACH, 9), "net-prohib" },
	{ CODE(SONDE_ICMP_UNREACH, 10), "host-prohib" }, { CODE(SONDE_ICMP_UNREACH, 11), "net-tos" },
	{ CODE(SONDE_ICMP_UNREACH, 12), "host-tos" }, { CODE(SONDE_ICMP_UNREACH, 13), "filter-prohib" },
	{ CODE(SONDE_ICMP_UNREACH, 14), "host-precedence" }, { CODE(SONDE_ICMP_UNREACH, 15), "precedence-cutoff" },
	{ CODE(SONDE_ICMP_REDIRECT, 0), "net" }, { CODE(SONDE_ICMP_REDIRECT, 1), "host" },
	{ CODE(SONDE_ICMP_REDIRECT, 2), "net-tos" }, { CODE(SONDE_ICMP_REDIRECT, 3), "host-tos" },
	{ CODE(SONDE_ICMP_TIMXCEED, 0), "transit" }, { CODE(SONDE_ICMP_TIMXCEED, 1), "reassembly" },
	{ CODE(SONDE_ICMP_PARAMPROB, 0), "pointer" }, { CODE(SONDE_ICMP_PARAMPROB, 1), "missing-option" },
	{ CODE(SONDE_ICMP_PARAMPROB, 2), "bad-length" },
	/* Names in other tools. */
	{ CODE(SONDE_ICMP_UNREACH, 0), "network" }, { CODE(SONDE_ICMP_UNREACH, 0), "network-unreachable" },
	{ CODE(SONDE_ICMP_UNREACH, 0), "net-unreachable" }, { CODE(SONDE_ICMP_UNREACH, 1), "host-unreachable" },
	{ CODE(SONDE_ICMP_UNREACH, 2), "protocol-unreachable" }, { CODE(SONDE_ICMP_UNREACH, 2), "proto-unreachable" },
	{ CODE(SONDE_ICMP_UNREACH, 3), "port-unreachable" }, { CODE(SONDE_ICMP_UNREACH, 4), "fragmentation-needed" },
	{ CODE(SONDE_ICMP_UNREACH, 4), "frag-needed" }, { CODE(SONDE_ICMP_UNREACH, 5), "source-route-failed" },
	{ CODE(SONDE_ICMP_UNREACH, 6), "network-unknown" }, { CODE(SONDE_ICMP_UNREACH, 8), "source-host-isolated" },
	{ CODE(SONDE_ICMP_UNREACH, 9), "network-prohibited" }, { CODE(SONDE_ICMP_UNREACH, 9), "net-prohibited" },
	{ CODE(SONDE_ICMP_UNREACH, 10), "host-prohibited" },
	{ CODE(SONDE_ICMP_UNREACH, 11), "TOS-network-unreachable" },
	{ CODE(SONDE_ICMP_UNREACH, 12), "TOS-host-unreachable" },
	{ CODE(SONDE_ICMP_UNREACH, 13), "communication-prohibited" },
	{ CODE(SONDE_ICMP_UNREACH, 13), "admin-prohibited" },
	{ CODE(SONDE_ICMP_UNREACH, 13), "admin-prohib" }, { CODE(SONDE_ICMP_UNREACH, 14), "host-precedence-violation" },
	{ CODE(SONDE_ICMP_REDIRECT, 0), "network-redirect" }, { CODE(SONDE_ICMP_REDIRECT, 1), "host-redirect" },
	{ CODE(SONDE_ICMP_REDIRECT, 2), "TOS-network-redirect" }, { CODE(SONDE_ICMP_REDIRECT, 3), "TOS-host-redirect" },
	{ CODE(SONDE_ICMP_TIMXCEED, 0), "ttl-zero-during-transit" }, { CODE(SONDE_ICMP_TIMXCEED, 0), "ttl" },
	{ CODE(SONDE_ICMP_TIMXCEED, 1), "ttl-zero-during-reassembly" },
	{ CODE(SONDE_ICMP_PARAMPROB, 0), "ip-header-bad" },
	{ CODE(SONDE_ICMP_PARAMPROB, 1), "required-option-missing" }, { 0 },
};

static const struct sonde_field router[] = {
	BYTES("addr", SONDE_FIELD(0, 0, 32), KIND(ip4), .help = "router"),
	SCALAR("preference", SONDE_FIELD(1, 32, 32), KIND(signed), .optional = true, .help = "higher is better"),
	{ 0 },
};

static const struct sonde_list routers = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = router), { 0 } },
};

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_ICMP_TYPE, KIND(named), .names = types, .value = SONDE_ICMP_ECHO, .always = true,
		.help = "kind of message"),
	SCALAR("code", SONDE_ICMP_CODE, KIND(named), .names = codes, .names_by = SONDE_ICMP_TYPE,
		.always = true, .help = "detail, by type"),
	SCALAR("checksum", SONDE_ICMP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the whole message"),
	SCALAR("id", SONDE_ICMP_ID, .role = SONDE_ROLE_ID, .alias = "ident", .open = SONDE_LOOKED_UP,
		WHEN(QUERIES | XECHOES),
		.help = "identifier"),
	SCALAR("seq", SONDE_ICMP_SEQ, .evidence = true, .role = SONDE_ROLE_COUNT, .open = SONDE_LOOKED_UP,
		WHEN(QUERIES), .help = "sequence number"),
	SCALAR("unused", SONDE_ICMP_UNUSED, WHEN(T(SONDE_ICMP_UNREACH) | T(SONDE_ICMP_TIMXCEED)), .help = "must be 0"),
	SCALAR("pointer", SONDE_ICMP_POINTER, .alias = "ptr", .always = true, WHEN(T(SONDE_ICMP_PARAMPROB)),
		.help = "offset of the byte at fault"),
	SCALAR("length", SONDE_ICMP_LENGTH, .alias = "len", .open = SONDE_COMPUTED, WHEN(SIZED),
		.help = "length of the quote in 4-byte words, if objects follow"),
	SCALAR("mtu", SONDE_ICMP_MTU, .alias = "nexthopmtu", WHEN(T(SONDE_ICMP_UNREACH)),
		.help = "next hop's MTU (code needfrag)"),
	SCALAR("unused2", SONDE_ICMP_UNUSED2, WHEN(T(SONDE_ICMP_TIMXCEED) | T(SONDE_ICMP_PARAMPROB)),
		.help = "must be 0"),
	BYTES("gateway", SONDE_ICMP_GATEWAY, .alias = "gw", KIND(ip4), .always = true,
		WHEN(T(SONDE_ICMP_REDIRECT)), .help = "the better router"),
	SCALAR("naddrs", SONDE_ICMP_NADDRS, .open = SONDE_COMPUTED, WHEN(T(SONDE_ICMP_ROUTER_ADVERT)),
		.help = "number of routers"),
	SCALAR("entrysize", SONDE_ICMP_ENTRYSIZE, .value = 2, WHEN(T(SONDE_ICMP_ROUTER_ADVERT)),
		.help = "4-byte words of an entry"),
	SCALAR("lifetime", SONDE_ICMP_LIFETIME, .value = 1800, WHEN(T(SONDE_ICMP_ROUTER_ADVERT)), .help = "seconds"),
	LIST("addrs", SONDE_ICMP_ADDRS, .list = &routers, .count_from = SONDE_ICMP_NADDRS,
		WHEN(T(SONDE_ICMP_ROUTER_ADVERT)),
		.help = "router:preference, ..."),
	SCALAR("orig", SONDE_ICMP_ORIG, .alias = "ts_ori", WHEN(STAMPS), .help = "sent, ms since midnight UTC"),
	SCALAR("recv", SONDE_ICMP_RECV, .alias = "ts_rx", WHEN(STAMPS), .help = "received, ms since midnight UTC"),
	SCALAR("xmit", SONDE_ICMP_XMIT, .alias = "ts_tx", WHEN(STAMPS), .help = "answered, ms since midnight UTC"),
	BYTES("mask", SONDE_ICMP_MASK, .alias = "addr_mask", KIND(ip4), WHEN(MASKS),
		.help = "address mask"),
	SCALAR("seq", SONDE_ICMP_XSEQ, .role = SONDE_ROLE_COUNT, .open = SONDE_LOOKED_UP, WHEN(XECHOES),
		.help = "sequence number"),
	SCALAR("flags", SONDE_ICMP_XFLAGS, KIND(hex), WHEN(XECHOES),
		.help = "xecho: bit 0 L; xecho-reply: state, A, 4, 6"),
	SCALAR("rest", SONDE_ICMP_REST, KIND(hex), .when = SONDE_WHEN_IS_NOT(SONDE_ICMP_TYPE, 0, DESCRIBED),
		.help = "the second word"),
	{ 0 },
};

static bool is_one_of(const uint8_t *header, uint64_t wanted)
{
	unsigned type = header[0];
	return type < 64 && wanted & T(type);
}

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	if (is_one_of(header, STAMPS))
		return LEN_TIMESTAMP;
	if (is_one_of(header, MASKS))
		return LEN_MASK;
	if (is_one_of(header, T(SONDE_ICMP_ROUTER_ADVERT)) && have >= MIN_LEN)
		return MIN_LEN + 8 * (uint32_t)sonde_get(header, SONDE_ICMP_NADDRS);
	return MIN_LEN;
}

static bool quotes(const uint8_t *header)
{
	return is_one_of(header, QUOTING);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	if (quotes(sonde_header(c)))
		return sonde_child_by_version(c);
	return sonde_header(c)[0] == SONDE_ICMP_XECHO ? sonde_child_objects(c) : NULL;
}

static uint32_t trailer_at(const uint8_t *header, struct sonde_view payload)
{
	if (!is_one_of(header, SIZED))
		return 0;
	return sonde_objects_at((uint32_t)sonde_get(header, SONDE_ICMP_LENGTH) * 4, payload);
}

static void finish(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (is_one_of(header, SIZED))
		sonde_fill(c, SONDE_ICMP_LENGTH, sonde_quote_len(c) / 4);
}

static uint32_t checksum(const struct sonde_context *c)
{
	return sonde_layer_checksum(c, SONDE_ICMP_CHECKSUM, MIN_LEN, 0, c->layer->have_len);
}

/* Pairs of one flow are those of Zeek, which does not know XECHO. */
static const struct sonde_message_pair pairs[] = {
	{ SONDE_ICMP_ECHO, SONDE_ICMP_ECHO_REPLY, .one_flow = true, .solicited = true, .same_data = true },
	{ SONDE_ICMP_ROUTER_SOLICIT, SONDE_ICMP_ROUTER_ADVERT, .one_flow = true },
	{ SONDE_ICMP_TIMESTAMP, SONDE_ICMP_TIMESTAMP_REPLY, .one_flow = true, .solicited = true },
	{ SONDE_ICMP_INFO, SONDE_ICMP_INFO_REPLY, .one_flow = true, .solicited = true },
	{ SONDE_ICMP_MASK_REQUEST, SONDE_ICMP_MASK_REPLY, .one_flow = true, .solicited = true },
	{ SONDE_ICMP_XECHO, SONDE_ICMP_XECHO_REPLY, .solicited = true },
	{ 0 },
};

static enum sonde_answer error(const uint8_t *header)
{
	uint32_t type = header[0], code = header[1];
	switch (type) {
	case SONDE_ICMP_TIMXCEED: return code == 0 ? SONDE_ANSWER_TTL : SONDE_ANSWER_REASSEMBLY;
	case SONDE_ICMP_PARAMPROB: return SONDE_ANSWER_PARAMETER;
	case SONDE_ICMP_REDIRECT: return SONDE_ANSWER_REDIRECT;
	case SONDE_ICMP_QUENCH: return SONDE_ANSWER_QUENCH;
	case SONDE_ICMP_UNREACH: break;
	default: return SONDE_ANSWER_ERROR;
	}
	switch (code) {
	case 2: return SONDE_ANSWER_PROTOCOL;
	case 3: return SONDE_ANSWER_PORT;
	case 4: return SONDE_ANSWER_TOO_BIG;
	case 9: case 10: case 13: case 14: case 15: return SONDE_ANSWER_PROHIBITED;
	case 0: case 1: case 5: case 6: case 7: case 8: case 11: case 12: return SONDE_ANSWER_HOST;
	default: return SONDE_ANSWER_ERROR;
	}
}

/* Router solicitations and advertisements have no identifier. */
static uint32_t numbers(const uint8_t *header)
{
	bool has_none = header[0] == SONDE_ICMP_ROUTER_SOLICIT || header[0] == SONDE_ICMP_ROUTER_ADVERT;
	bool extended = header[0] == SONDE_ICMP_XECHO || header[0] == SONDE_ICMP_XECHO_REPLY;
	return has_none ? 0 : sonde_icmp_numbers(header, extended);
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_icmp_question(q, c, numbers(sonde_header(c)));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	return sonde_icmp_answer(q, c, numbers(sonde_header(c)));
}

static bool is_question(const struct sonde_question *q, const struct sonde_context *c)
{
	return sonde_icmp_is_question(q, c, numbers(sonde_header(c)));
}

static uint32_t number(const struct sonde_context *c, bool ours)
{
	(void)ours;
	return numbers(sonde_header(c));
}

/* A code of 0 is mostly no news, unless it has a name. */
static void say(const struct sonde_saying *s)
{
	sonde_say_value(s, SONDE_ICMP_TYPE);
	uint32_t code = (uint32_t)sonde_get(s->header, SONDE_ICMP_CODE);
	if (code || sonde_name_of(codes, (uint32_t)s->header[0] << 8 | code))
		sonde_say_value(s, SONDE_ICMP_CODE);
	sonde_say_rest(s, SONDE_ICMP_ID);
	if (!quotes(s->header))
		sonde_say_length(s);
}

SONDE_COMPILE(sonde_icmp, fields, MIN_LEN)
SONDE_COMPILE_KINDS(fields)

const struct sonde_proto sonde_icmp = {
	.name = "icmp", .title = "Internet Control Message Protocol", .source = "RFC 792", .alias = "icmp4",
	.example = "ip dst=10.0.0.2 / icmp type=echo / text:ping",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, 1 } },
	.checksum_place = SONDE_ICMP_CHECKSUM,
	.trailer = 1, .trailer_align = 4, .trailer_min = 128, .trailer_length = SONDE_ICMP_LENGTH,
	.measure = measure, .child = child, .quotes = quotes, .trailer_at = trailer_at, .finish = finish,
		.checksum = checksum,
	.question = question, .answer = answer, .is_question = is_question, .number = number, .error = error,
	.pairs = pairs,
	.compiled = COMPILED_KINDS,
	.say = say,
};

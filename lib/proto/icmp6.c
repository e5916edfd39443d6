#include "proto/icmp6.h"

#include "proto/finish.h"
#include "proto/layout.h"
#include "proto/names.h"
#include "proto/nd.h"
#include "proto/say.h"

#define MIN_LEN      8
#define LEN_MLD      24
#define LEN_QUERY2   28 /* an MLD query of version 2, without sources */
#define LEN_ADVERT   16
#define LEN_TARGET   24
#define LEN_REDIRECT 40
#define LEN_NI       16

/* Errors have types below 128, other messages from 128 on, so sets of types are masks of two kinds. */
#define E(type) (UINT64_C(1) << (type))
#define T(type) (UINT64_C(1) << ((type) - 128))
#define SIZED   (E(SONDE_ICMP6_UNREACH) | E(SONDE_ICMP6_TIMXCEED)) /* with objects, RFC 4884 */
#define ERRORS  (SIZED | E(SONDE_ICMP6_TOO_BIG) | E(SONDE_ICMP6_PARAMPROB))
#define ECHOES  (T(SONDE_ICMP6_ECHO) | T(SONDE_ICMP6_ECHO_REPLY))
#define XECHOES (T(SONDE_ICMP6_XECHO) | T(SONDE_ICMP6_XECHO_REPLY))
#define QUERY   T(SONDE_ICMP6_MLD_QUERY)
#define MLD1    (QUERY | T(SONDE_ICMP6_MLD_REPORT) | T(SONDE_ICMP6_MLD_DONE))
#define REPORT2 T(SONDE_ICMP6_MLD_REPORT2)
#define RS      T(SONDE_ICMP6_ROUTER_SOLICIT)
#define RA      T(SONDE_ICMP6_ROUTER_ADVERT)
#define NS      T(SONDE_ICMP6_NEIGHBOUR_SOLICIT)
#define NA      T(SONDE_ICMP6_NEIGHBOUR_ADVERT)
#define REDIR   T(SONDE_ICMP6_REDIRECT)
#define NI      (T(SONDE_ICMP6_NI_QUERY) | T(SONDE_ICMP6_NI_REPLY))
#define INVERSE (T(141) | T(142))
#define SEND    (T(148) | T(149))
#define MRD     (T(151) | T(152) | T(153))
#define DESCRIBED (ECHOES | XECHOES | MLD1 | REPORT2 | RS | RA | NS | NA | REDIR | NI)
#define WHEN_ERROR(types) .when = SONDE_WHEN_IS(SONDE_ICMP6_TYPE, 0, types)
#define WHEN(types)       .when = SONDE_WHEN_IS(SONDE_ICMP6_TYPE, 128, types)

static const struct sonde_name types[] = {
	{ SONDE_ICMP6_UNREACH, "unreach" }, { SONDE_ICMP6_TOO_BIG, "toobig" }, { SONDE_ICMP6_TIMXCEED, "timxceed" },
	{ SONDE_ICMP6_PARAMPROB, "paramprob" }, { SONDE_ICMP6_ECHO, "echo" }, { SONDE_ICMP6_ECHO_REPLY, "echo-reply" },
	{ SONDE_ICMP6_MLD_QUERY, "mld-query" }, { SONDE_ICMP6_MLD_REPORT, "mld-report" },
	{ SONDE_ICMP6_MLD_DONE, "mld-done" },
	{ SONDE_ICMP6_ROUTER_SOLICIT, "router-solicit" }, { SONDE_ICMP6_ROUTER_ADVERT, "router-advert" },
	{ SONDE_ICMP6_NEIGHBOUR_SOLICIT, "neighbour-solicit" }, { SONDE_ICMP6_NEIGHBOUR_ADVERT, "neighbour-advert" },
	{ SONDE_ICMP6_NEIGHBOUR_SOLICIT, "neighbor-solicit" }, { SONDE_ICMP6_NEIGHBOUR_ADVERT, "neighbor-advert" },
	{ SONDE_ICMP6_REDIRECT, "redirect" }, { 138, "renumber" }, { SONDE_ICMP6_NI_QUERY, "ni-query" },
	{ SONDE_ICMP6_NI_REPLY, "ni-reply" }, { 141, "inverse-solicit" }, { 142, "inverse-advert" },
	{ SONDE_ICMP6_MLD_REPORT2, "mld-report2" }, { 144, "home-agent-request" }, { 145, "home-agent-reply" },
	{ 146, "mobile-solicit" }, { 147, "mobile-advert" }, { 148, "path-solicit" }, { 149, "path-advert" },
	{ 151, "mrd-advert" }, { 152, "mrd-solicit" }, { 153, "mrd-termination" }, { 155, "rpl" },
	{ SONDE_ICMP6_XECHO, "xecho" }, { SONDE_ICMP6_XECHO_REPLY, "xecho-reply" },
	/* Names in ip6tables, nping, tcpdump. */
	{ SONDE_ICMP6_UNREACH, "dest-unreach" }, { SONDE_ICMP6_UNREACH, "destination-unreachable" },
	{ SONDE_ICMP6_UNREACH, "unreachable" }, { SONDE_ICMP6_TOO_BIG, "packet-too-big" },
	{ SONDE_ICMP6_TOO_BIG, "too-big" }, { SONDE_ICMP6_TIMXCEED, "time-exceeded" },
	{ SONDE_ICMP6_TIMXCEED, "ttl-exceeded" }, { SONDE_ICMP6_PARAMPROB, "parameter-problem" },
	{ SONDE_ICMP6_ECHO, "echo-request" }, { SONDE_ICMP6_ECHO, "ping" }, { SONDE_ICMP6_ECHO_REPLY, "echoreply" },
	{ SONDE_ICMP6_ECHO_REPLY, "pong" }, { SONDE_ICMP6_ROUTER_SOLICIT, "router-solicitation" },
	{ SONDE_ICMP6_ROUTER_ADVERT, "router-advertisement" },
	{ SONDE_ICMP6_NEIGHBOUR_SOLICIT, "neighbour-solicitation" },
	{ SONDE_ICMP6_NEIGHBOUR_SOLICIT, "neighbor-solicitation" },
	{ SONDE_ICMP6_NEIGHBOUR_ADVERT, "neighbour-advertisement" },
	{ SONDE_ICMP6_NEIGHBOUR_ADVERT, "neighbor-advertisement" },
	{ SONDE_ICMP6_MLD_QUERY, "multicast-listener-query" }, { SONDE_ICMP6_MLD_REPORT, "multicast-listener-report" },
	{ SONDE_ICMP6_MLD_DONE, "multicast-listener-done" }, { 0 },
};

#define CODE(type, code) ((uint32_t)(type) << 8 | (code))
static const struct sonde_name codes[] = {
	{ CODE(SONDE_ICMP6_UNREACH, 0), "noroute" }, { CODE(SONDE_ICMP6_UNREACH, 1), "admin-prohib" },
	{ CODE(SONDE_ICMP6_UNREACH, 2), "beyond-scope" }, { CODE(SONDE_ICMP6_UNREACH, 3), "addr" },
	{ CODE(SONDE_ICMP6_UNREACH, 4), "port" }, { CODE(SONDE_ICMP6_UNREACH, 5), "policy-fail" },
	{ CODE(SONDE_ICMP6_UNREACH, 6), "reject-route" }, { CODE(SONDE_ICMP6_UNREACH, 7), "srcfail" },
	{ CODE(SONDE_ICMP6_UNREACH, 8), "headers-too-long" },
	{ CODE(SONDE_ICMP6_TIMXCEED, 0), "transit" }, { CODE(SONDE_ICMP6_TIMXCEED, 1), "reassembly" },
	{ CODE(SONDE_ICMP6_PARAMPROB, 0), "header" }, { CODE(SONDE_ICMP6_PARAMPROB, 1), "next-header" },
	{ CODE(SONDE_ICMP6_PARAMPROB, 2), "option" }, { CODE(SONDE_ICMP6_PARAMPROB, 3), "incomplete-chain" },
	{ CODE(SONDE_ICMP6_PARAMPROB, 4), "upper-layer" }, { CODE(SONDE_ICMP6_PARAMPROB, 5), "next-header-on-way" },
	{ CODE(SONDE_ICMP6_PARAMPROB, 6), "header-too-big" }, { CODE(SONDE_ICMP6_PARAMPROB, 7), "chain-too-long" },
	{ CODE(SONDE_ICMP6_PARAMPROB, 8), "too-many-headers" }, { CODE(SONDE_ICMP6_PARAMPROB, 9), "too-many-options" },
	{ CODE(SONDE_ICMP6_PARAMPROB, 10), "option-too-big" },
	/* Names in other tools. */
	{ CODE(SONDE_ICMP6_UNREACH, 0), "no-route" }, { CODE(SONDE_ICMP6_UNREACH, 1), "admin-prohibited" },
	{ CODE(SONDE_ICMP6_UNREACH, 1), "communication-prohibited" },
	{ CODE(SONDE_ICMP6_UNREACH, 3), "address-unreachable" }, { CODE(SONDE_ICMP6_UNREACH, 3), "addr-unreachable" },
	{ CODE(SONDE_ICMP6_UNREACH, 4), "port-unreachable" }, { CODE(SONDE_ICMP6_UNREACH, 5), "failed-policy" },
	{ CODE(SONDE_ICMP6_TIMXCEED, 0), "ttl-zero-during-transit" }, { CODE(SONDE_ICMP6_TIMXCEED, 0), "ttl" },
	{ CODE(SONDE_ICMP6_TIMXCEED, 1), "ttl-zero-during-reassembly" },
	{ CODE(SONDE_ICMP6_PARAMPROB, 0), "bad-header" }, { CODE(SONDE_ICMP6_PARAMPROB, 1), "unknown-header-type" },
	{ CODE(SONDE_ICMP6_PARAMPROB, 2), "unknown-option" }, { 0 },
};

static const struct sonde_name preferences[] = {
	{ 0, "medium" }, { 1, "high" }, { 2, "reserved" }, { 3, "low" }, { 0 },
};

static const struct sonde_field source[] = {
	BYTES("addr", SONDE_FIELD(0, 0, 128), KIND(ip6), .help = "source"),
	{ 0 },
};

static const struct sonde_list sources = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = source), { 0 } },
};

/* Places in a group record: 20 bytes, then the sources, then auxiliary data. */
#define RECORD_TYPE    SONDE_FIELD(0, 0, 8)
#define RECORD_GROUP   SONDE_FIELD(1, 32, 128)
#define RECORD_SOURCES SONDE_FIELD(2, 160, 128)
#define RECORD_AUX     SONDE_FIELD(3, SONDE_NEXT, 0)
#define RECORD_AUXLEN  SONDE_FIELD(4, 8, 8) /* 4-byte words */
#define RECORD_COUNT   SONDE_FIELD(5, 16, 16)
#define RECORD_LEN     20

static const struct sonde_field record[] = {
	SCALAR("mode", RECORD_TYPE, KIND(named), .names = sonde_group_modes,
		.help = "is_in, is_ex, to_in, to_ex, allow, block"),
	BYTES("group", RECORD_GROUP, KIND(ip6), .help = "group"),
	BYTES("sources", RECORD_SOURCES, KIND(ip6), .repeat = true, .count_from = RECORD_COUNT,
		.help = "joined by +"),
	BYTES("aux", RECORD_AUX, KIND(raw), .len_from = RECORD_AUXLEN, .unit = 4, .help = "auxiliary data"),
	{ 0 },
};

static const struct sonde_list records = {
	.head = RECORD_LEN,
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = record), { 0 } },
};

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_ICMP6_TYPE, KIND(named), .names = types, .value = SONDE_ICMP6_ECHO, .always = true,
		.help = "kind of message"),
	SCALAR("code", SONDE_ICMP6_CODE, KIND(named), .names = codes, .names_by = SONDE_ICMP6_TYPE,
		.always = true, .help = "detail, by type"),
	SCALAR("checksum", SONDE_ICMP6_CHECKSUM, .alias = "chksum cksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over pseudo-header and message"),
	SCALAR("id", SONDE_ICMP6_ID, .role = SONDE_ROLE_ID, .alias = "ident", .open = SONDE_LOOKED_UP,
		WHEN(ECHOES | XECHOES),
		.help = "identifier"),
	SCALAR("seq", SONDE_ICMP6_SEQ, .evidence = true, .role = SONDE_ROLE_COUNT, .open = SONDE_LOOKED_UP,
		WHEN(ECHOES), .help = "sequence number"),
	SCALAR("length", SONDE_ICMP6_LENGTH, .open = SONDE_COMPUTED, WHEN_ERROR(SIZED),
		.help = "length of the quote in 8-byte words, if objects follow"),
	SCALAR("unused", SONDE_ICMP6_UNUSED, WHEN_ERROR(SIZED), .help = "must be 0"),
	SCALAR("mtu", SONDE_ICMP6_MTU, .always = true, WHEN_ERROR(E(SONDE_ICMP6_TOO_BIG)),
		.help = "MTU of the next link, bytes"),
	SCALAR("pointer", SONDE_ICMP6_POINTER, .alias = "ptr", .always = true, WHEN_ERROR(E(SONDE_ICMP6_PARAMPROB)),
		.help = "offset of the byte at fault"),
	SCALAR("reserved", SONDE_ICMP6_RESERVED, .alias = "res", WHEN(RS | NS | REDIR), .help = "must be 0"),
	SCALAR("maxresp", SONDE_ICMP6_MAXRESP, .alias = "mrd mrcode", WHEN(MLD1), .help = "time to answer in, ms"),
	SCALAR("reserved", SONDE_ICMP6_MLD_RESERVED, WHEN(MLD1), .help = "must be 0"),
	BYTES("group", SONDE_ICMP6_GROUP, .alias = "mladdr maddr", KIND(ip6), .always = true, WHEN(MLD1),
		.help = "group"),
	SCALAR("resv", SONDE_ICMP6_RESV, .tail = 1, WHEN(QUERY),
		.help = "must be 0 (version 2, like all that follows)"),
	SCALAR("s", SONDE_ICMP6_SUPPRESS, .tail = 1, WHEN(QUERY), .help = "suppress router-side processing"),
	SCALAR("qrv", SONDE_ICMP6_QRV, .tail = 1, WHEN(QUERY), .help = "querier's robustness"),
	SCALAR("qqic", SONDE_ICMP6_QQIC, .tail = 1, WHEN(QUERY), .help = "querier's interval code"),
	SCALAR("nsources", SONDE_ICMP6_NSOURCES, .alias = "sources_number", .open = SONDE_COMPUTED, .tail = 1,
		WHEN(QUERY), .help = "number of sources"),
	LIST("sources", SONDE_ICMP6_SOURCES, .list = &sources, .count_from = SONDE_ICMP6_NSOURCES, .tail = 1,
		WHEN(QUERY), .help = "sources asked for"),
	SCALAR("reserved", SONDE_ICMP6_REPORT2_RSV, WHEN(REPORT2), .help = "must be 0"),
	SCALAR("nrecords", SONDE_ICMP6_NRECORDS, .alias = "records_number", .open = SONDE_COMPUTED, WHEN(REPORT2),
		.help = "number of records"),
	LIST("records", SONDE_ICMP6_RECORDS, .list = &records, .count_from = SONDE_ICMP6_NRECORDS, WHEN(REPORT2),
		.help = "mode:[group]:[source+source], ..."),
	SCALAR("hlim", SONDE_ICMP6_HLIM, .alias = "chlim cur_hop_limit", .value = 64, WHEN(RA),
		.help = "hop limit that hosts should use"),
	SCALAR("m", SONDE_ICMP6_MANAGED, WHEN(RA), .help = "managed: addresses by DHCPv6"),
	SCALAR("o", SONDE_ICMP6_OTHER, WHEN(RA), .help = "other configuration by DHCPv6"),
	SCALAR("h", SONDE_ICMP6_HOME_AGENT, WHEN(RA), .help = "home agent"),
	SCALAR("pref", SONDE_ICMP6_PREF, .alias = "prf", KIND(named), .names = preferences, WHEN(RA),
		.help = "low, medium, high"),
	SCALAR("reserved", SONDE_ICMP6_ADVERT_RSV, WHEN(RA), .help = "must be 0; 4 for a proxy"),
	SCALAR("lifetime", SONDE_ICMP6_LIFETIME, .alias = "routerlifetime router_lifetime", .value = 1800,
		.always = true, WHEN(RA), .help = "lifetime as default router, seconds"),
	SCALAR("reachable", SONDE_ICMP6_REACHABLE, .alias = "reachabletime reachable_time", WHEN(RA),
		.help = "how long a confirmed neighbour is reachable, ms"),
	SCALAR("retrans", SONDE_ICMP6_RETRANS, .alias = "retranstimer retrans_timer", WHEN(RA),
		.help = "time between solicitations, ms"),
	SCALAR("r", SONDE_ICMP6_ROUTER, WHEN(NA), .help = "the sender is a router"),
	SCALAR("s", SONDE_ICMP6_SOLICITED, WHEN(NA), .help = "answer to a solicitation"),
	SCALAR("o", SONDE_ICMP6_OVERRIDE, WHEN(NA), .help = "overrides the cached address"),
	SCALAR("reserved", SONDE_ICMP6_NA_RSV, WHEN(NA), .help = "must be 0"),
	BYTES("target", SONDE_ICMP6_TARGET, .alias = "tgt target_address", KIND(ip6), .always = true,
		WHEN(NS | NA | REDIR), .help = "address in question; redirect: the better next hop"),
	BYTES("dst", SONDE_ICMP6_DST, .alias = "destination_address", KIND(ip6), .always = true,
		WHEN(REDIR), .help = "destination that is redirected"),
	LIST("options", SONDE_ICMP6_OPTIONS_RS, .list = &sonde_nd_options, WHEN(RS), .help = "in wire order"),
	LIST("options", SONDE_ICMP6_OPTIONS_RA, .list = &sonde_nd_options, WHEN(RA), .help = "in wire order"),
	LIST("options", SONDE_ICMP6_OPTIONS, .list = &sonde_nd_options, WHEN(NS | NA), .help = "in wire order"),
	LIST("options", SONDE_ICMP6_OPTIONS_REDIR, .list = &sonde_nd_options, WHEN(REDIR), .help = "in wire order"),
	SCALAR("qtype", SONDE_ICMP6_QTYPE, WHEN(NI), .help = "query type: 2 names, 3 IPv6, 4 IPv4 addresses"),
	SCALAR("flags", SONDE_ICMP6_NI_FLAGS, KIND(hex), WHEN(NI),
		.help = "by qtype; xecho: bit 0 L; xecho-reply: state, A, 4, 6"),
	SCALAR("nonce", SONDE_ICMP6_NONCE, .role = SONDE_ROLE_SEQUENCE, KIND(hex), .open = SONDE_LOOKED_UP, WHEN(NI),
		.help = "nonce, copied to the reply"),
	SCALAR("seq", SONDE_ICMP6_XSEQ, .role = SONDE_ROLE_COUNT, .open = SONDE_LOOKED_UP, WHEN(XECHOES),
		.help = "sequence number"),
	SCALAR("flags", SONDE_ICMP6_XFLAGS, KIND(hex), WHEN(XECHOES),
		.help = "xecho: bit 0 L; xecho-reply: state, A, 4, 6"),
	SCALAR("rest", SONDE_ICMP6_REST, KIND(hex), .when = SONDE_WHEN_IS_NOT(SONDE_ICMP6_TYPE, 0, ERRORS),
		.and_when = SONDE_WHEN_IS_NOT(SONDE_ICMP6_TYPE, 128, DESCRIBED), .help = "the second word"),
	{ 0 },
};

static bool is_error(const uint8_t *header, uint64_t wanted)
{
	unsigned type = header[0];
	return type < 64 && wanted & E(type);
}

static bool is_info(const uint8_t *header, uint64_t wanted)
{
	unsigned type = header[0];
	return type >= 128 && type < 192 && wanted & T(type);
}

/* Options fill their message. The MLD counts may promise more records or sources than are present. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t least = MIN_LEN;
	switch (header[0]) {
	case SONDE_ICMP6_MLD_QUERY: return have < LEN_QUERY2 ? LEN_MLD : sonde_rows_len(fields, header, have);
	case SONDE_ICMP6_MLD_REPORT:
	case SONDE_ICMP6_MLD_DONE: return LEN_MLD;
	case SONDE_ICMP6_MLD_REPORT2: return sonde_rows_len(fields, header, have);
	case SONDE_ICMP6_NI_QUERY:
	case SONDE_ICMP6_NI_REPLY: return LEN_NI;
	case SONDE_ICMP6_ROUTER_SOLICIT: break;
	case SONDE_ICMP6_ROUTER_ADVERT: least = LEN_ADVERT; break;
	case SONDE_ICMP6_NEIGHBOUR_SOLICIT:
	case SONDE_ICMP6_NEIGHBOUR_ADVERT: least = LEN_TARGET; break;
	case SONDE_ICMP6_REDIRECT: least = LEN_REDIRECT; break;
	default: return MIN_LEN;
	}
	return have < least ? least : have;
}

static bool quotes(const uint8_t *header)
{
	return is_error(header, ERRORS);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	if (quotes(sonde_header(c)))
		return sonde_child_by_version(c);
	return sonde_header(c)[0] == SONDE_ICMP6_XECHO ? sonde_child_objects(c) : NULL;
}

static uint32_t trailer_at(const uint8_t *header, struct sonde_view payload)
{
	if (!is_error(header, SIZED))
		return 0;
	return sonde_objects_at((uint32_t)sonde_get(header, SONDE_ICMP6_LENGTH) * 8, payload);
}

static void finish(const struct sonde_context *c)
{
	if (is_error(sonde_header(c), SIZED))
		sonde_fill(c, SONDE_ICMP6_LENGTH, sonde_quote_len(c) / 8);
}

static uint32_t checksum(const struct sonde_context *c)
{
	uint64_t sum = sonde_pseudo_sum(c, 58, c->layer->total_len);
	return sonde_layer_checksum(c, SONDE_ICMP6_CHECKSUM, MIN_LEN, sum, c->layer->have_len);
}

/* Hop limit 255 proves that a message was not forwarded (RFC 4861, 6.1 and 7.1, RFC 3122, RFC 3971); 1 keeps it on the
 * link (RFC 2710, 3, RFC 4286). */
static uint8_t ttl(const uint8_t *header)
{
	if (is_info(header, RS | RA | NS | NA | REDIR | INVERSE | SEND))
		return 255;
	return is_info(header, MLD1 | REPORT2 | MRD) ? 1 : 0;
}

static const struct sonde_message_pair pairs[] = {
	{ SONDE_ICMP6_ECHO, SONDE_ICMP6_ECHO_REPLY, .one_flow = true, .solicited = true, .same_data = true },
	{ SONDE_ICMP6_MLD_QUERY, SONDE_ICMP6_MLD_REPORT, .one_flow = true, .no_match = true },
	{ SONDE_ICMP6_ROUTER_SOLICIT, SONDE_ICMP6_ROUTER_ADVERT, .one_flow = true },
	{ SONDE_ICMP6_NEIGHBOUR_SOLICIT, SONDE_ICMP6_NEIGHBOUR_ADVERT, .one_flow = true, .solicited = true },
	{ SONDE_ICMP6_NI_QUERY, SONDE_ICMP6_NI_REPLY, .one_flow = true },
	{ 144, 145, .one_flow = true }, /* home agent address discovery (RFC 6275) */
	{ SONDE_ICMP6_XECHO, SONDE_ICMP6_XECHO_REPLY, .solicited = true },
	{ 0 },
};

/* RFC 4443, 3.1: codes 1, 5 and 6 come from filters, 4 from the target; RFC 6550, 20.18: 7. */
static enum sonde_answer unreachable(uint32_t code)
{
	switch (code) {
	case 4: return SONDE_ANSWER_PORT;
	case 1: case 5: case 6: return SONDE_ANSWER_PROHIBITED;
	case 0: case 2: case 3: case 7: return SONDE_ANSWER_HOST;
	default: return SONDE_ANSWER_ERROR;
	}
}

static enum sonde_answer error(const uint8_t *header)
{
	uint32_t type = header[0], code = header[1];
	switch (type) {
	case SONDE_ICMP6_UNREACH:
		return unreachable(code);
	case SONDE_ICMP6_TOO_BIG: return SONDE_ANSWER_TOO_BIG;
	case SONDE_ICMP6_TIMXCEED: return code == 0 ? SONDE_ANSWER_TTL : SONDE_ANSWER_REASSEMBLY;
	case SONDE_ICMP6_PARAMPROB: return code == 1 ? SONDE_ANSWER_PROTOCOL : SONDE_ANSWER_PARAMETER;
	default: return SONDE_ANSWER_ERROR;
	}
}

static struct sonde_addr target_of(const struct sonde_context *c)
{
	const uint8_t *at = sonde_header(c) + SONDE_FIRST(SONDE_ICMP6_TARGET) / 8;
	return sonde_place_there(c->layer, SONDE_ICMP6_TARGET) ? sonde_addr6(at) : (struct sonde_addr){ 0 };
}

/* Messages of neighbour discovery have no identifier. */
static uint32_t numbers(const uint8_t *header)
{
	bool has_none = header[0] >= SONDE_ICMP6_ROUTER_SOLICIT && header[0] <= SONDE_ICMP6_NEIGHBOUR_ADVERT;
	bool extended = header[0] == SONDE_ICMP6_XECHO || header[0] == SONDE_ICMP6_XECHO_REPLY;
	return has_none ? 0 : sonde_icmp_numbers(header, extended);
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_icmp_question(q, c, numbers(sonde_header(c)));
	if (q->icmp_type != SONDE_ICMP6_NEIGHBOUR_SOLICIT)
		return;
	q->kind = SONDE_ASKS_ND;
	q->target = target_of(c);
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (q->kind != SONDE_ASKS_ND)
		return sonde_icmp_answer(q, c, numbers(header));
	struct sonde_addr target = target_of(c);
	bool same = target.family && sonde_addr_equal_bytes(&target, &q->target);
	return header[0] == SONDE_ICMP6_NEIGHBOUR_ADVERT && same ? SONDE_ANSWER_ND : SONDE_SILENCE;
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
	sonde_say_value(s, SONDE_ICMP6_TYPE);
	uint32_t code = (uint32_t)sonde_get(s->header, SONDE_ICMP6_CODE);
	if (code || sonde_name_of(codes, (uint32_t)s->header[0] << 8 | code))
		sonde_say_value(s, SONDE_ICMP6_CODE);
	sonde_say_rest(s, SONDE_ICMP6_ID);
	if (!quotes(s->header))
		sonde_say_length(s);
}

SONDE_COMPILE(sonde_icmp6, fields, MIN_LEN)
SONDE_COMPILE_KINDS(fields)

const struct sonde_proto sonde_icmp6 = {
	.name = "icmp6", .title = "Internet Control Message Protocol for IPv6", .source = "RFC 4443, 4861, 9777",
		.alias = "icmpv6",
	.example = "ip6 dst=ff02::1:ff00:2 / icmp6 type=neighbour-solicit target=2001:db8::2",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, 58 } },
	.pseudo = true, .checksum_place = SONDE_ICMP6_CHECKSUM,
	.trailer = 1, .trailer_align = 8, .trailer_min = 128, .trailer_length = SONDE_ICMP6_LENGTH,
	.measure = measure, .child = child, .quotes = quotes, .trailer_at = trailer_at, .finish = finish,
		.checksum = checksum,
	.ttl = ttl,
	.question = question, .answer = answer, .is_question = is_question, .number = number, .error = error,
	.pairs = pairs,
	.compiled = COMPILED_KINDS,
	.say = say,
};

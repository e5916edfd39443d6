#include "proto/dhcp6.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define MIN_LEN 4

/* --- Options ----------------------------------------------------------------------------------------------------- */

/* Places count from the option's code; the value starts after the length. */
#define AT(row, first, width) SONDE_FIELD(row, 32 + (first), width)
#define NEXT(row, width)      SONDE_FIELD(row, SONDE_NEXT, width)

static const struct sonde_list options;

static const struct sonde_field bytes[] = {
	BYTES("bytes", AT(0, 0, 0), KIND(opaque), .help = "value"),
	{ 0 },
};
static const struct sonde_field byte[] = {
	SCALAR("value", AT(0, 0, 8), .help = "number"),
	{ 0 },
};
static const struct sonde_field centiseconds[] = {
	SCALAR("time", AT(0, 0, 16), .help = "since the client began, 1/100 s"),
	{ 0 },
};
static const struct sonde_field seconds[] = {
	SCALAR("seconds", AT(0, 0, 32), .help = "seconds"),
	{ 0 },
};
static const struct sonde_field addr[] = {
	BYTES("addr", AT(0, 0, 128), KIND(ip6), .help = "IPv6 address"),
	{ 0 },
};
static const struct sonde_field addrs[] = {
	BYTES("addrs", AT(0, 0, 128), KIND(ip6), .repeat = true, .help = "IPv6 addresses, joined by +"),
	{ 0 },
};
static const struct sonde_field domains[] = {
	BYTES("domains", AT(0, 0, 0), KIND(domain_unexpanded), .repeat = true, .help = "domain names, joined by +"),
	{ 0 },
};
static const struct sonde_field text[] = {
	BYTES("text", AT(0, 0, 0), KIND(text), .help = "characters"),
	{ 0 },
};
static const struct sonde_field codes[] = {
	SCALAR("options", AT(0, 0, 16), KIND(item), .list = &options, .repeat = true, .help = "options, joined by +"),
	{ 0 },
};

/* RFC 8415, 11: who a client or server is. */
static const struct sonde_name duid_types[] = { { 1, "llt" }, { 2, "en" }, { 3, "ll" }, { 4, "uuid" }, { 0 } };
#define DUID_TYPE  AT(0, 0, 16)
#define DUID(mask) .when = SONDE_WHEN_IS(DUID_TYPE, 0, mask)
static const struct sonde_field duid[] = {
	SCALAR("type", DUID_TYPE, KIND(named), .names = duid_types, .help = "llt, en, ll or uuid"),
	SCALAR("hardware", NEXT(1, 16), DUID(1 << 1 | 1 << 3), .help = "1 Ethernet"),
	SCALAR("time", NEXT(2, 32), DUID(1 << 1), .help = "seconds since 2000"),
	SCALAR("enterprise", NEXT(3, 32), DUID(1 << 2), .help = "number of the vendor"),
	BYTES("id", NEXT(4, 0), KIND(raw), .help = "link address, or identifier"),
	{ 0 },
};

static const struct sonde_field ia[] = {
	SCALAR("iaid", AT(0, 0, 32), KIND(hex), .help = "which association of the client"),
	SCALAR("t1", AT(1, 32, 32), .help = "seconds until it asks its server again"),
	SCALAR("t2", AT(2, 64, 32), .help = "seconds until it asks any server"),
	LIST("options", AT(3, 96, 0), .list = &options, .help = "in wire order"),
	{ 0 },
};
static const struct sonde_field ia_ta[] = {
	SCALAR("iaid", AT(0, 0, 32), KIND(hex), .help = "which association of the client"),
	LIST("options", AT(1, 32, 0), .list = &options, .help = "in wire order"),
	{ 0 },
};
static const struct sonde_field ia_addr[] = {
	BYTES("addr", AT(0, 0, 128), KIND(ip6), .help = "address"),
	SCALAR("preferred", AT(1, 128, 32), .help = "seconds that it is preferred"),
	SCALAR("valid", AT(2, 160, 32), .help = "seconds that it is valid"),
	LIST("options", AT(3, 192, 0), .list = &options, .help = "in wire order"),
	{ 0 },
};
static const struct sonde_field ia_prefix[] = {
	BYTES("prefix", AT(0, 72, 128), KIND(ip6), .help = "prefix"),
	SCALAR("bits", AT(1, 64, 8), .help = "its length"),
	SCALAR("preferred", AT(2, 0, 32), .help = "seconds that it is preferred"),
	SCALAR("valid", AT(3, 32, 32), .help = "seconds that it is valid"),
	LIST("options", AT(4, 200, 0), .list = &options, .help = "in wire order"),
	{ 0 },
};

static const struct sonde_name statuses[] = {
	{ 0, "success" }, { 1, "failure" }, { 2, "no-addresses" }, { 3, "no-binding" }, { 4, "not-on-link" },
	{ 5, "use-multicast" }, { 6, "no-prefix" }, { 0 },
};
static const struct sonde_field status[] = {
	SCALAR("code", AT(0, 0, 16), KIND(named), .names = statuses, .help = "success, failure, ..."),
	BYTES("message", AT(1, 16, 0), KIND(text), .help = "for people"),
	{ 0 },
};
static const struct sonde_field fqdn[] = {
	SCALAR("flags", AT(0, 0, 8), KIND(hex), .help = "0x1: the server updates AAAA records"),
	BYTES("name", AT(1, 8, 0), KIND(domain_unexpanded), .help = "name of the client"),
	{ 0 },
};
static const struct sonde_field vendor[] = {
	SCALAR("enterprise", AT(0, 0, 32), .help = "number of the vendor"),
	BYTES("data", AT(1, 32, 0), KIND(opaque), .help = "what the vendor says"),
	{ 0 },
};

/* IANA, DHCPv6 parameters. */
static const struct sonde_list options = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4, .length_excludes = 4,
	.items = (const struct sonde_item[]) {
		ITEM("client-id", 1, .fields = duid),
		ITEM("server-id", 2, .fields = duid),
		ITEM("ia-na", 3, .fields = ia),
		ITEM("ia-ta", 4, .fields = ia_ta),
		ITEM("address", 5, .fields = ia_addr),
		ITEM("requested", 6, .fields = codes),
		ITEM("preference", 7, .fields = byte),
		ITEM("elapsed", 8, .fields = centiseconds),
		ITEM("relayed", 9, .fields = bytes),
		ITEM("authentication", 11, .fields = bytes),
		ITEM("unicast", 12, .fields = addr),
		ITEM("status", 13, .fields = status),
		ITEM("rapid-commit", 14),
		ITEM("user-class", 15, .fields = bytes),
		ITEM("vendor-class", 16, .fields = vendor),
		ITEM("vendor-options", 17, .fields = vendor),
		ITEM("interface", 18, .fields = bytes),
		ITEM("reconfigure", 19, .fields = byte),
		ITEM("reconfigure-accept", 20),
		ITEM("sip-names", 21, .fields = domains),
		ITEM("sip-servers", 22, .fields = addrs),
		ITEM("dns-servers", 23, .fields = addrs),
		ITEM("domain-search", 24, .fields = domains),
		ITEM("ia-pd", 25, .fields = ia),
		ITEM("prefix", 26, .fields = ia_prefix),
		ITEM("sntp-servers", 31, .fields = addrs),
		ITEM("refresh", 32, .fields = seconds),
		ITEM("remote-id", 37, .fields = vendor),
		ITEM("subscriber-id", 38, .fields = bytes),
		ITEM("fqdn", 39, .fields = fqdn),
		ITEM("ntp-server", 56, .fields = bytes),
		ITEM("boot-url", 59, .fields = text),
		ITEM("aftr", 64, .fields = domains),
		ITEM("link-address", 79, .fields = bytes),
		ITEM("sol-max-rt", 82, .fields = seconds),
		ITEM("inf-max-rt", 83, .fields = seconds),
		{ 0 },
	},
};

/* --- The message ------------------------------------------------------------------------------------------------- */

#define RELAYS     1 << 0 | 1 << 1
#define OF_RELAYS  .when = SONDE_WHEN_IS(SONDE_DHCP6_TYPE, SONDE_DHCP6_RELAY, RELAYS)
#define OF_CLIENTS .when = SONDE_WHEN_IS_NOT(SONDE_DHCP6_TYPE, SONDE_DHCP6_RELAY, RELAYS)

static const struct sonde_name types[] = {
	{ SONDE_DHCP6_SOLICIT, "solicit" }, { SONDE_DHCP6_ADVERTISE, "advertise" }, { SONDE_DHCP6_REQUEST, "request" },
	{ SONDE_DHCP6_CONFIRM, "confirm" }, { SONDE_DHCP6_RENEW, "renew" }, { SONDE_DHCP6_REBIND, "rebind" },
	{ SONDE_DHCP6_REPLY, "reply" }, { SONDE_DHCP6_RELEASE, "release" }, { SONDE_DHCP6_DECLINE, "decline" },
	{ SONDE_DHCP6_RECONFIGURE, "reconfigure" }, { SONDE_DHCP6_INFORMATION, "information-request" },
	{ SONDE_DHCP6_RELAY, "relay" }, { SONDE_DHCP6_RELAY_REPLY, "relay-reply" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_DHCP6_TYPE, .alias = "msgtype", KIND(named), .names = types, .value = SONDE_DHCP6_SOLICIT,
		.always = true, .help = "solicit, advertise, request, reply, ..."),
	SCALAR("xid", SONDE_DHCP6_XID, .alias = "trid", KIND(hex), .role = SONDE_ROLE_ID, .open = SONDE_LOOKED_UP,
		OF_CLIENTS, .help = "transaction, copied to the reply"),
	SCALAR("hops", SONDE_DHCP6_HOPS, .alias = "hopcount", OF_RELAYS, .help = "relays that it passed"),
	BYTES("link", SONDE_DHCP6_LINK, .alias = "linkaddr", KIND(ip6), OF_RELAYS,
		.help = "address on the client's link"),
	BYTES("peer", SONDE_DHCP6_PEER, .alias = "peeraddr", KIND(ip6), OF_RELAYS, .help = "client, or the next relay"),
	LIST("options", SONDE_DHCP6_OPTIONS, .list = &options, .help = "in wire order"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	const unsigned last_type = 36; /* IANA */
	return payload.len >= MIN_LEN && payload.data[0] > 0 && payload.data[0] <= last_type;
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, (uint32_t)sonde_get(sonde_header(c), SONDE_DHCP6_XID));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	uint64_t type = sonde_get(sonde_header(c), SONDE_DHCP6_TYPE);
	bool answers = type == SONDE_DHCP6_ADVERTISE || type == SONDE_DHCP6_REPLY;
	uint32_t xid = (uint32_t)sonde_get(sonde_header(c), SONDE_DHCP6_XID);
	return answers && sonde_number_answers(q, c, xid) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_dhcp6 = {
	.name = "dhcp6", .title = "DHCP for IPv6", .source = "RFC 8415", .alias = "dhcpv6",
	.example = "ip6 dst=ff02::1:2 / udp sport=546 / dhcp6 type=solicit options=ia-na:0x1:0:0,"
		   "requested:dns-servers,elapsed:0",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 547 }, { SONDE_SPACE_UDP, 546 } },
	.measure = measure, .heuristic = heuristic, .question = question, .answer = answer,
};

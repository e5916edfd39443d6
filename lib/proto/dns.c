#include "proto/dns.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/list.h"
#include "proto/say.h"

#define MIN_LEN 12

/* --- Names of numbers (IANA, DNS parameters) --------------------------------------------------------------------- */

enum type {
	A = 1, NS = 2, CNAME = 5, SOA = 6, PTR = 12, MX = 15, TXT = 16, AAAA = 28, SRV = 33, DNAME = 39, OPT = 41,
	DS = 43, RRSIG = 46, NSEC = 47, DNSKEY = 48, SVCB = 64, HTTPS = 65, CAA = 257,
};

static const struct sonde_name types[] = {
	{ A, "A" }, { NS, "NS" }, { CNAME, "CNAME" }, { SOA, "SOA" }, { PTR, "PTR" }, { 13, "HINFO" },
	{ MX, "MX" }, { TXT, "TXT" }, { 17, "RP" }, { 18, "AFSDB" }, { 24, "SIG" }, { 25, "KEY" },
	{ AAAA, "AAAA" }, { 29, "LOC" }, { SRV, "SRV" }, { 35, "NAPTR" }, { 36, "KX" }, { 37, "CERT" },
	{ DNAME, "DNAME" }, { OPT, "OPT" }, { 42, "APL" }, { 45, "IPSECKEY" }, { 49, "DHCID" }, { 55, "HIP" },
	{ 61, "OPENPGPKEY" }, { 62, "CSYNC" }, { 63, "ZONEMD" }, { DS, "DS" }, { 44, "SSHFP" },
	{ RRSIG, "RRSIG" }, { NSEC, "NSEC" }, { DNSKEY, "DNSKEY" }, { 50, "NSEC3" }, { 51, "NSEC3PARAM" },
	{ 52, "TLSA" }, { 59, "CDS" }, { 60, "CDNSKEY" }, { SVCB, "SVCB" }, { HTTPS, "HTTPS" }, { 99, "SPF" },
	{ 108, "EUI48" }, { 109, "EUI64" }, { 249, "TKEY" }, { 250, "TSIG" }, { 251, "IXFR" }, { 252, "AXFR" },
	{ 255, "ANY" }, { 256, "URI" }, { CAA, "CAA" }, { 0 },
};

/* RFC 6762, 5.4 and 10.2: the top bit requests a unicast answer, or tells caches to drop older records. */
static const struct sonde_name classes[] = {
	{ 1, "IN" }, { 3, "CH" }, { 4, "HS" }, { 254, "NONE" }, { 255, "ANY" }, { 0x8001, "IN-top" }, { 0 },
};

static const struct sonde_name opcodes[] = {
	{ 0, "query" }, { 1, "iquery" }, { 2, "status" }, { 4, "notify" }, { 5, "update" }, { 6, "dso" }, { 0 },
};

static const struct sonde_name rcodes[] = {
	{ 0, "noerror" }, { 1, "formerr" }, { 2, "servfail" }, { 3, "nxdomain" }, { 4, "notimp" }, { 5, "refused" },
	{ 6, "yxdomain" }, { 7, "yxrrset" }, { 8, "nxrrset" }, { 9, "notauth" }, { 10, "notzone" }, { 0 },
};

static const struct sonde_name flag_words[] = {
	{ SONDE_DNS_AA, "aa" }, { SONDE_DNS_TC, "tc" }, { SONDE_DNS_RD, "rd" }, { SONDE_DNS_RA, "ra" },
	{ SONDE_DNS_Z, "z" }, { SONDE_DNS_AD, "ad" }, { SONDE_DNS_CD, "cd" }, { 0 },
};

/* --- Questions and records --------------------------------------------------------------------------------------- */

static const struct sonde_field asked[] = {
	BYTES("name", SONDE_FIELD(0, SONDE_NEXT, 0), KIND(domain), .help = "name asked for"),
	SCALAR("type", SONDE_FIELD(1, SONDE_NEXT, 16), KIND(named), .names = types, .value = A, .optional = true,
		.help = "type of record asked for"),
	SCALAR("class", SONDE_FIELD(2, SONDE_NEXT, 16), KIND(named), .names = classes, .value = 1, .named = true,
		.help = "IN"),
	{ 0 },
};

static const struct sonde_list questions = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = asked), { 0 } },
};

static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 32, 0), KIND(opaque), .help = "the option's bytes"),
	{ 0 },
};

static const struct sonde_field subnet[] = {
	SCALAR("family", SONDE_FIELD(0, 32, 16), .help = "1 IPv4, 2 IPv6"),
	SCALAR("source", SONDE_FIELD(1, 48, 8), .help = "prefix length of the address"),
	SCALAR("scope", SONDE_FIELD(2, 56, 8), .help = "prefix length that the answer covers"),
	BYTES("addr", SONDE_FIELD(3, 64, 0), KIND(raw), .help = "address, its first bits"),
	{ 0 },
};

static const struct sonde_field error[] = {
	SCALAR("code", SONDE_FIELD(0, 32, 16), .help = "what went wrong"),
	BYTES("text", SONDE_FIELD(1, 48, 0), KIND(text), .help = "for people"),
	{ 0 },
};

/* IANA, EDNS0 option codes. */
static const struct sonde_list options = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4, .length_excludes = 4,
	.items = (const struct sonde_item[]) {
		ITEM("nsid", 3, .fields = bytes),
		ITEM("subnet", 8, .fields = subnet),
		ITEM("expire", 9, .fields = bytes),
		ITEM("cookie", 10, .fields = bytes),
		ITEM("keepalive", 11, .fields = bytes),
		ITEM("padding", 12, .fields = bytes),
		ITEM("error", 15, .fields = error),
		{ 0 },
	},
};

static const struct sonde_field protocols[] = {
	BYTES("ids", SONDE_FIELD(0, 32, 0), KIND(counted), .repeat = true, .help = "protocols, joined by +"),
	{ 0 },
};

static const struct sonde_field port[] = {
	SCALAR("port", SONDE_FIELD(0, 32, 16), KIND(port), .help = "port"),
	{ 0 },
};

static const struct sonde_field hints4[] = {
	BYTES("addrs", SONDE_FIELD(0, 32, 32), KIND(ip4), .repeat = true, .help = "addresses, joined by +"),
	{ 0 },
};

static const struct sonde_field hints6[] = {
	BYTES("addrs", SONDE_FIELD(0, 32, 128), KIND(ip6), .repeat = true, .help = "addresses, joined by +"),
	{ 0 },
};

/* RFC 9460, 14.3.2. */
static const struct sonde_list params = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4, .length_excludes = 4,
	.items = (const struct sonde_item[]) {
		ITEM("mandatory", 0, .fields = bytes),
		ITEM("alpn", 1, .fields = protocols),
		ITEM("no-default-alpn", 2),
		ITEM("port", 3, .fields = port),
		ITEM("ipv4hint", 4, .fields = hints4),
		ITEM("ech", 5, .fields = bytes),
		ITEM("ipv6hint", 6, .fields = hints6),
		{ 0 },
	},
};

#define N(row, width)  SONDE_FIELD(row, SONDE_NEXT, width)
#define RR_TYPE        N(1, 16)
#define RR_LENGTH      N(4, 16)
#define T(type)        (UINT64_C(1) << (type))
#define WHEN(types)    .when = SONDE_WHEN_IS(RR_TYPE, 0, types)
#define WHEN_BINDS     .when = SONDE_WHEN_IS(RR_TYPE, SVCB, 1 << 0 | 1 << (HTTPS - SVCB))
#define WHEN_CAA       .when = SONDE_WHEN_IS(RR_TYPE, CAA, 1 << 0)

/* The fields after rdlen depend on the type. */
static const struct sonde_field record[] = {
	BYTES("name", N(0, 0), KIND(domain), .help = "owner of the record"),
	SCALAR("type", RR_TYPE, KIND(named), .names = types, .value = A, .help = "type of record"),
	SCALAR("class", N(2, 16), KIND(named), .names = classes, .value = 1, .named = true,
		.help = "IN; OPT: largest UDP payload that the sender accepts"),
	SCALAR("ttl", N(3, 32), .named = true, .help = "seconds; OPT: extended rcode, version and flags"),
	SCALAR("rdlen", RR_LENGTH, .help = "bytes that follow"),
	BYTES("addr", N(5, 32), KIND(ip4), WHEN(T(A)), .help = "IPv4 address"),
	BYTES("addr", N(6, 128), KIND(ip6), WHEN(T(AAAA)), .help = "IPv6 address"),
	BYTES("host", N(7, 0), KIND(domain), WHEN(T(NS) | T(CNAME) | T(PTR) | T(DNAME)), .help = "name"),
	BYTES("mname", N(8, 0), KIND(domain), WHEN(T(SOA)), .help = "primary server"),
	BYTES("rname", N(9, 0), KIND(domain), WHEN(T(SOA)), .help = "mailbox of the administrator"),
	SCALAR("serial", N(10, 32), WHEN(T(SOA)), .help = "version of the zone"),
	SCALAR("refresh", N(11, 32), WHEN(T(SOA)), .help = "seconds"),
	SCALAR("retry", N(12, 32), WHEN(T(SOA)), .help = "seconds"),
	SCALAR("expire", N(13, 32), WHEN(T(SOA)), .help = "seconds"),
	SCALAR("minimum", N(14, 32), WHEN(T(SOA)), .help = "TTL of negative answers, seconds"),
	SCALAR("preference", N(15, 16), WHEN(T(MX)), .help = "lower is better"),
	BYTES("exchange", N(16, 0), KIND(domain), WHEN(T(MX)), .help = "mail server"),
	BYTES("strings", N(17, 0), KIND(counted), .repeat = true, WHEN(T(TXT)), .help = "joined by +"),
	SCALAR("priority", N(18, 16), WHEN(T(SRV)), .help = "lower is better"),
	SCALAR("weight", N(19, 16), WHEN(T(SRV)), .help = "relative, at equal priority"),
	SCALAR("port", N(20, 16), KIND(port), WHEN(T(SRV)), .help = "port"),
	BYTES("target", N(21, 0), KIND(domain), WHEN(T(SRV)), .help = "host"),
	LIST("options", N(22, 0), .list = &options, WHEN(T(OPT)), .help = "in wire order"),
	SCALAR("keytag", N(23, 16), WHEN(T(DS)), .help = "key"),
	SCALAR("algorithm", N(24, 8), WHEN(T(DS)), .help = "of the key"),
	SCALAR("digesttype", N(25, 8), WHEN(T(DS)), .help = "2 SHA-256"),
	BYTES("digest", N(26, 0), KIND(raw), WHEN(T(DS)), .help = "of the key"),
	SCALAR("covered", N(27, 16), KIND(named), .names = types, WHEN(T(RRSIG)), .help = "type that is signed"),
	SCALAR("algorithm", N(28, 8), WHEN(T(RRSIG)), .help = "of the key"),
	SCALAR("labels", N(29, 8), WHEN(T(RRSIG)), .help = "labels in the owner's name"),
	SCALAR("original", N(30, 32), WHEN(T(RRSIG)), .help = "TTL, seconds"),
	SCALAR("expires", N(31, 32), WHEN(T(RRSIG)), .help = "seconds since 1970"),
	SCALAR("begins", N(32, 32), WHEN(T(RRSIG)), .help = "seconds since 1970"),
	SCALAR("keytag", N(33, 16), WHEN(T(RRSIG)), .help = "key"),
	BYTES("signer", N(34, 0), KIND(domain), WHEN(T(RRSIG)), .help = "zone"),
	BYTES("signature", N(35, 0), KIND(raw), WHEN(T(RRSIG)), .help = "signature"),
	BYTES("next", N(36, 0), KIND(domain), WHEN(T(NSEC)), .help = "next name in the zone"),
	BYTES("bitmap", N(37, 0), KIND(opaque), WHEN(T(NSEC)), .help = "types of records that exist"),
	SCALAR("flags", N(38, 16), KIND(hex), WHEN(T(DNSKEY)), .help = "0x0101 for a key that signs keys"),
	SCALAR("protocol", N(39, 8), WHEN(T(DNSKEY)), .help = "3"),
	SCALAR("algorithm", N(40, 8), WHEN(T(DNSKEY)), .help = "of the key"),
	BYTES("key", N(41, 0), KIND(raw), WHEN(T(DNSKEY)), .help = "public key"),
	SCALAR("priority", N(42, 16), WHEN_BINDS, .help = "0: an alias; lower is better"),
	BYTES("target", N(43, 0), KIND(domain), WHEN_BINDS, .help = "host"),
	LIST("params", N(44, 0), .list = &params, WHEN_BINDS, .help = "in wire order"),
	SCALAR("flags", N(45, 8), KIND(hex), WHEN_CAA, .help = "0x80: critical"),
	BYTES("tag", N(46, 0), KIND(counted), WHEN_CAA, .help = "issue, issuewild, iodef"),
	BYTES("value", N(47, 0), KIND(text), WHEN_CAA, .help = "issuer"),
	BYTES("data", N(48, 0), KIND(opaque), .named = true, .help = "undescribed bytes"),
	{ 0 },
};

static const struct sonde_list records = {
	.length_row = RR_LENGTH,
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = record), { 0 } },
};

/* --- The message ------------------------------------------------------------------------------------------------- */

#define ASKS .when = SONDE_WHEN_IS_NOT(SONDE_DNS_QDCOUNT, 0, 1 << 0), .announces = true

static const struct sonde_field fields[] = {
	SCALAR("id", SONDE_DNS_ID, .role = SONDE_ROLE_ID, .open = SONDE_LOOKED_UP,
		.help = "identifier, copied to the answer"),
	SCALAR("qr", SONDE_DNS_QR, .alias = "response", .help = "1: response"),
	SCALAR("opcode", SONDE_DNS_OPCODE, KIND(named), .names = opcodes, .help = "query, notify, update, ..."),
	SCALAR("flags", SONDE_DNS_FLAGS, KIND(flags), .names = flag_words, .value = SONDE_DNS_RD,
		.help = "aa authoritative, tc truncated, rd, ra recursion, ad, cd DNSSEC"),
	SCALAR("rcode", SONDE_DNS_RCODE, KIND(named), .names = rcodes, .help = "response code"),
	SCALAR("qdcount", SONDE_DNS_QDCOUNT, .alias = "count_queries", .open = SONDE_COMPUTED, .help = "questions"),
	SCALAR("ancount", SONDE_DNS_ANCOUNT, .alias = "count_answers", .open = SONDE_COMPUTED, .help = "answers"),
	SCALAR("nscount", SONDE_DNS_NSCOUNT, .alias = "count_auth_rr", .open = SONDE_COMPUTED,
		.help = "records of authority"),
	SCALAR("arcount", SONDE_DNS_ARCOUNT, .alias = "count_add_rr", .open = SONDE_COMPUTED,
		.help = "additional records"),
	BYTES("qname", SONDE_DNS_QNAME, KIND(domain), .always = true, ASKS, .help = "name asked for"),
	SCALAR("qtype", SONDE_DNS_QTYPE, KIND(named), .names = types, .value = A, .always = true, ASKS,
		.help = "type of record asked for"),
	SCALAR("qclass", SONDE_DNS_QCLASS, KIND(named), .names = classes, .value = 1, ASKS, .help = "IN"),
	LIST("questions", SONDE_DNS_QUESTIONS, .list = &questions, .count_from = SONDE_DNS_QDCOUNT, .plus = 1, ASKS,
		.help = "further questions: name:type, ..."),
	LIST("answers", SONDE_DNS_ANSWERS, .alias = "an", .list = &records, .count_from = SONDE_DNS_ANCOUNT,
		.help = "name:type:...:ttl=N, ..."),
	LIST("authority", SONDE_DNS_AUTHORITY, .alias = "ns", .list = &records, .count_from = SONDE_DNS_NSCOUNT,
		.help = "as answers"),
	LIST("additional", SONDE_DNS_ADDITIONAL, .alias = "ar", .list = &records, .count_from = SONDE_DNS_ARCOUNT,
		.help = "as answers; .:OPT:class=1232 for EDNS"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

/* Messages of other protocols on this port mostly have an invalid opcode. */
static bool heuristic(struct sonde_view payload)
{
	const unsigned last_opcode = 6;
	return payload.len >= MIN_LEN && sonde_get(payload.data, SONDE_DNS_OPCODE) <= last_opcode;
}

/* The first of several strings, each behind a byte with its length. */
static void say_string(const struct sonde_saying *s, struct sonde_view strings)
{
	const size_t most = 120;
	size_t len = sonde_kind_counted.measure(strings);
	sonde_say_text(s, sonde_view_sub(strings, 1, len ? len - 1 : 0), most);
	sonde_text_str(s->t, len < strings.len ? " ..." : "");
}

/* What a record holds: numbers, up to the first name, address or string. Without one, its type. */
static void say_record(const struct sonde_saying *s, const struct sonde_list_item *item)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	unsigned n = sonde_layout(slots, record, item->bytes.data, item->len);
	size_t start = s->t->len;
	for (unsigned i = SONDE_ROW(RR_LENGTH) + 1; i < n; i++) {
		const struct sonde_row_context ctx = {
			.row = &record[i], .message = sonde_view(s->header, s->layer->header_len),
		};
		if (!slots[i].there || !slots[i].width || record[i].shape == SONDE_LIST)
			continue;
		sonde_text_str(s->t, s->t->len > start ? " " : "");
		if (record[i].repeat) {
			say_string(s, sonde_slot_view(item->bytes.data, slots[i]));
			return;
		}
		if (record[i].shape == SONDE_SCALAR) {
			sonde_number_print(s->t, &ctx, sonde_slot_get(item->bytes.data, slots[i]));
			continue;
		}
		sonde_bytes_expand(s->t, &ctx, sonde_slot_view(item->bytes.data, slots[i]));
		return;
	}
	if (s->t->len > start)
		return;
	const struct sonde_row_context type = { .row = &record[SONDE_ROW(RR_TYPE)] };
	if (slots[SONDE_ROW(RR_TYPE)].there)
		sonde_number_print(s->t, &type, sonde_slot_get(item->bytes.data, slots[SONDE_ROW(RR_TYPE)]));
}

/* The first answers, and how many more there are. */
static void say_answers(const struct sonde_saying *s)
{
	const unsigned most = 3;
	const struct sonde_slot at = s->slots(s)[SONDE_ROW(SONDE_DNS_ANSWERS)];
	struct sonde_view all = at.there ? sonde_slot_view(s->header, at) : sonde_view(s->header, 0);
	struct sonde_list_item item;
	unsigned n = 0;
	for (size_t next = 0; sonde_list_next(&item, &records, all, &next) && !item.broken; n++) {
		if (n >= most)
			continue;
		sonde_text_str(s->t, n ? ", " : " = ");
		say_record(s, &item);
	}
	if (n > most)
		sonde_text_fmt(s->t, ", %u more", n - most);
}

/* dns? A example.com asks; dns A example.com = 192.0.2.1 answers. */
static void say(const struct sonde_saying *s)
{
	bool answers = sonde_get(s->header, SONDE_DNS_QR);
	sonde_text_str(s->t, answers ? "" : "?");
	if (sonde_get(s->header, SONDE_DNS_OPCODE))
		sonde_say_value(s, SONDE_DNS_OPCODE);
	sonde_say_value(s, SONDE_DNS_QTYPE);
	sonde_say_value(s, SONDE_DNS_QNAME);
	if (sonde_get(s->header, SONDE_DNS_RCODE))
		sonde_say_value(s, SONDE_DNS_RCODE);
	say_answers(s);
	if (sonde_get(s->header, SONDE_DNS_FLAGS) & SONDE_DNS_TC)
		sonde_text_str(s->t, " (truncated)");
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, (uint32_t)sonde_get(sonde_header(c), SONDE_DNS_ID));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	bool answers = sonde_get(header, SONDE_DNS_QR);
	uint32_t id = (uint32_t)sonde_get(header, SONDE_DNS_ID);
	return answers && sonde_number_answers(q, c, id) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_dns = {
	.name = "dns", .title = "Domain Name System", .source = "RFC 1035, 6762, 6891", .alias = "mdns llmnr",
	.example = "ip dst=10.0.0.2 / udp / dns qname=www.example.com qtype=AAAA additional=.:OPT:class=1232",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 53 }, { SONDE_SPACE_UDP, 5353 }, { SONDE_SPACE_UDP, 5355 },
		 { SONDE_SPACE_INSIDE, SONDE_INSIDE_DNS } },
	.measure = measure, .heuristic = heuristic, .question = question, .answer = answer,
	.say = say,
};

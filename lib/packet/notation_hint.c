#include "packet/notation_hint.h"

#include "base/escape.h"
#include "packet/field.h"
#include "proto/list.h"
#include "proto/names.h"

/* --- Words of other tools ---------------------------------------------------------------------------------------- */

struct synonym {
	const char *ours, *theirs; /* in lower case, without - and _ */
};

static const struct synonym field_names[] = {
	{ "dport", "port dstport destport destinationport dpt targetport remoteport" },
	{ "sport", "srcport sourceport spt localport" },
	{ "seq", "seqno seqnum seqnumber sequence sequencenumber" },
	{ "ack", "ackno acknum acknumber ackseq acknowledgment acknowledgement acknowledgementnumber" },
	{ "win", "winsize wsize rwnd windowsize" },
	{ "urg", "urgent urgentpointer urp" },
	{ "spa", "sip senderip source src saddr srcip" },
	{ "tpa", "tip targetip target dst dest destination daddr dstip" },
	{ "sha", "sendermac smac srcmac sourcemac hwaddr" },
	{ "tha", "targetmac tmac dstmac destmac" },
	{ "src", "source saddr sip srcip sourceip srcaddr sourceaddr sourceaddress srcmac sourcemac smac from sa" },
	{ "dst", "dest destination daddr dip dstip destip destinationip dstaddr destaddr destinationaddress dstmac "
		 "destmac dmac target host to da" },
	{ "hlim", "ttl hops hoplimit timetolive" },
	{ "ttl", "hops hlim hoplimit timetolive" },
	{ "length", "size len totallength totlen payloadlength" },
	{ "next", "proto protocol nextheader nexthdr type" },
	{ "proto", "next nextheader nexthdr type" },
	{ "type", "proto protocol ethertype etype itype msgtype" },
	{ "code", "icode msgcode" },
	{ "checksum", "sum csum cksum crc badsum" },
	{ "options", "opt opts option" },
	{ "flow", "flowlabel" },
	{ "tclass", "tos dscp trafficclass" },
	{ "tos", "tclass trafficclass" },
	{ "id", "ident identification identifier vlan vlanid tag xid" },
	{ "op", "oper operation" },
	{ "qname", "q query name qd host hostname domain question" },
	{ "qtype", "type querytype" },
	{ "offset", "frag fragment fragoff fragmentoffset dataoffset hdrlen headerlength" },
	{ "ihl", "hdrlen headerlength hlen" },
	{ "flags", "flag tcpflags frags" },
	{ "vni", "id vnid" },
	{ "pcp", "prio priority" },
};

static const struct synonym frame_names[] = {
	{ "time", "ts timestamp date when" },
	{ "wire", "len length size wirelen origlen" },
	{ "iface", "interface dev device if ifname" },
	{ "dir", "direction" },
	{ "link", "linktype dlt" },
	{ "comment", "note text remark" },
};

static const struct synonym item_names[] = {
	{ "sackok", "sackpermitted sackperm sackp" },
	{ "ts", "timestamp timestamps tsval" },
	{ "wscale", "windowscale winscale ws wsopt wscaling" },
	{ "mss", "maxseg maximumsegmentsize" },
	{ "nop", "noop" },
	{ "eol", "end eool" },
	{ "fastopen", "tfo" },
	{ "md5", "md5sig md5signature" },
	{ "rr", "recordroute record" },
	{ "ra", "routeralert alert" },
	{ "lsrr", "loose loosesourceroute" },
	{ "ssrr", "strict strictsourceroute" },
	{ "jumbo", "jumbopayload" },
};

static const struct synonym layer_names[] = {
	{ "ip", "inet iphdr ipheader" },
	{ "ip6", "inet6" },
	{ "ether", "link mac ethernetii ethhdr" },
	{ "tcp", "tcphdr syn" },
	{ "icmp", "ping echo icmpv4" },
	{ "icmp6", "icmpv6" },
	{ "vlan", "8021q dot1ad" },
	{ "fragment", "ipv6frag" },
	{ "routing", "srh" },
};

#define N_OF(table) (sizeof(table) / sizeof *(table))
#define NORMALIZED_LEN 40

/* Copy a name in lower case, without - and _. */
static size_t normalize(char out[static NORMALIZED_LEN], const char *s, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len && n < NORMALIZED_LEN - 1; i++)
		if (s[i] != '_' && s[i] != '-')
			out[n++] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] | 0x20 : s[i]);
	out[n] = 0;
	return n;
}

/* The next of our words for a name, from *at of a table on; NULL: none. */
static const char *next_synonym(const struct synonym *table, size_t n, size_t *at, const char *s, size_t len)
{
	char name[NORMALIZED_LEN];
	size_t name_len = normalize(name, s, len);
	while (*at < n) {
		const struct synonym *row = &table[(*at)++];
		if (sonde_word_in(row->theirs, name, name_len))
			return row->ours;
	}
	return NULL;
}

static const char *synonym_of(const struct synonym *table, size_t n, const char *s, size_t len)
{
	size_t at = 0;
	return next_synonym(table, n, &at, s, len);
}

static bool is_one_of(const char *words, const char *s, size_t len)
{
	char name[NORMALIZED_LEN];
	return sonde_word_in(words, name, normalize(name, s, len));
}

static bool did_you_mean(struct sonde_error *e, const char *name)
{
	sonde_hint(e, "did you mean '%s'?", name);
	return true;
}

static int short_len(size_t len)
{
	return (int)(len > 40 ? 40 : len);
}

/* --- Fields ------------------------------------------------------------------------------------------------------ */

#define DATA_HINT "data stands behind the fields: text:hello or hex:0a0b"

static const char *field_of_synonym(const struct sonde_proto *proto, const char *name, size_t len)
{
	size_t at = 0;
	for (const char *ours; (ours = next_synonym(field_names, N_OF(field_names), &at, name, len)) != NULL;)
		if (sonde_field_in(proto, ours, strlen(ours)))
			return ours;
	return NULL;
}

/* Skip the protocol in TCP_DPORT or icmp_type. */
static bool drop_protocol(const struct sonde_proto *proto, const char **name, size_t *len)
{
	char head[NORMALIZED_LEN];
	size_t n = strlen(proto->name);
	if (*len < n + 2 || normalize(head, *name, n) != n || memcmp(head, proto->name, n) != 0)
		return false;
	n += (*name)[n] == '_' || (*name)[n] == '-' || (*name)[n] == '.';
	*name += n;
	*len -= n;
	return true;
}

/* The row of flags that knows a word, and how the word is spelled there. */
static const struct sonde_field *flag_row(const struct sonde_proto *proto, const char *name, size_t len,
					  const char **word)
{
	const char *letter = sonde_flag_letters(name, len);
	uint32_t bit;
	for (const struct sonde_field *f = proto->fields; f->name; f++) {
		if (!f->kind || !f->kind->flags)
			continue;
		if (f->kind == &sonde_kind_letters && letter && sonde_name_value(&bit, f->names, letter, 1)) {
			*word = letter;
			return f;
		}
		struct sonde_nearest n = { .name = name, .len = len };
		sonde_words_offer(&n, &(struct sonde_row_context){ .row = f });
		if (n.best && n.edits == 0) {
			*word = n.best;
			return f;
		}
	}
	return NULL;
}

bool sonde_hint_field(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_proto *trailer,
		      const char *name, size_t len)
{
	const char *best = field_of_synonym(proto, name, len), *rest = name, *word;
	size_t rest_len = len;
	if (best)
		return did_you_mean(e, best);
	if (drop_protocol(proto, &rest, &rest_len)) {
		const struct sonde_field *f = sonde_field_in(proto, rest, rest_len);
		best = f ? f->name : field_of_synonym(proto, rest, rest_len);
		if (best)
			return did_you_mean(e, best);
	}
	const struct sonde_field *flags = flag_row(proto, name, len, &word);
	if (flags) {
		sonde_hint(e, "write %s=%s", flags->name, word);
		return true;
	}
	if (is_one_of("data payload load raw body msg message", name, len)) {
		sonde_hint(e, DATA_HINT);
		return true;
	}
	struct sonde_nearest n = { .name = name, .len = len };
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		sonde_nearest_offer(&n, f->name);
	for (const struct sonde_field *f = trailer ? trailer->fields : NULL; f && f->name; f++)
		sonde_nearest_offer(&n, f->name);
	return n.best && did_you_mean(e, n.best);
}

bool sonde_hint_frame_field(struct sonde_error *e, const char *name, size_t len)
{
	const char *best = synonym_of(frame_names, N_OF(frame_names), name, len);
	struct sonde_nearest n = { .name = name, .len = len };
	for (size_t i = 0; i < N_OF(frame_names); i++)
		sonde_nearest_offer(&n, frame_names[i].ours);
	best = best ? best : n.best;
	return best && did_you_mean(e, best);
}

/* --- Words that stand alone -------------------------------------------------------------------------------------- */

#define FILTER_WORDS "and or not host net port portrange src dst proto less greater"
#define FILTER_HINT  "this reads like a libpcap filter; a packet is written: ip dst=10.0.0.2 / tcp dport=80"

static const struct sonde_field *row_of_word(const struct sonde_proto *proto, const char *s, size_t len)
{
	uint64_t v;
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (!f->names_by && f->kind != &sonde_kind_port && !f->space &&
		    sonde_word_value(&v, &(struct sonde_row_context){ .row = f }, s, len))
			return f;
	return NULL;
}

static const struct sonde_field *row_of_item(const struct sonde_proto *proto, const char *s, size_t len)
{
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (len && f->list && sonde_item_by_name(f->list, s, len))
			return f;
	return NULL;
}

static bool is_word(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((s[i] | 0x20) >= 'a' && (s[i] | 0x20) <= 'z') && !(s[i] >= '0' && s[i] <= '9') && s[i] != '_')
			return false;
	return len > 0;
}

bool sonde_hint_word(struct sonde_error *e, const struct sonde_proto *proto, const char *s, size_t len,
		     struct sonde_view next)
{
	size_t head = 0;
	while (head < len && is_word(s + head, 1))
		head++;
	const struct sonde_field *f = sonde_field_in(proto, s, head), *by_word = row_of_word(proto, s, len);
	bool value_behind = f && head < len && (s[head] == ':' || s[head] == '.');
	if (f && (value_behind || head == len)) {
		struct sonde_view value = value_behind ? sonde_view(s + head + 1, len - head - 1) : next;
		sonde_hint(e, "write %s=%.*s", f->name, value.len ? short_len(value.len) : 5,
			   value.len ? (const char *)value.data : "VALUE");
	} else if (by_word) {
		sonde_hint(e, "write %s=%.*s", by_word->name, short_len(len), s);
	} else if (row_of_item(proto, s, head)) {
		sonde_hint(e, "the items of %s are joined by ',' without blanks", row_of_item(proto, s, head)->name);
	} else if (is_one_of(FILTER_WORDS, s, len)) {
		sonde_hint(e, FILTER_HINT);
	} else if (is_word(s, len) && *s > '9') {
		sonde_hint(e, "bytes behind the fields are written text:%.*s", short_len(len), s);
	} else {
		sonde_hint(e, "sonde help fields %s lists them; layers are joined by ' / '", proto->name);
	}
	return true;
}

/* --- Layers ------------------------------------------------------------------------------------------------------ */

bool sonde_is_named_layer(const struct sonde_proto *proto)
{
	return sonde_number_in(proto, SONDE_SPACE_DATA, 1) == 1 && !sonde_number_in(proto, SONDE_SPACE_TRAILER, 0);
}

bool sonde_hint_layer(struct sonde_error *e, const char *s, size_t len)
{
	struct sonde_nearest n = { .name = s, .len = len };
	size_t head = 0;
	while (head < len && is_word(s + head, 1))
		head++;
	n.len = head ? head : len;
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		if (sonde_is_named_layer(*p))
			sonde_nearest_offer(&n, (*p)->name);
	const char *best = synonym_of(layer_names, N_OF(layer_names), s, len);
	best = best ? best : n.best;
	if (memchr(s, '(', len))
		sonde_hint(e, "no parentheses: ip dst=10.0.0.2 / tcp dport=80");
	else if (is_one_of("data payload raw load body hex text zero random file", s, len))
		sonde_hint(e, "data is text:hello, hex:0a0b, zero:100, random:64 or file:PATH");
	else if (len > 2 && s[0] == '0' && s[1] == 'x')
		sonde_hint(e, "bytes are hex:%.*s", short_len(len - 2), s + 2);
	else if (len && *s == '"')
		sonde_hint(e, "text is text:%.*s", short_len(len), s);
	else if (is_one_of(FILTER_WORDS, s, len))
		sonde_hint(e, FILTER_HINT);
	else if (is_one_of("frame", s, len))
		sonde_hint(e, "frame stands before the first layer");
	else if (best && head < len && best == n.best)
		sonde_hint(e, "did you mean '%s'? layers are joined by ' / '", best);
	else if (best)
		return did_you_mean(e, best);
	else
		sonde_hint(e, "sonde help fields lists them; data is text:%.*s", short_len(len), s);
	return true;
}

/* --- Lists and data ---------------------------------------------------------------------------------------------- */

static const char *item_of_synonym(const struct sonde_list *list, const char *s, size_t len)
{
	size_t at = 0;
	for (const char *ours; (ours = next_synonym(item_names, N_OF(item_names), &at, s, len)) != NULL;)
		if (sonde_item_by_name(list, ours, strlen(ours)))
			return ours;
	return NULL;
}

bool sonde_hint_item(struct sonde_error *e, const struct sonde_list *list, const char *s, size_t len)
{
	const char *equals = memchr(s, '=', len);
	size_t head = equals ? (size_t)(equals - s) : len;
	struct sonde_nearest n = { .name = s, .len = head };
	for (const struct sonde_item *i = list->items; i->name; i++)
		sonde_nearest_offer(&n, i->name);
	const char *best = item_of_synonym(list, s, head);
	best = best ? best : n.best;
	if (len && memchr("[({<", *s, 4))
		sonde_hint(e, "no brackets: items are NAME or NAME:VALUE, joined by ','");
	else if (best && equals)
		sonde_hint(e, "write %s:%.*s", best, short_len(len - head - 1), equals + 1);
	else if (best)
		return did_you_mean(e, best);
	else
		sonde_hint(e, "a kind without a name here is NUMBER:HEX");
	return true;
}

bool sonde_hint_hex(struct sonde_error *e, const char *s, size_t len)
{
	if (len > 2 && s[0] == '0' && (s[1] | 0x20) == 'x')
		sonde_hint(e, "without 0x");
	else if (memchr(s, ':', len) || memchr(s, '-', len) || memchr(s, ',', len))
		sonde_hint(e, "without signs between the digits");
	else
		return false;
	return true;
}

#include "proto/tcp.h"

#include "proto/finish.h"
#include "proto/say.h"

#define MIN_LEN 20

/* Places count from the option's kind. */
static const struct sonde_field mss[] = {
	SCALAR("size", SONDE_TCP_MSS_SIZE, .help = "largest segment the sender takes, bytes"),
	{ 0 },
};

static const struct sonde_field wscale[] = {
	SCALAR("shift", SONDE_TCP_WSCALE_SHIFT, .help = "windows count 2^shift bytes"),
	{ 0 },
};

static const struct sonde_field sack[] = {
	SCALAR("blocks", SONDE_TCP_SACK_BLOCKS, KIND(span), .repeat = true, .help = "first-behind, +..."),
	{ 0 },
};

static const struct sonde_field ts[] = {
	SCALAR("val", SONDE_FIELD(0, 16, 32), .help = "the sender's clock"),
	SCALAR("ecr", SONDE_FIELD(1, 48, 32), .help = "the other side's clock, echoed"),
	{ 0 },
};

static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 16, 0), KIND(opaque), .help = "the option's bytes"),
	{ 0 },
};

static const struct sonde_field uto[] = {
	SCALAR("timeout", SONDE_FIELD(0, 16, 16), KIND(hex), .help = "granularity bit and timeout"),
	{ 0 },
};

static const struct sonde_field ao[] = {
	SCALAR("keyid", SONDE_FIELD(0, 16, 8), .help = "key of this segment"),
	SCALAR("rnextkeyid", SONDE_FIELD(1, 24, 8), .help = "key wanted next"),
	BYTES("mac", SONDE_FIELD(2, 32, 0), KIND(raw), .help = "message authentication code"),
	{ 0 },
};

static const struct sonde_name mptcp_subtypes[] = {
	{ 0, "capable" }, { 1, "join" }, { 2, "dss" }, { 3, "add-addr" }, { 4, "remove-addr" }, { 5, "prio" },
	{ 6, "fail" },
	{ 7, "fastclose" }, { 8, "rst" }, { 15, "experiment" }, { 0 },
};

static const struct sonde_field mptcp[] = {
	SCALAR("subtype", SONDE_FIELD(0, 16, 4), KIND(named), .names = mptcp_subtypes,
		.help = "capable, join, dss, add-addr, ..."),
	SCALAR("flags", SONDE_FIELD(1, 20, 4), KIND(hex), .help = "version or flags, by subtype"),
	BYTES("bytes", SONDE_FIELD(2, 24, 0), KIND(opaque), .help = "the rest of the option"),
	{ 0 },
};

static const struct sonde_field experiment[] = {
	SCALAR("exid", SONDE_FIELD(0, 16, 16), KIND(hex), .help = "which experiment (RFC 6994)"),
	BYTES("bytes", SONDE_FIELD(1, 32, 0), KIND(opaque), .help = "the rest of the option"),
	{ 0 },
};

static const struct sonde_list options = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2,
	.list_align = 4, .fill = SONDE_FILL_ZEROS, .n_singles = 2, .has_end = true,
	.items = (const struct sonde_item[]) {
		ITEM("eol", 0),
		ITEM("nop", 1),
		ITEM("mss", SONDE_TCP_MSS, .fields = mss),
		ITEM("wscale", SONDE_TCP_WSCALE, .fields = wscale),
		ITEM("sackok", SONDE_TCP_SACKOK),
		ITEM("sack", SONDE_TCP_SACK, .fields = sack),
		ITEM("echo", 6, .fields = bytes),
		ITEM("echo-reply", 7, .fields = bytes),
		ITEM("ts", SONDE_TCP_TS, .fields = ts),
		ITEM("md5", 19, .fields = bytes),
		ITEM("qs", 27, .fields = bytes),
		ITEM("uto", 28, .fields = uto),
		ITEM("ao", 29, .fields = ao),
		ITEM("mptcp", 30, .fields = mptcp),
		ITEM("fastopen", 34, .fields = bytes),
		ITEM("accecn0", 172, .fields = bytes),
		ITEM("accecn1", 174, .fields = bytes),
		ITEM("exp1", 253, .fields = experiment),
		ITEM("exp2", 254, .fields = experiment),
		{ 0 },
	},
};

static const struct sonde_name flag_letters[] = {
	{ SONDE_TCP_FIN, "F" }, { SONDE_TCP_SYN, "S" }, { SONDE_TCP_RST, "R" }, { SONDE_TCP_PSH, "P" },
	{ SONDE_TCP_ACK_FLAG, "A" }, { SONDE_TCP_URG_FLAG, "U" }, { SONDE_TCP_ECE, "E" }, { SONDE_TCP_CWR, "C" },
	{ SONDE_TCP_AE, "N" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("sport", SONDE_TCP_SPORT, .alias = "srcport", KIND(port), .role = SONDE_ROLE_SOURCE_PORT,
		.open = SONDE_LOOKED_UP,
		.help = "source port"),
	SCALAR("dport", SONDE_TCP_DPORT, .alias = "dstport", KIND(port), .role = SONDE_ROLE_DESTINATION_PORT,
		.open = SONDE_COMPUTED, .always = true,
		.help = "destination port; default: that of the protocol inside, or 0"),
	SCALAR("seq", SONDE_TCP_SEQ, .evidence = true, .role = SONDE_ROLE_SEQUENCE, .open = SONDE_LOOKED_UP,
		.help = "sequence number of the first byte"),
	SCALAR("ack", SONDE_TCP_ACK, .evidence = true, .help = "next sequence number expected"),
	SCALAR("offset", SONDE_TCP_OFFSET, .alias = "dataofs doff hdr_len", .open = SONDE_COMPUTED,
		.help = "header length in 4-byte words"),
	SCALAR("reserved", SONDE_TCP_RESERVED, .help = "must be 0"),
	SCALAR("flags", SONDE_TCP_FLAGS, .evidence = true, KIND(letters), .names = flag_letters, .always = true,
		.help = "F S R P A U E C N"),
	SCALAR("win", SONDE_TCP_WIN, .evidence = true, .alias = "window window_size", .value = 65535,
		.help = "receive window, before scaling"),
	SCALAR("checksum", SONDE_TCP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over pseudo-header, header, data"),
	SCALAR("urg", SONDE_TCP_URG, .alias = "urgptr urgent_pointer", .help = "urgent pointer"),
	LIST("options", SONDE_TCP_OPTIONS, .list = &options, .help = "in wire order"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	uint32_t len = (uint32_t)sonde_get(header, SONDE_TCP_OFFSET) * 4;
	return len < MIN_LEN ? MIN_LEN : len;
}

static inline __attribute__((always_inline)) void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_TCP_OFFSET, c->layer->header_len / 4);
}

static inline __attribute__((always_inline)) uint32_t checksum(const struct sonde_context *c)
{
	uint64_t sum = sonde_pseudo_sum(c, 6, c->layer->total_len);
	return sonde_layer_checksum(c, SONDE_TCP_CHECKSUM, MIN_LEN, sum, c->layer->have_len);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_port(c, SONDE_SPACE_TCP);
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	const uint8_t *header = sonde_header(c);
	sonde_ports_question(q, c);
	if (l->cut)
		return;
	uint32_t flags = (uint32_t)sonde_get(header, SONDE_TCP_FLAGS);
	q->seq = (uint32_t)sonde_get(header, SONDE_TCP_SEQ);
	q->ack = (uint32_t)sonde_get(header, SONDE_TCP_ACK);
	q->seq_end = q->seq + (l->total_len - l->header_len) + !!(flags & SONDE_TCP_SYN) + !!(flags & SONDE_TCP_FIN);
	if (flags & SONDE_TCP_ACK_FLAG)
		q->kind = SONDE_ASKS_ACK;
	else if (flags & SONDE_TCP_SYN)
		q->kind = SONDE_ASKS_SYN;
	else if (!(flags & SONDE_TCP_RST))
		q->kind = SONDE_ASKS_FIN;
}

/* Some stacks answer a SYN with an RST whose ack is one too low (the sequence number itself): both are accepted. */
static bool resets(const struct sonde_question *q, const uint8_t *header, bool has_ack)
{
	uint32_t ack = (uint32_t)sonde_get(header, SONDE_TCP_ACK);
	if (!has_ack)
		return (uint32_t)sonde_get(header, SONDE_TCP_SEQ) == q->ack;
	return ack == q->seq_end || ack == q->seq;
}

/* RFC 9293, 3.10.7.3: an answer acknowledges our segment. */
static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (c->layer->cut || !sonde_ports_answer(q, c))
		return SONDE_SILENCE;
	uint32_t flags = (uint32_t)sonde_get(header, SONDE_TCP_FLAGS), ack = (uint32_t)sonde_get(header, SONDE_TCP_ACK);
	bool has_ack = flags & SONDE_TCP_ACK_FLAG;
	if (flags & SONDE_TCP_RST) {
		bool has_window = q->kind == SONDE_ASKS_WINDOW && sonde_get(header, SONDE_TCP_WIN);
		enum sonde_answer rst = has_window ? SONDE_ANSWER_RST_WINDOW : SONDE_ANSWER_RST;
		return resets(q, header, has_ack) ? rst : SONDE_SILENCE;
	}
	/* RFC 9293, 3.5: simultaneous open. */
	if (!has_ack)
		return flags & SONDE_TCP_SYN && q->kind == SONDE_ASKS_SYN ? SONDE_ANSWER_SYN : SONDE_SILENCE;
	/* Other segments of the connection acknowledge a part of what we sent. */
	if ((uint32_t)(ack - q->seq) > (uint32_t)(q->seq_end - q->seq))
		return SONDE_SILENCE;
	if (flags & SONDE_TCP_SYN)
		return ack == q->seq_end ? SONDE_ANSWER_SYN_ACK : SONDE_SILENCE;
	return SONDE_ANSWER_TCP;
}

static bool is_question(const struct sonde_question *q, const struct sonde_context *c)
{
	return sonde_ports_are_ours(q, c) && sonde_get(sonde_header(c), SONDE_TCP_SEQ) == q->seq;
}

static void say_number(const struct sonde_saying *s, const char *name, uint32_t v)
{
	sonde_text_str(s->t, name);
	sonde_text_uint(s->t, v);
}

/* Letters of the flags, as columns: most segments have one or two. */
static void say_flags(const struct sonde_saying *s, uint32_t flags)
{
	size_t start = s->t->len + strlen(" flags=");
	sonde_text_str(s->t, " flags=");
	for (const struct sonde_name *n = flag_letters; n->name; n++)
		if (flags & n->value)
			sonde_text_char(s->t, *n->name);
	while (s->t->len < start + 2)
		sonde_text_char(s->t, ' ');
}

/* RFC 7323, appendix A: what nearly every segment has. */
static bool are_timestamps(const struct sonde_saying *s)
{
	static const uint8_t head[] = { 1, 1, 8, 10 };
	return s->layer->header_len == MIN_LEN + 12 && memcmp(s->header + MIN_LEN, head, sizeof head) == 0;
}

/* The bytes of a segment are those from the first number up to, and without, the second. */
static void say(const struct sonde_saying *s)
{
	const uint8_t *header = s->header;
	uint32_t flags = (uint32_t)sonde_get(header, SONDE_TCP_FLAGS), urg = (uint32_t)sonde_get(header, SONDE_TCP_URG);
	uint32_t seq = (uint32_t)sonde_get(header, SONDE_TCP_SEQ), ack = (uint32_t)sonde_get(header, SONDE_TCP_ACK);
	say_flags(s, flags);
	say_number(s, " seq=", seq - s->seq_from);
	if (s->payload_len)
		say_number(s, ":", seq - s->seq_from + s->payload_len);
	if (flags & SONDE_TCP_ACK_FLAG)
		say_number(s, " ack=", ack - s->ack_from);
	else if (ack)
		say_number(s, " ack=", ack);
	say_number(s, " win=", (uint32_t)sonde_get(header, SONDE_TCP_WIN));
	sonde_say_length(s);
	if (urg || flags & SONDE_TCP_URG_FLAG)
		say_number(s, " urg=", urg);
	if (sonde_get(header, SONDE_TCP_RESERVED))
		sonde_say_field(s, SONDE_TCP_RESERVED);
	if (s->layer->header_len > MIN_LEN && (s->all || !are_timestamps(s)))
		sonde_say_field(s, SONDE_TCP_OPTIONS);
}

SONDE_COMPILE(sonde_tcp, fields, MIN_LEN)

const struct sonde_proto sonde_tcp = {
	.name = "tcp", .title = "Transmission Control Protocol", .source = "RFC 9293",
	.example = "ip dst=10.0.0.2 / tcp dport=80 flags=S options=mss:1460,sackok,ts:1:0,nop,wscale:7",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_IP, 6 } },
	.next = SONDE_TCP_DPORT, .next_space = SONDE_SPACE_TCP,
	.pseudo = true, .checksum_place = SONDE_TCP_CHECKSUM,
	.header_length = SONDE_TCP_OFFSET, .header_unit = 4,
	.measure = measure, .child = child, .finish = finish, .checksum = checksum,
	.question = question, .answer = answer, .is_question = is_question, .number = sonde_ports_number,
	.compiled = COMPILED,
	.say = say,
};

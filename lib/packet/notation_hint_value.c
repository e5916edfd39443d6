#include "base/addr.h"
#include "base/escape.h"
#include "packet/field.h"
#include "packet/notation_hint.h"
#include "proto/names.h"

/* --- Flags ------------------------------------------------------------------------------------------------------- */

const char *sonde_flag_letters(const char *s, size_t len)
{
	static const struct {
		const char *names, *letters;
	} flags[] = {
		{ "f fin", "F" }, { "s syn", "S" }, { "r rst reset", "R" }, { "p psh push", "P" },
		{ "a ack .", "A" }, { "u urg urgent", "U" }, { "e ece ecn", "E" }, { "c cwr w", "C" },
		{ "n ns ae", "N" }, { "none null", "0" }, { "xmas", "FPU" }, { "all", "FSRPAU" },
	};
	char name[8];
	if (len == 0 || len >= sizeof name)
		return NULL;
	for (size_t i = 0; i < len; i++)
		name[i] = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] | 0x20 : s[i]);
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (sonde_word_in(flags[i].names, name, len))
			return flags[i].letters;
	return NULL;
}

static bool is_joint(char c)
{
	return strchr("+|, &[]()\"'", c) != NULL;
}

/* The letters for flags that are joined in any way: syn+ack, S., SYN|ACK. Returns how many; 0: one is not a flag. */
static size_t letters_of(char out[static 12], const char *s, size_t len, const struct sonde_name *known)
{
	size_t n = 0;
	for (size_t i = 0, part; i < len; i += part ? part : 1) {
		part = s[i] == '.';
		while (s[i] != '.' && i + part < len && s[i + part] != '.' && !is_joint(s[i + part]))
			part++;
		const char *letter = part ? sonde_flag_letters(s + i, part) : "";
		if (!letter)
			return 0;
		for (uint32_t bit; *letter; letter++) {
			if (n == 11 || (*letter != '0' && !sonde_name_value(&bit, known, letter, 1)))
				return 0;
			if (!memchr(out, *letter, n))
				out[n++] = *letter;
		}
	}
	return n;
}

static void list_words(struct sonde_text *t, const struct sonde_name *names, const char *joint)
{
	const char *before = "";
	for (const struct sonde_name *n = names; n->name; n++, before = joint) {
		sonde_text_str(t, before);
		sonde_text_str(t, n->name);
	}
}

/* The first part of a flags value that is not a flag. */
static struct sonde_view bad_flag(const struct sonde_field *row, const char *s, size_t len)
{
	uint32_t bit;
	for (size_t i = 0, n; i < len; i += n + 1) {
		const char *plus = memchr(s + i, '+', len - i);
		n = plus ? (size_t)(plus - s) - i : len - i;
		if (row->kind == &sonde_kind_letters)
			n = 0;
		if (row->kind == &sonde_kind_letters ? !sonde_name_value(&bit, row->names, s + i, 1)
						     : !sonde_name_value(&bit, row->names, s + i, n))
			return sonde_view(s + i, n ? n : 1);
	}
	return sonde_view(s, len);
}

static bool hint_flags(struct sonde_error *e, const struct sonde_row_context *ctx, struct sonde_view bad,
		       struct sonde_view whole)
{
	char letters[12];
	const struct sonde_field *row = ctx->row;
	if (row->kind == &sonde_kind_letters) {
		size_t n = letters_of(letters, (const char *)whole.data, whole.len, row->names);
		if (n)
			sonde_hint(e, "write %s=%.*s", row->name, (int)n, letters);
		return n > 0;
	}
	struct sonde_nearest near = { .name = (const char *)bad.data, .len = bad.len };
	sonde_words_offer(&near, ctx);
	if (!near.best && memmem(bad.data, bad.len, "frag", 4))
		near.best = memmem(bad.data, bad.len, "more", 4) ? "MF" : "DF";
	if (near.best)
		sonde_hint(e, "did you mean '%s'? several are joined by +", near.best);
	return near.best != NULL;
}

/* --- Why --------------------------------------------------------------------------------------------------------- */

static unsigned count_words(const struct sonde_row_context *ctx);

void sonde_why_no_value(struct sonde_text *t, const struct sonde_proto *proto, const struct sonde_row_context *ctx,
			const char *s, size_t len)
{
	const struct sonde_field *row = ctx->row;
	const struct sonde_kind *kind = row->kind;
	unsigned width = SONDE_WIDTH(row->place);
	if (len == 0) {
		sonde_text_str(t, "a value expected");
	} else if (kind && kind->flags) {
		struct sonde_view bad = bad_flag(row, s, len);
		sonde_text_fmt(t, "no flag '%.*s': ", (int)(bad.len > 20 ? 20 : bad.len), (const char *)bad.data);
		list_words(t, row->names, kind == &sonde_kind_letters ? " " : ", ");
	} else if (row->names_by && count_words(ctx) == 0) {
		const struct sonde_field *by = proto ? &proto->fields[SONDE_ROW(row->names_by)] : NULL;
		sonde_text_str(t, "no name has been given to any value with ");
		sonde_text_str(t, by ? by->name : "this kind");
		sonde_text_char(t, '=');
		sonde_number_print(t, &(struct sonde_row_context){ .row = by ? by : row }, ctx->by);
		sonde_text_str(t, ": write a number");
	} else if (kind && kind != &sonde_kind_number && kind != &sonde_kind_hex && kind->expected) {
		sonde_text_str(t, kind->expected);
	} else if (width && width <= 32) {
		sonde_text_fmt(t, "not a number from 0 to %llu", (1ull << width) - 1);
	} else {
		sonde_text_str(t, "not a number");
	}
}

/* --- Hints ------------------------------------------------------------------------------------------------------- */

struct offer {
	const char *s;
	size_t len;
	const char *best;
	unsigned n;
};

/* Offer a word that contains the text as one of its parts: echo-request for request. */
static void offer_part(void *arg, const struct sonde_name *word)
{
	struct offer *o = arg;
	const char *at = word->name;
	o->n++;
	while (!o->best && *at) {
		size_t n = strcspn(at, "-");
		if (n == o->len && memcmp(at, o->s, n) == 0)
			o->best = word->name;
		at += n + (at[n] == '-');
	}
}

static unsigned count_words(const struct sonde_row_context *ctx)
{
	struct offer o = { .s = "", .best = "" };
	if (ctx->row->kind && ctx->row->kind->words)
		ctx->row->kind->words(ctx, offer_part, &o);
	return o.n;
}

/* Hint at the message type that a name belongs to. */
static bool hint_by(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_field *row,
		    const char *s, size_t len)
{
	const struct sonde_field *by = proto ? &proto->fields[SONDE_ROW(row->names_by)] : NULL;
	char text[40];
	struct sonde_text t = sonde_text(text, sizeof text);
	uint64_t v;
	for (unsigned i = 0; by && row->names_by && i < 256; i++) {
		if (!sonde_word_value(&v, &(struct sonde_row_context){ .row = row, .by = i }, s, len))
			continue;
		sonde_number_print(&t, &(struct sonde_row_context){ .row = by }, i);
		sonde_hint(e, "it goes with %s=%s", by->name, text);
		return true;
	}
	return false;
}

static bool hint_words(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_row_context *ctx,
		       const char *s, size_t len)
{
	if (hint_by(e, proto, ctx->row, s, len))
		return true;
	struct sonde_nearest near = { .name = s, .len = len };
	struct offer o = { .s = s, .len = len };
	sonde_words_offer(&near, ctx);
	ctx->row->kind->words(ctx, offer_part, &o);
	const char *slash = memchr(s, '/', len), *best = near.best ? near.best : o.best;
	if (slash && proto && sonde_field_in(proto, "code", 4))
		sonde_hint(e, "write %s=%.*s code=%.*s", ctx->row->name, (int)(slash - s), s,
			   (int)(s + len - slash - 1), slash + 1);
	else if (best)
		sonde_hint(e, "did you mean '%s'?", best);
	else if (o.n && proto)
		sonde_hint(e, "sonde help fields %s.%s lists the names", proto->name, ctx->row->name);
	else
		return false;
	return true;
}

static size_t digits_at(const char *s, size_t len)
{
	size_t n = 0;
	while (n < len && s[n] >= '0' && s[n] <= '9')
		n++;
	return n;
}

/* Hint at the notation for ranges and sets that are written as in other tools: 1..30, 1:30, 22;80. */
static bool hint_set(struct sonde_error *e, const char *name, const char *s, size_t len)
{
	size_t first = digits_at(s, len), joint = first;
	while (joint < len && strchr(".:;|", s[joint]))
		joint++;
	size_t second = digits_at(s + joint, len - joint);
	if (!first || joint == first || !second || joint + second != len)
		return false;
	bool set = s[first] == ';' || s[first] == '|';
	sonde_hint(e, "a %s is %s=%.*s%c%.*s", set ? "set" : "range", name, (int)first, s, set ? ',' : '-', (int)second,
		   s + joint);
	return true;
}

static bool is_any(const char *s, size_t len)
{
	return (len == 1 && *s == '*') || sonde_word_in("any all ANY", s, len);
}

static bool hint_number(struct sonde_error *e, const struct sonde_field *row, const char *s, size_t len)
{
	static const char random[] = "random";
	unsigned width = SONDE_WIDTH(row->place);
	if (len && *s == '!')
		sonde_hint(e, "any other value is %s!=%.*s, in patterns", row->name, (int)(len - 1), s + 1);
	else if (len && *s == '=')
		sonde_hint(e, "write %s=%.*s", row->name, (int)(len - 1), s + 1);
	else if (is_any(s, len) && width <= 32)
		sonde_hint(e, "all values are %s=0-%llu, one of them %s=random", row->name, (1ull << width) - 1,
			   row->name);
	else if (len > sizeof random - 1 && memcmp(s, random, sizeof random - 1) == 0)
		sonde_hint(e, "write %s=random or %s=random:1-30", row->name, row->name);
	else
		return hint_set(e, row->name, s, len);
	return true;
}

static bool hint_addr(struct sonde_error *e, const struct sonde_field *row, const char *s, size_t len,
		      struct sonde_view whole)
{
	bool v4 = row->kind->family == SONDE_IP4;
	const char *colon = memchr(s, ':', len);
	if (len && *s == '[')
		sonde_hint(e, "without brackets");
	else if (memchr(s, '*', len))
		sonde_hint(e, "all of a network are %s=10.0.0.0/24, some %s=10.0.0.1-10.0.0.9", row->name, row->name);
	else if (v4 && colon && memchr(s, '.', (size_t)(colon - s)))
		sonde_hint(e, "a port is a field of tcp or udp: %s=%.*s / tcp dport=%.*s", row->name, (int)(colon - s),
			   s, (int)(s + len - colon - 1), colon + 1);
	else if (digits_at(s, len) == len && whole.len > len && memchr(whole.data, '-', whole.len))
		sonde_hint(e, "a range has two whole addresses: 10.0.0.1-10.0.0.20");
	else if (v4)
		sonde_hint(e, "four numbers from 0 to 255, such as 10.0.0.2");
	else
		sonde_hint(e, "such as 2001:db8::2");
	return true;
}

/* Hint at the notation of a MAC address that is written without colons, or with dots. */
static bool hint_mac(struct sonde_error *e, const struct sonde_field *row, const char *s, size_t len)
{
	uint8_t room[SONDE_MAC_LEN];
	char digits[2 * SONDE_MAC_LEN], text[SONDE_MAC_STRLEN];
	struct sonde_buf b = { room, 0, sizeof room };
	size_t n = 0;
	if (sonde_word_in("broadcast bcast", s, len)) {
		sonde_hint(e, "write %s=ff:ff:ff:ff:ff:ff", row->name);
		return true;
	}
	for (size_t i = 0; i < len && n <= sizeof digits; i++)
		if (!strchr(".:-", s[i]) && n++ < sizeof digits)
			digits[n - 1] = s[i];
	if (n != sizeof digits || sonde_hex_parse(&b, digits, n))
		return false;
	sonde_hint(e, "write %s=%s", row->name, sonde_mac_format(text, room));
	return true;
}

bool sonde_hint_value(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_row_context *ctx,
		      const char *s, size_t len, struct sonde_view whole)
{
	const struct sonde_field *row = ctx->row;
	const struct sonde_kind *kind = row->kind;
	bool sum = proto && SONDE_WIDTH(proto->checksum_place) && row->place == proto->checksum_place;
	if (kind && kind->flags)
		return hint_flags(e, ctx, bad_flag(row, s, len), whole);
	if (kind && kind->family)
		return hint_addr(e, row, s, len, whole);
	if (row->shape == SONDE_SCALAR && hint_number(e, row, s, len))
		return true;
	if (sum)
		sonde_hint(e, "left out it is right; 0xdead is wrong%s%s", proto->zero_is_absent ? ", 0 is none" : "",
			   proto->pseudo ? ", partial is what offload leaves" : "");
	else if (kind == &sonde_kind_mac)
		return hint_mac(e, row, s, len);
	else if (kind && kind->words && len)
		return hint_words(e, proto, ctx, s, len);
	else if (kind && kind->expected && strcmp(kind->expected, SONDE_NO_ESCAPE) == 0)
		sonde_hint(e, "%s", SONDE_ESCAPE_HINT);
	else
		return false;
	return true;
}

/* Reading the state that an earlier run left. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/clock.h"
#include "tools/common/files.h"
#include "tools/common/json_read.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/probe/state.h"

#define MOST_RUN (1u << 20)

enum line_type { LINE_OTHER, LINE_STATE, LINE_PROGRESS, LINE_RULE, LINE_ANSWERS, LINE_ERROR, LINE_DOWN, LINE_END };

/* All that lines have, of whatever type: which one is known when the line is over. */
struct line {
	enum line_type type;
	uint64_t version, seed, belongs_to, place, host, row, icmp_type, icmp_code, took_ns;
	struct sonde_view letter, rule, found, times, ttls, hosts;
	struct sonde_addr from;
	struct sonde_scan_progress progress;
};

struct reading {
	struct state *s;
	unsigned rules[UINT8_MAX + 1]; /* of each letter: 1 + index; 0: none */
	struct sonde_scan_progress progress;
	bool has_head, has_progress, has_end;
};

static enum line_type type_of(struct sonde_view v)
{
	static const char *const names[] = { "", "state", "progress", "rule", "answers", "error", "down", "end" };
	for (unsigned i = 1; i < sizeof names / sizeof *names; i++)
		if (json_is(v, names[i]))
			return (enum line_type)i;
	return LINE_OTHER;
}

static bool read_field(struct line *l, const struct json_field *f)
{
	const struct {
		const char *key;
		struct sonde_view *to;
	} texts[] = { { "letter", &l->letter }, { "rule", &l->rule }, { "found", &l->found },
		      { "times", &l->times },   { "ttls", &l->ttls }, { "hosts", &l->hosts } };
	const struct {
		const char *key;
		uint64_t *to;
	} values[] = { { "version", &l->version }, { "seed", &l->seed },           { "belongs_to", &l->belongs_to },
		       { "place", &l->place },     { "host", &l->host },           { "row", &l->row },
		       { "icmp_type", &l->icmp_type }, { "icmp_code", &l->icmp_code },
		       { "took_ns", &l->took_ns } };
	uint64_t v;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (json_is(f->key, texts[i].key))
			*texts[i].to = f->value;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		if (json_is(f->key, values[i].key))
			return json_read_uint(values[i].to, f);
	for (const struct state_number *n = state_numbers; n->key; n++) {
		if (!json_is(f->key, n->key))
			continue;
		memcpy((char *)&l->progress + n->at, &v, json_read_uint(&v, f) ? sizeof v : 0);
	}
	if (json_is(f->key, "type"))
		l->type = type_of(f->value);
	if (json_is(f->key, "from"))
		return sonde_addr_parse(&l->from, NULL, (const char *)f->value.data, f->value.len) == 0;
	return true;
}

static bool read_line(struct line *l, const char *text)
{
	struct json_reader r;
	struct json_field f;
	int got;
	*l = (struct line){ .type = LINE_OTHER };
	if (!json_read_begin(&r, text, strlen(text)))
		return false;
	while ((got = json_read_field(&r, &f)) > 0)
		if (!read_field(l, &f))
			return false;
	return got == 0;
}

/* --- What the lines say ------------------------------------------------------------------------------------------ */

/* A run of equal letters: 1023a. Returns false at the end, or when it is none. */
static bool next_run(struct sonde_view *v, uint64_t *n, char *letter)
{
	size_t digits = 0;
	while (digits < v->len && v->data[digits] >= '0' && v->data[digits] <= '9')
		digits++;
	*n = 1;
	if (digits == v->len || (digits && sonde_uint_parse(n, (const char *)v->data, digits)) || *n > MOST_RUN)
		return false;
	*letter = (char)v->data[digits];
	*v = sonde_view(v->data + digits + 1, v->len - digits - 1);
	return true;
}

/* The next byte of hexadecimal digits; 0 where there is none. */
static uint8_t next_byte(struct sonde_view *v)
{
	uint8_t byte = 0;
	for (unsigned i = 0; i < 2 && v->len; i++) {
		unsigned c = v->data[0];
		byte = (uint8_t)(byte << 4 | (c <= '9' ? c - '0' : c - 'a' + 10));
		*v = sonde_view(v->data + 1, v->len - 1);
	}
	return byte;
}

static bool take_rule(struct reading *r, const struct line *l)
{
	enum sonde_question_kind kind;
	enum sonde_answer answer;
	bool from_target;
	const struct sonde_rule *rule =
		l->row < UINT8_MAX ? sonde_rule_at((unsigned)l->row, &kind, &answer, &from_target) : NULL;
	if (!rule || l->letter.len != 1 || !json_is(l->rule, rule->name))
		return false;
	r->rules[l->letter.data[0]] = (unsigned)l->row + 1;
	return true;
}

static bool take_answers(struct reading *r, struct line *l)
{
	struct sonde_scan *scan = r->s->scan;
	uint64_t n, place = l->place;
	char letter;
	while (l->found.len) {
		if (!next_run(&l->found, &n, &letter) || place > scan->n || n > scan->n - place)
			return false;
		struct sonde_scan_known known = { .rule = r->rules[(unsigned char)letter], .is_unsent = letter == '!' };
		if (!known.rule && letter != '.' && letter != '!')
			return false;
		for (; n; n--, place++) {
			if (known.rule) {
				known.time = (uint16_t)(next_byte(&l->times) << 8);
				known.time |= next_byte(&l->times);
				known.ttl = next_byte(&l->ttls);
			}
			if (!sonde_scan_put(scan, place, &known))
				return false;
		}
	}
	return true;
}

/* Errors stand before the answers that they belong to, which come behind them. */
static bool take_error(struct reading *r, const struct line *l)
{
	struct sonde_scan_error error = { .from = l->from };
	if (l->place >= r->s->scan->n || l->icmp_type > UINT8_MAX || l->icmp_code > UINT8_MAX)
		return false;
	error.icmp_type = (uint8_t)l->icmp_type;
	error.icmp_code = (uint8_t)l->icmp_code;
	sonde_scan_put_error(r->s->scan, l->place, &error);
	return true;
}

static bool take_down(struct reading *r, struct line *l)
{
	uint64_t n, host = l->host, all = r->s->scan->o.hosts.n;
	char letter;
	while (l->hosts.len) {
		if (!next_run(&l->hosts, &n, &letter) || host > all || n > all - host)
			return false;
		for (; n; n--, host++) {
			if (letter == 'D')
				sonde_scan_put_down(r->s->scan, host);
			if (letter == 'L')
				sonde_scan_put_linked(r->s->scan, host);
		}
	}
	return true;
}

static int damaged(const struct state *s, uint64_t number)
{
	message("--resume: %s:%llu: not a line that sonde probe --resume wrote", s->file.name,
		(unsigned long long)number);
	return STATUS_USAGE;
}

static int take_head(struct reading *r, const struct line *l, uint64_t *seed, bool has_seed)
{
	struct state *s = r->s;
	if (l->version != 1) {
		message("--resume: %s is of version %llu, which this sonde does not know", s->file.name,
			(unsigned long long)l->version);
		return STATUS_USAGE;
	}
	if (has_seed && l->seed != *seed) {
		message("--resume: %s belongs to --seed %llu", s->file.name, (unsigned long long)l->seed);
		return STATUS_USAGE;
	}
	*seed = l->seed;
	r->has_head = true;
	return 0;
}

static int check_owner(const struct reading *r, const struct line *l)
{
	if (l->belongs_to == state_digest(&r->s->scan->o))
		return 0;
	message("--resume: %s belongs to other targets, ports or another shard: see args in its first line",
		r->s->file.name);
	return STATUS_USAGE;
}

static bool take_progress(struct reading *r, const struct line *l)
{
	if (l->took_ns > INT64_MAX / 2)
		return false;
	r->progress = l->progress;
	r->s->past_took_ns = (sonde_time)l->took_ns;
	return r->has_progress = true;
}

static bool take(struct reading *r, struct line *l)
{
	if (!r->has_head)
		return false;
	switch (l->type) {
	case LINE_PROGRESS: return take_progress(r, l);
	case LINE_RULE: return take_rule(r, l);
	case LINE_ANSWERS: return take_answers(r, l);
	case LINE_ERROR: return take_error(r, l);
	case LINE_DOWN: return take_down(r, l);
	case LINE_END: return r->has_end = true;
	default: return false;
	}
}

/* All lines. Returns 0 or an exit status after a message. */
static int read_lines(struct reading *r, uint64_t *seed, bool has_seed, int (*init)(void *arg), void *arg)
{
	struct files_lines lines = { .in = r->s->file.in };
	struct line l;
	int status = 0, got = 0;
	for (uint64_t number = 1; !status && (got = files_next_line(&lines)) > 0; number++) {
		if (!read_line(&l, lines.line) || r->has_end) {
			status = damaged(r->s, number);
		} else if (l.type == LINE_STATE && !r->has_head) {
			status = take_head(r, &l, seed, has_seed);
			if (!status)
				status = init(arg);
			if (!status)
				status = check_owner(r, &l);
		} else if (!take(r, &l)) {
			status = damaged(r->s, number);
		}
	}
	files_lines_end(&lines);
	if (got < 0) {
		message_code(got, "cannot read %s", r->s->file.name);
		return STATUS_SYSTEM;
	}
	return status;
}

int state_read(struct state *s, uint64_t *seed, bool has_seed, int (*init)(void *arg), void *arg)
{
	struct reading r = { .s = s };
	int status = read_lines(&r, seed, has_seed, init, arg);
	if (status)
		return status;
	if (r.has_end && r.has_progress && sonde_scan_resume(s->scan, &r.progress, sonde_clock_monotonic()))
		return 0;
	message("--resume: %s is damaged: its end is missing, or lines contradict each other", s->file.name);
	return STATUS_USAGE;
}

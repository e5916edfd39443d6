/* Writing the state of a run. */
#include "tools/probe/state.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "io/clock.h"
#include "tools/common/files.h"

#define LINE_PLACES 1024                /* of one line */
#define PART_PLACES (16 * LINE_PLACES)  /* of one part */
#define LINE_HOSTS  2048
#define RUN_TEXT    16                  /* bytes of a run's length and letter */

#define NUMBER(key, field) { key, offsetof(struct sonde_scan_progress, field) }
const struct state_number state_numbers[] = {
	NUMBER("pass", pass),
	NUMBER("next", next),
	NUMBER("pass_sent", pass_sent),
	NUMBER("passes", passes),
	NUMBER("is_done", is_done),
	NUMBER("rate_pps", rate_pps),
	NUMBER("sampled", sampled),
	NUMBER("sampled_lost", sampled_lost),
	NUMBER("mean_ns", mean_ns),
	NUMBER("spread_ns", spread_ns),
	NUMBER("sent", counts.sent),
	NUMBER("retransmitted", counts.retransmitted),
	NUMBER("send_errors", counts.send_errors),
	NUMBER("late", counts.late),
	NUMBER("revised", counts.revised),
	NUMBER("duplicates", counts.duplicates),
	NUMBER("rejected", counts.rejected),
	NUMBER("wrong_checksum", counts.wrong_checksum),
	NUMBER("kernel_resets", counts.resets),
	NUMBER("rx_dropped", counts.rx_dropped),
	NUMBER("down", counts.down),
	{ 0 },
};

/* --- What it belongs to ------------------------------------------------------------------------------------------ */

static void mix(uint64_t *digest, uint64_t number)
{
	const struct sonde_key key = { *digest, number };
	*digest = sonde_siphash(key, sonde_view("", 0));
}

uint64_t state_digest(const struct sonde_scan_options *o)
{
	uint64_t digest = 0;
	mix(&digest, o->shard);
	mix(&digest, o->n_shards);
	mix(&digest, o->ttl);
	if (o->overlay)
		mix(&digest, o->overlay);
	for (uint32_t i = 0; i < o->n_ports; i++)
		mix(&digest, (uint64_t)o->ports[i].kind << 16 | o->ports[i].port);
	for (uint32_t i = 0; i < o->hosts.n_spans; i++) {
		const struct sonde_span *s = &o->hosts.spans[i];
		mix(&digest, sonde_get_be64(s->first.bytes));
		mix(&digest, sonde_get_be64(s->first.bytes + 8));
		mix(&digest, (uint64_t)s->first.scope << 8 | s->first.family);
		mix(&digest, s->n);
	}
	return digest;
}

/* --- Lines ------------------------------------------------------------------------------------------------------- */

static void begin_line(struct json *j, const char *type)
{
	json_begin(j);
	json_str(j, "cmd", "probe");
	json_str(j, "type", type);
}

static void write_head(struct state *s)
{
	const struct sonde_scan_options *eo = &s->scan->o;
	struct json *j = &s->json;
	char number[24];
	begin_line(j, "state");
	json_uint(j, "version", 1);
	json_array(j, "args");
	for (char **arg = s->argv; *arg; arg++)
		json_str(j, NULL, *arg);
	json_array_end(j);
	/* As strings, whatever their size. */
	snprintf(number, sizeof number, "%llu", (unsigned long long)eo->seed);
	json_str(j, "seed", number);
	snprintf(number, sizeof number, "%llu", (unsigned long long)state_digest(eo));
	json_str(j, "belongs_to", number);
	json_uint(j, "shard", eo->shard + 1);
	json_uint(j, "shards", eo->n_shards ? eo->n_shards : 1);
	json_uint(j, "places", s->scan->n);
	json_end(j);
}

static void write_progress(struct state *s)
{
	struct sonde_scan_progress p;
	struct json *j = &s->json;
	sonde_scan_progress(&p, s->scan);
	begin_line(j, "progress");
	for (const struct state_number *n = state_numbers; n->key; n++) {
		uint64_t v;
		memcpy(&v, (const char *)&p + n->at, sizeof v);
		json_uint(j, n->key, v);
	}
	json_uint(j, "took_ns", (uint64_t)(s->past_took_ns + sonde_clock_monotonic() - s->began_at));
	json_end(j);
}

/* A letter for a rule, told in a line of its own the first time. A run with more rules than letters leaves places to be
 * asked again. */
static char letter_of(struct state *s, const struct sonde_scan_known *known)
{
	enum sonde_question_kind kind;
	enum sonde_answer answer;
	bool from_target;
	unsigned char *letter = &s->letters[known->rule];
	if (!known->rule)
		return known->is_unsent ? '!' : '.';
	if (*letter || s->n_letters == STATE_LETTERS)
		return (char)(*letter ? *letter : '.');
	unsigned n = s->n_letters++;
	*letter = (unsigned char)(n < 26 ? 'a' + n : 'A' + n - 26);
	const char name[] = { (char)*letter, '\0' };
	begin_line(&s->json, "rule");
	json_str(&s->json, "letter", name);
	json_str(&s->json, "rule", sonde_rule_at(known->rule - 1, &kind, &answer, &from_target)->name);
	json_uint(&s->json, "row", known->rule - 1);
	json_end(&s->json);
	return (char)*letter;
}

static void write_error(struct state *s, uint64_t place, const struct sonde_scan_error *error)
{
	char text[SONDE_ADDR_STRLEN];
	struct json *j = &s->json;
	begin_line(j, "error");
	json_uint(j, "place", place);
	if (error->from.family)
		json_str(j, "from", sonde_addr_format(text, &error->from));
	json_uint(j, "icmp_type", error->icmp_type);
	json_uint(j, "icmp_code", error->icmp_code);
	json_end(j);
}

/* Letters of which the same ones often follow each other (1023a.), and no more characters than these: the last run is
 * open until it is ended. */
struct runs {
	char text[LINE_HOSTS + RUN_TEXT];
	size_t len;
	char letter;
	unsigned n;
	bool any; /* letter but '.' */
};

static void end_run(struct runs *r)
{
	if (r->n > 1)
		r->len += (size_t)snprintf(r->text + r->len, RUN_TEXT, "%u", r->n);
	if (r->n)
		r->text[r->len++] = r->letter;
	r->text[r->len] = '\0';
	r->n = 0;
}

static void add_letter(struct runs *r, char letter)
{
	if (letter != r->letter)
		end_run(r);
	r->letter = letter;
	r->any |= letter != '.';
	r->n++;
}

/* Places from s->place on. Round trips and TTLs stand for those that answered, in their order. */
static void write_places(struct state *s, uint64_t n)
{
	struct runs r = { .len = 0 };
	uint8_t times[2 * LINE_PLACES], ttls[LINE_PLACES];
	struct sonde_scan_known known;
	struct sonde_scan_error error;
	size_t n_answers = 0;
	for (uint64_t i = 0; i < n; i++) {
		sonde_scan_known(&known, s->scan, s->place + i);
		char letter = letter_of(s, &known);
		add_letter(&r, letter);
		if (letter == '.' || letter == '!')
			continue;
		sonde_put_be16(times + 2 * n_answers, known.time);
		ttls[n_answers++] = known.ttl;
		if (sonde_scan_error(&error, s->scan, s->place + i))
			write_error(s, s->place + i, &error);
	}
	end_run(&r);
	if (r.any) {
		begin_line(&s->json, "answers");
		json_uint(&s->json, "place", s->place);
		json_str(&s->json, "found", r.text);
		json_hex(&s->json, "times", sonde_view(times, 2 * n_answers));
		if (s->scan->ttls)
			json_hex(&s->json, "ttls", sonde_view(ttls, n_answers));
		json_end(&s->json);
	}
	s->place += n;
}

static void write_hosts(struct state *s, uint64_t n)
{
	struct runs r = { .len = 0 };
	for (uint64_t i = 0; i < n; i++)
		add_letter(&r, sonde_scan_is_down(s->scan, s->host + i)     ? 'D'
			       : sonde_scan_is_linked(s->scan, s->host + i) ? 'L'
									    : '.');
	end_run(&r);
	if (r.any) {
		begin_line(&s->json, "down");
		json_uint(&s->json, "host", s->host);
		json_str(&s->json, "hosts", r.text);
		json_end(&s->json);
	}
	s->host += n;
}

/* --- Parts ------------------------------------------------------------------------------------------------------- */

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static int begin_file(struct state *s)
{
	int rc = state_file_begin(&s->fd, &s->file);
	if (rc)
		return rc;
	s->place = s->host = 0;
	s->n_letters = 0;
	memset(s->letters, 0, sizeof s->letters);
	json_open(&s->json, NULL);
	write_head(s);
	write_progress(s);
	return 0;
}

static void write_some(struct state *s)
{
	uint64_t places = s->scan->n, hosts = s->scan->o.hosts.n;
	uint64_t until = least(s->place + PART_PLACES, places);
	while (s->place < until)
		write_places(s, least(LINE_PLACES, until - s->place));
	until = s->place == places ? least(s->host + PART_PLACES * 8, hosts) : s->host;
	while (s->host < until)
		write_hosts(s, least(LINE_HOSTS, until - s->host));
	if (s->place < places || s->host < hosts)
		return;
	begin_line(&s->json, "end");
	json_end(&s->json);
}

static int end_file(struct state *s, int rc)
{
	json_close(&s->json);
	if (close(s->fd) < 0 && !rc)
		rc = -errno;
	s->fd = -1;
	return rc ? rc : state_file_replace(&s->file);
}

int state_write_part(struct state *s)
{
	sonde_time began_at = sonde_clock_monotonic();
	int rc = s->fd < 0 ? begin_file(s) : 0;
	if (rc)
		return rc;
	write_some(s);
	rc = files_write(s->fd, s->json.data, s->json.len);
	s->json.len = 0;
	bool is_over = rc || (s->place == s->scan->n && s->host == s->scan->o.hosts.n);
	if (is_over)
		rc = end_file(s, rc);
	s->busy_ns += sonde_clock_monotonic() - began_at;
	return is_over ? rc : 1;
}

int state_write(struct state *s)
{
	int rc;
	/* What is known now is to be in it, and not what was when a half-written one began. */
	if (s->fd >= 0) {
		json_close(&s->json);
		close(s->fd);
		s->fd = -1;
	}
	while ((rc = state_write_part(s)) == 1)
		;
	return rc;
}

void state_close(struct state *s)
{
	if (s->fd >= 0) {
		json_close(&s->json);
		close(s->fd);
	}
	s->fd = -1;
	state_file_close(&s->file);
}

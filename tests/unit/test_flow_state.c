/* The open state of a table of flows: a capture that is cut at any places gives the flows of the whole, and a state
 * that is damaged, cut or made up does no harm. */
#include "flow/state.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "tests/unit/mutate.h"
#include "tests/unit/wire.h"
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"

#define FRAMES     1500
#define FIRST_TIME (1000 * SONDE_S)
#define MOST_STATE (1 << 21)

static const struct flows_options no_options;
#define LINE       8192

struct frame {
	uint8_t bytes[512];
	uint32_t len;
	sonde_time time;
};

static struct frame frames[FRAMES];

/* --- A capture of everything that a flow may be ------------------------------------------------------------------- */

static unsigned below(uint64_t *random, unsigned n)
{
	return (unsigned)(unit_random(random) % n);
}

static void write_tcp(char *text, size_t room, uint64_t *random)
{
	static const char *const flags[] = { "S", "SA", "A", "PA", "A", "PA", "A", "FA", "R" };
	static const char *const options[] = { "", "", "options=mss:1460,sackok,nop,wscale:7",
					       "options=nop,nop,sack:111-121" };
	unsigned host = below(random, 6), back = below(random, 2), len = below(random, 3) * 10;
	snprintf(text, room, "ip id=%u src=10.0.0.%u dst=10.0.0.%u / tcp sport=%u dport=%u flags=%s seq=%u ack=%u "
		 "win=%u %s%s%.*s", below(random, 50), back ? 99 : host, back ? host : 99, back ? 80 : 4000 + host,
		 back ? 4000 + host : 80, flags[below(random, 9)], 100 + below(random, 12) * 10,
		 100 + below(random, 12) * 10, below(random, 4) * 100, options[below(random, 4)],
		 len ? " / text:" : "", (int)len, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void write_other(char *text, size_t room, uint64_t *random)
{
	unsigned host = below(random, 4), back = below(random, 2);
	switch (below(random, 7)) {
	case 0:
		snprintf(text, room, "ip src=10.0.0.%u dst=10.0.0.99 / udp sport=5000 dport=53 / dns qname=h%u.com",
			 host, host);
		break;
	case 1: snprintf(text, room, "ip src=10.0.0.%u dst=10.0.0.99 / icmp type=echo id=%u", host, host); break;
	case 2:
		snprintf(text, room, "ip src=10.0.0.99 dst=10.0.0.%u / icmp type=unreach code=port / ip src=10.0.0.%u "
			 "dst=10.0.0.99 / udp sport=5000 dport=53", host, host);
		break;
	case 3:
		snprintf(text, room, "ip src=10.0.0.%u dst=10.0.0.99 id=%u offset=2 proto=17 / text:abcdefgh", host,
			 below(random, 3));
		break;
	case 4:
		snprintf(text, room, "ip src=10.0.0.%u dst=10.0.0.99 id=%u flags=MF / udp sport=%u dport=9 length=40 "
			 "checksum=0 / text:abcdefgh", host, below(random, 3), 6000 + host);
		break;
	case 5:
		snprintf(text, room, "ip src=1.1.1.%u dst=1.1.1.%u / udp sport=999 / vxlan vni=%u / ether / ip "
			 "src=10.0.0.%u dst=10.0.0.%u / udp sport=%u dport=%u", back ? 2 : 1, back ? 1 : 2, host,
			 back ? 2 : 1, back ? 1 : 2, back ? 2 : 1, back ? 1 : 2);
		break;
	default:
		snprintf(text, room, "ip6 src=2001:db8::%u dst=2001:db8::99 / udp sport=7 dport=%u / text:abc", host,
			 1000 + back);
	}
}

static void make_frames(uint64_t seed)
{
	uint64_t random = seed;
	sonde_time time = FIRST_TIME;
	for (unsigned i = 0; i < FRAMES; i++) {
		struct sonde_packet p;
		uint8_t bytes[WIRE_MAX];
		char text[1024];
		if (below(&random, 3))
			write_tcp(text, sizeof text, &random);
		else
			write_other(text, sizeof text, &random);
		wire_build(&p, bytes, text);
		assert_true(p.len <= sizeof frames[i].bytes);
		memcpy(frames[i].bytes, bytes, p.len);
		frames[i].len = p.len;
		/* At times nothing happens for minutes, and some frames come out of order. */
		time += below(&random, 60) ? (sonde_time)below(&random, 400) * SONDE_MS
					   : (sonde_time)below(&random, 500) * SONDE_S;
		frames[i].time = time - (below(&random, 20) ? 0 : (sonde_time)below(&random, 100) * SONDE_S);
	}
}

static void add_frames(struct sonde_flows *t, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		const struct sonde_flows_frame frame = { frames[i].time, sonde_view(frames[i].bytes, frames[i].len),
							 frames[i].len, SONDE_LINK_RAW, i + 1 };
		assert_int_equal(sonde_flows_add(t, &frame, 1), 0);
	}
}

/* --- Flows as lines ----------------------------------------------------------------------------------------------- */

struct lines {
	char *all[FRAMES];
	size_t n;
};

static size_t write_stalls(char *out, size_t room, const struct sonde_flow_stalls *s)
{
	size_t len = 0;
	for (unsigned i = 0; s && i < SONDE_STALLS; i++)
		len += (size_t)snprintf(out + len, room - len, "|%u %u-%u %lld", s->longest[i].cause,
					(unsigned)s->longest[i].frame_before, (unsigned)s->longest[i].frame,
					(long long)s->longest[i].duration);
	return len;
}

/* Take the flows that ended out of the table. */
static void take_ended(struct lines *lines, struct sonde_flows *t)
{
	const struct sonde_flow *f;
	while ((f = sonde_flows_next_ended(t))) {
		struct flow_row row;
		char line[LINE], value[COLUMN_STRLEN];
		size_t len = 0;
		flow_row_of(&row, &no_options, t, f);
		for (const struct column *c = columns; c->name; c++)
			len += (size_t)snprintf(line + len, sizeof line - len, "%s=%s,", c->name,
						column_format(value, c, &row));
		write_stalls(line + len, sizeof line - len, row.r.stalls);
		assert_true(lines->n < FRAMES);
		lines->all[lines->n++] = strdup(line);
		sonde_flows_drop_first(t);
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_lines(struct lines *l)
{
	qsort(l->all, l->n, sizeof *l->all, by_text);
}

static void free_lines(struct lines *l)
{
	while (l->n)
		free(l->all[--l->n]);
}

/* --- States in memory --------------------------------------------------------------------------------------------- */

struct memory {
	uint8_t bytes[MOST_STATE];
	size_t at, len;
};

static int put(void *arg, uint8_t *bytes, size_t len)
{
	struct memory *m = arg;
	assert_true(len <= sizeof m->bytes - m->len);
	memcpy(m->bytes + m->len, bytes, len);
	m->len += len;
	return 0;
}

static int get(void *arg, uint8_t *bytes, size_t len)
{
	struct memory *m = arg;
	if (len > m->len - m->at)
		return SONDE_E_TRUNCATED;
	memcpy(bytes, m->bytes + m->at, len);
	m->at += len;
	return 0;
}

static struct sonde_flows *new_table(uint64_t seed, uint64_t most_bytes)
{
	struct sonde_flows *t;
	const struct sonde_flows_options o = { .secret = sonde_key_from_seed(seed), .finds_stalls = true,
					       .finds_services = true, .most_bytes = most_bytes };
	assert_int_equal(sonde_flows_new(&t, &o), 0);
	return t;
}

static void save(struct memory *m, struct sonde_flows *t)
{
	static struct sonde_saved s;
	m->len = m->at = 0;
	sonde_saved_begin_save(&s, put, m);
	sonde_flows_state(&s, t);
	assert_int_equal(sonde_saved_end(&s), 0);
}

static int load(struct sonde_flows *t, struct memory *m)
{
	static struct sonde_saved s;
	m->at = 0;
	sonde_saved_begin_load(&s, get, m);
	sonde_flows_state(&s, t);
	return sonde_saved_end(&s);
}

static struct memory memory, copy;

/* --- Tests -------------------------------------------------------------------------------------------------------- */

static void run_whole(struct lines *lines)
{
	struct sonde_flows *t = new_table(1, 0);
	add_frames(t, 0, FRAMES);
	assert_int_equal(sonde_flows_end_all(t), 0);
	take_ended(lines, t);
	sonde_flows_free(t);
	sort_lines(lines);
}

static void run_pieces(struct lines *lines, uint64_t *random)
{
	unsigned n_pieces = 2 + below(random, 4), from = 0;
	for (unsigned i = 0; i < n_pieces; i++) {
		unsigned to = i + 1 == n_pieces ? FRAMES : from + below(random, FRAMES - from + 1);
		struct sonde_flows *t = new_table(unit_random(random), 0);
		if (i)
			assert_int_equal(load(t, &memory), 0);
		add_frames(t, from, to);
		if (i + 1 < n_pieces)
			assert_int_equal(sonde_flows_end_silent(t, 200 * SONDE_S), 0);
		else
			assert_int_equal(sonde_flows_end_all(t), 0);
		take_ended(lines, t);
		if (i + 1 < n_pieces)
			save(&memory, t);
		sonde_flows_free(t);
		from = to;
	}
	sort_lines(lines);
}

static void pieces_are_the_whole(void **state)
{
	uint64_t random = 7;
	(void)state;
	for (unsigned round = 0; round < 40; round++) {
		static struct lines whole, pieces;
		make_frames(round);
		run_whole(&whole);
		run_pieces(&pieces, &random);
		assert_int_equal(pieces.n, whole.n);
		for (size_t i = 0; i < whole.n; i++)
			assert_string_equal(pieces.all[i], whole.all[i]);
		free_lines(&whole);
		free_lines(&pieces);
	}
}

static void save_one(void)
{
	struct sonde_flows *t = new_table(3, 0);
	make_frames(5);
	add_frames(t, 0, FRAMES);
	save(&memory, t);
	sonde_flows_free(t);
}

static int load_alone(struct memory *m)
{
	struct sonde_flows *t = new_table(4, 0);
	int err = load(t, m);
	sonde_flows_free(t);
	return err;
}

static void cut_ones_are_refused(void **state)
{
	(void)state;
	save_one();
	copy = memory;
	for (copy.len = 0; copy.len < memory.len; copy.len += copy.len < 300 ? 1 : 97)
		assert_true(load_alone(&copy) != 0);
	copy.len = memory.len;
	assert_int_equal(load_alone(&copy), 0);
}

static void damaged_ones_are_refused(void **state)
{
	uint64_t random = 1;
	(void)state;
	save_one();
	for (unsigned i = 0; i < 2000; i++) {
		copy = memory;
		copy.bytes[i < 100 ? i : unit_random(&random) % copy.len] ^= (uint8_t)(1u << below(&random, 8));
		assert_true(load_alone(&copy) != 0);
	}
}

/* Make all checksums right. */
static void sign(struct memory *m)
{
	uint64_t n = 0;
	for (size_t at = 12; at + 12 <= m->len; n++) {
		size_t len = sonde_get_be32(m->bytes + at);
		if (len > m->len - at - 12)
			return;
		const struct sonde_key key = { SONDE_SAVED_VERSION, n };
		sonde_put_be64(m->bytes + at + 4 + len, sonde_siphash(key, sonde_view(m->bytes + at + 4, len)));
		at += 12 + len;
	}
}

/* States that are made up are refused, or serve as any other. */
static void made_up_ones_do_no_harm(void **state)
{
	uint64_t random = 1;
	unsigned n_taken = 0;
	(void)state;
	save_one();
	for (unsigned long i = 0, n = mutations(3000); i < n; i++) {
		struct sonde_flows *t = new_table(i, i % 3 ? 0 : 20000);
		static struct lines lines;
		copy = memory;
		for (unsigned k = 0; k < 1 + i % 4; k++)
			copy.bytes[16 + unit_random(&random) % (copy.len - 16)] =
				(uint8_t)(below(&random, 2) ? unit_random(&random) : below(&random, 2) * 255);
		sign(&copy);
		if (load(t, &copy) == 0) {
			unsigned from = below(&random, FRAMES - 100);
			n_taken++;
			add_frames(t, from, from + 100);
			assert_int_equal(sonde_flows_end_all(t), 0);
			take_ended(&lines, t);
			free_lines(&lines);
		}
		sonde_flows_free(t);
	}
	assert_true(n_taken > 10);
}

static void others_are_refused(void **state)
{
	(void)state;
	save_one();
	struct sonde_flows *t;
	const struct sonde_flows_options o = { .finds_services = true };
	assert_int_equal(sonde_flows_new(&t, &o), 0);
	assert_int_equal(load(t, &memory), SONDE_E_MALFORMED);
	sonde_flows_free(t);
	copy = memory;
	copy.bytes[11]++;
	assert_int_equal(load_alone(&copy), SONDE_E_UNSUPPORTED);
	copy = memory;
	copy.bytes[0]++;
	assert_int_equal(load_alone(&copy), SONDE_E_FORMAT);
	copy = memory;
	copy.len = 0;
	assert_int_equal(load_alone(&copy), SONDE_E_TRUNCATED);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_TEST(&u, pieces_are_the_whole);
	UNIT_TEST(&u, cut_ones_are_refused);
	UNIT_TEST(&u, damaged_ones_are_refused);
	UNIT_TEST(&u, made_up_ones_do_no_harm);
	UNIT_TEST(&u, others_are_refused);
	return unit_run(&u, "flow_state");
}

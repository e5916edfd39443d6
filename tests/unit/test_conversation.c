/* Conversations and responders, without a network: packets are handed to the engine as they would come. */
#include "probe/conversation.h"

#include "packet/print.h"
#include "probe/responder.h"

#include "tests/unit/wire.h"

#define HANDSHAKE                                                                                                      \
	"default ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=4000 dport=80\n"                                            \
	"syn: > ip id=1 / tcp flags=S seq=100\n"                                                                       \
	"< ip / tcp flags=SA\n"                                                                                        \
	"> ip id=2 / tcp flags=A seq=@.ack ack=@.end\n"
#define SYN_ACK "ip id=1 src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=4000 seq=500 ack=101 flags=SA"
#define ACK     "ip id=1 src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=4000 seq=500 ack=101 flags=A"
#define OTHERS  "ip id=1 src=10.0.0.2 dst=10.0.0.1 / tcp sport=81 dport=4000 seq=500 ack=101 flags=SA"
#define ERROR   "ip id=1 src=10.0.0.9 dst=10.0.0.1 / icmp type=unreach code=port / " \
		"ip id=1 src=10.0.0.1 dst=10.0.0.2 / tcp sport=4000 dport=80 seq=100"

static uint8_t out_bytes[WIRE_MAX], in_bytes[WIRE_MAX];

static void build(struct sonde_packet *out, uint8_t *buffer, const char *text)
{
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	sonde_packet_init(&p, buffer, WIRE_MAX);
	if (sonde_notation_parse(&spec, text, strlen(text), NULL, &e) || sonde_spec_packet(&p, &spec, 0, 1, false, &e))
		fail_msg("%s: %s", text, e.what);
	sonde_finish(&p);
	sonde_dissect(out, buffer, p.len, p.len, p.layers[0].proto->ids[0]);
	sonde_spec_free(&spec);
}

static void print(char out[static 400], struct sonde_packet *p)
{
	struct sonde_text t = sonde_text(out, 400);
	sonde_infer(p);
	sonde_print(&t, p);
}

/* Let the engine send what is due. Returns how many packets; the last is printed. */
static unsigned send_due(struct sonde_engine *engine, sonde_time now, char printed[static 400])
{
	static struct sonde_packet p;
	struct sonde_batch b = { .packet = &p };
	unsigned n = 0;
	for (;;) {
		sonde_packet_init(&p, out_bytes, sizeof out_bytes);
		b.n = 0;
		if (engine->ops->next_batch(engine, &b, now) != 1 || b.n == 0)
			return n;
		sonde_finish(&p);
		print(printed, &p);
		const struct sonde_sent sent = {
			.id = b.items[0].id, .packet = &p, .bytes = sonde_view(p.data, p.len),
			.stamp = now, .now = now,
		};
		engine->ops->on_sent(engine, &sent);
		n++;
	}
}

static void show(struct sonde_engine *engine, const char *text, bool outbound)
{
	struct sonde_packet p;
	build(&p, in_bytes, text);
	struct sonde_seen seen = { .packet = &p, .stamp = 5, .outbound = outbound };
	engine->ops->on_frame(engine, &seen);
}

/* The kinds of all events, a letter each. */
static const char *events(struct sonde_conversation *c)
{
	static const char letters[] = { [SONDE_CONVERSATION_RECEIVED] = 'r', [SONDE_CONVERSATION_OTHER] = 'o',
					[SONDE_CONVERSATION_AGAIN] = 'a', [SONDE_CONVERSATION_MISSED] = 'm',
					[SONDE_CONVERSATION_FAILED] = 'f' };
	static char said[100];
	struct sonde_conversation_event e;
	size_t n = 0;
	while (sonde_conversation_next_event(c, &e) && n + 1 < sizeof said)
		said[n++] = letters[e.kind];
	said[n] = 0;
	return said;
}

struct talk {
	struct sonde_script script;
	struct sonde_conversation c;
	char printed[400];
};

static struct talk *begin(const char *text, unsigned retries)
{
	static struct talk t;
	struct sonde_error e = { 0 };
	unsigned line;
	t = (struct talk){ .printed = "" };
	if (sonde_script_parse(&t.script, text, strlen(text), NULL, &line, &e))
		fail_msg("line %u: %s", line, e.what);
	const struct sonde_conversation_options o = { .wait_ns = 1000, .retries = retries, .seed = 1 };
	assert_int_equal(sonde_conversation_init(&t.c, &o, &t.script, 0), 0);
	return &t;
}

static void end(struct talk *t)
{
	sonde_conversation_free(&t->c);
	sonde_script_free(&t->script);
}

static void what_is_sent_depends_on_what_came(void **state)
{
	struct talk *t = begin(HANDSHAKE, 0);
	(void)state;
	assert_int_equal(send_due(&t->c.engine, 0, t->printed), 1);
	assert_string_equal(t->printed, "ip id=1 src=10.0.0.1 dst=10.0.0.2 / tcp sport=4000 dport=80 seq=100 flags=S");
	show(&t->c.engine, SYN_ACK, false);
	assert_string_equal(events(&t->c), "r");
	assert_int_equal(send_due(&t->c.engine, 10, t->printed), 1);
	assert_string_equal(t->printed,
			    "ip id=2 src=10.0.0.1 dst=10.0.0.2 / tcp sport=4000 dport=80 seq=101 ack=501 flags=A");
	assert_true(t->c.is_over && !t->c.has_failed);
	end(t);
}

static void other_packets_are_passed_over(void **state)
{
	struct talk *t = begin(HANDSHAKE, 0);
	(void)state;
	send_due(&t->c.engine, 0, t->printed);
	show(&t->c.engine, OTHERS, false);
	show(&t->c.engine, SYN_ACK, true);
	assert_string_equal(events(&t->c), "");
	show(&t->c.engine, ACK, false);
	assert_string_equal(events(&t->c), "o");
	show(&t->c.engine, ERROR, false);
	assert_string_equal(events(&t->c), "o");
	show(&t->c.engine, SYN_ACK, false);
	assert_string_equal(events(&t->c), "r");
	assert_int_equal(t->c.n_others, 2);
	end(t);
}

static void what_does_not_come_ends_it(void **state)
{
	struct talk *t = begin(HANDSHAKE, 0);
	struct sonde_engine *engine = &t->c.engine;
	(void)state;
	send_due(engine, 0, t->printed);
	assert_int_equal(engine->ops->next_deadline(engine), 1000);
	engine->ops->on_time(engine, 999);
	assert_string_equal(events(&t->c), "");
	engine->ops->on_time(engine, 1000);
	assert_string_equal(events(&t->c), "m");
	assert_true(t->c.is_over && t->c.has_failed);
	assert_true(engine->ops->next_deadline(engine) == SONDE_NEVER);
	end(t);
}

static void lines_are_sent_again(void **state)
{
	struct talk *t = begin(HANDSHAKE, 1);
	struct sonde_engine *engine = &t->c.engine;
	char first[400];
	(void)state;
	send_due(engine, 0, first);
	engine->ops->on_time(engine, 1000);
	assert_string_equal(events(&t->c), "a");
	assert_int_equal(send_due(engine, 1000, t->printed), 1);
	assert_string_equal(t->printed, first);
	engine->ops->on_time(engine, 2000);
	assert_string_equal(events(&t->c), "m");
	end(t);
}

static void what_comes_early_waits_for_its_line(void **state)
{
	struct talk *t = begin(HANDSHAKE "wait 50ns\n< ip / tcp flags=A\n", 0);
	struct sonde_engine *engine = &t->c.engine;
	(void)state;
	send_due(engine, 0, t->printed);
	show(engine, SYN_ACK, false);
	send_due(engine, 0, t->printed);
	show(engine, ACK, false);
	assert_string_equal(events(&t->c), "r");
	assert_int_equal(engine->ops->next_deadline(engine), 50);
	engine->ops->on_time(engine, 50);
	assert_string_equal(events(&t->c), "r");
	assert_true(t->c.is_over && !t->c.has_failed);
	end(t);
}

static void a_field_that_the_packet_lacks_fails(void **state)
{
	struct talk *t = begin("> ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=4000 dport=80 flags=S\n< tcp\n"
			       "> ip src=10.0.0.1 dst=10.0.0.2 / tcp ack=@.tsval\n", 0);
	(void)state;
	send_due(&t->c.engine, 0, t->printed);
	show(&t->c.engine, SYN_ACK, false);
	assert_int_equal(send_due(&t->c.engine, 0, t->printed), 0);
	assert_string_equal(events(&t->c), "rf");
	assert_true(t->c.is_over && t->c.has_failed);
	end(t);
}

static void anybody_may_begin(void **state)
{
	struct talk *t = begin("< tcp flags=SA\n"
			       "> ip dst=@.src src=@.dst / tcp sport=@.dport dport=@.sport flags=R\n"
			       "< tcp\n", 0);
	(void)state;
	show(&t->c.engine, OTHERS, false);
	assert_string_equal(events(&t->c), "r");
	assert_int_equal(send_due(&t->c.engine, 0, t->printed), 1);
	show(&t->c.engine, SYN_ACK, false);
	assert_string_equal(events(&t->c), "");
	show(&t->c.engine, OTHERS, false);
	assert_string_equal(events(&t->c), "r");
	end(t);
}

/* --- Responders -------------------------------------------------------------------------------------------------- */

static void read_spec(struct sonde_spec *out, const char *text)
{
	struct sonde_error e = { 0 };
	if (sonde_notation_parse(out, text, strlen(text), NULL, &e))
		fail_msg("%s", e.what);
}

static void matches_are_answered(void **state)
{
	static struct sonde_responder r;
	struct sonde_spec pattern = { 0 }, packet = { 0 };
	char printed[400] = "";
	(void)state;
	read_spec(&pattern, "tcp flags=SA");
	read_spec(&packet, "ip id=9 src=@.dst dst=@.src / tcp sport=@.dport dport=@.sport seq=@.ack ack=@.end flags=A");
	const struct sonde_responder_options o = { .pattern = &pattern, .packet = &packet, .count = 2 };
	sonde_responder_init(&r, &o);
	show(&r.engine, SYN_ACK, true);
	show(&r.engine, ACK, false);
	assert_int_equal(send_due(&r.engine, 0, printed), 0);
	show(&r.engine, SYN_ACK, false);
	assert_int_equal(send_due(&r.engine, 0, printed), 1);
	assert_string_equal(printed,
			    "ip id=9 src=10.0.0.1 dst=10.0.0.2 / tcp sport=4000 dport=80 seq=101 ack=501 flags=A");
	assert_true(r.engine.ops->next_deadline(&r.engine) != SONDE_NEVER);
	show(&r.engine, OTHERS, false);
	show(&r.engine, OTHERS, false);
	assert_int_equal(send_due(&r.engine, 0, printed), 1);
	assert_int_equal(r.n_matched, 3);
	assert_true(r.engine.ops->next_deadline(&r.engine) == SONDE_NEVER);
	sonde_responder_free(&r);
	sonde_spec_free(&pattern);
	sonde_spec_free(&packet);
}

static void own_packets_are_not_answered(void **state)
{
	static struct sonde_responder r;
	struct sonde_spec pattern = { 0 }, packet = { 0 };
	char printed[400] = "";
	(void)state;
	read_spec(&pattern, "ip");
	read_spec(&packet, "ip id=1 src=@.dst dst=@.src / icmp type=echo id=1 seq=1");
	sonde_responder_init(&r, &(struct sonde_responder_options){ .pattern = &pattern, .packet = &packet });
	show(&r.engine, ACK, false);
	assert_int_equal(send_due(&r.engine, 0, printed), 1);
	show(&r.engine, printed, false);
	assert_int_equal(send_due(&r.engine, 0, printed), 0);
	show(&r.engine, printed, false); /* somebody else sends the same */
	assert_int_equal(send_due(&r.engine, 0, printed), 1);
	sonde_responder_free(&r);
	sonde_spec_free(&pattern);
	sonde_spec_free(&packet);
}

static void it_stands_in_front_of_another(void **state)
{
	static struct sonde_responder r;
	struct talk *t = begin(HANDSHAKE, 0);
	struct sonde_spec pattern = { 0 }, packet = { 0 };
	(void)state;
	read_spec(&pattern, "arp op=request tpa=10.0.0.1");
	read_spec(&packet, "arp op=reply sha=02:00:00:00:00:09 spa=10.0.0.1 tha=@.sha tpa=@.spa");
	const struct sonde_responder_options o = {
		.pattern = &pattern, .packet = &packet, .inner = &t->c.engine, .first_id = UINT64_C(1) << 63 };
	sonde_responder_init(&r, &o);
	assert_int_equal(send_due(&r.engine, 0, t->printed), 1);
	show(&r.engine, "arp op=request sha=02:00:00:00:00:02 spa=10.0.0.2 tpa=10.0.0.1", false);
	assert_int_equal(send_due(&r.engine, 0, t->printed), 1);
	assert_string_equal(t->printed, "arp op=reply sha=02:00:00:00:00:09 spa=10.0.0.1 tha=02:00:00:00:00:02 "
					"tpa=10.0.0.2");
	show(&r.engine, SYN_ACK, false);
	assert_int_equal(send_due(&r.engine, 0, t->printed), 1);
	assert_int_equal(t->c.n_sent, 2);
	assert_true(r.engine.ops->next_deadline(&r.engine) == SONDE_NEVER);
	sonde_responder_free(&r);
	sonde_spec_free(&pattern);
	sonde_spec_free(&packet);
	end(t);
}

/* --- Scripts ----------------------------------------------------------------------------------------------------- */

static const struct kind_row {
	const char *name, *text;
	bool is_script;
} kinds[] = {
	{ "script: packets are none", "ip dst=10.0.0.2\n> ip dst=10.0.0.2 # < no mark\n", false },
	{ "script: text with an at sign is none", "udp / text:\"a=@.b\"\n", false },
	{ "script: something is waited for", "> ip\n< ip\n", true },
	{ "script: time passes", "> ip\nwait 1s\n", true },
	{ "script: a default", "default ip ttl=1\n", true },
	{ "script: a reference", "a: > ip\n> ip id=@a.id\n", true },
	{ "script: a reference in a list", "> tcp options=ts:1:@.tsval\n", true },
	{ "script: a reference as data", "> udp / @.payload\n", true },
};

static void is_told_apart(void **state)
{
	const struct kind_row *row = *state;
	assert_int_equal(sonde_script_is(row->text, strlen(row->text)), row->is_script);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_TEST(&u, what_is_sent_depends_on_what_came);
	UNIT_TEST(&u, other_packets_are_passed_over);
	UNIT_TEST(&u, what_does_not_come_ends_it);
	UNIT_TEST(&u, lines_are_sent_again);
	UNIT_TEST(&u, what_comes_early_waits_for_its_line);
	UNIT_TEST(&u, a_field_that_the_packet_lacks_fails);
	UNIT_TEST(&u, anybody_may_begin);
	UNIT_TEST(&u, matches_are_answered);
	UNIT_TEST(&u, own_packets_are_not_answered);
	UNIT_TEST(&u, it_stands_in_front_of_another);
	UNIT_ROWS(&u, is_told_apart, kinds);
	return unit_run(&u, "conversation");
}

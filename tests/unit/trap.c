#include "tests/unit/trap.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/arp.h"
#include "proto/ip.h"
#include "proto/tcp.h"
#include "tests/unit/wire.h"

const uint8_t trap_own[4] = { 10, 0, 0, 1 };

void trap_begin(struct trap *t, struct sonde_ping_options o)
{
	static const uint32_t sizes[] = { 56, 8, 100 };
	const struct sonde_addr target = sonde_addr4((const uint8_t[]){ 10, 0, 0, 2 });
	*t = (struct trap){ .now = TRAP_START };
	o.seed = 7;
	o.port = 80;
	o.sizes = sizes;
	o.n_sizes = o.n_sizes ? o.n_sizes : 1;
	o.interval_ns = o.interval_ns ? o.interval_ns : SONDE_S;
	o.timeout_ns = SONDE_S;
	t->memory = calloc(1, sonde_ping_memory(1));
	sonde_ping_init(&t->ping, &o, &target, 1, t->memory, t->now);
}

const struct sonde_engine_ops *trap_ops(struct trap *t)
{
	return t->ping.engine.ops;
}

void trap_drain(struct trap *t)
{
	while (sonde_ping_next_event(&t->ping, &t->event))
		t->n_events++;
}

void trap_leave(struct trap *t, enum sonde_stamp_clock clock, uint16_t sport)
{
	const struct sonde_addr src = sonde_addr4(trap_own);
	struct sonde_packet *p = &t->out.packet;
	assert_true(engine_next(&t->out, &t->ping.engine, &src, t->now));
	if (t->ping.o.kind == SONDE_PING_ARP)
		sonde_set_bytes(p, 1, SONDE_ARP_SPA, sonde_addr_view(&src));
	else if (!t->out.was_stamped)
		sonde_set(p, 0, SONDE_IP_ID, 7);
	if (sport)
		sonde_set(p, 1, SONDE_TCP_SPORT, sport);
	if (!t->out.was_stamped)
		sonde_finish(p);
	engine_sent(&t->out, &t->ping.engine, t->now, t->now, clock);
}

void trap_see(struct sonde_packet *p, const char *text)
{
	static uint8_t room[WIRE_MAX];
	struct sonde_packet built;
	const uint32_t ethernet = 1, raw = 101;
	wire_build(&built, room, text);
	bool ether = strncmp(text, "ether", 5) == 0;
	sonde_dissect(p, built.data, built.len, built.len,
		      (struct sonde_id){ SONDE_SPACE_LINK, ether ? ethernet : raw });
}

void trap_arrive(struct trap *t, const char *text)
{
	struct sonde_packet p;
	trap_see(&p, text);
	t->n_events = 0;
	engine_see(&t->ping.engine, &p, t->now, false);
	trap_drain(t);
}

void trap_print_echo(char text[static 1024], const struct trap *t, unsigned seq, struct sonde_view payload)
{
	int len = snprintf(text, 1024, "ip src=10.0.0.2 dst=10.0.0.1 id=1 / icmp type=echo-reply id=%u seq=%u / hex:",
			   t->ping.id, seq);
	for (size_t i = 0; i < payload.len; i++)
		len += snprintf(text + len, 1024 - (size_t)len, "%02x", payload.data[i]);
}

void trap_echo_data(struct trap *t, unsigned seq, struct sonde_view payload)
{
	char text[1024];
	trap_print_echo(text, t, seq, payload);
	trap_arrive(t, text);
}

void trap_echo_back(struct trap *t, unsigned seq)
{
	trap_echo_data(t, seq, sonde_payload(&t->out.packet));
}

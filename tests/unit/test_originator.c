/* Who began a flow, told packet by packet. */
#include "flow/originator.h"

#include <time.h>

#include "base/text.h"
#include "flow/key.h"
#include "proto/ip6.h"
#include "tests/unit/wire.h"

#define MOST 8

#define OUT  "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 "
#define BACK "ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 "

/* Packets in the order of time, and the side of each: o, r, or - for none. */
static const struct row {
	const char *name, *sides;
	const char *packets[MOST];
} rows[] = {
	{ "originator: a handshake", "oror", { OUT "flags=S", BACK "flags=SA", OUT "flags=A", BACK "flags=PA" } },
	{ "originator: a handshake whose SYN was missed", "roo", { BACK "flags=SA", OUT "flags=A", OUT "flags=PA" } },
	{ "originator: from the middle, the well-known port answers",
	  "ror",
	  { BACK "flags=A", OUT "flags=A", BACK "flags=A" } },
	{ "originator: from the middle, the lower port answers",
	  "ro",
	  { "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=5000 dport=6000 flags=A",
	    "ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=6000 dport=5000 flags=A" } },
	{ "originator: a SYN corrects a guess",
	  "rooro",
	  { BACK "flags=A", OUT "flags=A", BACK "flags=S", OUT "flags=SA", BACK "flags=A" } },
	{ "originator: a SYN+ACK corrects a guess",
	  "rrro",
	  { BACK "flags=A", OUT "flags=SA", OUT "flags=A", BACK "flags=A" } },
	{ "originator: what answers a SYN does not undo it",
	  "ooro",
	  { BACK "flags=S", BACK "flags=A", OUT "flags=S", BACK "flags=SA" } },
	{ "originator: UDP, whoever speaks first",
	  "oro",
	  { "ip src=10.0.0.2 dst=10.0.0.1 / udp sport=53 dport=4000",
	    "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=4000 dport=53",
	    "ip src=10.0.0.2 dst=10.0.0.1 / udp sport=53 dport=4000" } },
	{ "originator: IPv6",
	  "or",
	  { "ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1 dport=2",
	    "ip6 src=2001:db8::2 dst=2001:db8::1 / udp sport=2 dport=1" } },
	{ "originator: a protocol without ports",
	  "or",
	  { "ip src=10.0.0.1 dst=10.0.0.2 proto=99", "ip src=10.0.0.2 dst=10.0.0.1 proto=99" } },
	{ "originator: an echo reply whose request was missed",
	  "ro",
	  { "ip src=10.0.0.2 dst=10.0.0.1 / icmp type=echo-reply id=5",
	    "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo id=5" } },
	{ "originator: echoes of another identifier are another flow",
	  "oo",
	  { "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo id=5",
	    "ip src=10.0.0.2 dst=10.0.0.1 / icmp type=echo id=6" } },
	{ "originator: a host that pings itself",
	  "or",
	  { "ip src=127.0.0.1 dst=127.0.0.1 / icmp type=echo id=5",
	    "ip src=127.0.0.1 dst=127.0.0.1 / icmp type=echo-reply id=5" } },
	{ "originator: an ICMP error comes from the side that its quote went to",
	  "oror",
	  { OUT "flags=S", "ip src=10.9.9.9 dst=10.0.0.1 / icmp type=unreach code=host / " OUT "flags=S",
	    "ip src=10.9.9.9 dst=10.0.0.2 / icmp type=unreach code=host / " BACK "flags=SA", BACK "flags=SA" } },
	{ "originator: fragments go with the first",
	  "oorr-",
	  { "ip id=7 flags=MF src=10.0.0.1 dst=10.0.0.2 / udp sport=5 dport=7 / zero:8",
	    "ip id=7 offset=2 src=10.0.0.1 dst=10.0.0.2 proto=udp / zero:8",
	    "ip id=7 flags=MF src=10.0.0.2 dst=10.0.0.1 / udp sport=7 dport=5 / zero:8",
	    "ip id=7 offset=2 src=10.0.0.2 dst=10.0.0.1 proto=udp / zero:8",
	    "ip id=8 offset=2 src=10.0.0.1 dst=10.0.0.2 proto=udp / zero:8" } },
	{ "originator: fragments over IPv6",
	  "oo",
	  { "ip6 src=::1 dst=::2 / fragment id=7 m=1 / udp sport=5 dport=7 / zero:8",
	    "ip6 src=::1 dst=::2 / fragment id=7 offset=2 next=udp / zero:8" } },
	{ "originator: a VLAN makes another flow",
	  "oo",
	  { "ether / vlan id=1 / " OUT "flags=S", "ether / vlan id=2 / " BACK "flags=S" } },
	{ "originator: so does a tunnel, which both ways share",
	  "oro",
	  { "ip src=1.1.1.1 dst=2.2.2.2 / gre / " OUT "flags=S", "ip src=2.2.2.2 dst=1.1.1.1 / gre / " BACK "flags=SA",
	    "ip src=1.1.1.1 dst=3.3.3.3 / gre / " BACK "flags=S" } },
	{ "originator: no flow", "-", { "ether / arp op=request tpa=10.0.0.2" } },
};

static int take(struct sonde_originators *o, const char *text)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, packet, text);
	wire_read(&p, packet, p.len, p.layers[0].proto);
	return sonde_originators_track(o, &p);
}

static void sides_are(void **state)
{
	const struct row *row = *state;
	struct sonde_originators o;
	char sides[MOST + 1] = "";
	sonde_originators_init(&o, sonde_key_from_seed(1));
	for (size_t i = 0; i < MOST && row->packets[i]; i++)
		sides[i] = "-or"[take(&o, row->packets[i])];
	sonde_originators_free(&o);
	assert_string_equal(sides, row->sides);
}

/* The table grows, and forgets nothing meanwhile. */
static void many_flows(void **state)
{
	enum { FLOWS = 5000 };
	struct sonde_originators o;
	char text[120];
	(void)state;
	sonde_originators_init(&o, sonde_key_from_seed(1));
	for (unsigned way = 0; way < 2; way++) {
		for (unsigned i = 0; i < FLOWS; i++) {
			struct sonde_text t = sonde_text(text, sizeof text);
			sonde_text_fmt(&t, "ip src=10.0.0.%u dst=10.0.0.%u / udp sport=%u dport=%u", way + 1, 2 - way,
				       way ? 7 : 10000 + i, way ? 10000 + i : 7);
			assert_int_equal(take(&o, text), way ? SONDE_FLOW_RESP : SONDE_FLOW_ORIG);
		}
	}
	assert_int_equal(o.n, FLOWS);
	sonde_originators_free(&o);
}

/* The CPU time of n first fragments with these identifications, whose datagrams are all remembered. */
static double time_of(uint32_t step, uint32_t n)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_originators o;
	struct sonde_packet p;
	wire_build(&p, packet, "ip6 src=::1 dst=::2 / fragment id=0 m=1 / udp sport=5 dport=7 / zero:8");
	sonde_originators_init(&o, sonde_key_from_seed(1));
	clock_t start = clock();
	for (uint32_t i = 0; i < n; i++) {
		sonde_put_be32(packet + 40 + 4, i * step);
		wire_read(&p, packet, p.len, &sonde_ip6);
		assert_int_equal(sonde_originators_track(&o, &p), SONDE_FLOW_ORIG);
	}
	clock_t end = clock();
	assert_int_equal(o.n, n + 1);
	sonde_originators_free(&o);
	return (double)(end - start);
}

/* Identifications that agree in their lower bits cost what others cost: the sender chooses them. */
static void chosen_identifications(void **state)
{
	(void)state;
	const double many = 20;
	assert_true(time_of(1 << 16, 1 << 16) < many * time_of(1, 1 << 16));
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, sides_are, rows);
	UNIT_TEST(&u, many_flows);
	UNIT_TEST(&u, chosen_identifications);
	return unit_run(&u, "originator");
}

#include "flow/tuple.h"

#include "tests/unit/wire.h"

/* The baseline of the specification (github.com/corelight/community-id-spec, baseline_deflt.json and
 * baseline_seed1.json). Its ports of ICMP are what the tuple makes of type and code. */
static const struct row {
	const char *name, *packet, *plain, *seeded;
} rows[] = {
	{ "community: neighbour solicitation",
	  "ip6 src=fe80::200:86ff:fe05:80da dst=fe80::260:97ff:fe07:69ea / icmp6 type=neighbour-solicit",
	  "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=" },
	{ "community: its advertisement",
	  "ip6 src=fe80::260:97ff:fe07:69ea dst=fe80::200:86ff:fe05:80da / icmp6 type=neighbour-advert",
	  "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", "1:kHa1FhMYIT6Ym2Vm2AOtoOARDzY=" },
	{ "community: a solicitation the other way",
	  "ip6 src=fe80::260:97ff:fe07:69ea dst=fe80::200:86ff:fe05:80da / icmp6 type=neighbour-solicit",
	  "1:zavyT/cezQr1fmImYCwYnMXbgck=", "1:2hSqmsDZ2kdcY9kbiUzOEBic0iM=" },
	{ "community: ICMPv6 time exceeded",
	  "ip6 src=3ffe:501:1800:2345::2 dst=3ffe:507:0:1:200:86ff:fe05:80da / icmp6 type=timxceed code=0 / ip6 "
	  "src=::1 dst=::2",
	  "1:2ObVBgIn28oZvibYZhZMBgh7WdQ=", "1:lVEtCZpYu84Xqaa++3lXFyuu2n4=" },
	{ "community: ICMPv6 port unreachable",
	  "ip6 src=3ffe:501:410:0:2c0:dfff:fe47:33e dst=3ffe:507:0:1:200:86ff:fe05:80da / icmp6 type=unreach code=4",
	  "1:hLZd0XGWojozrvxqE0dWB1iM6R0=", "1:W8MHwXpWzpoSTD+cGcaJr4u0ys8=" },
	{ "community: ICMPv6 echo",
	  "ip6 src=3ffe:507:0:1:200:86ff:fe05:80da dst=3ffe:501:0:1001::2 / icmp6 type=echo id=7",
	  "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=", "1:GfZxjAkDk2MkegpBYHV6tadtFXQ=" },
	{ "community: its reply",
	  "ip6 src=3ffe:501:0:1001::2 dst=3ffe:507:0:1:200:86ff:fe05:80da / icmp6 type=echo-reply id=7",
	  "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=", "1:GfZxjAkDk2MkegpBYHV6tadtFXQ=" },
	{ "community: router solicitation", "ip6 src=fe80::200:86ff:fe05:80da dst=ff02::2 / icmp6 type=router-solicit",
	  "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=", "1:L7Ka0ZMYu+J3bL4ulW2PrqyXNo8=" },
	{ "community: router advertisement", "ip6 src=fe80::260:97ff:fe07:69ea dst=ff02::1 / icmp6 type=router-advert",
	  "1:pkvHqCL88/tg1k4cPigmZXUtL00=", "1:K/ee5UCqAMAQXDorP5nSa2CGLjc=" },
	{ "community: echo", "ip src=192.168.0.89 dst=192.168.0.1 / icmp type=echo id=1",
	  "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", "1:03g6IloqVBdcZlPyX8r0hgoE7kA=" },
	{ "community: its reply", "ip src=192.168.0.1 dst=192.168.0.89 / icmp type=echo-reply id=1",
	  "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", "1:03g6IloqVBdcZlPyX8r0hgoE7kA=" },
	{ "community: time exceeded", "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=timxceed code=0",
	  "1:YHxtAirCG//0OzkcVAukqKQN9xM=", "1:XjUibYHaafLQ3pxQeiMI8g25q20=" },
	{ "community: TCP over IPv6",
	  "ip6 src=2001:470:e5bf:dead:4957:2174:e82c:4887 dst=2607:f8b0:400c:c03::1a / tcp sport=63943 dport=25 "
	  "flags=S",
	  "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", "1:eJYTW6AOzFLlSUoESovMjnu7rMw=" },
	{ "community: and back",
	  "ip6 src=2607:f8b0:400c:c03::1a dst=2001:470:e5bf:dead:4957:2174:e82c:4887 / tcp sport=25 dport=63943 "
	  "flags=SA",
	  "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", "1:eJYTW6AOzFLlSUoESovMjnu7rMw=" },
	{ "community: SCTP", "ip src=192.168.170.8 dst=192.168.170.56 / sctp sport=7 dport=7 vtag=1",
	  "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", "1:5w3ZRjeKBzqT3zsaEECDGjUbYeg=" },
	{ "community: TCP", "ip src=128.232.110.120 dst=66.35.250.204 / tcp sport=34855 dport=80 flags=A",
	  "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", "1:3V71V58M3Ksw/yuFALMcW0LAHvc=" },
	{ "community: UDP", "ip src=192.168.1.52 dst=8.8.8.8 / udp sport=54585 dport=53",
	  "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI=" },
	{ "community: and back", "ip src=8.8.8.8 dst=192.168.1.52 / udp sport=53 dport=54585",
	  "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI=" },
	{ "community: RSVP, without ports", "ip src=10.1.12.1 dst=10.1.12.2 proto=46",
	  "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "1:rYir8gphR31noO9iDRQmF/BteEI=" },
	{ "community: and back", "ip src=10.1.12.2 dst=10.1.12.1 proto=46",
	  "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", "1:rYir8gphR31noO9iDRQmF/BteEI=" },
	/* Not in the baseline: a message that nothing answers has its ends as it has them (the first is what tshark
	 * 4.0.17 says); and the same flows in other surroundings. */
	{ "community: an error to the lower address", "ip src=10.0.0.2 dst=10.0.0.1 / icmp type=unreach code=3",
	  "1:LhjXG72oBqb/FpYqPl9LboG4/B4=", "1:BflcgrMqHgCV22CsMsdXXVbWKM8=" },
	{ "community: behind extension headers",
	  "ip6 src=2001:470:e5bf:dead:4957:2174:e82c:4887 dst=2607:f8b0:400c:c03::1a / hopopts / dstopts / tcp "
	  "sport=63943 "
	  "dport=25 flags=S",
	  "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", "1:eJYTW6AOzFLlSUoESovMjnu7rMw=" },
	{ "community: in a tunnel",
	  "ip src=1.2.3.4 dst=5.6.7.8 / gre / ip src=192.168.1.52 dst=8.8.8.8 / udp sport=54585 dport=53",
	  "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI=" },
	{ "community: the first fragment",
	  "ip id=1 flags=MF src=192.168.1.52 dst=8.8.8.8 / udp sport=54585 dport=53 / zero:8",
	  "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", "1:Q9We8WO3piVF8yEQBNJF4uiSVrI=" },
};

static void as_published(void **state)
{
	const struct row *row = *state;
	uint8_t packet[WIRE_MAX];
	char id[SONDE_COMMUNITY_STRLEN];
	struct sonde_packet p;
	struct sonde_flow_tuple t;
	wire_build(&p, packet, row->packet);
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(sonde_flow_tuple_of(&t, &p, false), 0);
	assert_string_equal(sonde_community_id(id, &t, 0), row->plain);
	assert_string_equal(sonde_community_id(id, &t, 1), row->seeded);
}

/* What has no 5-tuple. */
static const struct none {
	const char *name, *packet;
} none[] = {
	{ "tuple: none of ARP", "ether / arp op=request tpa=10.0.0.2" },
	{ "tuple: none of a later fragment", "ip id=1 offset=1 src=10.0.0.1 dst=10.0.0.2 proto=udp / zero:8" },
	{ "tuple: none of a later fragment over IPv6",
	  "ip6 src=::1 dst=::2 / fragment id=1 offset=1 next=udp / zero:8" },
	{ "tuple: none of cut ports", "ip length=22 src=10.0.0.1 dst=10.0.0.2 proto=udp / hex:0102" },
	{ "tuple: none of ports that are not there", "ip src=10.0.0.1 dst=10.0.0.2 proto=tcp" },
};

static void there_is_none(void **state)
{
	const struct none *row = *state;
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_flow_tuple t;
	wire_build(&p, packet, row->packet);
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(sonde_flow_tuple_of(&t, &p, false), SONDE_E_ABSENT);
	assert_int_equal(t.transport, -1);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, as_published, rows);
	UNIT_ROWS(&u, there_is_none, none);
	return unit_run(&u, "community");
}

/* Headers that contradict themselves, or the frame they came in. */
#include "packet/print.h"
#include "proto/data.h"

#include "tests/unit/wire.h"

#define IP  "ip id=1 src=10.0.0.1 dst=10.0.0.2 "
#define UDP "/ udp sport=1 dport=2 "
#define TCP "/ tcp sport=1 dport=2 seq=3 flags=S "

/* What is said of all layers of what a text builds, of which `cut` bytes at the end were not captured. */
static const struct fault_row {
	const char *name, *text, *faults;
	unsigned cut;
} rows[] = {
	{ "faults: none", IP TCP "/ text:abc", "", 0 },
	{ "faults: another version", IP "version=5 " TCP, "[bad ip version 5]", 0 },
	{ "faults: another version of 6", "ether / ip6 version=4 " UDP, "[bad ip6 version 4]", 0 },
	{ "faults: a header that is too short", IP "ihl=2 " TCP, "[bad ip ihl 2]", 0 },
	{ "faults: no header", IP "ihl=0 " UDP, "[bad ip ihl 0]", 0 },
	{ "faults: version and header", IP "version=5 ihl=4 " UDP, "[bad ip version 5][bad ip ihl 4]", 0 },
	{ "faults: a header longer than the packet", IP "ihl=15 " UDP, "[ip ihl 15, 7 there]", 0 },
	{ "faults: a packet shorter than its header", IP "length=19 " UDP, "[bad ip length 19]", 0 },
	{ "faults: a packet longer than the frame", IP "length=2000 " UDP "/ zero:18", "[ip length 2000, 46 there]",
	  0 },
	{ "faults: one byte longer", IP "length=47 " UDP "/ zero:18", "[ip length 47, 46 there]", 0 },
	{ "faults: padding is no fault", "ether / " IP UDP "/ zero:8 / pad zero:18", "", 0 },
	{ "faults: nor is a length that offload leaves", IP "length=0 " UDP "/ zero:8", "", 0 },
	{ "faults: a packet of 6 longer than the frame", "ip6 length=2000 " UDP "/ zero:38",
	  "[ip6 length 2000, 46 there]", 0 },
	{ "faults: in a tunnel", IP "/ ip length=50 " UDP, "[ip length 50, 28 there]", 0 },
	{ "faults: a shorter packet in a tunnel", IP "/ ip length=28 " UDP "/ zero:8", "", 0 },
	{ "faults: a datagram that is too long", IP UDP "length=14 / text:hello", "[udp length 14, 13 there]", 0 },
	{ "faults: one that is too short", IP UDP "length=12 / text:hello", "[udp length 12, 13 there]", 0 },
	{ "faults: one shorter than its header", IP UDP "length=7 / text:hello", "[bad udp length 7]", 0 },
	{ "faults: length 0 of offload", IP UDP "length=0 / text:hello", "", 0 },
	{ "faults: a datagram in a fragment", IP "flags=MF " UDP "length=2000 / text:hello", "", 0 },
	{ "faults: a datagram in a fragment of 6", "ip6 / fragment m=1 " UDP "length=2000 / text:hello", "", 0 },
	{ "faults: a datagram before padding", "ether / " IP UDP "/ text:hello / pad zero:13", "", 0 },
	{ "faults: a segment's header too short", IP TCP "offset=4", "[bad tcp offset 4]", 0 },
	{ "faults: and too long", IP TCP "offset=9 / zero:8", "[tcp offset 9, 7 there]", 0 },
	{ "faults: extension headers", "ip6 / hopopts length=1 " UDP, "", 0 },
	{ "faults: extension headers that are too long", "ip6 / dstopts length=2 " UDP, "[dstopts length 2, 1 there]",
	  0 },
	{ "faults: a routing header that is too long", "ip6 / routing type=segment length=9 segs=::3 " UDP,
	  "[routing length 9, 3 there]", 0 },
	{ "faults: an authentication header", IP "/ ah length=0 spi=1 icv=010203040506070809101112 " UDP,
	  "[bad ah length 0][udp length 1286, 20 there]", 0 },
	{ "faults: PPP", "ether / pppoe code=data session=1 length=40 / " IP UDP, "[pppoe length 40, 30 there]", 0 },
	{ "faults: a message of a stream goes on", "ip / tcp flags=A dport=53 / dnstcp length=900 / dns qname=a.b", "",
	  0 },
	{ "faults: quotes are cut", IP "/ icmp type=unreach code=port / " IP "length=900 " UDP "length=880", "", 0 },
	{ "faults: what the capture cut off", IP UDP "/ zero:100", "", 60 },
	{ "faults: with padding cut off", "ether / " IP UDP "/ zero:10 / pad zero:8", "", 9 },
	{ "faults: a lie in what was cut", IP "length=129 " UDP "/ zero:100", "[ip length 129, 128 there]", 60 },
	{ "faults: a datagram in what was cut", IP UDP "length=109 / zero:100", "[udp length 109, 108 there]", 60 },
	{ "faults: options that were cut off", IP TCP "options=mss:1460,ts:1:2", "", 10 },
	{ "faults: half a header", IP TCP "offset=9 options=mss:1460,ts:1:2 have=24", "[tcp offset 9, 6 there]", 0 },
};

static void are_found(void **state)
{
	const struct fault_row *row = *state;
	uint8_t room[WIRE_MAX];
	char text[200];
	struct sonde_packet p, q;
	struct sonde_text t = sonde_text(text, sizeof text);
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	wire_build(&p, room, row->text);
	sonde_dissect(&q, p.data, p.len - row->cut, p.len, p.layers[0].proto->ids[0]);
	for (int i = 0; i < q.n_layers + q.n_trailers; i++) {
		for (unsigned k = 0, n = sonde_faults(faults, &q, i); k < n; k++) {
			sonde_text_char(&t, '[');
			sonde_print_fault(&t, &faults[k], q.layers[i].proto->name);
			sonde_text_char(&t, ']');
		}
	}
	assert_string_equal(text, row->faults);
}

/* The example of every protocol, as the builder makes it. */
static void builder_makes_none(void **state)
{
	(void)state;
	uint8_t room[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	for (const struct sonde_proto *const *proto = sonde_protos; *proto; proto++) {
		if (!(*proto)->example)
			continue;
		wire_build(&p, room, (*proto)->example);
		for (int i = 0; i < p.n_layers; i++)
			if (sonde_faults(faults, &p, i))
				fail_msg("%s: %s of %s", (*proto)->example, faults[0].row->name,
					 p.layers[i].proto->name);
	}
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, are_found, rows);
	UNIT_TEST(&u, builder_makes_none);
	return unit_run(&u, "faults");
}

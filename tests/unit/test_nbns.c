#include "packet/print.h"

#include "tests/unit/wire.h"

/* RFC 1001, 14.1 has the name FRED; RFC 1002, 4.2 the rest. */
#define FRED "20 45474643454645454341434143414341434143414341434143414341434143 41 00"

static const struct wire_row drawn[] = {
	{ "nbns: a question", "nbns id=7 qname=EGFCEFEECACACACACACACACACACACACA qtype=NB",
	  "0007 0110 0001 0000 0000 0000" FRED "0020 0001" },
	{ "nbns: a name with two owners",
	  "nbns id=7 qr=1 flags=aa+rd answers=EGFCEFEECACACACACACACACACACACACA:NB:[0x0:10.0.0.1,group:10.0.0.2]:ttl=60",
	  "0007 8500 0000 0001 0000 0000" FRED "0020 0001 0000003c 000c 0000 0a000001 8000 0a000002" },
	{ "nbns: a registration points to the question",
	  "nbns id=7 opcode=registration qname=EGFCEFEECACACACACACACACACACACACA qtype=NB "
	  "additional=@12:NB:[m:10.0.0.1]:ttl=300000",
	  "0007 2910 0001 0000 0000 0001" FRED "0020 0001 c00c 0020 0001 000493e0 0006 4000 0a000001" },
};

static void people_read_the_name(void **state)
{
	char text[200];
	uint8_t room[WIRE_MAX];
	struct sonde_packet built, p;
	struct sonde_text t = sonde_text(text, sizeof text);
	(void)state;
	wire_build(&built, room, "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=137 dport=137 / nbns id=1 "
		   "qname=EGFCEFEECACACACACACACACACACACACA qtype=NB");
	sonde_dissect(&p, built.data, built.len, built.len, built.layers[0].proto->ids[0]);
	sonde_print_line(&t, &p, NULL);
	assert_string_equal(text, "10.0.0.1:137 > 10.0.0.2:137 udp length=50: nbns? NB FRED<20>");
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_TEST(&u, people_read_the_name);
	return unit_run(&u, "nbns");
}

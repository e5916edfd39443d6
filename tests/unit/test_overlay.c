/* Packets written over others. */
#include "packet/overlay.h"

#include "base/text.h"
#include "packet/notation.h"
#include "packet/print.h"

#include "tests/unit/wire.h"

#define ETHER        "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01"
#define QUOTE        " / ip id=2 src=10.0.0.2 dst=10.0.0.3 / udp sport=1 dport=2 checksum=0x0007 / text:ab"
#define UNREACH      "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=unreach code=port" QUOTE
#define HOST_UNREACH "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=unreach code=host" QUOTE

static const struct overlay_row {
	const char *name, *base, *over, *want;
} rows[] = {
	{ "overlay: a field", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2", "ip ttl=9",
	  "ip id=1 ttl=9 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2" },
	{ "overlay: a field in place of another", "ip id=1 ttl=5 src=10.0.0.1 dst=10.0.0.2", "ip ttl=9 id=2",
	  "ip id=2 ttl=9 src=10.0.0.1 dst=10.0.0.2" },
	{ "overlay: a field of a layer further in", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2",
	  "udp dport=9", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=9" },
	{ "overlay: data", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / text:abc", "udp / text:xy",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / text:xy" },
	{ "overlay: a layer put in", ETHER " / ip id=1 src=10.0.0.1 dst=10.0.0.2", "ether / vlan id=5",
	  ETHER " / vlan id=5 / ip id=1 src=10.0.0.1 dst=10.0.0.2" },
	{ "overlay: of another kind of packet", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2",
	  "ip6 hlim=9 / udp dport=9", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2" },
	{ "overlay: a pattern of another kind of packet", "ip id=1 src=10.0.0.1 dst=10.0.0.2", "ip6 hlim=5-",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2" },
	{ "overlay: what is cut of a quote stays", UNREACH " cut:9", "icmp type=unreach code=host",
	  HOST_UNREACH " cut:9" },
	{ "overlay: what is cut of a quote", UNREACH " cut:9", "icmp / udp / text:ab cut:5", UNREACH " cut:5" },
	{ "overlay: what would be cut of another", UNREACH " cut:9", "icmp6 / ip6 / udp / text:ab cut:5",
	  UNREACH " cut:9" },
};

static void is_written_over(void **state)
{
	const struct overlay_row *row = *state;
	char printed[1024];
	uint8_t buffer[WIRE_MAX];
	struct sonde_spec base = { 0 }, over = { 0 }, merged = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	struct sonde_text t = sonde_text(printed, sizeof printed);
	sonde_packet_init(&p, buffer, sizeof buffer);
	assert_int_equal(sonde_notation_parse(&base, row->base, strlen(row->base), NULL, NULL), 0);
	assert_int_equal(sonde_notation_parse(&over, row->over, strlen(row->over), NULL, NULL), 0);
	assert_int_equal(sonde_spec_overlay(&merged, &base, &over), 0);
	if (sonde_spec_packet(&p, &merged, 0, 1, false, &e))
		fail_msg("%s", e.what);
	sonde_finish(&p);
	sonde_print(&t, &p);
	assert_string_equal(printed, row->want);
	sonde_spec_free(&base);
	sonde_spec_free(&over);
	sonde_spec_free(&merged);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_written_over, rows);
	return unit_run(&u, "overlay");
}

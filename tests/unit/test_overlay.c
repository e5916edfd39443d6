/* Packets written over others. */
#include "packet/overlay.h"

#include "base/text.h"
#include "packet/fragment.h"
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

/* --- Checksums that cover more than is there --------------------------------------------------------------------- */

#define DATA "text:\"The quick brown fox jumps over the lazy dog, and 17 others.\""

/* What is there of a packet, written over, is what is there of the packet that is built so. */
static const struct part_row {
	const char *name, *whole, *over, *want;
	uint32_t fragment; /* its first fragment; 0: the frame is cut */
} parts[] = {
	{ "part: the address of a UDP fragment", "ip id=7 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / " DATA,
	  "ip src=10.9.9.9", "ip id=7 src=10.9.9.9 dst=10.0.0.2 / udp sport=1 dport=2 / " DATA, 60 },
	{ "part: ports of a TCP fragment",
	  "ip id=7 src=10.0.0.1 dst=10.0.0.2 / tcp sport=1 dport=2 seq=9 flags=A / " DATA, "tcp sport=999 seq=70000",
	  "ip id=7 src=10.0.0.1 dst=10.0.0.2 / tcp sport=999 dport=2 seq=70000 flags=A / " DATA, 60 },
	{ "part: an identifier, no address, of an ICMP fragment",
	  "ip id=7 src=10.0.0.1 dst=10.0.0.2 / icmp type=echo id=1 seq=2 / " DATA, "ip dst=10.7.7.7 / icmp id=3",
	  "ip id=7 src=10.0.0.1 dst=10.7.7.7 / icmp type=echo id=3 seq=2 / " DATA, 60 },
	{ "part: the address of an IPv6 fragment", "ip6 src=2001:db8::1 dst=::2 / udp sport=1 dport=2 / " DATA,
	  "ip6 src=2001:db8::7:1", "ip6 src=2001:db8::7:1 dst=::2 / udp sport=1 dport=2 / " DATA, 96 },
	{ "part: the checksum itself", "ip id=7 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / " DATA,
	  "ip src=10.9.9.9 / udp checksum=0x1234",
	  "ip id=7 src=10.9.9.9 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0x1234 / " DATA, 60 },
	{ "part: no checksum", "ip id=7 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0 / " DATA,
	  "ip src=10.9.9.9", "ip id=7 src=10.9.9.9 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0 / " DATA, 60 },
	{ "part: of a frame that is cut", "ip id=7 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / " DATA,
	  "ip src=10.9.9.9 / udp dport=7", "ip id=7 src=10.9.9.9 dst=10.0.0.2 / udp sport=1 dport=7 / " DATA, 0 },
	{ "part: a checksum that becomes 0",
	  "ip id=7 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / " DATA, "udp dport=0xff78",
	  "ip id=7 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=0xff78 / " DATA, 60 },
};

/* The part that is there of what a text builds. */
static void build_part(struct sonde_packet *out, uint8_t *buffer, const char *text, uint32_t fragment)
{
	static uint8_t whole[WIRE_MAX];
	struct sonde_fragments f;
	struct sonde_packet p;
	wire_build(&p, whole, text);
	uint32_t len = p.len - 20, wire_len = p.len;
	memcpy(buffer, whole, len);
	if (fragment) {
		assert_int_equal(sonde_fragments_start(&f, &p, fragment, 1, false, NULL), 0);
		len = wire_len = (uint32_t)sonde_fragments_next(&f, buffer, WIRE_MAX);
	}
	sonde_dissect(out, buffer, len, wire_len, p.layers[0].proto->ids[2]);
	out->cap = WIRE_MAX;
	sonde_infer(out);
}

static void a_part_is_written_over(void **state)
{
	const struct part_row *row = *state;
	char printed[1024];
	uint8_t buffer[WIRE_MAX], want_buffer[WIRE_MAX];
	struct sonde_spec base = { 0 }, over = { 0 }, merged = { 0 };
	struct sonde_incomplete_sums kept;
	struct sonde_packet p, want;
	struct sonde_text t = sonde_text(printed, sizeof printed);
	build_part(&p, buffer, row->whole, row->fragment);
	sonde_print(&t, &p);
	assert_int_equal(sonde_notation_parse(&base, printed, t.len, NULL, NULL), 0);
	assert_int_equal(sonde_notation_parse(&over, row->over, strlen(row->over), NULL, NULL), 0);
	assert_int_equal(sonde_spec_overlay(&merged, &base, &over), 0);
	sonde_incomplete_sums_find(&kept, &p, false);
	sonde_incomplete_sums_drop(&kept, &over);
	uint32_t missing = p.missing;
	assert_int_equal(sonde_spec_packet(&p, &merged, 0, 1, false, NULL), 0);
	p.missing = missing;
	sonde_incomplete_sums_update(&p, &kept);
	build_part(&want, want_buffer, row->want, row->fragment);
	wire_equal(p.data, p.len, want.data, want.len);
	sonde_spec_free(&base);
	sonde_spec_free(&over);
	sonde_spec_free(&merged);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_written_over, rows);
	UNIT_ROWS(&u, a_part_is_written_over, parts);
	return unit_run(&u, "overlay");
}

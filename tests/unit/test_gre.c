#include "proto/gre.h"

#include "base/text.h"
#include "packet/print.h"
#include "tests/unit/oracle.h"

#define IP4 "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "gre: IPv4 in it",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / gre / ip id=1 src=192.0.2.1 dst=192.0.2.2 / "
	  "udp sport=1000 dport=2000",
	  "4500003400010000402f66980a0000010a000002000008004500001c000100004011f6ccc0000201c000020203e807d000087022" },
	{ "gre: checksum, key and sequence",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / gre flags=C+K+S key=7 seq=9 / ip6 src=2001:db8::1 dst=2001:db8::2 / "
	  "udp sport=1000 dport=2000",
	  "4500005400010000402f66780a0000010a000002b00086dd57e200000000000700000009600000000008114020010db800000000"
	  "000000000000000120010db800000000000000000000000203e807d0000898b1" },
	{ "gre: Ethernet in it",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / gre key=42 / "
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "udp sport=1000 dport=2000",
	  "4500004600010000402f66860a0000010a000002200065580000002a02000000000202000000000108004500001c000100004011"
	  "66ce0a0000010a00000203e807d00008e023" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* pptp.pcap, frame 16 */
	{ "gre: PPTP, version 1",
	  "ether dst=08:00:20:9f:6b:72 src=00:00:00:00:00:00 / ip id=956 ttl=128 src=10.1.1.11 dst=10.1.1.10 / "
	  "gre flags=K+S version=1 key=3145728 / hdlc / ppp proto=lcp / "
	  "hex:0100002c0506021952cf070208020d03061104064e13170129f76a9077f1472c835247f271d656070000000c",
	  "0800209f6b7200000000000008004500005003bc0000802f20ad0a01010b0a01010a3001880b0030000000000000ff03c0210100"
	  "002c0506021952cf070208020d03061104064e13170129f76a9077f1472c835247f271d656070000000c" },
};

/* Source route entries, from the drawing in RFC 1701. */
static const struct wire_row drawn[] = {
	{ "gre: a source route", IP4 "gre flags=R+K+S key=5 seq=6 sre=080000040a00000300000000 / hex:0102",
	  "4500003200010000402f669a0a0000010a000002 7000 88b5 0000 0000 00000005 00000006 080000040a000003 00000000 "
	  "0102" },
};

static void empty(libnet_t *l)
{
	libnet_build_gre(0, ETHERTYPE_IP, 0, 0, 0, 0, LIBNET_GRE_H, NULL, 0, l, 0);
	oracle_ip4(l, LIBNET_GRE_H, IPPROTO_GRE);
}

static void every_word(libnet_t *l)
{
	libnet_build_egre(GRE_CSUM | GRE_KEY | GRE_SEQ, ETHERTYPE_IP, 0, 0, 7, 9, LIBNET_GRE_H + 12 + 4,
			  (const uint8_t *)"abcd", 4, l, 0);
	oracle_ip4(l, LIBNET_GRE_H + 12 + 4, IPPROTO_GRE);
}

static void source_route(libnet_t *l)
{
	uint8_t hop[] = { 10, 0, 0, 3 };
	libnet_build_gre_last_sre(l, 0);
	libnet_build_gre_sre(ETHERTYPE_IP, 4, sizeof hop, hop, NULL, 0, l, 0);
	libnet_build_gre(GRE_ROUTING, ETHERTYPE_IP, 0, 0, 0, 0, LIBNET_GRE_H + 4 + 2 * LIBNET_GRE_SRE_H + sizeof hop,
			 NULL, 0, l, 0);
	oracle_ip4(l, LIBNET_GRE_H + 4 + 2 * LIBNET_GRE_SRE_H + sizeof hop, IPPROTO_GRE);
}

static const struct oracle_row libnet_rows[] = {
	{ "gre: libnet", IP4 "gre type=0x0800", empty, { 0, 0 } },
	{ "gre: libnet with a source route",
	  IP4 "gre flags=R type=0x0800 sre=080004040a00000300000000",
	  source_route,
	  { 0, 0 } },
	{ "gre: libnet with checksum, key and sequence",
	  IP4 "gre flags=C+K+S type=0x0800 key=7 seq=9 / text:abcd",
	  every_word,
	  { 0, 0 } },
};

/* What a text says by itself, and what is printed of its bytes. */
static const struct flag_row {
	const char *name, *text, *printed;
	uint32_t flags;
} flag_rows[] = {
	{ "gre: a key says K", "gre key=5", "gre key=5", SONDE_GRE_K },
	{ "gre: any order will do", "gre ack=2 seq=1 key=5", "gre key=5 seq=1 ack=2",
	  SONDE_GRE_K | SONDE_GRE_S | SONDE_GRE_A },
	{ "gre: a checksum left to the builder says C", "gre checksum=auto", "gre flags=C", SONDE_GRE_C },
	{ "gre: a checksum says C", "gre checksum=0x1234", "gre checksum=0x1234", SONDE_GRE_C },
	{ "gre: a key of 0 leaves K to be said", "gre key=0", "gre flags=K", SONDE_GRE_K },
	{ "gre: one word of two leaves both to be said", "gre key=0 seq=7", "gre flags=K+S seq=7",
	  SONDE_GRE_K | SONDE_GRE_S },
	{ "gre: others are written as ever", "gre flags=K+strict key=5", "gre flags=K+strict key=5",
	  SONDE_GRE_K | 0x100 },
	{ "gre: routing needs its flag", "gre flags=R+K key=5 sre=00000000", "gre flags=R+K key=5 sre=00000000",
	  SONDE_GRE_R | SONDE_GRE_K },
};

static void flags_follow_the_words(void **state)
{
	const struct flag_row *row = *state;
	uint8_t packet[WIRE_MAX];
	char text[200];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(text, sizeof text);
	wire_build(&p, packet, row->text);
	assert_int_equal(sonde_get(packet, SONDE_GRE_FLAGS), row->flags);
	wire_read(&p, packet, p.len, &sonde_gre);
	sonde_infer(&p);
	sonde_print(&t, &p);
	assert_string_equal(text, row->printed);
}

static void written_flags_stand(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	sonde_packet_init(&p, packet, sizeof packet);
	int gre = sonde_push(&p, &sonde_gre);
	assert_int_equal(sonde_set(&p, gre, SONDE_GRE_FLAGS, 0), 0);
	assert_int_equal(sonde_set(&p, gre, SONDE_GRE_KEY, 5), SONDE_E_ABSENT);
	assert_int_equal(sonde_set_auto(&p, gre, SONDE_GRE_CHECKSUM), SONDE_E_ABSENT);
	assert_int_equal(p.len, 4);
}

/* What cannot be written leaves no trace. */
static void a_refused_word_is_not_announced(void **state)
{
	uint8_t packet[8];
	struct sonde_packet p;
	(void)state;
	sonde_packet_init(&p, packet, sizeof packet);
	int gre = sonde_push(&p, &sonde_gre);
	assert_int_equal(sonde_set(&p, gre, SONDE_GRE_KEY, UINT64_C(1) << 32), SONDE_E_RANGE);
	assert_int_equal(sonde_set(&p, gre, SONDE_GRE_SEQ, 1), 0);
	assert_int_equal(sonde_set(&p, gre, SONDE_GRE_KEY, 1), SONDE_E_SPACE);
	assert_int_equal(sonde_get(packet, SONDE_GRE_FLAGS), SONDE_GRE_S);
	assert_int_equal(p.len, 8);
}

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum(IP4 "gre", &sonde_gre, SONDE_SUM_NONE);
	wire_sum(IP4 "gre flags=C / text:x", &sonde_gre, SONDE_SUM_OK);
	wire_sum(IP4 "gre flags=C checksum=1 / text:x", &sonde_gre, SONDE_SUM_WRONG);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_ROWS(&u, flags_follow_the_words, flag_rows);
	UNIT_TEST(&u, written_flags_stand);
	UNIT_TEST(&u, a_refused_word_is_not_announced);
	UNIT_TEST(&u, checksums_are_judged);
	return unit_run(&u, "gre");
}

#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "hopopts: router alert and filling",
	  "ip6 src=fe80::1 dst=ff02::1 / hopopts options=ra:0 / icmp6 type=mld-report code=0 group=ff02::1",
	  "6000000000200001fe800000000000000000000000000001ff0200000000000000000000000000013a0005020000010083008023"
	  "00000000ff020000000000000000000000000001" },
	{ "hopopts: jumbo payload", "ip6 length=0 src=2001:db8::1 dst=2001:db8::2 / hopopts options=jumbo:65544",
	  "600000000000004020010db800000000000000000000000120010db80000000000000000000000023b00c20400010008" },
	{ "hopopts: filled up with padn",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts options=pad1,pad1 / udp sport=1000 dport=2000",
	  "600000000010004020010db800000000000000000000000120010db8000000000000000000000002110000000102000003e807d0"
	  "000898b1" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* dcb_ets.pcap, frame 10 */
	{ "hopopts: MLD report",
	  "ether dst=33:33:00:00:00:16 src=08:00:27:46:e8:84 / ip6 src=fe80::a00:27ff:fe46:e884 dst=ff02::16 / "
	  "hopopts options=ra:0 / icmp6 type=mld-report2 code=0 "
	  "records=to_ex:[ff02::1:ff00:0],to_ex:[ff02::1:ff46:e884],to_ex:[ff02::2],to_ex:[ff02::202]",
	  "33330000001608002746e88486dd6000000000600001fe800000000000000a0027fffe46e884ff02000000000000000000000000"
	  "00163a000502000001008f0065250000000404000000ff0200000000000000000001ff00000004000000ff020000000000000000"
	  "0001ff46e88404000000ff02000000000000000000000000000204000000ff020000000000000000000000000202" },
};

/* Options from their drawings in RFC 2473, 8250, 9268, 9486 and 4782. */
static const struct wire_row drawn[] = {
	{ "hopopts: every option with rows",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts "
	  "options=limit:4,pdm:1:2:3:4:5:6,minmtu:1400:700:1,qs:0700000000000001",
	  "6000000000280040 20010db8000000000000000000000001 20010db8000000000000000000000002 3b04 040104"
	  "0f0a 01 02 0003 0004 0005 0006 3004 0578 0579 2608 0700000000000001 01050000000000" },
	{ "hopopts: an option without a description, filling by one byte",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts options=30:010203",
	  "600000000008004020010db800000000000000000000000120010db8000000000000000000000002 3b00 1e03010203 00" },
	{ "hopopts: filling that is not zero", "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts options=1:01020304",
	  "600000000008004020010db800000000000000000000000120010db8000000000000000000000002 3b00 010401020304" },
};

static void router_alert(libnet_t *l)
{
	static const uint8_t options[] = { 5, 2, 0, 0, 1, 0 };
	libnet_build_udp(1000, 2000, LIBNET_UDP_H, 0xe023, NULL, 0, l, 0);
	libnet_build_ipv6_hbhopts(IPPROTO_UDP, 0, options, sizeof options, l, 0);
	oracle_ip6(l, 16, 0, 64);
}

/* Behind such a header libnet writes a computed checksum into it (its issue 34): the row gives one. */
static const struct oracle_row libnet_rows[] = {
	{ "hopopts: libnet",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts options=ra:0 / udp sport=1000 dport=2000 checksum=0xe023",
	  router_alert,
	  { 0, 0 } },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	return unit_run(&u, "hopopts");
}

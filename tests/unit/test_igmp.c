#include "proto/igmp.h"

#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "igmp: query, version 2", "ip id=1 src=10.0.0.1 dst=224.0.0.1 / igmp type=query maxresp=100 group=0.0.0.0",
	  "4500001c000100000102cfdd0a000001e00000011164ee9b00000000" },
	{ "igmp: report, version 2", "ip id=1 src=10.0.0.1 dst=224.1.2.3 / igmp type=report2 group=224.1.2.3",
	  "4500001c000100000102cdda0a000001e0010203160007fbe0010203" },
	{ "igmp: query, version 3",
	  "ip tos=0xc0 id=1 src=10.0.0.1 dst=224.1.2.3 / "
	  "igmp type=query maxresp=100 group=224.1.2.3 s=1 qrv=2 qqic=125 sources=10.0.0.5,10.0.0.6",
	  "45c00028000100000102cd0e0a000001e00102031164ee0ce00102030a7d00020a0000050a000006" },
	{ "igmp: report, version 3",
	  "ip tos=0xc0 id=1 src=10.0.0.1 dst=224.0.0.22 / "
	  "igmp type=report3 records=to_ex:224.1.2.3,allow:224.1.2.4:10.0.0.5+10.0.0.6",
	  "45c00034000100000102cef00a000001e00000162200fce50000000204000000e001020305000002e00102040a0000050a000006" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* eapon1.pcap, frame 44 */
	{ "igmp: report with router alert around",
	  "ether dst=01:00:5e:00:00:16 src=00:04:23:57:a5:7a / "
	  "ip id=14528 src=169.254.67.194 dst=224.0.0.22 options=ra / "
	  "igmp type=report3 records=to_ex:239.255.255.250",
	  "01005e00001600042357a57a08004600002838c0000001021e39a9fe43c2e0000016940400002200ea030000000104000000efff"
	  "fffa" },
};

/* A record with auxiliary data, from the drawing in RFC 9776, 4.2. */
static const struct wire_row drawn[] = {
	{ "igmp: bytes behind the records", "igmp type=report3 records=is_in:224.1.2.3:1.2.3.4:0a0b0c0d / text:x",
	  "2200 68d9 0000 0001 01 01 0001 e0010203 01020304 0a0b0c0d 78" },
	{ "igmp: bytes behind the sources", "igmp type=query group=224.1.2.3 qrv=2 sources=1.2.3.4 / text:x",
	  "1100 8ef3 e0010203 02 00 0001 01020304 78" },
	{ "igmp: auxiliary data", "igmp type=report3 records=is_in:224.1.2.3:1.2.3.4:0a0b0c0d",
	  "2200 e0d9 0000 0001 01 01 0001 e0010203 01020304 0a0b0c0d" },
	{ "igmp: a count that promises more", "igmp type=report3 nrecords=9 records=to_in:224.1.2.3",
	  "2200 f8f1 0000 0009 03 00 0000 e0010203" },
};

static void report(libnet_t *l)
{
	libnet_build_igmp(IGMP_V2_MEMBERSHIP_REPORT, 0, 0, oracle_addr4("224.1.2.3"), NULL, 0, l, 0);
	libnet_build_ipv4(LIBNET_IPV4_H + LIBNET_IGMP_H, 0, 1, 0, 1, IPPROTO_IGMP, 0, oracle_addr4("10.0.0.1"),
			  oracle_addr4("224.1.2.3"), NULL, 0, l, 0);
}

static const struct oracle_row libnet_rows[] = {
	{ "igmp: libnet", "ip id=1 src=10.0.0.1 dst=224.1.2.3 / igmp type=report2 group=224.1.2.3", report, { 0, 0 } },
};

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum("ip dst=224.0.0.1 / igmp type=query group=0.0.0.0", &sonde_igmp, SONDE_SUM_OK);
	wire_sum("ip dst=224.0.0.1 / igmp type=query group=0.0.0.0 checksum=0", &sonde_igmp, SONDE_SUM_WRONG);
}

/* RFC 9776, 7.1: the length tells the versions of a query apart. */
static void a_query_is_as_long_as_its_version(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "igmp type=query group=0.0.0.0");
	assert_int_equal(p.len, 8);
	wire_build(&p, packet, "igmp type=query group=0.0.0.0 qrv=2");
	assert_int_equal(p.len, 12);
	wire_build(&p, packet, "igmp type=query group=0.0.0.0 sources=1.2.3.4,1.2.3.5");
	assert_int_equal(p.len, 20);
	assert_int_equal(sonde_get(packet, SONDE_IGMP_NSOURCES), 2);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, checksums_are_judged);
	UNIT_TEST(&u, a_query_is_as_long_as_its_version);
	return unit_run(&u, "igmp");
}

#include "proto/sctp.h"

#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "sctp: init",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "sctp sport=1000 dport=2905 vtag=0x00000000 chunks=init:0:0x11223344:65535:10:5:7",
	  "4500003400010000408466430a0000010a00000203e80b590000000007aee82301000014112233440000ffff000a000500000007" },
	{ "sctp: data that has to be filled up",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "sctp sport=1000 dport=2905 vtag=0x11223344 chunks=data:BE:7:1:2:3:68656c6c6f",
	  "45000038000100004084663f0a0000010a00000203e80b5911223344e41d401f0003001500000007000100020000000368656c6c"
	  "6f000000" },
	{ "sctp: sack with gaps and duplicates",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "sctp sport=1000 dport=2905 vtag=0x11223344 chunks=sack:0:7:1500:2-3+5-6:7+8",
	  "4500004000010000408466370a0000010a00000203e80b591122334481cb237c0300002000000007000005dc0002000200020003"
	  "000500060000000700000008" },
	{ "sctp: several chunks",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / "
	  "sctp sport=1000 dport=2905 vtag=0x11223344 chunks=cookie-echo:0:01020304,data:UBE:7:1:0:3:78",
	  "600000000028844020010db800000000000000000000000120010db800000000000000000000000203e80b5911223344c0d6ac58"
	  "0a000008010203040007001100000007000100000000000378000000" },
	{ "sctp: abort, tag reflected",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x11223344 chunks=abort:T",
	  "4500002400010000408466530a0000010a00000203e80b5911223344eba9fc2606010004" },
	{ "sctp: shutdown in three steps at once",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "sctp sport=1000 dport=2905 vtag=0x11223344 chunks=shutdown:0:9,shutdown-ack,shutdown-complete,cookie-ack",
	  "4500003400010000408466430a0000010a00000203e80b5911223344d86f2f710700000800000009080000040e0000040b000004" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* forces2.pcap, frame 1 */
	{ "sctp: init of Linux, with parameters",
	  "sll pkttype=outgoing addr=00:0c:29:b2:a1:17 / "
	  "ip tos=0x02 id=0 flags=DF src=192.168.1.142 dst=192.168.1.143 / "
	  "sctp sport=33985 dport=6704 vtag=0x00000000 "
	  "chunks=init:0:0x94d02198:57344:1:1:3848071494:000c00060005000080000004c0000004",
	  "000400010006000c29b2a1170000080045020044000040004084b5c6c0a8018ec0a8018f84c11a3000000000259ef43f01000024"
	  "94d021980000e00000010001e55ce946000c00060005000080000004c0000004" },
};

/* Chunks from their drawings in RFC 3758, 4895, 5061, 8260 and 9260; the checksums are not in those documents. */
static const struct wire_row drawn[] = {
	{ "sctp: causes, streams, flags one by one",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 "
	  "chunks=abort:0:000c0004,i-forward-tsn:0:9:0001000000000002,data:B:1:2:3:4:55,shutdown-complete:T",
	  "0001 0002 00000003 00000000 06000008 000c0004 c2000010 00000009 0001000000000002"
	  "00020011 00000001 0002 0003 00000004 55 000000 0e010004" },
	{ "sctp: chunks of other documents",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 "
	  "chunks=auth:0:1:3:0102,asconf:0:7:0a0b0c0d,forward-tsn:0:9:1-2+3-4,i-data:BE:5:6:7:8:aabbcc,re-config:0:00,"
	  "77:0105",
	  "0001 0002 00000003 00000000 0f00000a 0001 0003 0102 0000 c100000c 00000007 0a0b0c0d"
	  "c0000010 00000009 0001 0002 0003 0004 40030017 00000005 0006 0000 00000007 00000008 aabbcc 00"
	  "82000005 00 000000 4d010005 05 000000" },
	{ "sctp: error and congestion",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 "
	  "chunks=error:0:00060004,ecne:0:5,cwr:0:5,heartbeat:0:00010004",
	  "0001 0002 00000003 00000000 09000008 00060004 0c000008 00000005 0d000008 00000005 04000008 00010004" },
	{ "sctp: flags without a letter",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 chunks=data:0xf3:1:2:3:4:55,cookie-ack:5",
	  "0001 0002 00000003 00000000 00f30011 00000001 0002 0003 00000004 55 000000 0b050004" },
};

/* Chunks that lie. */
static const struct wire_row broken[] = {
	{ "sctp: the last chunk is not filled up",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 chunks=data.17:0300000001000200030000000455",
	  "0001 0002 00000003 00000000 00030011 00000001 0002 0003 00000004 55" },
	{ "sctp: a chunk longer than the packet",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 chunks=cookie-ack.99:00",
	  "0001 0002 00000003 00000000 0b000063" },
	{ "sctp: a chunk of length 0",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 chunks=cookie-ack.0:00",
	  "0001 0002 00000003 00000000 0b000000" },
};

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum("ip dst=1.2.3.4 / sctp dport=7 chunks=cookie-ack", &sonde_sctp, SONDE_SUM_OK);
	wire_sum("ip dst=1.2.3.4 / sctp dport=7 checksum=0 chunks=cookie-ack", &sonde_sctp, SONDE_SUM_WRONG);
	wire_sum("ip flags=MF dst=1.2.3.4 / sctp dport=7 chunks=cookie-ack", &sonde_sctp, SONDE_SUM_FRAGMENT);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, broken);
	UNIT_TEST(&u, checksums_are_judged);
	return unit_run(&u, "sctp");
}

#include "proto/sctp.h"

#include "tests/unit/law.h"
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
	{ "sctp: init with parameters",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x00000000 "
	  "chunks=init:0:0x11223344:65535:10:5:7:[ipv4:10.0.0.1,ipv6:2001:db8::1,cookie-preservative:1000,"
	  "supported-address-types:ipv4+ipv6,ecn-capable,"
	  "auth-random:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,chunk-list:forward-tsn+asconf,"
	  "requested-hmacs:sha1+sha256,supported-extensions:forward-tsn+asconf+re-config,forward-tsn-supported,"
	  "adaptation-layer:7]",
	  "450000ac00010000408465cb0a0000010a00000203e80b590000000070836b560100008c112233440000ffff000a000500000007"
	  "000500080a0000010006001420010db800000000000000000000000100090008000003e8000c0008000500068000000480020024"
	  "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f80030006c0c10000800400080001000380080007"
	  "c0c18200c0000004c006000800000007" },
	{ "sctp: a parameter that has to be filled up, last and not",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x00000000 "
	  "chunks=init:0:0x00000001:2:3:4:5:[supported-address-types:ipv4,supported-address-types:ipv6,hex:]",
	  "4500004400010000408466330a0000010a00000203e80b59000000009c79698b0100002400000001000000020003000400000005"
	  "000c000600050000000c000600060000" },
	{ "sctp: cookie",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x11223344 "
	  "chunks=init-ack:0:0x55667788:65535:10:5:9:[state-cookie:62697363756974,unrecognized-parameter:[49271:]]",
	  "45000048000100004084662f0a0000010a00000203e80b5911223344002f7ddc02000028556677880000ffff000a000500000009"
	  "0007000b626973637569740000080008c0770004" },
	{ "sctp: heartbeat",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x11223344 "
	  "chunks=heartbeat:0:[heartbeat-info:01020304]",
	  "4500002c000100004084664b0a0000010a00000203e80b5911223344212957570400000c0001000801020304" },
	{ "sctp: addresses come and go",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x11223344 "
	  "chunks=asconf:0:7:[ipv4:10.0.0.1,add-ip:1:[ipv4:10.0.0.9],delete-ip:2:[ipv4:10.0.0.8],"
	  "set-primary:3:[ipv4:10.0.0.7]]",
	  "4500006000010000408466170a0000010a00000203e80b591122334473469689c100004000000007000500080a000001c0010010"
	  "00000001000500080a000009c002001000000002000500080a000008c004001000000003000500080a000007" },
	{ "sctp: and are acknowledged",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x11223344 "
	  "chunks=asconf-ack:0:7:[success-indication:1,"
	  "error-cause-indication:2:[delete-last-ip:[delete-ip:2:[ipv4:10.0.0.8]]]]",
	  "4500004c000100004084662b0a0000010a00000203e80b59112233440adbafb68000002c00000007c005000800000001c003001c"
	  "0000000200a00014c002001000000002000500080a000008" },
	{ "sctp: error causes",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x11223344 "
	  "chunks=error:0:[invalid-stream:7,missing-parameter:state-cookie,stale-cookie:256,out-of-resource,"
	  "unresolvable-address:[host-name:ab\\x00,hex:],unrecognized-chunk:[77:01],invalid-parameter,"
	  "unrecognized-parameters:[49271:aa,hex:],no-user-data:7,cookie-while-shutting-down,"
	  "restart-with-new-addresses:[ipv4:10.0.0.9],unsupported-hmac:sha1,"
	  "delete-last-ip:[delete-ip:2:[ipv4:10.0.0.8]],protocol-violation:odd]",
	  "450000a400010000408465d30a0000010a00000203e80b5911223344373ba1800900008300010008000700000002000a00000001"
	  "000700000003000800000100000400040005000c000b000761620000000600084d010004000700040008000cc0770005aa000000"
	  "0009000800000007000a0004000b000c000500080a000009010500060001000000a00014c002001000000002000500080a000008"
	  "000d00076f646400" },
	{ "sctp: abort by the user",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / sctp sport=1000 dport=2905 vtag=0x11223344 "
	  "chunks=abort:0:[user-initiated-abort:bye]",
	  "4500002c000100004084664b0a0000010a00000203e80b59112233444b879fa80600000b000c000762796500" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* forces2.pcap, frame 1 */
	{ "sctp: init of Linux, with parameters",
	  "sll pkttype=outgoing addr=00:0c:29:b2:a1:17 / "
	  "ip tos=0x02 id=0 flags=DF src=192.168.1.142 dst=192.168.1.143 / "
	  "sctp sport=33985 dport=6704 vtag=0x00000000 "
	  "chunks=init:0:0x94d02198:57344:1:1:3848071494:[supported-address-types:ipv4,ecn-capable,"
	  "forward-tsn-supported]",
	  "000400010006000c29b2a1170000080045020044000040004084b5c6c0a8018ec0a8018f84c11a3000000000259ef43f01000024"
	  "94d021980000e00000010001e55ce946000c00060005000080000004c0000004" },
};

/* Chunks from their drawings in RFC 3758, 4895, 5061, 8260 and 9260; the checksums are not in those documents. */
static const struct wire_row drawn[] = {
	{ "sctp: causes, streams, flags one by one",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 "
	  "chunks=abort:0:user-initiated-abort,i-forward-tsn:0:9:[1:2,3:4:U],data:B:1:2:3:4:55,shutdown-complete:T",
	  "0001 0002 00000003 00000000 06000008 000c0004 c2000018 00000009 0001000000000002 0003000100000004"
	  "00020011 00000001 0002 0003 00000004 55 000000 0e010004" },
	{ "sctp: chunks of other documents",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 "
	  "chunks=auth:0:1:3:0102,asconf:0:7:[2571.3085:],"
	  "forward-tsn:0:9:1-2+3-4,i-data:BE:5:6:7:8:aabbcc,re-config:0:[hex:00],"
	  "77:0105",
	  "0001 0002 00000003 00000000 0f00000a 0001 0003 0102 0000 c100000c 00000007 0a0b0c0d"
	  "c0000010 00000009 0001 0002 0003 0004 40030017 00000005 0006 0000 00000007 00000008 aabbcc 00"
	  "82000005 00 000000 4d010005 05 000000" },
	{ "sctp: error and congestion",
	  "sctp sport=1 dport=2 vtag=0x00000003 checksum=0x00000000 "
	  "chunks=error:0:unrecognized-chunk,ecne:0:5,cwr:0:5,heartbeat:0:heartbeat-info",
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

/* A parameter that holds a parameter, and so on: deeper down it is hex digits, and comes back all the same. */
static void parameters_in_parameters_have_an_end(void **state)
{
	enum { LEVELS = 4000, HEADER = 12, CHUNK = 4, PARAM = 4 };
	static uint8_t packet[HEADER + CHUNK + LEVELS * PARAM];
	(void)state;
	packet[HEADER] = SONDE_SCTP_HEARTBEAT;
	sonde_put_be16(packet + HEADER + 2, sizeof packet - HEADER);
	for (size_t i = 0; i < LEVELS; i++) {
		uint8_t *param = packet + HEADER + CHUNK + i * PARAM;
		sonde_put_be16(param, 8);
		sonde_put_be16(param + 2, (uint16_t)((LEVELS - i) * PARAM));
	}
	const char *text = law_check(packet, sizeof packet, sizeof packet, law_first(&sonde_sctp));
	assert_non_null(strstr(text, "unrecognized-parameter:[unrecognized-parameter:[8:0008"));
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, broken);
	UNIT_TEST(&u, checksums_are_judged);
	UNIT_TEST(&u, parameters_in_parameters_have_an_end);
	return unit_run(&u, "sctp");
}

#include "tests/unit/wire.h"

/* RFC 7296, 2.5, 3.1 and 3.2, and RFC 3948, 2.2, in hex. */
static const struct wire_row drawn[] = {
	{ "isakmp: a header", "isakmp ispi=0x1122334455667788 exchange=ike-sa-init flags=I",
	  "1122334455667788 0000000000000000 00 20 22 08 00000000 0000001c" },
	{ "isakmp: payloads name the next one",
	  "isakmp ispi=0x1122334455667788 next=sa exchange=ike-sa-init flags=I payloads=nonce:0001,vendor:0a0b0c,none",
	  "1122334455667788 0000000000000000 21 20 22 08 00000000 0000002d 28 00 0006 0001 2b 00 0007 0a0b0c "
	  "00 00 0004" },
	{ "isakmp: a critical payload",
	  "isakmp ispi=0x1122334455667788 rspi=0x0000000000000001 next=200 exchange=informational flags=R id=1 "
	  "payloads=none:ff:critical=1,none:aa:reserved=0x01",
	  "1122334455667788 0000000000000001 c8 20 25 20 00000001 00000026 00 80 0005 ff 00 01 0005 aa" },
	{ "isakmp: an encrypted payload of version 2",
	  "isakmp ispi=0x1122334455667788 rspi=0x0000000000000001 next=sk exchange=ike-auth flags=I "
	  "id=1 payloads=idi:00010203",
	  "1122334455667788 0000000000000001 2e 20 23 08 00000001 00000024 23 00 0008 00010203" },
	{ "isakmp: version 1 encrypts what follows the header",
	  "isakmp ispi=0x1122334455667788 rspi=0x0000000000000001 next=hash major=1 exchange=quick "
	  "flags=E id=7 / hex:00010203",
	  "1122334455667788 0000000000000001 08 10 20 01 00000007 00000020 00010203" },
	{ "isakmp: a payload that is longer than the message",
	  "isakmp ispi=0x1122334455667788 next=sa exchange=ike-sa-init payloads=hex:2800000900",
	  "1122334455667788 0000000000000000 21 20 22 00 00000000 00000021 28 00 0009 00" },
	{ "isakmp: a length that ends before the datagram",
	  "isakmp ispi=0x1122334455667788 exchange=ike-sa-init length=28 / hex:00",
	  "1122334455667788 0000000000000000 00 20 22 00 00000000 0000001c 00" },
	{ "isakmp: version 3, which has no responder", "isakmp ispi=0x1122334455667788 major=3 exchange=ike-sa-init",
	  "1122334455667788 0000000000000000 00 30 22 00 00000000 0000001c" },
};

/* Behind UDP: IKE, a marker and IKE, ESP, a byte that keeps an address translation alive. */
#define IP_OF(length, sum) "450000" length "0001 0000 40 11" sum "0a000001 0a000002"
static const struct wire_row behind_udp[] = {
	{ "isakmp: port 500",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=500 dport=500 / isakmp "
	  "ispi=0x0000000000000001 exchange=ike-sa-init",
	  IP_OF("38", "66b2") "01f4 01f4 0024 c57e 0000000000000001 0000000000000000 00202200 00000000 0000001c" },
	{ "isakmp: port 4500",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=4500 dport=4500 / nonesp / isakmp ispi=0x0000000000000001 "
	  "exchange=ike-sa-init",
	  IP_OF("3c", "66ae") "1194 1194 0028 a636 00000000 0000000000000001 0000000000000000 00202200 00000000 "
	  "0000001c" },
	{ "isakmp: none behind the marker",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=4500 dport=4500 / nonesp / hex:00",
	  IP_OF("21", "66c9") "1194 1194 000d c8a9 00000000 00" },
	{ "isakmp: ESP at the same port",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=4500 dport=4500 / esp spi=0x00000001 / zero:4",
	  IP_OF("28", "66c2") "1194 1194 0014 c899 00000001 00000001 00000000" },
	{ "isakmp: what keeps a translation alive",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=4500 dport=4500 / hex:ff",
	  IP_OF("1d", "66cd") "1194 1194 0009 c9b0 ff" },
	{ "isakmp: no IKE at its port", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=500 dport=500 / text:hello",
	  IP_OF("21", "66c9") "01f4 01f4 000d a417 68656c6c6f" },
};

/* IKEv1.pcap of the tests of Arkime, frame 1. */
static const struct wire_row captured[] = {
	{ "isakmp: the first message of main mode",
	  "ether dst=08:5b:0e:3c:11:5d src=b4:0c:25:05:8e:10 / ip6 src=2003:51:6012::2 dst=2003:51:6012::4 / "
	  "udp sport=500 dport=500 / isakmp ispi=0xe8836b356b7c1bae next=sa1 major=1 exchange=main "
	  "payloads=vendor1:00000001000000010000002c010100010000002401010000800b0001800c708080010007800e01008003000180"
	  "02000680040014,vendor1:afcad71368a1f1c96b8696fc77570100,none:a9b9b1034f7e50a2513b47b100bb85a9",
	  "085b0e3c115db40c25058e1086dd6000000000841140200300516012000000000000000000022003005160120000000000000000"
	  "000401f401f4008496dde8836b356b7c1bae000000000000000001100200000000000000007c0d00003800000001000000010000"
	  "002c010100010000002401010000800b0001800c708080010007800e01008003000180020006800400140d000014afcad71368a1"
	  "f1c96b8696fc7757010000000014a9b9b1034f7e50a2513b47b100bb85a9" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test, behind_udp);
	UNIT_ROWS(&u, wire_test, captured);
	return unit_run(&u, "isakmp");
}

#include "proto/wlan.h"

#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes; it writes the duration most significant byte first, so there is none in them. */
static const struct wire_row rows[] = {
	{ "wlan: a beacon",
	  "wlan type=beacon addr1=ff:ff:ff:ff:ff:ff addr2=02:00:00:00:00:01 addr3=02:00:00:00:00:01 frag=3 seq=77 "
	  "timestamp=72623859790382856 capabilities=ess+privacy+shortslot elements=ssid:home\\x20net,"
	  "supported-rates:basic-1M+basic-2M+basic-5.5M+basic-11M+6M,ds:6,tim:0:1:0:00,country:DE\\x20:[1:13:20],"
	  "erp:0x00,rsn:1:ccmp:ccmp+tkip:psk+sae:0x00c0::bip-cmac-128,"
	  "ht-capabilities:0x0000:0x03:00000000000000000000000000000000:0x0000:0x00000000:0x00,"
	  "vendor:wpa:1:wpa-tkip:wpa-tkip:wpa-psk,vendor:0x00101802:0000,tpc-report:20:0",
	  "80000000ffffffffffff020000000001020000000001d3040807060504030201640011040008686f6d65206e6574010582848b96"
	  "0c0301060504000100000706444520010d142a010030220100000fac040200000fac04000fac020200000fac02000fac08c00000"
	  "00000fac062d1a0000030000000000000000000000000000000000000000000000dd160050f20101000050f20201000050f20201"
	  "000050f202dd0600101802000023021400" },
	{ "wlan: a probe request",
	  "wlan type=probe-request addr1=ff:ff:ff:ff:ff:ff addr2=02:00:00:00:00:02 addr3=ff:ff:ff:ff:ff:ff seq=1 "
	  "elements=ssid,supported-rates:1M+2M+5.5M+11M",
	  "40000000ffffffffffff020000000002ffffffffffff10000000010402040b16" },
	{ "wlan: authentication",
	  "wlan type=auth addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:01 seq=2 authseq=2 "
	  "status=unsupported-auth-algorithm",
	  "b00000000200000000010200000000020200000000012000000002000d00" },
	{ "wlan: association",
	  "wlan type=assoc-request addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:01 "
	  "capabilities=ess+privacy listeninterval=10 elements=ssid:x",
	  "00000000020000000001020000000002020000000001000011000a00000178" },
	{ "wlan: and its answer",
	  "wlan type=assoc-response addr1=02:00:00:00:00:02 addr2=02:00:00:00:00:01 addr3=02:00:00:00:00:01 "
	  "capabilities=ess status=no-more-stas aid=0xc001 elements=supported-rates:basic-1M",
	  "1000000002000000000202000000000102000000000100000100110001c0010182" },
	{ "wlan: reassociation",
	  "wlan type=reassoc-request addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:01 "
	  "capabilities=ess listeninterval=1 currentap=02:00:00:00:00:03 elements=ssid:x",
	  "20000000020000000001020000000002020000000001000001000100020000000003000178" },
	{ "wlan: deauthentication",
	  "wlan type=deauth addr1=02:00:00:00:00:02 addr2=02:00:00:00:00:01 addr3=02:00:00:00:00:01 "
	  "reason=invalid-class3-frame",
	  "c000000002000000000202000000000102000000000100000700" },
	{ "wlan: disassociation",
	  "wlan type=disassoc addr1=02:00:00:00:00:02 addr2=02:00:00:00:00:01 addr3=02:00:00:00:00:01 "
	  "reason=leaving-network-disassoc",
	  "a000000002000000000202000000000102000000000100000800" },
	{ "wlan: ack",
	  "wlan type=ack addr1=02:00:00:00:00:01",
	  "d4000000020000000001" },
	{ "wlan: cts",
	  "wlan type=cts addr1=02:00:00:00:00:01",
	  "c4000000020000000001" },
	{ "wlan: rts",
	  "wlan type=rts addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02",
	  "b4000000020000000001020000000002" },
	{ "wlan: data to an access point",
	  "wlan type=data flags=tods addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:03 seq=5 / "
	  "llc / ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=7 dport=9",
	  "080100000200000000010200000000020200000000035000aaaa0300000008004500001c00010000401166ce0a0000010a000002"
	  "000700090008ebcb" },
	{ "wlan: data between access points, of QoS",
	  "wlan type=qos-data flags=tods+fromds addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 "
	  "addr3=02:00:00:00:00:03 seq=5 addr4=02:00:00:00:00:04 tid=6 eosp=1 ackpolicy=1 txop=9 / llc / arp "
	  "op=request sha=02:00:00:00:00:02 spa=10.0.0.1 tpa=10.0.0.2",
	  "8803000002000000000102000000000202000000000350000200000000043609aaaa030000000806000108000604000102000000"
	  "00020a0000010000000000000a000002" },
	{ "wlan: null",
	  "wlan type=null flags=tods+pwrmgt addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:01",
	  "481100000200000000010200000000020200000000010000" },
	{ "wlan: encrypted",
	  "wlan type=data flags=tods+protected addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:03 "
	  "/ hex:0102030405",
	  "0841000002000000000102000000000202000000000300000102030405" },
};

#define AP   "02:00:00:00:00:01"
#define STA  "02:00:00:00:00:02"
#define ADDR "addr1=" AP " addr2=" STA " addr3=" AP

/* By hand, from the drawings of IEEE 802.11-2020, 9. */
static const struct wire_row drawn[] = {
	{ "wlan: a duration, and flags",
	  "wlan type=data flags=fromds+morefrag+retry+moredata duration=314 " ADDR " frag=1 seq=4095 / hex:aa",
	  "082e 3a01 020000000001 020000000002 020000000001 f1ff aa" },
	{ "wlan: block ack and its request",
	  "wlan type=block-ack-request addr1=" AP " addr2=" STA " bar=0x0005 start=0x0640",
	  "8400 0000 020000000001 020000000002 0500 4006" },
	{ "wlan: block ack",
	  "wlan type=block-ack addr1=" AP " addr2=" STA " bar=0x0005 start=0x0640 body=ff00000000000000",
	  "9400 0000 020000000001 020000000002 0500 4006 ff00000000000000" },
	{ "wlan: an action", "wlan type=action " ADDR " category=3 body=010203",
	  "d000 0000 020000000001 020000000002 020000000001 0000 03 00 010203" },
	{ "wlan: management that is encrypted", "wlan type=deauth flags=protected " ADDR " / hex:010203",
	  "c040 0000 020000000001 020000000002 020000000001 0000 010203" },
	{ "wlan: HT control", "wlan type=qos-data flags=tods+protected+htc " ADDR " htc=0x04030201 / hex:05",
	  "88c1 0000 020000000001 020000000002 020000000001 0000 0000 01020304 05" },
	{ "wlan: several packets in one", "wlan type=qos-data flags=tods " ADDR " amsdu=1 / hex:0203",
	  "8801 0000 020000000001 020000000002 020000000001 0000 8000 0203" },
	{ "wlan: elements that are left out at their ends",
	  "wlan type=probe-request " ADDR " elements=rsn:1,rsn:1:gcmp-256,rsn:1:ccmp:ccmp:psk-sha256+802.1x,"
	  "rsn:1:ccmp:ccmp:sae:0x0080:000102030405060708090a0b0c0d0e0f,request:ssid+tim+200",
	  "4000 0000 020000000001 020000000002 020000000001 0000 3002 0100 3006 0100 000fac09"
	  "3016 0100 000fac04 0100 000fac04 0200 000fac06 000fac01"
	  "3026 0100 000fac04 0100 000fac04 0100 000fac08 8000 0100 000102030405060708090a0b0c0d0e0f 0a03 0005c8" },
	{ "wlan: vendors, extensions, channels",
	  "wlan type=beacon addr1=ff:ff:ff:ff:ff:ff addr2=" AP " addr3=" AP " elements=vendor:wmm:0:1:0x80,"
	  "vendor:wps:10,extension:he-operation:0102,channel-switch:1:11:3,power-capability:-5:20,bss-load:2:128:1000,"
	  "mobility-domain:0x1234:0x01,vht-operation:1:42:0:0xfffc,supported-channels:1-13+36-4",
	  "8000 0000 ffffffffffff 020000000001 020000000001 0000 0000000000000000 6400 0000 dd07 0050f202 00 01 80"
	  "dd05 0050f204 10 ff03 24 0102 2503 010b03 2102 fb14 0b05 0200 80 e803 3603 3412 01 c005 01 2a 00 fcff"
	  "2404 010d 2404" },
};

/* Frames that are not as they should be. */
static const struct wire_row odd[] = {
	{ "wlan: elements that lie", "wlan type=probe-request " ADDR " elements=tim:1:2:3,48:0200000f,5:01,ssid.9:61",
	  "4000 0000 020000000001 020000000002 020000000001 0000 0503 010203 3004 0200000f 0501 01 0009 61" },
	{ "wlan: suites that are fewer than their number",
	  "wlan type=probe-request " ADDR " elements=48:0100000fac040200000fac04",
	  "4000 0000 020000000001 020000000002 020000000001 0000 300c 0100 000fac04 0200 000fac04" },
	{ "wlan: a beacon that is cut", "wlan type=beacon " ADDR " timestamp=1 have=32 / text:d",
	  "8000 0000 020000000001 020000000002 020000000001 0000 0100000000000000 64" },
	{ "wlan: a later fragment", "wlan type=data flags=tods " ADDR " frag=2 / hex:aaaa030000000800",
	  "0801 0000 020000000001 020000000002 020000000001 0200 aaaa030000000800" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, odd);
	return unit_run(&u, "wlan");
}

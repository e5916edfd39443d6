#include "tests/unit/wire.h"

#define ZEROS_48  "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
#define ZEROS_192 ZEROS_48 ZEROS_48 ZEROS_48 ZEROS_48

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "dhcp: discover",
	  "ip id=1 src=0.0.0.0 dst=255.255.255.255 / udp sport=68 dport=67 / dhcp op=request xid=0x11223344 "
	  "flags=broadcast chaddr=02:00:00:00:00:01 options=message-type:discover,"
	  "client-identifier:1:02:00:00:00:00:01,requested-address:10.0.0.5,host-name:host-7,"
	  "parameter-request-list:subnet-mask+routers+domain-name-servers+domain-name+lease-time+renewal-time+"
	  "rebinding-time+domain-search+classless-static-routes,max-message-size:1500,"
	  "vendor-class-identifier:MSFT\\x205.0,end",
	  "4500014000010000401179ad00000000ffffffff00440043012cce2d010106001122334400008000000000000000000000000000"
	  "00000000020000000001" ZEROS_192
	  "00000000000000000000638253633501013d070102000000000132040a0000050c06686f73742d3737090103060f333a3b777939"
	  "0205dc3c084d53465420352e30ff" },
	{ "dhcp: offer",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.5 / udp sport=67 dport=68 / dhcp op=reply xid=0x11223344 yiaddr=10.0.0.5 "
	  "siaddr=10.0.0.1 chaddr=02:00:00:00:00:01 sname=server bootfile=/boot/pxe options=message-type:offer,"
	  "server-identifier:10.0.0.1,lease-time:3600,renewal-time:1800,rebinding-time:3150,subnet-mask:255.255.255.0,"
	  "routers:10.0.0.1+10.0.0.2,domain-name-servers:10.0.0.1+10.0.0.3,domain-name:example.com,"
	  "broadcast-address:10.0.0.255,ntp-servers:10.0.0.4,interface-mtu:1400,pad,pad,end padding=9",
	  "4500016a000100004011657d0a0000010a0000050043004401565b5b020106001122334400000000000000000a0000050a000001"
	  "00000000020000000001000000000000000000007365727665720000000000000000000000000000000000000000000000000000"
	  "00000000000000000000000000000000000000000000000000000000000000002f626f6f742f7078650000000000000000000000"
	  "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000006382536335010236040a000001330400000e103a04000007083b0400000c4e0104ffffff0003080a0000010a00000206"
	  "080a0000010a0000030f0b6578616d706c652e636f6d1c040a0000ff2a040a0000041a0205780000ff000000000000000000" },
	{ "dhcp: nak",
	  "ip id=1 src=10.0.0.1 dst=255.255.255.255 / udp sport=67 dport=68 / dhcp op=reply xid=0x11223344 "
	  "chaddr=02:00:00:00:00:01 options=message-type:nak,server-identifier:10.0.0.1,message:no\\x20such\\x20lease,"
	  "end",
	  "450001250001000040116fc70a000001ffffffff00430044011161dd020106001122334400000000000000000000000000000000"
	  "00000000020000000001" ZEROS_192
	  "000000000000000000006382536335010636040a000001380d6e6f2073756368206c65617365ff" },
	{ "dhcp: times, flags, netbios",
	  "ip id=1 src=10.0.0.1 dst=255.255.255.255 / udp sport=67 dport=68 / dhcp op=reply hops=1 xid=0x11223344 "
	  "secs=7 ciaddr=10.0.0.8 giaddr=10.0.0.9 chaddr=02:00:00:00:00:01 options=message-type:ack,time-offset:-18000,"
	  "netbios-name-servers:10.0.0.6,netbios-node-type:h-node,vendor-class-identifier:PXEClient,end",
	  "4500012a0001000040116fc20a000001ffffffff004300440116c72e0201060111223344000700000a0000080000000000000000"
	  "0a000009020000000001" ZEROS_192
	  "00000000000000000000638253633501050204ffffb9b02c040a0000062e01083c09505845436c69656e74ff" },
	{ "dhcp: BOOTP, without a vendor's area",
	  "ip id=1 src=0.0.0.0 dst=255.255.255.255 / udp sport=68 dport=67 / dhcp op=request xid=0x00000005 "
	  "chaddr=02:00:00:00:00:01",
	  "4500010800010000401179e500000000ffffffff0044004300f4f478010106000000000500000000000000000000000000000000"
	  "00000000020000000001" ZEROS_192
	  "00000000000000000000" },
};

/* A request of no client, up to the options. */
#define REQUEST "dhcp op=request xid=0x00000001 options="
#define BYTES                                                                                                          \
	"01010600 00000001 0000 0000 00000000 00000000 00000000 00000000 00000000000000000000000000000000" ZEROS_192   \
	"63825363"

/* Options from the drawings and examples of their documents. */
static const struct wire_row drawn[] = {
	/* RFC 3442 */
	{ "dhcp: classless routes",
	  REQUEST "classless-static-routes:[0.0.0.0/0:10.0.0.1,10.0.0.0/8:10.0.0.2,10.17.0.0/16:10.0.0.3,"
		  "10.27.129.0/24:10.0.0.4,10.229.0.128/25:10.0.0.5,10.198.122.47/32:10.0.0.6],end",
	  BYTES "792c 00 0a000001 080a 0a000002 100a11 0a000003 180a1b81 0a000004 190ae50080 0a000005 "
		"200ac67a2f 0a000006 ff" },
	/* RFC 3397, 3 */
	{ "dhcp: domains that share an end", REQUEST "domain-search:eng.apple.com+marketing.@4,end",
	  BYTES "771b 03656e67056170706c6503636f6d00 096d61726b6574696e67c004 ff" },
	/* RFC 4702, 2; RFC 1035, 3.1 */
	{ "dhcp: a name in letters, and one in labels",
	  REQUEST "fqdn:S:0:0:pc.example,fqdn:ES:255:255:pc.example.org,end",
	  BYTES "510d 01 00 00 70632e6578616d706c65 5113 05 ff ff 02706307 6578616d706c65036f726700 ff" },
	/* RFC 3046, 2.0; RFC 3527; RFC 3993; RFC 5107; RFC 6607 */
	{ "dhcp: what a relay agent adds",
	  REQUEST "relay-agent-information:[circuit-id:00040007,remote-id:020000000009,link-selection:10.1.0.0,"
		  "subscriber-id:port-7,server-id-override:10.1.0.1,vss:0:76706e,vss-control,77:05],end",
	  BYTES "522d 010400040007 0206020000000009 05040a010000 0606706f72742d37 0b040a010001 "
		"970400 76706e 9800 4d0105 ff" },
	/* RFC 4361, 6.1; RFC 8415, 11.2 */
	{ "dhcp: an identifier of node and interface",
	  REQUEST "client-identifier:255:0x00000007:000100012a3b4c5d020000000001,end",
	  BYTES "3d13 ff 00000007 000100012a3b4c5d020000000001 ff" },
	{ "dhcp: an identifier of no link", REQUEST "client-identifier:0:66726564,end", BYTES "3d05 00 66726564 ff" },
	/* RFC 3361, RFC 3004, RFC 4578, RFC 3925 */
	{ "dhcp: servers of SIP, classes, boot machines, vendors",
	  REQUEST "sip-servers:0:a.example+b.example,sip-servers:1:10.0.0.1+10.0.0.2,user-class:iPXE+x,"
		  "client-architecture:x64-uefi+ebc,client-network-interface:1:3:16,client-machine-identifier:0:"
		  "000102030405060708090a0b0c0d0e0f,vendor-identifying-class:[9:ab,4491:0x00],"
		  "vendor-identifying-options:[3561:[4:3030,6:],9:[1:ff]],end",
	  BYTES "7817 00 016107 6578616d706c6500 016207 6578616d706c6500 7809 01 0a000001 0a000002 4d07 0469505845 0178"
		"5d04 0007 0009 5e03 010310 6111 00 000102030405060708090a0b0c0d0e0f 7c0c 00000009 026162 0000118b 00"
		"7d13 00000de9 06 04023030 0600 00000009 03 0101ff ff" },
	/* RFC 2132, 3.10 and 5.8, 9.3; RFC 4039; RFC 8925 */
	{ "dhcp: pairs, zones, overload",
	  REQUEST "policy-filter:[10.0.0.0:255.0.0.0],static-routes:[10.1.0.0:10.0.0.1,10.2.0.0:10.0.0.2],"
		  "time-offset:-3600,option-overload:both,rapid-commit,v6-only-preferred:1800,"
		  "path-mtu-plateau-table:68+1492,"
		  "end",
	  BYTES "15080a000000ff000000 21100a0100000a0000010a0200000a000002 0204fffff1f0 340103 5000 6c0400000708"
		"1904 0044 05d4 ff" },
};

/* Messages that are not as they should be. */
static const struct wire_row odd[] = {
	{ "dhcp: the vendor's area of BOOTP",
	  "dhcp op=request xid=0x00000001 cookie=0x00000000 vend=010203",
	  "01010600 00000001 0000 0000 00000000 00000000 00000000 00000000 00000000000000000000000000000000" ZEROS_192
	  "00000000 010203" },
	{ "dhcp: an address of eight bytes",
	  "dhcp op=reply hlen=8 xid=0x00000001 chaddr=0x01020304050607080000000000000000",
	  "02010800 00000001 0000 0000 00000000 00000000 00000000 00000000 01020304050607080000000000000000"
	  ZEROS_192 },
	{ "dhcp: no end", REQUEST "message-type:discover,pad,pad", BYTES "350101 0000" },
	{ "dhcp: padding that is none", REQUEST "message-type:discover,end padding=0x0001", BYTES "350101 ff 0001" },
	{ "dhcp: an option longer than the message",
	  REQUEST "message-type:discover,host-name.9:6162", BYTES "350101 0c096162" },
	{ "dhcp: addresses that are no whole number",
	  REQUEST "3:0a000001ff,1:0a,end", BYTES "03050a000001ff 01010a ff" },
	{ "dhcp: a prefix of more bits than it says",
	  REQUEST "classless-static-routes:[hex:090a010a000001],end", BYTES "7907 090a01 0a000001 ff" },
	{ "dhcp: cut in its options", REQUEST "message-type:discover,hex:37", BYTES "350101 37" },
};

/* What comes to the port and has another operation is no DHCP. */
static void what_does_not_look_like_it_is_data(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "ip dst=10.0.0.2 / udp sport=68 dport=67 / hex:03010600");
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(p.n_layers, 2);
	wire_build(&p, packet, "ip dst=10.0.0.2 / udp sport=67 dport=68 / hex:02010600");
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(p.n_layers, 3);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, odd);
	UNIT_TEST(&u, what_does_not_look_like_it_is_data);
	return unit_run(&u, "dhcp");
}

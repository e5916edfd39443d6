#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* arkime_synthetic.pcap, frame 252 */
	{ "radius: an access request",
	  "ether dst=94:2a:6f:ee:8c:83 src=6a:70:c5:af:f1:f9 / ip id=1 src=10.0.11.100 dst=10.0.11.1 / udp "
	  "sport=54327 dport=1812 / radius code=access-request id=18 attributes=user-name:testuser",
	  "942a6fee8c836a70c5aff1f908004500003a000100004011504e0a000b640a000b01d4370714002634f80112001e000000000000"
	  "00000000000000000000010a7465737475736572" },
	/* radius_rfc5447.pcap, frame 1 */
	{ "radius: attributes without a name",
	  "sll pkttype=host hatype=772 addr=00:00:00:00:00:00 / ip id=47488 src=127.0.0.1 dst=127.0.0.1 / udp "
	  "sport=55520 dport=1812 / radius code=access-request id=79 "
	  "authenticator=5bec15a7f3ac1590f65629a9f979c340 "
	  "attributes=user-name:luser,124:0000060000000001,125:2020010db8000000000000000000000000",
	  "0000030400060000000000000000080045000054b98000004011c3167f0000017f000001d8e00714004028aa014f00385bec15a7"
	  "f3ac1590f65629a9f979c34001076c757365727c0a00000600000000017d132020010db8000000000000000000000000" },
	/* RADIUS-RFC3162.pcap, frame 1 */
	{ "radius: an encrypted password",
	  "sll pkttype=host hatype=772 addr=00:00:00:00:00:00 / ip id=60508 flags=DF src=127.0.0.1 dst=127.0.0.1 / "
	  "udp sport=39646 dport=1812 / radius code=access-request id=240 "
	  "authenticator=2afdb090418ac6365298fbbb15e0fd2e "
	  "attributes=user-name:bob,user-password:45e8d5daead87e4015e0fcc0ec0f08a1,95:20010db80a0b12f00000000000000"
	  "001,97:004020010db80a0b12f00000000000000000,97:004020010db80a0b12f0,97:0000,97:00,97:004020010db80a0b12f"
	  "0000000000000000000,97:008120010db80a0b12f00000000000000001",
	  "00000304000600000000000000000800450000a9ec5c400040114fe57f0000017f0000019ade07140095422301f0008d2afdb090"
	  "418ac6365298fbbb15e0fd2e0105626f62021245e8d5daead87e4015e0fcc0ec0f08a15f1220010db80a0b12f000000000000000"
	  "016114004020010db80a0b12f00000000000000000610c004020010db80a0b12f0610400006103006115004020010db80a0b12f0"
	  "0000000000000000006114008120010db80a0b12f00000000000000001" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "radius");
}

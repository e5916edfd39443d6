#include "tests/unit/wire.h"

/* By hand, from RFC 4380, 5.1.1. */
static const struct wire_row drawn[] = {
	{ "teredoauth: with an identifier",
	  "teredoauth id=0102 auth=030405 nonce=0x0000000000000007 confirmation=1 / text:x",
	  "0001 02 03 0102 030405 0000000000000007 01 78" },
};

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* teredo_bubble_with_payload.pcap, frame 1 */
	{ "teredoauth: without an identifier",
	  "ether dst=00:1d:5a:dc:cf:f1 src=00:16:cf:41:9c:20 / ip id=34755 ttl=128 src=192.168.2.16 "
	  "dst=65.55.158.80 / udp sport=3797 dport=3544 / teredoauth nonce=0xcd5669400b22df88 / ip6 "
	  "src=fe80::8000:ffff:ffff:fffd dst=ff02::2 / icmp6 type=router-solicit code=0 "
	  "options=1:0000000000008000f12ab9c82815",
	  "001d5adccff10016cf419c2008004500006987c3000080111081c0a8021041379e500ed50dd80055597900010000cd5669400b22"
	  "df88006000000000183afffe800000000000008000fffffffffffdff0200000000000000000000000000028500a91d0000000001"
	  "020000000000008000f12ab9c82815" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "teredoauth");
}

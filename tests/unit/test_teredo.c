#include "tests/unit/wire.h"

/* Frames of captures in the tests of tcpdump, zeek and Arkime. */
static const struct wire_row captured[] = {
	/* teredo_bubble_with_payload.pcap, frame 2 */
	{ "teredo: authentication and origin",
	  "ether dst=00:16:cf:41:9c:20 src=00:1d:5a:dc:cf:f1 / ip id=14768 ttl=112 src=65.55.158.81 "
	  "dst=192.168.2.16 / udp sport=3544 dport=3797 / teredoauth nonce=0xcd5669400b22df88 / teredo port=0xf12a "
	  "addr=0xb9c82815 / ip6 src=fe80::8000:f227:bec8:61af dst=fe80::8000:ffff:ffff:fffd / icmp6 "
	  "type=router-advert code=0 hlim=0 lifetime=0 retrans=2000 "
	  "options=prefix:[2001:0:4137:9e50::]:64:A:4294967295:4294967295",
	  "0016cf419c20001d5adccff108004500008939b0000070116e7341379e51c0a802100dd80ed50075506500010000cd5669400b22"
	  "df88000000f12ab9c828156000000000303afffe800000000000008000f227bec861affe800000000000008000fffffffffffd86"
	  "001f570000000000000000000007d003044040ffffffffffffffff000000002001000041379e500000000000000000" },
	/* teredo_bubble_with_payload.pcap, frame 5 */
	{ "teredo: origin",
	  "ether dst=00:16:cf:41:9c:20 src=00:1d:5a:dc:cf:f1 / ip id=4805 ttl=112 src=65.55.158.80 "
	  "dst=192.168.2.16 / udp sport=3544 dport=3797 / teredo port=0x7f7b addr=0xac55fed9 / ip6 length=0 hlim=0 "
	  "src=fe80::708d:fe83:4114:a512 dst=2001:0:4137:9e50:8000:f12a:b9c8:2815 / text:1234",
	  "0016cf419c20001d5adccff108004500005012c500007011959841379e50c0a802100dd80ed5003c702b00007f7bac55fed96000"
	  "000000003b00fe80000000000000708dfe834114a5122001000041379e508000f12ab9c8281531323334" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	return unit_run(&u, "teredo");
}

/* What a header is when nothing of it is written, and what is asked of the sender then. The bytes follow from the
 * documents and from docs/notation.md, which freezes the constants; what is looked up is 0 until it is. */
#include "proto/layout.h"

#include "tests/unit/wire.h"

/* The text builds the bytes, and leaves these fields open; printed is what a reader makes of them. */
static const struct defaults_row {
	const char *name, *open, *hex, *printed;
} rows[] = {
	{ "ether", "dst src", "00000000000000000000000088b5", "ether dst=00:00:00:00:00:00 src=00:00:00:00:00:00" },
	{ "vlan", "", "000088b5", "vlan id=0" },
	{ "arp", "sha spa", "0001 0800 06 04 0001 000000000000 00000000 000000000000 00000000",
	  "arp op=request sha=00:00:00:00:00:00 spa=0.0.0.0 tpa=0.0.0.0" },
	{ "ip", "id src", "45000014 00000000 40ff79ec 00000000 00000000", "ip id=0 src=0.0.0.0 dst=0.0.0.0" },
	{ "ip6", "src", "60000000 0000 3b 40 00000000000000000000000000000000 00000000000000000000000000000000",
	  "ip6 src=:: dst=::" },
	{ "hopopts", "", "3b00 010400000000", "hopopts" },
	{ "dstopts", "", "3b00 010400000000", "dstopts" },
	{ "fragment", "id", "3b00 0000 00000000", "fragment id=0x00000000" },
	{ "routing", "", "3b00 0400 00000000", "routing type=segment" },
	{ "routing type=source", "", "3b00 0000 00000000", "routing type=source" },
	{ "ah", "", "3b01 0000 00000000 00000001", "ah spi=0x00000000" },
	{ "icmp", "id seq", "0800 f7ff 00000000", "icmp type=echo code=0 id=0 seq=0" },
	{ "icmp type=unreach", "", "0300 fcff 00000000", "icmp type=unreach code=net" },
	{ "icmp type=redirect", "", "0500 faff 00000000", "icmp type=redirect code=net gateway=0.0.0.0" },
	{ "icmp type=timxceed", "", "0b00 f4ff 00000000", "icmp type=timxceed code=transit" },
	{ "icmp type=paramprob", "", "0c00 f3ff 00000000", "icmp type=paramprob code=pointer pointer=0" },
	{ "icmp type=timestamp", "id seq", "0d00 f2ff 00000000 00000000 00000000 00000000",
	  "icmp type=timestamp code=0 id=0 seq=0" },
	{ "icmp type=router-advert", "", "0900 eff5 0002 0708", "icmp type=router-advert code=0" },
	{ "icmp type=xecho", "id seq", "2a00 d5ff 00000000", "icmp type=xecho code=0 id=0 seq=0" },
	{ "icmp type=99", "", "6300 9cff 00000000", "icmp type=99 code=0" },
	{ "icmp6", "id seq", "8000 7fff 00000000", "icmp6 type=echo code=0 id=0 seq=0" },
	{ "icmp6 type=unreach", "", "0100 feff 00000000", "icmp6 type=unreach code=noroute" },
	{ "icmp6 type=toobig", "", "0200 fdff 00000000", "icmp6 type=toobig code=0 mtu=0" },
	{ "icmp6 type=timxceed", "", "0300 fcff 00000000", "icmp6 type=timxceed code=transit" },
	{ "icmp6 type=paramprob", "", "0400 fbff 00000000", "icmp6 type=paramprob code=header pointer=0" },
	{ "icmp6 type=mld-query", "", "8200 7dff 00000000 00000000000000000000000000000000",
	  "icmp6 type=mld-query code=0 group=::" },
	{ "icmp6 type=mld-report2", "", "8f00 70ff 00000000", "icmp6 type=mld-report2 code=0" },
	{ "icmp6 type=router-solicit", "", "8500 7aff 00000000", "icmp6 type=router-solicit code=0" },
	{ "icmp6 type=router-advert", "", "8600 32f7 40000708 00000000 00000000",
	  "icmp6 type=router-advert code=0 lifetime=1800" },
	{ "icmp6 type=neighbour-solicit", "", "8700 78ff 00000000 00000000000000000000000000000000",
	  "icmp6 type=neighbour-solicit code=0 target=::" },
	{ "icmp6 type=neighbour-advert", "", "8800 77ff 00000000 00000000000000000000000000000000",
	  "icmp6 type=neighbour-advert code=0 target=::" },
	{ "icmp6 type=redirect", "",
	  "8900 76ff 00000000 00000000000000000000000000000000 00000000000000000000000000000000",
	  "icmp6 type=redirect code=0 target=:: dst=::" },
	{ "icmp6 type=ni-query", "nonce", "8b00 74ff 00000000 0000000000000000",
	  "icmp6 type=ni-query code=0 nonce=0x0000000000000000" },
	{ "icmp6 type=xecho", "id seq", "a000 5fff 00000000", "icmp6 type=xecho code=0 id=0 seq=0" },
	{ "icmp6 type=99", "", "6300 9cff 00000000", "icmp6 type=99 code=0" },
	{ "icmp6 type=200", "", "c800 37ff 00000000", "icmp6 type=200 code=0" },
	{ "igmp", "", "1100 eeff 00000000", "igmp type=query group=0.0.0.0" },
	{ "igmp type=report3", "", "2200 ddff 00000000", "igmp type=report3" },
	{ "tcp", "sport seq", "0000 0000 00000000 00000000 5000 ffff afff 0000", "tcp sport=0 dport=0 seq=0 flags=0" },
	{ "udp", "sport", "0000 0000 0008 fff7", "udp sport=0 dport=0" },
	{ "sctp", "sport", "0000 0000 00000000 5db5602b", "sctp sport=0 dport=0 vtag=0x00000000" },
	{ "gre", "", "0000 88b5", "gre" },
	{ "mpls", "", "00000140", "mpls label=0" },
	{ "vxlan", "", "08000000 00000000", "vxlan vni=0" },
	{ "pppoe", "", "1100 0000 0002 0000", "pppoe code=data session=0x0000" },
	{ "pppoe code=padi", "", "1109 0000 0000", "pppoe code=padi session=0x0000" },
	{ "lldp", "", "", "lldp" },
	{ "null", "", "00000000", "null" },
	{ "loop", "", "00000000", "loop" },
	{ "sll", "", "0000 0001 0006 000000000000 0000 88b5", "sll pkttype=host addr=00:00:00:00:00:00" },
	{ "sll2", "", "88b5 0000 00000000 0001 00 06 000000000000 0000",
	  "sll2 ifindex=0 pkttype=host addr=00:00:00:00:00:00" },
};

static void check_open(const struct sonde_packet *p, const char *want)
{
	char names[128] = "";
	int layer = 0, row = -1;
	while (sonde_next_open(p, &layer, &row)) {
		strcat(names, names[0] ? " " : "");
		strcat(names, p->layers[layer].proto->fields[row].name);
	}
	assert_string_equal(names, want);
}

static void an_empty_header(void **state)
{
	const struct defaults_row *row = *state;
	const struct wire_row wire = { row->name, row->printed, row->hex };
	uint8_t built[WIRE_MAX], want[WIRE_MAX];
	struct sonde_packet p;
	void *argument = (void *)(uintptr_t)&wire;
	size_t len = wire_hex(want, row->hex);
	wire_build(&p, built, row->name);
	wire_equal(built, p.len, want, len);
	check_open(&p, row->open);
	/* No bytes tell of no header. */
	if (len)
		wire_test_bytes(&argument);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, an_empty_header, rows);
	return unit_run(&u, "packet_defaults");
}

#include "tests/unit/wire.h"

/* Read by tshark 4.0.17 with the same fields. */
static const struct wire_row rows[] = {
	{ "dhcp6: solicit",
	  "dhcp6 type=solicit xid=0x1e291d options=client-id:llt:1:500000000:020000000001,ia-na:0x00000001:3600"
	  ":5400,rapid-commit,requested:dns-servers+domain-search,elapsed:0",
	  "011e291d0001000e000100011dcd65000200000000010003000c0000000100000e1000001518000e00000006000400170018"
	  "000800020000" },
	{ "dhcp6: reply",
	  "dhcp6 type=reply xid=0x1e291d options=server-id:en:311:abcd,ia-na:0x00000001:3600:5400:[address:[200"
	  "1:db8::5]:3600:7200],status:success:fine,dns-servers:2001:db8::53+2001:db8::54,domain-search:example"
	  ".com",
	  "071e291d00020008000200000137abcd000300280000000100000e10000015180005001820010db800000000000000000000"
	  "000500000e1000001c20000d0006000066696e650017002020010db800000000000000000000005320010db8000000000000"
	  "0000000000540018000d076578616d706c6503636f6d00" },
	{ "dhcp6: relayed",
	  "dhcp6 type=relay hops=1 link=2001:db8::2 peer=fe80::1 options=ia-pd:0x00000002:0:0:[prefix:[2001:db8"
	  ":1::]:48:3600:7200],relayed:0b1e291d",
	  "0c0120010db8000000000000000000000002fe80000000000000000000000000000100190029000000020000000000000000"
	  "001a001900000e1000001c203020010db8000100000000000000000000000900040b1e291d" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	return unit_run(&u, "dhcp6");
}

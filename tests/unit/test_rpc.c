#include "tests/unit/wire.h"

/* RFC 5531, 9, in hex; the programs of RFC 1833 and RFC 1813. */
static const struct wire_row rows[] = {
	{ "rpc: a call of the port mapper",
	  "rpc xid=0x534f4e44 type=call program=portmapper version=2 procedure=4",
	  "534f4e44 00000000 00000002 000186a0 00000002 00000004 00000000 00000000 00000000 00000000" },
	{ "rpc: arguments follow",
	  "rpc xid=0x00000007 type=call program=portmapper version=2 procedure=3 / "
	  "hex:000186a3000000030000001100000000",
	  "00000007 00000000 00000002 000186a0 00000002 00000003 00000000 00000000 00000000 00000000 "
	  "000186a3 00000003 00000011 00000000" },
	{ "rpc: credentials end at a word",
	  "rpc xid=0x00000007 type=call program=nfs version=3 procedure=1 cred=sys credbody=0001020304 "
	  "verf=short verfbody=0a0b0c0d / hex:ee",
	  "00000007 00000000 00000002 000186a3 00000003 00000001 00000001 00000005 0001020304 000000 "
	  "00000002 00000004 0a0b0c0d ee" },
	{ "rpc: what fills a word is not zero",
	  "rpc xid=0x00000007 type=call program=nfs version=3 procedure=1 cred=sys credbody=0x0000000101020304",
	  "00000007 00000000 00000002 000186a3 00000003 00000001 00000001 00000001 01020304 00000000 00000000" },
	{ "rpc: a reply",
	  "rpc xid=0x534f4e44 type=reply state=accepted accept=success / zero:4",
	  "534f4e44 00000001 00000000 00000000 00000000 00000000 00000000" },
	{ "rpc: a reply with a verifier",
	  "rpc xid=0x534f4e44 type=reply state=accepted verf=rpcsec_gss verfbody=000102 accept=system_err",
	  "534f4e44 00000001 00000000 00000006 00000003 000102 00 00000005" },
	{ "rpc: no such version of the program",
	  "rpc xid=0x534f4e44 type=reply state=accepted accept=prog_mismatch low=3 high=4",
	  "534f4e44 00000001 00000000 00000000 00000000 00000002 00000003 00000004" },
	{ "rpc: no such version of rpc",
	  "rpc xid=0x534f4e44 type=reply state=denied reject=rpc_mismatch low=2 high=2",
	  "534f4e44 00000001 00000001 00000000 00000002 00000002" },
	{ "rpc: credentials that are too weak",
	  "rpc xid=0x534f4e44 type=reply state=denied reject=auth_error why=tooweak",
	  "534f4e44 00000001 00000001 00000001 00000005" },
};

/* Behind UDP; what is no message stays data. */
static const struct wire_row behind_udp[] = {
	{ "rpc: nothing of it",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=111 dport=111 / text:hello",
	  "450000210001000040 11 66c9 0a000001 0a000002 006f 006f 000d a721 68656c6c6f" },
	{ "rpc: a reply comes from the port",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=2049 dport=40000 / rpc xid=0x00000001 type=reply "
	  "state=denied reject=auth_error why=tooweak",
	  "450000300001000040 11 66ba 0a000001 0a000002 0801 9c40 001c 4769 00000001 00000001 00000001 "
	  "00000001 00000005" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	UNIT_ROWS(&u, wire_test, behind_udp);
	return unit_run(&u, "rpc");
}

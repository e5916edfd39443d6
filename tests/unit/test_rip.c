#include "tests/unit/wire.h"

/* RFC 2453, 3.6, 3.9.1 and 4, RFC 1058, 3.1, and RFC 2082, 3.2, in hex. */
static const struct wire_row rows[] = {
	{ "rip: the whole table is asked for",
	  "rip command=request entries=none:0.0.0.0:0.0.0.0:16",
	  "01020000 0000 0000 00000000 00000000 00000000 00000010" },
	{ "rip: routes",
	  "rip command=response entries=ip:192.168.7.0:255.255.255.0:1,ip:10.0.0.0:255.0.0.0:2:nexthop=10.0.0.9:tag=7",
	  "02020000 0002 0000 c0a80700 ffffff00 00000000 00000001 0002 0007 0a000000 ff000000 0a000009 00000002" },
	{ "rip: version 1 has no mask",
	  "rip command=response version=1 entries=ip:10.0.0.0:0.0.0.0:1",
	  "02010000 0002 0000 0a000000 00000000 00000000 00000001" },
	{ "rip: a password",
	  "rip command=response entries=auth:password:secret,ip:10.0.0.0:255.0.0.0:1",
	  "02020000 ffff 0002 73656372657400000000000000000000 0002 0000 0a000000 ff000000 00000000 00000001" },
	{ "rip: a digest and its trailer",
	  "rip command=response entries=auth:digest:24:1:16:7,"
	  "auth:trailer:000102030405060708090a0b0c0d0e0f",
	  "02020000 ffff 0003 0018 01 10 00000007 0000000000000000 ffff 0001 000102030405060708090a0b0c0d0e0f" },
	/* ripv2_auth.pcap of the tests of tcpdump, frame 5, behind UDP: HMAC-SHA-1 */
	{ "rip: a longer digest",
	  "rip command=request entries=auth:digest:44:45:20:1339429713,none:0.0.0.0:0.0.0.0:16,"
	  "auth:trailer:728c5b169a1b39130021a73f7a73bc1beee0e6a2",
	  "01020000 ffff 0003 002c 2d 14 4fd61351 0000000000000000 0000 0000 00000000 00000000 00000000 00000010 "
	  "ffff 0001 728c5b169a1b39130021a73f7a73bc1beee0e6a2" },
	{ "rip: authentication of another type",
	  "rip command=request entries=auth:9:000102030405060708090a0b0c0d0e0f",
	  "01020000 ffff 0009 000102030405060708090a0b0c0d0e0f" },
	{ "rip: a piece of an entry",
	  "rip command=response entries=hex:0002",
	  "02020000 0002" },
	{ "rip: no entries", "rip command=request", "01020000" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	return unit_run(&u, "rip");
}

#include "tests/unit/wire.h"

/* RFC 2080, 2.1 and 2.4.1, in hex. */
static const struct wire_row rows[] = {
	{ "ripng: the whole table is asked for",
	  "ripng command=request entries=[::]:0:16",
	  "01010000 00000000000000000000000000000000 0000 00 10" },
	{ "ripng: routes by a next hop",
	  "ripng command=response entries=[2001:db8:7::]:48:1,[fe80::9]:0:255,[2001:db8:8::]:48:2:tag=7",
	  "02010000 20010db8000700000000000000000000 0000 30 01 fe800000000000000000000000000009 0000 00 ff "
	  "20010db8000800000000000000000000 0007 30 02" },
	{ "ripng: behind its port",
	  "ip6 hlim=255 src=fe80::1 dst=ff02::9 / udp sport=521 dport=521 / ripng command=request entries=[::]:0:16",
	  "60000000 0020 11 ff fe800000000000000000000000000001 ff020000000000000000000000000009 0209 0209 0020 fcfd "
	  "01010000 00000000000000000000000000000000 0000 00 10" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	return unit_run(&u, "ripng");
}

#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "arp: request",
	  "ether dst=ff:ff:ff:ff:ff:ff src=02:00:00:00:00:01 / "
	  "arp op=request sha=02:00:00:00:00:01 spa=10.0.0.1 tpa=10.0.0.2",
	  "ffffffffffff020000000001080600010800060400010200000000010a0000010000000000000a000002" },
	{ "arp: reply",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / "
	  "arp op=reply sha=02:00:00:00:00:01 spa=10.0.0.1 tha=02:00:00:00:00:02 tpa=10.0.0.2",
	  "020000000002020000000001080600010800060400020200000000010a0000010200000000020a000002" },
};

/* Hardware addresses of another length: RFC 826 has no fixed one. The bytes are written from its drawing. */
static const struct wire_row drawn[] = {
	{ "arp: padding behind",
	  "arp op=reply sha=02:00:00:00:00:01 spa=10.0.0.1 tha=02:00:00:00:00:02 tpa=10.0.0.2 / pad text:padding",
	  "0001 0800 06 04 0002 020000000001 0a000001 020000000002 0a000002 70616464696e67" },
	{ "arp: hardware addresses of 8 bytes",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / arp htype=24 op=request sha=0x0102030405060708 "
	  "spa=10.0.0.1 tpa=10.0.0.2",
	  "0200000000020200000000010806 0018 0800 08 04 0001 0102030405060708 0a000001 0000000000000000 0a000002" },
	{ "arp: no protocol addresses",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / arp op=reply sha=02:00:00:00:00:01 spa=0x "
	  "tha=02:00:00:00:00:02 tpa=0x",
	  "0200000000020200000000010806 0001 0800 06 00 0002 020000000001 020000000002" },
};

static void request(libnet_t *l)
{
	static const uint8_t sha[] = { 2, 0, 0, 0, 0, 1 }, tha[6] = { 0 }, spa[] = { 10, 0, 0, 1 },
			     tpa[] = { 10, 0, 0, 2 };
	static const uint8_t all[] = { 255, 255, 255, 255, 255, 255 };
	libnet_build_arp(ARPHRD_ETHER, ETHERTYPE_IP, 6, 4, ARPOP_REQUEST, sha, spa, tha, tpa, NULL, 0, l, 0);
	libnet_build_ethernet(all, sha, ETHERTYPE_ARP, NULL, 0, l, 0);
}

static const struct oracle_row libnet_rows[] = {
	{ "arp: libnet",
	  "ether dst=ff:ff:ff:ff:ff:ff src=02:00:00:00:00:01 / arp op=request sha=02:00:00:00:00:01 "
	  "spa=10.0.0.1 tpa=10.0.0.2",
	  request,
	  { 0, 0 } },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	return unit_run(&u, "arp");
}

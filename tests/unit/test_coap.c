#include "tests/unit/wire.h"

/* RFC 7252, appendix A (figures 16 and 20) and 3.1, in hex. */
static const struct wire_row rows[] = {
	{ "coap: a request to be confirmed",
	  "coap type=con code=get id=32052 options=uri-path:temperature",
	  "40 01 7d34 bb 74656d7065726174757265" },
	{ "coap: a piggybacked response",
	  "coap type=ack code=content id=32052 options=marker / text:22.3\\x20C",
	  "60 45 7d34 ff 32322e332043" },
	{ "coap: a request with a token",
	  "coap type=con code=get id=32053 token=20 options=uri-path:temperature",
	  "41 01 7d35 20 bb 74656d7065726174757265" },
	{ "coap: an empty acknowledgement", "coap type=ack code=empty id=32056", "60 00 7d38" },
	{ "coap: numbers, long values, and options of the same number",
	  "coap type=non code=post id=1 token=0102030405060708 options=uri-host:sonde.example.invalid+uri-port:5683"
	  "+uri-path:a+uri-path:b+content-format:0+uri-query:x=1+size1:65536+marker / hex:00",
	  "58 02 0001 0102030405060708 3d 08 736f6e64652e6578616d706c652e696e76616c6964 42 1633 41 61 01 62 10 "
	  "33 783d31 d3 20 010000 ff 00" },
	{ "coap: a number without a name, and one with two more bytes",
	  "coap type=con code=get id=1 options=if-none-match+uri-path:\\x2b\\x2c::0a+2048:0a0b",
	  "40 01 0001 50 66 2b2c3a3a3061 e2 06e8 0a0b" },
	{ "coap: a number with a zero in front", "coap type=con code=get id=1 options=6:0001",
	  "40 01 0001 62 0001" },
};

/* Behind its port; what is no message stays data. */
static const struct wire_row behind_udp[] = {
	{ "coap: an option that is cut off",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=5683 dport=5683 / hex:40010001b1",
	  "450000210001000040 11 66c9 0a000001 0a000002 1633 1633 000d ce68 40010001b1" },
	{ "coap: nothing of it",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=5683 dport=5683 / text:hello",
	  "450000210001000040 11 66c9 0a000001 0a000002 1633 1633 000d 7b99 68656c6c6f" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	UNIT_ROWS(&u, wire_test, behind_udp);
	return unit_run(&u, "coap");
}

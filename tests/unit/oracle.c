#include "tests/unit/oracle.h"

#include "base/addr.h"

/* The packet of l with its sums computed. Without an interface libnet lets only this function have it. */
static uint32_t finish(libnet_t *l, uint8_t out[static WIRE_MAX])
{
	uint8_t *packet = NULL;
	uint32_t len = 0;
	if (libnet_pblock_coalesce(l, &packet, &len) != 1)
		fail_msg("libnet: %s", libnet_geterror(l));
	assert_true(len <= WIRE_MAX);
	memcpy(out, packet, len);
	libnet_adv_free_packet(l, packet);
	return len;
}

void oracle_test(void **state)
{
	const struct oracle_row *row = *state;
	uint8_t built[WIRE_MAX], want[WIRE_MAX];
	char why[LIBNET_ERRBUF_SIZE] = "";
	struct sonde_packet p;
	libnet_t *l = libnet_init(LIBNET_NONE, NULL, why);
	if (!l)
		fail_msg("libnet: %s", why);
	row->build(l);
	uint32_t len = finish(l, want);
	libnet_destroy(l);
	wire_build(&p, built, row->text);
	assert_true(row->defect.offset + row->defect.len <= len);
	if (p.len == len)
		memcpy(want + row->defect.offset, built + row->defect.offset, row->defect.len);
	wire_equal(built, p.len, want, len);
}

uint32_t oracle_addr4(const char *text)
{
	struct sonde_addr a;
	uint32_t v;
	assert_int_equal(sonde_addr_parse(&a, NULL, text, strlen(text)), 0);
	memcpy(&v, a.bytes, sizeof v);
	return v;
}

struct libnet_in6_addr oracle_addr6(const char *text)
{
	struct sonde_addr a;
	struct libnet_in6_addr v;
	assert_int_equal(sonde_addr_parse(&a, NULL, text, strlen(text)), 0);
	memcpy(&v, a.bytes, sizeof v);
	return v;
}

void oracle_ip4(libnet_t *l, unsigned len, uint8_t proto)
{
	libnet_build_ipv4((uint16_t)(LIBNET_IPV4_H + len), 0, 1, 0, 64, proto, 0, oracle_addr4("10.0.0.1"),
			  oracle_addr4("10.0.0.2"), NULL, 0, l, 0);
}

void oracle_ip6(libnet_t *l, unsigned len, uint8_t next, uint8_t hlim)
{
	libnet_build_ipv6(0, 0, (uint16_t)len, next, hlim, oracle_addr6("2001:db8::1"), oracle_addr6("2001:db8::2"),
			  NULL, 0, l, 0);
}

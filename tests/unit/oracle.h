/* libnet as an oracle: it builds the same packet in this process, without a socket, and the bytes are compared. */
#ifndef SONDE_TESTS_ORACLE_H
#define SONDE_TESTS_ORACLE_H

#include <libnet.h>

#include "tests/unit/wire.h"

/* Bytes that are not compared, for libnet is known to have them wrong: from offset on, len of them. */
struct oracle_defect {
	size_t offset, len;
};

/* A packet that libnet builds: blocks from the innermost header out. The text is what we build it from. */
struct oracle_row {
	const char *name, *text;
	void (*build)(libnet_t *l);
	struct oracle_defect defect;
};

/* The test of a row: libnet's bytes are ours, but for its defect. */
void oracle_test(void **state);

/* The headers that most rows have around: ip id=1 src=10.0.0.1 dst=10.0.0.2, and ip6 src=2001:db8::1 dst=2001:db8::2.
 * len bytes follow. */
void oracle_ip4(libnet_t *l, unsigned len, uint8_t proto);
void oracle_ip6(libnet_t *l, unsigned len, uint8_t next, uint8_t hlim);

/* An address as libnet takes it. */
uint32_t oracle_addr4(const char *text);
struct libnet_in6_addr oracle_addr6(const char *text);

#endif

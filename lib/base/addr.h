/* Addresses, prefixes, endpoints and pairs. IPv4 and IPv6 are one type. */
#ifndef SONDE_BASE_ADDR_H
#define SONDE_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"

#define SONDE_MAC_LEN 6
#define SONDE_IP4_LEN 4
#define SONDE_IP6_LEN 16
/* Room for texts, with the final 0. */
#define SONDE_MAC_STRLEN      18
#define SONDE_ADDR_STRLEN     64
#define SONDE_ENDPOINT_STRLEN 72

enum sonde_family { SONDE_NO_ADDR = 0, SONDE_IP4 = 4, SONDE_IP6 = 6 };

/* An address in wire order. IPv4 uses the first four bytes; the others are 0. */
struct sonde_addr {
	uint8_t family; /* enum sonde_family */
	uint8_t bytes[16];
	uint32_t scope; /* interface index of a link-local IPv6 address, or 0 */
};

struct sonde_prefix {
	struct sonde_addr addr; /* bits after the prefix may be set */
	uint8_t bits;           /* 0 to 32, or 0 to 128 */
};

/* The address of a socket. */
struct sonde_endpoint {
	struct sonde_addr addr;
	uint16_t port; /* host order */
};

/* The 5-tuple. */
struct sonde_pair {
	struct sonde_endpoint local, remote;
	uint8_t proto; /* IP protocol number */
};

struct sonde_addr sonde_addr4(const uint8_t bytes[SONDE_AT_LEAST(4)]);
struct sonde_addr sonde_addr6(const uint8_t bytes[SONDE_AT_LEAST(16)]);

/* Bytes of an address: 4, 16, or 0 for none. */
static inline size_t sonde_addr_len(const struct sonde_addr *a)
{
	return a->family == SONDE_IP4 ? 4 : a->family == SONDE_IP6 ? 16 : 0;
}

static inline struct sonde_view sonde_addr_view(const struct sonde_addr *a)
{
	return sonde_view(a->bytes, sonde_addr_len(a));
}

/* Same family, bytes and scope. */
bool sonde_addr_equal(const struct sonde_addr *a, const struct sonde_addr *b);
/* Order by family, then bytes, then scope: negative, 0 or positive. */
int sonde_addr_compare(const struct sonde_addr *a, const struct sonde_addr *b);
/* Order by address, then port: negative, 0 or positive. */
int sonde_endpoint_compare(const struct sonde_endpoint *a, const struct sonde_endpoint *b);

/* Equal family and bytes. The scope is ignored, since headers carry none. */
static inline bool sonde_addr_equal_bytes(const struct sonde_addr *a, const struct sonde_addr *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

bool sonde_addr_is_link_local(const struct sonde_addr *a);
bool sonde_addr_is_multicast(const struct sonde_addr *a);
bool sonde_addr_is_unspecified(const struct sonde_addr *a);
/* Loopback, link-local, private (RFC 1918), shared (RFC 6598), benchmark (RFC 2544), documentation (RFC 5737, 3849),
 * unique-local (RFC 4193): special-purpose ranges that belong to nobody on the public Internet. */
bool sonde_addr_is_own_range(const struct sonde_addr *a);
bool sonde_prefix_has(const struct sonde_prefix *p, const struct sonde_addr *a);
/* Whether a is the broadcast address of an interface that has this address and prefix (RFC 1122, 3.2.1.3). Prefixes of
 * 31 and 32 bits have none (RFC 3021). */
bool sonde_prefix_broadcasts(const struct sonde_prefix *p, const struct sonde_addr *a);

/* Parse the whole of s (len bytes) as an IPv4 (four decimal parts) or IPv6 address (RFC 4291). *zone becomes the text
 * after a % (RFC 4007), or empty; only the caller can turn it into an interface index. With zone NULL, a % is refused.
 * Returns 0 or SONDE_E_SYNTAX. */
int sonde_addr_parse(struct sonde_addr *out, struct sonde_view *zone, const char *s, size_t len);
/* Address/bits; without /bits the whole address. Returns 0, SONDE_E_SYNTAX or SONDE_E_RANGE. */
int sonde_prefix_parse(struct sonde_prefix *out, const char *s, size_t len);
/* Six two-digit hexadecimal parts joined by colons (or all by dashes). Returns 0 or SONDE_E_SYNTAX. */
int sonde_mac_parse(uint8_t out[SONDE_AT_LEAST(SONDE_MAC_LEN)], const char *s, size_t len);

/* IPv6 in the form of RFC 5952, the scope as %number. */
void sonde_addr_print(struct sonde_text *t, const struct sonde_addr *a);
void sonde_mac_print(struct sonde_text *t, const uint8_t mac[SONDE_AT_LEAST(SONDE_MAC_LEN)]);
/* The same as strings. All return out. */
char *sonde_addr_format(char out[SONDE_AT_LEAST(SONDE_ADDR_STRLEN)], const struct sonde_addr *a);
char *sonde_mac_format(char out[SONDE_AT_LEAST(SONDE_MAC_STRLEN)], const uint8_t mac[SONDE_AT_LEAST(SONDE_MAC_LEN)]);
/* 10.0.0.1:80, [2001:db8::1]:80. */
char *sonde_endpoint_format(char out[SONDE_AT_LEAST(SONDE_ENDPOINT_STRLEN)], const struct sonde_endpoint *e);

#endif

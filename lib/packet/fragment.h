/* Fragmentation of packets (RFC 791, 3.2; RFC 8200, 4.5).
 *
 *	struct sonde_fragments f;
 *	int len = sonde_fragments_start(&f, &packet, 1280, id, false, &e);
 *	while (len >= 0 && (len = sonde_fragments_next(&f, frame, sizeof frame)) > 0)
 *		...
 *
 * Each fragment repeats what precedes the outermost IP header, and a header checksum that is marked as written. Later
 * fragments have those IPv4 options whose copied bit is set. In IPv6, each fragment repeats the headers that routers
 * process: up to a routing header, else hop-by-hop options. Where the other headers are split is up to the caller
 * (RFC 7112 requires all of them in the first fragment).
 */
#ifndef SONDE_PACKET_FRAGMENT_H
#define SONDE_PACKET_FRAGMENT_H

#include "base/hash.h"
#include "packet/packet.h"
#include "proto/ip.h"

#define SONDE_FRAGMENT_UNIT 8 /* bytes per unit of an offset */

/* The identification of the fragments of IPv6 packet k, derived from the seed. */
static inline uint32_t sonde_fragment_id(uint64_t seed, uint64_t k)
{
	return (uint32_t)sonde_random(seed, k, UINT32_MAX, 0);
}

struct sonde_fragments {
	const uint8_t *packet;      /* borrowed */
	uint32_t ip;                /* where the IP header is */
	uint32_t head_end;          /* where the part ends that every fragment repeats */
	uint32_t at, end;           /* the data that is still to be sent */
	uint32_t first;             /* where the data starts */
	uint32_t max_len;           /* bytes of a fragment, IP header included */
	uint32_t id;                /* IPv6 */
	uint32_t base_offset;       /* offset of the packet, if it is a fragment itself, in 8-byte units */
	uint32_t next_at;           /* IPv6: where the next-header field is that becomes 44 */
	bool is_ip6, more_behind, whole, sum_is_written;
	uint8_t later_head[SONDE_IP_MAX_LEN]; /* IPv4: the header of all fragments but the first */
	uint8_t later_len;
};

/* Split a finished or dissected packet, which is borrowed, into fragments whose IP packets have at most max_len bytes.
 * A packet that fits is sent unchanged. An IPv4 packet has its own identification, and may itself be a fragment; id is
 * for IPv6. Don't Fragment is obeyed unless `despite_df`; the bit itself stays. Returns 0, or fills e (which may be
 * NULL) and returns SONDE_E_ABSENT (no IP header), SONDE_E_TRUNCATED (the packet is incomplete), SONDE_E_MALFORMED (its
 * lengths contradict it), -EMSGSIZE (DF), SONDE_E_UNSUPPORTED (an IPv6 fragment; bytes after the IP packet, which no
 * fragment would carry) or SONDE_E_RANGE (max_len has no room for 8 bytes of data, the packet is longer than its length
 * field can say, or offsets exceed their field). */
int sonde_fragments_start(struct sonde_fragments *f, const struct sonde_packet *p, uint32_t max_len, uint32_t id,
			  bool despite_df, struct sonde_error *e);

/* Write the next fragment, with what precedes the IP header, to out. Returns its length in bytes, 0 after the last one,
 * or SONDE_E_SPACE, after which the same fragment can be asked for again. */
int sonde_fragments_next(struct sonde_fragments *f, uint8_t *out, uint32_t cap);

#endif

/* The ends of a packet: addresses, ports, protocol, TCP's numbers, lengths, and nothing else, for programs that read
 * every frame of a busy link. sonde_dissect (packet/packet.h) reads everything and takes several times as long. The two
 * agree; what this one leaves out is said here.
 *
 * A flow table counts packets and bytes:
 *
 *   struct sonde_ends e;
 *   if (sonde_ends_read(&e, frame, len, wire_len, link_type)) {
 *           struct flow *f = find_flow(table, &e, SONDE_ENDS_TUPLE_LEN);
 *           f->n_packets++;
 *           f->n_bytes += e.ip_len;
 *   }
 *
 * A scanner takes the answers to its SYNs:
 *
 *   if (sonde_ends_read(&e, frame, len, wire_len, link_type) && e.proto == 6 &&
 *       e.tcp_flags == (SONDE_TCP_SYN | SONDE_TCP_ACK_FLAG) && e.ack == seq_sent + 1)
 *           found_open(e.src, e.sport);
 *
 * Which packet: the innermost IP packet whose header is complete. Every protocol may enclose it whose description says
 * that it leads to IP: link layers, tags and labels, tunnels in IP and in UDP, by either port. A tunnel without a
 * complete IP header is payload of the enclosing packet, and so is everything after SONDE_ENDS_MAX_HEADERS headers. The
 * ends of an ICMP error are its own, not those of the packet that it quotes.
 *
 * Which transport: what follows IPv6's extension headers and AH, which are skipped in IPv4, too. TCP, UDP, SCTP, ICMP
 * and ICMPv6 are read; of all others (ESP, for instance) .proto is the number, and they are payload.
 *
 * Which lengths: those in the headers, even if less of the frame is present. An IP length of 0 (offload, jumbograms) or
 * below the header length means the rest of the enclosing layer. If the lengths of IP and UDP differ, the smaller one
 * counts. Checksums and IP's version field are not checked. */
#ifndef SONDE_PACKET_ENDS_H
#define SONDE_PACKET_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "packet/packet.h"

#define SONDE_ENDS_MAX_HEADERS 24 /* from the link layer to the last extension header, tunnels included */
#define SONDE_ENDS_NO_VLAN     0xffff

enum sonde_ends_flag {
	SONDE_ENDS_PORTS = 1,          /* the ports are present; in ICMP: type, code, and an identifier */
	SONDE_ENDS_FIRST_FRAGMENT = 2, /* more fragments follow this one */
	SONDE_ENDS_LATER_FRAGMENT = 4, /* not the first fragment: it has no ports, and all after IP is payload */
	SONDE_ENDS_CUT = 8,            /* the packet is incomplete: the frame is cut, or a tunnel is too short */
	SONDE_ENDS_CUT_HEADER = 16,    /* an extension header or the transport header is incomplete */
};

/* Numbers in host order, offsets in bytes from the start of the frame. What a packet does not have, or what is not
 * there, is 0. */
struct sonde_ends {
	/* The 5-tuple: SONDE_ENDS_TUPLE_LEN bytes without gaps, which can be compared and hashed as they are. Addresses
	 * are in wire order, IPv4 in the first four bytes. An ICMP query (echo, timestamp, ...) has its identifier in
	 * both ports, so that request and reply are one flow; other ICMP messages have 0. */
	uint8_t src[16], dst[16];
	uint16_t sport, dport;
	uint8_t proto;  /* IP protocol of the transport, or of an extension header that is cut */
	uint8_t family; /* enum sonde_family: 4 or 6 */

	uint16_t vlan;      /* id of the outermost VLAN tag, or SONDE_ENDS_NO_VLAN */
	uint64_t encap;     /* what encloses it, VLANs and tunnels, as a number (packet/encap.h); 0: nothing */
	uint16_t tcp_flags; /* enum sonde_tcp_flag */
	uint16_t win;       /* TCP's, not scaled */
	uint32_t seq;       /* TCP's, or that of an ICMP query */
	uint32_t ack;       /* TCP's, even if its flag is not set */
	uint32_t fragment_id;

	uint32_t ip_offset;
	uint32_t ip_len;           /* of the packet, header included */
	uint32_t transport_offset; /* after IP and its extension headers */
	uint32_t payload_offset;   /* after the transport header, which has 8 bytes in ICMP, 12 in SCTP */
	uint32_t payload_len;
	uint32_t payload_have;     /* bytes of the payload that are present */

	uint8_t icmp_type, icmp_code;
	uint8_t n_tunnels;         /* IP packets that enclose this one */
	uint8_t flags;             /* enum sonde_ends_flag */
};

#define SONDE_ENDS_TUPLE_LEN offsetof(struct sonde_ends, vlan)

/* Read a frame of wire_len bytes, of which len are present (neither over 2^31). link_type is the capture's. Returns
 * whether there is an IP packet. If not, *out is 0 except .vlan, and SONDE_ENDS_CUT if the frame ends too early to
 * tell. */
bool sonde_ends_read(struct sonde_ends *out, const uint8_t *frame, uint32_t len, uint32_t wire_len, uint32_t link_type);

/* Sort the ends: the lower address, or with equal addresses the lower port, becomes the source, so that both directions
 * have the same 5-tuple. Returns whether they were swapped. */
bool sonde_ends_sort(struct sonde_ends *e);
/* Source and destination the other way round. */
void sonde_ends_swap(struct sonde_ends *e);

/* The ends of the packet that an ICMP error quotes, of a frame whose ends these are. Only eight bytes of its transport
 * header are sure to be there. Returns false where nothing is quoted, or less than an IP header. */
bool sonde_ends_quoted(struct sonde_ends *out, const struct sonde_ends *error, const uint8_t *frame);

/* Whether the transport's checksum is right. Where the IP header has options or extension headers, which may have the
 * address that counts, it is not looked at: SONDE_SUM_NONE. */
enum sonde_sum_state sonde_ends_verify(const struct sonde_ends *e, const uint8_t *frame);

/* The pair of sockets; the source is local. */
struct sonde_pair sonde_ends_pair(const struct sonde_ends *e);

#endif

/* Domain Name System (RFC 1035; multicast DNS of RFC 6762; EDNS of RFC 6891). Names are written as labels joined by
 * dots; one that ends in a pointer to an earlier place of the message has @ and that place: www.@12.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-+-------+-------------+-------+
 *   |              id               |Q|opcode |    flags    | rcode |
 *   +-------------------------------+-+-------+-------------+-------+
 *   |            qdcount            |            ancount            |
 *   +-------------------------------+-------------------------------+
 *   |            nscount            |            arcount            |
 *   +-------------------------------+-------------------------------+
 *   | the first question: qname, qtype 16, qclass 16                |
 *   | questions: the further ones; answers, authority, additional   |
 */
#ifndef SONDE_PROTO_DNS_H
#define SONDE_PROTO_DNS_H

#include "proto/proto.h"

#define SONDE_DNS_ID         SONDE_FIELD(0, 0, 16)
#define SONDE_DNS_QR         SONDE_FIELD(1, 16, 1)
#define SONDE_DNS_OPCODE     SONDE_FIELD(2, 17, 4)
#define SONDE_DNS_FLAGS      SONDE_FIELD(3, 21, 7)
#define SONDE_DNS_RCODE      SONDE_FIELD(4, 28, 4)
#define SONDE_DNS_QDCOUNT    SONDE_FIELD(5, 32, 16)
#define SONDE_DNS_ANCOUNT    SONDE_FIELD(6, 48, 16)
#define SONDE_DNS_NSCOUNT    SONDE_FIELD(7, 64, 16)
#define SONDE_DNS_ARCOUNT    SONDE_FIELD(8, 80, 16)
#define SONDE_DNS_QNAME      SONDE_FIELD(9, SONDE_NEXT, 0)
#define SONDE_DNS_QTYPE      SONDE_FIELD(10, SONDE_NEXT, 16)
#define SONDE_DNS_QCLASS     SONDE_FIELD(11, SONDE_NEXT, 16)
#define SONDE_DNS_QUESTIONS  SONDE_FIELD(12, SONDE_NEXT, 0)
#define SONDE_DNS_ANSWERS    SONDE_FIELD(13, SONDE_NEXT, 0)
#define SONDE_DNS_AUTHORITY  SONDE_FIELD(14, SONDE_NEXT, 0)
#define SONDE_DNS_ADDITIONAL SONDE_FIELD(15, SONDE_NEXT, 0)

enum sonde_dns_flag {
	SONDE_DNS_CD = 0x01,
	SONDE_DNS_AD = 0x02,
	SONDE_DNS_Z = 0x04,
	SONDE_DNS_RA = 0x08,
	SONDE_DNS_RD = 0x10,
	SONDE_DNS_TC = 0x20,
	SONDE_DNS_AA = 0x40,
};

extern const struct sonde_proto sonde_dns;

#endif

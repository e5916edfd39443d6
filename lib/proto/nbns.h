/* NetBIOS name service (RFC 1002, 4.2): a header and records like those of DNS, in UDP 137.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-+-------+-------------+-------+
 *   |              id               |r|opcode |    flags    | rcode |
 *   +-------------------------------+-+-------+-------------+-------+
 *   |            qdcount            |            ancount            |
 *   +-------------------------------+-------------------------------+
 *   |            nscount            |            arcount            |
 *   +-------------------------------+-------------------------------+
 *   | the question: qname, qtype 16, qclass 16                      |
 *   | answers, authority, additional                                |
 */
#ifndef SONDE_PROTO_NBNS_H
#define SONDE_PROTO_NBNS_H

#include "proto/proto.h"

#define SONDE_NBNS_ID         SONDE_FIELD(0, 0, 16)
#define SONDE_NBNS_QR         SONDE_FIELD(1, 16, 1)
#define SONDE_NBNS_OPCODE     SONDE_FIELD(2, 17, 4)
#define SONDE_NBNS_FLAGS      SONDE_FIELD(3, 21, 7)
#define SONDE_NBNS_RCODE      SONDE_FIELD(4, 28, 4)
#define SONDE_NBNS_QDCOUNT    SONDE_FIELD(5, 32, 16)
#define SONDE_NBNS_ANCOUNT    SONDE_FIELD(6, 48, 16)
#define SONDE_NBNS_NSCOUNT    SONDE_FIELD(7, 64, 16)
#define SONDE_NBNS_ARCOUNT    SONDE_FIELD(8, 80, 16)
#define SONDE_NBNS_QNAME      SONDE_FIELD(9, SONDE_NEXT, 0)
#define SONDE_NBNS_QTYPE      SONDE_FIELD(10, SONDE_NEXT, 16)
#define SONDE_NBNS_QCLASS     SONDE_FIELD(11, SONDE_NEXT, 16)
#define SONDE_NBNS_QUESTIONS  SONDE_FIELD(12, SONDE_NEXT, 0)
#define SONDE_NBNS_ANSWERS    SONDE_FIELD(13, SONDE_NEXT, 0)
#define SONDE_NBNS_AUTHORITY  SONDE_FIELD(14, SONDE_NEXT, 0)
#define SONDE_NBNS_ADDITIONAL SONDE_FIELD(15, SONDE_NEXT, 0)

enum sonde_nbns_flag {
	SONDE_NBNS_B = 0x01, /* broadcast or multicast */
	SONDE_NBNS_RA = 0x08,
	SONDE_NBNS_RD = 0x10,
	SONDE_NBNS_TC = 0x20,
	SONDE_NBNS_AA = 0x40,
};

extern const struct sonde_proto sonde_nbns;

#endif

/* Internet Control Message Protocol (RFC 792, 950, 1191, 1256, 4884, 8335).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     type      |     code      |           checksum            |
 *   +---------------+---------------+-------------------------------+
 *   | echo, timestamp, info, mask:    id 16, seq 16                 |
 *   | unreach:                        unused 8, length 8, mtu 16    |
 *   | timxceed:                       unused 8, length 8, unused2 16|
 *   | paramprob:                      pointer 8, length 8, unused2  |
 *   | redirect:                       gateway 32                    |
 *   | router-advert:                  naddrs 8, entrysize 8, lifetime
 *   | xecho: id 16, seq 8, flags 8;   xecho-reply: id, seq, state   |
 *   | quench, router-solicit, others: rest 32                       |
 *   +---------------------------------------------------------------+
 *   | timestamp: orig, recv, xmit;  mask: mask;  router-advert: addrs
 *   | errors: the quoted packet                                     |
 */
#ifndef SONDE_PROTO_ICMP_H
#define SONDE_PROTO_ICMP_H

#include "proto/proto.h"

#define SONDE_ICMP_TYPE      SONDE_FIELD(0, 0, 8)
#define SONDE_ICMP_CODE      SONDE_FIELD(1, 8, 8)
#define SONDE_ICMP_CHECKSUM  SONDE_FIELD(2, 16, 16)
#define SONDE_ICMP_ID        SONDE_FIELD(3, 32, 16)
#define SONDE_ICMP_SEQ       SONDE_FIELD(4, 48, 16)
#define SONDE_ICMP_UNUSED    SONDE_FIELD(5, 32, 8)
#define SONDE_ICMP_POINTER   SONDE_FIELD(6, 32, 8)
#define SONDE_ICMP_LENGTH    SONDE_FIELD(7, 40, 8) /* of the quote, 4-byte words; 0: no objects follow */
#define SONDE_ICMP_MTU       SONDE_FIELD(8, 48, 16)
#define SONDE_ICMP_UNUSED2   SONDE_FIELD(9, 48, 16)
#define SONDE_ICMP_GATEWAY   SONDE_FIELD(10, 32, 32)
#define SONDE_ICMP_NADDRS    SONDE_FIELD(11, 32, 8)
#define SONDE_ICMP_ENTRYSIZE SONDE_FIELD(12, 40, 8) /* 4-byte words */
#define SONDE_ICMP_LIFETIME  SONDE_FIELD(13, 48, 16) /* seconds */
#define SONDE_ICMP_ADDRS     SONDE_FIELD(14, 64, 0)
#define SONDE_ICMP_ORIG      SONDE_FIELD(15, 64, 32) /* ms since midnight UTC */
#define SONDE_ICMP_RECV      SONDE_FIELD(16, 96, 32)
#define SONDE_ICMP_XMIT      SONDE_FIELD(17, 128, 32)
#define SONDE_ICMP_MASK      SONDE_FIELD(18, 64, 32)
#define SONDE_ICMP_XSEQ      SONDE_FIELD(19, 48, 8)
#define SONDE_ICMP_XFLAGS    SONDE_FIELD(20, 56, 8)
#define SONDE_ICMP_REST      SONDE_FIELD(21, 32, 32)

enum sonde_icmp_type {
	SONDE_ICMP_ECHO_REPLY = 0,
	SONDE_ICMP_UNREACH = 3,
	SONDE_ICMP_QUENCH = 4,
	SONDE_ICMP_REDIRECT = 5,
	SONDE_ICMP_ECHO = 8,
	SONDE_ICMP_ROUTER_ADVERT = 9,
	SONDE_ICMP_ROUTER_SOLICIT = 10,
	SONDE_ICMP_TIMXCEED = 11,
	SONDE_ICMP_PARAMPROB = 12,
	SONDE_ICMP_TIMESTAMP = 13,
	SONDE_ICMP_TIMESTAMP_REPLY = 14,
	SONDE_ICMP_INFO = 15,
	SONDE_ICMP_INFO_REPLY = 16,
	SONDE_ICMP_MASK_REQUEST = 17,
	SONDE_ICMP_MASK_REPLY = 18,
	SONDE_ICMP_XECHO = 42,
	SONDE_ICMP_XECHO_REPLY = 43,
};

extern const struct sonde_proto sonde_icmp;

#endif

/* Internet Control Message Protocol for IPv6 (RFC 4443, 4884; MLD of RFC 2710 and 9777; neighbour discovery of RFC
 * 4861; node information of RFC 4620; extended echo of RFC 8335).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     type      |     code      |           checksum            |
 *   +---------------+---------------+-------------------------------+
 *   | unreach, timxceed:          length 8, unused 24               |
 *   | toobig: mtu 32;             paramprob: pointer 32             |
 *   | echo:                       id 16, seq 16                     |
 *   | xecho, xecho-reply:         id 16, seq 8, flags 8             |
 *   | mld-query, report, done:    maxresp 16, reserved 16           |
 *   | mld-report2:                reserved 16, nrecords 16          |
 *   | router-solicit:             reserved 32                       |
 *   | router-advert:              hlim 8, m, o, h, pref 2, reserved 3, lifetime 16
 *   | neighbour-solicit, redirect: reserved 32                      |
 *   | neighbour-advert:           r, s, o, reserved 29              |
 *   | ni-query, ni-reply:         qtype 16, flags 16                |
 *   | others:                     rest 32                           |
 *   +---------------------------------------------------------------+
 *   | errors: the quoted packet                                     |
 *   | mld-query, report, done: group, 16 bytes                      |
 *   | mld-query of version 2: resv 4, s, qrv 3, qqic 8, nsources 16, sources
 *   | mld-report2: records                                          |
 *   | router-advert: reachable 32, retrans 32                       |
 *   | neighbour-solicit, neighbour-advert: target, 16 bytes         |
 *   | redirect: target, 16 bytes; dst, 16 bytes                     |
 *   | router-solicit to redirect: options                           |
 *   | ni-query, ni-reply: nonce 64                                  |
 */
#ifndef SONDE_PROTO_ICMP6_H
#define SONDE_PROTO_ICMP6_H

#include "proto/proto.h"

#define SONDE_ICMP6_TYPE          SONDE_FIELD(0, 0, 8)
#define SONDE_ICMP6_CODE          SONDE_FIELD(1, 8, 8)
#define SONDE_ICMP6_CHECKSUM      SONDE_FIELD(2, 16, 16)
#define SONDE_ICMP6_ID            SONDE_FIELD(3, 32, 16)
#define SONDE_ICMP6_SEQ           SONDE_FIELD(4, 48, 16)
#define SONDE_ICMP6_LENGTH        SONDE_FIELD(5, 32, 8) /* of the quote, 8-byte words; 0: no objects follow */
#define SONDE_ICMP6_UNUSED        SONDE_FIELD(6, 40, 24)
#define SONDE_ICMP6_MTU           SONDE_FIELD(7, 32, 32)
#define SONDE_ICMP6_POINTER       SONDE_FIELD(8, 32, 32)
#define SONDE_ICMP6_RESERVED      SONDE_FIELD(9, 32, 32)
#define SONDE_ICMP6_MAXRESP       SONDE_FIELD(10, 32, 16) /* ms */
#define SONDE_ICMP6_MLD_RESERVED  SONDE_FIELD(11, 48, 16)
#define SONDE_ICMP6_GROUP         SONDE_FIELD(12, 64, 128)
#define SONDE_ICMP6_RESV          SONDE_FIELD(13, 192, 4)
#define SONDE_ICMP6_SUPPRESS      SONDE_FIELD(14, 196, 1)
#define SONDE_ICMP6_QRV           SONDE_FIELD(15, 197, 3)
#define SONDE_ICMP6_QQIC          SONDE_FIELD(16, 200, 8)
#define SONDE_ICMP6_NSOURCES      SONDE_FIELD(17, 208, 16)
#define SONDE_ICMP6_SOURCES       SONDE_FIELD(18, 224, 0)
#define SONDE_ICMP6_REPORT2_RSV   SONDE_FIELD(19, 32, 16)
#define SONDE_ICMP6_NRECORDS      SONDE_FIELD(20, 48, 16)
#define SONDE_ICMP6_RECORDS       SONDE_FIELD(21, 64, 0)
#define SONDE_ICMP6_HLIM          SONDE_FIELD(22, 32, 8)
#define SONDE_ICMP6_MANAGED       SONDE_FIELD(23, 40, 1)
#define SONDE_ICMP6_OTHER         SONDE_FIELD(24, 41, 1)
#define SONDE_ICMP6_HOME_AGENT    SONDE_FIELD(25, 42, 1)
#define SONDE_ICMP6_PREF          SONDE_FIELD(26, 43, 2)
#define SONDE_ICMP6_ADVERT_RSV    SONDE_FIELD(27, 45, 3)
#define SONDE_ICMP6_LIFETIME      SONDE_FIELD(28, 48, 16) /* seconds */
#define SONDE_ICMP6_REACHABLE     SONDE_FIELD(29, 64, 32) /* ms */
#define SONDE_ICMP6_RETRANS       SONDE_FIELD(30, 96, 32) /* ms */
#define SONDE_ICMP6_ROUTER        SONDE_FIELD(31, 32, 1)
#define SONDE_ICMP6_SOLICITED     SONDE_FIELD(32, 33, 1)
#define SONDE_ICMP6_OVERRIDE      SONDE_FIELD(33, 34, 1)
#define SONDE_ICMP6_NA_RSV        SONDE_FIELD(34, 35, 29)
#define SONDE_ICMP6_TARGET        SONDE_FIELD(35, 64, 128)
#define SONDE_ICMP6_DST           SONDE_FIELD(36, 192, 128)
#define SONDE_ICMP6_OPTIONS_RS    SONDE_FIELD(37, 64, 0)
#define SONDE_ICMP6_OPTIONS_RA    SONDE_FIELD(38, 128, 0)
#define SONDE_ICMP6_OPTIONS       SONDE_FIELD(39, 192, 0) /* of neighbour solicitations and advertisements */
#define SONDE_ICMP6_OPTIONS_REDIR SONDE_FIELD(40, 320, 0)
#define SONDE_ICMP6_QTYPE         SONDE_FIELD(41, 32, 16)
#define SONDE_ICMP6_NI_FLAGS      SONDE_FIELD(42, 48, 16)
#define SONDE_ICMP6_NONCE         SONDE_FIELD(43, 64, 64)
#define SONDE_ICMP6_XSEQ          SONDE_FIELD(44, 48, 8)
#define SONDE_ICMP6_XFLAGS        SONDE_FIELD(45, 56, 8)
#define SONDE_ICMP6_REST          SONDE_FIELD(46, 32, 32)

enum sonde_icmp6_type {
	SONDE_ICMP6_UNREACH = 1,
	SONDE_ICMP6_TOO_BIG = 2,
	SONDE_ICMP6_TIMXCEED = 3,
	SONDE_ICMP6_PARAMPROB = 4,
	SONDE_ICMP6_ECHO = 128,
	SONDE_ICMP6_ECHO_REPLY = 129,
	SONDE_ICMP6_MLD_QUERY = 130,
	SONDE_ICMP6_MLD_REPORT = 131,
	SONDE_ICMP6_MLD_DONE = 132,
	SONDE_ICMP6_ROUTER_SOLICIT = 133,
	SONDE_ICMP6_ROUTER_ADVERT = 134,
	SONDE_ICMP6_NEIGHBOUR_SOLICIT = 135,
	SONDE_ICMP6_NEIGHBOUR_ADVERT = 136,
	SONDE_ICMP6_REDIRECT = 137,
	SONDE_ICMP6_NI_QUERY = 139,
	SONDE_ICMP6_NI_REPLY = 140,
	SONDE_ICMP6_MLD_REPORT2 = 143,
	SONDE_ICMP6_XECHO = 160,
	SONDE_ICMP6_XECHO_REPLY = 161,
};

extern const struct sonde_proto sonde_icmp6;

#endif

/* Layer Two Tunneling Protocol in UDP, version 2 (RFC 2661) and version 3 (RFC 3931, 4.1.2): control messages with
 * AVPs, and PPP.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+---+-+-+-+-+-------+-------+-------------------------------+
 *   |T|L|0 0|S|0|O|P|0 0 0 0|version|          length (L)           |
 *   +-+-+---+-+-+-+-+-------+-------+-------------------------------+
 *   |            tunnel             |            session            | version 2
 *   +-------------------------------+-------------------------------+
 *   |                              id                               | version 3
 *   +-------------------------------+-------------------------------+
 *   |            ns (S)             |            nr (S)             |
 *   +-------------------------------+-------------------------------+
 *   |          offset (O)           |    pad ..., or avps (T) ...
 */
#ifndef SONDE_PROTO_L2TP_H
#define SONDE_PROTO_L2TP_H

#include "proto/proto.h"

#define SONDE_L2TP_FLAGS    SONDE_FIELD(0, 0, 12)
#define SONDE_L2TP_VERSION  SONDE_FIELD(1, 12, 4)
#define SONDE_L2TP_LENGTH   SONDE_FIELD(2, 16, 16)
#define SONDE_L2TP_RESERVED SONDE_FIELD(3, 16, 16)
#define SONDE_L2TP_TUNNEL   SONDE_FIELD(4, SONDE_NEXT, 16)
#define SONDE_L2TP_SESSION  SONDE_FIELD(5, SONDE_NEXT, 16)
#define SONDE_L2TP_ID       SONDE_FIELD(6, SONDE_NEXT, 32)
#define SONDE_L2TP_NS       SONDE_FIELD(7, SONDE_NEXT, 16)
#define SONDE_L2TP_NR       SONDE_FIELD(8, SONDE_NEXT, 16)
#define SONDE_L2TP_OFFSET   SONDE_FIELD(9, SONDE_NEXT, 16)
#define SONDE_L2TP_PAD      SONDE_FIELD(10, SONDE_NEXT, 0)
#define SONDE_L2TP_AVPS     SONDE_FIELD(11, SONDE_NEXT, 0)

enum sonde_l2tp_flag {
	SONDE_L2TP_T = 0x800,
	SONDE_L2TP_L = 0x400,
	SONDE_L2TP_S = 0x080,
	SONDE_L2TP_O = 0x020,
	SONDE_L2TP_P = 0x010,
};

extern const struct sonde_proto sonde_l2tp;

#endif

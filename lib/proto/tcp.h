/* Transmission Control Protocol (RFC 9293; options of RFC 2018, 2385, 5925, 7323, 7413, 8684).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |             sport             |             dport             |
 *   +-------------------------------+-------------------------------+
 *   |                              seq                              |
 *   +---------------------------------------------------------------+
 *   |                              ack                              |
 *   +-------+-----+-----------------+-------------------------------+
 *   | offset| rsv |N C E U A P R S F|              win              |
 *   +-------+-----+-----------------+-------------------------------+
 *   |           checksum            |              urg              |
 *   +-------------------------------+-------------------------------+
 *   |                            options                            |
 */
#ifndef SONDE_PROTO_TCP_H
#define SONDE_PROTO_TCP_H

#include "proto/proto.h"

#define SONDE_TCP_SPORT    SONDE_FIELD(0, 0, 16)
#define SONDE_TCP_DPORT    SONDE_FIELD(1, 16, 16)
#define SONDE_TCP_SEQ      SONDE_FIELD(2, 32, 32)
#define SONDE_TCP_ACK      SONDE_FIELD(3, 64, 32)
#define SONDE_TCP_OFFSET   SONDE_FIELD(4, 96, 4)
#define SONDE_TCP_RESERVED SONDE_FIELD(5, 100, 3)
#define SONDE_TCP_FLAGS    SONDE_FIELD(6, 103, 9)
#define SONDE_TCP_WIN      SONDE_FIELD(7, 112, 16)
#define SONDE_TCP_CHECKSUM SONDE_FIELD(8, 128, 16)
#define SONDE_TCP_URG      SONDE_FIELD(9, 144, 16)
#define SONDE_TCP_OPTIONS  SONDE_FIELD(10, 160, 0)

/* Options that others than this protocol look at: their kinds, and places in them. */
enum sonde_tcp_option {
	SONDE_TCP_MSS = 2,
	SONDE_TCP_WSCALE = 3,
	SONDE_TCP_SACKOK = 4,
	SONDE_TCP_SACK = 5,
	SONDE_TCP_TS = 8,
};

#define SONDE_TCP_MSS_SIZE     SONDE_FIELD(0, 16, 16)
#define SONDE_TCP_WSCALE_SHIFT SONDE_FIELD(0, 16, 8)
#define SONDE_TCP_SACK_BLOCKS  SONDE_FIELD(0, 16, 64) /* as many as it holds: first byte, byte behind the last */

enum sonde_tcp_flag {
	SONDE_TCP_FIN = 0x001,
	SONDE_TCP_SYN = 0x002,
	SONDE_TCP_RST = 0x004,
	SONDE_TCP_PSH = 0x008,
	SONDE_TCP_ACK_FLAG = 0x010,
	SONDE_TCP_URG_FLAG = 0x020,
	SONDE_TCP_ECE = 0x040,
	SONDE_TCP_CWR = 0x080,
	SONDE_TCP_AE = 0x100,
};

extern const struct sonde_proto sonde_tcp;

#endif

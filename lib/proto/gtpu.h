/* GPRS Tunnelling Protocol, user plane (3GPP TS 29.281): IP packets of mobile networks in UDP.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-----+-+-+-----+---------------+-------------------------------+
 *   |vers.|T|R|flags|     type      |            length             |
 *   +-----+-+-+-----+---------------+-------------------------------+
 *   |                             teid                              |
 *   +-------------------------------+---------------+---------------+
 *   |      seq (E, S or PN)         |     npdu      | extensions ... or next
 *   +-------------------------------+---------------+---------------+
 *
 * Each extension header says what the next one is. So an item of the list is the byte that announces it and the
 * extension header up to the byte that announces another one, or none: 0.
 */
#ifndef SONDE_PROTO_GTPU_H
#define SONDE_PROTO_GTPU_H

#include "proto/proto.h"

#define SONDE_GTPU_VERSION    SONDE_FIELD(0, 0, 3)
#define SONDE_GTPU_PT         SONDE_FIELD(1, 3, 1)
#define SONDE_GTPU_RESERVED   SONDE_FIELD(2, 4, 1)
#define SONDE_GTPU_FLAGS      SONDE_FIELD(3, 5, 3)
#define SONDE_GTPU_TYPE       SONDE_FIELD(4, 8, 8)
#define SONDE_GTPU_LENGTH     SONDE_FIELD(5, 16, 16)
#define SONDE_GTPU_TEID       SONDE_FIELD(6, 32, 32)
#define SONDE_GTPU_SEQ        SONDE_FIELD(7, 64, 16)
#define SONDE_GTPU_NPDU       SONDE_FIELD(8, 80, 8)
#define SONDE_GTPU_EXTENSIONS SONDE_FIELD(9, 88, 0)
#define SONDE_GTPU_NEXT       SONDE_FIELD(10, 88, 8)

enum sonde_gtpu_flag {
	SONDE_GTPU_E = 4,
	SONDE_GTPU_S = 2,
	SONDE_GTPU_PN = 1,
};

#define SONDE_GTPU_GPDU 255

extern const struct sonde_proto sonde_gtpu;

#endif

/* PPP over Ethernet (RFC 2516): discovery with its tags, and sessions with the PPP protocol number.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+---------------+-------------------------------+
 *   |version| type  |     code      |            session            |
 *   +-------+-------+---------------+-------------------------------+
 *   |            length             | proto (code 0) or tags ...    |
 *   +-------------------------------+-------------------------------+
 */
#ifndef SONDE_PROTO_PPPOE_H
#define SONDE_PROTO_PPPOE_H

#include "proto/proto.h"

#define SONDE_PPPOE_VERSION SONDE_FIELD(0, 0, 4)
#define SONDE_PPPOE_TYPE    SONDE_FIELD(1, 4, 4)
#define SONDE_PPPOE_CODE    SONDE_FIELD(2, 8, 8)
#define SONDE_PPPOE_SESSION SONDE_FIELD(3, 16, 16)
#define SONDE_PPPOE_LENGTH  SONDE_FIELD(4, 32, 16) /* bytes that follow */
#define SONDE_PPPOE_PROTO   SONDE_FIELD(5, 48, 16)
#define SONDE_PPPOE_TAGS    SONDE_FIELD(6, 48, 0)

enum sonde_pppoe_code {
	SONDE_PPPOE_DATA = 0,
	SONDE_PPPOE_PADO = 0x07,
	SONDE_PPPOE_PADI = 0x09,
	SONDE_PPPOE_PADR = 0x19,
	SONDE_PPPOE_PADS = 0x65,
	SONDE_PPPOE_PADT = 0xa7,
};

extern const struct sonde_proto sonde_pppoe;

#endif

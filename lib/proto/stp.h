/* Spanning Tree Protocol: bridge protocol data units of IEEE 802.1D, and of IEEE 802.1Q with version 2 and above.
 *
 *   +----------+-----------+--------+
 *   | proto 16 | version 8 | type 8 |
 *   +----------+-----------+--------+------------------+---------+-------------------+------------+
 *   | flags 8 | rootprio 16, rootmac 48 | cost 32 | prio 16, mac 48 | port 16 | age 16 | maxage 16 |
 *   +-----------------------------------------------------------------------------------------------+
 *   | hello 16 | delay 16 | version1len 8 (rapid)
 *   +----------+----------+
 */
#ifndef SONDE_PROTO_STP_H
#define SONDE_PROTO_STP_H

#include "proto/proto.h"

#define SONDE_STP_PROTO       SONDE_FIELD(0, 0, 16)
#define SONDE_STP_VERSION     SONDE_FIELD(1, 16, 8)
#define SONDE_STP_TYPE        SONDE_FIELD(2, 24, 8)
#define SONDE_STP_FLAGS       SONDE_FIELD(3, 32, 8)
#define SONDE_STP_ROOTPRIO    SONDE_FIELD(4, 40, 16)
#define SONDE_STP_ROOTMAC     SONDE_FIELD(5, 56, 48)
#define SONDE_STP_COST        SONDE_FIELD(6, 104, 32)
#define SONDE_STP_PRIO        SONDE_FIELD(7, 136, 16)
#define SONDE_STP_MAC         SONDE_FIELD(8, 152, 48)
#define SONDE_STP_PORT        SONDE_FIELD(9, 200, 16)
#define SONDE_STP_AGE         SONDE_FIELD(10, 216, 16)
#define SONDE_STP_MAXAGE      SONDE_FIELD(11, 232, 16)
#define SONDE_STP_HELLO       SONDE_FIELD(12, 248, 16)
#define SONDE_STP_DELAY       SONDE_FIELD(13, 264, 16)
#define SONDE_STP_VERSION1LEN SONDE_FIELD(14, 280, 8)

enum sonde_stp_type {
	SONDE_STP_CONFIG = 0,
	SONDE_STP_RAPID = 2,
	SONDE_STP_CHANGE = 0x80,
};

extern const struct sonde_proto sonde_stp;

#endif

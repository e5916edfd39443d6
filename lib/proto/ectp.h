/* Ethernet Configuration Testing Protocol (DEC, Intel and Xerox, Ethernet 2.0, 8): the loopback frames of switches. Its
 * numbers are little-endian.
 *
 *   +---------+-------------+--------------------+
 *   | skip 16 | function 16 | receipt 16 (reply), or addr 48 (forward)
 *   +---------+-------------+--------------------+
 */
#ifndef SONDE_PROTO_ECTP_H
#define SONDE_PROTO_ECTP_H

#include "proto/proto.h"

#define SONDE_ECTP_SKIP     SONDE_LITTLE(0, 0, 16)
#define SONDE_ECTP_FUNCTION SONDE_LITTLE(1, 16, 16)
#define SONDE_ECTP_RECEIPT  SONDE_LITTLE(2, 32, 16)
#define SONDE_ECTP_ADDR     SONDE_FIELD(3, 32, 48)

enum sonde_ectp_function {
	SONDE_ECTP_REPLY = 1,
	SONDE_ECTP_FORWARD = 2,
};

extern const struct sonde_proto sonde_ectp;

#endif

/* Stream Control Transmission Protocol (RFC 9260; chunks of RFC 3758, 4820, 4895, 5061, 6525, 8260).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |             sport             |             dport             |
 *   +-------------------------------+-------------------------------+
 *   |                             vtag                              |
 *   +---------------------------------------------------------------+
 *   |        checksum: CRC32c, least significant byte first         |
 *   +---------------+---------------+-------------------------------+
 *   | chunks: type 8, flags 8, length 16, body, filling to 4 bytes  |
 */
#ifndef SONDE_PROTO_SCTP_H
#define SONDE_PROTO_SCTP_H

#include "proto/proto.h"

#define SONDE_SCTP_SPORT    SONDE_FIELD(0, 0, 16)
#define SONDE_SCTP_DPORT    SONDE_FIELD(1, 16, 16)
#define SONDE_SCTP_VTAG     SONDE_FIELD(2, 32, 32)
#define SONDE_SCTP_CHECKSUM SONDE_FIELD(3, 64, 32)
#define SONDE_SCTP_CHUNKS   SONDE_FIELD(4, 96, 0)

enum sonde_sctp_chunk {
	SONDE_SCTP_DATA = 0,
	SONDE_SCTP_INIT = 1,
	SONDE_SCTP_INIT_ACK = 2,
	SONDE_SCTP_SACK = 3,
	SONDE_SCTP_HEARTBEAT = 4,
	SONDE_SCTP_HEARTBEAT_ACK = 5,
	SONDE_SCTP_ABORT = 6,
	SONDE_SCTP_SHUTDOWN = 7,
	SONDE_SCTP_SHUTDOWN_ACK = 8,
	SONDE_SCTP_ERROR = 9,
	SONDE_SCTP_COOKIE_ECHO = 10,
	SONDE_SCTP_COOKIE_ACK = 11,
	SONDE_SCTP_SHUTDOWN_COMPLETE = 14,
};

extern const struct sonde_proto sonde_sctp;

#endif

/* Internet Key Exchange (RFC 7296, 3.1 and 3.2; version 1: ISAKMP, RFC 2408, 3.1 and 3.2): a header and payloads.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |                  initiator's SPI, 8 bytes                     |
 *   +---------------------------------------------------------------+
 *   |                  responder's SPI, 8 bytes                     |
 *   +---------------+-------+-------+---------------+---------------+
 *   |     next      | major | minor |   exchange    |     flags     |
 *   +---------------+-------+-------+---------------+---------------+
 *   |                          message ID                           |
 *   +---------------------------------------------------------------+
 *   |                            length                             |
 *   +---------------+-+-------------+-------------------------------+
 *   |     next      |C|  reserved   |            length             |
 *   +---------------+-+-------------+-------------------------------+
 *   |  content of the payload, and further payloads ...
 *
 * The type of a payload is in what comes before it: that of the first in the header, that of the others in the payload
 * before.
 */
#ifndef SONDE_PROTO_ISAKMP_H
#define SONDE_PROTO_ISAKMP_H

#include "proto/proto.h"

#define SONDE_ISAKMP_ISPI     SONDE_FIELD(0, 0, 64)
#define SONDE_ISAKMP_RSPI     SONDE_FIELD(1, 64, 64)
#define SONDE_ISAKMP_NEXT     SONDE_FIELD(2, 128, 8)
#define SONDE_ISAKMP_MAJOR    SONDE_FIELD(3, 136, 4)
#define SONDE_ISAKMP_MINOR    SONDE_FIELD(4, 140, 4)
#define SONDE_ISAKMP_EXCHANGE SONDE_FIELD(5, 144, 8)
#define SONDE_ISAKMP_FLAGS    SONDE_FIELD(6, 152, 8)
#define SONDE_ISAKMP_ID       SONDE_FIELD(7, 160, 32)
#define SONDE_ISAKMP_LENGTH   SONDE_FIELD(8, 192, 32)
#define SONDE_ISAKMP_PAYLOADS SONDE_FIELD(9, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_isakmp;

#endif

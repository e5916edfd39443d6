/* Constrained Application Protocol (RFC 7252, 3), as a datagram has it.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---+---+-------+---------------+-------------------------------+
 *   |ver| t |  tkl  |     code      |          message ID           |
 *   +---+---+-------+---------------+-------------------------------+
 *   |  token, tkl bytes ...
 *   |  options, and the payload marker 0xff if a payload follows ...
 *
 * An option is the difference of its number from that of the option before, the length of its value, four bits each,
 * and its value. 13 and 14 as one of these say that one or two bytes with the rest of it follow.
 */
#ifndef SONDE_PROTO_COAP_H
#define SONDE_PROTO_COAP_H

#include "proto/proto.h"

#define SONDE_COAP_VERSION SONDE_FIELD(0, 0, 2)
#define SONDE_COAP_TYPE    SONDE_FIELD(1, 2, 2)
#define SONDE_COAP_TKL     SONDE_FIELD(2, 4, 4)
#define SONDE_COAP_CODE    SONDE_FIELD(3, 8, 8)
#define SONDE_COAP_ID      SONDE_FIELD(4, 16, 16)
#define SONDE_COAP_TOKEN   SONDE_FIELD(5, 32, 0)
#define SONDE_COAP_OPTIONS SONDE_FIELD(6, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_coap;

#endif

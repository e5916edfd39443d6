/* Pseudowire control word (RFC 4385, 3; RFC 4448, 4.6): before an Ethernet frame behind MPLS labels.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+---+-----------+-------------------------------+
 *   |0 0 0 0| flags |frg|  length   |              seq              |
 *   +-------+-------+---+-----------+-------------------------------+
 */
#ifndef SONDE_PROTO_PW_H
#define SONDE_PROTO_PW_H

#include "proto/proto.h"

#define SONDE_PW_ZERO   SONDE_FIELD(0, 0, 4)
#define SONDE_PW_FLAGS  SONDE_FIELD(1, 4, 4)
#define SONDE_PW_FRG    SONDE_FIELD(2, 8, 2)
#define SONDE_PW_LENGTH SONDE_FIELD(3, 10, 6)
#define SONDE_PW_SEQ    SONDE_FIELD(4, 16, 16)

extern const struct sonde_proto sonde_pw;

#endif

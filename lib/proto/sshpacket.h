/* Secure Shell, binary packet protocol (RFC 4253, 6), before keys are exchanged: afterwards all is encrypted.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *   |                            length                             |
 *   +---------------+---------------+-------------------------------+
 *   |    padding    |     type      |  message, padding ...
 *   +---------------+---------------+--------
 */
#ifndef SONDE_PROTO_SSHPACKET_H
#define SONDE_PROTO_SSHPACKET_H

#include "proto/proto.h"

#define SONDE_SSHPACKET_LENGTH SONDE_FIELD(0, 0, 32)
#define SONDE_SSHPACKET_PADDING SONDE_FIELD(1, 32, 8)
#define SONDE_SSHPACKET_TYPE SONDE_FIELD(2, 40, 8)

extern const struct sonde_proto sonde_sshpacket;

#endif

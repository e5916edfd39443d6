/* IP Authentication Header (RFC 4302).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |     next      |    length     |           reserved            |
 *   +---------------+---------------+-------------------------------+
 *   |                              spi                              |
 *   +---------------------------------------------------------------+
 *   |                              seq                              |
 *   +---------------------------------------------------------------+
 *   |                              icv                              |
 */
#ifndef SONDE_PROTO_AH_H
#define SONDE_PROTO_AH_H

#include "proto/proto.h"

#define SONDE_AH_NEXT     SONDE_FIELD(0, 0, 8)
#define SONDE_AH_LENGTH   SONDE_FIELD(1, 8, 8) /* 4-byte words after the first two */
#define SONDE_AH_RESERVED SONDE_FIELD(2, 16, 16)
#define SONDE_AH_SPI      SONDE_FIELD(3, 32, 32)
#define SONDE_AH_SEQ      SONDE_FIELD(4, 64, 32)
#define SONDE_AH_ICV      SONDE_FIELD(5, 96, 0)

extern const struct sonde_proto sonde_ah;

#endif

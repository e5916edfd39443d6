/* Internet Protocol version 6 (RFC 8200).
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+---------------+---------------------------------------+
 *   |version|    tclass     |                 flow                  |
 *   +-------+---------------+-------+---------------+---------------+
 *   |            length             |     next      |     hlim      |
 *   +-------------------------------+---------------+---------------+
 *   |                         src, 16 bytes                         |
 *   +---------------------------------------------------------------+
 *   |                         dst, 16 bytes                         |
 *   +---------------------------------------------------------------+
 */
#ifndef SONDE_PROTO_IP6_H
#define SONDE_PROTO_IP6_H

#include "proto/proto.h"

#define SONDE_IP6_HEADER 40 /* bytes */

#define SONDE_IP6_VERSION SONDE_FIELD(0, 0, 4)
#define SONDE_IP6_TCLASS  SONDE_FIELD(1, 4, 8)
#define SONDE_IP6_FLOW    SONDE_FIELD(2, 12, 20)
#define SONDE_IP6_LENGTH  SONDE_FIELD(3, 32, 16) /* bytes after the header */
#define SONDE_IP6_NEXT    SONDE_FIELD(4, 48, 8)
#define SONDE_IP6_HLIM    SONDE_FIELD(5, 56, 8)
#define SONDE_IP6_SRC     SONDE_FIELD(6, 64, 128)
#define SONDE_IP6_DST     SONDE_FIELD(7, 192, 128)
#define SONDE_IP6_ECN     SONDE_FIELD(1, 10, 2) /* the lower two bits of tclass */

extern const struct sonde_proto sonde_ip6;

#endif

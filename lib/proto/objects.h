/* The extension that follows the packet quoted in an ICMP error (RFC 4884), shared by icmp and icmp6. In notation its
 * fields are written in the ICMP layer.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-----------------------+-------------------------------+
 *   |version|       reserved        |           checksum            |
 *   +-------+-----------------------+-------------------------------+
 *   | objects: length 16, class 8, ctype 8, body                    |
 */
#ifndef SONDE_PROTO_OBJECTS_H
#define SONDE_PROTO_OBJECTS_H

#include "proto/proto.h"

#define SONDE_OBJECTS_VERSION  SONDE_FIELD(0, 0, 4)
#define SONDE_OBJECTS_RESERVED SONDE_FIELD(1, 4, 12)
#define SONDE_OBJECTS_CHECKSUM SONDE_FIELD(2, 16, 16)
#define SONDE_OBJECTS_LIST     SONDE_FIELD(3, 32, 0)

extern const struct sonde_proto sonde_objects;

#endif

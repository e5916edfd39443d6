/* Generic Network Virtualization Encapsulation (RFC 8926): any Ethernet type in UDP, behind options.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---+-----------+-+-+-----------+-------------------------------+
 *   |ver|  optlen   |O|C| reserved  |             type              |
 *   +---+-----------+-+-+-----------+---------------+---------------+
 *   |                      vni                      |   reserved2   |
 *   +-----------------------------------------------+---------------+
 *   |                          options ...
 */
#ifndef SONDE_PROTO_GENEVE_H
#define SONDE_PROTO_GENEVE_H

#include "proto/proto.h"

#define SONDE_GENEVE_VERSION   SONDE_FIELD(0, 0, 2)
#define SONDE_GENEVE_OPTLEN    SONDE_FIELD(1, 2, 6)
#define SONDE_GENEVE_FLAGS     SONDE_FIELD(2, 8, 2)
#define SONDE_GENEVE_RESERVED  SONDE_FIELD(3, 10, 6)
#define SONDE_GENEVE_TYPE      SONDE_FIELD(4, 16, 16)
#define SONDE_GENEVE_VNI       SONDE_FIELD(5, 32, 24)
#define SONDE_GENEVE_RESERVED2 SONDE_FIELD(6, 56, 8)
#define SONDE_GENEVE_OPTIONS   SONDE_FIELD(7, 64, 0)

enum sonde_geneve_flag {
	SONDE_GENEVE_O = 2, /* control packet */
	SONDE_GENEVE_C = 1, /* critical options are present */
};

extern const struct sonde_proto sonde_geneve;

#endif

/* Virtual eXtensible Local Area Network (RFC 7348): an Ethernet frame in UDP.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+-----------------------------------------------+
 *   |R R R R I R R R|                   reserved                    |
 *   +---------------+-------------------------------+---------------+
 *   |                      vni                      |   reserved2   |
 *   +-----------------------------------------------+---------------+
 */
#ifndef SONDE_PROTO_VXLAN_H
#define SONDE_PROTO_VXLAN_H

#include "proto/proto.h"

#define SONDE_VXLAN_FLAGS     SONDE_FIELD(0, 0, 8)
#define SONDE_VXLAN_RESERVED  SONDE_FIELD(1, 8, 24)
#define SONDE_VXLAN_VNI       SONDE_FIELD(2, 32, 24)
#define SONDE_VXLAN_RESERVED2 SONDE_FIELD(3, 56, 8)

#define SONDE_VXLAN_I 0x08

extern const struct sonde_proto sonde_vxlan;

#endif

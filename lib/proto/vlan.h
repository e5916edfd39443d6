/* VLAN tag (IEEE 802.1Q; 802.1ad by the type before it). Tags stack to any depth.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-----+-+-----------------------+-------------------------------+
 *   | pcp |D|          id           |             type              |
 *   +-----+-+-----------------------+-------------------------------+
 */
#ifndef SONDE_PROTO_VLAN_H
#define SONDE_PROTO_VLAN_H

#include "proto/proto.h"

#define SONDE_VLAN_PCP  SONDE_FIELD(0, 0, 3)
#define SONDE_VLAN_DEI  SONDE_FIELD(1, 3, 1)
#define SONDE_VLAN_ID   SONDE_FIELD(2, 4, 12)
#define SONDE_VLAN_TYPE SONDE_FIELD(3, 16, 16)

extern const struct sonde_proto sonde_vlan;

#endif

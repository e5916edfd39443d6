/* Netfilter log (LINKTYPE_NFLOG): what a firewall rule says of a packet, then the packet (proto/nflogdata.h). Lengths
 * and types have the byte order of the machine that captured; those of little-endian machines are read.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |    family     |    version    |           resource            |
 *   +---------------+---------------+-------------------------------+
 *   |            length             |             type              |
 *   +-------------------------------+-------------------------------+
 *   /                   value, padded to 32 bits                    /
 *   +---------------------------------------------------------------+
 */
#ifndef SONDE_PROTO_NFLOG_H
#define SONDE_PROTO_NFLOG_H

#include "proto/proto.h"

#define SONDE_NFLOG_FAMILY   SONDE_FIELD(0, 0, 8)
#define SONDE_NFLOG_VERSION  SONDE_FIELD(1, 8, 8)
#define SONDE_NFLOG_RESOURCE SONDE_FIELD(2, 16, 16)
#define SONDE_NFLOG_TLVS     SONDE_FIELD(3, 32, 0)

#define SONDE_NFLOG_PAYLOAD 9 /* the type of the packet */

extern const struct sonde_proto sonde_nflog;

#endif

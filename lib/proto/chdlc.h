/* Cisco HDLC (RFC 1547, 4.3.1): an Ethernet type behind two bytes.
 *
 *   +-----------+-----------+---------+
 *   | address 8 | control 8 | type 16 |
 *   +-----------+-----------+---------+
 */
#ifndef SONDE_PROTO_CHDLC_H
#define SONDE_PROTO_CHDLC_H

#include "proto/proto.h"

#define SONDE_CHDLC_ADDRESS SONDE_FIELD(0, 0, 8)
#define SONDE_CHDLC_CONTROL SONDE_FIELD(1, 8, 8)
#define SONDE_CHDLC_TYPE    SONDE_FIELD(2, 16, 16)

extern const struct sonde_proto sonde_chdlc;

#endif

/* HDLC-like framing of PPP (RFC 1662): what may stand before the PPP protocol, told by its first byte.
 *
 *   +-----------+-----------+
 *   | address 8 | control 8 |
 *   +-----------+-----------+
 */
#ifndef SONDE_PROTO_HDLC_H
#define SONDE_PROTO_HDLC_H

#include "proto/proto.h"

#define SONDE_HDLC_ADDRESS SONDE_FIELD(0, 0, 8)
#define SONDE_HDLC_CONTROL SONDE_FIELD(1, 8, 8)

#define SONDE_HDLC_ALL_STATIONS 0xff

extern const struct sonde_proto sonde_hdlc;

#endif

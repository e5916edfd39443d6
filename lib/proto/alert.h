/* An alert of TLS that is not encrypted (RFC 8446, 6; RFC 5246, 7.2).
 *
 *   +---------+---------------+
 *   | level 8 | description 8 |
 *   +---------+---------------+
 */
#ifndef SONDE_PROTO_ALERT_H
#define SONDE_PROTO_ALERT_H

#include "proto/proto.h"

#define SONDE_ALERT_LEVEL       SONDE_FIELD(0, 0, 8)
#define SONDE_ALERT_DESCRIPTION SONDE_FIELD(1, 8, 8)

extern const struct sonde_proto sonde_alert;

#endif

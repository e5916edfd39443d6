/* What stands before each DNS message in a stream (RFC 1035, 4.2.2).
 *
 *   +-----------+
 *   | length 16 |
 *   +-----------+
 */
#ifndef SONDE_PROTO_DNSTCP_H
#define SONDE_PROTO_DNSTCP_H

#include "proto/proto.h"

#define SONDE_DNSTCP_LENGTH SONDE_FIELD(0, 0, 16) /* of the message, bytes */

extern const struct sonde_proto sonde_dnstcp;

#endif

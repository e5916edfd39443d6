/* Session Initiation Protocol (RFC 3261): a request.
 *
 *	method target version
 *	name: value
 *	...
 *	(an empty line)
 */
#ifndef SONDE_PROTO_SIP_H
#define SONDE_PROTO_SIP_H

#include "proto/proto.h"

#define SONDE_SIP_METHOD SONDE_FIELD(0, 0, 0)
#define SONDE_SIP_TARGET SONDE_FIELD(1, SONDE_NEXT, 0)
#define SONDE_SIP_VERSION SONDE_FIELD(2, SONDE_NEXT, 0)
#define SONDE_SIP_HEADERS SONDE_FIELD(3, SONDE_NEXT, 0)
#define SONDE_SIP_END SONDE_FIELD(4, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_sip;

#endif

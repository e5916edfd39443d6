/* Hypertext Transfer Protocol (RFC 9112): a response.
 *
 *	version code reason
 *	name: value
 *	...
 *	(an empty line)
 */
#ifndef SONDE_PROTO_HTTPRESPONSE_H
#define SONDE_PROTO_HTTPRESPONSE_H

#include "proto/proto.h"

#define SONDE_HTTPRESPONSE_VERSION SONDE_FIELD(0, 0, 0)
#define SONDE_HTTPRESPONSE_CODE SONDE_FIELD(1, SONDE_NEXT, 0)
#define SONDE_HTTPRESPONSE_REASON SONDE_FIELD(2, SONDE_NEXT, 0)
#define SONDE_HTTPRESPONSE_HEADERS SONDE_FIELD(3, SONDE_NEXT, 0)
#define SONDE_HTTPRESPONSE_END SONDE_FIELD(4, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_httpresponse;

#endif

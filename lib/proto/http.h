/* Hypertext Transfer Protocol (RFC 9112): a request.
 *
 *	method target version
 *	name: value
 *	...
 *	(an empty line)
 */
#ifndef SONDE_PROTO_HTTP_H
#define SONDE_PROTO_HTTP_H

#include "proto/proto.h"

#define SONDE_HTTP_METHOD SONDE_FIELD(0, 0, 0)
#define SONDE_HTTP_TARGET SONDE_FIELD(1, SONDE_NEXT, 0)
#define SONDE_HTTP_VERSION SONDE_FIELD(2, SONDE_NEXT, 0)
#define SONDE_HTTP_HEADERS SONDE_FIELD(3, SONDE_NEXT, 0)
#define SONDE_HTTP_END SONDE_FIELD(4, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_http;

#endif

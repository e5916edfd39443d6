/* Syslog, as BSD wrote it (RFC 3164, 4):
 *
 *	<pri>Mmm dd hh:mm:ss host message
 */
#ifndef SONDE_PROTO_SYSLOGBSD_H
#define SONDE_PROTO_SYSLOGBSD_H

#include "proto/proto.h"

#define SONDE_SYSLOGBSD_OPEN SONDE_FIELD(0, 0, 8)
#define SONDE_SYSLOGBSD_PRI SONDE_FIELD(1, 8, 0)
#define SONDE_SYSLOGBSD_MESSAGE SONDE_FIELD(2, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_syslogbsd;

#endif

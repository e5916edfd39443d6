/* Syslog (RFC 5424, 6):
 *
 *	<pri>version time host app procid msgid data message
 */
#ifndef SONDE_PROTO_SYSLOG_H
#define SONDE_PROTO_SYSLOG_H

#include "proto/proto.h"

#define SONDE_SYSLOG_OPEN SONDE_FIELD(0, 0, 8)
#define SONDE_SYSLOG_PRI SONDE_FIELD(1, 8, 0)
#define SONDE_SYSLOG_VERSION SONDE_FIELD(2, SONDE_NEXT, 0)
#define SONDE_SYSLOG_TIME SONDE_FIELD(3, SONDE_NEXT, 0)
#define SONDE_SYSLOG_HOST SONDE_FIELD(4, SONDE_NEXT, 0)
#define SONDE_SYSLOG_APP SONDE_FIELD(5, SONDE_NEXT, 0)
#define SONDE_SYSLOG_PROCID SONDE_FIELD(6, SONDE_NEXT, 0)
#define SONDE_SYSLOG_MSGID SONDE_FIELD(7, SONDE_NEXT, 0)
#define SONDE_SYSLOG_MESSAGE SONDE_FIELD(8, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_syslog;

#endif

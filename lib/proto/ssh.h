/* Secure Shell (RFC 4253, 4.2): the line by which each side begins.
 *
 *	SSH-2.0-software comments
 */
#ifndef SONDE_PROTO_SSH_H
#define SONDE_PROTO_SSH_H

#include "proto/proto.h"

#define SONDE_SSH_SSH SONDE_FIELD(0, 0, 32)
#define SONDE_SSH_VERSION SONDE_FIELD(1, 32, 0)
#define SONDE_SSH_SOFTWARE SONDE_FIELD(2, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_ssh;

#endif

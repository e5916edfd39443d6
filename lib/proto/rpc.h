/* Remote Procedure Call, version 2, of ONC (RFC 5531, 9), as a datagram has it: words of 32 bits, and bytes that are
 * padded to them.
 *
 *   call    xid, type 0, rpcversion, program, version, procedure, credentials, verifier
 *   reply   xid, type 1, state 0 (accepted), verifier, accept state; with a mismatch, low and high
 *           xid, type 1, state 1 (denied), reject state; with a mismatch, low and high; else why
 *           it is not authenticated
 *
 * Credentials and verifier: flavor, length, body, zeros. Arguments or results follow.
 */
#ifndef SONDE_PROTO_RPC_H
#define SONDE_PROTO_RPC_H

#include "proto/proto.h"

#define SONDE_RPC_XID        SONDE_FIELD(0, 0, 32)
#define SONDE_RPC_TYPE       SONDE_FIELD(1, 32, 32)
/* In calls: */
#define SONDE_RPC_RPCVERSION SONDE_FIELD(2, SONDE_NEXT, 32)
#define SONDE_RPC_PROGRAM    SONDE_FIELD(3, SONDE_NEXT, 32)
#define SONDE_RPC_VERSION    SONDE_FIELD(4, SONDE_NEXT, 32)
#define SONDE_RPC_PROCEDURE  SONDE_FIELD(5, SONDE_NEXT, 32)
#define SONDE_RPC_CRED       SONDE_FIELD(6, SONDE_NEXT, 32)
#define SONDE_RPC_CREDBODY   SONDE_FIELD(7, SONDE_NEXT, 0)
#define SONDE_RPC_VERF       SONDE_FIELD(8, SONDE_NEXT, 32)
#define SONDE_RPC_VERFBODY   SONDE_FIELD(9, SONDE_NEXT, 0)
/* In replies: */
#define SONDE_RPC_STATE         SONDE_FIELD(10, SONDE_NEXT, 32)
#define SONDE_RPC_REPLYVERF     SONDE_FIELD(11, SONDE_NEXT, 32)
#define SONDE_RPC_REPLYVERFBODY SONDE_FIELD(12, SONDE_NEXT, 0)
#define SONDE_RPC_ACCEPT        SONDE_FIELD(13, SONDE_NEXT, 32)
#define SONDE_RPC_LOW           SONDE_FIELD(14, SONDE_NEXT, 32)
#define SONDE_RPC_HIGH          SONDE_FIELD(15, SONDE_NEXT, 32)
#define SONDE_RPC_REJECT        SONDE_FIELD(16, SONDE_NEXT, 32)
#define SONDE_RPC_REJECTLOW     SONDE_FIELD(17, SONDE_NEXT, 32)
#define SONDE_RPC_REJECTHIGH    SONDE_FIELD(18, SONDE_NEXT, 32)
#define SONDE_RPC_WHY           SONDE_FIELD(19, SONDE_NEXT, 32)

extern const struct sonde_proto sonde_rpc;

#endif

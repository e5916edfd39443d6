/* Trivial File Transfer Protocol (RFC 1350, RFC 2347).
 *
 *   rrq, wrq   opcode, file, 0, mode, 0, options: name, 0, value, 0
 *   data       opcode, block, bytes of the file
 *   ack        opcode, block
 *   error      opcode, code, message, 0
 *   oack       opcode, options
 */
#ifndef SONDE_PROTO_TFTP_H
#define SONDE_PROTO_TFTP_H

#include "proto/proto.h"

#define SONDE_TFTP_OPCODE SONDE_FIELD(0, 0, 16)
#define SONDE_TFTP_FILE SONDE_FIELD(1, SONDE_NEXT, 0)
#define SONDE_TFTP_MODE SONDE_FIELD(2, SONDE_NEXT, 0)
#define SONDE_TFTP_BLOCK SONDE_FIELD(3, SONDE_NEXT, 16)
#define SONDE_TFTP_CODE SONDE_FIELD(4, SONDE_NEXT, 16)
#define SONDE_TFTP_MESSAGE SONDE_FIELD(5, SONDE_NEXT, 0)
#define SONDE_TFTP_OPTIONS SONDE_FIELD(6, SONDE_NEXT, 0)

extern const struct sonde_proto sonde_tftp;

#endif

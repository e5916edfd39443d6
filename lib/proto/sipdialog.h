/* What a SIP request and its responses share: Call-ID and CSeq (RFC 3261, 8.2.6.2). Private to the sources of
 * lib/proto. */
#ifndef SONDE_PROTO_SIPDIALOG_H
#define SONDE_PROTO_SIPDIALOG_H

#include "proto/describe.h"

/* The hooks of both, in datagrams; a request without these two lines is answered by any datagram. */
void sonde_sip_question(struct sonde_question *q, const struct sonde_context *c);
enum sonde_answer sonde_sip_answer(const struct sonde_question *q, const struct sonde_context *c);

#endif

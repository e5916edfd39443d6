/* What a flow turned out to be by what was said in it, whatever its ports: the protocol above the transport, and the
 * name that was asked for. */
#ifndef SONDE_FLOW_SAID_H
#define SONDE_FLOW_SAID_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/ends.h"

struct sonde_flow_said {
	char service[16]; /* dns, tls, http, ...; "" for none */
	char name[96];    /* DNS: the name of the first question; TLS: of the server (SNI); HTTP: Host; or "" */
	char alpn[16];    /* TLS: the first protocol that is offered; or "" */
};

/* Whether it is worth to look into a packet: by its first bytes, or by ports that are known. */
bool sonde_flow_may_say(const struct sonde_ends *e, const uint8_t *frame);
/* Look into it. Returns whether anything was recognised. */
bool sonde_flow_say(struct sonde_flow_said *out, struct sonde_view frame, uint32_t wire_len, uint32_t link);

#endif

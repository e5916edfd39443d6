/* What is asked of UDP ports: a port whose service says nothing unless it understands the question looks like one that
 * is filtered, so each is asked in its own protocol. The questions read, change nothing and are small; most are the
 * first message of a client. They are written in the notation and built by the protocols' descriptions.
 *
 *	for (unsigned i = 0; (row = sonde_payload_row(i)); i++)
 *		if (row->port == port)
 *			sonde_payload_build(&payload, row, room, sizeof room);
 */
#ifndef SONDE_PROBE_PAYLOADS_H
#define SONDE_PROBE_PAYLOADS_H

#include <stddef.h>

#include "base/bytes.h"
#include "proto/question.h"

#define SONDE_PAYLOAD_ROOM   1536 /* bytes that building one takes at most */
#define SONDE_PAYLOAD_NUMBER 3    /* bytes of a token at most */

struct sonde_payload_row {
	uint16_t port;
	const char *text;   /* what stands behind the UDP header, in the notation */
	const char *source; /* the document that it is from */
};

/* A payload that is built. */
struct sonde_payload {
	struct sonde_view bytes;
	struct sonde_question asks; /* message_proto: whose answers carry the number of the question; NULL: they carry
				     * none */
	uint16_t number_at;         /* where bytes of that number lie that may have any value, */
	uint8_t number_len;         /* and how many: SONDE_PAYLOAD_NUMBER at most, or 0 */
};

/* Row number index, or NULL behind the last. They are sorted by port; of one port, the first is the one that most
 * servers answer. Ports without a row have services that answer an empty datagram (RFC 867, 868) or none. */
const struct sonde_payload_row *sonde_payload_row(unsigned index);

/* Build a row into size bytes at room, which out refers to. Returns 0; -ENOMEM; SONDE_E_SPACE when size is less than
 * SONDE_PAYLOAD_ROOM; or another error of the notation, which no row of the table has. */
int sonde_payload_build(struct sonde_payload *out, const struct sonde_payload_row *row, uint8_t *room, size_t size);

#endif

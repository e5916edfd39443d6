/* What the handshake messages of TLS share: their head, where one ends and the next begins, names of numbers and
 * extensions.
 *
 *   +--------+-----------+
 *   | type 8 | length 24 |
 *   +--------+-----------+
 */
#ifndef SONDE_PROTO_TLSMSG_H
#define SONDE_PROTO_TLSMSG_H

#include "proto/proto.h"

#define SONDE_TLSMSG_TYPE   SONDE_FIELD(0, 0, 8)
#define SONDE_TLSMSG_LENGTH SONDE_FIELD(1, 8, 24) /* of what follows, bytes */
#define SONDE_TLSMSG_HEAD   4

/* The identifier that announces a message type. */
#define SONDE_TLSMSG_ID(type) { SONDE_SPACE_INSIDE, SONDE_INSIDE(SONDE_INSIDE_TLS, 22 | (type) << 8) }

extern const struct sonde_name sonde_tls_versions[], sonde_tls_ciphers[], sonde_tls_compressions[];
extern const struct sonde_name sonde_tlsmsg_types[];
extern const struct sonde_list sonde_tls_client_extensions, sonde_tls_server_extensions;

/* Whether a record of len bytes, of which `content` is present, holds handshake messages; the last may continue in the
 * next record. Encrypted messages do not look like that. */
bool sonde_are_messages(struct sonde_view content, uint32_t len);

/* The protocol of the message that begins here. */
const struct sonde_proto *sonde_message_proto(struct sonde_view content);

/* Hooks for all messages. */
const struct sonde_proto *sonde_message_follower(struct sonde_view rest);
uint32_t sonde_message_declared(const struct sonde_layer *layer, const uint8_t *header);
void sonde_message_finish(const struct sonde_context *c);
/* Length of a message whose last row takes the rest. */
uint32_t sonde_message_measure(const struct sonde_field *fields, const uint8_t *header, uint32_t have);

#endif

/* IP Encapsulating Security Payload (RFC 4303): what is not encrypted of it. In UDP (RFC 3948), too.
 *
 *   +--------+--------+
 *   | spi 32 | seq 32 |
 *   +--------+--------+
 */
#ifndef SONDE_PROTO_ESP_H
#define SONDE_PROTO_ESP_H

#include "proto/proto.h"

#define SONDE_ESP_SPI SONDE_FIELD(0, 0, 32)
#define SONDE_ESP_SEQ SONDE_FIELD(1, 32, 32)

extern const struct sonde_proto sonde_esp;

#endif

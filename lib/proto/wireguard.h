/* WireGuard (wireguard.com/protocol): handshakes, cookies, and data, of which the counter is not encrypted. Numbers are
 * little-endian.
 *
 *   +--------+-------------+
 *   | type 8 | reserved 24 |
 *   +--------+-------------+
 *   | 1 initiation: sender 32, ephemeral 32 bytes, static 48 bytes, timestamp 28 bytes, mac1 and mac2 16 bytes
 *   | 2 response: sender 32, receiver 32, ephemeral 32 bytes, empty 16 bytes, mac1 and mac2 16 bytes
 *   | 3 cookie: receiver 32, nonce 24 bytes, cookie 32 bytes
 *   | 4 data: receiver 32, counter 64, the encrypted packet
 *   +-----------------------
 */
#ifndef SONDE_PROTO_WIREGUARD_H
#define SONDE_PROTO_WIREGUARD_H

#include "proto/proto.h"

#define SONDE_WIREGUARD_TYPE      SONDE_FIELD(0, 0, 8)
#define SONDE_WIREGUARD_RESERVED  SONDE_LITTLE(1, 8, 24)
#define SONDE_WIREGUARD_SENDER    SONDE_LITTLE(2, SONDE_NEXT, 32)
#define SONDE_WIREGUARD_RECEIVER  SONDE_LITTLE(3, SONDE_NEXT, 32)
#define SONDE_WIREGUARD_EPHEMERAL SONDE_FIELD(4, SONDE_NEXT, 256)
#define SONDE_WIREGUARD_STATIC    SONDE_FIELD(5, SONDE_NEXT, 384)
#define SONDE_WIREGUARD_TIMESTAMP SONDE_FIELD(6, SONDE_NEXT, 224)
#define SONDE_WIREGUARD_EMPTY     SONDE_FIELD(7, SONDE_NEXT, 128)
#define SONDE_WIREGUARD_MAC1      SONDE_FIELD(8, SONDE_NEXT, 128)
#define SONDE_WIREGUARD_MAC2      SONDE_FIELD(9, SONDE_NEXT, 128)
#define SONDE_WIREGUARD_NONCE     SONDE_FIELD(10, SONDE_NEXT, 192)
#define SONDE_WIREGUARD_COOKIE    SONDE_FIELD(11, SONDE_NEXT, 256)
#define SONDE_WIREGUARD_COUNTER   SONDE_LITTLE(12, SONDE_NEXT, 64)

enum sonde_wireguard_type {
	SONDE_WIREGUARD_INITIATION = 1,
	SONDE_WIREGUARD_RESPONSE = 2,
	SONDE_WIREGUARD_COOKIE_REPLY = 3,
	SONDE_WIREGUARD_TRANSPORT = 4,
};

extern const struct sonde_proto sonde_wireguard;

#endif

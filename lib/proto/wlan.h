/* IEEE 802.11, wireless LAN (link type 105 of captures; 127 with radiotap before it). Numbers are little-endian, bits
 * counted from the least significant one.
 *
 *    0 1 2           7 8              15 16                           31
 *   +---+-------------+-----------------+------------------------------+
 *   |ver|    type     |      flags      |           duration           |
 *   +---+-------------+-----------------+------------------------------+
 *   | addr1 48; addr2 48 but in cts, ack; addr3 48, frag 4, seq 12 of management and data
 *   | addr4 48 between access points; of QoS data: tid 4, eosp 1, ackpolicy 2, amsdu 1, txop 8; htc 32, if its flag is
 *   | set; the body of management: fixed fields by type, elements
 *
 * type is type and subtype as one number, as the bits stand: 4 * subtype + type.
 */
#ifndef SONDE_PROTO_WLAN_H
#define SONDE_PROTO_WLAN_H

#include "proto/proto.h"

#define SONDE_WLAN_VERSION        SONDE_LITTLE(0, 0, 2)
#define SONDE_WLAN_TYPE           SONDE_LITTLE(1, 2, 6)
#define SONDE_WLAN_FLAGS          SONDE_LITTLE(2, 8, 8)
#define SONDE_WLAN_DURATION       SONDE_LITTLE(3, 16, 16)
#define SONDE_WLAN_ADDR1          SONDE_FIELD(4, 32, 48)
#define SONDE_WLAN_ADDR2          SONDE_FIELD(5, 80, 48)
#define SONDE_WLAN_ADDR3          SONDE_FIELD(6, 128, 48)
#define SONDE_WLAN_FRAG           SONDE_LITTLE(7, 176, 4)
#define SONDE_WLAN_SEQ            SONDE_LITTLE(8, 180, 12)
#define SONDE_WLAN_ADDR4          SONDE_FIELD(9, SONDE_NEXT, 48)
#define SONDE_WLAN_TID            SONDE_LITTLE(10, SONDE_NEXT, 4)
#define SONDE_WLAN_EOSP           SONDE_LITTLE(11, SONDE_NEXT, 1)
#define SONDE_WLAN_ACKPOLICY      SONDE_LITTLE(12, SONDE_NEXT, 2)
#define SONDE_WLAN_AMSDU          SONDE_LITTLE(13, SONDE_NEXT, 1)
#define SONDE_WLAN_TXOP           SONDE_LITTLE(14, SONDE_NEXT, 8)
#define SONDE_WLAN_HTC            SONDE_LITTLE(15, SONDE_NEXT, 32)
#define SONDE_WLAN_TIMESTAMP      SONDE_LITTLE(16, SONDE_NEXT, 64)
#define SONDE_WLAN_INTERVAL       SONDE_LITTLE(17, SONDE_NEXT, 16)
#define SONDE_WLAN_CAPABILITIES   SONDE_LITTLE(18, SONDE_NEXT, 16)
#define SONDE_WLAN_LISTENINTERVAL SONDE_LITTLE(19, SONDE_NEXT, 16)
#define SONDE_WLAN_CURRENTAP      SONDE_FIELD(20, SONDE_NEXT, 48)
#define SONDE_WLAN_ALGORITHM      SONDE_LITTLE(21, SONDE_NEXT, 16)
#define SONDE_WLAN_AUTHSEQ        SONDE_LITTLE(22, SONDE_NEXT, 16)
#define SONDE_WLAN_STATUS         SONDE_LITTLE(23, SONDE_NEXT, 16)
#define SONDE_WLAN_AID            SONDE_LITTLE(24, SONDE_NEXT, 16)
#define SONDE_WLAN_REASON         SONDE_LITTLE(25, SONDE_NEXT, 16)
#define SONDE_WLAN_CATEGORY       SONDE_LITTLE(26, SONDE_NEXT, 8)
#define SONDE_WLAN_ACTION         SONDE_LITTLE(27, SONDE_NEXT, 8)
#define SONDE_WLAN_BAR            SONDE_LITTLE(28, SONDE_NEXT, 16)
#define SONDE_WLAN_START          SONDE_LITTLE(29, SONDE_NEXT, 16)
#define SONDE_WLAN_ELEMENTS       SONDE_FIELD(30, SONDE_NEXT, 0)
#define SONDE_WLAN_BODY           SONDE_FIELD(31, SONDE_NEXT, 0)

enum sonde_wlan_type {
	SONDE_WLAN_ASSOC_REQUEST = 0,
	SONDE_WLAN_ASSOC_RESPONSE = 4,
	SONDE_WLAN_REASSOC_REQUEST = 8,
	SONDE_WLAN_REASSOC_RESPONSE = 12,
	SONDE_WLAN_PROBE_REQUEST = 16,
	SONDE_WLAN_PROBE_RESPONSE = 20,
	SONDE_WLAN_BEACON = 32,
	SONDE_WLAN_DISASSOC = 40,
	SONDE_WLAN_AUTH = 44,
	SONDE_WLAN_DEAUTH = 48,
	SONDE_WLAN_ACTION_FRAME = 52,
	SONDE_WLAN_BLOCK_ACK_REQUEST = 33,
	SONDE_WLAN_BLOCK_ACK = 37,
	SONDE_WLAN_CTS = 49,
	SONDE_WLAN_ACK = 53,
	SONDE_WLAN_DATA = 2,
	SONDE_WLAN_NULL = 18,
	SONDE_WLAN_QOS_DATA = 34,
	SONDE_WLAN_QOS_NULL = 50,
};

enum sonde_wlan_flag {
	SONDE_WLAN_TODS = 0x01,
	SONDE_WLAN_FROMDS = 0x02,
	SONDE_WLAN_MOREFRAG = 0x04,
	SONDE_WLAN_RETRY = 0x08,
	SONDE_WLAN_PWRMGT = 0x10,
	SONDE_WLAN_MOREDATA = 0x20,
	SONDE_WLAN_PROTECTED = 0x40,
	SONDE_WLAN_HTC_FLAG = 0x80,
};

/* Whether a frame with a header of header_len bytes carries one readable LLC packet. */
bool sonde_wlan_has_llc(const uint8_t *header, uint32_t header_len);

extern const struct sonde_proto sonde_wlan;

#endif

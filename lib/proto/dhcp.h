/* Dynamic Host Configuration Protocol (RFC 2131; options of RFC 2132 and others) and BOOTP (RFC 951), which it extends.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+---------------+---------------+
 *   |      op       |     htype     |     hlen      |     hops      |
 *   +---------------+---------------+---------------+---------------+
 *   |                              xid                              |
 *   +-------------------------------+-------------------------------+
 *   |             secs              |             flags             |
 *   +-------------------------------+-------------------------------+
 *   |                 ciaddr, yiaddr, siaddr, giaddr                |
 *   +---------------------------------------------------------------+
 *   |                       chaddr, 16 bytes                        |
 *   |                        sname, 64 bytes                        |
 *   |                     bootfile, 128 bytes                       |
 *   +---------------------------------------------------------------+
 *   |            cookie, where the layer is longer: 99.130.83.99    |
 *   +---------------------------------------------------------------+
 *   | options up to the one that ends them, padding                 |
 *
 * Behind another cookie lies the vendor's area of BOOTP.
 */
#ifndef SONDE_PROTO_DHCP_H
#define SONDE_PROTO_DHCP_H

#include "proto/proto.h"

#define SONDE_DHCP_OP       SONDE_FIELD(0, 0, 8)
#define SONDE_DHCP_HTYPE    SONDE_FIELD(1, 8, 8)
#define SONDE_DHCP_HLEN     SONDE_FIELD(2, 16, 8)
#define SONDE_DHCP_HOPS     SONDE_FIELD(3, 24, 8)
#define SONDE_DHCP_XID      SONDE_FIELD(4, 32, 32)
#define SONDE_DHCP_SECS     SONDE_FIELD(5, 64, 16)
#define SONDE_DHCP_FLAGS    SONDE_FIELD(6, 80, 16)
#define SONDE_DHCP_CIADDR   SONDE_FIELD(7, 96, 32)
#define SONDE_DHCP_YIADDR   SONDE_FIELD(8, 128, 32)
#define SONDE_DHCP_SIADDR   SONDE_FIELD(9, 160, 32)
#define SONDE_DHCP_GIADDR   SONDE_FIELD(10, 192, 32)
#define SONDE_DHCP_CHADDR   SONDE_FIELD(11, 224, 128)
#define SONDE_DHCP_SNAME    SONDE_FIELD(12, 352, 512)
#define SONDE_DHCP_BOOTFILE SONDE_FIELD(13, 864, 1024)
#define SONDE_DHCP_COOKIE   SONDE_FIELD(14, 1888, 32)
#define SONDE_DHCP_OPTIONS  SONDE_FIELD(15, SONDE_NEXT, 0)
#define SONDE_DHCP_PADDING  SONDE_FIELD(16, SONDE_NEXT, 0) /* after the end option */
#define SONDE_DHCP_VEND     SONDE_FIELD(17, SONDE_NEXT, 0) /* of BOOTP */

#define SONDE_DHCP_MAGIC     0x63825363
#define SONDE_DHCP_BROADCAST 0x8000

enum sonde_dhcp_op {
	SONDE_DHCP_BOOTREQUEST = 1,
	SONDE_DHCP_BOOTREPLY = 2,
};

/* Message types, in option 53. */
enum sonde_dhcp_message {
	SONDE_DHCP_DISCOVER = 1,
	SONDE_DHCP_OFFER = 2,
	SONDE_DHCP_REQUEST = 3,
	SONDE_DHCP_DECLINE = 4,
	SONDE_DHCP_ACK = 5,
	SONDE_DHCP_NAK = 6,
	SONDE_DHCP_RELEASE = 7,
	SONDE_DHCP_INFORM = 8,
};

extern const struct sonde_proto sonde_dhcp;

#endif

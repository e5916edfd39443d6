/* Network Time Protocol (RFC 5905, 7.3): the header of client, server, symmetric and broadcast messages.
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---+-----+-----+---------------+---------------+---------------+
 *   |leap|vers.|mode|    stratum    |     poll      |   precision   |
 *   +---+-----+-----+---------------+---------------+---------------+
 *   |                           rootdelay                           |
 *   +---------------------------------------------------------------+
 *   |                           rootdisp                            |
 *   +---------------------------------------------------------------+
 *   |                             refid                             |
 *   +---------------------------------------------------------------+
 *   |               reference, origin, receive, transmit            |
 *   |                       (64 bits each)                          |
 */
#ifndef SONDE_PROTO_NTP_H
#define SONDE_PROTO_NTP_H

#include "proto/proto.h"

#define SONDE_NTP_LEAP      SONDE_FIELD(0, 0, 2)
#define SONDE_NTP_VERSION   SONDE_FIELD(1, 2, 3)
#define SONDE_NTP_MODE      SONDE_FIELD(2, 5, 3)
#define SONDE_NTP_STRATUM   SONDE_FIELD(3, 8, 8)
#define SONDE_NTP_POLL      SONDE_FIELD(4, 16, 8)
#define SONDE_NTP_PRECISION SONDE_FIELD(5, 24, 8)
#define SONDE_NTP_ROOTDELAY SONDE_FIELD(6, 32, 32)
#define SONDE_NTP_ROOTDISP  SONDE_FIELD(7, 64, 32)
#define SONDE_NTP_REFID     SONDE_FIELD(8, 96, 32)
#define SONDE_NTP_REFERENCE SONDE_FIELD(9, 128, 64)
#define SONDE_NTP_ORIGIN    SONDE_FIELD(10, 192, 64)
#define SONDE_NTP_RECEIVE   SONDE_FIELD(11, 256, 64)
#define SONDE_NTP_TRANSMIT  SONDE_FIELD(12, 320, 64)

extern const struct sonde_proto sonde_ntp;

#endif

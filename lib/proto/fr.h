/* Frame Relay (ITU-T Q.922, annex A): an address of two or four bytes.
 *
 *    0                   1
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 *   +-----------+-+-+-------+-+-+-+-+-------------+-+-----------+-+-+
 *   | dlci high |C|0| dlci  |F|B|D|E|  dlci (E=0) |0|  dlci low |c|1|
 *   +-----------+-+-+-------+-+-+-+-+-------------+-+-----------+-+-+
 *
 * The number is in two parts with flags between them, which are one field: DLCI/FLAGS.
 */
#ifndef SONDE_PROTO_FR_H
#define SONDE_PROTO_FR_H

#include "proto/proto.h"

#define SONDE_FR_ADDRESS   SONDE_FIELD(0, 0, 16)
#define SONDE_FR_EXTENSION SONDE_FIELD(1, 16, 16)

#define SONDE_FR_LAST 0x0001 /* the address ends here */

extern const struct sonde_proto sonde_fr;

#endif

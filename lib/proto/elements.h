/* The elements of IEEE 802.11 management frames (9.4.2): in beacons, probes, associations. */
#ifndef SONDE_PROTO_ELEMENTS_H
#define SONDE_PROTO_ELEMENTS_H

#include "proto/proto.h"

extern const struct sonde_list sonde_wlan_elements;

#endif

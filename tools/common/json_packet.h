/* Packets, addresses and pairs of sockets as members of a JSON object. */
#ifndef SONDE_TOOLS_COMMON_JSON_PACKET_H
#define SONDE_TOOLS_COMMON_JSON_PACKET_H

#include "flow/tuple.h"
#include "packet/packet.h"
#include "probe/engine.h"
#include "tools/common/json.h"

/* Add the layers and their fields to the object at hand: layers:[{layer, ..., checksum_state}]. */
void json_packet(struct json *j, const struct sonde_packet *p);

/* Add an address. */
void json_addr(struct json *j, const char *key, const struct sonde_addr *a);

/* Add where the time of sending comes from: clock. */
void json_clock(struct json *j, enum sonde_stamp_clock clock);

/* Add protocol and both ends of a pair: proto, local, remote. Protocol 0 is ARP. */
void json_pair(struct json *j, const struct sonde_pair *pair);

/* Add the pair of a packet that was sent, as json_pair does, and its flow's name, community_id; nothing where it
 * has no 5-tuple. */
void json_ends(struct json *j, const struct sonde_packet *p);

/* Add protocol, both ends, from which the flow was begun, and the flow's name: proto, orig_h, orig_p, resp_h, resp_p
 * (no ports where the protocol has none), community_id. from_originator: whether the tuple's sender began. */
void json_flow(struct json *j, const struct sonde_flow_tuple *t, bool from_originator);

#endif

/* Packets in JSON, and what the tool adds to the texts that the library writes. */
#ifndef SONDE_TOOLS_COMMON_SHOW_H
#define SONDE_TOOLS_COMMON_SHOW_H

#include <stdio.h>

#include "flow/tuple.h"
#include "packet/packet.h"
#include "tools/common/json.h"
#include "tools/common/names.h"

/* The name of an address, as struct sonde_line_style wants it; names is a struct names. */
bool show_name(void *names, struct sonde_text *t, const struct sonde_addr *a);

/* Write every field of every layer on a line of its own (sonde_print_tree). */
void show_tree(FILE *out, const struct sonde_packet *p);

/* Add the layers and their fields to the object at hand: layers:[{layer, ..., checksum_state}]. */
void show_json(struct json *j, const struct sonde_packet *p);

/* Add an address. */
void show_json_addr(struct json *j, const char *key, const struct sonde_addr *a);

/* Add protocol and both ends of a pair: proto, local, remote. Protocol 0 is ARP. */
void show_json_pair(struct json *j, const struct sonde_pair *pair);

/* Add the pair of a packet that was sent, as show_json_pair does, and its flow's name, community_id; nothing where it
 * has no 5-tuple. */
void show_json_ends(struct json *j, const struct sonde_packet *p);

/* Add protocol, both ends, from which the flow was begun, and the flow's name: proto, orig_h, orig_p, resp_h, resp_p
 * (no ports where the protocol has none), community_id. from_originator: whether the tuple's sender began. */
void show_json_flow(struct json *j, const struct sonde_flow_tuple *t, bool from_originator);

/* 10.0.0.1:40001 <-> 10.0.0.2:80/tcp; without ports for protocols that have none. Ends are named out of names; NULL:
 * numbers. Returns out. */
#define SHOW_PAIR_LEN 600
char *show_pair(char out[static SHOW_PAIR_LEN], const struct sonde_pair *pair, struct names *names);

#endif

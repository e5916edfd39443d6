#include "tools/common/json_packet.h"

#include <string.h>

#include "base/text.h"
#include "flow/tuple.h"
#include "packet/print.h"
#include "proto/kind.h"

/* The keys of rows, ready to be copied, where they were used last: others of the same place take theirs. */
#define N_READY 4096

/* Keys that each packet has. */
enum key { LAYER, PROTO, ORIG_H, ORIG_P, RESP_H, RESP_P, COMMUNITY_ID, CHECKSUM_STATE, N_KEYS };

static const struct json_ready *key_of(enum key k)
{
	static const char *const names[N_KEYS] = { "layer",  "proto",  "orig_h",       "orig_p",
						   "resp_h", "resp_p", "community_id", "checksum_state" };
	static struct json_ready keys[N_KEYS];
	if (!keys[k].len)
		json_make_ready(&keys[k], names[k]);
	return &keys[k];
}

static const struct json_ready *ready_key(const struct sonde_field *row)
{
	static struct {
		const struct sonde_field *row;
		struct json_ready key;
	} keys[N_READY];
	size_t at = (uintptr_t)row / sizeof *row % N_READY;
	if (keys[at].row != row) {
		if (!json_make_ready(&keys[at].key, row->name))
			return NULL;
		keys[at].row = row;
	}
	return &keys[at].key;
}

/* Numbers and addresses are digits, signs and words of ours. */
static bool is_plain(const struct sonde_field *f)
{
	return f->shape == SONDE_SCALAR || f->kind == &sonde_kind_ip4 || f->kind == &sonde_kind_ip6 ||
	       f->kind == &sonde_kind_mac;
}

static void json_value(struct json *j, const struct sonde_packet *p, int layer, unsigned row)
{
	const struct sonde_field *f = &p->layers[layer].proto->fields[row];
	const struct json_ready *key = ready_key(f);
	struct sonde_text t = key ? json_ready_text(j, key, SONDE_TREE_ROOM) : json_text(j, f->name, SONDE_TREE_ROOM);
	sonde_print_value(&t, p, layer, row, true);
	if (is_plain(f))
		json_text_end_plain(j, &t);
	else
		json_text_end(j, &t);
}

/* --- Ends -------------------------------------------------------------------------------------------------------- */

void json_addr(struct json *j, const char *key, const struct sonde_addr *a)
{
	struct sonde_text t = json_text(j, key, SONDE_ADDR_STRLEN);
	sonde_addr_print(&t, a);
	json_text_end_plain(j, &t);
}

/* The protocol's name, or its number where it has no description. */
static void json_proto(struct json *j, uint8_t number)
{
	char digits[4];
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_IP, number);
	snprintf(digits, sizeof digits, "%u", number);
	json_ready_word(j, key_of(PROTO), proto ? proto->name : digits);
}

void json_pair(struct json *j, const struct sonde_pair *pair)
{
	char local[SONDE_ENDPOINT_STRLEN], remote[SONDE_ENDPOINT_STRLEN];
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_IP, pair->proto);
	bool ports = proto && sonde_proto_has_ports(proto);
	if (pair->proto)
		json_proto(j, pair->proto);
	else
		json_ready_word(j, key_of(PROTO), "arp");
	json_str(j, "local",
		 ports ? sonde_endpoint_format(local, &pair->local) : sonde_addr_format(local, &pair->local.addr));
	json_str(j, "remote",
		 ports ? sonde_endpoint_format(remote, &pair->remote) : sonde_addr_format(remote, &pair->remote.addr));
}

void json_ends(struct json *j, const struct sonde_packet *p)
{
	struct sonde_flow_tuple t;
	char community[SONDE_COMMUNITY_STRLEN];
	if (sonde_flow_tuple_of(&t, p, false))
		return;
	json_pair(j, &t.pair);
	json_ready_word(j, key_of(COMMUNITY_ID), sonde_community_id(community, &t, 0));
}

static void ready_addr(struct json *j, enum key k, const struct sonde_addr *a)
{
	struct sonde_text t = json_ready_text(j, key_of(k), SONDE_ADDR_STRLEN);
	sonde_addr_print(&t, a);
	json_text_end_plain(j, &t);
}

void json_flow(struct json *j, const struct sonde_flow_tuple *t, bool from_originator)
{
	char community[SONDE_COMMUNITY_STRLEN];
	const struct sonde_endpoint *orig = from_originator ? &t->pair.local : &t->pair.remote;
	const struct sonde_endpoint *resp = from_originator ? &t->pair.remote : &t->pair.local;
	json_proto(j, t->pair.proto);
	ready_addr(j, ORIG_H, &orig->addr);
	if (t->transport >= 0)
		json_ready_uint(j, key_of(ORIG_P), orig->port);
	ready_addr(j, RESP_H, &resp->addr);
	if (t->transport >= 0)
		json_ready_uint(j, key_of(RESP_P), resp->port);
	json_ready_word(j, key_of(COMMUNITY_ID), sonde_community_id(community, t, 0));
}

void json_clock(struct json *j, enum sonde_stamp_clock clock)
{
	static const char *const names[] = {
		[SONDE_STAMP_USER] = "user",
		[SONDE_STAMP_FRAME] = "kernel frame",
		[SONDE_STAMP_SOCKET] = "kernel socket",
	};
	json_str(j, "clock", names[clock]);
}

/* --- Layers ------------------------------------------------------------------------------------------------------- */

static bool is_number(const struct sonde_field *f)
{
	return f->shape == SONDE_SCALAR && (!f->kind || !f->kind->print);
}

static void json_number(struct json *j, const struct sonde_field *f, uint64_t v)
{
	const struct json_ready *key = ready_key(f);
	if (key)
		json_ready_uint(j, key, v);
	else
		json_uint(j, f->name, v);
}

/* Fields whose values contradict the packet; there: the value that the packet shows. */
static void json_faults(struct json *j, const struct sonde_packet *p, int layer)
{
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	unsigned n = sonde_faults(faults, p, layer);
	if (n == 0)
		return;
	json_array(j, "faults");
	for (unsigned i = 0; i < n; i++) {
		json_object(j, NULL);
		json_str(j, "field", faults[i].row->name);
		json_uint(j, "value", faults[i].value);
		if (!faults[i].impossible)
			json_uint(j, "there", faults[i].there);
		json_object_end(j);
	}
	json_array_end(j);
}

static void json_layer(struct json *j, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_slot *slots = sonde_slots(p, layer);
	const uint8_t *header = sonde_layer_header(p, layer);
	json_object(j, NULL);
	json_ready_word(j, key_of(LAYER), l->proto->name);
	if (l->quoted)
		json_bool(j, "quoted", true);
	for (unsigned i = 0; l->proto->fields[i].name; i++) {
		const struct sonde_field *f = &l->proto->fields[i];
		if (!slots[i].there || (f->shape == SONDE_LIST && !slots[i].width))
			continue;
		if (is_number(f))
			json_number(j, f, sonde_slot_get(header, slots[i]));
		else
			json_value(j, p, layer, i);
	}
	if (!l->proto->fields[0].name)
		json_hex(j, "hex", sonde_view(header, l->header_len));
	enum sonde_sum_state state = sonde_verify(p, layer);
	if (state != SONDE_SUM_NONE)
		json_ready_word(j, key_of(CHECKSUM_STATE), sonde_sum_state_name(state));
	json_faults(j, p, layer);
	json_object_end(j);
}

void json_packet(struct json *j, const struct sonde_packet *p)
{
	json_array(j, "layers");
	for (int i = 0; i < p->n_layers; i++)
		json_layer(j, p, i);
	struct sonde_view payload = sonde_payload(p);
	if (payload.len) {
		json_object(j, NULL);
		json_str(j, "layer", "data");
		json_hex(j, "hex", payload);
		json_object_end(j);
	}
	for (int i = p->n_layers; i < p->n_layers + p->n_trailers; i++)
		json_layer(j, p, i);
	json_array_end(j);
}

#include "tools/common/show.h"

#include <string.h>

#include "base/text.h"
#include "flow/tuple.h"
#include "packet/print.h"

#define VALUE_MAX (256 * 1024) /* the longest list or byte string, as text */

/* One value's text. The room is shared: the tool prints one thing at a time. */
static const char *value_text(const struct sonde_packet *p, int layer, unsigned row)
{
	static char text[VALUE_MAX];
	struct sonde_text t = sonde_text(text, sizeof text);
	sonde_print_value(&t, p, layer, row, true);
	return text;
}

/* --- Ends -------------------------------------------------------------------------------------------------------- */

/* The innermost layer outside quotes that satisfies a condition, or -1. */
static int innermost(const struct sonde_packet *p, bool (*wanted)(const struct sonde_proto *))
{
	for (int i = p->n_layers - 1; i >= 0; i--)
		if (!p->layers[i].quoted && wanted(p->layers[i].proto))
			return i;
	return -1;
}

static bool has_addresses(const struct sonde_proto *proto)
{
	return SONDE_WIDTH(proto->dst_place) > 0;
}

static void print_end(FILE *out, const struct sonde_addr *a, int port, struct names *names)
{
	char s[NAMES_STRLEN];
	struct sonde_endpoint e = { *a, (uint16_t)port };
	fputs(port < 0 ? names_addr(s, names, a) : names_endpoint(s, names, &e), out);
}

static void print_ends(FILE *out, const struct sonde_packet *p, struct names *names)
{
	int ip = innermost(p, has_addresses), ports = innermost(p, sonde_proto_has_ports);
	if (ip < 0 || p->layers[ip].cut)
		return;
	const struct sonde_proto *proto = p->layers[ip].proto;
	struct sonde_addr src = sonde_row_addr(p, ip, proto->src_place), dst = sonde_row_addr(p, ip, proto->dst_place);
	bool there = ports > ip && p->layers[ports].header_len >= 4;
	const uint8_t *header = there ? sonde_layer_header(p, ports) : NULL;
	print_end(out, &src, there ? sonde_get_be16(header) : -1, names);
	fputs(" > ", out);
	print_end(out, &dst, there ? sonde_get_be16(header + 2) : -1, names);
	fputc(' ', out);
}

char *show_pair(char out[static SHOW_PAIR_LEN], const struct sonde_pair *pair, struct names *names)
{
	char local[NAMES_STRLEN], remote[NAMES_STRLEN];
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_IP, pair->proto);
	if (!proto || !sonde_proto_has_ports(proto)) {
		snprintf(out, SHOW_PAIR_LEN, "%s <-> %s%s%s", names_addr(local, names, &pair->local.addr),
			 names_addr(remote, names, &pair->remote.addr), proto && pair->proto ? " " : "",
			 proto && pair->proto ? proto->name : "");
		return out;
	}
	snprintf(out, SHOW_PAIR_LEN, "%s <-> %s/%s", names_endpoint(local, names, &pair->local),
		 names_endpoint(remote, names, &pair->remote), proto->name);
	return out;
}

void show_json_addr(struct json *j, const char *key, const struct sonde_addr *a)
{
	char text[SONDE_ADDR_STRLEN];
	json_str(j, key, sonde_addr_format(text, a));
}

/* By name; a protocol without a description is its number. */
static void json_proto(struct json *j, uint8_t number)
{
	char digits[4];
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_IP, number);
	snprintf(digits, sizeof digits, "%u", number);
	json_str(j, "proto", proto ? proto->name : digits);
}

void show_json_pair(struct json *j, const struct sonde_pair *pair)
{
	char local[SONDE_ENDPOINT_STRLEN], remote[SONDE_ENDPOINT_STRLEN];
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_IP, pair->proto);
	bool ports = proto && sonde_proto_has_ports(proto);
	if (pair->proto)
		json_proto(j, pair->proto);
	else
		json_str(j, "proto", "arp");
	json_str(j, "local",
		 ports ? sonde_endpoint_format(local, &pair->local) : sonde_addr_format(local, &pair->local.addr));
	json_str(j, "remote",
		 ports ? sonde_endpoint_format(remote, &pair->remote) : sonde_addr_format(remote, &pair->remote.addr));
}

void show_json_ends(struct json *j, const struct sonde_packet *p)
{
	struct sonde_flow_tuple t;
	char community[SONDE_COMMUNITY_STRLEN];
	if (sonde_flow_tuple_of(&t, p, false))
		return;
	show_json_pair(j, &t.pair);
	json_str(j, "community_id", sonde_community_id(community, &t, 0));
}

void show_json_flow(struct json *j, const struct sonde_flow_tuple *t, bool from_originator)
{
	char community[SONDE_COMMUNITY_STRLEN];
	const struct sonde_endpoint *orig = from_originator ? &t->pair.local : &t->pair.remote;
	const struct sonde_endpoint *resp = from_originator ? &t->pair.remote : &t->pair.local;
	json_proto(j, t->pair.proto);
	show_json_addr(j, "orig_h", &orig->addr);
	if (t->transport >= 0)
		json_uint(j, "orig_p", orig->port);
	show_json_addr(j, "resp_h", &resp->addr);
	if (t->transport >= 0)
		json_uint(j, "resp_p", resp->port);
	json_str(j, "community_id", sonde_community_id(community, t, 0));
}

/* --- A line ------------------------------------------------------------------------------------------------------ */

/* Ports and checksums are told in other ways. */
static bool belongs_in_line(const struct sonde_layer *l, const struct sonde_field *f)
{
	return f->role != SONDE_ROLE_SOURCE_PORT && f->role != SONDE_ROLE_DESTINATION_PORT &&
		f->place != l->proto->checksum_place && !f->view &&
	       l->written & UINT64_C(1) << SONDE_ROW(f->place);
}

static void print_layer_fields(FILE *out, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	for (unsigned i = 0; l->proto->fields[i].name; i++) {
		const char *value = belongs_in_line(l, &l->proto->fields[i]) ? value_text(p, layer, i) : "";
		if (*value)
			fprintf(out, " %s=%s", l->proto->fields[i].name, value);
	}
}

static void print_doubts(FILE *out, const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers; i++) {
		if (p->layers[i].quoted)
			break;
		if (sonde_verify(p, i) == SONDE_SUM_WRONG)
			fprintf(out, " [%s checksum wrong]", p->layers[i].proto->name);
		if (p->layers[i].cut)
			fprintf(out, " [%s %s]", p->layers[i].proto->name, p->missing ? "cut" : "malformed");
	}
	if (p->missing)
		fprintf(out, " [%u bytes not captured]", (unsigned)p->missing);
}

void show_line(FILE *out, const struct sonde_packet *p, struct names *names)
{
	int last = p->n_layers - 1;
	while (last > 0 && p->layers[last].quoted)
		last--;
	print_ends(out, p, names);
	if (last < 0) {
		fprintf(out, "%u bytes", (unsigned)p->len);
		print_doubts(out, p);
		return;
	}
	fputs(p->layers[last].proto->name, out);
	print_layer_fields(out, p, last);
	if (last < p->n_layers - 1)
		fprintf(out, " quoting %s", p->layers[p->n_layers - 1].proto->name);
	fprintf(out, " len %zu", sonde_payload(p).len);
	print_doubts(out, p);
}

/* --- A tree ------------------------------------------------------------------------------------------------------ */

#define TREE_BYTES 8 /* of a field, that are shown in front of it */

static void print_tree_byte(FILE *out, const uint8_t *field, uint32_t n, uint32_t i)
{
	if (i >= n)
		fputs("   ", out);
	else if (i == TREE_BYTES - 1 && n > TREE_BYTES)
		fputs(".. ", out);
	else
		fprintf(out, "%02x ", field[i]);
}

static void print_tree_row(FILE *out, const struct sonde_packet *p, int layer, unsigned row, struct sonde_slot s)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_field *f = &l->proto->fields[row];
	const uint8_t *header = sonde_layer_header(p, layer);
	uint32_t from = s.first / 8, to = (s.first + s.width + 7) / 8, n = to - from;
	fprintf(out, "  %04x  ", (unsigned)(l->offset + from));
	for (uint32_t i = 0; i < TREE_BYTES; i++)
		print_tree_byte(out, header + from, n, i);
	fprintf(out, " %-10s %s", f->name, value_text(p, layer, row));
	if (f->place == l->proto->checksum_place && l->proto->checksum)
		fprintf(out, " (%s)", sonde_sum_state_name(sonde_verify(p, layer)));
	fputc('\n', out);
}

static void print_tree_layer(FILE *out, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_slot *slots = sonde_slots(p, layer);
	fprintf(out, "%s: %s, %u bytes%s%s\n", l->proto->name, l->proto->title, (unsigned)l->header_len,
		l->quoted ? ", quoted" : "", l->cut ? ", not all there" : "");
	for (unsigned i = 0; l->proto->fields[i].name; i++)
		if (slots[i].there && slots[i].width && !l->proto->fields[i].view)
			print_tree_row(out, p, layer, i, slots[i]);
}

static void print_hex_byte(FILE *out, struct sonde_view bytes, size_t at, const char *behind)
{
	if (at < bytes.len)
		fprintf(out, "%02x", bytes.data[at]);
	else
		fputs("  ", out);
	fputs(behind, out);
}

static void hex_from(FILE *out, struct sonde_view bytes, uint32_t offset, const char *indent)
{
	const size_t width = 16;
	for (size_t at = 0; at < bytes.len; at += width) {
		fprintf(out, "%s%04x  ", indent, (unsigned)(offset + at));
		for (size_t i = 0; i < width; i++)
			print_hex_byte(out, bytes, at + i, i == width / 2 - 1 ? "  " : " ");
		fputc(' ', out);
		for (size_t i = at; i < at + width && i < bytes.len; i++)
			fputc(bytes.data[i] >= ' ' && bytes.data[i] < 0x7f ? bytes.data[i] : '.', out);
		fputc('\n', out);
	}
}

void show_tree(FILE *out, const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers; i++)
		print_tree_layer(out, p, i);
	struct sonde_view payload = sonde_payload(p);
	if (payload.len) {
		fprintf(out, "data: %zu bytes\n", payload.len);
		hex_from(out, payload, (uint32_t)(payload.data - p->data), "  ");
	}
	for (int i = p->n_layers; i < p->n_layers + p->n_trailers; i++) {
		print_tree_layer(out, p, i);
		if (!p->layers[i].proto->fields[0].name)
			hex_from(out, sonde_view(sonde_layer_header(p, i), p->layers[i].header_len),
				 p->layers[i].offset, "  ");
	}
}

void show_hex(FILE *out, struct sonde_view bytes)
{
	hex_from(out, bytes, 0, "");
}

/* --- JSON -------------------------------------------------------------------------------------------------------- */

static bool is_number(const struct sonde_field *f)
{
	return f->shape == SONDE_SCALAR && (!f->kind || !f->kind->print);
}

static void json_layer(struct json *j, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_slot *slots = sonde_slots(p, layer);
	const uint8_t *header = sonde_layer_header(p, layer);
	json_object(j, NULL);
	json_str(j, "layer", l->proto->name);
	if (l->quoted)
		json_bool(j, "quoted", true);
	for (unsigned i = 0; l->proto->fields[i].name; i++) {
		const struct sonde_field *f = &l->proto->fields[i];
		if (!slots[i].there || (f->shape == SONDE_LIST && !slots[i].width))
			continue;
		if (is_number(f))
			json_uint(j, f->name, sonde_slot_get(header, slots[i]));
		else
			json_str(j, f->name, value_text(p, layer, i));
	}
	if (!l->proto->fields[0].name)
		json_hex(j, "hex", sonde_view(header, l->header_len));
	enum sonde_sum_state state = sonde_verify(p, layer);
	if (state != SONDE_SUM_NONE)
		json_str(j, "checksum_state", sonde_sum_state_name(state));
	json_object_end(j);
}

void show_json(struct json *j, const struct sonde_packet *p)
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

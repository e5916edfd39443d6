/* Flows out of the JSON that earlier runs printed: each field goes back to where columns.c takes it from. */
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "base/text.h"
#include "tools/common/json_read.h"
#include "tools/common/message.h"
#include "tools/flows/columns.h"
#include "tools/flows/merge.h"

/* The text of a field, without JSON's escapes. Returns whether it fits. */
static bool text_of(char *out, size_t room, const struct json_field *f)
{
	size_t len = 0;
	for (size_t i = 0; i < f->value.len; i++) {
		char c = (char)f->value.data[i];
		if (c == '\\' && i + 1 < f->value.len)
			c = (char)f->value.data[++i];
		if (len + 1 >= room || c < ' ')
			return false;
		out[len++] = c;
	}
	out[len] = 0;
	return f->is_string;
}

static bool time_of(sonde_time *out, const struct json_field *f)
{
	return f->is_string && sonde_time_parse(out, (const char *)f->value.data, f->value.len) == 0;
}

static bool addr_of(struct sonde_addr *out, const struct json_field *f)
{
	return f->is_string && sonde_addr_parse(out, NULL, (const char *)f->value.data, f->value.len) == 0;
}

static bool proto_of(uint8_t *out, const struct json_field *f)
{
	char name[8];
	for (unsigned i = 0; i <= UINT8_MAX; i++)
		if (json_is(f->value, flows_proto_name(name, (uint8_t)i))) {
			*out = (uint8_t)i;
			return true;
		}
	return false;
}

static bool ended_of(uint8_t *out, const struct json_field *f)
{
	static const char *const words[] = { "open", "silent", "reused", "evicted" };
	for (uint8_t i = 0; i < 4; i++)
		if (json_is(f->value, words[i])) {
			*out = i;
			return true;
		}
	return false;
}

static bool name_of(const char **out, struct merged *m, const struct json_field *f)
{
	char **name = out == &m->row.orig_name ? &m->orig_name : &m->resp_name;
	free(*name);
	*name = message_need_memory(malloc(FLOW_NAMES_STRLEN));
	*out = *name;
	return text_of(*name, FLOW_NAMES_STRLEN, f);
}

/* A number where the column has it. */
static bool store(const struct column *c, struct merged *m, const struct json_field *f)
{
	uint8_t *at = (uint8_t *)&m->row + c->offset;
	uint64_t v;
	if (c->type == COLUMN_BOOL) {
		*(bool *)at = json_is(f->value, "true");
		return *(bool *)at || json_is(f->value, "false");
	}
	if (!json_read_uint(&v, f) || (c->width < 8 && v >> 8 * c->width))
		return false;
	if (c->width == 8)
		memcpy(at, &v, 8);
	else if (c->width == 4)
		memcpy(at, &(uint32_t){ (uint32_t)v }, 4);
	else if (c->width == 2)
		memcpy(at, &(uint16_t){ (uint16_t)v }, 2);
	else
		*at = (uint8_t)v;
	return true;
}

/* The fields that are no numbers in their place. */
static bool read_other(struct merged *m, const struct json_field *f)
{
	struct sonde_flow_report *r = &m->row.r;
	uint64_t v = 0;
	if (json_is(f->key, "ts"))
		return time_of(&r->first, f);
	if (json_is(f->key, "duration"))
		return time_of(&r->last, f);
	if (json_is(f->key, "proto"))
		return proto_of(&r->proto, f);
	if (json_is(f->key, "orig_h"))
		return addr_of(&r->orig.end.addr, f);
	if (json_is(f->key, "resp_h"))
		return addr_of(&r->resp.end.addr, f);
	if (json_is(f->key, "orig_name"))
		return name_of(&m->row.orig_name, m, f);
	if (json_is(f->key, "resp_name"))
		return name_of(&m->row.resp_name, m, f);
	if (json_is(f->key, "service"))
		return text_of(m->said.service, sizeof m->said.service, f);
	if (json_is(f->key, "service_by"))
		r->said = json_is(f->value, "seen") ? &m->said : NULL;
	if (json_is(f->key, "server_name"))
		return text_of(m->said.name, sizeof m->said.name, f);
	if (json_is(f->key, "alpn"))
		return text_of(m->said.alpn, sizeof m->said.alpn, f);
	if (json_is(f->key, "conn_state"))
		return text_of(m->state, sizeof m->state, f);
	if (json_is(f->key, "history"))
		return text_of(r->history, sizeof r->history, f);
	if (json_is(f->key, "tunnel"))
		return text_of(m->tunnel, sizeof m->tunnel, f);
	if (json_is(f->key, "community_id"))
		return text_of(m->row.community_id, sizeof m->row.community_id, f);
	if (json_is(f->key, "ended"))
		return ended_of(&r->end, f);
	if (json_is(f->key, "originator"))
		r->grade = json_is(f->value, "seen") ? SONDE_FLOW_SEEN : SONDE_FLOW_BY_PORT;
	if (json_is(f->key, "missed_bytes"))
		return json_read_uint(&r->orig.missed_bytes, f);
	if (json_is(f->key, "fragments"))
		return json_read_uint(&r->orig.fragments, f);
	if (json_is(f->key, "parts") && json_read_uint(&v, f))
		m->row.parts = m->parts = v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
	if (json_is(f->key, "vlan") && json_read_uint(&v, f))
		r->vlan = (uint16_t)v;
	return true;
}

bool merged_read(struct merged *m, const char *line, size_t len)
{
	struct sonde_flow_report *r = &m->row.r;
	struct json_reader reader;
	struct json_field f;
	int got = -1;
	*m = (struct merged){ .parts = 1 };
	r->vlan = SONDE_ENDS_NO_VLAN;
	r->syn_to_synack_ns = r->synack_to_ack_ns = r->first_answer_ns = -1;
	r->conn_state = m->state;
	r->tunnel = m->tunnel;
	if (!json_read_begin(&reader, line, len))
		return false;
	while ((got = json_read_field(&reader, &f)) > 0) {
		const struct column *c = column_by_name((const char *)f.key.data, f.key.len);
		if (!(c && c->width ? store(c, m, &f) : read_other(m, &f)))
			return false;
	}
	r->last = sonde_time_plus(r->first, r->last);
	r->family = r->orig.end.addr.family;
	r->has_ports = r->proto == 6 || r->proto == 17 || r->proto == 132 || r->proto == 1 || r->proto == 58;
	r->icmp_one_way = (r->proto == 1 || r->proto == 58) && strcmp(m->state, "OTH") == 0;
	return got == 0 && r->family && r->family == r->resp.end.addr.family && *m->state && r->last >= r->first;
}

void merged_free(struct merged *m)
{
	free(m->orig_name);
	free(m->resp_name);
	free(m);
}

/* sonde read --json: an object a frame. */
#include "packet/print.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/read/print.h"

/* Keys that each packet has. */
enum key { N, WIRE, CAPLEN, LINK, PACKET, N_KEYS };

static const struct json_ready *key_of(enum key k)
{
	static const char *const names[N_KEYS] = { "n", "wire", "caplen", "link", "packet" };
	static struct json_ready keys[N_KEYS];
	if (!keys[k].len)
		json_make_ready(&keys[k], names[k]);
	return &keys[k];
}

/* The packet's flow, if it has a 5-tuple. A message that has no answer counts as the originator's. */
static int print_flow(struct printer *p, const struct sonde_packet *packet)
{
	struct sonde_flow_tuple t;
	int side = sonde_originators_track(&p->originators, packet);
	if (side < 0) {
		message_code(side, "--json");
		return STATUS_SYSTEM;
	}
	if (sonde_flow_tuple_of(&t, packet, false) == 0)
		json_flow(&p->json, &t, t.one_way || side == SONDE_FLOW_ORIG);
	return 0;
}

/* A frame without a time is an event without one. */
static void begin_event(struct json *j, const struct sonde_record *rec)
{
	if (!rec->timeless) {
		json_event(j, "read", "packet", rec->time);
		return;
	}
	json_begin(j);
	json_str(j, "cmd", "read");
	json_str(j, "type", "packet");
}

int print_json(struct printer *p, const struct print_frame *f)
{
	const struct sonde_record *rec = f->record;
	struct json *j = &p->json;
	begin_event(j, rec);
	json_ready_uint(j, key_of(N), f->number);
	json_ready_uint(j, key_of(WIRE), rec->wire_len);
	json_ready_uint(j, key_of(CAPLEN), rec->bytes.len);
	json_ready_uint(j, key_of(LINK), rec->link);
	if (f->iface)
		json_str(j, "iface", f->iface);
	if (rec->direction == SONDE_INBOUND || rec->direction == SONDE_OUTBOUND)
		json_str(j, "dir", rec->direction == SONDE_INBOUND ? "in" : "out");
	if (rec->comment.len)
		json_mem(j, "comment", (const char *)rec->comment.data, rec->comment.len);
	if (f->copy_number)
		json_uint(j, "frame", f->copy_number);
	int status = print_flow(p, f->packet);
	struct sonde_text t = json_ready_text(j, key_of(PACKET), SONDE_TREE_ROOM);
	sonde_print(&t, f->packet);
	sonde_print_for_shell(&t, 0);
	json_text_end(j, &t);
	json_packet(j, f->packet);
	json_end(j);
	return status;
}

#include "flow/said.h"

#include <string.h>

#include "flow/tuple.h"
#include "packet/field.h"
#include "proto/describe.h"

enum { TCP = 6, UDP = 17 };

#define TEXT_ROOM 2048 /* names stand near the beginning of what is printed */

bool sonde_flow_may_say(const struct sonde_ends *e, const uint8_t *frame)
{
	const uint32_t handshake = 22, tls_major = 3, quic_long = 0xc0;
	const uint8_t *payload = frame + e->payload_offset;
	if (e->payload_have < 8 || e->flags & SONDE_ENDS_LATER_FRAGMENT)
		return false;
	const struct sonde_view view = sonde_view(payload, e->payload_have);
	if (e->proto == TCP)
		return (payload[0] == handshake && payload[1] == tls_major) ||
		       (payload[0] >= 'A' && payload[0] <= 'Z' && payload[1] >= 'A' && payload[1] <= 'Z') ||
		       sonde_proto_by_ports(SONDE_SPACE_TCP, frame + e->transport_offset, view);
	return e->proto == UDP && ((payload[0] & quic_long) == quic_long ||
				   sonde_proto_by_ports(SONDE_SPACE_UDP, frame + e->transport_offset, view));
}

/* Copy what stands behind a word of a printed list, up to the next item or argument. */
static void copy_behind(char *out, size_t room, const char *list, const char *word)
{
	const char *at = strstr(list, word);
	size_t len = at ? strcspn(at + strlen(word), ",;:+ ") : 0;
	if (!at || len >= room)
		return;
	memcpy(out, at + strlen(word), len);
	out[len] = 0;
}

/* A field as text, "" where it is not there. */
static const char *print_field(char room[static TEXT_ROOM], const struct sonde_packet *p, const char *name)
{
	struct sonde_text t = sonde_text(room, TEXT_ROOM);
	if (sonde_field_print(&t, p, sonde_field(name)))
		*room = 0;
	return room;
}

static void find_names(struct sonde_flow_said *out, const struct sonde_packet *p)
{
	char room[TEXT_ROOM];
	if (strcmp(out->service, "dns") == 0) {
		print_field(room, p, "dns.qname");
		if (strlen(room) < sizeof out->name)
			strcpy(out->name, room);
	} else if (strcmp(out->service, "http") == 0) {
		copy_behind(out->name, sizeof out->name, print_field(room, p, "http.headers"), "Host:");
	} else if (strcmp(out->service, "tls") == 0) {
		print_field(room, p, "clienthello.extensions");
		copy_behind(out->name, sizeof out->name, room, "server_name:");
		copy_behind(out->alpn, sizeof out->alpn, room, "alpn:");
	}
}

/* One word for the protocols of one service. */
static const char *service_of(const struct sonde_proto *proto)
{
	static const char *const same[][2] = {
		{ "dnstcp", "dns" }, { "clienthello", "tls" }, { "serverhello", "tls" }, { "handshake", "tls" },
		{ "alert", "tls" }, { "httpresponse", "http" }, { "sipresponse", "sip" }, { "sshpacket", "ssh" },
	};
	for (unsigned i = 0; i < sizeof same / sizeof *same; i++)
		if (strcmp(proto->name, same[i][0]) == 0)
			return same[i][1];
	return proto->name;
}

/* TLS and HTTP on ports of their own choice. Returns whether the payload is one of them, and dissected now. */
static bool dissect_alone(struct sonde_packet *p, struct sonde_view payload)
{
	const uint32_t https = 443, http = 80;
	const uint32_t port = payload.len && payload.data[0] < ' ' ? https : http;
	sonde_dissect(p, payload.data, (uint32_t)payload.len, (uint32_t)payload.len,
		      (struct sonde_id){ SONDE_SPACE_TCP, port });
	return p->n_layers > 0 && !p->layers[0].cut;
}

bool sonde_flow_say(struct sonde_flow_said *out, struct sonde_view frame, uint32_t wire_len, uint32_t link)
{
	struct sonde_packet p;
	struct sonde_flow_tuple t;
	sonde_dissect(&p, frame.data, (uint32_t)frame.len, wire_len, (struct sonde_id){ SONDE_SPACE_LINK, link });
	if (sonde_flow_tuple_of(&t, &p, false) || t.transport < 0)
		return false;
	int above = t.transport + 1;
	if (above >= p.n_layers) {
		above = 0;
		if (t.pair.proto != TCP || !dissect_alone(&p, sonde_payload(&p)))
			return false;
	}
	const char *service = service_of(p.layers[above].proto);
	*out = (struct sonde_flow_said){ .service = "" };
	if (strlen(service) >= sizeof out->service)
		return false;
	strcpy(out->service, service);
	find_names(out, &p);
	return true;
}

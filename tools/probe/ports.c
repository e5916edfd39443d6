#include <stdio.h>
#include <stdlib.h>

#include "proto/names.h"
#include "tools/common/message.h"
#include "tools/common/ports.h"
#include "tools/common/status.h"
#include "tools/probe/probe.h"

/* Ports of services that are met most often, by protocol, in about that order. */
static const uint16_t top_tcp[] = {
	80,   443,  22,   25,   53,    21,    23,   110,  143,  445,   139,  3389, 135,  587,  993,  995,
	8080, 8443, 3306, 5432, 111,   5900,  465,  6379, 1433, 389,   636,  88,   2049, 179,  5060, 5061,
	9200, 27017, 11211, 1521, 5672, 1883, 8883, 8000, 8081, 8888,  9090, 9100, 9000, 9443, 10000, 631,
	514,  515,  548,  873,  554,   1080,  3128, 6443, 2375, 2376,  2379, 2380, 4443, 5000, 5601, 5985,
	5986, 6000, 6667, 7,    9,     13,    19,   37,   79,   113,   119,  427,  500,  853,  990,  1723,
	2121, 3000, 3268, 3690, 4369,  5222,  5269, 5357, 7000, 8088,  8291, 8333, 9042, 9092, 15672, 50000,
	20,   43,   70,   109,
};
static const uint16_t top_udp[] = {
	53,   123,   161,  137,  67,  69,  500,  1900, 5353, 514,  4500,  111,  1701, 1812, 1194,  3478,
	5060, 5355,  443,  138,  68,  520, 623,  2049, 5683, 1813, 11211, 88,   389,  1434, 47808, 51820,
	7,    9,     13,   17,   19,  37,  49,   162,  177,  427,  464,   546,  547,  521,  1645,  1646,
	2152, 3544,  3702, 4789, 853, 6081, 319, 320,  3784, 10000, 27015, 33434,
};

int probe_ports_add_one(struct probe_ports *p, enum sonde_scan_kind kind, uint64_t port)
{
	if (p->n == p->cap) {
		uint32_t cap = p->cap ? 2 * p->cap : 1024;
		struct sonde_scan_port *more = realloc(p->list, cap * sizeof *more);
		if (!more)
			return message_out_of_memory();
		p->list = more;
		p->cap = cap;
	}
	p->list[p->n++] = (struct sonde_scan_port){ .kind = (uint8_t)kind, .port = (uint16_t)port };
	return 0;
}

/* A port of every protocol that is asked. */
static int add_all_kinds(struct probe_ports *p, uint16_t port, const struct probe_kinds *k)
{
	int status = k->has_tcp ? probe_ports_add_one(p, k->tcp, port) : 0;
	if (!status && k->has_udp)
		status = probe_ports_add_one(p, SONDE_SCAN_UDP, port);
	if (!status && k->has_sctp)
		status = probe_ports_add_one(p, SONDE_SCAN_SCTP, port);
	return status;
}

struct addition {
	struct probe_ports *to;
	const struct probe_kinds *kinds;
};

static int add_port(void *arg, enum ports_proto proto, uint16_t port)
{
	const struct addition *a = arg;
	switch (proto) {
	case PORTS_TCP: return probe_ports_add_one(a->to, a->kinds->tcp, port);
	case PORTS_UDP: return probe_ports_add_one(a->to, SONDE_SCAN_UDP, port);
	case PORTS_SCTP: return probe_ports_add_one(a->to, SONDE_SCAN_SCTP, port);
	default: return add_all_kinds(a->to, port, a->kinds);
	}
}

int probe_ports_add(struct probe_ports *p, const char *word, const struct probe_kinds *kinds)
{
	struct addition a = { p, kinds };
	return ports_each(p->option ? p->option : "-p", word, add_port, &a);
}

static int add_top(struct probe_ports *p, enum sonde_scan_kind kind, uint64_t n, const uint16_t *top, size_t n_top)
{
	int status = 0;
	for (uint64_t i = 0; !status && i < n && i < n_top; i++)
		status = probe_ports_add_one(p, kind, top[i]);
	/* Behind those that are known to be used often, the others in their order; each stands once in the end. */
	for (uint64_t port = 1, more = n > n_top ? n - n_top : 0; !status && more && port <= UINT16_MAX; port++) {
		bool known = false;
		for (size_t i = 0; i < n_top && !known; i++)
			known = top[i] == port;
		if (known)
			continue;
		status = probe_ports_add_one(p, kind, port);
		more--;
	}
	return status;
}

int probe_ports_add_top(struct probe_ports *p, uint64_t n, const struct probe_kinds *k)
{
	int status = k->has_tcp ? add_top(p, k->tcp, n, top_tcp, sizeof top_tcp / sizeof *top_tcp) : 0;
	if (!status && k->has_udp)
		status = add_top(p, SONDE_SCAN_UDP, n, top_udp, sizeof top_udp / sizeof *top_udp);
	if (!status && k->has_sctp)
		status = add_top(p, SONDE_SCAN_SCTP, n, top_tcp, sizeof top_tcp / sizeof *top_tcp);
	return status;
}

/* Firewalls that drop echoes often let these pass: a SYN to a usual port, and an ACK, which only a host answers. */
int probe_ports_add_discovery(struct probe_ports *p)
{
	int status = probe_ports_add_one(p, SONDE_SCAN_ECHO, 0);
	if (!status)
		status = probe_ports_add_one(p, SONDE_SCAN_SYN, 443);
	return status ? status : probe_ports_add_one(p, SONDE_SCAN_ACK, 80);
}

static int by_proto_and_port(const void *a, const void *b)
{
	const struct sonde_scan_port *one = a, *other = b;
	return one->kind != other->kind ? one->kind - other->kind : one->port - other->port;
}

/* Build the payloads of a port behind the *n that are built. Returns 0 or an exit status after a message. */
static int add_payloads(struct probe_ports *p, struct sonde_scan_port *port, uint32_t *n)
{
	const struct sonde_payload_row *row;
	port->payload = *n;
	port->n_payloads = 0;
	for (unsigned i = 0; (row = sonde_payload_row(i)) && row->port <= port->port; i++) {
		if (row->port != port->port)
			continue;
		uint8_t *room = p->payload_room + (size_t)*n * SONDE_PAYLOAD_ROOM;
		int err = sonde_payload_build(&p->payloads[*n], row, room, SONDE_PAYLOAD_ROOM);
		if (err) {
			message_code(err, "cannot build the payload of port %u", port->port);
			return STATUS_SYSTEM;
		}
		port->n_payloads++;
		++*n;
	}
	return 0;
}

static int build_payloads(struct probe_ports *p)
{
	uint32_t n = 0;
	unsigned n_rows = 0;
	int status = 0;
	while (sonde_payload_row(n_rows))
		n_rows++;
	p->payloads = calloc(n_rows, sizeof *p->payloads);
	p->payload_room = calloc(n_rows, SONDE_PAYLOAD_ROOM);
	if (!p->payloads || !p->payload_room)
		return message_out_of_memory();
	for (uint32_t i = 0; !status && i < p->n; i++)
		if (p->list[i].kind == SONDE_SCAN_UDP)
			status = add_payloads(p, &p->list[i], &n);
	return status;
}

int probe_ports_arrange(struct probe_ports *p)
{
	uint32_t n = 0;
	qsort(p->list, p->n, sizeof *p->list, by_proto_and_port);
	for (uint32_t i = 0; i < p->n; i++)
		if (!n || by_proto_and_port(&p->list[n - 1], &p->list[i]))
			p->list[n++] = p->list[i];
	p->n = n;
	return build_payloads(p);
}

uint32_t probe_ports_find(const struct probe_ports *p, const struct sonde_scan_port *port)
{
	const struct sonde_scan_port *found =
		p->n ? bsearch(port, p->list, p->n, sizeof *p->list, by_proto_and_port) : NULL;
	return found ? (uint32_t)(found - p->list) : p->n;
}

void probe_ports_free(struct probe_ports *p)
{
	free(p->list);
	free(p->payloads);
	free(p->payload_room);
	*p = (struct probe_ports){ 0 };
}

const char *probe_proto(const struct sonde_scan_port *p)
{
	switch (p->kind) {
	case SONDE_SCAN_UDP: return "udp";
	case SONDE_SCAN_SCTP: return "sctp";
	case SONDE_SCAN_ECHO: return "icmp";
	default: return "tcp";
	}
}

const char *probe_tcp_kind(unsigned kind)
{
	static const char *const names[SONDE_N_SCANS] = {
		[SONDE_SCAN_SYN] = "syn", [SONDE_SCAN_ACK] = "ack",   [SONDE_SCAN_WINDOW] = "window",
		[SONDE_SCAN_FIN] = "fin", [SONDE_SCAN_NULL] = "null", [SONDE_SCAN_XMAS] = "xmas",
		[SONDE_SCAN_CONNECT] = "connect",
	};
	return kind < SONDE_N_SCANS ? names[kind] : NULL;
}

const char *probe_service(const struct sonde_scan_port *p)
{
	const char *name = p->kind == SONDE_SCAN_ECHO ? NULL : sonde_name_of(sonde_port_names, p->port);
	return name ? name : "";
}

const char *probe_port_text(const struct sonde_scan_port *p)
{
	static char s[16];
	if (p->kind == SONDE_SCAN_ECHO)
		return "icmp";
	snprintf(s, sizeof s, "%u/%s", p->port, probe_proto(p));
	return s;
}

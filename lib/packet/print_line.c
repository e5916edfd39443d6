#include "packet/print.h"

#include "proto/names.h"

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

static void print_host(struct sonde_text *t, const struct sonde_addr *a, const struct sonde_line_style *style,
		       bool port)
{
	char s[SONDE_ADDR_STRLEN];
	if (style && style->name && style->name(style->arg, t, a))
		return;
	bool brackets = port && a->family == SONDE_IP6;
	sonde_text_str(t, brackets ? "[" : "");
	sonde_text_str(t, sonde_addr_format(s, a));
	sonde_text_str(t, brackets ? "]" : "");
}

static void print_endpoint(struct sonde_text *t, const struct sonde_addr *a, uint16_t port,
			   const struct sonde_line_style *style)
{
	print_host(t, a, style, true);
	sonde_text_char(t, ':');
	sonde_text_uint(t, port);
}

static void print_end(struct sonde_text *t, const struct sonde_packet *p, int ip, sonde_place place,
		      const uint8_t *port, const struct sonde_line_style *style)
{
	struct sonde_addr a = sonde_row_addr(p, ip, place);
	if (port)
		print_endpoint(t, &a, sonde_get_be16(port), style);
	else
		print_host(t, &a, style, false);
}

void sonde_print_pair(struct sonde_text *t, const struct sonde_pair *pair, const struct sonde_line_style *style)
{
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_IP, pair->proto);
	if (proto && sonde_proto_has_ports(proto)) {
		print_endpoint(t, &pair->local.addr, pair->local.port, style);
		sonde_text_str(t, " <-> ");
		print_endpoint(t, &pair->remote.addr, pair->remote.port, style);
		sonde_text_char(t, '/');
		sonde_text_str(t, proto->name);
		return;
	}
	print_host(t, &pair->local.addr, style, false);
	sonde_text_str(t, " <-> ");
	print_host(t, &pair->remote.addr, style, false);
	const char *word = proto ? proto->name : sonde_name_of(sonde_ip_names, pair->proto);
	/* ARP has no IP protocol number. */
	if (word && pair->proto) {
		sonde_text_char(t, ' ');
		sonde_text_str(t, word);
	}
}

/* The layers with the endpoints of the packet: the innermost IP header, and the ports inside it; -1: none. */
struct ends {
	int ip, ports;
};

static struct ends find_ends(const struct sonde_packet *p)
{
	struct ends e = { innermost(p, has_addresses), innermost(p, sonde_proto_has_ports) };
	if (e.ip >= 0 && p->layers[e.ip].cut)
		e.ip = -1;
	if (e.ip < 0 || e.ports < e.ip || p->layers[e.ports].header_len < 4)
		e.ports = -1;
	return e;
}

static void print_ends(struct sonde_text *t, const struct sonde_packet *p, struct ends e,
		       const struct sonde_line_style *style)
{
	const struct sonde_proto *proto = p->layers[e.ip].proto;
	const uint8_t *ports = e.ports < 0 ? NULL : sonde_layer_header(p, e.ports);
	print_end(t, p, e.ip, proto->src_place, ports, style);
	sonde_text_str(t, " > ");
	print_end(t, p, e.ip, proto->dst_place, ports ? ports + 2 : NULL, style);
	sonde_text_char(t, ' ');
}

/* --- Fields ------------------------------------------------------------------------------------------------------ */

static bool is_port(const struct sonde_field *f)
{
	return f->role == SONDE_ROLE_SOURCE_PORT || f->role == SONDE_ROLE_DESTINATION_PORT;
}

static bool is_end(const struct sonde_field *f)
{
	return is_port(f) || f->role == SONDE_ROLE_SOURCE || f->role == SONDE_ROLE_DESTINATION;
}

static void print_value(struct sonde_text *t, const struct sonde_packet *p, int layer, unsigned row)
{
	size_t start = t->len;
	sonde_text_char(t, ' ');
	sonde_text_str(t, p->layers[layer].proto->fields[row].name);
	sonde_text_char(t, '=');
	size_t empty = t->len;
	sonde_print_value(t, p, layer, row, true);
	if (t->len == empty)
		sonde_text_cut(t, start);
}

/* Print fields that a builder would set otherwise, except those that are printed in another form: ports, checksums; of
 * an outer layer, its addresses and the next protocol. */
static void print_fields(struct sonde_text *t, const struct sonde_packet *p, int layer, bool outer, bool ttl)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_proto *proto = l->proto;
	for (unsigned i = 0; proto->fields[i].name; i++) {
		const struct sonde_field *f = &proto->fields[i];
		bool is_ttl = ttl && f->place == proto->ttl_place && SONDE_WIDTH(f->place);
		bool told = outer ? is_end(f) || f->place == proto->next : is_port(f);
		if (f->view || f->place == proto->checksum_place || told)
			continue;
		if (is_ttl || l->written & UINT64_C(1) << i)
			print_value(t, p, layer, i);
	}
}

/* --- Outer layers ------------------------------------------------------------------------------------------------ */

static int row_of_role(const struct sonde_proto *proto, uint8_t role)
{
	for (int i = 0; proto->fields[i].name; i++)
		if (proto->fields[i].role == role)
			return i;
	return -1;
}

/* Print A > B for a layer that has a source and a destination. */
static void print_own_ends(struct sonde_text *t, const struct sonde_packet *p, int layer)
{
	static const uint8_t roles[][2] = { { SONDE_ROLE_SOURCE, SONDE_ROLE_DESTINATION },
					    { SONDE_ROLE_SOURCE_PORT, SONDE_ROLE_DESTINATION_PORT } };
	for (unsigned i = 0; i < sizeof roles / sizeof *roles; i++) {
		int from = row_of_role(p->layers[layer].proto, roles[i][0]);
		int to = row_of_role(p->layers[layer].proto, roles[i][1]);
		if (from < 0 || to < 0)
			continue;
		sonde_text_char(t, ' ');
		sonde_print_value(t, p, layer, (unsigned)from, true);
		sonde_text_str(t, " > ");
		sonde_print_value(t, p, layer, (unsigned)to, true);
	}
}

/* Print the layers before `last`. The endpoints of the packet are printed later. */
static void print_outer(struct sonde_text *t, const struct sonde_packet *p, int last, struct ends ends)
{
	for (int i = 0; i < last; i++) {
		sonde_text_str(t, i ? ", " : "");
		sonde_text_str(t, p->layers[i].proto->name);
		if (i != ends.ip && i != ends.ports)
			print_own_ends(t, p, i);
		print_fields(t, p, i, true, true);
	}
	if (last > 0)
		sonde_text_str(t, ": ");
}

/* --- Faults ------------------------------------------------------------------------------------------------------ */

/* Whether an outer layer has a row with that name, too. */
static bool is_ambiguous(const struct sonde_packet *p, int layer, const char *name)
{
	for (int i = 0; i < layer; i++)
		for (const struct sonde_field *f = p->layers[i].proto->fields; f->name; f++)
			if (strcmp(f->name, name) == 0)
				return true;
	return false;
}

void sonde_print_fault(struct sonde_text *t, const struct sonde_fault *f, const char *proto)
{
	sonde_text_str(t, f->impossible ? "bad " : "");
	if (proto) {
		sonde_text_str(t, proto);
		sonde_text_char(t, ' ');
	}
	sonde_text_str(t, f->row->name);
	sonde_text_char(t, ' ');
	sonde_text_uint(t, f->value);
	if (!f->impossible)
		sonde_text_fmt(t, ", %llu there", (unsigned long long)f->there);
}

/* Returns whether one of them explains why the header is incomplete. */
static bool print_faults(struct sonde_text *t, const struct sonde_packet *p, int layer)
{
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	const struct sonde_proto *proto = p->layers[layer].proto;
	bool cuts = false;
	for (unsigned i = 0, n = sonde_faults(faults, p, layer); i < n; i++) {
		sonde_text_str(t, " [");
		sonde_print_fault(t, &faults[i], is_ambiguous(p, layer, faults[i].row->name) ? proto->name : NULL);
		sonde_text_char(t, ']');
		cuts |= faults[i].row->place == proto->header_length && !faults[i].impossible;
	}
	return cuts;
}

/* Why a header is not all there. */
static const char *cut_word(const struct sonde_packet *p, int layer)
{
	return p->missing ? "cut" : sonde_in_fragment(p, layer) ? "ends in another fragment" : "malformed";
}

static void print_doubts(struct sonde_text *t, const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers && !p->layers[i].quoted; i++) {
		const char *name = p->layers[i].proto->name;
		bool told = print_faults(t, p, i);
		if (sonde_verify(p, i) == SONDE_SUM_WRONG)
			sonde_text_fmt(t, " [%s checksum wrong]", name);
		if (p->layers[i].cut && !told)
			sonde_text_fmt(t, " [%s %s]", name, cut_word(p, i));
	}
	if (p->missing)
		sonde_text_fmt(t, " [%u bytes not captured]", (unsigned)p->missing);
}

/* --- The line ---------------------------------------------------------------------------------------------------- */

void sonde_print_line(struct sonde_text *t, const struct sonde_packet *p, const struct sonde_line_style *style)
{
	bool outer = style && style->outer;
	int last = p->n_layers - 1;
	while (last > 0 && p->layers[last].quoted)
		last--;
	if (last >= 0) {
		struct ends ends = find_ends(p);
		if (outer)
			print_outer(t, p, last, ends);
		if (ends.ip >= 0)
			print_ends(t, p, ends, style);
		sonde_text_str(t, p->layers[last].proto->name);
		print_fields(t, p, last, false, outer);
		if (last < p->n_layers - 1) {
			sonde_text_str(t, " quoting ");
			sonde_text_str(t, p->layers[p->n_layers - 1].proto->name);
		}
		sonde_text_str(t, " len ");
		sonde_text_uint(t, sonde_payload(p).len);
	} else {
		sonde_text_fmt(t, "%u bytes", (unsigned)p->len);
	}
	print_doubts(t, p);
}

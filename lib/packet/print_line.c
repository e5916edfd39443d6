#include "packet/print.h"

#include "packet/fragment.h"
#include "packet/list_text.h"
#include "packet/print_ends.h"
#include "proto/fragment.h"
#include "proto/list.h"
#include "proto/names.h"
#include "proto/say.h"

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

static void print_end(struct sonde_text *t, const struct sonde_packet *p, int ip, sonde_place place,
		      const uint8_t *port, const struct sonde_line_style *style)
{
	struct sonde_addr a = sonde_addr_at(sonde_layer_header(p, ip), place);
	if (port)
		sonde_print_endpoint(t, &a, sonde_get_be16(port), style);
	else
		sonde_print_host(t, &a, style, false);
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
}

/* --- Roles -------------------------------------------------------------------------------------------------------- */

static bool is_port(const struct sonde_field *f)
{
	return f->role == SONDE_ROLE_SOURCE_PORT || f->role == SONDE_ROLE_DESTINATION_PORT;
}

static bool is_end(const struct sonde_field *f)
{
	return is_port(f) || f->role == SONDE_ROLE_SOURCE || f->role == SONDE_ROLE_DESTINATION;
}

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
	int from = row_of_role(p->layers[layer].proto, SONDE_ROLE_SOURCE);
	int to = row_of_role(p->layers[layer].proto, SONDE_ROLE_DESTINATION);
	if (from < 0 || !sonde_slots(p, layer)[from].there)
		return;
	sonde_print_value(t, p, layer, (unsigned)from, true);
	if (to < 0 || !sonde_slots(p, layer)[to].there)
		return;
	sonde_text_str(t, " > ");
	sonde_print_value(t, p, layer, (unsigned)to, true);
}

/* --- What a layer says ------------------------------------------------------------------------------------------- */

#define MOST_VALUE 120 /* characters of a value; longer ones are cut */

/* A line, and the layer that speaks. */
struct line {
	struct sonde_saying saying; /* first: its functions get this only */
	struct sonde_packet *p;
	const struct sonde_line_style *style;
	int layer;
	bool inferred;
};

static struct line *line_of(const struct sonde_saying *s)
{
	return (struct line *)(uintptr_t)s;
}

static const struct sonde_slot *slots_of(const struct sonde_saying *s)
{
	return sonde_slots(line_of(s)->p, line_of(s)->layer);
}

static void cut_value(struct sonde_text *t, size_t start)
{
	if (t->len - start <= MOST_VALUE)
		return;
	sonde_text_cut(t, start + MOST_VALUE);
	sonde_text_str(t, "...");
}

static void say_value(const struct sonde_saying *s, unsigned row)
{
	size_t start = s->t->len;
	sonde_print_value(s->t, line_of(s)->p, line_of(s)->layer, row, true);
	cut_value(s->t, start);
}

/* Whether a builder would set the row otherwise. Most lines do not ask. */
static bool differs(const struct sonde_saying *s, unsigned row)
{
	struct line *line = line_of(s);
	if (!line->inferred)
		sonde_infer(line->p);
	line->inferred = true;
	return s->layer->written >> row & 1;
}

/* The arguments of an item, without its name. */
static bool say_item(const struct sonde_saying *s, unsigned row, uint32_t kind)
{
	const struct sonde_field *f = &s->layer->proto->fields[row];
	struct sonde_view all = sonde_slot_view(s->header, slots_of(s)[row]);
	const struct sonde_list_style form = { .expand = true, .message = sonde_view(s->header, s->layer->header_len) };
	struct sonde_list_item item;
	size_t at = 0, start = s->t->len;
	do {
		if (!sonde_list_next(&item, f->list, all, &at))
			return false;
	} while (item.number != kind || item.broken || !item.kind);
	size_t name = strlen(item.kind->name);
	sonde_item_print(s->t, f->list, &item, &form, true);
	if (!sonde_text_fits(s->t) || s->t->data[start + name] != ':')
		return true;
	s->t->len -= name + 1;
	memmove(s->t->data + start, s->t->data + start + name + 1, s->t->len + 1 - start);
	cut_value(s->t, start);
	return true;
}

static struct line line_on(struct sonde_text *t, struct sonde_packet *p, const struct sonde_line_style *style)
{
	static const struct sonde_line_style plain = { .outer = false };
	style = style ? style : &plain;
	return (struct line){
		.saying = {
			.t = t, .end = p->layers + p->n_layers, .seq_from = style->seq_from,
			.ack_from = style->ack_from, .all = style->outer, .slots = slots_of, .value = say_value,
			.differs = differs, .item = say_item,
		},
		.p = p, .style = style,
	};
}

/* --- Layers ------------------------------------------------------------------------------------------------------- */

/* Fields that are printed in another form, or not: ends, checksums, what follows, lengths; TTL and identification. */
static bool is_told(const struct sonde_proto *proto, const struct sonde_field *f, bool outer)
{
	bool ip = SONDE_WIDTH(proto->dst_place) > 0;
	return f->view || is_end(f) || f->place == proto->checksum_place || f->place == proto->length_place ||
	       (outer && f->place == proto->next) || (ip && f->role == SONDE_ROLE_ID);
}

static void say_fields(struct line *line, int layer, bool outer)
{
	const struct sonde_proto *proto = line->p->layers[layer].proto;
	struct sonde_saying *s = &line->saying;
	line->layer = layer;
	s->layer = &line->p->layers[layer];
	s->header = sonde_layer_header(line->p, layer);
	for (unsigned i = 0; proto->fields[i].name; i++)
		if (!is_told(proto, &proto->fields[i], outer) && differs(s, i))
			sonde_say_field(s, proto->fields[i].place);
}

static void pad_to(struct sonde_text *t, size_t start, size_t *width, size_t most)
{
	static const char blanks[] = "                                             ";
	size_t len = t->len - start;
	if (!width)
		return;
	if (len > *width)
		*width = len < most ? len : most;
	for (size_t n; len < *width; len += n) {
		n = *width - len < sizeof blanks - 1 ? *width - len : sizeof blanks - 1;
		sonde_text_mem(t, blanks, n);
	}
}

static void say_name(struct line *line, const char *name, bool first)
{
	const size_t most = 8;
	struct sonde_line_columns *columns = line->style->columns;
	struct sonde_text *t = line->saying.t;
	const struct sonde_line_paint *paint = line->style->paint;
	const char *colour = paint && first ? paint->proto(paint->arg, name) : NULL;
	if (colour)
		sonde_text_str(t, colour);
	size_t start = t->len;
	sonde_text_str(t, name);
	if (first)
		pad_to(t, start, columns ? &columns->what : NULL, most);
	if (colour)
		sonde_text_str(t, paint->end);
}

static uint32_t payload_of(const struct sonde_layer *l)
{
	return l->total_len > l->header_len ? l->total_len - l->header_len : 0;
}

static void say_layer(struct line *line, int layer, bool first)
{
	const struct sonde_layer *l = &line->p->layers[layer];
	struct sonde_saying *s = &line->saying;
	line->layer = layer;
	s->layer = l;
	s->header = sonde_layer_header(line->p, layer);
	s->payload_len = payload_of(l);
	say_name(line, l->proto->said_as ? l->proto->said_as : l->proto->name, first);
	if (l->proto->say && !l->cut) {
		l->proto->say(s);
		return;
	}
	say_fields(line, layer, false);
	if (first && !l->cut)
		sonde_say_length(s);
}

/* Where words of the same protocol follow each other they are separate messages. */
static const char *joint_before(const struct sonde_packet *p, int layer, int transport)
{
	const char *name = p->layers[layer].proto->said_as;
	bool has_name = !name || *name; /* what it says begins with a blank */
	if (layer == transport + 1)
		return has_name ? ": " : ":";
	for (int i = transport + 1; i < layer; i++)
		if (p->layers[i].proto == p->layers[layer].proto)
			return has_name ? ", " : ",";
	return has_name ? " " : "";
}

/* --- Fragments, quotes, tunnels ----------------------------------------------------------------------------------- */

/* The packet that an ICMP error is about. */
static void say_quote(struct line *line, int first)
{
	struct sonde_packet quoted = *line->p;
	struct sonde_text *t = line->saying.t;
	int last = line->p->n_layers - 1;
	for (int i = first; i <= last; i++)
		quoted.layers[i].quoted = false;
	struct ends ends = find_ends(&quoted);
	sonde_text_str(t, " for ");
	if (ends.ip >= first) {
		print_ends(t, &quoted, ends, line->style);
		sonde_text_char(t, ' ');
	}
	sonde_text_str(t, quoted.layers[ends.ports > 0 ? ends.ports : last].proto->name);
}

/* A fragment of IP: its place in the datagram, in bytes. */
static void say_fragment(struct line *line, int layer)
{
	const struct sonde_layer *l = &line->p->layers[layer];
	const uint8_t *header = sonde_layer_header(line->p, layer);
	bool ip4 = l->proto == &sonde_ip;
	if (l->cut || !l->proto->is_fragment || !l->proto->is_fragment(header))
		return;
	uint64_t id = sonde_get(header, ip4 ? SONDE_IP_ID : SONDE_FRAGMENT_ID);
	uint64_t units = sonde_get(header, ip4 ? SONDE_IP_OFFSET : SONDE_FRAGMENT_OFFSET);
	bool more = ip4 ? sonde_get(header, SONDE_IP_FLAGS) & SONDE_IP_MF : sonde_get(header, SONDE_FRAGMENT_M);
	sonde_text_fmt(line->saying.t, " fragment id=%u at=%u%s", (unsigned)id,
		       (unsigned)units * SONDE_FRAGMENT_UNIT, more ? " more" : "");
}

/* A tag, label or tunnel around the innermost packet. */
static void say_around(struct line *line, int layer)
{
	struct sonde_packet *p = line->p;
	const struct sonde_proto *proto = p->layers[layer].proto;
	struct sonde_text *t = line->saying.t;
	sonde_text_str(t, " in ");
	sonde_text_str(t, proto->name);
	if (SONDE_WIDTH(proto->dst_place) && !p->layers[layer].cut) {
		bool ports = sonde_proto_has_ports(p->layers[layer + 1].proto);
		struct ends ends = { layer, ports ? layer + 1 : -1 };
		sonde_text_char(t, ' ');
		print_ends(t, p, ends, line->style);
		if (!line->style->outer)
			return;
	} else if (row_of_role(proto, SONDE_ROLE_SOURCE) >= 0) {
		sonde_text_char(t, ' ');
		print_own_ends(t, p, layer);
	}
	say_fields(line, layer, true);
}

/* Whether a layer is of the link: its addresses, or those of the station, stand in it; or it is LLC, or the
 * head of a packet in a firewall's log. */
static bool is_of_link(const struct sonde_proto *proto)
{
	uint32_t inside = sonde_number_in(proto, SONDE_SPACE_INSIDE, 0);
	if (row_of_role(proto, SONDE_ROLE_SOURCE) >= 0 || inside == SONDE_INSIDE_LLC || inside == SONDE_INSIDE_NFLOG)
		return true;
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (f->kind == &sonde_kind_mac)
			return true;
	return false;
}

/* From the inside out. Links are told with their addresses, and only where these are asked for. */
static void say_all_around(struct line *line, int ip)
{
	for (int i = ip - 1; i >= 0; i--) {
		const struct sonde_proto *proto = line->p->layers[i].proto;
		bool network = SONDE_WIDTH(proto->dst_place) > 0;
		bool is_link = is_of_link(proto);
		bool outermost = i == 0 && !network, ports = sonde_proto_has_ports(proto);
		if (!outermost && !ports && (network || !is_link || line->style->link))
			say_around(line, i);
	}
}

static void say_ip(struct line *line, int ip)
{
	const struct sonde_proto *proto = line->p->layers[ip].proto;
	struct sonde_saying *s = &line->saying;
	line->layer = ip;
	s->layer = &line->p->layers[ip];
	s->header = sonde_layer_header(line->p, ip);
	sonde_say_field(s, proto->ttl_place);
	for (unsigned i = 0; proto->fields[i].name; i++)
		if (proto->fields[i].role == SONDE_ROLE_ID ||
		    (proto->fields[i].place != proto->ttl_place && proto->fields[i].place != proto->next &&
		     !is_told(proto, &proto->fields[i], true) && differs(s, i)))
			sonde_say_field(s, proto->fields[i].place);
}

/* --- The line ---------------------------------------------------------------------------------------------------- */

static bool has_no_ends(const struct sonde_packet *p)
{
	return p->n_layers == 0 || row_of_role(p->layers[0].proto, SONDE_ROLE_SOURCE) < 0;
}

static void end_column(struct sonde_text *t, size_t start, size_t *width, size_t most)
{
	pad_to(t, start, width, most);
	sonde_text_str(t, t->len > start ? " " : "");
}

static void print_link(struct line *line)
{
	const size_t most = 37; /* two MAC addresses */
	struct sonde_text *t = line->saying.t;
	size_t start = t->len;
	if (!has_no_ends(line->p) && !SONDE_WIDTH(line->p->layers[0].proto->dst_place))
		print_own_ends(t, line->p, 0);
	end_column(t, start, line->style->columns ? &line->style->columns->link : NULL, most);
}

/* The sockets; without IP, the addresses of the link. */
static void print_sockets(struct line *line, struct ends ends)
{
	const size_t most = 45; /* two IPv4 addresses with ports */
	struct sonde_text *t = line->saying.t;
	size_t start = t->len;
	if (ends.ip >= 0)
		print_ends(t, line->p, ends, line->style);
	else if (!line->style->link && !has_no_ends(line->p))
		print_own_ends(t, line->p, 0);
	end_column(t, start, line->style->columns ? &line->style->columns->ends : NULL, most);
}

/* The first layer behind IP and its extension headers, or -1: it has no description, or is elsewhere. */
static int transport_of(const struct sonde_packet *p, int ip, int last)
{
	for (int i = ip + 1; i <= last; i++)
		if (p->layers[i].proto->next_space != SONDE_SPACE_IP)
			return i;
	return -1;
}

/* What IP carries that is no layer. */
static void say_carried(struct line *line, int last)
{
	const struct sonde_layer *l = &line->p->layers[last];
	const struct sonde_proto *proto = l->proto;
	char number[16];
	struct sonde_text n = sonde_text(number, sizeof number);
	const uint8_t *header = sonde_layer_header(line->p, last);
	if (!l->cut && proto->next_space == SONDE_SPACE_IP && sonde_place_there(l, proto->next)) {
		uint32_t carried = (uint32_t)sonde_get(header, proto->next);
		const struct sonde_proto *known = sonde_proto_by_id(SONDE_SPACE_IP, carried);
		const char *name = known ? known->name : sonde_name_of(sonde_ip_names, carried);
		sonde_text_fmt(&n, "proto=%u", (unsigned)carried);
		say_name(line, name ? name : number, true);
	} else {
		say_name(line, proto->name, true);
	}
	line->saying.payload_len = payload_of(l);
	sonde_say_length(&line->saying);
}

static void say_packet(struct line *line, struct ends ends, int last)
{
	struct sonde_packet *p = line->p;
	int first = ends.ip >= 0 ? transport_of(p, ends.ip, last) : last;
	if (first < 0)
		say_carried(line, last);
	for (int i = first; i >= 0 && i <= last; i++) {
		if (i > first)
			sonde_text_str(line->saying.t, joint_before(p, i, first));
		say_layer(line, i, i == first);
	}
	if (last < p->n_layers - 1)
		say_quote(line, last + 1);
	for (int i = ends.ip; i >= 0 && i <= last && (i == ends.ip || i < first || first < 0); i++)
		say_fragment(line, i);
	if (line->style->outer && ends.ip >= 0)
		say_ip(line, ends.ip);
	if (ends.ip > 0)
		say_all_around(line, ends.ip);
}

static void print_painted_doubts(struct sonde_text *t, const struct sonde_packet *p,
				 const struct sonde_line_paint *paint)
{
	size_t start = t->len;
	sonde_text_str(t, paint ? paint->doubt : "");
	size_t empty = t->len;
	sonde_print_doubts(t, p);
	if (t->len == empty)
		sonde_text_cut(t, start);
	else
		sonde_text_str(t, paint ? paint->end : "");
}

void sonde_print_line(struct sonde_text *t, struct sonde_packet *p, const struct sonde_line_style *style)
{
	struct line line = line_on(t, p, style);
	int last = p->n_layers - 1;
	while (last > 0 && p->layers[last].quoted)
		last--;
	if (line.style->link)
		print_link(&line);
	if (last >= 0) {
		struct ends ends = find_ends(p);
		print_sockets(&line, ends);
		say_packet(&line, ends, last);
	} else {
		sonde_text_fmt(t, "%u bytes", (unsigned)p->len);
	}
	print_painted_doubts(t, p, line.style->paint);
}

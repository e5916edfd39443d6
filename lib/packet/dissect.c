#include "packet/packet.h"

#include "proto/describe.h"

/* The streams around the current layer, with where each of them ends. */
struct streams {
	bool any; /* the packet has at least one */
	unsigned n;
	struct {
		const struct sonde_proto *(*follower)(struct sonde_view rest);
		uint32_t end;
	} of[SONDE_MAX_STREAMS];
};

/* The state of dissecting a packet, from the outside in. streams is kept apart so that the other members stay in
 * registers: its address is taken. */
struct walk {
	struct sonde_packet *p;
	struct sonde_context *here; /* what hooks see: the layer that was read last, and those around it */
	uint32_t at, end; /* the bytes that are left */
	bool network;     /* a layer with a length of its own was seen */
	bool quoted;      /* inside a quote */
	bool objects;     /* ICMP objects follow the quote */
	struct streams *streams;
};

static void add_trailer(struct sonde_packet *p, const struct sonde_proto *proto, uint32_t offset, uint32_t len)
{
	memmove(&p->layers[p->n_layers + 1], &p->layers[p->n_layers], p->n_trailers * sizeof p->layers[0]);
	p->layers[p->n_layers] = (struct sonde_layer){
		.proto = proto, .offset = offset, .header_len = len, .have_len = len, .total_len = len,
	};
	p->n_trailers++;
}

/* A quoted packet that ends before the objects start is followed by padding, if that is what a builder would write. */
static void end_quote(struct walk *w, uint32_t packet_len)
{
	uint32_t end = w->at + packet_len;
	if (w->objects && sonde_view_is_zero(sonde_view(w->p->data + end, w->end - end)))
		w->p->payload_end = end;
}

/* Apply the length that the layer declares: what follows it is padding of the link or of a quote. */
static void bound_by_length(struct walk *w, struct sonde_layer *l)
{
	struct sonde_packet *p = w->p;
	uint32_t have = w->end - w->at, len = l->proto->declared(l, p->data + l->offset);
	bool bounds = l->proto->network || (l->proto->length_or_type && len);
	bool outermost = bounds && !w->network && !w->quoted;
	bool quoted_first = w->quoted && l->proto->network && l > p->layers && l[-1].proto->quotes && !l[-1].quoted;
	w->network |= bounds;
	if (len < l->header_len)
		return;
	if (len > have) {
		if (quoted_first)
			p->quote_missing = len - have;
		return;
	}
	if (len == have)
		return;
	if (outermost) {
		add_trailer(p, sonde_proto_by_id(SONDE_SPACE_DATA, 1), w->at + len, have - len);
		p->payload_end = w->at + len;
	} else if (quoted_first) {
		end_quote(w, len);
	}
	w->end = w->at + len;
}

/* The payload of an ICMP error ends where its objects start. */
static void enter_quote(struct walk *w, const struct sonde_layer *l)
{
	struct sonde_packet *p = w->p;
	const uint8_t *header = p->data + l->offset;
	uint32_t start = l->offset + l->header_len;
	/* Only padding may follow objects. */
	bool to_the_end = w->end == p->payload_end;
	if (!w->quoted && l->proto->trailer_at && start < w->end && to_the_end) {
		uint32_t at = l->proto->trailer_at(header, sonde_view(p->data + start, w->end - start));
		if (at) {
			add_trailer(p, sonde_proto_by_id(SONDE_SPACE_TRAILER, l->proto->trailer), start + at,
				    w->end - start - at);
			p->payload_end = w->end = start + at;
			w->objects = true;
		}
	}
	w->quoted = true;
}

/* The protocol behind layer l, and behind w->at. */
static const struct sonde_proto *next_proto(const struct walk *w, struct sonde_layer *l)
{
	const struct sonde_proto *proto = l->proto;
	if (proto->child) {
		w->here->layer = l;
		w->here->end = l + 1;
		return proto->child(w->here);
	}
	if (!SONDE_WIDTH(proto->next))
		return NULL;
	const uint8_t *data = w->p->data;
	return sonde_proto_by_bytes(proto->next_space, (uint32_t)sonde_get(data + l->offset, proto->next),
				    sonde_view(data + w->at, w->end - w->at));
}

/* Length of the whole fields in a header that is cut: up to the last complete field that ends on a byte boundary. */
static uint32_t whole_rows(const struct sonde_proto *proto, const uint8_t *header, uint32_t have)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	uint32_t end = 0;
	for (unsigned i = sonde_layout(slots, proto->fields, header, have); i-- > 0;)
		if (slots[i].there && (slots[i].first + slots[i].width) % 8 == 0 &&
		    slots[i].first + slots[i].width > end)
			end = slots[i].first + slots[i].width;
	return end / 8;
}

/* The layer is a message of a stream: more messages may follow it, up to the same end. */
static __attribute__((noinline)) void enter_stream(struct streams *s, const struct sonde_proto *proto, uint32_t end)
{
	bool known = false;
	for (unsigned i = 0; i < s->n; i++)
		known |= s->of[i].follower == proto->follower;
	s->any = true;
	if (known || s->n == SONDE_MAX_STREAMS)
		return;
	s->of[s->n].follower = proto->follower;
	s->of[s->n++].end = end;
}

/* A message ends, and with it all that enclose it and end there, too. Returns the end of the innermost stream that goes
 * on, or `at` without one. */
static __attribute__((noinline)) uint32_t end_messages(struct streams *s, uint32_t at)
{
	while (s->n && s->of[s->n - 1].end == at)
		s->n--;
	return s->n ? s->of[s->n - 1].end : at;
}

/* The frame check sequence is not part of any layer. Where bytes are missing, it was cut off. */
static void strip_fcs(struct walk *w, const struct sonde_layer *l)
{
	struct sonde_packet *p = w->p;
	uint32_t len = l->proto->fcs_len(p->data + l->offset, l->header_len);
	bool there = len && !p->missing && p->n_trailers == 0 && w->end - w->at >= l->header_len + len;
	if (!there)
		return;
	w->end -= len;
	w->network = true;
	add_trailer(p, sonde_proto_by_id(SONDE_SPACE_DATA, 1), w->end, len);
	p->payload_end = w->end;
}

/* Index the layer at w->at. Returns false when nothing can follow it. */
static bool read_layer(struct walk *w, const struct sonde_proto *proto)
{
	struct sonde_packet *p = w->p;
	uint32_t have = w->end - w->at;
	struct sonde_layer *l = &p->layers[p->n_layers];
	/* Make room: trailers are stored after the layers. There are two at most, and mostly none. */
	if (p->n_trailers)
		memmove(l + 1, l, p->n_trailers * sizeof *l);
	*l = (struct sonde_layer){
		.proto = proto, .offset = w->at, .have_len = have, .total_len = have, .quoted = w->quoted
	};
	p->n_layers++;
	if (proto->follower)
		enter_stream(w->streams, proto, w->end);
	l->header_len = proto->min_len;
	if (have >= proto->min_len && proto->measure)
		l->header_len = proto->measure(p->data + w->at, have);
	if (l->header_len > have) {
		l->header_len = whole_rows(proto, p->data + w->at, have);
		l->cut = true;
		return false;
	}
	if (proto->declared)
		bound_by_length(w, l);
	if (proto->fcs_len)
		strip_fcs(w, l);
	if (proto->quotes && proto->quotes(p->data + l->offset))
		enter_quote(w, l);
	return true;
}

void sonde_dissect(struct sonde_packet *p, const uint8_t *data, uint32_t len, uint32_t wire_len, struct sonde_id first)
{
	/* The bytes are borrowed: nothing that reads a packet writes through this pointer. */
	sonde_packet_init(p, (uint8_t *)(uintptr_t)data, len);
	p->len = p->payload_end = len;
	p->missing = wire_len > len ? wire_len - len : 0;
	struct streams streams;
	streams.any = false;
	streams.n = 0;
	/* Who reads the bytes cannot tell what the builder would do with the layers around: nothing is to be filled. */
	struct sonde_context here = { .packet = p->data, .layer = p->layers, .first = p->layers, .infer = true };
	struct walk w = { .p = p, .here = &here, .at = 0, .end = len, .streams = &streams };
	const struct sonde_proto *proto = sonde_proto_by_bytes(first.space, first.number, sonde_view(data, len));
	while (proto && w.at < w.end && p->n_layers < SONDE_MAX_NESTED && read_layer(&w, proto)) {
		struct sonde_layer *l = &p->layers[p->n_layers - 1];
		w.at = l->offset + l->header_len;
		proto = next_proto(&w, l);
		if (w.at < w.end || streams.n == 0)
			continue;
		w.end = end_messages(&streams, w.at);
		if (w.at < w.end)
			proto = streams.of[streams.n - 1].follower(sonde_view(data + w.at, w.end - w.at));
	}
	/* The walk has set the lengths of layers already, unless bytes are missing or quoted, or there are trailers or
	 * streams. */
	if (p->missing || p->n_trailers || w.quoted || streams.any)
		sonde_size_layers(p, true);
}

int sonde_find(const struct sonde_packet *p, const struct sonde_proto *proto)
{
	for (int i = p->n_layers - 1; i >= 0; i--)
		if (p->layers[i].proto == proto && !p->layers[i].quoted)
			return i;
	return -1;
}

struct sonde_addr sonde_row_addr(const struct sonde_packet *p, int layer, sonde_place place)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_field *row = &l->proto->fields[SONDE_ROW(place)];
	struct sonde_slot s = sonde_locate(l->proto->fields, SONDE_ROW(place), sonde_layer_header(p, layer),
					   l->header_len);
	const uint8_t *at = sonde_layer_header(p, layer) + s.first / 8;
	if (s.there && row->kind == &sonde_kind_ip4 && s.width == SONDE_IP4_LEN * 8)
		return sonde_addr4(at);
	if (s.there && row->kind == &sonde_kind_ip6 && s.width == SONDE_IP6_LEN * 8)
		return sonde_addr6(at);
	return (struct sonde_addr){ .family = SONDE_NO_ADDR };
}

static unsigned place_rows(struct sonde_slot *slots, const struct sonde_layer *l, const uint8_t *header)
{
	const struct sonde_proto *proto = l->proto;
	if (!proto->compiled.place || l->cut)
		return sonde_layout(slots, proto->fields, header, l->header_len);
	unsigned n = proto->compiled.place(slots);
	sonde_layout_loose(slots, proto->fields, proto->compiled.loose(), header, l->header_len);
	return n;
}

const struct sonde_slot *sonde_slots(const struct sonde_packet *from, int layer)
{
	struct sonde_packet *p = (struct sonde_packet *)(uintptr_t)from;
	struct sonde_layer *l = &p->layers[layer];
	if (l->slots)
		return &p->slots[l->slots - 1];
	if (p->n_slots + SONDE_MAX_ROWS > SONDE_CACHED_SLOTS) {
		for (unsigned i = 0; i < SONDE_MAX_LAYERS; i++)
			p->layers[i].slots = 0;
		p->n_slots = 0;
	}
	struct sonde_slot *slots = &p->slots[p->n_slots];
	l->slots = (uint16_t)(p->n_slots + 1);
	p->n_slots += (uint16_t)place_rows(slots, l, p->data + l->offset);
	return slots;
}

struct sonde_row_context sonde_row_context_of(const struct sonde_packet *p, int layer, unsigned row)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_field *f = &l->proto->fields[row];
	const uint8_t *header = p->data + l->offset;
	bool by = f->names_by && sonde_place_there(l, f->names_by);
	return (struct sonde_row_context){ f, by ? sonde_get(header, f->names_by) : 0,
					   sonde_view(header, l->header_len) };
}

struct sonde_view sonde_payload(const struct sonde_packet *p)
{
	uint32_t start = 0;
	if (p->n_layers) {
		const struct sonde_layer *l = &p->layers[p->n_layers - 1];
		start = l->offset + l->header_len;
	}
	return sonde_view(p->data + start, p->payload_end > start ? p->payload_end - start : 0);
}

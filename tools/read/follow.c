#include "tools/read/follow.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flow/tuple.h"
#include "packet/print.h"
#include "proto/tcp.h"
#include "proto/udp.h"
#include "tools/common/colour.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/read/print.h"

#define MOST_DATAGRAMS 64             /* whose fragments are awaited */
#define FRAGMENTS_NS   (60 * SONDE_S) /* RFC 8200, 4.5 */

/* --- The pair ----------------------------------------------------------------------------------------------------- */

static bool parse_endpoint(struct sonde_endpoint *out, const char *s, size_t len)
{
	const char *colon = memrchr(s, ':', len);
	size_t host = colon ? (size_t)(colon - s) : 0;
	uint64_t port;
	if (!colon || sonde_uint_parse(&port, colon + 1, len - host - 1) || port > UINT16_MAX)
		return false;
	if (host > 2 && s[0] == '[' && s[host - 1] == ']')
		s++, host -= 2;
	else if (memchr(s, ':', host))
		return false;
	out->port = (uint16_t)port;
	return sonde_addr_parse(&out->addr, NULL, s, host) == 0;
}

/* What stands between the two sockets. */
static const char *find_joint(size_t *len, const char *s)
{
	static const char *const joints[] = { " <-> ", " > ", "-", " " };
	for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
		const char *at = strstr(s, joints[i]);
		*len = strlen(joints[i]);
		if (at)
			return at;
	}
	return NULL;
}

int follow_parse(struct sonde_pair *out, const char *arg)
{
	size_t joint_len, len = strlen(arg);
	const char *joint = find_joint(&joint_len, arg), *slash = strchr(arg, '/');
	*out = (struct sonde_pair){ .proto = 0 };
	if (slash) {
		const struct sonde_proto *proto = sonde_proto_by_name(slash + 1, strlen(slash + 1));
		if (proto != &sonde_tcp && proto != &sonde_udp)
			return option_bad("--follow %s: behind / stands tcp or udp", arg);
		out->proto = (uint8_t)sonde_number_in(proto, SONDE_SPACE_IP, 0);
		len = (size_t)(slash - arg);
	}
	if (!joint || (slash && joint > slash) || !parse_endpoint(&out->local, arg, (size_t)(joint - arg)) ||
	    !parse_endpoint(&out->remote, joint + joint_len, len - (size_t)(joint - arg) - joint_len))
		return option_bad("--follow %s: a pair is 10.0.0.1:40000-10.0.0.2:80, or [2001:db8::1]:40000-"
				  "[2001:db8::2]:80", arg);
	if (out->local.addr.family != out->remote.addr.family)
		return option_bad("--follow %s: the addresses are of two families", arg);
	return 0;
}

/* --- Printing ----------------------------------------------------------------------------------------------------- */

static const char *colour(const struct follow_side *s, const char *code)
{
	return s->follow->printer->colour ? code : "";
}

static void end_text_line(struct follow *f)
{
	if (f->in_line)
		putchar('\n');
	f->in_line = false;
}

/* A line that says whose bytes follow, where another one spoke before. */
static void name_speaker(struct follow_side *s)
{
	struct follow *f = s->follow;
	char from[SONDE_ENDPOINT_STRLEN], to[SONDE_ENDPOINT_STRLEN];
	int side = s == &f->sides[0] ? 1 : 2;
	if (f->speaking == side)
		return;
	end_text_line(f);
	printf("%s%s %s > %s%s\n", colour(s, side == 1 ? "\033[36m" : "\033[35m"), side == 1 ? "-->" : "<--",
	       sonde_endpoint_format(from, &s->from), sonde_endpoint_format(to, &f->sides[2 - side].from),
	       colour(s, COLOUR_END));
	f->speaking = side;
}

/* Lines end as they do anywhere; other control characters, and what is not ASCII, are \xHH. */
static void print_text(struct follow *f, struct sonde_view v)
{
	for (size_t i = 0; i < v.len; i++) {
		uint8_t c = v.data[i];
		bool line_end = c == '\r' && i + 1 < v.len && v.data[i + 1] == '\n';
		if (line_end)
			continue;
		if (c == '\n' || c == '\t' || (c >= ' ' && c < 0x7f && c != '\\'))
			putchar(c);
		else
			printf("\\x%02x", c);
		f->in_line = c != '\n';
	}
}

static void print_json_data(struct follow_side *s, uint32_t missing, struct sonde_view bytes)
{
	struct follow *f = s->follow;
	struct json *j = &f->printer->json;
	char text[SONDE_ENDPOINT_STRLEN];
	const struct follow_side *other = &f->sides[s == f->sides];
	json_begin(j);
	json_str(j, "cmd", "read");
	json_str(j, "type", "data");
	if (f->has_time) {
		char time[SONDE_TIME_STRLEN];
		json_str(j, "time", sonde_time_format(time, f->time));
	}
	json_str(j, "from", sonde_endpoint_format(text, &s->from));
	json_str(j, "to", sonde_endpoint_format(text, &other->from));
	if (missing)
		json_uint(j, "missing", missing);
	json_hex(j, "hex", bytes);
	json_end(j);
}

static void print_hex_data(struct follow *f, struct sonde_view bytes)
{
	struct sonde_text t = sonde_text(f->printer->text, SONDE_TREE_ROOM);
	sonde_print_hex(&t, bytes);
	print_put(&t);
}

static void take_bytes(void *arg, uint32_t missing, struct sonde_view bytes)
{
	struct follow_side *s = arg;
	struct follow *f = s->follow;
	s->bytes += bytes.len;
	s->missing += missing;
	s->gaps += missing > 0;
	if (f->form == FOLLOW_RAW) {
		fwrite(bytes.data, 1, bytes.len, stdout);
		return;
	}
	if (f->form == FOLLOW_JSON) {
		print_json_data(s, missing, bytes);
		return;
	}
	name_speaker(s);
	if (missing) {
		end_text_line(f);
		printf("%s[%u bytes missing]%s\n", colour(s, colour_code(COLOUR_BAD)), (unsigned)missing,
		       colour(s, COLOUR_END));
	}
	if (f->form == FOLLOW_HEX)
		print_hex_data(f, bytes);
	else
		print_text(f, bytes);
}

/* --- Packets ------------------------------------------------------------------------------------------------------ */

static bool is_socket(const struct sonde_endpoint *a, const struct sonde_endpoint *b)
{
	return a->port == b->port && sonde_addr_equal_bytes(&a->addr, &b->addr);
}

/* The side that sent the packet, or NULL if it is none of this pair. */
static struct follow_side *sender_of(struct follow *f, const struct sonde_flow_tuple *t)
{
	for (unsigned i = 0; i < 2; i++)
		if (is_socket(&t->pair.local, &f->sides[i].from) && is_socket(&t->pair.remote, &f->sides[!i].from))
			return &f->sides[i];
	return NULL;
}

static void take_segment(struct follow_side *s, struct follow_side *other, const uint8_t *header,
			 struct sonde_view data, uint32_t len)
{
	uint32_t flags = (uint32_t)sonde_get(header, SONDE_TCP_FLAGS);
	uint32_t seq = (uint32_t)sonde_get(header, SONDE_TCP_SEQ);
	if (flags & SONDE_TCP_SYN) {
		/* Another connection of the same sockets begins. */
		if (s->stream.started && s->stream.first != seq + 1)
			stream_end(&s->stream);
		seq++;
		if (!s->stream.started)
			stream_start(&s->stream, seq);
	}
	stream_add(&s->stream, seq, data);
	if (flags & SONDE_TCP_FIN)
		stream_fin(&s->stream, seq + len);
	if (flags & SONDE_TCP_ACK_FLAG)
		stream_acknowledged(&other->stream, (uint32_t)sonde_get(header, SONDE_TCP_ACK));
}

static void take_packet(struct follow *f, const struct sonde_packet *packet, const struct sonde_record *record,
			const struct sonde_flow_tuple *t)
{
	const struct sonde_layer *l = &packet->layers[t->transport];
	struct follow_side *s = sender_of(f, t);
	if (!s || l->cut || (l->proto != &sonde_tcp && l->proto != &sonde_udp))
		return;
	const uint8_t *header = sonde_layer_header(packet, t->transport);
	struct sonde_view data = sonde_view(header + l->header_len, l->have_len - l->header_len);
	uint32_t len = l->total_len - l->header_len;
	f->proto = t->pair.proto;
	f->packets++;
	f->time = record->time;
	f->has_time = !record->timeless;
	if (l->proto == &sonde_tcp) {
		take_segment(s, &f->sides[s == f->sides], header, data, len);
	} else {
		take_bytes(s, 0, data);
		if (len > data.len)
			take_bytes(s, len - (uint32_t)data.len, sonde_view(header, 0));
	}
}

static bool is_between_hosts(const struct follow *f, const struct sonde_flow_tuple *t)
{
	const struct sonde_addr *from = &t->pair.local.addr, *to = &t->pair.remote.addr;
	for (unsigned i = 0; i < 2; i++)
		if (sonde_addr_equal_bytes(from, &f->sides[i].from.addr) &&
		    sonde_addr_equal_bytes(to, &f->sides[!i].from.addr))
			return true;
	return false;
}

/* Put the datagram of a fragment together. Returns whether it is whole, and in *out. */
static bool is_whole_now(struct sonde_packet *out, struct follow *f, const struct print_frame *frame)
{
	const struct sonde_record *record = frame->record;
	struct sonde_view whole;
	if (!record->timeless && record->time > f->latest)
		f->latest = record->time;
	if (sonde_reassemble(&whole, &f->fragments, frame->packet, f->latest) != SONDE_REASSEMBLY_DONE)
		return false;
	sonde_dissect(out, whole.data, (uint32_t)whole.len, (uint32_t)whole.len,
		      (struct sonde_id){ SONDE_SPACE_LINK, record->link });
	return true;
}

int follow_frame(struct printer *p, const struct print_frame *frame)
{
	struct follow *f = p->follow;
	const struct sonde_packet *packet = frame->packet;
	struct sonde_packet whole;
	struct sonde_flow_tuple t;
	int err = sonde_flow_tuple_of(&t, packet, false);
	if (f->proto && f->proto != t.pair.proto)
		return 0;
	if (t.fragment && is_between_hosts(f, &t)) {
		if (!is_whole_now(&whole, f, frame))
			return 0;
		packet = &whole;
		err = sonde_flow_tuple_of(&t, packet, false);
	}
	if (!err && t.transport >= 0)
		take_packet(f, packet, frame->record, &t);
	return 0;
}

/* --- The run ------------------------------------------------------------------------------------------------------ */

int follow_open(struct printer *p)
{
	struct follow *f = p->follow = calloc(1, sizeof *f);
	if (!f || sonde_reassembler_init(&f->fragments, MOST_DATAGRAMS, FRAGMENTS_NS, sonde_key_from_seed(p->o->seed)))
		return message_out_of_memory();
	f->printer = p;
	f->proto = p->r->follow.proto;
	f->form = p->o->json                                        ? FOLLOW_JSON
		  : p->r->form == READ_HEX                          ? FOLLOW_HEX
		  : p->r->has_form || isatty(STDOUT_FILENO)         ? FOLLOW_TEXT
								    : FOLLOW_RAW;
	for (unsigned i = 0; i < 2; i++) {
		struct follow_side *s = &f->sides[i];
		s->follow = f;
		s->from = i ? p->r->follow.remote : p->r->follow.local;
		s->stream = (struct stream){ .take = take_bytes, .arg = s };
	}
	return 0;
}

int follow_end(struct printer *p)
{
	struct follow *f = p->follow;
	for (unsigned i = 0; i < 2; i++)
		stream_end(&f->sides[i].stream);
	end_text_line(f);
	fflush(stdout);
	const struct sonde_reassembly_counts *c = &f->fragments.counts;
	uint64_t lost = sonde_reassembler_waiting(&f->fragments) + c->timeouts + c->evicted + c->overlaps + c->too_long;
	if (lost)
		message("--follow: datagrams between these hosts whose fragments do not make a whole: %" PRIu64, lost);
	if (f->packets == 0) {
		message("--follow: no packet of this pair");
		return STATUS_NOT;
	}
	for (unsigned i = 0; i < 2; i++) {
		char from[SONDE_ENDPOINT_STRLEN];
		const struct follow_side *s = &f->sides[i];
		if (s->missing)
			message("%s: bytes that are missing: %" PRIu64 ", in %" PRIu64 " places",
				sonde_endpoint_format(from, &s->from), s->missing, s->gaps);
	}
	return 0;
}

void follow_close(struct printer *p)
{
	if (p->follow)
		sonde_reassembler_free(&p->follow->fragments);
	free(p->follow);
}

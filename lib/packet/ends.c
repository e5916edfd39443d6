#include "packet/ends.h"

#include <string.h>

#include "base/addr.h"
#include "packet/encap.h"
#include "proto/ah.h"
#include "proto/describe.h"
#include "proto/ether.h"
#include "proto/fragment.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/options6.h"
#include "proto/sctp.h"
#include "proto/tcp.h"
#include "proto/udp.h"
#include "proto/vlan.h"

#define START(place)  (SONDE_FIRST(place) / 8)                            /* bytes of a header before a field */
#define BEHIND(place) ((SONDE_FIRST(place) + SONDE_WIDTH(place) + 7) / 8) /* and to the end of the field */

#define ETHER_LEN BEHIND(SONDE_ETHER_TYPE)
#define TCP_LEN   BEHIND(SONDE_TCP_URG)
#define UDP_LEN   BEHIND(SONDE_UDP_CHECKSUM)
#define SCTP_LEN  BEHIND(SONDE_SCTP_CHECKSUM)
#define ICMP_LEN  BEHIND(SONDE_ICMP_REST)
#define AH_LEN    BEHIND(SONDE_AH_SEQ)

/* Protocols that are read inside IP. */
/* clang-format off */
enum proto {
	HOPOPTS = 0, ICMP = 1, TCP = 6, UDP = 17, ROUTING = 43, FRAGMENT = 44, AH = 51, ICMP6 = 58, NO_NEXT = 59,
	DSTOPTS = 60, SCTP = 132,
};
/* clang-format on */

/* Flags and offset of IPv4 as one number, and its bits that fragments have set. */
#define FRAGMENT_WORD                                                                                                  \
	SONDE_FIELD(0, SONDE_FIRST(SONDE_IP_FLAGS), SONDE_WIDTH(SONDE_IP_FLAGS) + SONDE_WIDTH(SONDE_IP_OFFSET))
#define FRAGMENT_BITS (SONDE_IP_MF << SONDE_WIDTH(SONDE_IP_OFFSET) | ((1 << SONDE_WIDTH(SONDE_IP_OFFSET)) - 1))

static inline __attribute__((always_inline)) uint32_t get(const uint8_t *header, sonde_place place)
{
	return (uint32_t)sonde_get(header, place);
}

/* gcc clears up to 80 bytes with plain stores; for more it uses a string instruction that takes longer than all the
 * rest. */
static inline __attribute__((always_inline)) void clear(struct sonde_ends *out, uint8_t family, uint8_t proto)
{
	const size_t half = offsetof(struct sonde_ends, tcp_flags);
	memset(out, 0, half);
	memset((uint8_t *)out + half, 0, sizeof *out - half);
	out->proto = proto;
	out->family = family;
	out->vlan = SONDE_ENDS_NO_VLAN;
}

/* A number of a header of which `have` bytes are present; 0 when it is cut off. */
static inline __attribute__((always_inline)) uint32_t get_there(const uint8_t *header, sonde_place place, uint32_t have)
{
	return have >= BEHIND(place) ? get(header, place) : 0;
}

/* TCP, UDP and SCTP begin alike. */
static inline __attribute__((always_inline)) void read_ports(struct sonde_ends *out, const uint8_t *header,
							     uint32_t have)
{
	out->sport = (uint16_t)get_there(header, SONDE_UDP_SPORT, have);
	out->dport = (uint16_t)get_there(header, SONDE_UDP_DPORT, have);
	if (have >= BEHIND(SONDE_UDP_DPORT))
		out->flags |= SONDE_ENDS_PORTS;
}

/* If the compiler knows that all is present, this compiles to loads and stores only. */
static inline __attribute__((always_inline)) void read_tcp(struct sonde_ends *out, const uint8_t *tcp, uint32_t have)
{
	out->seq = get_there(tcp, SONDE_TCP_SEQ, have);
	out->ack = get_there(tcp, SONDE_TCP_ACK, have);
	out->tcp_flags = (uint16_t)get_there(tcp, SONDE_TCP_FLAGS, have);
	out->win = (uint16_t)get_there(tcp, SONDE_TCP_WIN, have);
}

/* The common case: TCP in IPv4 without options in Ethernet, complete, no fragment. Returns false for other frames. */
static inline __attribute__((always_inline)) bool read_usual(struct sonde_ends *out, const uint8_t *frame, uint32_t len)
{
	const uint32_t ethertype_ip4 = 0x0800;
	enum { AT_IP = ETHER_LEN, AT_TCP = AT_IP + SONDE_IP_MIN_LEN };
	if (len < AT_TCP + TCP_LEN || get(frame, SONDE_ETHER_TYPE) != ethertype_ip4)
		return false;
	const uint8_t *ip = frame + AT_IP, *tcp = frame + AT_TCP;
	if (get(ip, SONDE_IP_IHL) * 4 != SONDE_IP_MIN_LEN || get(ip, SONDE_IP_PROTO) != TCP ||
	    get(ip, FRAGMENT_WORD) & FRAGMENT_BITS)
		return false;
	uint32_t end = AT_IP + get(ip, SONDE_IP_LENGTH), tcp_len = get(tcp, SONDE_TCP_OFFSET) * 4,
		 payload = AT_TCP + tcp_len;
	if (end > len || tcp_len < TCP_LEN || payload > end)
		return false;
	clear(out, SONDE_IP4, TCP);
	memcpy(out->src, ip + START(SONDE_IP_SRC), SONDE_IP4_LEN);
	memcpy(out->dst, ip + START(SONDE_IP_DST), SONDE_IP4_LEN);
	read_ports(out, tcp, TCP_LEN);
	read_tcp(out, tcp, TCP_LEN);
	out->ip_offset = AT_IP;
	out->ip_len = end - AT_IP;
	out->transport_offset = AT_TCP;
	out->payload_offset = payload;
	out->payload_len = out->payload_have = end - payload;
	return true;
}

/* --- All others -------------------------------------------------------------------------------------------------- */

/* The state of a walk from the outside in. */
struct walk {
	const uint8_t *frame;
	uint32_t at;       /* where the next header starts */
	uint32_t end;      /* where the present bytes end, by the frame and by the lengths of enclosing layers */
	uint32_t wire_end; /* the same for the bytes on the wire */
	uint32_t n_headers;
};

static uint32_t at_least(uint32_t least, uint32_t len)
{
	return len < least ? least : len;
}

static uint32_t left(const struct walk *w)
{
	return w->end - w->at;
}

/* What starts at w->at is len bytes long by its header. */
static void bound(struct walk *w, uint32_t len)
{
	w->wire_end = w->at + len;
	if (w->end > w->wire_end)
		w->end = w->wire_end;
}

/* --- Up to IP ---------------------------------------------------------------------------------------------------- */

static bool has_left(struct sonde_ends *out, const struct walk *w, uint32_t len)
{
	if (left(w) >= len)
		return true;
	out->flags = SONDE_ENDS_CUT;
	return false;
}

/* The protocol inside a header that was passed, as its description has it. */
static const struct sonde_proto *child_of(const struct sonde_context *c, struct sonde_view rest)
{
	const struct sonde_proto *proto = c->layer->proto;
	if (proto->child)
		return proto->child(c);
	if (!SONDE_WIDTH(proto->next))
		return NULL;
	return sonde_proto_by_bytes(proto->next_space, get(sonde_header(c), proto->next), rest);
}

/* Pass a header that may lead to IP. The hooks of its description say how long it is, where its packet ends, and what
 * is inside. */
static const struct sonde_proto *pass_header(struct sonde_ends *out, struct walk *w, const struct sonde_proto *proto)
{
	const uint8_t *header = w->frame + w->at;
	uint32_t have = left(w), len = proto->min_len;
	if (proto->measure && have >= len)
		len = proto->measure(header, have);
	if (!has_left(out, w, len))
		return NULL;
	struct sonde_layer l = {
		.proto = proto, .offset = w->at, .header_len = len, .have_len = have, .total_len = have,
	};
	struct sonde_context c = {
		.packet = (uint8_t *)(uintptr_t)w->frame, .layer = &l, .first = &l, .end = &l + 1,
	};
	if (proto == &sonde_vlan && out->vlan == SONDE_ENDS_NO_VLAN)
		out->vlan = (uint16_t)get(header, SONDE_VLAN_ID);
	if (SONDE_WIDTH(proto->network_place))
		out->encap = sonde_encap_network(out->encap, get(header, proto->network_place));
	uint32_t declared = proto->declared ? proto->declared(&l, header) : 0;
	if (declared >= len)
		bound(w, declared);
	/* The frame check sequence is not part of any layer; where bytes are missing, it was cut off. */
	uint32_t fcs = proto->fcs_len && w->end == w->wire_end ? proto->fcs_len(header, len) : 0;
	if (fcs && left(w) >= len + fcs)
		bound(w, left(w) - fcs);
	w->at += len;
	w->n_headers++;
	return child_of(&c, sonde_view(w->frame + w->at, w->at < w->end ? left(w) : 0));
}

/* Most frames are IP in Ethernet, or have another type; a length is left to the description. */
static const struct sonde_proto *pass_ether(struct sonde_ends *out, struct walk *w)
{
	const uint32_t ip4 = 0x0800, ip6 = 0x86dd;
	uint32_t type = left(w) >= ETHER_LEN ? get(w->frame + w->at, SONDE_ETHER_TYPE) : 0;
	if (type <= SONDE_ETHER_MAX_LEN)
		return pass_header(out, w, &sonde_ether);
	w->at += ETHER_LEN;
	w->n_headers++;
	if (type == ip4)
		return &sonde_ip;
	return type == ip6 ? &sonde_ip6
			   : sonde_proto_by_bytes(SONDE_SPACE_ETHERTYPE, type, sonde_view(w->frame + w->at, left(w)));
}

/* --- IP ---------------------------------------------------------------------------------------------------------- */

/* Enter an IP packet of len bytes by its header; if that is less than the header's length, of all the enclosing layer
 * holds. */
static void enter_ip(struct sonde_ends *out, struct walk *w, uint32_t header_len, uint32_t len)
{
	uint32_t have = left(w);
	if (len >= header_len)
		bound(w, len);
	out->ip_offset = w->at;
	out->ip_len = w->wire_end - w->at;
	if (out->ip_len > have)
		out->flags |= SONDE_ENDS_CUT;
	w->at += header_len;
	w->n_headers++;
}

static void read_fragment(struct sonde_ends *out, uint32_t offset, bool more, uint32_t id)
{
	if (!offset && !more)
		return;
	out->flags |= offset ? SONDE_ENDS_LATER_FRAGMENT : SONDE_ENDS_FIRST_FRAGMENT;
	out->fragment_id = id;
}

static bool read_ip4(struct sonde_ends *out, struct walk *w)
{
	const uint8_t *ip = w->frame + w->at;
	if (!has_left(out, w, SONDE_IP_MIN_LEN))
		return false;
	uint32_t header_len = at_least(SONDE_IP_MIN_LEN, get(ip, SONDE_IP_IHL) * 4);
	if (!has_left(out, w, header_len))
		return false;
	enter_ip(out, w, header_len, get(ip, SONDE_IP_LENGTH));
	out->family = SONDE_IP4;
	out->proto = (uint8_t)get(ip, SONDE_IP_PROTO);
	memcpy(out->src, ip + START(SONDE_IP_SRC), SONDE_IP4_LEN);
	memcpy(out->dst, ip + START(SONDE_IP_DST), SONDE_IP4_LEN);
	read_fragment(out, get(ip, SONDE_IP_OFFSET), get(ip, SONDE_IP_FLAGS) & SONDE_IP_MF, get(ip, SONDE_IP_ID));
	return true;
}

static bool read_ip6(struct sonde_ends *out, struct walk *w)
{
	const uint8_t *ip = w->frame + w->at;
	if (!has_left(out, w, SONDE_IP6_HEADER))
		return false;
	uint32_t len = get(ip, SONDE_IP6_LENGTH), next = get(ip, SONDE_IP6_NEXT);
	enter_ip(out, w, SONDE_IP6_HEADER, len || next == NO_NEXT ? SONDE_IP6_HEADER + len : 0);
	out->family = SONDE_IP6;
	out->proto = (uint8_t)next;
	memcpy(out->src, ip + START(SONDE_IP6_SRC), SONDE_IP6_LEN);
	memcpy(out->dst, ip + START(SONDE_IP6_DST), SONDE_IP6_LEN);
	return true;
}

/* Length of an IPv6 extension header or AH, of which `have` bytes are present; more than have when it is cut. 0:
 * another protocol. */
static uint32_t extension_len(uint32_t number, const uint8_t *header, uint32_t have)
{
	switch (number) {
	case HOPOPTS:
	case ROUTING:
	case DSTOPTS: return (get_there(header, SONDE_OPTIONS6_LENGTH, have) + 1) * 8;
	case FRAGMENT: return BEHIND(SONDE_FRAGMENT_ID);
	case AH: return at_least(AH_LEN, (get_there(header, SONDE_AH_LENGTH, have) + 2) * 4);
	default: return 0;
	}
}

/* All extension headers begin with the next-header field. */
static void pass_extensions(struct sonde_ends *out, struct walk *w)
{
	while (!(out->flags & SONDE_ENDS_LATER_FRAGMENT) && w->n_headers < SONDE_ENDS_MAX_HEADERS) {
		const uint8_t *header = w->frame + w->at;
		uint32_t len = extension_len(out->proto, header, left(w));
		if (len > left(w))
			out->flags |= SONDE_ENDS_CUT_HEADER;
		if (len == 0 || len > left(w))
			return;
		if (out->proto == FRAGMENT)
			read_fragment(out, get(header, SONDE_FRAGMENT_OFFSET), get(header, SONDE_FRAGMENT_M),
				      get(header, SONDE_FRAGMENT_ID));
		out->proto = (uint8_t)get(header, SONDE_OPTIONS6_NEXT);
		w->at += len;
		w->n_headers++;
	}
}

/* --- What IP carries --------------------------------------------------------------------------------------------- */

/* A transport header of header_len bytes, and the payload. */
static void read_payload(struct sonde_ends *out, const struct walk *w, uint32_t header_len)
{
	uint32_t start = w->at + header_len;
	if (start > w->end)
		out->flags |= SONDE_ENDS_CUT_HEADER;
	out->payload_offset = start;
	out->payload_len = w->wire_end > start ? w->wire_end - start : 0;
	out->payload_have = w->end > start ? w->end - start : 0;
}

/* The place of the sequence number in ICMP messages that have an identifier; 0 for the others. */
static sonde_place sequence_place(uint8_t proto, uint8_t type)
{
	enum { V6 = 256 };
	switch (proto == ICMP6 ? V6 + type : type) {
	case SONDE_ICMP_ECHO:
	case SONDE_ICMP_ECHO_REPLY:
	case SONDE_ICMP_TIMESTAMP:
	case SONDE_ICMP_TIMESTAMP_REPLY:
	case SONDE_ICMP_INFO:
	case SONDE_ICMP_INFO_REPLY:
	case SONDE_ICMP_MASK_REQUEST:
	case SONDE_ICMP_MASK_REPLY: return SONDE_ICMP_SEQ;
	case SONDE_ICMP_XECHO:
	case SONDE_ICMP_XECHO_REPLY: return SONDE_ICMP_XSEQ;
	case V6 + SONDE_ICMP6_ECHO:
	case V6 + SONDE_ICMP6_ECHO_REPLY: return SONDE_ICMP6_SEQ;
	case V6 + SONDE_ICMP6_XECHO:
	case V6 + SONDE_ICMP6_XECHO_REPLY: return SONDE_ICMP6_XSEQ;
	default: return 0;
	}
}

/* Type, code and identifier are at the same places in ICMP and ICMPv6. */
static void read_icmp(struct sonde_ends *out, const uint8_t *icmp, uint32_t have)
{
	out->icmp_type = (uint8_t)get_there(icmp, SONDE_ICMP_TYPE, have);
	out->icmp_code = (uint8_t)get_there(icmp, SONDE_ICMP_CODE, have);
	sonde_place sequence = sequence_place(out->proto, out->icmp_type);
	if (have >= (sequence ? BEHIND(SONDE_ICMP_ID) : BEHIND(SONDE_ICMP_CODE)))
		out->flags |= SONDE_ENDS_PORTS;
	if (!sequence)
		return;
	out->sport = out->dport = (uint16_t)get_there(icmp, SONDE_ICMP_ID, have);
	if (have >= BEHIND(sequence))
		out->seq = get(icmp, sequence);
}

/* The length is the smaller one of UDP's and IP's; a UDP length below 8 is ignored. */
static const struct sonde_proto *read_udp(struct sonde_ends *out, struct walk *w, const uint8_t *udp)
{
	uint32_t len = get_there(udp, SONDE_UDP_LENGTH, left(w));
	read_ports(out, udp, left(w));
	if (len >= UDP_LEN && len < w->wire_end - w->at)
		bound(w, len);
	read_payload(out, w, UDP_LEN);
	if (left(w) < UDP_LEN)
		return NULL;
	w->at += UDP_LEN;
	w->n_headers++;
	return sonde_proto_by_ports(SONDE_SPACE_UDP, udp, sonde_view(w->frame + w->at, left(w)));
}

/* Returns the protocol that may lead to another packet, or NULL. */
static const struct sonde_proto *read_transport(struct sonde_ends *out, struct walk *w)
{
	const uint8_t *header = w->frame + w->at;
	uint32_t have = left(w), header_len = 0;
	const struct sonde_proto *next = NULL;
	bool later = out->flags & SONDE_ENDS_LATER_FRAGMENT;
	out->transport_offset = w->at;
	switch (later ? NO_NEXT : out->proto) {
	case TCP:
		read_ports(out, header, have);
		read_tcp(out, header, have);
		header_len = at_least(TCP_LEN, get_there(header, SONDE_TCP_OFFSET, have) * 4);
		break;
	case UDP: return read_udp(out, w, header);
	case SCTP:
		read_ports(out, header, have);
		header_len = SCTP_LEN;
		break;
	case ICMP:
	case ICMP6:
		read_icmp(out, header, have);
		header_len = ICMP_LEN;
		break;
	case NO_NEXT: break;
	default: next = sonde_proto_by_bytes(SONDE_SPACE_IP, out->proto, sonde_view(header, have));
	}
	read_payload(out, w, header_len);
	return next;
}

static bool is_ip(const struct sonde_proto *proto)
{
	return proto == &sonde_ip || proto == &sonde_ip6;
}

/* Read the IP packet that *next leads to; *next becomes what may lead to another one in it. */
static bool read_packet(struct sonde_ends *out, struct walk *w, const struct sonde_proto **next)
{
	while (*next && !is_ip(*next) && (*next)->leads_to_ip && w->n_headers < SONDE_ENDS_MAX_HEADERS)
		*next = *next == &sonde_ether ? pass_ether(out, w) : pass_header(out, w, *next);
	if (!is_ip(*next) || w->n_headers == SONDE_ENDS_MAX_HEADERS)
		return false;
	if (!(*next == &sonde_ip ? read_ip4(out, w) : read_ip6(out, w)))
		return false;
	pass_extensions(out, w);
	*next = read_transport(out, w);
	return true;
}

/* Tunnels are followed as long as they hold a complete IP header. */
static void read_inner(struct sonde_ends *out, struct walk *w, const struct sonde_proto *next)
{
	struct sonde_ends inner;
	while (next) {
		clear(&inner, SONDE_NO_ADDR, 0);
		inner.vlan = out->vlan;
		inner.encap = sonde_encap_tunnel(out->encap, out->src, out->dst,
						 out->family == SONDE_IP4 ? SONDE_IP4_LEN : SONDE_IP6_LEN);
		inner.n_tunnels = (uint8_t)(out->n_tunnels + 1);
		if (!read_packet(&inner, w, &next))
			return;
		*out = inner;
	}
}

static __attribute__((noinline)) bool read_any(struct sonde_ends *out, const uint8_t *frame, uint32_t len,
					       uint32_t wire_len, uint32_t link_type)
{
	struct walk w = { .frame = frame, .end = len, .wire_end = wire_len > len ? wire_len : len };
	const struct sonde_proto *next = sonde_proto_by_bytes(SONDE_SPACE_LINK, link_type, sonde_view(frame, len));
	clear(out, SONDE_NO_ADDR, 0);
	if (!read_packet(out, &w, &next)) {
		out->encap = 0;
		return false;
	}
	read_inner(out, &w, next);
	return true;
}

bool sonde_ends_read(struct sonde_ends *out, const uint8_t *frame, uint32_t len, uint32_t wire_len, uint32_t link_type)
{
	if (link_type == SONDE_LINK_ETHERNET && read_usual(out, frame, len))
		return true;
	return read_any(out, frame, len, wire_len, link_type);
}

bool sonde_ends_quoted(struct sonde_ends *out, const struct sonde_ends *error, const uint8_t *frame)
{
	const struct sonde_proto *proto = error->proto == ICMP ? &sonde_icmp : &sonde_icmp6, *next;
	if ((error->proto != ICMP && error->proto != ICMP6) || !(error->flags & SONDE_ENDS_PORTS) ||
	    error->payload_have == 0 || !proto->quotes(frame + error->transport_offset))
		return false;
	struct walk w = {
		.frame = frame, .at = error->payload_offset, .end = error->payload_offset + error->payload_have,
		.wire_end = error->payload_offset + error->payload_len,
	};
	next = error->family == SONDE_IP4 ? &sonde_ip : &sonde_ip6;
	clear(out, SONDE_NO_ADDR, 0);
	out->vlan = error->vlan;
	out->encap = error->encap;
	if (!read_packet(out, &w, &next))
		return false;
	read_inner(out, &w, next);
	return true;
}

/* Asking for link addresses without the kernel, whose table holds 1024 neighbours, and which asks once a second: ARP
 * requests (RFC 826) and neighbour solicitations (RFC 4861, 4.3), and the answers to them among what comes in. */
#include <errno.h>

#include "io/clock.h"
#include "packet/notation.h"
#include "packet/spec.h"
#include "proto/arp.h"
#include "proto/icmp6.h"
#include "proto/ip6.h"
#include "session/state.h"

#define FRAME_MAX 128

static int build(struct sonde_packet *p, const struct sonde_text *text)
{
	struct sonde_spec spec = { 0 };
	int err = sonde_notation_parse(&spec, text->data, text->len, NULL, NULL);
	if (!err)
		err = sonde_spec_packet(p, &spec, 0, 0, true, NULL);
	sonde_spec_free(&spec);
	return err;
}

/* The group of all hosts whose addresses end in the same three bytes, and its link address (RFC 4291, 2.7.1; RFC 2464,
 * 7). */
static struct sonde_addr solicited_group(uint8_t mac[static SONDE_MAC_LEN], const struct sonde_addr *hop)
{
	struct sonde_addr group = sonde_addr6(
		(const uint8_t[]){ 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 0 });
	memcpy(group.bytes + 13, hop->bytes + 13, 3);
	mac[0] = mac[1] = 0x33;
	memcpy(mac + 2, group.bytes + 12, 4);
	return group;
}

static void write_solicitation(struct sonde_text *t, const char *mac, const struct sonde_addr *own,
			       const struct sonde_addr *hop)
{
	char src[SONDE_ADDR_STRLEN], target[SONDE_ADDR_STRLEN], dst[SONDE_ADDR_STRLEN], to[SONDE_MAC_STRLEN];
	uint8_t group_mac[SONDE_MAC_LEN];
	struct sonde_addr plain = *own, asked = *hop, group = solicited_group(group_mac, hop);
	plain.scope = asked.scope = 0;
	sonde_addr_format(src, &plain);
	sonde_addr_format(target, &asked);
	if (hop->family == SONDE_IP4)
		sonde_text_fmt(t, "ether src=%s dst=ff:ff:ff:ff:ff:ff / arp op=request sha=%s spa=%s tpa=%s", mac, mac,
			       src, target);
	else
		sonde_text_fmt(t,
			       "ether src=%s dst=%s / ip6 src=%s dst=%s hlim=255 / "
			       "icmp6 type=neighbour-solicit target=%s options=slla:%s",
			       mac, sonde_mac_format(to, group_mac), src, sonde_addr_format(dst, &group), target, mac);
}

int sonde_session_solicit(struct sonde_session *s, const struct hop *hop)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, hop->ifindex);
	struct sonde_addr own = link ? sonde_session_own_addr(link, &hop->addr) : (struct sonde_addr){ 0 };
	char mac[SONDE_MAC_STRLEN], room[400];
	uint8_t bytes[FRAME_MAX];
	struct sonde_text text = sonde_text(room, sizeof room);
	struct sonde_packet p;
	if (!own.family || link->mac_len != SONDE_MAC_LEN)
		return -EADDRNOTAVAIL;
	write_solicitation(&text, sonde_mac_format(mac, link->mac), &own, &hop->addr);
	sonde_packet_init(&p, bytes, sizeof bytes);
	int err = build(&p, &text);
	if (!err)
		err = sonde_finish(&p);
	return err ? err : sonde_session_send_frame(s, hop->ifindex, sonde_view(p.data, p.len));
}

/* --- Answers ----------------------------------------------------------------------------------------------------- */

/* The link address in an option of a neighbour advertisement (RFC 4861, 4.6.1). */
static const uint8_t *target_mac(const struct sonde_packet *p, int layer)
{
	const uint32_t fixed = 24, unit = 8, target_option = 2;
	const uint8_t *header = sonde_layer_header(p, layer);
	uint32_t len = p->layers[layer].header_len, option_len;
	for (uint32_t at = fixed; at + unit <= len; at += option_len) {
		option_len = header[at + 1] * unit;
		if (header[at] == target_option && option_len == unit)
			return header + at + 2;
		if (!option_len)
			break;
	}
	return NULL;
}

/* Whose link address a frame tells, and which. Returns NULL when it tells none. */
static const uint8_t *read_answer(struct sonde_addr *hop, const struct sonde_packet *p)
{
	const int outer = 0, network = 1, icmp6 = 2;
	if (p->n_layers <= network || p->layers[outer].cut || p->layers[network].cut)
		return NULL;
	const uint8_t *header = sonde_layer_header(p, network);
	if (p->layers[network].proto == &sonde_arp) {
		*hop = sonde_row_addr(p, network, SONDE_ARP_SPA);
		bool is_reply = sonde_get(header, SONDE_ARP_OP) == SONDE_ARP_REPLY &&
				sonde_get(header, SONDE_ARP_HLEN) == SONDE_MAC_LEN;
		return is_reply && hop->family ? header + SONDE_FIRST(SONDE_ARP_SHA) / 8 : NULL;
	}
	if (p->n_layers <= icmp6 || p->layers[icmp6].proto != &sonde_icmp6 || p->layers[icmp6].cut ||
	    sonde_get(header, SONDE_IP6_HLIM) != UINT8_MAX ||
	    sonde_layer_header(p, icmp6)[0] != SONDE_ICMP6_NEIGHBOUR_ADVERT)
		return NULL;
	*hop = sonde_row_addr(p, icmp6, SONDE_ICMP6_TARGET);
	return hop->family ? target_mac(p, icmp6) : NULL;
}

void sonde_session_learn(struct sonde_session *s, const struct sonde_packet *p, uint32_t ifindex)
{
	struct sonde_addr addr;
	const uint8_t *mac = read_answer(&addr, p);
	if (mac)
		sonde_session_hop_answered(s, &addr, ifindex, mac, sonde_clock_monotonic());
}

#include "packet/path.h"

#include <errno.h>

#include "base/checksum.h"
#include "base/text.h"
#include "proto/ip.h"
#include "proto/ip6.h"

static bool starts_with(const struct sonde_packet *p, const struct sonde_proto *proto)
{
	return p->n_layers && p->layers[0].proto == proto;
}

static bool starts_with_ip(const struct sonde_packet *p)
{
	return starts_with(p, &sonde_ip) || starts_with(p, &sonde_ip6);
}

static int refuse(struct sonde_error *e, const char *field, const char *why)
{
	sonde_fail(e, SONDE_E_PATH, "%s: %s", field, why);
	return SONDE_E_PATH;
}

/* What net/ipv4/raw.c does with a header that is given: it writes length and checksum, and source and id where they
 * are 0 (an id of 0 stays with DF). */
static int check_raw4(const struct sonde_packet *p, struct sonde_error *e)
{
	const uint8_t *ip = p->data;
	if (!starts_with(p, &sonde_ip) || p->len < SONDE_IP_MIN_LEN)
		return refuse(e, "ip", "a raw IPv4 socket takes whole IPv4 headers only");
	uint32_t header_len = (uint32_t)sonde_get(ip, SONDE_IP_IHL) * 4;
	if (header_len < SONDE_IP_MIN_LEN || header_len > p->len)
		return refuse(e, "ip ihl", "a raw IPv4 socket takes 5 or more, as far as there are bytes");
	if (sonde_get(ip, SONDE_IP_VERSION) != 4)
		return refuse(e, "ip version", "the kernel takes 4 only");
	if (sonde_get(ip, SONDE_IP_LENGTH) != p->len)
		return refuse(e, "ip length", "the kernel would write the right one");
	if (sonde_checksum(sonde_view(ip, header_len)) != 0)
		return refuse(e, "ip checksum", "the kernel would write the right one");
	if (sonde_get_be32(ip + SONDE_FIRST(SONDE_IP_SRC) / 8) == 0)
		return refuse(e, "ip src", "the kernel would fill in an address for 0.0.0.0");
	if (sonde_get(ip, SONDE_IP_ID) == 0 && !(sonde_get(ip, SONDE_IP_FLAGS) & SONDE_IP_DF))
		return refuse(e, "ip id", "the kernel would fill in another for 0 without DF");
	return 0;
}

/* net/ipv6/raw.c writes nothing, but the output path looks at the version, and the destination :: means ::1. */
static int check_raw6(const struct sonde_packet *p, struct sonde_error *e)
{
	static const uint8_t unspecified[SONDE_IP6_LEN];
	if (!starts_with(p, &sonde_ip6) || p->len < SONDE_IP6_HEADER)
		return refuse(e, "ip6", "a raw IPv6 socket takes whole IPv6 headers only");
	if (sonde_get(p->data, SONDE_IP6_VERSION) != 6)
		return refuse(e, "ip6 version", "the kernel takes 6 only");
	if (memcmp(p->data + SONDE_FIRST(SONDE_IP6_DST) / 8, unspecified, sizeof unspecified) == 0)
		return refuse(e, "ip6 dst", "the kernel takes :: for ::1");
	return 0;
}

/* The MTU bounds what follows the link header. */
static int check_mtu(const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e)
{
	uint32_t link_len = 0;
	for (unsigned i = 0; i < p->n_layers && !p->layers[i].proto->network; i++)
		link_len = p->layers[i].offset + p->layers[i].header_len;
	if (!mtu || p->len - link_len <= mtu)
		return 0;
	sonde_fail(e, -EMSGSIZE, "%u bytes: the interface's MTU is %u", p->len - link_len, mtu);
	sonde_hint(e, "send --fragment %u splits it", mtu);
	return -EMSGSIZE;
}

int sonde_path_check(enum sonde_way way, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e)
{
	int err = 0;
	if (way == SONDE_WAY_RAW4)
		err = check_raw4(p, e);
	else if (way == SONDE_WAY_RAW6)
		err = check_raw6(p, e);
	return err ? err : check_mtu(p, mtu, e);
}

int sonde_path_choose(struct sonde_path *out, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e)
{
	struct sonde_error why = { 0 };
	struct sonde_text t = sonde_text(out->why, sizeof out->why);
	int err = sonde_check_fit(p, e);
	if (!err)
		err = check_mtu(p, mtu, e);
	if (err)
		return err;
	if (!starts_with_ip(p)) {
		out->way = SONDE_WAY_LINK;
		out->needs_link_header = false;
		if (p->len == 0 || p->n_layers == 0)
			return refuse(e, "packet",
				      "it starts with no header that says where it goes: begin with ip, ip6 or ether");
		if (sonde_number_in(p->layers[0].proto, SONDE_SPACE_LINK, UINT32_MAX) == UINT32_MAX)
			return refuse(e, p->layers[0].proto->name, "it needs a link layer in front: ether / ...");
		sonde_text_fmt(&t, "packet socket: it starts with %s", p->layers[0].proto->name);
		return 0;
	}
	out->way = starts_with(p, &sonde_ip) ? SONDE_WAY_RAW4 : SONDE_WAY_RAW6;
	out->needs_link_header = sonde_path_check(out->way, p, 0, &why) != 0;
	if (out->needs_link_header) {
		out->way = SONDE_WAY_LINK;
		sonde_text_fmt(&t, "packet socket: %s", why.what);
	} else {
		sonde_text_fmt(&t, "raw IPv%d socket: it changes nothing of this packet",
			       out->way == SONDE_WAY_RAW4 ? 4 : 6);
	}
	return 0;
}

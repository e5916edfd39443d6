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

/* What a socket would change in a packet, and how; field NULL: nothing. */
struct change {
	const char *field, *cause;
};

/* What the kernel (net/ipv4/raw.c) changes in the header of a raw IPv4 packet: it writes length and checksum, and
 * source and id where they are 0 (an id of 0 stays with DF). */
static struct change raw4_change(struct sonde_view packet)
{
	const uint8_t *ip = packet.data;
	if (packet.len < SONDE_IP_MIN_LEN)
		return (struct change){ "ip", "a raw IPv4 socket takes whole IPv4 headers only" };
	uint32_t header_len = (uint32_t)sonde_get(ip, SONDE_IP_IHL) * 4;
	if (header_len < SONDE_IP_MIN_LEN || header_len > packet.len)
		return (struct change){ "ip ihl", "a raw IPv4 socket takes 5 or more, as far as there are bytes" };
	if (sonde_get(ip, SONDE_IP_VERSION) != 4)
		return (struct change){ "ip version", "the kernel takes 4 only" };
	if (sonde_get(ip, SONDE_IP_LENGTH) != packet.len)
		return (struct change){ "ip length", "the kernel would write the right one" };
	if (sonde_checksum(sonde_view(ip, header_len)) != 0)
		return (struct change){ "ip checksum", "the kernel would write the right one" };
	if (sonde_get_be32(ip + SONDE_FIRST(SONDE_IP_SRC) / 8) == 0)
		return (struct change){ "ip src", "the kernel would fill in an address for 0.0.0.0" };
	if (sonde_get(ip, SONDE_IP_ID) == 0 && !(sonde_get(ip, SONDE_IP_FLAGS) & SONDE_IP_DF))
		return (struct change){ "ip id", "the kernel would fill in another for 0 without DF" };
	return (struct change){ NULL, NULL };
}

/* The kernel (net/ipv6/raw.c) changes no IPv6 header, but its output path checks the version, and takes destination ::
 * for ::1. */
static struct change raw6_change(struct sonde_view packet)
{
	static const uint8_t unspecified[SONDE_IP6_LEN];
	if (packet.len < SONDE_IP6_HEADER)
		return (struct change){ "ip6", "a raw IPv6 socket takes whole IPv6 headers only" };
	if (sonde_get(packet.data, SONDE_IP6_VERSION) != 6)
		return (struct change){ "ip6 version", "the kernel takes 6 only" };
	if (memcmp(packet.data + SONDE_FIRST(SONDE_IP6_DST) / 8, unspecified, sizeof unspecified) == 0)
		return (struct change){ "ip6 dst", "the kernel takes :: for ::1" };
	return (struct change){ NULL, NULL };
}

static struct change change_by(enum sonde_socket_type socket, const struct sonde_packet *p)
{
	struct sonde_view bytes = sonde_view(p->data, p->len);
	if (socket == SONDE_SOCKET_RAW4 && !starts_with(p, &sonde_ip))
		return (struct change){ "ip", "a raw IPv4 socket takes whole IPv4 headers only" };
	if (socket == SONDE_SOCKET_RAW6 && !starts_with(p, &sonde_ip6))
		return (struct change){ "ip6", "a raw IPv6 socket takes whole IPv6 headers only" };
	return socket == SONDE_SOCKET_RAW4   ? raw4_change(bytes)
	       : socket == SONDE_SOCKET_RAW6 ? raw6_change(bytes)
					     : (struct change){ NULL, NULL };
}

/* The MTU limits what follows the link header. */
static int check_mtu(const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e)
{
	uint32_t link_len = 0;
	for (unsigned i = 0; i < p->n_layers && !p->layers[i].proto->network; i++)
		link_len = p->layers[i].offset + p->layers[i].header_len;
	if (!mtu || p->len - link_len <= mtu)
		return 0;
	sonde_fail(e, -EMSGSIZE, "%u bytes: the interface's MTU is %u", p->len - link_len, mtu);
	sonde_hint(e, "fragment it, or send less");
	return -EMSGSIZE;
}

int sonde_path_check(enum sonde_socket_type socket, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e)
{
	struct change change = change_by(socket, p);
	return change.field ? sonde_fail(e, SONDE_E_PATH, "%s: %s", change.field, change.cause) : check_mtu(p, mtu, e);
}

struct sonde_path sonde_path_of_ip(struct sonde_view packet, bool v4)
{
	struct change change = v4 ? raw4_change(packet) : raw6_change(packet);
	if (change.field)
		return (struct sonde_path){ SONDE_SOCKET_PACKET, true, change.field, change.cause };
	return (struct sonde_path){ v4 ? SONDE_SOCKET_RAW4 : SONDE_SOCKET_RAW6, false, NULL,
				    "it changes nothing of this packet" };
}

int sonde_path_choose(struct sonde_path *out, const struct sonde_packet *p, uint32_t mtu, struct sonde_error *e)
{
	*out = (struct sonde_path){ .socket = SONDE_SOCKET_PACKET };
	int err = sonde_check_fit(p, e);
	if (!err)
		err = check_mtu(p, mtu, e);
	if (err)
		return err;
	if (starts_with(p, &sonde_ip) || starts_with(p, &sonde_ip6)) {
		*out = sonde_path_of_ip(sonde_view(p->data, p->len), starts_with(p, &sonde_ip));
		return 0;
	}
	if (p->len == 0 || p->n_layers == 0)
		return sonde_fail(e, SONDE_E_PATH, "packet: it starts with no header that says where it goes: "
						   "begin with ip, ip6 or ether");
	const struct sonde_proto *first = p->layers[0].proto;
	if (sonde_number_in(first, SONDE_SPACE_LINK, UINT32_MAX) == UINT32_MAX)
		return sonde_fail(e, SONDE_E_PATH, "%s: it needs a link layer in front: ether / ...", first->name);
	out->field = first->name;
	out->cause = "it starts with a link layer";
	return 0;
}

void sonde_path_print(struct sonde_text *t, const struct sonde_path *path)
{
	static const char *const sockets[] = {
		[SONDE_SOCKET_RAW4] = "raw IPv4 socket",
		[SONDE_SOCKET_RAW6] = "raw IPv6 socket",
		[SONDE_SOCKET_PACKET] = "packet socket",
	};
	sonde_text_str(t, sockets[path->socket]);
	if (path->field)
		sonde_text_fmt(t, ": %s", path->field);
	if (path->cause)
		sonde_text_fmt(t, ": %s", path->cause);
}

#include "tools/berkeley/common.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "io/link.h"
#include "io/socket.h"
#include "tools/berkeley/calls.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

/* getaddrinfo takes 70000 for 4464, and an empty port for 0. */
static bool is_no_port(const char *port)
{
	uint64_t v;
	int err = sonde_uint_parse(&v, port, strlen(port));
	return *port == 0 || err == SONDE_E_RANGE || (err == 0 && v > UINT16_MAX);
}

static int refuse_name(int err, const char *host, const char *port, enum sonde_family family)
{
	switch (err) {
	case EAI_SERVICE: message("'%s': neither a port nor the name of a service", port); break;
	case EAI_NONAME: message("'%s': no such host", host ? host : port); break;
	case EAI_AGAIN:
		message("'%s': no such host, as far as this machine knows: no name server answers", host);
		break;
	case EAI_ADDRFAMILY:
	case EAI_NODATA: message("'%s' has no IPv%d address", host, (int)family); break;
	default: message("%s port %s: %s", host ? host : "any address,", port, gai_strerror(err));
	}
	return STATUS_USAGE;
}

/* getaddrinfo takes any number for a zone. */
static int check_zone(const char *host)
{
	struct sonde_view zone = { 0 };
	struct sonde_addr a;
	if (!host || sonde_addr_parse(&a, &zone, host, strlen(host)) || zone.len == 0 ||
	    sonde_link_of_zone(&a.scope, zone) != -ENODEV)
		return 0;
	message("'%s': no interface '%.*s' here", host, (int)zone.len, (const char *)zone.data);
	return STATUS_USAGE;
}

int read_endpoints(struct sonde_endpoint *out, unsigned *n, const char *host, const char *port,
		   enum sonde_family family, uint32_t scope)
{
	struct addrinfo hints = {
		.ai_family = family == SONDE_IP4   ? AF_INET
			     : family == SONDE_IP6 ? AF_INET6
						   : AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = host ? 0 : AI_PASSIVE,
	};
	struct addrinfo *found;
	int status = check_zone(host);
	if (status)
		return status;
	int err = is_no_port(port) ? EAI_SERVICE : getaddrinfo(host, port, &hints, &found);
	if (err)
		return refuse_name(err, host, port, family);
	*n = 0;
	for (const struct addrinfo *a = found; a && *n < ENDPOINTS; a = a->ai_next) {
		struct sonde_sockaddr s = { .len = a->ai_addrlen };
		memcpy(&s.any, a->ai_addr, a->ai_addrlen);
		out[*n] = sonde_sockaddr_endpoint(&s);
		if (sonde_addr_is_link_local(&out[*n].addr) && out[*n].addr.family == SONDE_IP6 && !out[*n].addr.scope)
			out[*n].addr.scope = scope;
		++*n;
	}
	freeaddrinfo(found);
	if (*n == 1 && out->addr.family == SONDE_IP6 && !out->addr.scope && sonde_addr_is_link_local(&out->addr)) {
		message("'%s': every link has such addresses: name the interface (%s%%eth0)", host, host);
		return STATUS_USAGE;
	}
	return 0;
}

static bool is_broadcast(const struct sonde_addr *a)
{
	static const struct sonde_addr everybody = { .family = SONDE_IP4, .bytes = { 255, 255, 255, 255 } };
	struct sonde_sockaddr s = sonde_sockaddr(a, 7);
	int on = 1, fd = a->family == SONDE_IP4 ? socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
	/* Only broadcast addresses need the option. */
	bool is = connect(fd, &s.any, s.len) && errno == EACCES &&
		  setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on) == 0 && connect(fd, &s.any, s.len) == 0;
	if (fd >= 0)
		close(fd);
	return is || sonde_addr_equal(a, &everybody);
}

int connect_begin(int *fd, const struct sonde_endpoint *to, const struct sonde_addr *source, bool datagram)
{
	char text[SONDE_ENDPOINT_STRLEN];
	struct sonde_endpoint own = { *source, 0 };
	*fd = call_socket((enum sonde_family)to->addr.family, datagram);
	if (*fd < 0)
		return *fd;
	if (sonde_addr_is_link_local(source) && !own.addr.scope)
		own.addr.scope = to->addr.scope;
	int err = source->family ? call_bind(*fd, &own, datagram) : 0;
	if (err) {
		message("--source %s: %s", sonde_addr_format(text, source), failure_text(err));
		return STATUS_SYSTEM;
	}
	err = call_connect(*fd, to);
	bool refused = err == -EACCES || err == -ENETUNREACH, group = sonde_addr_is_multicast(&to->addr);
	if (!refused || !(group || is_broadcast(&to->addr)))
		return err;
	message("%s: a %s address, which has no other end (sonde send --broadcast)", sonde_endpoint_format(text, to),
		group ? "multicast" : "broadcast");
	return STATUS_USAGE;
}

int send_outgoing(int fd, struct outgoing *o)
{
	while (o->at < o->len) {
		ssize_t n = call_send(fd, o->data + o->at, o->len - o->at);
		if (n < 0)
			return (int)n;
		o->at += (size_t)n;
	}
	o->at = o->len = 0;
	return 0;
}

void input_want(struct input *in, struct loop *l, bool wanted)
{
	wanted = wanted && !in->ended;
	if (wanted && !in->watched)
		loop_add(l, &in->watch);
	else if (!wanted && in->watched)
		loop_remove(l, &in->watch);
	in->watched = wanted;
}

void input_end(struct input *in, struct loop *l)
{
	input_want(in, l, false);
	in->ended = true;
}

const char *failure_text(int err)
{
	switch (-err) {
	case ECONNREFUSED: return "connection refused: nobody listens there (RST, or port unreachable)";
	case ECONNRESET: return "reset by the other side (RST)";
	case EPIPE: return "the other side has closed the connection";
	case ETIMEDOUT: return "no answer: timed out";
	case EHOSTUNREACH: return "host unreachable: it does not answer on its link, or a router says so";
	case ENETUNREACH: return "no route";
	case EADDRINUSE: return "address in use: another socket has this port";
	case EADDRNOTAVAIL: return "this machine does not have that address";
	case EACCES: return "forbidden: a router or a firewall says so";
	case EPERM: return "a firewall rule of this machine drops it";
	case EMSGSIZE: return "the datagram is too long";
	default: return sonde_strerror(err);
	}
}

#include "tools/common/resolver.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "io/link.h"
#include "io/privilege.h"
#include "io/socket.h"
#include "tools/common/channel.h"

enum kind { ADDRESS = 1, NAME, ZONE };

struct request {
	uint32_t kind; /* enum kind */
	enum sonde_family family;
	struct sonde_addr addr;
	char name[RESOLVER_NAME];
};

struct answer {
	int code;
	uint32_t index;
	unsigned n;
	struct sonde_addr addrs[RESOLVER_ADDRESSES];
	char name[RESOLVER_NAME];
};

static struct channel channel;
static enum sandbox_mode sandbox;

/* --- The resolver ------------------------------------------------------------------------------------------------- */

static int find_address(struct answer *a, const struct request *r)
{
	struct addrinfo hints = {
		.ai_family = r->family == SONDE_IP4   ? AF_INET
			     : r->family == SONDE_IP6 ? AF_INET6
						      : AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
	};
	struct addrinfo *found;
	int err = getaddrinfo(r->name, NULL, &hints, &found);
	if (err)
		return err;
	const struct addrinfo *f = found;
	for (; f && a->n < RESOLVER_ADDRESSES; f = f->ai_next) {
		struct sonde_sockaddr s = { .len = f->ai_addrlen };
		memcpy(&s.any, f->ai_addr, f->ai_addrlen);
		a->addrs[a->n++] = sonde_sockaddr_endpoint(&s).addr;
	}
	err = f ? EAI_OVERFLOW : 0;
	freeaddrinfo(found);
	return err;
}

static int find_name(struct answer *a, const struct request *r)
{
	struct sonde_sockaddr s = sonde_sockaddr(&r->addr, 0);
	return s.len ? getnameinfo(&s.any, s.len, a->name, sizeof a->name, NULL, 0, NI_NAMEREQD) : EAI_FAMILY;
}

static void serve(int fd, void *arg)
{
	struct request r;
	size_t len;
	(void)arg;
	const struct sandbox confined = { .name = "resolver" };
	bool is_confined = sandbox != SANDBOX_OFF && !sandbox_obstacle();
	if (is_confined ? sandbox_apply(NULL, &confined, NULL) : sonde_privilege_drop(0, NULL))
		return;
	while ((len = channel_next(fd, &r, sizeof r)) > 0) {
		struct answer a = { .code = EAI_FAIL };
		r.name[sizeof r.name - 1] = 0;
		if (len == sizeof r && r.kind == ADDRESS)
			a.code = find_address(&a, &r);
		else if (len == sizeof r && r.kind == NAME)
			a.code = find_name(&a, &r);
		else if (len == sizeof r && r.kind == ZONE)
			a.code = sonde_link_of_zone(&a.index, sonde_view(r.name, strlen(r.name)));
		channel_answer(fd, &a, sizeof a, -1);
	}
}

/* --- Its users ---------------------------------------------------------------------------------------------------- */

void resolver_sandbox(enum sandbox_mode mode)
{
	sandbox = mode;
}

int resolver_start(void)
{
	return channel.fd ? 0 : channel_start(&channel, "sonde-resolver", serve, NULL);
}

void resolver_stop(void)
{
	channel_stop(&channel);
}

static bool ask(struct answer *a, const struct request *r)
{
	return resolver_start() == 0 && channel_ask(&channel, r, sizeof *r, a, sizeof *a, NULL) == 0;
}

int resolver_addresses(struct sonde_addr *out, unsigned *n, enum sonde_family family, const char *host)
{
	struct request r = { .kind = ADDRESS, .family = family };
	struct answer a;
	if (strlen(host) >= sizeof r.name)
		return EAI_NONAME;
	strcpy(r.name, host);
	if (!ask(&a, &r) || a.n > RESOLVER_ADDRESSES)
		return EAI_SYSTEM;
	if (!a.code && a.n > *n)
		a.code = EAI_OVERFLOW;
	*n = a.n < *n ? a.n : *n;
	memcpy(out, a.addrs, *n * sizeof *out);
	return a.code;
}

int resolver_address(struct sonde_addr *out, enum sonde_family family, const char *host)
{
	unsigned n = 1;
	int code = resolver_addresses(out, &n, family, host);
	return code == EAI_OVERFLOW ? 0 : code;
}

bool resolver_name(char out[static RESOLVER_NAME], const struct sonde_addr *addr)
{
	struct request r = { .kind = NAME, .addr = *addr };
	struct answer a;
	if (!ask(&a, &r) || a.code)
		return false;
	a.name[sizeof a.name - 1] = 0;
	strcpy(out, a.name);
	return true;
}

int resolver_zone(uint32_t *index, struct sonde_view zone)
{
	struct request r = { .kind = ZONE };
	struct answer a;
	if (zone.len >= sizeof r.name)
		return -ENODEV;
	memcpy(r.name, zone.data, zone.len);
	if (!ask(&a, &r))
		return -EPIPE;
	*index = a.index;
	return a.code;
}

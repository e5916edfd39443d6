#include "tools/common/asked.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "io/link.h"
#include "io/socket.h"
#include "packet/packet.h"
#include "tools/common/files.h"

int asked_name(struct sonde_addr *out, enum sonde_family family, const char *name)
{
	struct addrinfo hints = {
		.ai_family = family == SONDE_IP4   ? AF_INET
			     : family == SONDE_IP6 ? AF_INET6
						   : AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
	};
	struct addrinfo *found;
	int err = getaddrinfo(name, NULL, &hints, &found);
	if (err)
		return err;
	struct sonde_sockaddr s = { .len = found->ai_addrlen };
	memcpy(&s.any, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	*out = sonde_sockaddr_endpoint(&s).addr;
	return 0;
}

static int resolve(void *arg, struct sonde_addr *out, enum sonde_family family, const char *name, size_t len)
{
	char host[256];
	(void)arg;
	if (len >= sizeof host)
		return SONDE_E_UNKNOWN;
	memcpy(host, name, len);
	host[len] = 0;
	return asked_name(out, family, host) ? SONDE_E_UNKNOWN : 0;
}

static int zone(void *arg, uint32_t *out, const char *name, size_t len)
{
	(void)arg;
	int err = sonde_link_of_zone(out, sonde_view(name, len));
	return err == -ENODEV ? SONDE_E_UNKNOWN : err;
}

struct asked_file {
	struct asked_file *next;
	char *bytes;
};

static int read_file(void *arg, struct sonde_view *out, const char *path)
{
	struct asked *a = arg;
	FILE *in = fopen(path, "rb");
	if (!in)
		return -errno;
	struct asked_file *kept = malloc(sizeof *kept);
	size_t len = 0;
	char *bytes = kept ? files_read(in, &len, SONDE_MAX_FRAME) : NULL;
	int err = errno;
	fclose(in);
	if (!bytes) {
		free(kept);
		return err == EFBIG ? SONDE_E_SPACE : err ? -err : -ENOMEM;
	}
	*kept = (struct asked_file){ a->files, bytes };
	a->files = kept;
	*out = sonde_view(bytes, len);
	return 0;
}

struct sonde_notation_env asked_env(struct asked *a, bool files)
{
	return (struct sonde_notation_env){
		.arg = a, .resolve = resolve, .zone = zone, .file = files ? read_file : NULL
	};
}

void asked_free(struct asked *a)
{
	for (struct asked_file *f = a->files, *next; f; f = next) {
		next = f->next;
		free(f->bytes);
		free(f);
	}
	a->files = NULL;
}

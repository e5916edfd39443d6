#include "tools/common/lookup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "packet/packet.h"
#include "tools/common/files.h"
#include "tools/common/resolver.h"

static int resolve(void *arg, struct sonde_addr *out, enum sonde_family family, const char *name, size_t len)
{
	char host[256];
	(void)arg;
	if (len >= sizeof host)
		return SONDE_E_UNKNOWN;
	memcpy(host, name, len);
	host[len] = 0;
	return resolver_address(out, family, host) ? SONDE_E_UNKNOWN : 0;
}

static int zone(void *arg, uint32_t *out, const char *name, size_t len)
{
	(void)arg;
	int err = resolver_zone(out, sonde_view(name, len));
	return err == -ENODEV ? SONDE_E_UNKNOWN : err;
}

struct lookup_file {
	struct lookup_file *next;
	char *bytes;
};

static int read_file(void *arg, struct sonde_view *out, const char *path)
{
	struct lookup *l = arg;
	FILE *in = fopen(path, "rb");
	if (!in)
		return -errno;
	struct lookup_file *kept = malloc(sizeof *kept);
	size_t len = 0;
	char *bytes = kept ? files_read(in, &len, SONDE_MAX_FRAME) : NULL;
	int err = errno;
	fclose(in);
	if (!bytes) {
		free(kept);
		return err == EFBIG ? SONDE_E_SPACE : err ? -err : -ENOMEM;
	}
	*kept = (struct lookup_file){ l->files, bytes };
	l->files = kept;
	*out = sonde_view(bytes, len);
	return 0;
}

struct sonde_notation_env lookup_env(struct lookup *l, bool files)
{
	return (struct sonde_notation_env){
		.arg = l, .resolve = resolve, .zone = zone, .file = files ? read_file : NULL
	};
}

void lookup_free(struct lookup *l)
{
	for (struct lookup_file *f = l->files, *next; f; f = next) {
		next = f->next;
		free(f->bytes);
		free(f);
	}
	l->files = NULL;
}

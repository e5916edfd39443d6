#include "tools/common/filter_names.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "io/file_filter.h"
#include "tools/common/resolver.h"

/* A name that was looked up. */
struct name {
	struct name *next;
	int code; /* 0, or an EAI_* */
	unsigned n;
	struct sonde_addr addrs[RESOLVER_ADDRESSES];
	char text[];
};

static struct name *names;
static bool compiles; /* who calls is libpcap */

typedef int lookup_function(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static lookup_function *c_library(void)
{
	lookup_function *f;
	void *next = dlsym(RTLD_NEXT, "getaddrinfo");
	memcpy(&f, &next, sizeof f);
	return f;
}

/* NULL without memory. */
static struct name *look_up(const char *host)
{
	for (struct name *n = names; n; n = n->next)
		if (strcmp(n->text, host) == 0)
			return n;
	struct name *n = calloc(1, sizeof *n + strlen(host) + 1);
	if (!n)
		return NULL;
	strcpy(n->text, host);
	n->n = RESOLVER_ADDRESSES;
	/* The resolver, which may start now, asks the C library. */
	compiles = false;
	n->code = resolver_addresses(n->addrs, &n->n, 0, host);
	compiles = true;
	n->next = names;
	return names = n;
}

/* Its addresses as the C library lists them: it is asked for each as a number, which it does not look up. */
static int list(struct addrinfo **out, const struct name *n, const char *service, const struct addrinfo *hints)
{
	struct addrinfo numeric = hints ? *hints : (struct addrinfo){ 0 };
	struct addrinfo **end = out;
	int code = EAI_NONAME;
	numeric.ai_flags |= AI_NUMERICHOST;
	*out = NULL;
	for (unsigned i = 0; i < n->n; i++) {
		char text[SONDE_ADDR_STRLEN];
		sonde_addr_format(text, &n->addrs[i]);
		code = c_library()(text, service, &numeric, end);
		while (!code && *end)
			end = &(*end)->ai_next;
	}
	return *out ? 0 : code;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	struct addrinfo numeric = { .ai_flags = AI_NUMERICHOST };
	if (!compiles || !host)
		return c_library()(host, service, hints, out);
	if (c_library()(host, NULL, &numeric, out) == 0) {
		freeaddrinfo(*out);
		return c_library()(host, service, hints, out);
	}
	const struct name *n = look_up(host);
	return !n ? EAI_MEMORY : n->code ? n->code : list(out, n, service, hints);
}

int filter_names_prepare_all(struct sonde_filter *f, struct sonde_error *e)
{
	compiles = true;
	int rc = sonde_filter_prepare_all(f, e);
	compiles = false;
	/* In the sandbox, nobody needs to be asked for names any more. */
	if (names)
		resolver_stop();
	while (names) {
		struct name *next = names->next;
		free(names);
		names = next;
	}
	return rc;
}

#include "tools/lab/topology.h"

#include <string.h>

#include "base/text.h"

int topology_host(const struct topology *t, struct sonde_error *e, const char *name)
{
	struct sonde_nearest nearest = { .name = name, .len = strlen(name) };

	for (unsigned i = 0; i < t->n_hosts; i++) {
		if (strcmp(t->hosts[i].name, name) == 0)
			return (int)i;
		sonde_nearest_offer(&nearest, t->hosts[i].name);
	}
	sonde_fail(e, SONDE_E_UNKNOWN, "no host '%s' in topology '%s'", name, t->name);
	if (nearest.best)
		sonde_hint(e, "did you mean %s?", nearest.best);
	return SONDE_E_UNKNOWN;
}

const struct sonde_addr *topology_address(const struct topology *t, unsigned host, unsigned family)
{
	for (unsigned i = 0; i < t->n_addresses; i++)
		if (t->addresses[i].host == host && t->addresses[i].prefix.addr.family == family)
			return &t->addresses[i].prefix.addr;
	return NULL;
}

const struct sonde_prefix *topology_end_address(const struct topology *t, const struct lab_end *end, unsigned family)
{
	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_address *a = &t->addresses[i];
		if (a->host == end->host && a->eth == end->eth && a->prefix.addr.family == family)
			return &a->prefix;
	}
	return NULL;
}

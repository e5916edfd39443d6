#include "packet/ends.h"

void sonde_ends_swap(struct sonde_ends *e)
{
	uint8_t addr[sizeof e->src];
	uint16_t port = e->sport;
	memcpy(addr, e->src, sizeof addr);
	memcpy(e->src, e->dst, sizeof addr);
	memcpy(e->dst, addr, sizeof addr);
	e->sport = e->dport;
	e->dport = port;
}

bool sonde_ends_sort(struct sonde_ends *e)
{
	int order = memcmp(e->src, e->dst, sizeof e->src);
	if (order < 0 || (order == 0 && e->sport <= e->dport))
		return false;
	sonde_ends_swap(e);
	return true;
}

static struct sonde_endpoint endpoint(const struct sonde_ends *e, const uint8_t *addr, uint16_t port)
{
	return (struct sonde_endpoint){ e->family == SONDE_IP4 ? sonde_addr4(addr) : sonde_addr6(addr), port };
}

struct sonde_pair sonde_ends_pair(const struct sonde_ends *e)
{
	return (struct sonde_pair){ endpoint(e, e->src, e->sport), endpoint(e, e->dst, e->dport), e->proto };
}

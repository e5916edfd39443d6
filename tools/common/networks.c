#include "tools/common/networks.h"

#include "io/link.h"
#include "io/netlink.h"

static struct sonde_links links;

static void read_once(void)
{
	static bool done;
	struct sonde_netlink *netlink;
	if (done)
		return;
	done = true;
	if (sonde_netlink_open(&netlink, 0, NULL) == 0)
		sonde_links_read(&links, netlink, NULL);
	sonde_netlink_close(netlink);
}

bool networks_broadcast(const struct sonde_addr *a)
{
	read_once();
	for (size_t i = 0; i < links.n; i++)
		for (size_t k = 0; k < links.list[i].n_addrs; k++)
			if (sonde_prefix_broadcasts(&links.list[i].addrs[k].prefix, a))
				return true;
	return false;
}

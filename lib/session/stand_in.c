/* Speaking from an address that this machine does not have. */
#include <errno.h>

#include "session/state.h"

int sonde_session_stand_in(uint8_t mac[static SONDE_MAC_LEN], struct sonde_session *s, const struct sonde_addr *addr,
			   struct sonde_error *e)
{
	const struct sonde_link *own = sonde_link_by_addr(&s->links, addr);
	char text[SONDE_ADDR_STRLEN];
	struct sonde_plan plan = { 0 };
	struct sonde_addr src;
	sonde_addr_format(text, addr);
	if (own)
		return sonde_fail(e, -EADDRINUSE, "%s: this machine has it (%s), and its kernel answers for it", text,
				  own->name);
	int err = sonde_session_route_to(&plan, &src, s, addr, 0, e);
	if (err)
		return err;
	const struct sonde_link *link = sonde_link_by_index(&s->links, s->ifindex ? s->ifindex : plan.ifindex);
	if (!link)
		return sonde_fail(e, -ENODEV, "%s: the interface is gone", text);
	if (link->loopback)
		return sonde_fail(e, SONDE_E_PATH, "%s: on loopback all addresses are this machine's", text);
	if (link->mac_len != SONDE_MAC_LEN || link->no_arp)
		return sonde_fail(e, SONDE_E_PATH, "%s: nobody asks who has an address on %s, which has no link layer",
				  text, link->name);
	memcpy(mac, link->mac, SONDE_MAC_LEN);
	s->ifindex = link->index;
	return 0;
}

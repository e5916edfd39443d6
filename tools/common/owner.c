#include "tools/common/owner.h"

#include <errno.h>
#include <string.h>

#include "io/clock.h"
#include "io/sockdiag.h"

enum { TCP = 6, UDP = 17 };

#define LINKS_NS SONDE_S /* addresses come and go seldom */
#define SHARE    4       /* reading all descriptors takes one part of so many of the time, and one more */

int owner_finder_open(struct owner_finder *f)
{
	*f = (struct owner_finder){ 0 };
	return sonde_netlink_open(&f->netlink, NULL);
}

void owner_finder_close(struct owner_finder *f)
{
	sonde_links_free(&f->links);
	sonde_owners_free(&f->owners);
	sonde_netlink_close(f->netlink);
}

static bool is_loopback(const struct sonde_addr *a)
{
	return a->family == SONDE_IP4 && a->bytes[0] == 127;
}

/* Sockets that take what comes to any address would be found for strangers, too. */
static bool is_here(struct owner_finder *f, const struct sonde_addr *a)
{
	if (is_loopback(a) || sonde_link_by_addr(&f->links, a))
		return true;
	sonde_time now = sonde_clock_monotonic();
	if (f->links_at && now - f->links_at < LINKS_NS)
		return false;
	sonde_links_free(&f->links);
	f->links_at = now;
	return sonde_links_read(&f->links, f->netlink, NULL) == 0 && sonde_link_by_addr(&f->links, a);
}

/* A new socket is in none of the lists that were read before it was made. */
static const struct sonde_owner *owner_of(struct owner_finder *f, uint32_t inode)
{
	const struct sonde_owner *owner = sonde_owners_first(&f->owners, inode);
	sonde_time now = sonde_clock_monotonic();
	if (owner || (f->owners_at && now - f->owners_at < SHARE * f->owners_took))
		return owner;
	sonde_owners_free(&f->owners);
	f->owners = (struct sonde_owners){ 0 };
	int err = sonde_owners_read(&f->owners, NULL);
	f->owners_at = sonde_clock_monotonic();
	f->owners_took = f->owners_at - now;
	return err ? NULL : sonde_owners_first(&f->owners, inode);
}

static int find_end(struct owner_answer *out, struct owner_finder *f, const struct owner_question *q, unsigned end)
{
	const enum sonde_socket_kind kind = q->ip_proto == TCP ? SONDE_SOCK_TCP : SONDE_SOCK_UDP;
	struct sonde_socket socket;
	if (!is_here(f, &q->ends[end].addr))
		return -ENOENT;
	int err = sonde_socket_find(&socket, kind, &q->ends[end], &q->ends[!end], NULL);
	const struct sonde_owner *owner = err ? NULL : owner_of(f, socket.inode);
	if (err || !owner)
		return err ? err : -ENOENT;
	out->pid = owner->pid;
	memcpy(out->process, owner->process, sizeof out->process);
	return 0;
}

int owner_find(struct owner_answer *out, struct owner_finder *f, const struct owner_question *q)
{
	*out = (struct owner_answer){ 0 };
	if ((q->ip_proto != TCP && q->ip_proto != UDP) || q->ends[0].addr.family != q->ends[1].addr.family ||
	    (q->ends[0].addr.family != SONDE_IP4 && q->ends[0].addr.family != SONDE_IP6))
		return -EINVAL;
	int err = find_end(out, f, q, 0);
	return err ? find_end(out, f, q, 1) : 0;
}

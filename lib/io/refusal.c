#include "io/refusal.h"

#include <errno.h>
#include <stddef.h>

static const struct cause {
	int code;
	enum sonde_refusal refusal;
	const char *what, *hint;
} causes[] = {
	{ -EMSGSIZE, SONDE_REFUSED_SIZE, NULL, "fragment it, or send less" },
	{ -EPERM, SONDE_REFUSED_FIREWALL, "a firewall rule of this machine dropped it on its way out",
	  "see: nft list ruleset (a full connection-tracking table does it too: dmesg)" },
	{ -ENETUNREACH, SONDE_REFUSED_ROUTE, "there is no route to its destination", "see: ip route" },
	{ -EHOSTUNREACH, SONDE_REFUSED_ROUTE, "its destination cannot be reached", "see: ip route; ip neigh" },
	{ -ENETDOWN, SONDE_REFUSED_DOWN, "the interface is down", "ip link set INTERFACE up" },
	{ -ENXIO, SONDE_REFUSED_GONE, "the interface is gone", "see: ip link" },
	{ -ENODEV, SONDE_REFUSED_GONE, "the interface is gone", "see: ip link" },
	{ -ENOBUFS, SONDE_REFUSED_QUEUE, "the queue of the interface is full, and the kernel dropped it",
	  "send slower" },
	{ -ENOMEM, SONDE_REFUSED_QUEUE, "the kernel has no memory for it", "send slower" },
	{ -EACCES, SONDE_REFUSED_BROADCAST, "its destination is a broadcast address, or its route prohibits it",
	  "allow broadcast if you mean it; see: ip route" },
	{ -EINVAL, SONDE_REFUSED_PACKET, "the kernel finds no packet in it: its first header is too short or wrong",
	  "send it as a frame, on the link, if you mean it" },
	{ -EADDRNOTAVAIL, SONDE_REFUSED_ADDRESS, "its source is not an address of this machine", "see: ip address" },
	{ -EMFILE, SONDE_REFUSED_FILES, "this process has too many open files to send it", "see: ulimit -n" },
	{ -ENFILE, SONDE_REFUSED_FILES, "this machine has too many open files to send it", "see: sysctl fs.file-max" },
	{ SONDE_E_OPEN, SONDE_REFUSED_ADDRESS, "there is no address to send it from", "see: ip address" },
	{ SONDE_E_NO_ROUTE, SONDE_REFUSED_ROUTE, "there is no route to its destination", "see: ip route" },
	{ SONDE_E_NO_NEIGHBOUR, SONDE_REFUSED_NEIGHBOUR, "the next hop does not answer", "see: ip neigh" },
	{ -EAGAIN, SONDE_REFUSED_QUEUE, "the socket's buffer stays full", "send slower" },
	{ SONDE_E_PATH, SONDE_REFUSED_PACKET,
	  "libnet sends to the destination in the header, and another one was asked for", "send it by another way" },
};

/* NULL when the code has no cause of its own. */
static const struct cause *find_cause(int code)
{
	for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
		if (causes[i].code == code)
			return &causes[i];
	return NULL;
}

enum sonde_refusal sonde_refusal(int code)
{
	const struct cause *c = find_cause(code);
	return c ? c->refusal : SONDE_REFUSED_OTHER;
}

const char *sonde_refusal_name(enum sonde_refusal r)
{
	static const char *const names[] = {
#define SONDE_REFUSAL_TEXT(name, text) [name] = text,
		SONDE_REFUSALS(SONDE_REFUSAL_TEXT)
#undef SONDE_REFUSAL_TEXT
	};
	return names[r];
}

int sonde_refusal_explain(struct sonde_error *e, int code, uint32_t mtu, size_t len)
{
	const struct cause *c = find_cause(code);
	if (!c)
		return sonde_fail(e, code, "the kernel refuses it: %s", sonde_strerror(code));
	if (c->what)
		sonde_fail(e, code, "%s", c->what);
	else if (mtu)
		sonde_fail(e, code, "its %zu bytes do not fit the MTU of %u", len, mtu);
	else
		sonde_fail(e, code, "its %zu bytes do not fit the MTU", len);
	sonde_hint(e, "%s", c->hint);
	return code;
}

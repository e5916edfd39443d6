/* Which socket sends a packet unchanged, and why not another. */
#include "packet/path.h"

#include <errno.h>

#include "tests/unit/wire.h"

/* A socket that is chosen, with the reason. */
static const struct choose_row {
	const char *name, *text;
	uint32_t mtu;
	enum sonde_socket_type socket;
	bool needs_link_header;
	const char *why;
} choices[] = {
	{ "path: ip", "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp dport=7", 1500, SONDE_SOCKET_RAW4, false,
	  "raw IPv4 socket" },
	{ "path: ip6", "ip6 src=::1 dst=::2 / udp dport=7", 1500, SONDE_SOCKET_RAW6, false, "raw IPv6 socket" },
	{ "path: ether", "ether / ip / udp dport=7", 1500, SONDE_SOCKET_PACKET, false,
	  "packet socket: ether: it starts with a link layer" },
	{ "path: arp under ether", "ether / arp tpa=10.0.0.1", 0, SONDE_SOCKET_PACKET, false,
	  "packet socket: ether: it starts with a link layer" },
	{ "path: id 0 with DF", "ip src=10.0.0.1 dst=10.0.0.2 id=0 flags=DF", 0, SONDE_SOCKET_RAW4, false,
	  "raw IPv4 socket" },
	{ "path: options", "ip src=10.0.0.1 dst=10.0.0.2 id=7 options=ra:0", 0, SONDE_SOCKET_RAW4, false,
	  "raw IPv4 socket" },
	{ "path: id 0", "ip src=10.0.0.1 dst=10.0.0.2 id=0", 0, SONDE_SOCKET_PACKET, true, "packet socket: ip id: " },
	{ "path: no source", "ip src=0.0.0.0 dst=10.0.0.2 id=7", 0, SONDE_SOCKET_PACKET, true,
	  "packet socket: ip src: " },
	{ "path: a wrong sum", "ip src=10.0.0.1 dst=10.0.0.2 id=7 checksum=1", 0, SONDE_SOCKET_PACKET, true,
	  "packet socket: ip checksum: " },
	{ "path: a wrong length", "ip src=10.0.0.1 dst=10.0.0.2 id=7 length=21", 0, SONDE_SOCKET_PACKET, true,
	  "packet socket: ip length: " },
	{ "path: a short header length", "ip src=10.0.0.1 dst=10.0.0.2 id=7 ihl=4", 0, SONDE_SOCKET_PACKET, true,
	  "packet socket: ip ihl: " },
	{ "path: a long header length", "ip src=10.0.0.1 dst=10.0.0.2 id=7 ihl=6", 0, SONDE_SOCKET_PACKET, true,
	  "packet socket: ip ihl: " },
	{ "path: a wrong version", "ip version=5 src=10.0.0.1 dst=10.0.0.2 id=7", 0, SONDE_SOCKET_PACKET, true,
	  "packet socket: ip version: " },
	{ "path: a cut header", "ip have=10", 0, SONDE_SOCKET_PACKET, true, "packet socket: ip: " },
	{ "path: a wrong version of ip6", "ip6 version=7 src=::1 dst=::2", 0, SONDE_SOCKET_PACKET, true,
	  "packet socket: ip6 version: " },
	{ "path: to nobody", "ip6 src=::1 dst=::", 0, SONDE_SOCKET_PACKET, true, "packet socket: ip6 dst: " },
	{ "path: a cut header of ip6", "ip6 have=24", 0, SONDE_SOCKET_PACKET, true, "packet socket: ip6: " },
	{ "path: a wrong length of ip6", "ip6 src=::1 dst=::2 length=77", 0, SONDE_SOCKET_RAW6, false,
	  "raw IPv6 socket" },
	{ "path: as long as the MTU", "ip src=10.0.0.1 dst=10.0.0.2 id=7 / zero:80", 100, SONDE_SOCKET_RAW4, false,
	  "raw IPv4 socket" },
	{ "path: as long as the MTU, with a link header", "ether / vlan / ip dst=10.0.0.2 / zero:80", 100,
	  SONDE_SOCKET_PACKET, false, "packet socket" },
};

static void choose(void **state)
{
	const struct choose_row *row = *state;
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_path path;
	struct sonde_error e = { 0 };
	wire_build(&p, buffer, row->text);
	assert_int_equal(sonde_path_choose(&path, &p, row->mtu, &e), 0);
	assert_int_equal(path.socket, row->socket);
	assert_int_equal(path.needs_link_header, row->needs_link_header);
	char why[200];
	struct sonde_text text = sonde_text(why, sizeof why);
	sonde_path_print(&text, &path);
	if (strncmp(why, row->why, strlen(row->why)) != 0)
		fail_msg("%s", why);
}

static const struct refuse_row {
	const char *name, *text;
	int socket; /* -1: any */
	uint32_t mtu;
	const char *what, *hint;
} refusals[] = {
	{ "no path: too long", "ip src=10.0.0.1 dst=10.0.0.2 id=7 / zero:81", -1, 100,
	  "101 bytes: the interface's MTU is 100", "fragment it, or send less" },
	{ "no path: too long behind ether", "ether / ip dst=10.0.0.2 / zero:81", -1, 100,
	  "101 bytes: the interface's MTU is 100", "fragment it, or send less" },
	{ "no path: nothing", "hex:", -1, 0, "packet: it starts with no header", "" },
	{ "no path: only data", "hex:00", -1, 0, "packet: it starts with no header", "" },
	{ "no path: a transport alone", "tcp dport=80", -1, 0, "tcp: it needs a link layer in front: ether / ...", "" },
	{ "no path: ether by a raw socket", "ether / ip", SONDE_SOCKET_RAW4, 0,
	  "ip: a raw IPv4 socket takes whole IPv4 headers only", "" },
	{ "no path: ip6 by a raw IPv4 socket", "ip6 dst=::1", SONDE_SOCKET_RAW4, 0,
	  "ip: a raw IPv4 socket takes whole IPv4 headers only", "" },
	{ "no path: ip by a raw IPv6 socket", "ip dst=10.0.0.1", SONDE_SOCKET_RAW6, 0,
	  "ip6: a raw IPv6 socket takes whole IPv6 headers only", "" },
	{ "no path: id 0 by a raw socket", "ip src=10.0.0.1 dst=10.0.0.1", SONDE_SOCKET_RAW4, 0,
	  "ip id: the kernel would fill in another for 0 without DF", "" },
	{ "no path: too long for the link", "ether / ip dst=10.0.0.2 / zero:81", SONDE_SOCKET_PACKET, 100,
	  "101 bytes: the interface's MTU is 100", "fragment it, or send less" },
};

static void refuse(void **state)
{
	const struct refuse_row *row = *state;
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_path path;
	struct sonde_error e = { 0 };
	wire_build(&p, buffer, row->text);
	int err = row->socket < 0 ? sonde_path_choose(&path, &p, row->mtu, &e)
			       : sonde_path_check((enum sonde_socket_type)row->socket, &p, row->mtu, &e);
	assert_int_equal(err, strstr(row->what, "MTU") ? -EMSGSIZE : SONDE_E_PATH);
	assert_int_equal(e.code, err);
	if (strncmp(e.what, row->what, strlen(row->what)) != 0)
		fail_msg("%s", e.what);
	assert_string_equal(e.hint, row->hint);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, choose, choices);
	UNIT_ROWS(&u, refuse, refusals);
	return unit_run(&u, "path");
}

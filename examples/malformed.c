/* Build a packet that no stack would send, and look at it: malformed [PACKET]. Nothing is sent. */
#include <sonde.h>
#include <stdio.h>

/* A DNS query over IPv6: the datagram is too short, its checksum wrong, and of three questions one is there. */
static const char query[] =
	"ip6 src=2001:db8::1 dst=2001:db8::53 / udp sport=5353 dport=53 length=9 checksum=0xdead / "
	"dns id=7 qdcount=3 qname=www.example.com qtype=AAAA";

int main(int argc, char **argv)
{
	static struct sonde_spec spec;
	static char text[SONDE_TREE_ROOM];
	struct sonde_text t = sonde_text(text, sizeof text);
	const char *notation = argc > 1 ? argv[1] : query;
	uint8_t room[2048];
	struct sonde_packet p;
	struct sonde_error e;

	sonde_packet_init(&p, room, sizeof room);
	int err = sonde_notation_parse(&spec, notation, strlen(notation), NULL, &e);
	if (!err)
		err = sonde_spec_packet(&p, &spec, 0, 0, false, &e);
	if (!err && sonde_finish(&p))
		err = sonde_check_fit(&p, &e);
	if (err)
		return fprintf(stderr, "malformed: %s\n", e.what), 2;
	sonde_print_tree(&t, &p);
	sonde_print_hex(&t, sonde_view(p.data, p.len));
	fputs(text, stdout);
	sonde_spec_free(&spec);
	return 0;
}

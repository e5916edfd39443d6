/* Inference is the same, whether checksums were judged before or not. */
#include "packet/packet.h"

#include "tests/unit/wire.h"

static void same_marks(const uint8_t *bytes, uint32_t len, uint32_t wire_len, struct sonde_id first, const char *name)
{
	struct sonde_packet p, q;
	sonde_dissect(&p, bytes, len, wire_len, first);
	sonde_dissect(&q, bytes, len, wire_len, first);
	for (int i = 0; i < q.n_layers + q.n_trailers; i++)
		sonde_verify(&q, i);
	sonde_infer(&p);
	sonde_infer(&q);
	for (int i = 0; i < p.n_layers + p.n_trailers; i++)
		if (p.layers[i].written != q.layers[i].written || p.layers[i].partial != q.layers[i].partial)
			fail_msg("%s, %u bytes of %u: %s", name, (unsigned)len, (unsigned)wire_len,
				 p.layers[i].proto->name);
}

static void marks_do_not_lean_on_judgements(void **state)
{
	static const char *const more[] = {
		"ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=partial / text:hello",
		"ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0 / text:hello",
		"ip src=10.0.0.1 dst=10.0.0.2 / gre checksum=7 / ip / tcp",
		"ip flags=MF / udp checksum=9 / zero:16",
		"ip / icmp type=unreach / ip / udp checksum=5 / zero:64",
	};
	uint8_t room[WIRE_MAX];
	uint64_t random = 1;
	struct sonde_packet p;
	unsigned n = 0;
	(void)state;
	for (const struct sonde_proto *const *proto = sonde_protos; *proto || n < sizeof more / sizeof *more;) {
		const char *text = *proto ? (*proto++)->example : more[n++];
		if (!text)
			continue;
		wire_build(&p, room, text);
		struct sonde_id first = p.layers[0].proto->ids[0];
		uint32_t len = p.len;
		for (uint32_t have = 0; have <= len; have++)
			same_marks(room, have, len, first, text);
		for (unsigned i = 0; i < 500; i++) {
			uint8_t *at = &room[unit_random(&random) % len], was = *at;
			*at = (uint8_t)unit_random(&random);
			same_marks(room, len, len, first, text);
			*at = i % 4 ? was : *at;
		}
	}
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, marks_do_not_lean_on_judgements);
	return unit_run(&u, "inference");
}

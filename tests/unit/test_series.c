/* Packets stamped out of a spec are, byte for byte, those that are built one by one. */
#include "packet/series.h"

#include "packet/notation.h"
#include "tests/unit/unit.h"

#define SEED 11

static const struct row {
	const char *text;
	bool zip;
	bool stamps; /* all its packets can be stamped */
	bool one_dst;
} rows[] = {
	{ "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=5000 dport=5000 / zero:18", false, true, true },
	{ "ip dst=10.0.0.2 / udp dport=1-1000", false, true, true },
	{ "ip dst=10.0.0.0/24 / tcp flags=S dport=22,80,443,8000-8100:10", false, true, false },
	{ "ip dst=10.0.0.1-10.0.0.9 / tcp sport=random dport=1-9 flags=S,A seq=random", false, true, false },
	{ "ip dst=10.0.0.1-10.0.0.9 ttl=1-9 / icmp seq=1-9 / text:hello", true, true, false },
	{ "ip6 dst=2001:db8::1-2001:db8::ff / icmp6 / zero:56", false, true, false },
	{ "ip6 dst=2001:db8::1 tclass=0-255 / udp dport=53 / hex:0011", false, true, true },
	{ "ip dst=10.0.0.2 tos=0-255 id=1-9 flags=DF / udp dport=9 checksum=0 / text:x", false, true, true },
	{ "ip dst=10.0.0.2 / gre key=1-9 / ip src=10.1.0.1 dst=10.1.0.2-10.1.0.9 id=3 / udp dport=7", false, true,
	  true },
	{ "ip dst=10.0.0.2 / icmp type=echo,timestamp", false, false, false },
	{ "ip dst=10.0.0.2 / udp dport=7 length=8-20", false, false, false },
	{ "ip dst=10.0.0.2 / udp dport=7 / random:8", false, false, false },
	{ "ether / arp tpa=10.0.0.1-10.0.0.9", false, false, false },
	{ "ip dst=10.0.0.2 / sctp", false, false, false },
};

static void fill(struct sonde_packet *p, const struct sonde_addr *src, uint64_t id)
{
	int layer = 0, row = -1;
	sonde_size_layers(p, false);
	while (sonde_next_open(p, &layer, &row)) {
		const struct sonde_field *f = &p->layers[layer].proto->fields[row];
		if (f->shape == SONDE_SCALAR)
			sonde_set(p, layer, f->place, sonde_seeded_number(f, (unsigned)layer, SEED, id));
		else
			sonde_set_bytes(p, layer, f->place, sonde_addr_view(src));
	}
	sonde_finish(p);
}

static void compare(const struct sonde_series *s, const struct sonde_spec *spec, bool zip, uint64_t k)
{
	static uint8_t room[8192], frame[SONDE_SERIES_BYTES];
	const struct sonde_addr src4 = sonde_addr4((const uint8_t[]){ 10, 9, 8, 7 });
	const struct sonde_addr src6 = sonde_addr6((const uint8_t[16]){ 0x20, 1, 0xd, 0xb8, [15] = 9 });
	struct sonde_packet p;
	uint64_t id = 3 * k + 1;
	sonde_packet_init(&p, room, sizeof room);
	assert_int_equal(sonde_spec_packet(&p, spec, k, SEED, zip, NULL), 0);
	const struct sonde_addr *src = SONDE_WIDTH(s->dst_place) == 32 ? &src4 : &src6;
	fill(&p, src, id);
	sonde_series_stamp(frame, s, k, id);
	if (s->source_slot >= 0)
		sonde_template_stamp_bytes(frame, &s->shape, s->source_slot, src->bytes);
	assert_int_equal(s->shape.len, p.len);
	assert_memory_equal(frame, p.data, p.len);
	struct sonde_addr dst = sonde_series_dst(s, frame), built = sonde_row_addr(&p, 0, s->dst_place);
	assert_true(sonde_addr_equal_bytes(&dst, &built));
}

static void series(void **state)
{
	const struct row *row = *state;
	static struct sonde_series s;
	static uint8_t room[3 * SONDE_SERIES_BYTES];
	struct sonde_spec spec = { 0 };
	struct sonde_packet scratch;
	struct sonde_error e;
	if (sonde_notation_parse(&spec, row->text, strlen(row->text), NULL, &e))
		fail_msg("%s", e.what);
	sonde_packet_init(&scratch, room, sizeof room);
	assert_int_equal(sonde_series_open(&s, &spec, SEED, row->zip, &scratch), row->stamps);
	uint64_t n = sonde_spec_count(&spec, row->zip), step = n > 200 ? n / 200 : 1;
	for (uint64_t k = 0; row->stamps && k < n; k += step)
		compare(&s, &spec, row->zip, k);
	if (row->stamps)
		assert_int_equal(sonde_series_has_one_dst(&s), row->one_dst);
	sonde_spec_free(&spec);
}

int main(void)
{
	static struct unit u;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		unit_add(&u, rows[i].text, series, &rows[i]);
	return unit_run(&u, "series");
}

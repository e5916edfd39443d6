/* Fields that are opened again, and marks that are made anew. */
#include "packet/packet.h"

#include "proto/layout.h"
#include "proto/hopopts.h"
#include "proto/ip.h"
#include "proto/list.h"
#include "proto/options6.h"
#include "proto/routing.h"
#include "proto/udp.h"

#include "tests/unit/wire.h"

static const uint8_t router_alert[] = { 0x94, 4, 0, 0 }, source[] = { 10, 0, 0, 1 };

#define ROOM 64

/* Begin a packet in ROOM bytes with a header whose list at this place is options. Returns the layer. */
static int begin_with(struct sonde_packet *p, uint8_t *buffer, const struct sonde_proto *proto, sonde_place place,
		      struct sonde_view options)
{
	sonde_packet_init(p, buffer, ROOM);
	int layer = sonde_push(p, proto);
	assert_int_equal(sonde_set_bytes(p, layer, place, options), 0);
	return layer;
}

static void options_that_are_opened_are_gone(void **state)
{
	uint8_t buffer[ROOM];
	struct sonde_packet p;
	(void)state;
	int ip = begin_with(&p, buffer, &sonde_ip, SONDE_IP_OPTIONS, sonde_view(router_alert, sizeof router_alert));
	assert_int_equal(p.len, 24);
	assert_int_equal(sonde_set_auto(&p, ip, SONDE_IP_OPTIONS), 0);
	assert_int_equal(p.len, 20);
	assert_int_equal(p.payload_end, 20);
	sonde_finish(&p);
	assert_int_equal(sonde_get(p.data, SONDE_IP_IHL), 5);
}

static void options_before_other_headers_stay(void **state)
{
	uint8_t buffer[ROOM];
	struct sonde_packet p;
	(void)state;
	int ip = begin_with(&p, buffer, &sonde_ip, SONDE_IP_OPTIONS, sonde_view(router_alert, sizeof router_alert));
	sonde_push(&p, &sonde_udp);
	assert_int_equal(sonde_set_auto(&p, ip, SONDE_IP_OPTIONS), SONDE_E_ORDER);
	assert_true(p.layers[ip].written & SONDE_MARK(SONDE_IP_OPTIONS));
	assert_memory_equal(p.data + 20, router_alert, sizeof router_alert);
	assert_int_equal(p.len, 32);
}

/* A header of IPv6 options is never without any. */
static void options_of_ip6_are_filling_again(void **state)
{
	static const uint8_t limit[] = { 4, 1, 9, 0, 0, 0, 1, 4, 0, 0, 0, 0, 0, 0 }, padn[] = { 1, 4, 0, 0, 0, 0 };
	uint8_t buffer[ROOM];
	struct sonde_packet p;
	(void)state;
	int layer = begin_with(&p, buffer, &sonde_hopopts, SONDE_OPTIONS6_OPTIONS, sonde_view(limit, sizeof limit));
	assert_int_equal(p.len, 16);
	assert_int_equal(sonde_set_auto(&p, layer, SONDE_OPTIONS6_OPTIONS), 0);
	assert_int_equal(p.len, 8);
	assert_memory_equal(p.data + 2, padn, sizeof padn);
}

static void an_address_that_is_opened_is_0(void **state)
{
	static const uint8_t none[SONDE_IP4_LEN];
	uint8_t buffer[64];
	struct sonde_packet p;
	int layer = 0, row = -1;
	(void)state;
	sonde_packet_init(&p, buffer, sizeof buffer);
	int ip = sonde_push(&p, &sonde_ip);
	assert_int_equal(sonde_set_bytes(&p, ip, SONDE_IP_SRC, sonde_view(source, sizeof source)), 0);
	assert_int_equal(sonde_set(&p, ip, SONDE_IP_ID, 1), 0);
	assert_false(sonde_next_open(&p, &layer, &row));
	assert_int_equal(sonde_set_auto(&p, ip, SONDE_IP_SRC), 0);
	assert_memory_equal(p.data + SONDE_FIRST(SONDE_IP_SRC) / 8, none, sizeof none);
	layer = 0, row = -1;
	assert_true(sonde_next_open(&p, &layer, &row));
	assert_int_equal(row, SONDE_ROW(SONDE_IP_SRC));
}

/* The sum is partial as long as it is that of the pseudo-header alone. */
static void a_sum_that_was_completed_is_not_partial(void **state)
{
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, buffer, "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=partial / text:ab");
	sonde_infer(&p);
	assert_true(p.layers[1].partial);
	assert_int_equal(sonde_set_auto(&p, 1, SONDE_UDP_CHECKSUM), 0);
	sonde_finish(&p);
	p.layers[1].partial = true;
	sonde_infer(&p);
	assert_false(p.layers[1].partial);
	assert_int_equal(sonde_verify(&p, 1), SONDE_SUM_OK);
}

/* --- Every row of every protocol --------------------------------------------------------------------------------- */

static uint32_t fresh(struct sonde_packet *p, uint8_t *buffer, const struct sonde_proto *proto)
{
	memset(buffer, 0xa5, WIRE_MAX);
	sonde_packet_init(p, buffer, WIRE_MAX);
	assert_int_equal(sonde_push(p, proto), 0);
	return p->len;
}

static int write_row(struct sonde_packet *p, const struct sonde_field *f)
{
	enum { MANY = 16 };
	uint8_t ones[256];
	memset(ones, 1, sizeof ones);
	struct sonde_slot s = sonde_locate(p->layers[0].proto->fields, SONDE_ROW(f->place), p->data,
		p->layers[0].header_len);
	bool sized = SONDE_WIDTH(f->place) || (f->len_from && f->shape == SONDE_BYTES);
	size_t len = sized ? s.width / 8 : MANY;
	assert_true(len + SONDE_MAX_EMPTY <= sizeof ones);
	/* Text up to a mark has one; what is no value of its kind hides the rows behind it. */
	bool measured = !sized && f->shape == SONDE_BYTES && f->kind && f->kind->measure;
	len += measured ? sonde_empty_value(ones + len, f) : 0;
	if (measured && f->kind->measure(sonde_view(ones, len)) != len)
		len = sonde_empty_value(ones, f);
	return f->shape == SONDE_SCALAR ? sonde_set(p, 0, f->place, 1)
					: sonde_set_bytes(p, 0, f->place, sonde_view(ones, len));
}

/* A number that lies about a list says where the rows behind it are. */
static bool hides_rows(const struct sonde_field *rows, const struct sonde_field *number)
{
	for (const struct sonde_field *f = rows; f->name; f++)
		if (f->shape == SONDE_LIST && sonde_sizing_place(f) && sonde_sizing_place(f) == number->place)
			return true;
	return false;
}

/* A header whose field was written and opened again is one whose field never was. */
static void opening_undoes_writing(void **state)
{
	uint8_t want[WIRE_MAX], got[WIRE_MAX];
	struct sonde_packet never, again;
	unsigned n = 0;
	(void)state;
	for (const struct sonde_proto *const *proto = sonde_protos; *proto; proto++) {
		for (const struct sonde_field *f = (*proto)->fields; f->name; f++) {
			fresh(&never, want, *proto);
			fresh(&again, got, *proto);
			/* Who opens what flags announce wants it there; and TLVs have their place behind segments. */
			/* So do bytes that are no item of a list that ends before such bytes. */
			bool other = f->shape == SONDE_LIST && f->list->ends_at_others;
			bool stays = f->announces || other || hides_rows((*proto)->fields, f) ||
				     (*proto == &sonde_routing && f->place == SONDE_ROUTING_TLVS);
			if (f->view || stays || write_row(&again, f))
				continue;
			if (sonde_set_auto(&again, 0, f->place))
				fail_msg("%s %s stays", (*proto)->name, f->name);
			sonde_finish(&never);
			sonde_finish(&again);
			if (never.len != again.len || never.payload_end != again.payload_end ||
			    memcmp(want, got, never.len) != 0)
				fail_msg("%s %s: %u bytes, not %u", (*proto)->name, f->name, again.len, never.len);
			n++;
		}
	}
	assert_true(n > 100);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, options_that_are_opened_are_gone);
	UNIT_TEST(&u, options_before_other_headers_stay);
	UNIT_TEST(&u, options_of_ip6_are_filling_again);
	UNIT_TEST(&u, an_address_that_is_opened_is_0);
	UNIT_TEST(&u, a_sum_that_was_completed_is_not_partial);
	UNIT_TEST(&u, opening_undoes_writing);
	return unit_run(&u, "build");
}

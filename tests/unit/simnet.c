#include "tests/unit/simnet.h"

#include <stdlib.h>

#include "base/checksum.h"
#include "base/hash.h"
#include "probe/engine.h"
#include "proto/icmp.h"
#include "proto/ip.h"

void simnet_free(struct simnet *s)
{
	free(s->flights);
}

static bool happens(struct simnet *s, unsigned percent)
{
	return sonde_random_below(sonde_random(s->seed, s->n++, 0, 0), 100) < percent;
}

static void swap(struct simnet *s, size_t a, size_t b)
{
	struct simnet_flight f = s->flights[a];
	s->flights[a] = s->flights[b];
	s->flights[b] = f;
}

static void take_off(struct simnet *s, const uint8_t *bytes, uint32_t len, sonde_time at)
{
	if (s->n_flights == s->cap)
		s->flights = realloc(s->flights, (s->cap = s->cap ? 2 * s->cap : 1024) * sizeof *s->flights);
	size_t i = s->n_flights++;
	s->flights[i].at = at;
	s->flights[i].len = len;
	memcpy(s->flights[i].bytes, bytes, len);
	for (; i > 0 && s->flights[(i - 1) / 2].at > s->flights[i].at; i = (i - 1) / 2)
		swap(s, i, (i - 1) / 2);
}

static struct simnet_flight land(struct simnet *s)
{
	struct simnet_flight first = s->flights[0];
	s->flights[0] = s->flights[--s->n_flights];
	for (size_t i = 0;;) {
		size_t least = i;
		for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < s->n_flights; child++)
			if (s->flights[child].at < s->flights[least].at)
				least = child;
		if (least == i)
			return first;
		swap(s, i, least);
		i = least;
	}
}

/* The echo reply to a request, as a host builds it. */
static uint32_t answer(const struct simnet *s, uint8_t *room, uint32_t cap, const struct sonde_packet *request)
{
	struct sonde_packet p;
	const uint8_t *ip = sonde_layer_header(request, 0), *icmp = sonde_layer_header(request, 1);
	struct sonde_addr from = sonde_addr4(ip + 16), to = sonde_addr4(ip + 12);
	struct sonde_view payload = sonde_payload(request);
	sonde_packet_init(&p, room, cap);
	int l = sonde_push_ip(&p, &from, &to);
	sonde_set(&p, l, SONDE_IP_ID, 1);
	l = sonde_push(&p, &sonde_icmp);
	sonde_set(&p, l, SONDE_ICMP_TYPE, SONDE_ICMP_ECHO_REPLY);
	sonde_set(&p, l, SONDE_ICMP_ID, sonde_get(icmp, SONDE_ICMP_ID));
	sonde_set(&p, l, SONDE_ICMP_SEQ, sonde_get(icmp, SONDE_ICMP_SEQ));
	sonde_push_payload(&p, payload);
	if (s->wrong_token)
		p.data[p.len - payload.len] ^= 1;
	sonde_finish(&p);
	if (s->wrong_checksum)
		p.data[p.len - 1] ^= 1;
	return p.len;
}

/* What a router says of it: the header, and eight bytes behind it, are quoted (RFC 792). */
static uint32_t complain(uint8_t *room, uint32_t cap, const struct sonde_packet *request)
{
	static const uint8_t router[4] = { 10, 9, 9, 9 };
	struct sonde_packet p;
	struct sonde_addr from = sonde_addr4(router), to = sonde_addr4(sonde_layer_header(request, 0) + 12);
	sonde_packet_init(&p, room, cap);
	int l = sonde_push_ip(&p, &from, &to);
	sonde_set(&p, l, SONDE_IP_ID, 1);
	sonde_set(&p, l, SONDE_IP_PROTO, 1);
	const uint8_t head[8] = { SONDE_ICMP_UNREACH, 1 };
	sonde_push_payload(&p, sonde_view(head, sizeof head));
	sonde_push_payload(&p, sonde_view(request->data, 28));
	uint16_t sum = sonde_checksum(sonde_view(p.data + 20, p.len - 20));
	p.data[22] = (uint8_t)(sum >> 8);
	p.data[23] = (uint8_t)sum;
	sonde_finish(&p);
	return p.len;
}

/* Whether the router may send one more error. */
static bool may_complain(struct simnet *s, sonde_time now)
{
	if (!s->errors_per_s)
		return true;
	double most = s->errors_per_s;
	s->credit += (double)(now - s->credit_at) * most / (double)SONDE_S;
	s->credit = s->credit > most || s->credit_at == 0 ? most : s->credit;
	s->credit_at = now;
	if (s->credit < 1) {
		s->withheld++;
		return false;
	}
	s->credit--;
	return true;
}

void simnet_send(struct simnet *s, const struct sonde_packet *request, sonde_time now)
{
	uint8_t room[256];
	if (s->silent || (s->unreachable && !may_complain(s, now)))
		return;
	if (happens(s, s->loss_percent)) {
		s->lost++;
		return;
	}
	sonde_time jitter =
		(sonde_time)sonde_random_below(sonde_random(s->seed, s->n++, 1, 0), (uint64_t)s->jitter_ns + 1);
	if (happens(s, s->reorder_percent)) {
		jitter += s->reorder_by_ns;
		s->reordered++;
	}
	uint32_t len = s->unreachable ? complain(room, sizeof room, request) : answer(s, room, sizeof room, request);
	take_off(s, room, len, now + s->delay_ns + jitter);
	if (happens(s, s->duplicate_percent))
		take_off(s, room, len, now + s->delay_ns + jitter + s->duplicate_after_ns);
}

sonde_time simnet_next(const struct simnet *s)
{
	return s->n_flights ? s->flights[0].at : SONDE_NEVER;
}

bool simnet_receive(struct simnet *s, struct sonde_packet *p, sonde_time *at, sonde_time now)
{
	static struct simnet_flight landed;
	if (simnet_next(s) > now)
		return false;
	landed = land(s);
	s->delivered++;
	*at = landed.at;
	sonde_dissect(p, landed.bytes, landed.len, landed.len, (struct sonde_id){ SONDE_SPACE_LINK, 101 });
	return true;
}

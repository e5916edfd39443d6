#include "tests/unit/engine.h"

#include "tests/unit/unit.h"

static bool next_batch(struct engine_out *out, struct sonde_engine *e, sonde_time now)
{
	out->batch = (struct sonde_batch){ .packet = &out->packet, .stamped = out->frames };
	out->at = 0;
	sonde_packet_init(&out->packet, out->room, sizeof out->room);
	return e->ops->next_batch(e, &out->batch, now) == 1;
}

static void take_stamped(struct engine_out *out, const struct sonde_addr *src)
{
	uint8_t *frame = out->frames + out->at * SONDE_BATCH_FRAME;
	const struct sonde_template *t = out->batch.shape;
	if (out->batch.source_slot >= 0)
		sonde_template_stamp_bytes(frame, t, out->batch.source_slot, src->bytes);
	sonde_dissect(&out->packet, frame, t->len, t->len, (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
	for (unsigned i = 0; i < out->packet.n_layers; i++)
		assert_int_not_equal(sonde_verify(&out->packet, (int)i), SONDE_SUM_WRONG);
}

bool engine_next(struct engine_out *out, struct sonde_engine *e, const struct sonde_addr *src, sonde_time now)
{
	if (out->at == out->batch.n && !next_batch(out, e, now))
		return false;
	out->was_stamped = out->batch.shape != NULL;
	out->id = out->batch.items[out->at].id;
	out->src = *src;
	if (out->was_stamped)
		take_stamped(out, src);
	else if (SONDE_WIDTH(out->packet.layers[0].proto->src_place))
		sonde_set_bytes(&out->packet, 0, out->packet.layers[0].proto->src_place, sonde_addr_view(src));
	out->stamped += out->was_stamped;
	out->built += !out->was_stamped;
	out->at++;
	return true;
}

void engine_sent(struct engine_out *out, struct sonde_engine *e, sonde_time stamp, sonde_time now,
		 enum sonde_stamp_clock clock)
{
	const struct sonde_sent sent = {
		.id = out->id,
		.packet = out->was_stamped ? NULL : &out->packet,
		.bytes = sonde_view(out->packet.data, out->packet.len),
		.src = out->src,
		.stamp = stamp,
		.now = now,
		.clock = clock,
	};
	e->ops->on_sent(e, &sent);
}

enum sonde_seen_as engine_see(struct sonde_engine *e, const struct sonde_packet *p, sonde_time stamp, bool outbound)
{
	struct sonde_seen seen = { .packet = p, .stamp = stamp, .outbound = outbound };
	e->ops->on_frame(e, &seen);
	return seen.as;
}

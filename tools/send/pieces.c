/* A packet as it goes out: whole, or in fragments. */
#include "packet/fragment.h"
#include "tools/send/send.h"

int send_pieces(const struct send_options *so, const struct sonde_packet *p, uint32_t id, send_piece *piece, void *arg,
		struct sonde_error *e)
{
	static uint8_t room[SONDE_MAX_FRAME];
	struct sonde_fragments f;
	if (!so->fragment)
		return piece(arg, p->data, p->len, e);
	int err = sonde_fragments_start(&f, p, so->fragment, id, false, e);
	int len = 0;
	while (!err && (len = sonde_fragments_next(&f, room, sizeof room)) > 0)
		err = piece(arg, room, (uint32_t)len, e);
	return err ? err : len;
}

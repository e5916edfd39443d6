#include "probe/kept.h"

#include <stdlib.h>

struct sonde_kept *sonde_kept_new(const struct sonde_packet *p, sonde_time stamp, uint64_t number)
{
	struct sonde_kept *k = malloc(sizeof *k + p->len);
	if (!k)
		return NULL;
	k->packet = *p;
	k->packet.data = k->bytes;
	k->packet.cap = p->len;
	k->stamp = stamp;
	k->number = number;
	if (p->len)
		memcpy(k->bytes, p->data, p->len);
	return k;
}

void sonde_kept_free(struct sonde_kept *k)
{
	free(k);
}

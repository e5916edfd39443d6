#include "io/sender_libnet.h"

#include <errno.h>
#include <libnet.h>
#include <stdlib.h>
#include <string.h>

struct sonde_libnet {
	libnet_t *context;
	enum sonde_sender_way way;
};

static int injection_type(enum sonde_sender_way way)
{
	switch (way) {
	case SONDE_SENDER_LIBNET_RAW4: return LIBNET_RAW4_ADV;
	case SONDE_SENDER_LIBNET_RAW6: return LIBNET_RAW6_ADV;
	default: return LIBNET_LINK_ADV;
	}
}

int sonde_libnet_take(struct sonde_libnet **out, int fd, enum sonde_sender_way way, const char *name,
		      struct sonde_error *e)
{
	char text[LIBNET_ERRBUF_SIZE] = "";
	struct sonde_libnet *l = calloc(1, sizeof *l);
	*out = NULL;
	if (l)
		l->context = libnet_init(LIBNET_NONE, NULL, text);
	if (!l || !l->context) {
		free(l);
		return sonde_fail(e, text[0] ? SONDE_E_LIBRARY : -ENOMEM, "libnet: %s", text[0] ? text : "no memory");
	}
	l->way = way;
	l->context->fd = fd;
	l->context->injection_type = injection_type(way);
	l->context->device = strdup(name);
	*out = l;
	return 0;
}

void sonde_libnet_close(struct sonde_libnet *l)
{
	if (l)
		libnet_destroy(l->context);
	free(l);
}

/* libnet reads the destination out of the header, without checking the length. */
static int destination_check(struct sonde_view bytes, size_t header_len, size_t dst_at, const struct sonde_addr *dst)
{
	if (bytes.len < header_len)
		return -EINVAL;
	struct sonde_view in_header = sonde_view_sub(bytes, dst_at, sonde_addr_len(dst));
	return sonde_view_equal(in_header, sonde_addr_view(dst)) ? 0 : SONDE_E_PATH;
}

int sonde_libnet_write(struct sonde_libnet *l, const struct sonde_outgoing *frame)
{
	uint32_t len = (uint32_t)frame->bytes.len;
	int rc = 0, written;
	if (l->way == SONDE_SENDER_LIBNET_RAW4)
		rc = destination_check(frame->bytes, 20, 16, &frame->dst);
	else if (l->way == SONDE_SENDER_LIBNET_RAW6)
		rc = destination_check(frame->bytes, 40, 24, &frame->dst);
	if (rc < 0)
		return rc;
	errno = 0;
	if (l->way == SONDE_SENDER_LIBNET_RAW4)
		written = libnet_adv_write_raw_ipv4(l->context, frame->bytes.data, len);
	else if (l->way == SONDE_SENDER_LIBNET_RAW6)
		written = libnet_write_raw_ipv6(l->context, frame->bytes.data, len);
	else
		written = libnet_adv_write_link(l->context, frame->bytes.data, len);
	if (written == (int)len)
		return 0;
	return errno ? -errno : -EIO;
}

/* Sending through libnet: its injection functions carry our bytes. It builds no packets for us. */
#ifndef SONDE_IO_SENDER_LIBNET_H
#define SONDE_IO_SENDER_LIBNET_H

#include "base/error.h"
#include "io/sender.h"

struct sonde_libnet;

/* Have a libnet context send by fd in one of the libnet ways, through the interface of this name, or "" for none. fd is
 * the context's own if 0 is returned; otherwise -ENOMEM, or SONDE_E_LIBRARY with libnet's text. */
int sonde_libnet_take(struct sonde_libnet **out, int fd, enum sonde_sender_way way, const char *name,
		      struct sonde_error *e);
void sonde_libnet_close(struct sonde_libnet *l); /* NULL is fine */

/* Send one frame. Returns 0, a negated errno, or SONDE_E_PATH (see enum sonde_sender_way). */
int sonde_libnet_write(struct sonde_libnet *l, const struct sonde_outgoing *frame);

#endif

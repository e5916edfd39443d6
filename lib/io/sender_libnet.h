/* Sending through libnet: its injection functions carry our bytes. It builds no packets for us. */
#ifndef SONDE_IO_SENDER_LIBNET_H
#define SONDE_IO_SENDER_LIBNET_H

#include "base/error.h"
#include "io/sender.h"

struct sonde_libnet;

/* Open a libnet context for one of the libnet ways, for the interface of this name, or "" for none. The caller sets the
 * options of its socket. Returns 0, -EPERM, or SONDE_E_LIBRARY with libnet's text. */
int sonde_libnet_open(struct sonde_libnet **out, enum sonde_sender_way way, const char *name, struct sonde_error *e);
void sonde_libnet_close(struct sonde_libnet *l); /* NULL is fine */
int sonde_libnet_fd(const struct sonde_libnet *l);

/* Send one frame. Returns 0, a negated errno, or SONDE_E_PATH (see enum sonde_sender_way). */
int sonde_libnet_write(struct sonde_libnet *l, const struct sonde_outgoing *frame);

#endif

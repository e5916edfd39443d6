/* How hosts and sockets are printed for people. Private to the sources of lib. */
#ifndef SONDE_PACKET_PRINT_ENDS_H
#define SONDE_PACKET_PRINT_ENDS_H

#include "packet/print.h"

/* An address, or its name. port: a port follows, so that IPv6 addresses stand in brackets. style: NULL for numbers. */
void sonde_print_host(struct sonde_text *t, const struct sonde_addr *a, const struct sonde_line_style *style,
		      bool port);
void sonde_print_endpoint(struct sonde_text *t, const struct sonde_addr *a, uint16_t port,
			  const struct sonde_line_style *style);

#endif

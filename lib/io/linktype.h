/* What frames begin with, as libpcap's handles and as capture files number it. */
#ifndef SONDE_IO_LINKTYPE_H
#define SONDE_IO_LINKTYPE_H

#include <stdint.h>

/* The LINKTYPE_* of files for a DLT_* of this system. Most are the same number. */
uint16_t sonde_linktype_from_dlt(int dlt);

#endif

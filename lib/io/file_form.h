/* The two forms of the captures that are written, and what of them is whole. Private to lib/io. */
#ifndef SONDE_IO_FILE_FORM_H
#define SONDE_IO_FILE_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

/* Whether a file of this name is pcap: it ends in .pcap, before the ending of a compression. */
bool sonde_is_pcap_name(const char *path);

/* How many of the first n bytes of v are whole blocks of pcapng, and how many of these are frames. */
size_t sonde_whole_blocks(uint64_t *frames, struct sonde_view v, size_t n);
/* The same of pcap; begins: the header of the file stands in front. */
size_t sonde_whole_records(uint64_t *frames, struct sonde_view v, size_t n, bool begins);

#endif

/* Blocks of a big-endian section for a little-endian one. */
#ifndef SONDE_CAPTURE_PCAPNG_SWAP_H
#define SONDE_CAPTURE_PCAPNG_SWAP_H

#include <stdint.h>

#include "base/bytes.h"

/* Turn the numbers of a big-endian block around, in place: name resolution, decryption secrets, the maker's number of
 * custom blocks (what is behind it stays as the maker wrote it), and the journal entries of systemd, which have none.
 * Returns 0; SONDE_E_UNSUPPORTED for other types, whose makers alone know where numbers stand; SONDE_E_MALFORMED for a
 * block that ends within its records, some of which may be turned then. */
int sonde_pcapng_swap(struct sonde_buf *body, uint32_t type);

#endif

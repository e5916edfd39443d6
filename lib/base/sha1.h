/* SHA-1 (FIPS 180-4), for identifiers that are defined by it. It is no protection: collisions can be made. */
#ifndef SONDE_BASE_SHA1_H
#define SONDE_BASE_SHA1_H

#include <stdint.h>

#include "base/bytes.h"

#define SONDE_SHA1_LEN 20 /* bytes */

void sonde_sha1(uint8_t out[SONDE_AT_LEAST(SONDE_SHA1_LEN)], struct sonde_view v);

#endif

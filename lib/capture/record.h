/* A captured frame, from a capture file or a live capture. */
#ifndef SONDE_CAPTURE_RECORD_H
#define SONDE_CAPTURE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/time.h"

/* The values of pcapng's epb_flags, bits 0 and 1. */
enum sonde_direction { SONDE_NO_DIRECTION = 0, SONDE_INBOUND = 1, SONDE_OUTBOUND = 2 };

#define SONDE_RECORD_MAX 262144 /* captured bytes of a frame that readers take; more is damage */

struct sonde_record {
	sonde_time time;           /* since 1970 UTC; 0 without a time */
	struct sonde_view bytes;   /* what was captured of it */
	uint32_t wire_len;         /* its original length; more than bytes.len when it was cut */
	uint16_t link;             /* the type of its link header: LINKTYPE_*, not DLT_* */
	uint8_t direction;         /* enum sonde_direction */
	bool timeless;             /* its time is not known: simple packet blocks have none */
	bool big_endian;           /* the numbers in its options are */
	uint32_t interface;        /* number of the interface in the file, from 0; 0 in a live capture */
	struct sonde_view comment; /* UTF-8; empty for none */
	struct sonde_view options; /* of its block in a pcapng file, for sonde_pcapng_option */
};

#endif

/* What sonde_ends_read must find in a frame, worked out of the dissector's layers by the rules of packet/ends.h. */
#ifndef SONDE_TESTS_ENDS_MODEL_H
#define SONDE_TESTS_ENDS_MODEL_H

#include "base/bytes.h"
#include "packet/ends.h"

/* Room for the difference in words. */
#define ENDS_MODEL_TEXT 1024

/* Read a frame, out of memory of exactly its size, by sonde_ends_read and by the dissector. Returns NULL when they
 * agree, else text, which says about what they do not. */
const char *ends_model_differ(char text[static ENDS_MODEL_TEXT], struct sonde_view frame, uint32_t wire_len,
			      uint32_t link);

#endif

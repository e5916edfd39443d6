/* Any bytes as a frame: the first chooses the link type, the second how many bytes more there were on the wire. */
#include "tests/fuzz/law.h"

#define HEAD 2

static const uint32_t links[] = { 1, 101, 0, 108, 113, 276, 228, 229, LAW_NO_LINK };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len < HEAD || len > LAW_MAX_FRAME)
		return 0;
	uint32_t link = links[data[0] % (sizeof links / sizeof *links)];
	uint32_t frame_len = (uint32_t)len - HEAD, more = data[1] < 128 ? data[1] : (data[1] - 127u) * 128;
	law_of_frame(sonde_view(data + HEAD, frame_len), frame_len + more, link);
	return 0;
}

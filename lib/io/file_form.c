#include "io/file_form.h"

#include <string.h>

#include "capture/order.h"
#include "capture/pcap_write.h"
#include "capture/pcapng_read.h"
#include "io/compress.h"

bool sonde_is_pcap_name(const char *path)
{
	static const char ending[] = ".pcap";
	const size_t ending_len = sizeof ending - 1;
	size_t len = strlen(path);
	if (sonde_compression_by_name(path) != SONDE_PLAIN)
		len = (size_t)(strrchr(path, '.') - path);
	return len > ending_len && memcmp(path + len - ending_len, ending, ending_len) == 0;
}

/* A block begins with its type and its length. */
size_t sonde_whole_blocks(uint64_t *frames, struct sonde_view v, size_t n)
{
	const size_t head = 8;
	size_t end = 0;
	*frames = 0;
	while (v.len - end >= head) {
		const uint8_t *p = v.data + end;
		size_t len = sonde_order_get32(p + 4, false);
		if (len > n - end)
			break;
		uint32_t type = sonde_order_get32(p, false);
		*frames += type == SONDE_PCAPNG_ENHANCED_PACKET || type == SONDE_PCAPNG_SIMPLE_PACKET;
		end += len;
	}
	return end;
}

size_t sonde_whole_records(uint64_t *frames, struct sonde_view v, size_t n, bool begins)
{
	size_t end = begins ? SONDE_PCAP_FILE_HEAD : 0;
	*frames = 0;
	if (end > n)
		return 0;
	while (v.len - end >= SONDE_PCAP_RECORD_HEAD) {
		uint64_t len = sonde_pcap_record_len(v.data + end);
		if (len > n - end)
			break;
		++*frames;
		end += (size_t)len;
	}
	return end;
}

/* Of each answer, its number in the file of -w: a hash table that grows with the answers. */
#ifndef SONDE_TOOLS_PROBE_FRAMES_H
#define SONDE_TOOLS_PROBE_FRAMES_H

#include "probe/scan.h"

struct probe_frame {
	uint64_t target; /* 1 + host * ports + port; 0: free */
	uint64_t number;
};

struct probe_frames {
	struct probe_frame *slots; /* NULL: none are kept */
	size_t n, cap;             /* cap: a power of two */
	uint32_t n_ports;          /* of each host */
};

/* Begin to keep them. Returns 0 or an exit status after a message. */
int probe_frames_open(struct probe_frames *f, uint32_t n_ports);
/* Keep the number of an answer, in the place of an earlier one to the same port. */
void probe_frames_put(struct probe_frames *f, const struct sonde_scan_verdict *v);
/* Returns 0 where it is not known. f may be NULL. */
uint64_t probe_frames_of(const struct probe_frames *f, const struct sonde_scan_verdict *v);
void probe_frames_close(struct probe_frames *f); /* zeroed is fine */

#endif

/* The flows of a capture, or of a link as it is: a table of who talks to whom. sonde_flows_new(&flows, &(struct
 * sonde_flows_options){ .secret = key }); while (there are frames) sonde_flows_add(flows, frames, n);
 * sonde_flows_end_all(flows); while ((flow = sonde_flows_next_ended(flows))) { sonde_flow_report(&report, flows,
 * flow); ... sonde_flows_drop_first(flows); } sonde_flows_free(flows); A flow has one 5-tuple, within one VLAN and
 * tunnel. All fragments of a datagram count in its flow, those too that came before the first one. An ICMP error
 * counts as such in the flow whose packet it quotes, if that is there, and not as a packet of it; other ICMP messages
 * that are neither request nor reply are flows of their own. */
#ifndef SONDE_FLOW_FLOWS_H
#define SONDE_FLOW_FLOWS_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "flow/flow.h"

struct sonde_flows;

#define SONDE_FLOW_TCP_SILENCE   (300 * SONDE_S)
#define SONDE_FLOW_OTHER_SILENCE (60 * SONDE_S)

struct sonde_flows_options {
	/* Silence that ends a flow, in the capture's time; 0: as above. */
	sonde_time tcp_silence, other_silence;
	bool expires;       /* flows end when they are silent; else when a packet of the next one shows it */
	/* Silence that ends a TCP connection which both sides closed, or one reset; 0: as of those that are open. */
	sonde_time closed_silence;
	uint64_t most_bytes; /* of memory, about; 0: no limit. Beyond it, flows end that were silent for longest */
	bool trusts_sums;   /* checksums are not verified */
	bool finds_services; /* flows tell what they turned out to be (flow/said.h) */
	bool finds_stalls;  /* flows tell what they waited for (flow/stalls.h), and take more memory */
	bool finds_details; /* and what their segments looked like (flow/details.h): the same */
	/* With n_shards over 1, only flows of this shard, from 0, are kept: each flow is in one shard. The split
	 * depends on shard_secret, which all shards share, and not on .secret. */
	uint32_t shard, n_shards;
	struct sonde_key shard_secret;
	struct sonde_key secret; /* so that nobody can choose packets whose hashes collide */
};

/* A frame of a capture. */
struct sonde_flows_frame {
	sonde_time time;
	struct sonde_view bytes;
	uint32_t wire_len, link; /* link: its type, LINKTYPE_* */
	uint64_t number;         /* of the frame, from 1: for stalls */
};

struct sonde_flows_stats {
	uint64_t frames;      /* of this shard, or of none */
	uint64_t not_ip;      /* frames without IP, or with a cut IP header */
	uint64_t unknown_link;
	uint64_t cut_headers; /* packets whose transport header is not all there: not in a flow where the ports lack */
	uint64_t wrong_sums, partial_sums; /* transport checksums that are wrong, or left to offload */
	uint64_t lone_errors; /* ICMP errors about a flow that is not there */
	uint64_t lone_fragments; /* without their first one */
	uint64_t flows, evicted;
	/* Of the packets that are in flows: by the originator, as far as it was known then, and by the other side. */
	uint64_t packets[2], ip_bytes[2], rexmt_packets;
};

/* An empty table. Returns 0 or -ENOMEM. */
int sonde_flows_new(struct sonde_flows **out, const struct sonde_flows_options *o);
void sonde_flows_free(struct sonde_flows *t); /* NULL is fine */

/* Add frames, in the order of the capture. Returns 0 or -ENOMEM, when some were left out. */
int sonde_flows_add(struct sonde_flows *t, const struct sonde_flows_frame *frames, size_t n);

/* Whether a frame is a packet of a flow; *ends are its ends then, the sender's those of side *side. Fragments without
 * ports and ICMP errors are not. */
struct sonde_ends;
bool sonde_flows_has(struct sonde_ends *ends, unsigned *side, struct sonde_flows *t, const struct sonde_flow *f,
		     const struct sonde_flows_frame *frame);

/* The time now. With options.expires, flows end that have been silent. */
void sonde_flows_tell_time(struct sonde_flows *t, sonde_time now);
/* Another run goes on with the state (flow/state.h): end the flows that have been silent by `more` longer than need be.
 * Where times have jumped by over SONDE_FLOW_JUMP within that span, they may jump back, and nothing ends. After it, no
 * frames are added. Returns 0 or -ENOMEM. */
#define SONDE_FLOW_JUMP (600 * SONDE_S)
int sonde_flows_end_silent(struct sonde_flows *t, sonde_time more);
/* End all flows: the capture is over. Those that have been silent for long, as of the newest frame or the time that was
 * told, end for that. Returns 0 or -ENOMEM, when some fragments were left out. */
int sonde_flows_end_all(struct sonde_flows *t);

/* The flow that ended first and was not dropped yet; NULL: none. It stays until it is dropped. */
struct sonde_flow *sonde_flows_next_ended(const struct sonde_flows *t);
/* Forget it. Without this, ended flows stay in memory. */
void sonde_flows_drop_first(struct sonde_flows *t);
/* The one that ended after this one, or NULL: for walks that drop nothing. */
struct sonde_flow *sonde_flows_ended_after(const struct sonde_flows *t, const struct sonde_flow *f);

/* The flows that are open, in no order: *place is 0 for the first, and then left alone. NULL: there are no more. It
 * ends when frames or times are added. */
const struct sonde_flow *sonde_flows_next_open(const struct sonde_flows *t, uint32_t *place);

struct sonde_flows_stats sonde_flows_stats(const struct sonde_flows *t);
/* Bytes that are in use. */
uint64_t sonde_flows_bytes(const struct sonde_flows *t);

#endif

#include "tools/lab/impair.h"

#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "base/hash.h"

#define MAX_EXTENSIONS 8

#define CLASS_IP4   0
#define CLASS_ICMP  256
#define CLASS_IP6   512
#define CLASS_ICMP6 768
#define CLASS_OTHER 1024
#define CLASS_TCP   1280 /* and the flags */
#define CLASS_TCP6  1312

#define QUEUE_NS    (50 * SONDE_MS)
#define QUEUE_BYTES 65536
#define HOLD_MIN_NS SONDE_MS

/* SYN, ACK, RST and FIN, by which SYNs are numbered apart from what kernels send in between, at times of their own.
 * Returns -1 where the flags are cut off. */
static int tcp_flags(struct sonde_view ip, size_t at)
{
	return ip.len > at + 13 ? ip.data[at + 13] & (TH_FIN | TH_SYN | TH_RST | TH_ACK) : -1;
}

static unsigned class_ip4(struct sonde_view ip)
{
	if (ip.len < 20)
		return CLASS_IP4;
	size_t header = (ip.data[0] & 15u) * 4;
	bool first = (sonde_get_be16(ip.data + 6) & 0x1fff) == 0;
	if (ip.data[9] == IPPROTO_ICMP && first && ip.len > header)
		return CLASS_ICMP + ip.data[header];
	if (ip.data[9] == IPPROTO_TCP && first && tcp_flags(ip, header) >= 0)
		return CLASS_TCP + (unsigned)tcp_flags(ip, header);
	return CLASS_IP4 + ip.data[9];
}

static bool is_extension(uint8_t next)
{
	return next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING || next == IPPROTO_DSTOPTS;
}

static unsigned class_ip6(struct sonde_view ip)
{
	size_t at = 40;

	if (ip.len < at)
		return CLASS_IP6;
	uint8_t next = ip.data[6];
	for (unsigned i = 0; i < MAX_EXTENSIONS && is_extension(next) && at + 2 <= ip.len; i++) {
		next = ip.data[at];
		at += (ip.data[at + 1] + 1u) * 8;
	}
	if (next == IPPROTO_ICMPV6 && at < ip.len)
		return CLASS_ICMP6 + ip.data[at];
	if (next == IPPROTO_TCP && tcp_flags(ip, at) >= 0)
		return CLASS_TCP6 + (unsigned)tcp_flags(ip, at);
	return CLASS_IP6 + next;
}

unsigned impair_class(struct sonde_view frame)
{
	size_t at = 12;

	if (frame.len < 14)
		return CLASS_OTHER;
	unsigned type = sonde_get_be16(frame.data + at);
	while ((type == ETH_P_8021Q || type == ETH_P_8021AD) && at + 6 <= frame.len) {
		at += 4;
		type = sonde_get_be16(frame.data + at);
	}
	struct sonde_view inner = sonde_view_sub(frame, at + 2, frame.len);
	if (type == ETH_P_IP)
		return class_ip4(inner);
	if (type == ETH_P_IPV6)
		return class_ip6(inner);
	return CLASS_OTHER + ((type ^ type >> 8) & 255);
}

/* The random numbers of a frame, each for one decision. */
enum decision { LOSS, DUPLICATE, REORDER, JITTER, REORDER_COPY, JITTER_COPY, N_DECISIONS };

struct dice {
	uint64_t seed, n;
	uint32_t lane, class;
};

static uint64_t draw(const struct dice *d, enum decision q)
{
	return sonde_random(d->seed, d->n, d->lane, d->class * N_DECISIONS + q);
}

static bool happens(const struct dice *d, enum decision q, uint32_t ppm)
{
	return ppm && sonde_random_below(draw(d, q), 1000000) < ppm;
}

static sonde_time delay(const struct dice *d, enum decision q, const struct lab_impairment *i)
{
	if (!i->jitter_ns)
		return i->delay_ns;
	uint64_t width = (uint64_t)i->jitter_ns * 2 + 1;
	sonde_time ns = i->delay_ns - i->jitter_ns + (sonde_time)sonde_random_below(draw(d, q), width);
	return ns > 0 ? ns : 0;
}

void impair_decide(struct impair_result *out, const struct lab_impairment *i, uint64_t seed, uint32_t lane,
		   unsigned class, uint64_t n)
{
	const struct dice d = { seed, n, lane, class };

	*out = (struct impair_result){ .lost = happens(&d, LOSS, i->loss_ppm) };
	if (out->lost)
		return;
	out->n = happens(&d, DUPLICATE, i->duplicate_ppm) ? 2 : 1;
	out->held_back[0] = happens(&d, REORDER, i->reorder_ppm);
	out->delay_ns[0] = delay(&d, JITTER, i);
	if (out->n == 2) {
		out->held_back[1] = happens(&d, REORDER_COPY, i->reorder_ppm);
		out->delay_ns[1] = delay(&d, JITTER_COPY, i);
	}
}

bool impair_enqueue(struct impair_queue *q, const struct lab_impairment *i, sonde_time now_ns, size_t len)
{
	if (!i->rate_bps)
		return true;
	sonde_time start = q->free_ns > now_ns ? q->free_ns : now_ns;
	double ns_per_byte = 8e9 / (double)i->rate_bps;
	sonde_time room = (sonde_time)(QUEUE_BYTES * ns_per_byte);
	if (start - now_ns > (room > QUEUE_NS ? room : QUEUE_NS))
		return false;
	q->free_ns = start + (sonde_time)((double)len * ns_per_byte);
	return true;
}

sonde_time impair_due(struct impair_queue *q, sonde_time now_ns, sonde_time delay_ns, bool held_back)
{
	sonde_time due = (q->free_ns > now_ns ? q->free_ns : now_ns) + delay_ns;

	if (held_back)
		return due + (delay_ns > HOLD_MIN_NS ? delay_ns : HOLD_MIN_NS);
	if (due < q->last_ns)
		due = q->last_ns;
	q->last_ns = due;
	return due;
}

/* Patterns: a spec chooses packets, besides building them. What it leaves out matches anything.
 *
 * Its layers match layers of the packet in their order; others may lie between. The packet that an ICMP error quotes is
 * looked at only behind the error itself: "udp dport=53" finds no quote, "icmp / udp dport=53" does. A set matches each
 * of its values, and !=VALUE any other one, but never a field that is not there. A list matches when its items occur in
 * the packet's list in that order; arguments that are left out match anything. auto is what a builder would compute.
 * Data matches what begins with it, at the beginning of any layer behind the one before it. */
#ifndef SONDE_PACKET_PATTERN_H
#define SONDE_PACKET_PATTERN_H

#include "base/text.h"
#include "packet/packet.h"
#include "packet/spec.h"

/* Whether a spec can be a pattern. Returns 0, or SONDE_E_UNSUPPORTED with the reason in e: it has references, which
 * have to be resolved before (packet/reference.h), or describes the capture instead of the packet. */
int sonde_pattern_check(const struct sonde_spec *pattern, struct sonde_error *e);

/* Whether a dissected packet matches a pattern that was checked. */
bool sonde_pattern_match(const struct sonde_spec *pattern, const struct sonde_packet *p);

/* Append what the kernel may leave out without a change of what matches, as a filter in libpcap's language; nothing
 * where it may leave out nothing. */
void sonde_pattern_filter(struct sonde_text *t, const struct sonde_spec *pattern);

/* Append a pattern as matches of nftables' language (nft(8): raw payload expressions), which choose the same packets
 * where a rule sees them. Returns 0, or SONDE_E_UNSUPPORTED with the reason in e: nftables knows ether, ip or ip6 and
 * one layer behind it, and compares values, sets, ranges and flags of fields at a fixed place. */
int sonde_pattern_nft(struct sonde_text *t, const struct sonde_spec *pattern, struct sonde_error *e);

#endif

#include "io/live.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "io/link.h"
#include "io/privilege.h"

#define SLL2_PACKET_TYPE 10 /* offset of the byte with the direction (LINKTYPE_LINUX_SLL2) */

struct sonde_live {
	pcap_t *pcap;
	sonde_time tick; /* ns in one unit of tv_usec */
	uint16_t link;
	uint8_t direction;
	struct pcap_stat last;
	struct sonde_live_stats stats;
};

struct sonde_live_options sonde_live_replies(uint32_t ifindex, const char *filter)
{
	return (struct sonde_live_options){
		.ifindex = ifindex, .filter = filter, .snap = 256, .immediate = true, .ring_bytes = 16 << 20 };
}

struct sonde_live_options sonde_live_frames(uint32_t ifindex, const char *filter)
{
	return (struct sonde_live_options){
		.ifindex = ifindex, .filter = filter, .snap = 262144, .block_ns = 10 * SONDE_MS,
		.ring_bytes = 64 << 20 };
}

static int activate_fail(struct sonde_error *e, pcap_t *pcap, int status, const char *name)
{
	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED: return sonde_privilege_missing(e, "capture");
	case PCAP_ERROR_NO_SUCH_DEVICE: return sonde_fail(e, -ENODEV, "cannot capture: there is no interface %s", name);
	case PCAP_ERROR_IFACE_NOT_UP: return sonde_fail(e, -ENETDOWN, "cannot capture: the interface %s is down", name);
	default: return sonde_fail(e, SONDE_E_LIBRARY, "cannot capture on %s: %s", name, pcap_geterr(pcap));
	}
}

static int activate(struct sonde_live *l, const struct sonde_live_options *o, struct sonde_error *e)
{
	char text[PCAP_ERRBUF_SIZE], name[SONDE_LINK_NAMELEN] = "any";
	int rc = o->ifindex ? sonde_link_name(name, o->ifindex, e) : 0;
	if (rc < 0)
		return rc;
	l->pcap = pcap_create(name, text);
	if (!l->pcap)
		return sonde_fail(e, SONDE_E_LIBRARY, "cannot capture on %s: %s", name, text);
	pcap_set_snaplen(l->pcap, (int)o->snap);
	pcap_set_promisc(l->pcap, o->promiscuous);
	pcap_set_immediate_mode(l->pcap, o->immediate);
	pcap_set_timeout(l->pcap, o->block_ns > SONDE_MS ? (int)(o->block_ns / SONDE_MS) : 1);
	pcap_set_buffer_size(l->pcap, (int)o->ring_bytes);
	pcap_set_tstamp_precision(l->pcap, PCAP_TSTAMP_PRECISION_NANO);
	int status = pcap_activate(l->pcap); /* positive: a warning */
	if (status < 0)
		return activate_fail(e, l->pcap, status, name);
	if (pcap_setnonblock(l->pcap, 1, text) < 0)
		return sonde_fail(e, SONDE_E_LIBRARY, "cannot capture on %s: %s", name, text);
	if (!o->ifindex)
		pcap_set_datalink(l->pcap, DLT_LINUX_SLL2);
	l->tick = pcap_get_tstamp_precision(l->pcap) == PCAP_TSTAMP_PRECISION_NANO ? 1 : SONDE_US;
	l->link = sonde_linktype_from_dlt(pcap_datalink(l->pcap));
	return 0;
}

static int compile(struct bpf_program *out, struct sonde_live *l, const char *filter, uint8_t direction)
{
	static const char *const words[] = { "", "inbound", "outbound" };
	bool both = direction != SONDE_NO_DIRECTION && filter[0];
	char *text;
	if (asprintf(&text, "%s%s%s%s", words[direction], both ? " and (" : "", filter, both ? ")" : "") < 0)
		return -ENOMEM;
	int rc = pcap_compile(l->pcap, out, text, 1, PCAP_NETMASK_UNKNOWN);
	free(text);
	return rc < 0 ? SONDE_E_SYNTAX : 0;
}

/* With pcap_setdirection alone, frames of the other direction take room in the ring. With the direction in libpcap's
 * filter, libpcap loses the frames that were queued before the filter was set: it checks those itself, and the
 * direction is a load that only the kernel can do. So only the kernel gets the filter with the direction. On cooked
 * handles libpcap translates the load. */
static int filter_direction(struct sonde_live *l, const struct sonde_live_options *o, const char *filter)
{
	struct bpf_program program;
	int rc = compile(&program, l, filter, o->direction);
	if (rc < 0)
		return rc;
	struct sock_fprog kernel = { (unsigned short)program.bf_len, (struct sock_filter *)program.bf_insns };
	int fd = pcap_fileno(l->pcap);
	if (o->ifindex && l->link != DLT_LINUX_SLL)
		rc = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &kernel, sizeof kernel) < 0 ? -errno : 0;
	else
		rc = pcap_setfilter(l->pcap, &program) < 0 ? SONDE_E_LIBRARY : 0;
	pcap_freecode(&program);
	return rc;
}

static int set_filter(struct sonde_live *l, const struct sonde_live_options *o, struct sonde_error *e)
{
	const char *filter = o->filter ? o->filter : "";
	struct bpf_program program;
	int rc = compile(&program, l, filter, SONDE_NO_DIRECTION);
	if (rc == SONDE_E_SYNTAX)
		return sonde_fail(e, rc, "filter '%s': %s", filter, pcap_geterr(l->pcap));
	if (rc < 0)
		return sonde_fail(e, rc, "filter '%s': %s", filter, strerror(-rc));
	rc = pcap_setfilter(l->pcap, &program) < 0 ? SONDE_E_LIBRARY : 0;
	pcap_freecode(&program);
	if (rc == 0 && o->direction != SONDE_NO_DIRECTION) {
		rc = pcap_setdirection(l->pcap, o->direction == SONDE_INBOUND ? PCAP_D_IN : PCAP_D_OUT);
		rc = rc < 0 ? SONDE_E_LIBRARY : filter_direction(l, o, filter);
		l->direction = o->direction;
	}
	const char *text = rc == SONDE_E_LIBRARY ? pcap_geterr(l->pcap) : sonde_strerror(rc);
	return rc < 0 ? sonde_fail(e, rc, "filter '%s': %s", filter, text) : 0;
}

int sonde_live_open(struct sonde_live **out, const struct sonde_live_options *o, struct sonde_error *e)
{
	struct sonde_live *l = calloc(1, sizeof *l);
	*out = NULL;
	if (!l)
		return sonde_fail(e, -ENOMEM, "cannot capture: no memory");
	int rc = activate(l, o, e);
	if (rc == 0)
		rc = set_filter(l, o, e);
	if (rc < 0) {
		sonde_live_close(l);
		return rc;
	}
	*out = l;
	return 0;
}

void sonde_live_close(struct sonde_live *l)
{
	if (l && l->pcap)
		pcap_close(l->pcap);
	free(l);
}

int sonde_live_fd(const struct sonde_live *l)
{
	return pcap_get_selectable_fd(l->pcap);
}

uint16_t sonde_live_link(const struct sonde_live *l)
{
	return l->link;
}

/* libpcap has one code for everything that ends a capture; only its text tells that the interface is gone. */
static int next_fail(struct sonde_error *e, const char *text)
{
	if (strstr(text, "disappeared"))
		return sonde_fail(e, -ENODEV, "the interface is gone");
	return sonde_fail(e, SONDE_E_LIBRARY, "capture: %s", text);
}

int sonde_live_next(struct sonde_record *out, struct sonde_live *l, struct sonde_error *e)
{
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	int rc = pcap_next_ex(l->pcap, &header, &bytes);
	if (rc == 0)
		return 0;
	if (rc < 0)
		return next_fail(e, pcap_geterr(l->pcap));
	*out = (struct sonde_record){
		.time = header->ts.tv_sec * SONDE_S + header->ts.tv_usec * l->tick,
		.bytes = sonde_view(bytes, header->caplen),
		.wire_len = header->len,
		.link = l->link,
		.direction = l->direction,
	};
	if (l->link == DLT_LINUX_SLL2 && header->caplen > SLL2_PACKET_TYPE)
		out->direction = bytes[SLL2_PACKET_TYPE] == PACKET_OUTGOING ? SONDE_OUTBOUND : SONDE_INBOUND;
	return 1;
}

int sonde_live_stats(struct sonde_live_stats *out, struct sonde_live *l, struct sonde_error *e)
{
	struct pcap_stat now;
	if (pcap_stats(l->pcap, &now) < 0)
		return sonde_fail(e, SONDE_E_LIBRARY, "capture: %s", pcap_geterr(l->pcap));
	l->stats.received += now.ps_recv - l->last.ps_recv;
	l->stats.dropped_by_kernel += now.ps_drop - l->last.ps_drop;
	l->stats.dropped_by_interface += now.ps_ifdrop - l->last.ps_ifdrop;
	l->last = now;
	*out = l->stats;
	return 0;
}

/* The BSDs had given these numbers out differently before files got their own (pcap-linktype(7)). */
static const struct {
	int dlt;
	uint16_t link;
} unlike[] = {
	{ DLT_ATM_RFC1483, 100 }, { DLT_RAW, 101 }, { DLT_SLIP_BSDOS, 102 }, { DLT_PPP_BSDOS, 103 },
	{ DLT_ATM_CLIP, 106 },    { DLT_PFSYNC, 246 }, { DLT_PKTAP, 258 },
};

uint16_t sonde_linktype_from_dlt(int dlt)
{
	for (size_t i = 0; i < sizeof unlike / sizeof unlike[0]; i++)
		if (unlike[i].dlt == dlt)
			return unlike[i].link;
	return (uint16_t)dlt;
}

int sonde_dlt_from_linktype(uint16_t link)
{
	for (size_t i = 0; i < sizeof unlike / sizeof unlike[0]; i++)
		if (unlike[i].link == link)
			return unlike[i].dlt;
	return link;
}

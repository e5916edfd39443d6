#include "io/live.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netinet/in.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/link.h"
#include "io/privilege.h"
#include "io/ring.h"
#include "io/socket.h"

#define LINK_RAW  101
#define LINK_SLL2 276
#define SLL2_LEN  20
#define TAG_LEN   4
#define TAG_AT    12 /* where 802.1Q tags stand in Ethernet frames */

struct sonde_live {
	int fd;
	uint32_t ifindex; /* 0: all interfaces */
	struct sonde_ring ring;
	uint16_t link;
	bool is_down; /* the interface went down, and no frame has come since */
	struct bpf_program filter; /* for frames as they are handed out; without instructions: the kernel has it */
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
		.ifindex = ifindex, .filter = filter, .snap = 262144, .block_ns = SONDE_LIVE_BLOCK_NS,
		.ring_bytes = 64 << 20 };
}

static struct sonde_ring_options ring_options(const struct sonde_live_options *o)
{
	return (struct sonde_ring_options){ o->immediate, o->block_ns, o->snap, o->ring_bytes };
}

/* --- Link types --------------------------------------------------------------------------------------------------- */

/* What the frames of an interface begin with, as ARPHRD_* says. Those of which it is not known are told apart by the
 * kernel, and get the header of LINKTYPE_LINUX_SLL2. */
static uint16_t link_of(uint16_t hardware)
{
	switch (hardware) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK: return 1;
	case ARPHRD_IEEE80211: return 105;
	case ARPHRD_IEEE80211_PRISM: return 119;
	case ARPHRD_IEEE80211_RADIOTAP: return 127;
	case ARPHRD_NONE:
	case ARPHRD_RAWIP:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT: return LINK_RAW;
	default: return LINK_SLL2;
	}
}

/* The packet begins with its network header, whatever the kernel keeps before it. */
static bool is_cooked(uint16_t link)
{
	return link == LINK_RAW || link == LINK_SLL2;
}

/* The BSDs had given these numbers out differently before files got their own (pcap-linktype(7)). */
static const struct {
	int dlt;
	uint16_t link;
} pairs[] = {
	{ DLT_ATM_RFC1483, 100 }, { DLT_RAW, LINK_RAW },  { DLT_SLIP_BSDOS, 102 }, { DLT_PPP_BSDOS, 103 },
	{ DLT_ATM_CLIP, 106 },    { DLT_PFSYNC, 246 }, { DLT_PKTAP, 258 },
};

uint16_t sonde_linktype_from_dlt(int dlt)
{
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (pairs[i].dlt == dlt)
			return pairs[i].link;
	return (uint16_t)dlt;
}

int sonde_dlt_from_linktype(uint16_t link)
{
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (pairs[i].link == link)
			return pairs[i].dlt;
	return link;
}

/* --- Filters ------------------------------------------------------------------------------------------------------ */

/* What the options ask for. Fragments but the first show no port. */
static const char *filter_text(char out[static 160], const struct sonde_live_options *o)
{
	if (o->filter || !o->least_port)
		return o->filter ? o->filter : "";
	snprintf(out, 160, "not (tcp or udp or sctp) or dst portrange %u-65535 or (ip[6:2] & 0x1fff != 0)",
		 o->least_port);
	return out;
}

static int compile(struct bpf_program *out, const struct sonde_live_options *o, uint16_t link, struct sonde_error *e)
{
	char room[160];
	const char *text = filter_text(room, o);
	pcap_t *p = pcap_open_dead(sonde_dlt_from_linktype(link), (int)o->snap);
	if (!p)
		return sonde_fail(e, -ENOMEM, "filter '%s': no memory", text);
	int rc = 0;
	if (pcap_compile(p, out, text, 1, PCAP_NETMASK_UNKNOWN) < 0)
		rc = sonde_fail(e, SONDE_E_SYNTAX, "filter '%s': %s", text, pcap_geterr(p));
	pcap_close(p);
	return rc;
}

/* The kernel runs filters before tags are put back, and on cooked packets before the header is. */
static bool is_for_kernel(const struct sonde_live_options *o, uint16_t link)
{
	bool is_empty = !o->least_port && (!o->filter || !o->filter[0]);
	return is_empty || (link != LINK_SLL2 && (!o->filter || !strstr(o->filter, "vlan")));
}

/* Only frames of this direction pass the program, which is put before another. Returns its length. */
static unsigned put_direction(struct sock_filter out[static 3], uint8_t direction)
{
	bool outbound = direction == SONDE_OUTBOUND;
	out[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE));
	out[1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_OUTGOING, outbound, !outbound);
	out[2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	return 3;
}

static int attach(int fd, const struct sonde_live_options *o, uint16_t link, uint8_t direction, struct sonde_error *e)
{
	struct bpf_program text;
	struct sonde_live_options all = *o;
	if (!is_for_kernel(o, link)) {
		all.filter = NULL;
		all.least_port = 0;
	}
	int rc = compile(&text, &all, link, e);
	if (rc)
		return rc;
	struct sock_filter *code = calloc(3 + text.bf_len, sizeof *code);
	unsigned n = code && direction != SONDE_NO_DIRECTION ? put_direction(code, direction) : 0;
	if (code)
		memcpy(code + n, text.bf_insns, text.bf_len * sizeof *code);
	struct sock_fprog program = { (unsigned short)(n + text.bf_len), code };
	if (!code || setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0)
		rc = sonde_fail(e, code ? -errno : -ENOMEM, "filter '%s': %s", o->filter ? o->filter : "",
				strerror(code ? errno : ENOMEM));
	pcap_freecode(&text);
	free(code);
	return rc;
}

/* --- Opening ------------------------------------------------------------------------------------------------------ */

static int fail(struct sonde_error *e, int code, const char *name)
{
	switch (code) {
	case -EPERM: return sonde_privilege_missing(e, "capture");
	case -ENODEV: return sonde_fail(e, code, "cannot capture: there is no interface %s", name);
	case -ENETDOWN: return sonde_fail(e, code, "cannot capture: the interface %s is down", name);
	default: return sonde_fail(e, code, "cannot capture on %s: %s", name, strerror(-code));
	}
}

/* ARPHRD_* of an interface, asked by any socket. Returns a negated errno without one; -ENODEV: there is none. */
static int find_hardware(int fd, uint32_t ifindex)
{
	struct ifreq r = { .ifr_ifindex = (int)ifindex };
	if (ioctl(fd, SIOCGIFNAME, &r) < 0 || ioctl(fd, SIOCGIFHWADDR, &r) < 0)
		return -errno;
	return r.ifr_hwaddr.sa_family;
}

static int find_hardware_first(uint32_t ifindex)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int hardware = find_hardware(fd, ifindex);
	close(fd);
	return hardware;
}

static int set_promiscuous(int fd, uint32_t ifindex)
{
	struct packet_mreq r = { .mr_ifindex = (int)ifindex, .mr_type = PACKET_MR_PROMISC };
	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &r, sizeof r) < 0 ? -errno : 0;
}

/* Frames come from here on. */
static int bind_to(int fd, uint32_t ifindex)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
				  .sll_ifindex = (int)ifindex };
	int down = 0;
	socklen_t len = sizeof down;
	if (bind(fd, (const struct sockaddr *)&at, sizeof at) < 0)
		return -errno;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &down, &len) < 0 ? -errno : -down;
}

/* Loopback shows each frame twice: as it goes out and as it comes in. */
static uint8_t direction_in_kernel(const struct sonde_live_options *o, int hardware)
{
	return hardware == ARPHRD_LOOPBACK && o->direction == SONDE_NO_DIRECTION ? SONDE_INBOUND : o->direction;
}

static int set_up(int fd, const struct sonde_live_options *o, uint16_t link, int hardware, const char *name,
		  struct sonde_error *e)
{
	struct sonde_ring_options ring = ring_options(o);
	const uint8_t direction = direction_in_kernel(o, hardware);
	int rc = attach(fd, o, link, direction, e);
	if (rc)
		return rc;
	/* The filter drops them, too, but only once they are copied. Kernels before 4.20 know no such option. */
	if (direction == SONDE_INBOUND)
		sonde_socket_option(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
	rc = sonde_ring_set_up(fd, &ring);
	if (!rc && o->promiscuous && o->ifindex)
		rc = set_promiscuous(fd, o->ifindex);
	if (!rc)
		rc = bind_to(fd, o->ifindex);
	return rc ? fail(e, rc, name) : 0;
}

int sonde_live_socket(int *fd, const struct sonde_live_options *o, struct sonde_error *e)
{
	char name[SONDE_LINK_NAMELEN] = "any";
	int hardware = -1;
	int rc = o->ifindex ? sonde_link_name(name, o->ifindex, e) : 0;
	*fd = -1;
	if (rc)
		return rc;
	if (o->ifindex && (hardware = find_hardware_first(o->ifindex)) < 0)
		return fail(e, hardware, name);
	uint16_t link = o->ifindex ? link_of((uint16_t)hardware) : LINK_SLL2;
	*fd = socket(AF_PACKET, (is_cooked(link) ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return fail(e, -errno, name);
	rc = set_up(*fd, o, link, hardware, name, e);
	if (rc)
		close(*fd);
	return rc;
}

static int read_link(struct sonde_live *l, const struct sonde_live_options *o, struct sonde_error *e)
{
	int hardware = o->ifindex ? find_hardware(l->fd, o->ifindex) : 0;
	if (hardware < 0)
		return sonde_fail(e, hardware, "cannot capture: %s", strerror(-hardware));
	l->ifindex = o->ifindex;
	l->link = o->ifindex ? link_of((uint16_t)hardware) : LINK_SLL2;
	return is_for_kernel(o, l->link) ? 0 : compile(&l->filter, o, l->link, e);
}

int sonde_live_take(struct sonde_live **out, int fd, const struct sonde_live_options *o, struct sonde_error *e)
{
	struct sonde_ring_options ring = ring_options(o);
	struct sonde_live *l = calloc(1, sizeof *l);
	*out = NULL;
	if (!l) {
		close(fd);
		return sonde_fail(e, -ENOMEM, "cannot capture: no memory");
	}
	l->fd = fd;
	int rc = sonde_ring_map(&l->ring, fd, &ring);
	if (rc)
		sonde_fail(e, rc, "cannot map the capture's ring: %s", strerror(-rc));
	else
		rc = read_link(l, o, e);
	if (rc) {
		sonde_live_close(l);
		return rc;
	}
	*out = l;
	return 0;
}

int sonde_live_open(struct sonde_live **out, const struct sonde_live_options *o, struct sonde_error *e)
{
	int fd;
	int rc = sonde_live_socket(&fd, o, e);
	*out = NULL;
	return rc ? rc : sonde_live_take(out, fd, o, e);
}

void sonde_live_close(struct sonde_live *l)
{
	if (!l)
		return;
	sonde_ring_unmap(&l->ring);
	close(l->fd);
	pcap_freecode(&l->filter);
	free(l);
}

int sonde_live_fd(const struct sonde_live *l)
{
	return l->fd;
}

uint16_t sonde_live_link(const struct sonde_live *l)
{
	return l->link;
}

/* --- Frames ------------------------------------------------------------------------------------------------------- */

/* Put the header of LINKTYPE_LINUX_SLL2 before a packet. */
static void put_sll2(struct sonde_ring_frame *f)
{
	f->bytes -= SLL2_LEN;
	f->len += SLL2_LEN;
	f->wire_len += SLL2_LEN;
	sonde_put_be16(f->bytes, f->protocol);
	sonde_put_be16(f->bytes + 2, 0);
	sonde_put_be32(f->bytes + 4, f->ifindex);
	sonde_put_be16(f->bytes + 8, f->hardware);
	f->bytes[10] = f->type;
	f->bytes[11] = f->addr_len;
	memcpy(f->bytes + 12, f->addr, sizeof f->addr);
}

/* In Ethernet the tag stands behind the addresses, and in cooked packets, whose header then names its type, before the
 * payload. */
static void put_tag(struct sonde_ring_frame *f, uint16_t link)
{
	if (link == LINK_SLL2) {
		sonde_put_be16(f->bytes - 4, f->tag);
		sonde_put_be16(f->bytes - 2, f->protocol);
		f->protocol = f->tag_type;
	} else if (link == 1 && f->len >= TAG_AT) {
		memmove(f->bytes - TAG_LEN, f->bytes, TAG_AT);
		sonde_put_be16(f->bytes - TAG_LEN + TAG_AT, f->tag_type);
		sonde_put_be16(f->bytes - TAG_LEN + TAG_AT + 2, f->tag);
	} else {
		return;
	}
	f->bytes -= TAG_LEN;
	f->len += TAG_LEN;
	f->wire_len += TAG_LEN;
}

static bool passes(const struct sonde_live *l, const struct sonde_ring_frame *f)
{
	const struct pcap_pkthdr header = { .caplen = f->len, .len = f->wire_len };
	return !l->filter.bf_len || pcap_offline_filter(&l->filter, &header, f->bytes);
}

static bool is_echo_of_loopback(const struct sonde_ring_frame *f)
{
	return f->type == PACKET_OUTGOING && f->hardware == ARPHRD_LOOPBACK;
}

/* There is no frame: whether that is because the interface is gone. One that is down may come back. */
static int look_for_end(struct sonde_live *l, struct sonde_error *e)
{
	int error = 0;
	socklen_t len = sizeof error;
	if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error && error != ENETDOWN)
		return sonde_fail(e, -error, "capture: %s", strerror(error));
	/* One that goes is down before, and that is told once. */
	l->is_down |= error == ENETDOWN;
	if (!l->is_down)
		return 0;
	bool is_gone = l->ifindex && find_hardware(l->fd, l->ifindex) == -ENODEV;
	return is_gone ? sonde_fail(e, -ENODEV, "the interface is gone") : 0;
}

int sonde_live_next(struct sonde_record *out, struct sonde_live *l, struct sonde_error *e)
{
	struct sonde_ring_frame f;
	do {
		if (!sonde_ring_next(&f, &l->ring))
			return look_for_end(l, e);
		if (f.has_tag)
			put_tag(&f, l->link);
		if (l->link == LINK_SLL2)
			put_sll2(&f);
	} while ((is_echo_of_loopback(&f) || !passes(l, &f)) && ++l->stats.left_out);
	l->stats.delivered++;
	l->is_down = false;
	*out = (struct sonde_record){
		.time = f.time,
		.bytes = sonde_view(f.bytes, f.len),
		.wire_len = f.wire_len,
		.link = l->link,
		.direction = f.type == PACKET_OUTGOING ? SONDE_OUTBOUND : SONDE_INBOUND,
	};
	return 1;
}

int sonde_live_stop(struct sonde_live *l)
{
	struct sock_filter none = BPF_STMT(BPF_RET | BPF_K, 0);
	const struct sock_fprog program = { 1, &none };
	return setsockopt(l->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) < 0 ? -errno : 0;
}

int sonde_live_look(struct sonde_live_state *out, const struct sonde_live *l)
{
	struct ifreq r = { .ifr_ifindex = (int)l->ifindex };
	if (ioctl(l->fd, SIOCGIFNAME, &r) < 0)
		return -errno;
	memcpy(out->name, r.ifr_name, sizeof out->name);
	if (ioctl(l->fd, SIOCGIFFLAGS, &r) < 0)
		return -errno;
	out->up = r.ifr_flags & IFF_UP;
	return 0;
}

int sonde_live_stats(struct sonde_live_stats *out, struct sonde_live *l, struct sonde_error *e)
{
	struct tpacket_stats_v3 since; /* the last call */
	socklen_t len = sizeof since;
	if (getsockopt(l->fd, SOL_PACKET, PACKET_STATISTICS, &since, &len) < 0)
		return sonde_fail(e, -errno, "capture: %s", strerror(errno));
	l->stats.received += since.tp_packets;
	l->stats.dropped_by_kernel += since.tp_drops;
	*out = l->stats;
	return 0;
}

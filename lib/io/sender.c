#include "io/sender.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/link.h"
#include "io/privilege.h"
#include "io/sender_libnet.h"
#include "io/socket.h"

#define BATCH   64 /* frames in one system call */
#define REPORTS 64 /* the most reports read at a time */

struct sonde_sender {
	struct sonde_sender_options options;
	int fd;
	struct sonde_libnet *libnet; /* NULL: by our own socket */
	struct sonde_sender_counters counters;
	struct mmsghdr messages[BATCH];
	struct iovec vectors[BATCH];
	struct sonde_sockaddr targets[BATCH];
};

static int way_family(enum sonde_sender_way way)
{
	switch (way) {
	case SONDE_SENDER_RAW4:
	case SONDE_SENDER_LIBNET_RAW4: return AF_INET;
	case SONDE_SENDER_RAW6:
	case SONDE_SENDER_LIBNET_RAW6: return AF_INET6;
	default: return AF_PACKET;
	}
}

static int raw4_prepare(int fd, const struct sonde_sender_options *o)
{
	int rc = sonde_socket_option(fd, IPPROTO_IP, IP_HDRINCL, 1);
	if (rc == 0) /* without it connection tracking reassembles our fragments */
		rc = sonde_socket_option(fd, IPPROTO_IP, IP_NODEFRAG, 1);
	return rc == 0 ? sonde_socket_option(fd, SOL_SOCKET, SO_BROADCAST, o->broadcast) : rc;
}

static int socket_prepare(int fd, const struct sonde_sender_options *o)
{
	int rc = fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0 ? -errno : 0;
	if (rc == 0 && o->send_bytes)
		rc = sonde_socket_option(fd, SOL_SOCKET, SO_SNDBUF, (int)o->send_bytes);
	if (rc < 0)
		return rc;
	if (way_family(o->way) == AF_PACKET) {
		struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)o->ifindex };
		return bind(fd, (const struct sockaddr *)&at, sizeof at) < 0 ? -errno : 0;
	}
	/* IP_RECVERR, which this sets, also makes the kernel report that its queue was full. */
	bool v4 = way_family(o->way) == AF_INET;
	rc = sonde_socket_prepare(fd, v4 ? SONDE_IP4 : SONDE_IP6,
				  &(struct sonde_socket_options){ .ifindex = o->ifindex });
	return rc == 0 && v4 ? raw4_prepare(fd, o) : rc;
}

int sonde_sender_socket(int *fd, const struct sonde_sender_options *o, struct sonde_error *e)
{
	static const char what[] = "open a raw socket";
	char name[SONDE_LINK_NAMELEN];
	int family = way_family(o->way);
	*fd = -1;
	if (family == AF_PACKET && !o->ifindex)
		return sonde_fail(e, -ENODEV, "a frame needs an interface to go out of");
	/* The kernel binds a raw socket to an index that does not exist, and then finds no route. */
	int rc = o->ifindex ? sonde_link_name(name, o->ifindex, e) : 0;
	if (rc < 0)
		return rc;
	/* A packet socket of protocol 0 only sends: no frame is queued in it. So does IPPROTO_RAW, whose packets have
	 * their IP header. */
	*fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, family == AF_PACKET ? 0 : IPPROTO_RAW);
	rc = *fd < 0 ? -errno : socket_prepare(*fd, o);
	if (rc < 0 && *fd >= 0)
		close(*fd);
	if (rc == -EPERM)
		return sonde_privilege_missing(e, what);
	return rc < 0 ? sonde_fail(e, rc, "cannot %s: %s", what, strerror(-rc)) : 0;
}

/* The name of the interface that a socket is bound to; empty without one. */
static int interface_name(char out[static SONDE_LINK_NAMELEN], int fd, uint32_t ifindex)
{
	struct ifreq request = { .ifr_ifindex = (int)ifindex };
	memset(out, 0, SONDE_LINK_NAMELEN);
	if (ifindex && ioctl(fd, SIOCGIFNAME, &request) < 0)
		return -errno;
	memcpy(out, request.ifr_name, SONDE_LINK_NAMELEN);
	return 0;
}

int sonde_sender_take(struct sonde_sender **out, int fd, const struct sonde_sender_options *o, struct sonde_error *e)
{
	char name[SONDE_LINK_NAMELEN];
	struct sonde_sender *s = calloc(1, sizeof *s);
	int rc = s ? interface_name(name, fd, o->ifindex) : -ENOMEM;
	*out = NULL;
	if (rc < 0)
		sonde_fail(e, rc, "cannot open a raw socket: %s", strerror(-rc));
	else if (o->way >= SONDE_SENDER_LIBNET_RAW4)
		rc = sonde_libnet_take(&s->libnet, fd, o->way, name, e);
	if (rc < 0) {
		close(fd);
		free(s);
		return rc;
	}
	s->fd = fd;
	s->options = *o;
	*out = s;
	return 0;
}

int sonde_sender_open(struct sonde_sender **out, const struct sonde_sender_options *o, struct sonde_error *e)
{
	int fd;
	int rc = sonde_sender_socket(&fd, o, e);
	*out = NULL;
	return rc < 0 ? rc : sonde_sender_take(out, fd, o, e);
}

void sonde_sender_close(struct sonde_sender *s)
{
	if (!s)
		return;
	if (s->libnet)
		sonde_libnet_close(s->libnet);
	else if (s->fd >= 0)
		close(s->fd);
	free(s);
}

int sonde_sender_fd(const struct sonde_sender *s)
{
	return s->fd;
}

const struct sonde_sender_counters *sonde_sender_counters(const struct sonde_sender *s)
{
	return &s->counters;
}

/* The MTU that the kernel reports for a raw packet that was too long. All reports are read: poll(2) returns at once
 * while one is left. */
static uint32_t reported_mtu(int fd)
{
	struct sonde_socket_report report;
	uint32_t mtu = 0;
	for (int i = 0; i < REPORTS && sonde_socket_report(&report, fd); i++)
		if (report.result == -EMSGSIZE)
			mtu = report.info;
	return mtu;
}

static uint32_t interface_mtu(int fd, uint32_t ifindex)
{
	struct ifreq request = { .ifr_ifindex = (int)ifindex };
	if (ioctl(fd, SIOCGIFNAME, &request) < 0 || ioctl(fd, SIOCGIFMTU, &request) < 0)
		return 0;
	return (uint32_t)request.ifr_mtu;
}

static void frame_refuse(struct sonde_sender *s, struct sonde_outgoing *frame, int code)
{
	frame->result = code;
	frame->mtu = 0;
	s->counters.refused[sonde_refusal(code)]++;
	if (code == -EMSGSIZE)
		frame->mtu = way_family(s->options.way) == AF_PACKET ? interface_mtu(s->fd, s->options.ifindex)
			: reported_mtu(s->fd);
}

/* Frames that another core has written are fetched together here; the kernel would wait for each as it copies it. */
static void batch_fetch(const struct sonde_outgoing *frames, size_t n)
{
	const size_t line = 64;
	for (size_t i = 0; i < n; i++)
		for (size_t at = 0; at < frames[i].bytes.len; at += line)
			__builtin_prefetch(frames[i].bytes.data + at);
}

static void batch_prepare(struct sonde_sender *s, const struct sonde_outgoing *frames, size_t n)
{
	bool raw = way_family(s->options.way) != AF_PACKET;
	for (size_t i = 0; i < n; i++) {
		s->vectors[i] = (struct iovec){ (void *)(uintptr_t)frames[i].bytes.data, frames[i].bytes.len };
		/* Older kernels take a port other than 0 for the protocol, and refuse it (raw(7)). */
		s->targets[i] = raw ? sonde_sockaddr(&frames[i].dst, 0) : (struct sonde_sockaddr){ .len = 0 };
		s->messages[i] = (struct mmsghdr){ .msg_hdr = {
			.msg_iov = &s->vectors[i], .msg_iovlen = 1,
			.msg_name = s->targets[i].len ? &s->targets[i].any : NULL, .msg_namelen = s->targets[i].len,
		} };
	}
}

/* Hand the frames from `at` on to the kernel. Returns how many it took, or why it took none. */
static int batch_transmit(struct sonde_sender *s, const struct sonde_outgoing *frames, size_t at, size_t n)
{
	if (s->libnet) {
		int rc = sonde_libnet_write(s->libnet, &frames[at]);
		return rc < 0 ? rc : 1;
	}
	int sent = sendmmsg(s->fd, &s->messages[at], (unsigned)(n - at), MSG_DONTWAIT);
	return sent < 0 ? -errno : sent;
}

/* Returns how many frames have a result. sendmmsg stops at a refused frame and says why only if that frame is the first
 * of the call. */
static size_t batch_send(struct sonde_sender *s, struct sonde_outgoing *frames, size_t n)
{
	size_t at = 0;
	batch_fetch(frames, n);
	if (!s->libnet)
		batch_prepare(s, frames, n);
	while (at < n) {
		int sent = batch_transmit(s, frames, at, n);
		if (sent == -EAGAIN)
			break;
		if (sent == -EINTR)
			continue;
		if (sent < 0) {
			frame_refuse(s, &frames[at++], sent);
			continue;
		}
		for (size_t end = at + (size_t)sent; at < end; at++) {
			frames[at].result = 0;
			s->counters.sent++;
			s->counters.bytes += frames[at].bytes.len;
		}
	}
	return at;
}

size_t sonde_sender_send(struct sonde_sender *s, struct sonde_outgoing *frames, size_t n)
{
	size_t done = 0;
	while (done < n) {
		size_t batch = n - done < BATCH ? n - done : BATCH;
		size_t sent = batch_send(s, frames + done, batch);
		done += sent;
		if (sent < batch)
			break;
	}
	return done;
}

int sonde_sender_explain(struct sonde_error *e, const struct sonde_outgoing *frame)
{
	if (frame->result == 0)
		return 0;
	return sonde_refusal_explain(e, frame->result, frame->mtu, frame->bytes.len);
}

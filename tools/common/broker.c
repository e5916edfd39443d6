#include "tools/common/broker.h"

#include <linux/capability.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "io/neigh.h"
#include "io/netlink.h"
#include "io/privilege.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"

#define MOST_RING (64u << 20) /* bytes: of a capture's ring, and */
#define MOST_SNAP 262144      /* of a frame in it */

enum kind { CAPTURE = 1, SENDER, NEIGHBOUR, APPEAR, NEXT, OWNER, N_KINDS };

struct request {
	uint32_t kind; /* enum kind */
	union {
		struct sonde_live_options capture; /* its filter is NULL */
		struct sonde_sender_options sender;
		struct {
			uint32_t ifindex;
			struct sonde_addr hop;
		} neighbour;
		struct owner_question owner;
	};
};

struct answer {
	int code; /* 0, or why not, */
	struct sonde_error error; /* with its text */
	struct owner_answer owner;
};

/* --- The broker --------------------------------------------------------------------------------------------------- */

struct service {
	const struct broker *b;
	struct sonde_netlink *netlink;
	struct owner_finder finder;
	struct owner_answer owner; /* that was found */
};

static bool rotates(const struct broker *b)
{
	return b->output && b->output->series.path;
}

/* Each of these checks its request, and does it. Returns 0 or a negative code; *fd is the socket that was made. */

static int make_capture(int *fd, struct service *s, const struct request *r, struct sonde_error *e)
{
	struct sonde_live_options o = r->capture;
	if (!s->b->sockets || o.filter || !o.ifindex || o.direction > SONDE_OUTBOUND || o.promiscuous ||
	    o.ring_bytes > MOST_RING || o.snap > MOST_SNAP || o.block_ns < 0 || o.block_ns > SONDE_S)
		return sonde_fail(e, -EINVAL, "the broker makes no such capture");
	return sonde_live_socket(fd, &o, e);
}

static int make_sender(int *fd, struct service *s, const struct request *r, struct sonde_error *e)
{
	struct sonde_sender_options o = r->sender;
	if (!s->b->sockets || o.way > SONDE_SENDER_LIBNET_LINK || (o.broadcast && !s->b->broadcast) || o.send_bytes)
		return sonde_fail(e, -EINVAL, "the broker makes no such sender");
	return sonde_sender_socket(fd, &o, e);
}

static int ask_neighbour(int *fd, struct service *s, const struct request *r, struct sonde_error *e)
{
	const struct sonde_addr *hop = &r->neighbour.hop;
	(void)fd;
	if (!s->netlink || (hop->family != SONDE_IP4 && hop->family != SONDE_IP6))
		return sonde_fail(e, -EINVAL, "the broker asks for no such neighbour");
	return sonde_neigh_ask(s->netlink, r->neighbour.ifindex, hop);
}

static int name_output(int *fd, struct service *s, const struct request *r, struct sonde_error *e)
{
	(void)fd;
	(void)r;
	if (!s->b->output)
		return sonde_fail(e, -EINVAL, "the broker has no output file");
	return sonde_output_appear(s->b->output);
}

/* The name follows from the one that was fixed before, and a number. */
static int open_next(int *fd, struct service *s, const struct request *r, struct sonde_error *e)
{
	(void)r;
	if (!rotates(s->b))
		return sonde_fail(e, -EINVAL, "the broker has no other output file");
	return sonde_output_next_for(fd, s->b->output);
}

static int find_owner(int *fd, struct service *s, const struct request *r, struct sonde_error *e)
{
	(void)fd;
	if (!s->b->owners)
		return sonde_fail(e, -EINVAL, "the broker looks for no owners");
	return owner_find(&s->owner, &s->finder, &r->owner);
}

static void serve_one(int channel, struct service *s, const struct request *r, size_t len)
{
	typedef int service_function(int *fd, struct service *, const struct request *, struct sonde_error *);
	static service_function *const services[N_KINDS] = {
		[CAPTURE] = make_capture, [SENDER] = make_sender, [NEIGHBOUR] = ask_neighbour, [APPEAR] = name_output,
		[NEXT] = open_next,	 [OWNER] = find_owner,
	};
	struct answer a = { .code = -EINVAL };
	int fd = -1;
	if (len == sizeof *r && r->kind > 0 && r->kind < N_KINDS)
		a.code = services[r->kind](&fd, s, r, &a.error);
	if (a.code == 0 && r->kind == OWNER)
		a.owner = s->owner;
	if (a.code == 0 && fd >= 0)
		channel_answer(channel, &a, sizeof a, fd);
	else
		channel_answer(channel, &a, sizeof a, -1);
	if (a.code == 0 && fd >= 0)
		close(fd);
}

/* To create names in a directory of somebody else, root needs the capabilities over files; Landlock keeps them to that
 * directory. The next files go to the owner of the first. */
static uint64_t needs(const struct broker *b)
{
	uint64_t caps = 0;
	if (b->sockets)
		caps |= SONDE_PRIVILEGE_KEEP(CAP_NET_RAW) | SONDE_PRIVILEGE_KEEP(CAP_NET_ADMIN);
	if (b->output)
		caps |= SONDE_PRIVILEGE_KEEP(CAP_DAC_OVERRIDE) | SONDE_PRIVILEGE_KEEP(CAP_FOWNER);
	if (rotates(b))
		caps |= SONDE_PRIVILEGE_KEEP(CAP_CHOWN);
	if (b->owners)
		caps |= SONDE_PRIVILEGE_KEEP(CAP_SYS_PTRACE) | SONDE_PRIVILEGE_KEEP(CAP_DAC_READ_SEARCH);
	return caps;
}

static void serve(int channel, void *arg)
{
	const struct broker *b = arg;
	struct service s = { .b = b };
	struct request r;
	size_t len;
	const struct sandbox sandbox = { .name = b->owners ? "broker-owners" : rotates(b) ? "broker-files" : "broker",
					 .keep = needs(b),
					 .sees = b->owners,
					 .output = b->output ? b->output->target : NULL,
					 .writes = rotates(b) };
	if (b->sockets && sonde_netlink_open(&s.netlink, NULL))
		return;
	if (b->owners && owner_finder_open(&s.finder))
		return;
	if (sandbox_apply(NULL, &sandbox, NULL))
		return;
	while ((len = channel_next(channel, &r, sizeof r)) > 0)
		serve_one(channel, &s, &r, len);
	/* What has no name by now gets none. */
	if (b->output)
		sonde_output_close(b->output);
}

/* --- The command -------------------------------------------------------------------------------------------------- */

static int ask_for(struct answer *a, struct broker *b, const struct request *r, int *fd, struct sonde_error *e)
{
	int rc = channel_ask(&b->channel, r, sizeof *r, a, sizeof *a, fd);
	if (rc)
		return sonde_fail(e, rc, "the broker does not answer: %s", sonde_strerror(rc));
	if (a->code && e)
		*e = a->error;
	return a->code;
}

static int ask(struct broker *b, const struct request *r, int *fd, struct sonde_error *e)
{
	struct answer a;
	return ask_for(&a, b, r, fd, e);
}

/* The descriptor that the broker made. */
static int ask_fd(struct broker *b, const struct request *r, int *fd, struct sonde_error *e)
{
	int rc = ask(b, r, fd, e);
	return rc || *fd >= 0 ? rc : sonde_fail(e, -EMFILE, "no more descriptors: %s", sonde_strerror(-EMFILE));
}

static int open_capture(void *arg, int *fd, const struct sonde_live_options *o, struct sonde_error *e)
{
	struct request r = { .kind = CAPTURE, .capture = *o };
	return ask_fd(arg, &r, fd, e);
}

static int open_sender(void *arg, int *fd, const struct sonde_sender_options *o, struct sonde_error *e)
{
	struct request r = { .kind = SENDER, .sender = *o };
	return ask_fd(arg, &r, fd, e);
}

static int have_asked(void *arg, uint32_t ifindex, const struct sonde_addr *hop)
{
	struct request r = { .kind = NEIGHBOUR, .neighbour = { ifindex, *hop } };
	return ask(arg, &r, NULL, NULL);
}

static int have_named(void *arg)
{
	struct request r = { .kind = APPEAR };
	return ask(arg, &r, NULL, NULL);
}

static int have_opened(void *arg, int *fd)
{
	struct request r = { .kind = NEXT };
	return ask_fd(arg, &r, fd, NULL);
}

int broker_owner(struct broker *b, struct owner_answer *out, const struct owner_question *q)
{
	struct request r = { .kind = OWNER, .owner = *q };
	struct answer a;
	int rc = ask_for(&a, b, &r, NULL, NULL);
	*out = rc ? (struct owner_answer){ 0 } : a.owner;
	return rc;
}

void broker_connect(struct broker *b)
{
	b->opener = (struct sonde_opener){ b, open_capture, open_sender, have_asked };
	b->namer = (struct sonde_output_namer){ b, have_named, have_opened };
}

int broker_start(struct broker *b)
{
	broker_connect(b);
	int rc = channel_start(&b->channel, "sonde-broker", serve, b);
	if (rc) {
		message_code(rc, "cannot start the broker");
		return STATUS_SYSTEM;
	}
	if (b->output)
		b->output->namer = &b->namer;
	return 0;
}

void broker_stop(struct broker *b)
{
	channel_stop(&b->channel);
}

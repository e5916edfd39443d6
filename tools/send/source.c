#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file_read.h"
#include "proto/arp.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/common/targets.h"
#include "tools/send/send.h"

#define MANY_PACKETS 65536 /* a set of more needs -c or --all */

/* --- Reading ----------------------------------------------------------------------------------------------------- */

static const char *name_of(const struct source *s)
{
	return files_name(s->so->file ? s->so->file : s->so->capture);
}

/* Errors in a file name their line. */
static int print_mistake(const struct source *s, const struct sonde_error *e)
{
	struct sonde_error with_line = *e;
	if (s->text) {
		sonde_fail(&with_line, e->code, "%s, line %u: %s", name_of(s), s->line_number, e->what);
		if (e->hint[0])
			sonde_hint(&with_line, "%s", e->hint);
	}
	message_error(&with_line);
	return STATUS_USAGE;
}

static int parse_words(struct source *s)
{
	const struct sonde_notation_env env = lookup_env(&s->lookup, true);
	struct sonde_error e = { 0 };
	int err = s->so->n_words == 1
			  ? sonde_notation_parse(&s->spec, s->so->words[0], strlen(s->so->words[0]), &env, &e)
			  : sonde_notation_parse_words(&s->spec, s->so->n_words, s->so->words, &env, &e);
	return err ? print_mistake(s, &e) : 0;
}

/* Parse the next line that holds a packet. Returns 1, 0 at the end, or an exit status. */
static int parse_line(struct source *s)
{
	const struct sonde_notation_env env = lookup_env(&s->lookup, false);
	struct sonde_error e = { 0 };
	struct sonde_file_line line;
	while (s->at < s->len) {
		const char *start = s->text + s->at, *end = memchr(start, '\n', s->len - s->at);
		size_t len = end ? (size_t)(end - start) : s->len - s->at;
		s->at += len + 1;
		s->line_number++;
		if (sonde_notation_line(&line, start, len, &e))
			return print_mistake(s, &e);
		if (line.kind == SONDE_LINE_EMPTY)
			continue;
		int err = sonde_notation_parse(&s->spec, (const char *)line.packet.data, line.packet.len, &env, &e);
		return err ? print_mistake(s, &e) : 1;
	}
	return 0;
}

static int too_many(const struct source *s)
{
	if (s->count <= MANY_PACKETS || s->so->all || s->o->count)
		return 0;
	message("these sets make %llu packets: -c N sends the first N, --all sends them all",
		(unsigned long long)s->count);
	return STATUS_USAGE;
}

/* Make ready the next spec. Returns 1, 0 at the end of the last round, or an exit status. */
static int next_spec(struct source *s)
{
	int got = s->text ? parse_line(s) : s->at++ == 0 ? 1 : 0;
	if (got == 1 && s->text && overlay_lay(&s->overlay, &s->spec))
		got = STATUS_USAGE;
	if (got != 1)
		return got;
	s->count = sonde_spec_count(&s->spec, s->so->zip);
	s->next = 0;
	int refused = too_many(s);
	return refused ? refused : 1;
}

/* With many packets, find out whether they can be stamped. */
static void try_stamping(struct source *s)
{
	const uint64_t many = 16;
	static uint8_t room[3 * SONDE_SERIES_BYTES];
	struct sonde_packet scratch;
	if (s->text || s->so->capture || (s->count < many && s->o->count < many))
		return;
	sonde_packet_init(&scratch, room, sizeof room);
	s->stamps = sonde_series_open(&s->series, &s->spec, s->o->seed, s->so->zip, &scratch);
}

static void rewind_all(struct source *s)
{
	s->at = 0;
	s->line_number = 0;
	s->count = s->next = 0;
	s->n = 0;
	s->round = 0;
	s->left_out = s->no_flow = 0;
	s->peeked = s->has_first = false;
	sonde_reader_close(s->reader);
	s->reader = NULL;
}

/* Make ready a spec that has packets left. Returns 1, 0 at the end, or an exit status. */
static int find_spec(struct source *s)
{
	/* -c N: N packets, beginning again as often as it takes. */
	if (s->o->count && s->n == s->o->count)
		return 0;
	while (s->next == s->count) {
		/* The words are one spec. */
		if (s->o->count && s->n > 0 && !s->text) {
			s->next = 0;
			break;
		}
		int got = next_spec(s);
		if (got == 0 && s->o->count && s->n > 0) {
			uint64_t n = s->n;
			rewind_all(s);
			s->n = n;
			got = next_spec(s);
		}
		if (got != 1)
			return got;
	}
	return 1;
}

int source_stamp(struct source *s, struct sonde_batch *b, unsigned most)
{
	if (!s->stamps)
		return 0;
	for (b->n = 0; b->n < most && find_spec(s) == 1; b->n++) {
		uint8_t *frame = b->stamped + b->n * SONDE_BATCH_FRAME;
		sonde_series_stamp(frame, &s->series, s->next++, s->n++);
		b->items[b->n].dst = sonde_series_dst(&s->series, frame);
	}
	b->shape = &s->series.shape;
	b->source_slot = s->series.source_slot;
	return b->n > 0;
}

int source_next(struct source *s, struct sonde_packet *p)
{
	struct sonde_error e = { 0 };
	int got = s->so->capture ? 1 : find_spec(s);
	if (got != 1)
		return got;
	if (s->so->capture)
		return s->o->count && s->n == s->o->count ? 0 : replay_next(s, p);
	if (sonde_spec_packet(p, &s->spec, s->next++, s->o->seed, s->so->zip, &e))
		return print_mistake(s, &e);
	s->n++;
	return 1;
}

/* A capture is read more than once, so that standard input has to be buffered. */
static int open_capture(struct source *s, const char *path)
{
	struct stat st;
	s->fd = files_open_fd(path);
	if (s->fd < 0) {
		message("cannot read %s: %s", path, sonde_strerror(s->fd));
		return STATUS_USAGE;
	}
	if (files_is_stdin(path))
		return files_buffer_stdin();
	if (fstat(s->fd, &st) || S_ISREG(st.st_mode))
		return 0;
	message("%s is no regular file, and it is read more than once: cat it into -r -", path);
	return STATUS_USAGE;
}

int source_open(struct source *s, const struct options *o, const struct send_options *so)
{
	*s = (struct source){ .o = o, .so = so };
	sonde_originators_init(&s->originators, sonde_key_from_seed(o->seed));
	int status = files_refuse_itself(o->write, so->file ? so->file : so->capture);
	if (!status)
		status = overlay_open(&s->overlay, o);
	if (status)
		return status;
	if (!o->dry_run)
		consent_prepare();
	if (so->capture)
		return open_capture(s, so->capture);
	if (!so->file) {
		status = parse_words(s);
		return status ? status : overlay_lay(&s->overlay, &s->spec);
	}
	FILE *in = files_open(so->file);
	if (!in)
		return STATUS_USAGE;
	s->text = files_read(in, &s->len, FILES_TEXT_MAX);
	if (!s->text)
		message("cannot read %s: %s", name_of(s), strerror(errno));
	files_close(in);
	return s->text ? 0 : STATUS_USAGE;
}

void source_close(struct source *s)
{
	lookup_free(&s->lookup);
	overlay_close(&s->overlay);
	sonde_spec_free(&s->spec);
	sonde_reader_close(s->reader);
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	sonde_originators_free(&s->originators);
	free(s->text);
}

/* --- Consent ----------------------------------------------------------------------------------------------------- */

bool source_dst(struct sonde_addr *out, const struct sonde_packet *p)
{
	out->family = SONDE_NO_ADDR;
	for (int i = 0; i < p->n_layers && !out->family; i++)
		*out = sonde_row_addr(p, i, p->layers[i].proto->dst_place);
	return out->family != SONDE_NO_ADDR;
}

/* -4 and -6 let packets of one family pass. */
static int check_family(const struct source *s, const struct sonde_addr *dst)
{
	struct sonde_error e = { 0 };
	if (!s->o->family || s->o->family == dst->family)
		return 0;
	sonde_fail(&e, SONDE_E_KIND, "an IPv%d packet, and -%d lets only the other family pass", dst->family,
		   s->o->family);
	return print_mistake(s, &e);
}

/* --source is for packets that leave their source open, and is of their family. */
static int check_source(const struct source *s, const struct sonde_packet *p)
{
	struct sonde_error e = { 0 };
	int layer = 0, row = -1;
	while (s->o->source.family && sonde_next_open(p, &layer, &row)) {
		const struct sonde_layer *l = &p->layers[layer];
		const struct sonde_field *f = &l->proto->fields[row];
		if (l->quoted || !f->kind || !f->kind->family ||
		    sonde_slots(p, layer)[row].width == 8 * sonde_addr_len(&s->o->source))
			continue;
		sonde_fail(&e, SONDE_E_KIND, "--source is an IPv%d address, and %s %s takes none", s->o->source.family,
			   l->proto->name, f->name);
		return print_mistake(s, &e);
	}
	return 0;
}

static int check_dst(const struct source *s, struct consent *consent, const struct sonde_addr *dst)
{
	int refused = check_family(s, dst);
	return refused ? refused : consent_check(consent, s->o, dst);
}

int source_check_dst(struct source *s, struct consent *consent, const struct sonde_packet *p)
{
	struct sonde_addr dst;
	int arp = sonde_find(p, &sonde_arp);
	if (arp >= 0)
		dst = sonde_row_addr(p, arp, SONDE_ARP_TPA);
	if (arp >= 0 && dst.family)
		return check_family(s, &dst);
	return source_dst(&dst, p) ? check_dst(s, consent, &dst) : 0;
}

/* Whether the packet is one that may go out. */
static int check_packet(struct source *s, struct consent *consent, struct sonde_packet *p)
{
	struct sonde_error e = { 0 };
	if (!sonde_finish(p))
		return source_check_dst(s, consent, p);
	sonde_check_fit(p, &e);
	return print_mistake(s, &e);
}

/* Packets that can be stamped can be built: only their destinations are checked. */
static int check_stamped(struct source *s, struct consent *consent)
{
	uint8_t frame[SONDE_SERIES_BYTES];
	uint64_t n = s->o->count ? s->o->count : s->count;
	int refused = 0;
	if (sonde_series_has_one_dst(&s->series))
		n = 1;
	for (uint64_t i = 0; !refused && i < n; i++) {
		sonde_series_stamp(frame, &s->series, i % s->count, i);
		struct sonde_addr dst = sonde_series_dst(&s->series, frame);
		refused = check_dst(s, consent, &dst);
	}
	return refused;
}

static int check_built(struct source *s, struct consent *consent)
{
	static uint8_t room[SONDE_MAX_FRAME];
	struct sonde_packet p;
	int got, refused = 0;
	sonde_packet_init(&p, room, sizeof room);
	while (!refused && (got = source_next(s, &p)) == 1) {
		refused = check_source(s, &p);
		if (refused)
			break;
		if (s->n == 1)
			try_stamping(s);
		if (s->stamps)
			return check_stamped(s, consent);
		refused = check_packet(s, consent, &p);
	}
	return refused ? refused : got;
}

int source_check(struct source *s)
{
	struct consent consent = { 0 };
	int refused = check_built(s, &consent);
	/* A file without packets makes a copy without packets. */
	bool copies = s->o->dry_run && s->o->write && s->so->only == SONDE_FLOW_NONE;
	if (!refused && s->n == 0 && !copies) {
		message("%s: no packet in it%s", name_of(s),
			s->so->only == SONDE_FLOW_NONE ? "" : " from that side of a flow");
		refused = STATUS_USAGE;
	}
	rewind_all(s);
	return refused;
}

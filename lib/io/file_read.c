#include "io/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/pcap_read.h"
#include "io/file_filter.h"
#include "io/input.h"

#define BATCH           256
#define MOST_INTERFACES 65536       /* of a section */
#define MOST_TEXTS      (64u << 20) /* bytes of their texts */
#define SEARCH_BYTES    (512u << 10) /* looked through at once: behind damage, for a first interface */

struct sonde_reader {
	char *name;
	struct sonde_input input;
	bool is_pcapng;
	struct sonde_pcap_file pcap;
	struct sonde_pcapng_file pcapng;
	struct sonde_pcapng_seen *seen; /* room for n_seen interfaces; their texts are ours */
	uint32_t n_seen;
	size_t texts;                   /* bytes of them */
	int fd;                         /* that was opened here, or -1 */
	struct sonde_filter *filter;    /* or NULL */
	bool owns_filter;
	sonde_reader_block *take;       /* or NULL */
	void *arg;
	struct sonde_record records[BATCH];
	unsigned n, at;                 /* records there are; those that sonde_reader_next has returned */
	size_t parsed;                  /* bytes of the input that they view */
	uint8_t *comments;              /* several comments of a frame, joined */
	struct sonde_reader_stats stats;
	int ended;                      /* 1: at the end; negative: by this code, again and again */
	bool goes_on;
	struct sonde_error error;       /* of that code */
};

/* --- What is wrong ------------------------------------------------------------------------------------------------ */

static int fail_at(struct sonde_reader *r, struct sonde_error *e, uint64_t offset, int code, const char *text)
{
	return sonde_fail(e, code, "%s, after frame %" PRIu64 ", byte %" PRIu64 "%s: %s", r->name, r->stats.frames,
			  offset, r->input.decompressor ? " of what is decompressed" : "", text);
}

/* From here on, every call returns the same. */
static int end(struct sonde_reader *r, struct sonde_error *e, int code)
{
	r->ended = code < 0 ? code : 1;
	r->goes_on = false;
	if (code < 0 && e != &r->error)
		r->error = *e;
	return code;
}

/* The input ended, and not behind a whole record: `there` bytes of one are there. */
static int fail_end(struct sonde_reader *r, struct sonde_error *e, size_t there)
{
	const struct sonde_input *in = &r->input;
	char text[120];
	if (in->ended == 1) {
		snprintf(text, sizeof text, "the file is truncated: %zu bytes of a %s are there", there,
			 r->is_pcapng ? "block" : "record");
		fail_at(r, e, r->input.offset, SONDE_E_TRUNCATED, text);
		sonde_hint(e, "what comes before is whole");
		return end(r, e, SONDE_E_TRUNCATED);
	}
	bool compression = in->ended == SONDE_E_TRUNCATED || in->ended == SONDE_E_MALFORMED;
	if (!compression)
		return end(r, e, sonde_fail(e, in->ended, "cannot read %s: %s", r->name, sonde_strerror(in->ended)));
	snprintf(text, sizeof text, "the %s stream is %s at byte %" PRIu64 " of the file%s%s",
		 sonde_compression_name(in->compression), in->ended == SONDE_E_TRUNCATED ? "cut" : "damaged",
		 in->raw_offset, in->what ? ": " : "", in->what ? in->what : "");
	fail_at(r, e, r->input.offset, in->ended, text);
	sonde_hint(e, "what comes before is whole");
	return end(r, e, in->ended);
}

/* Look for a block behind the damage at the beginning of the input. Returns false when there is none up to the end. */
static bool resume(struct sonde_reader *r, size_t *skipped)
{
	struct sonde_input *in = &r->input;
	*skipped = 0;
	for (;;) {
		bool more = sonde_input_need(in, SEARCH_BYTES);
		struct sonde_view v = sonde_input_view(in);
		size_t at = sonde_pcapng_resume(&r->pcapng, v);
		bool found = at < v.len;
		/* A block may begin here that ends behind what is there. */
		size_t n = found || !more ? at : v.len / 2;
		sonde_input_skip(in, n);
		*skipped += n;
		if (found || !more)
			return found;
	}
}

/* A block is damaged. len: what it has, if that is known. */
static int fail_block(struct sonde_reader *r, struct sonde_error *e, size_t len)
{
	char text[160];
	const char *fault = r->pcapng.fault;
	uint64_t at = r->input.offset;
	size_t skipped = len;
	bool found = true;
	if (len)
		sonde_input_skip(&r->input, len);
	else
		found = resume(r, &skipped);
	r->stats.skipped_bytes += skipped;
	snprintf(text, sizeof text, "%s (%" PRIu32 "); %s%zu bytes are skipped", fault, r->pcapng.value,
		 found ? "" : "no block is found behind it: ", skipped);
	fail_at(r, e, at, SONDE_E_MALFORMED, text);
	r->goes_on = found;
	return found ? SONDE_E_MALFORMED : end(r, e, SONDE_E_MALFORMED);
}

/* --- Interfaces --------------------------------------------------------------------------------------------------- */

static void forget_interfaces(struct sonde_reader *r)
{
	for (uint32_t i = 0; i < r->n_seen; i++)
		free((uint8_t *)(uintptr_t)r->seen[i].name.data);
	r->n_seen = 0;
	r->texts = 0;
}

/* The three texts are copied into one piece of memory, each with a zero byte behind it. */
static bool own_texts(struct sonde_pcapng_seen *i)
{
	struct sonde_view *const texts[] = { &i->name, &i->description, &i->filter };
	uint8_t *at = malloc(i->name.len + i->description.len + i->filter.len + 3);
	for (size_t k = 0; at && k < 3; k++) {
		if (texts[k]->len)
			memcpy(at, texts[k]->data, texts[k]->len);
		at[texts[k]->len] = 0;
		texts[k]->data = at;
		at += texts[k]->len + 1;
	}
	return at != NULL;
}

/* Returns false without memory, or where the file asks for too much. */
static bool add_interface(struct sonde_reader *r)
{
	bool grows = (r->n_seen & (r->n_seen - 1)) == 0; /* at each power of 2 */
	if (r->n_seen == MOST_INTERFACES || r->texts > MOST_TEXTS)
		return false;
	if (grows) {
		struct sonde_pcapng_seen *grown =
			reallocarray(r->seen, r->n_seen ? 2 * (size_t)r->n_seen : 1, sizeof *grown);
		if (!grown)
			return false;
		r->pcapng.interfaces = r->seen = grown;
	}
	struct sonde_pcapng_seen *i = &r->seen[r->n_seen];
	sonde_pcapng_take_interface(i, &r->pcapng);
	if (!own_texts(i))
		return false;
	r->texts += i->name.len + i->description.len + i->filter.len;
	r->pcapng.n = ++r->n_seen;
	return true;
}

const struct sonde_pcapng_seen *sonde_reader_interface(const struct sonde_reader *r, uint32_t number)
{
	uint32_t n = number - r->pcapng.before;
	return r->is_pcapng && n < r->n_seen ? &r->seen[n] : NULL;
}

/* --- Opening ------------------------------------------------------------------------------------------------------ */

static int prepare_filter(struct sonde_reader *r, uint16_t link, struct sonde_error *e)
{
	return r->filter ? sonde_filter_prepare(r->filter, link, e) : 0;
}

static int open_fail(struct sonde_reader *r, struct sonde_error *e, int code, const char *text)
{
	if (code == SONDE_E_TRUNCATED && r->input.ended < 0)
		return fail_end(r, e, sonde_input_view(&r->input).len);
	return sonde_fail(e, code, "cannot read %s: %s", r->name, text);
}

static int start_pcap(struct sonde_reader *r, struct sonde_error *e)
{
	struct sonde_pcap_file *f = &r->pcap;
	const size_t usual = 24;
	sonde_input_need(&r->input, usual);
	int rc = sonde_pcap_open(f, sonde_input_view(&r->input));
	if (rc == SONDE_E_TRUNCATED && sonde_input_need(&r->input, SONDE_PCAP_HEAD_MOST))
		rc = sonde_pcap_open(f, sonde_input_view(&r->input));
	if (rc == SONDE_E_UNSUPPORTED)
		return sonde_fail(e, rc, "cannot read %s: %s (%" PRIu32 ")", r->name, f->fault, f->value);
	if (rc < 0)
		return open_fail(r, e, rc, f->fault);
	sonde_input_skip(&r->input, (size_t)rc);
	return prepare_filter(r, f->link, e);
}

/* Compile the filter for the first interface, if one is described at the beginning: mistakes in it are told early. */
static int try_filter(struct sonde_reader *r, struct sonde_error *e)
{
	struct sonde_pcapng_file f = r->pcapng;
	struct sonde_pcapng_seen seen;
	struct sonde_record record;
	size_t at = 0, len;
	int kind;
	do {
		struct sonde_view v = sonde_input_view(&r->input);
		kind = sonde_pcapng_next(&record, &len, &f, sonde_view_sub(v, at, v.len));
		if (kind == SONDE_PCAPNG_SECTION)
			sonde_pcapng_take_section(&f);
		at += kind > 0 ? len : 0;
	} while (kind == SONDE_PCAPNG_SECTION || kind == SONDE_PCAPNG_OTHER ||
		 (kind == 0 && at + len <= SEARCH_BYTES && sonde_input_need(&r->input, at + len)));
	if (kind != SONDE_PCAPNG_INTERFACE)
		return 0;
	sonde_pcapng_take_interface(&seen, &f);
	return prepare_filter(r, seen.link, e);
}

static int start_pcapng(struct sonde_reader *r, struct sonde_error *e)
{
	struct sonde_record none;
	size_t len = 0;
	int kind;
	while ((kind = sonde_pcapng_next(&none, &len, &r->pcapng, sonde_input_view(&r->input))) == 0)
		if (!sonde_input_need(&r->input, len))
			return open_fail(r, e, SONDE_E_TRUNCATED, "the file ends within its section header");
	r->is_pcapng = true;
	if (len == 0)
		return open_fail(r, e, SONDE_E_FORMAT, "not a capture file");
	return r->filter ? try_filter(r, e) : 0;
}

static int start(struct sonde_reader *r, int fd, const struct sonde_input_growth *g, struct sonde_error *e)
{
	static const uint8_t section[] = { 0x0a, 0x0d, 0x0d, 0x0a };
	int rc = sonde_input_take_growing(&r->input, fd, g);
	if (rc < 0)
		return sonde_fail(e, rc, "cannot read %s: %s", r->name, sonde_strerror(rc));
	sonde_input_need(&r->input, sizeof section);
	if (r->input.ended < 0 && r->input.ended > -4096)
		return fail_end(r, e, 0);
	struct sonde_view first = sonde_view_sub(sonde_input_view(&r->input), 0, sizeof section);
	return sonde_view_equal(first, sonde_view(section, sizeof section)) ? start_pcapng(r, e) : start_pcap(r, e);
}

int sonde_reader_take(struct sonde_reader **out, int fd, const char *name, struct sonde_filter *filter,
		      struct sonde_error *e)
{
	return sonde_reader_take_growing(out, fd, name, filter, NULL, e);
}

int sonde_reader_take_growing(struct sonde_reader **out, int fd, const char *name, struct sonde_filter *filter,
			      const struct sonde_input_growth *g, struct sonde_error *e)
{
	struct sonde_reader *r = calloc(1, sizeof *r);
	struct sonde_error unwanted;
	*out = NULL;
	if (!r || !(r->name = strdup(name))) {
		free(r);
		return sonde_fail(e, -ENOMEM, "cannot read %s: no memory", name);
	}
	r->fd = -1;
	r->filter = filter;
	int rc = start(r, fd, g, e ? e : &unwanted);
	if (rc < 0) {
		sonde_reader_close(r);
		return rc;
	}
	*out = r;
	return 0;
}

int sonde_reader_open(struct sonde_reader **out, const char *path, const char *filter, struct sonde_error *e)
{
	bool is_standard = strcmp(path, "-") == 0;
	const char *name = is_standard ? "standard input" : path;
	struct sonde_filter *f = NULL;
	*out = NULL;
	if (filter && filter[0] && sonde_filter_new(&f, filter))
		return sonde_fail(e, -ENOMEM, "cannot read %s: no memory", name);
	int fd = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? sonde_fail(e, -errno, "cannot read %s: %s", name, strerror(errno))
			: sonde_reader_take(out, fd, name, f, e);
	if (rc) {
		sonde_filter_free(f);
		if (fd > 0 && !is_standard)
			close(fd);
		return rc;
	}
	(*out)->fd = is_standard ? -1 : fd;
	(*out)->owns_filter = true;
	return 0;
}

void sonde_reader_close(struct sonde_reader *r)
{
	if (!r)
		return;
	forget_interfaces(r);
	sonde_input_close(&r->input);
	if (r->owns_filter)
		sonde_filter_free(r->filter);
	if (r->fd >= 0)
		close(r->fd);
	free(r->seen);
	free(r->comments);
	free(r->name);
	free(r);
}

void sonde_reader_on_block(struct sonde_reader *r, sonde_reader_block *take, void *arg)
{
	r->take = take;
	r->arg = arg;
}

void sonde_reader_keep(struct sonde_reader *r, const struct sonde_input_rooms *rooms)
{
	r->input.rooms = *rooms;
}

bool sonde_reader_goes_on(const struct sonde_reader *r)
{
	return r->goes_on;
}

struct sonde_reader_stats sonde_reader_stats(const struct sonde_reader *r)
{
	struct sonde_reader_stats stats = r->stats;
	stats.unfit_times = r->pcapng.unfit;
	return stats;
}

/* --- Records ------------------------------------------------------------------------------------------------------ */

/* A block that is no packet. Records that were read before it are to be handed out before. */
static int take_block(struct sonde_reader *r, int kind, struct sonde_error *e)
{
	if (kind == SONDE_PCAPNG_SECTION) {
		forget_interfaces(r);
		sonde_pcapng_take_section(&r->pcapng);
	}
	if (kind == SONDE_PCAPNG_INTERFACE && !add_interface(r)) {
		fail_at(r, e, r->input.offset, -ENOMEM, "no memory for the descriptions of its interfaces");
		return end(r, e, -ENOMEM);
	}
	if (r->take)
		r->take(r->arg, &r->pcapng);
	if (kind != SONDE_PCAPNG_INTERFACE)
		return 0;
	int rc = prepare_filter(r, r->seen[r->n_seen - 1].link, e);
	r->goes_on = rc == SONDE_E_SYNTAX;
	return r->goes_on || rc == 0 ? rc : end(r, e, rc);
}

static bool has_several_comments(const struct sonde_record *r)
{
	struct sonde_view one;
	size_t at = 0;
	unsigned n = 0;
	while (sonde_pcapng_option(&one, r->options, r->big_endian, SONDE_PCAPNG_COMMENT, &at))
		n++;
	return n > 1;
}

/* Several comments are lines of one. Without memory, the next call says so. */
static void join_comments(struct sonde_reader *r, struct sonde_record *out)
{
	struct sonde_view one;
	size_t at = 0, len = 0;
	uint8_t *room = realloc(r->comments, out->options.len);
	if (!room) {
		end(r, &r->error, sonde_fail(&r->error, -ENOMEM, "cannot read %s: no memory", r->name));
		return;
	}
	r->comments = room;
	while (sonde_pcapng_option(&one, out->options, out->big_endian, SONDE_PCAPNG_COMMENT, &at)) {
		if (len)
			room[len++] = '\n';
		if (one.len)
			memcpy(room + len, one.data, one.len);
		len += one.len;
	}
	out->comment = sonde_view(room, len);
}

/* The item behind what was parsed. Returns an enum sonde_pcapng_kind, 0 when it is not whole, or a negative code. */
static inline int parse(struct sonde_record *out, size_t *len, struct sonde_reader *r)
{
	struct sonde_view v = sonde_input_view(&r->input);
	v.data += r->parsed;
	v.len -= r->parsed;
	return r->is_pcapng ? sonde_pcapng_next(out, len, &r->pcapng, v) : sonde_pcap_next(out, len, &r->pcap, v);
}

/* Take the records that are in memory, up to the next item that is none. Returns what that is, as parse does, and how
 * long. */
static int take_records(size_t *len, struct sonde_reader *r)
{
	while (r->n < BATCH) {
		struct sonde_record *out = &r->records[r->n];
		int kind = parse(out, len, r);
		if (kind != SONDE_PCAPNG_PACKET)
			return kind;
		r->parsed += *len;
		r->stats.frames++;
		if (r->filter && !sonde_filter_passes(r->filter, out))
			continue;
		r->n++;
		/* The room for joined comments is that of one record, which ends the batch. */
		if (out->comment.len && has_several_comments(out)) {
			join_comments(r, out);
			break;
		}
	}
	return SONDE_PCAPNG_PACKET;
}

/* Nothing is parsed, and nothing whole is there: read on. Returns 1; 0 at the end; or a negative code. */
static int read_on(struct sonde_reader *r, size_t len, struct sonde_error *e)
{
	if (sonde_input_need(&r->input, len))
		return 1;
	size_t there = sonde_input_view(&r->input).len;
	if (there == 0 && r->input.ended == 1)
		return end(r, e, 0);
	/* A damaged length leads behind the end of the file. */
	if (r->is_pcapng && r->input.ended == 1 &&
	    sonde_pcapng_resume(&r->pcapng, sonde_input_view(&r->input)) < there) {
		r->pcapng.fault = "a block of more bytes than the file has";
		r->pcapng.value = (uint32_t)len;
		return fail_block(r, e, 0);
	}
	return fail_end(r, e, there);
}

/* Take the len bytes at the beginning of the input that are no record. Returns 1 to go on, 0 at the end, or a code. */
static int take_other(struct sonde_reader *r, int kind, size_t len, struct sonde_error *e)
{
	if (kind == 0)
		return read_on(r, len, e);
	if (kind < 0 && r->is_pcapng)
		return fail_block(r, e, len);
	if (kind < 0) {
		char text[80];
		snprintf(text, sizeof text, "%s (%" PRIu32 ")", r->pcap.fault, r->pcap.value);
		return end(r, e, fail_at(r, e, r->input.offset, kind, text));
	}
	int rc = take_block(r, kind, e);
	sonde_input_skip(&r->input, len);
	return rc < 0 ? rc : 1;
}

int sonde_reader_batch(const struct sonde_record **out, struct sonde_reader *r, struct sonde_error *e)
{
	struct sonde_error unwanted;
	size_t len = 0;
	e = e ? e : &unwanted;
	r->n = r->at = 0;
	if (r->ended < 0)
		*e = r->error;
	if (r->ended)
		return r->ended < 0 ? r->ended : 0;
	for (;;) {
		sonde_input_skip(&r->input, r->parsed);
		r->parsed = 0;
		int kind = take_records(&len, r);
		if (r->n)
			break;
		if (r->parsed) /* none of them passes the filter */
			continue;
		int rc = take_other(r, kind, len, e);
		if (rc <= 0)
			return rc;
	}
	*out = r->records;
	return (int)r->n;
}

int sonde_reader_next(struct sonde_record *out, struct sonde_reader *r, struct sonde_error *e)
{
	const struct sonde_record *records;
	if (r->at == r->n) {
		int got = sonde_reader_batch(&records, r, e);
		if (got <= 0)
			return got;
	}
	*out = r->records[r->at++];
	return 1;
}

#include "tools/common/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "io/file_write.h"
#include "io/privilege.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/status.h"

#define ARGUMENTS_LEN 32768 /* that are kept; routes follow them */
#define FIRST_CAP     64
#define LINE_LEN      256

int record_create(struct sonde_writer **out, struct sonde_error *e, const char *path, struct sonde_view comment,
		  bool live, const struct sonde_rotation *r)
{
	static const char application[] = "sonde " SONDE_VERSION;
	const struct sonde_pcapng_section section = {
		.application = sonde_view(application, strlen(application)),
		.comment = comment,
	};
	sonde_privilege_as_user(true);
	int err = sonde_writer_open_series(out, path, &section, live, r, e);
	sonde_privilege_as_user(false);
	if (err == -EACCES || err == -EPERM)
		err = sonde_writer_open_series(out, path, &section, live, r, e);
	return err;
}

int record_open(struct sonde_writer **out, const struct options *o, char *const *argv, bool live)
{
	char comment[ARGUMENTS_LEN];
	struct sonde_error e;
	struct sonde_text t = sonde_text(comment, sizeof comment);
	*out = NULL;
	if (!o->write)
		return 0;
	for (char *const *a = argv; *a; a++)
		sonde_text_fmt(&t, "%s%s", a == argv ? "" : " ", *a);
	sonde_text_cut(&t, t.len < sizeof comment - 64 ? t.len : sizeof comment - 64);
	sonde_text_fmt(&t, "; seed %llu; version " SONDE_VERSION, (unsigned long long)o->seed);
	if (!record_create(out, &e, o->write, sonde_view(comment, t.len), live, &o->rotation))
		return 0;
	message_error(&e);
	return STATUS_SYSTEM;
}

int record_write(struct sonde_writer *w, const char *iface, const struct sonde_record *r)
{
	struct sonde_pcapng_interface i = { .name = sonde_view(iface, iface ? strlen(iface) : 0), .link = r->link };
	return record_write_as(w, &i, r);
}

int record_write_as(struct sonde_writer *w, const struct sonde_pcapng_interface *i, const struct sonde_record *r)
{
	struct sonde_error e;
	struct sonde_record copy = *r;
	if (!w)
		return 0;
	int err = sonde_writer_interface(&copy.interface, w, i, &e);
	if (!err)
		err = sonde_writer_put(w, &copy, &e);
	if (err)
		message_error(&e);
	return err ? STATUS_SYSTEM : 0;
}

uint16_t record_link(const struct sonde_packet *p)
{
	return p->n_layers ? (uint16_t)sonde_number_in(p->layers[0].proto, SONDE_SPACE_LINK, SONDE_LINK_RAW)
			   : SONDE_LINK_RAW;
}

int record_close(struct sonde_writer *w, int status)
{
	struct sonde_error e;
	if (w && status >= STATUS_USAGE && sonde_writer_frames(w) == 0) {
		sonde_writer_discard(w);
		return status;
	}
	bool told = w && sonde_writer_has_failed(w);
	if (told && sonde_writer_kept(w))
		message("%llu of %llu packets are in the file", (unsigned long long)sonde_writer_kept(w),
			(unsigned long long)sonde_writer_frames(w));
	if (w && sonde_writer_bare(w))
		message("pcap has no room for time, direction or comments; packets that lost one: %llu",
			(unsigned long long)sonde_writer_bare(w));
	if (sonde_writer_close(w, &e) == 0)
		return status;
	if (!told)
		message_error(&e);
	return STATUS_SYSTEM;
}

const char *record_verdict(char out[static RECORD_VERDICT_LEN], const struct sonde_rule *rule, const char *remark)
{
	out[0] = 0;
	if (rule)
		snprintf(out, RECORD_VERDICT_LEN, "%s: %s (rule %s)%s%s", sonde_state_name(rule->state), rule->text,
			 rule->name, remark ? ", " : "", remark ? remark : "");
	return out;
}

/* --- Routes ------------------------------------------------------------------------------------------------------ */

static size_t slot_of(const struct record_routes *r, uint64_t hash)
{
	size_t at = (size_t)hash & (r->cap - 1);
	while (r->slots[at] && r->slots[at] != hash)
		at = (at + 1) & (r->cap - 1);
	return at;
}

static bool grow(struct record_routes *r)
{
	size_t was = r->cap, cap = was ? 2 * was : FIRST_CAP;
	uint64_t *old = r->slots, *slots = calloc(cap, sizeof *slots);
	if (!slots)
		return false;
	r->slots = slots;
	r->cap = cap;
	for (size_t i = 0; i < was; i++)
		if (old[i])
			r->slots[slot_of(r, old[i])] = old[i];
	free(old);
	return true;
}

/* Remember the line. Without memory it counts as new: a line twice is better than none. */
static bool is_new(struct record_routes *r, struct sonde_view line)
{
	uint64_t hash = sonde_siphash((struct sonde_key){ 0, 0 }, line);
	hash += hash == 0;
	if (r->n >= r->cap / 2 && !grow(r))
		return true;
	size_t at = slot_of(r, hash);
	if (r->slots[at])
		return false;
	r->slots[at] = hash;
	r->n++;
	return true;
}

/* The source address of the outermost IP header. */
static struct sonde_addr source_of(const struct sonde_packet *p)
{
	struct sonde_addr src = { .family = SONDE_NO_ADDR };
	for (int i = 0; i < p->n_layers && !src.family; i++)
		src = sonde_row_addr(p, i, p->layers[i].proto->src_place);
	return src;
}

/* As ip-route(8) writes it. */
static size_t put_line(char line[static LINE_LEN], const struct sonde_plan *plan, const struct sonde_addr *src)
{
	char addr[SONDE_ADDR_STRLEN];
	struct sonde_text t = sonde_text(line, LINE_LEN);
	sonde_text_fmt(&t, "route %s%s", plan->is_local ? "local " : "", sonde_addr_format(addr, &plan->dst));
	if (plan->hop.family && !sonde_addr_equal(&plan->hop, &plan->dst))
		sonde_text_fmt(&t, " via %s", sonde_addr_format(addr, &plan->hop));
	if (src->family)
		sonde_text_fmt(&t, " src %s", sonde_addr_format(addr, src));
	sonde_text_fmt(&t, " dev %s", plan->iface);
	return t.len;
}

void record_route(struct record_routes *r, struct sonde_writer *w, const struct sonde_plan *plan,
		  const struct sonde_packet *p)
{
	char line[LINE_LEN];
	struct sonde_addr src = source_of(p);
	/* A route that there is no room for is recorded when it is used again. */
	if (!w || !plan->dst.family || r->len + RECORD_VERDICT_LEN + LINE_LEN > sizeof r->lines)
		return;
	size_t len = put_line(line, plan, &src);
	if (!is_new(r, sonde_view(line, len)) || sonde_writer_note(w, sonde_view(line, len), NULL) == 0)
		return;
	r->lines[r->len++] = '\n';
	memcpy(r->lines + r->len, line, len);
	r->len += len;
}

struct sonde_view record_comment(struct record_routes *r, const char *said)
{
	size_t len = strnlen(said, RECORD_VERDICT_LEN), lines = r->len;
	/* The verdict comes first; without one there is no empty line. */
	size_t skip = len == 0 && lines > 0;
	memmove(r->lines + len, r->lines + skip, lines - skip);
	memcpy(r->lines, said, len);
	r->len = 0;
	return sonde_view(r->lines, len + lines - skip);
}

void record_routes_free(struct record_routes *r)
{
	free(r->slots);
	r->slots = NULL;
	r->n = r->cap = r->len = 0;
}

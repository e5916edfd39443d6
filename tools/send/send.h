/* What the parts of `sonde send` share: options, the source of packets, output. */
#ifndef SONDE_TOOLS_SEND_SEND_H
#define SONDE_TOOLS_SEND_SEND_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/tuple.h"
#include "flow/originator.h"
#include "packet/map.h"
#include "packet/match.h"
#include "capture/record.h"
#include "packet/series.h"
#include "packet/spec.h"
#include "probe/asker.h"
#include "session/session.h"
#include "tools/common/json.h"
#include "tools/common/lookup.h"
#include "tools/common/loop.h"
#include "tools/common/names.h"
#include "tools/common/options.h"
#include "tools/common/overlay.h"
#include "tools/common/targets.h"

struct sonde_reader;
struct sonde_writer;

#define SEND_MAX_WORDS 1024
#define SEND_MAX_MAPS  64

struct send_options {
	char *words[SEND_MAX_WORDS]; /* the packet on the command line */
	int n_words;
	const char *file;   /* -f, or NULL */
	const char *capture; /* -r, or NULL */
	uint64_t loops;     /* how often the capture is sent; after the options, at least once */
	struct sonde_map maps[SEND_MAX_MAPS]; /* of its addresses */
	unsigned n_maps;
	enum sonde_flow_side only; /* the frames of the capture that are sent; SONDE_FLOW_NONE: all */
	const char *form;   /* -o, or NULL */
	bool packets;       /* -o packets: nothing but notation */
	enum sonde_via via;
	const char *way;    /* its name, or NULL */
	bool no_wait, zip, all;
	bool expect_none;   /* --expect none: silence is what is wanted */
	bool expects;       /* --expect PATTERN: an answer that matches is */
	struct sonde_spec expect;
	bool answers;       /* --on */
	struct sonde_spec on;
	struct sonde_addr as; /* --as; of family 0: not given */
	uint64_t retries;   /* of a conversation's lines whose answer does not come */
	uint64_t replies;   /* to wait for, for each packet; UINT64_MAX: all that come in time */
	uint32_t fragment;  /* bytes of IP a fragment has at most; 0: whole */
};

/* --- Where packets come from (source.c) -------------------------------------------------------------------------- */

struct source {
	const struct options *o;
	const struct send_options *so;
	struct sonde_spec spec; /* of the words, or of the line at hand, with all of --set on top */
	struct overlay overlay; /* --set */
	char *text;             /* the whole file, or NULL */
	size_t len, at;
	unsigned line_number;
	uint64_t count;         /* packets of the current spec */
	bool stamps;            /* they can be stamped, out of series */
	struct sonde_series series;
	uint64_t next;          /* the number of the next one */
	uint64_t round;
	uint64_t n;             /* packets given so far */
	struct lookup lookup;
	struct sonde_reader *reader;          /* of the capture */
	int fd;                      /* of the capture of -r */
	sonde_time first;                     /* the time of its first frame that has one */
	bool has_first;
	struct sonde_record record;           /* its next frame, if peeked */
	bool peeked;                          /* record was read and is still to be sent */
	sonde_time offset_ns;                 /* when it is due, counted from the first frame */
	struct sonde_originators originators; /* of --only */
	uint64_t left_out;                    /* frames of the other side */
	uint64_t no_flow;                     /* frames of no side: without a 5-tuple */
};

/* Read the words, or the file and check every line of it. Returns 0 or an exit status after a message. */
int source_open(struct source *s, const struct options *o, const struct send_options *so);
void source_close(struct source *s);

/* Build the next packet into p, which has a buffer; open fields stay open. Returns 1, 0 at the end, or an exit status
 * (2 or more) after a message. s->spec then says what the frame layer said. */
int source_next(struct source *s, struct sonde_packet *p);

/* Read the next frame of the capture, unless it was read already (replay.c). Returns 1, 0 at the end, or an exit
 * status. */
int source_peek(struct source *s);
/* And build it. Returns as source_next. */
int replay_next(struct source *s, struct sonde_packet *p);

/* Stamp the next packets, `most` at most, into b, instead of building them. Returns 1; 0 when source_next has to be
 * called. */
int source_stamp(struct source *s, struct sonde_batch *b, unsigned most);

/* Walk all packets and refuse what needs a word of consent: too many packets, many or fast packets to other people's
 * addresses, broadcast. Returns 0 or an exit status after a message. */
int source_check(struct source *s);

/* Where a packet goes, by its outermost addresses. Returns false where none says so. */
bool source_dst(struct sonde_addr *out, const struct sonde_packet *p);
/* Whether it may go there. Returns 0 or an exit status after a message. */
int source_check_dst(struct source *s, struct consent *consent, const struct sonde_packet *p);

/* --- Output (print.c) --------------------------------------------------------------------------------------------- */

struct counters {
	uint64_t sent, answered, silent, replies, rejected, unmatched;
	uint64_t unexpected;        /* answered, and not as --expect has it */
	uint64_t dropped;           /* the kernel took them, and they did not leave */
	uint64_t pending;           /* without an answer, when the run was ended before they were given up */
	uint64_t errors;            /* not sent */
	uint64_t early;             /* answers from before their question left */
	uint64_t rx_dropped;        /* frames that came in, and the kernel dropped before they were read */
	uint64_t incomplete;        /* packets that came in fragments, some of which were missing */
	sonde_time elapsed_ns;      /* of the run */
	sonde_time sending_ns;      /* from the first packet to the last */
	uint64_t left_out, no_flow; /* of --only, as in struct source */
};

struct printer {
	const struct options *o;
	const struct send_options *so;
	struct json json;
	struct sonde_writer *writer; /* of -w, or NULL */
	struct names names;          /* of --names */
	bool has_colour;             /* verdicts have */
	char *text;                  /* room for one packet as text */
	char **argv;
	bool has_begun;
};

/* Open the file of -w. Returns 0 or an exit status after a message. */
int printer_open(struct printer *t, const struct options *o, const struct send_options *so, char **argv);
/* Print the first object, or line: the packets are right. */
void printer_begin(struct printer *t);
/* Print the counts so far in a line on standard error, for SIGQUIT. */
void print_status(const struct counters *c);

/* Whether text is printed on standard output: not when that carries JSON or the file of -w. */
bool print_has_stdout(const struct printer *t);
/* A packet in notation, until the next call. */
const char *print_packet(const struct printer *t, const struct sonde_packet *p);
/* The same of one that came: from the IP or ARP layer on, with what tells most of an answer. */
const char *print_came_packet(const struct printer *t, const struct sonde_packet *whole);
void printer_free(struct printer *t);

/* Write the summary and close. Returns the status, or STATUS_SYSTEM when the file could not be written. */
int printer_close(struct printer *t, const struct counters *c, enum loop_end end, int status);

#define SEND_IFACE_LEN 256
/* The interface that the frame layer names, as much of it as there is room for, or "". Returns out. */
const char *frame_iface(char out[static SEND_IFACE_LEN], const struct sonde_spec *spec);
/* The original length of a packet: as the frame layer says, also if that is less than its bytes. */
uint32_t frame_wire(const struct sonde_packet *p, const struct sonde_spec *spec);

/* What --dry-run shows of a packet: the notation and each field's bytes, or with -o packets the line of a file.
 * frame: its number in the file of -w; 0: not there, or not yet. */
void print_dry_run(struct printer *t, uint64_t n, const struct sonde_packet *p, const struct sonde_spec *spec,
	      const struct sonde_plan *plan);
/* Which socket a packet goes by, and why, on standard error. */
void print_path(const struct sonde_plan *plan);
/* A packet was handed over, as plan says. */
void print_sent(struct printer *t, const struct sonde_sent *sent, const struct sonde_plan *plan);

/* Packet n was not sent; messages are for people, this is for JSON. */
void print_refusal(struct printer *t, uint64_t n, int code);

/* A packet that was sent, for the output of its answers. */
struct sent_packet {
	uint64_t n;     /* its number, from 1 */
	uint64_t frame; /* its number in the file of -w; 0: not there, or not yet */
	struct sonde_question question;
	sonde_time sent_at;
	enum sonde_stamp_clock clock; /* of sent_at */
};

/* frame: the number of the answer in the file of -w, or 0. */
void print_reply(struct printer *t, const struct sent_packet *q, const struct sonde_asker_event *e, uint64_t frame);
/* No answer came, or the packet never left: rule says what that means, remark (or NULL) what is wrong with the
 * question. */
void print_no_answer(struct printer *t, const struct sent_packet *q, const struct sonde_rule *rule, bool left,
		     const char *remark);

/* --- Sending (run.c), or not (dry.c) ------------------------------------------------------------------------------ */

/* Send all packets of the source and wait for their answers. Returns the exit status. */
int send_run(struct source *s, struct printer *t);
/* Build all and show them. Returns the exit status. */
int send_dry(struct source *s, struct printer *t);

#endif

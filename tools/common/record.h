/* The file of -w, which all commands write in the same way. */
#ifndef SONDE_TOOLS_COMMON_RECORD_H
#define SONDE_TOOLS_COMMON_RECORD_H

#include "capture/pcapng_write.h"
#include "capture/record.h"
#include "session/session.h"

struct options;
struct sonde_rotation;
struct sonde_writer;

/* Create the file at path, or a series of them (sonde_writer_open_series), with a comment and this program's name and
 * version in its head; *out is for sonde_writer_close. Returns 0, or a negative code with the reason in e. */
int record_create(struct sonde_writer **out, struct sonde_error *e, const char *path, struct sonde_view comment,
		  bool live, const struct sonde_rotation *r);

/* Create the file of -w, with the arguments, the seed and the version in its comment; *out is for record_close, and
 * NULL without -w. Returns 0, or STATUS_SYSTEM after a message. */
int record_open(struct sonde_writer **out, const struct options *o, char *const *argv, bool live);

/* Add a record to the file (NULL: there is none), under the interface of that name (or NULL) and the record's link
 * type. Returns 0, or STATUS_SYSTEM after a message. */
int record_write(struct sonde_writer *w, const char *iface, const struct sonde_record *r);
/* The same, under an interface that is described as *i. */
int record_write_as(struct sonde_writer *w, const struct sonde_pcapng_interface *i, const struct sonde_record *r);

/* The link type of a packet that was built: its first layer's, or that of packets without a link layer. */
uint16_t record_link(const struct sonde_packet *p);

/* Complete and close the file (NULL: there is none). A run that failed without a frame leaves what was there before.
 * Returns status, or STATUS_SYSTEM after a message. */
int record_close(struct sonde_writer *w, int status);

#define RECORD_VERDICT_LEN 256
/* What a rule (NULL: nothing, "") and a remark (or NULL) say of an answer, for the comment of its frame. Returns
 * out. */
const char *record_verdict(char out[static RECORD_VERDICT_LEN], const struct sonde_rule *rule, const char *remark);

#define RECORD_COMMENT_LEN 61440 /* less than a comment can have */

/* The routes that were kept so far, as hashes of their lines. Zeroed, it is empty and ready. */
struct record_routes {
	uint64_t *slots; /* a hash table; 0: free */
	size_t n, cap;   /* routes; slots, a power of 2 */
	size_t len;      /* bytes of the lines that the next frame tells */
	char lines[RECORD_COMMENT_LEN];
};

/* Keep the route of a packet that was sent, each once: in the file's comment, or where that has left already, for
 * record_comment. Without a file, and for packets without IP, nothing is kept. */
void record_route(struct record_routes *r, struct sonde_writer *w, const struct sonde_plan *plan,
		  const struct sonde_packet *p);

/* The comment of the frame that is kept next: what is said of it (or ""), and the routes that wait to be told. It stays
 * until the next record_route. */
struct sonde_view record_comment(struct record_routes *r, const char *said);
void record_routes_free(struct record_routes *r);

#endif

/* What the parts of `sonde probe` share. */
#ifndef SONDE_TOOLS_PROBE_PROBE_H
#define SONDE_TOOLS_PROBE_PROBE_H

#include "io/sockdiag.h"
#include "probe/scan.h"
#include "session/drive.h"
#include "tools/common/channel.h"
#include "tools/common/json.h"
#include "tools/common/loop.h"
#include "tools/common/names.h"
#include "tools/common/options.h"

struct sonde_writer;

/* --- Who is asked (hosts.c) -------------------------------------------------------------------------------------- */

struct probe_name {
	struct sonde_addr addr;
	char *name; /* by which it was given */
};

/* Zeroed, it is empty. */
struct probe_hosts {
	struct sonde_span *spans;
	uint32_t n, cap;
	struct probe_name *names; /* sorted by address once arranged */
	uint32_t n_names, cap_names;
	uint32_t n_unresolved;
	struct sonde_hosts set; /* of the spans, once arranged */
};

/* Add the addresses of a word; words of a file; leave out those of a word; then arrange what is there. Each returns 0
 * or an exit status after a message. */
int probe_hosts_add(struct probe_hosts *h, const char *word, enum sonde_family family);
int probe_hosts_add_file(struct probe_hosts *h, const char *path, enum sonde_family family);
int probe_hosts_exclude(struct probe_hosts *h, const char *word, enum sonde_family family);
int probe_hosts_arrange(struct probe_hosts *h);
/* The name that an address was given by, or NULL. */
const char *probe_hosts_name(const struct probe_hosts *h, const struct sonde_addr *a);
void probe_hosts_free(struct probe_hosts *h);

/* --- What is asked (ports.c) ------------------------------------------------------------------------------------- */

#define PROBE_TOP_PORTS 100 /* when no port is given */

/* The ports of a run. Zeroed, it is empty. */
struct probe_ports {
	struct sonde_scan_port *list; /* sorted by protocol and port; no two alike */
	uint32_t n, cap;
	const char *option; /* that names them in messages; NULL: -p */
	struct sonde_payload *payloads; /* that UDP ports are asked by, */
	uint8_t *payload_room;          /* and their bytes */
};

/* Kinds of probes that ports without a protocol of their own are for. */
struct probe_kinds {
	enum sonde_scan_kind tcp;
	bool has_tcp, has_udp, has_sctp;
};

/* Add the ports of a word: 80, 1-1024, 22,80,443, - for all, names, u:53 for one protocol (t, u, s). Returns 0 or an
 * exit status after a message. */
int probe_ports_add(struct probe_ports *p, const char *word, const struct probe_kinds *kinds);
int probe_ports_add_one(struct probe_ports *p, enum sonde_scan_kind kind, uint64_t port);
/* Add the n most used ones. */
int probe_ports_add_top(struct probe_ports *p, uint64_t n, const struct probe_kinds *kinds);
/* Add what shows whether a host is there. */
int probe_ports_add_discovery(struct probe_ports *p);
/* Let each stand once, sorted, and build what UDP ports are asked by. Returns 0 or an exit status after a message. */
int probe_ports_arrange(struct probe_ports *p);
/* The index of a port in arranged ones; p->n: it is not among them. */
uint32_t probe_ports_find(const struct probe_ports *p, const struct sonde_scan_port *port);
void probe_ports_free(struct probe_ports *p);

/* tcp, udp, sctp, icmp. */
const char *probe_proto(const struct sonde_scan_port *p);
/* syn, ack, ... of a kind of probe (enum sonde_scan_kind) of TCP, NULL of others. */
const char *probe_tcp_kind(unsigned kind);
/* The service that usually has the port, or "". */
const char *probe_service(const struct sonde_scan_port *p);
/* 22/tcp; icmp. The text lasts until the next call. */
const char *probe_port_text(const struct sonde_scan_port *p);

/* --- What is expected (expect.c) --------------------------------------------------------------------------------- */

/* Zeroed, nothing is expected. States are 1 + enum sonde_state, 0 for none. */
struct probe_expect {
	uint8_t *ports;             /* of each port that is asked */
	struct probe_hosts up, down; /* hosts that are there, and that are not */
	bool up_rest, down_rest;    /* these are all that the other does not name */
	bool is_given;
};

struct probe_printer;
struct probe_options;

/* Read the values of --expect, when hosts and ports are arranged. Returns 0 or an exit status after a message. */
int probe_expect_read(struct probe_expect *e, const char *const *words, unsigned n, const struct probe_options *po,
		      enum sonde_family family);
/* Print what is not as expected, and count it. */
void probe_expect_print(struct probe_printer *t);
void probe_expect_free(struct probe_expect *e);

/* --- The run ----------------------------------------------------------------------------------------------------- */

enum probe_form { PROBE_TABLE, PROBE_LIST, PROBE_GREPABLE, PROBE_XML };

struct probe_options {
	enum probe_form form;
	const char *baseline; /* a file, or NULL */
	const char *resume;   /* the same */
	struct probe_hosts hosts;
	struct probe_ports ports;
	struct probe_kinds kinds;
	bool discover, open_only, explain, cross_check, banner, live;
	uint64_t shard, n_shards; /* from 0; 0: one */
	uint64_t tries, ttl;
	uint64_t top_ports;
	struct probe_expect expect;
};

/* Returns the exit status. */
int probe_run(const struct options *o, const struct probe_options *po, char **argv);
/* Print what the runs in these files found, as if it had been one (merge.c). Returns the exit status. */
int probe_merge(const struct options *o, struct probe_options *po, const char *const *files, unsigned n, char **argv);
/* The packets that would be sent. */
int probe_dry(const struct options *o, const struct probe_options *po, char **argv);
/* What the engine is told. */
struct sonde_scan_options probe_engine_options(const struct options *o, const struct probe_options *po);

/* After --set was applied to packet id. Returns 0, or STATUS_USAGE after a message: its answers could not be told. */
int probe_check_overlaid(const struct sonde_scan *scan, struct sonde_packet *p, uint64_t id);

/* --- Without privilege (connects.c) ------------------------------------------------------------------------------ */

struct sonde_connects;

/* Probes by connect(2): what the kernel says of each takes the place of frames. */
struct probe_connects {
	struct sonde_scan *scan;
	struct sonde_connects *connects; /* NULL: frames */
};

/* Whether ports are asked by connect(2). */
bool probe_connects_wanted(const struct probe_options *po);
/* Whether it can do what is asked for. Returns 0 or an exit status after a message. */
int probe_connects_check(const struct options *o, const struct probe_options *po);
/* Returns 0 or an exit status after a message. */
int probe_connects_open(struct probe_connects *c, struct sonde_scan *scan, const struct options *o, uint32_t ifindex);
void probe_connects_close(struct probe_connects *c);
/* How the driver sends and receives by it. */
struct sonde_transport probe_connects_transport(struct probe_connects *c);

/* --- Beside the kernel's sockets (cross.c) ----------------------------------------------------------------------- */

struct probe_printer;

struct probe_cross {
	bool is_on;
	struct sonde_listeners listeners;
};

/* Read this machine's sockets, before the sandbox. Returns 0 or an exit status after a message. */
int probe_cross_open(struct probe_cross *c, const struct probe_options *po);
void probe_cross_close(struct probe_cross *c);
/* Print where they and the verdicts differ, and count it. */
void probe_cross_print(struct probe_printer *t);

/* --- What ports say (banner.c) ----------------------------------------------------------------------------------- */

#define PROBE_BANNER  128   /* bytes of one */
#define PROBE_BANNERS 65536 /* ports that are listened to at most */

struct probe_banner {
	uint64_t host;
	uint32_t port;      /* its number in the ports */
	uint8_t len;        /* 0: it said nothing */
	char text[PROBE_BANNER];
};

/* Sorted by host and port. */
struct probe_banners {
	struct channel channel;
	struct probe_banner *list;
	size_t n, cap;
};

/* Start the process that connects, before the sandbox. Returns 0 or an exit status after a message. */
int probe_banners_open(struct probe_banners *b, const struct options *o);
/* Listen to all open TCP ports, once the run is over. */
void probe_banners_take(struct probe_banners *b, const struct probe_printer *t);
/* What a port said, or NULL. b may be NULL. */
const struct probe_banner *probe_banner(const struct probe_banners *b, const struct sonde_scan_verdict *v);
void probe_banner_print(FILE *out, const struct probe_banner *banner);
void probe_banners_close(struct probe_banners *b); /* zeroed is fine */

/* --- Output (print.c, json.c) ------------------------------------------------------------------------------------ */

/* What was found: by the engine of this run, or by earlier ones. */
struct probe_results {
	struct sonde_addr (*addr)(const struct probe_results *r, uint64_t host);
	void (*host)(struct sonde_scan_host *out, const struct probe_results *r, uint64_t host);
	/* Returns false when the port was not asked. */
	bool (*verdict)(struct sonde_scan_verdict *out, const struct probe_results *r, uint64_t host, uint32_t port);
	uint64_t n_hosts; /* sorted by address */
	const struct sonde_scan_port *ports;
	uint32_t n_ports;
	const struct sonde_scan_counts *counts;
	const void *from; /* struct sonde_scan, struct probe_merge */
};
/* Those of an engine (results.c). */
struct probe_results probe_results_of(const struct sonde_scan *s);

struct probe_frames;
struct probe_past;

struct probe_printer {
	const struct options *o;
	const struct probe_options *po;
	const struct sonde_scan *scan; /* NULL: the results are those of earlier runs */
	struct probe_results r;
	const struct probe_past *baseline; /* NULL: none */
	struct json json;
	struct names *names; /* NULL: numbers */
	struct sonde_writer *writer;
	const struct probe_cross *cross; /* NULL: not compared */
	const struct probe_banners *banners; /* NULL: not listened to */
	const struct probe_frames *frames;   /* NULL: not kept */
	sonde_time began_at; /* monotonic, */
	sonde_time ended_at; /* before the tables are made; 0: it did not end yet */
	bool is_resumed;     /* an earlier run asked some of it */
	sonde_time past_took_ns; /* earlier runs, together */
	double past_rate;
	/* Filled while the results are printed: */
	uint64_t states[SONDE_N_STATES], doubts[SONDE_SCAN_DOUBTS];
	uint64_t n_hosts, n_up, n_down, n_asked, n_mismatches, n_differences;
	uint64_t n_changed, n_only_now, n_only_then; /* hosts and ports; ports that were asked in one run only */
};

/* The host as people read it: 10.0.0.2, or server (10.0.0.2). */
const char *probe_host(const struct probe_printer *t, const struct sonde_addr *a);
/* The verdict about a port of a host, with the doubts that the host's other ports give. Returns false when it is not of
 * this shard. */
bool probe_verdict(struct sonde_scan_verdict *v, const struct probe_printer *t, const struct sonde_scan_host *h,
		   uint64_t host, uint32_t port);
/* The same without the number: the name that it was given by or that the resolver has, or NULL. */
const char *probe_host_name(const struct probe_printer *t, const struct sonde_addr *a);
/* Where what is meant for people goes: not between the lines of another form. */
FILE *probe_text_out(const struct probe_printer *t);
/* Whether a host has anything to show, and whether ports in a state are listed one by one. */
bool probe_is_shown(const struct probe_printer *t, const struct sonde_scan_host *h);
bool probe_is_listed(const struct probe_printer *t, const struct sonde_scan_host *h, enum sonde_state state);
/* Print what is not as it was, and count it (changes.c). */
void probe_changes_print(struct probe_printer *t);
/* Whether the host answered. */
bool probe_is_up(const struct sonde_scan_host *h);
/* The first object; the results of one host; the last line or object. */
void probe_print_begin(struct probe_printer *t, char **argv);
void probe_print_results(struct probe_printer *t);
int probe_print_end(struct probe_printer *t, enum loop_end end, int status);
/* How long the run takes so far; earlier runs, together. */
sonde_time probe_took(const struct probe_printer *t);
/* Packets a second: as asked for, or as was found out. */
double probe_rate(const struct probe_printer *t);
/* How much of the pass at hand was sent, in percent; and the seconds until all of it is, as far as the pace tells, or
 * -1. */
double probe_done(const struct probe_printer *t);
double probe_seconds_left(const struct probe_printer *t);
/* How far it is, on stderr. */
void probe_print_progress(const struct probe_printer *t, bool is_line);

/* The forms of -o but the table (forms.c, xml.c). */
void probe_form_begin(struct probe_printer *t, char **argv);
void probe_form_host(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host);
void probe_form_end(const struct probe_printer *t, enum loop_end end);
/* An answer, as it comes: an open port is a line of the list. All those that are known. */
void probe_form_event(const struct probe_printer *t, const struct sonde_scan_verdict *v);
void probe_form_known(const struct probe_printer *t);
void probe_xml_begin(const struct probe_printer *t, char **argv);
void probe_xml_host(const struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host);
void probe_xml_end(const struct probe_printer *t, enum loop_end end);

void probe_json_begin(struct probe_printer *t, char **argv);
void probe_json_host(struct probe_printer *t, const struct sonde_scan_host *h, uint64_t host);
/* A port; was: the state that it had in an earlier run, or NULL. A host that is up or down, and was not. */
void probe_json_port(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
		     const char *was);
void probe_json_host_changed(struct probe_printer *t, const struct sonde_addr *a, const char *was, const char *is);
/* state, or of a host up and down, is not the one that was expected. v: NULL for a host. */
void probe_json_mismatch(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
			 const char *state, const char *expected);
/* The verdict and the kernel's sockets differ. */
void probe_json_difference(struct probe_printer *t, const struct sonde_addr *a, const struct sonde_scan_verdict *v,
			   bool listens);
void probe_json_end(struct probe_printer *t, enum loop_end end, int status);

#endif

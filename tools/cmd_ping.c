/* sonde ping: is it there, and how far? */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tools/cmd.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/ping/ping.h"

#define DEFAULT_SIZE "56"
#define MAX_SIZE     65507 /* what IPv4 can carry behind its header and that of ICMP or UDP */

enum {
	KEY_ICMP = OPTIONS_OWN_KEY,
	KEY_TCP,
	KEY_UDP,
	KEY_ARP,
	KEY_TTL,
	KEY_DF,
	KEY_TOS,
	KEY_REPORT,
	KEY_EXCLUDE,
	KEY_LIVE
};

static const struct argp_option rows[] = {
	{ "icmp", KEY_ICMP, NULL, 0, "echo requests (the default)", 0 },
	{ "tcp", KEY_TCP, NULL, 0, "TCP SYN to -p PORT", 0 },
	{ "udp", KEY_UDP, NULL, 0, "UDP datagrams to -p PORT", 0 },
	{ "arp", KEY_ARP, NULL, 0, "ARP requests", 0 },
	{ "port", 'p', "PORT", 0, "of TCP (default 80) and UDP (default 33434)", 0 },
	{ "size", 's', "BYTES", 0, "of payload (default 56); of a set (1300-1500), each round takes the next", 0 },
	{ "ttl", KEY_TTL, "N", 0, "TTL, or hop limit", 0 },
	{ "df", KEY_DF, NULL, 0, "do not fragment", 0 },
	{ "tos", KEY_TOS, "N", 0, "type of service, or traffic class", 0 },
	{ "histogram", 'H', NULL, 0, "print a histogram of the times", 0 },
	{ "report", KEY_REPORT, "DUR", 0, "print the counts so far at this interval", 0 },
	{ "live", KEY_LIVE, NULL, 0, "a screen with a row for each target, and a strip of its times", 0 },
	{ "targets", 'T', "FILE", 0, "targets, blank-separated (- for standard input)", 0 },
	{ "exclude", KEY_EXCLUDE, "TARGET", 0, "leave these out", 0 },
	{ 0 },
};

static error_t add_file(struct ping_options *po, const char *arg)
{
	if (po->n_files == sizeof po->files / sizeof *po->files)
		return option_bad("-T is given more than 16 times");
	po->files[po->n_files++] = arg;
	return 0;
}

static error_t add_exclude(struct ping_options *po, const char *arg)
{
	if (po->n_excluded == sizeof po->excluded / sizeof *po->excluded)
		return option_bad("--exclude is given more than 16 times");
	po->excluded[po->n_excluded++] = arg;
	return 0;
}

#define MAX_WORDS 4096
static const char *words[MAX_WORDS];
static unsigned n_words;

static error_t add_word(const char *arg)
{
	if (n_words == MAX_WORDS)
		return option_bad("more than %d targets on the command line: -T FILE takes any number", MAX_WORDS);
	words[n_words++] = arg;
	return 0;
}

static bool read_number(uint64_t *out, const char *s, const char *end)
{
	return end > s && sonde_uint_parse(out, s, (size_t)(end - s)) == 0;
}

/* One part of a set, from s to end. */
static bool read_range(uint64_t *first, uint64_t *last, uint64_t *step, const char *s, const char *end)
{
	const char *dash = memchr(s, '-', (size_t)(end - s)), *colon = memchr(s, ':', (size_t)(end - s));
	*step = 1;
	if (!dash)
		return !colon && read_number(first, s, end) && read_number(last, s, end);
	bool good = read_number(first, s, dash) && read_number(last, dash + 1, colon ? colon : end);
	return good && (!colon || read_number(step, colon + 1, end)) && *step > 0 && *first <= *last;
}

/* The value of -s: a size, or sets of them as the notation has them (64,1300-1500:50). */
static error_t parse_sizes(struct ping_options *po, const char *arg)
{
	uint64_t first, last, step;
	po->n_sizes = 0;
	for (const char *s = arg, *end; s; s = *end ? end + 1 : NULL) {
		end = s + strcspn(s, ",");
		if (!read_range(&first, &last, &step, s, end))
			return option_bad("-s '%s': not a size, nor a set of them (1300-1500, 64-1500:100, 64,1400)",
					  arg);
		if (last > MAX_SIZE)
			return option_bad("-s '%s': from 0 to %d", arg, MAX_SIZE);
		uint64_t n = (last - first) / step + 1;
		uint32_t *more = realloc(po->sizes, (po->n_sizes + n) * sizeof *more);
		if (!more)
			return option_bad("out of memory");
		po->sizes = more;
		for (uint64_t size = first; size <= last; size += step)
			po->sizes[po->n_sizes++] = (uint32_t)size;
	}
	po->size_text = arg;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct ping_options *po = state->input;
	switch (key) {
	case KEY_ICMP: po->kind = SONDE_PING_ICMP; return 0;
	case KEY_TCP: po->kind = SONDE_PING_TCP; return 0;
	case KEY_UDP: po->kind = SONDE_PING_UDP; return 0;
	case KEY_ARP: po->kind = SONDE_PING_ARP; return 0;
	case 'p': return option_uint(&po->port, "-p", arg, 1, UINT16_MAX);
	case 's': return parse_sizes(po, arg);
	case KEY_TTL: return option_uint(&po->ttl, "--ttl", arg, 1, UINT8_MAX);
	case KEY_TOS: return option_uint(&po->tos, "--tos", arg, 0, UINT8_MAX);
	case KEY_DF: po->df = true; return 0;
	case 'H': po->histogram = true; return 0;
	case KEY_REPORT: return option_duration(&po->report_ns, "--report", arg);
	case KEY_LIVE: po->live = true; return 0;
	case 'T': return add_file(po, arg);
	case KEY_EXCLUDE: return add_exclude(po, arg);
	case ARGP_KEY_ARG: return add_word(arg);
	case ARGP_KEY_END: return n_words || po->n_files ? 0 : option_bad("no TARGET");
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "TARGET...",
	.about = "Say whether targets answer, and how long that takes.\v"
		 "TARGET is a name, an address, a prefix or a range (10.0.0.1-20). One target: until stopped, "
		 "once a second; several: once each, side by side, unless -c says otherwise. Both times of a "
		 "round trip are the kernel's stamps of the frames. Exit status: 0 every target answered, 1 not "
		 "every one.",
	.shared = OPTIONS_NETWORK | OPTIONS_COUNT | OPTIONS_PACE | OPTIONS_WRITE | OPTIONS_SET | OPTIONS_JSON |
		  OPTIONS_SEED | OPTIONS_NAMES | OPTIONS_VERBOSE | OPTIONS_DRY | OPTIONS_SAFETY,
	.own = rows,
	.parse = parse,
};

static int read_targets(struct ping_options *po, const struct options *o)
{
	int status = 0;
	for (unsigned i = 0; !status && i < n_words; i++)
		status = targets_add(&po->targets, words[i], o->family);
	for (unsigned i = 0; !status && i < po->n_files; i++)
		status = files_refuse_itself(o->write, po->files[i]);
	for (unsigned i = 0; !status && i < po->n_files; i++)
		status = targets_add_file(&po->targets, po->files[i], o->family);
	for (unsigned i = 0; !status && i < po->n_excluded; i++)
		status = targets_exclude(&po->targets, po->excluded[i], o->family);
	if (!status)
		status = targets_unique(&po->targets);
	if (!status && po->targets.n == 0) {
		if (!po->targets.n_unresolved)
			message("no target is left");
		status = STATUS_USAGE;
	}
	return status ? status : targets_check(&po->targets, o);
}

static int check_port(const struct ping_options *po)
{
	if (!po->port || po->kind == SONDE_PING_TCP || po->kind == SONDE_PING_UDP)
		return 0;
	message("-p is a port of --tcp or --udp: say which of the two");
	return STATUS_USAGE;
}

static int choose_family(struct options *o, const struct ping_options *po)
{
	if (po->kind != SONDE_PING_ARP)
		return 0;
	if (o->family == SONDE_IP6) {
		message("--arp asks for IPv4 addresses, and -6 for IPv6 (its neighbour discovery goes before an echo)");
		return STATUS_USAGE;
	}
	o->family = SONDE_IP4;
	return 0;
}

int cmd_ping(int argc, char **argv)
{
	static struct ping_options po;
	struct options o;
	int status = options_parse(&o, &po, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	status = check_port(&po);
	if (!status)
		status = choose_family(&o, &po);
	if (!status)
		status = read_targets(&po, &o);
	if (!po.port)
		po.port = po.kind == SONDE_PING_TCP ? 80 : 33434;
	bool has_payload = po.kind == SONDE_PING_ICMP || po.kind == SONDE_PING_UDP;
	if (!status && (!po.sizes || !has_payload))
		status = parse_sizes(&po, has_payload ? DEFAULT_SIZE : "0") ? STATUS_SYSTEM : 0;
	if (!o.count && ping_has_many(&po) && !po.live)
		o.count = 1;
	if (!status && po.live && (o.json || options_write_stdout(&o) || o.dry_run)) {
		message("--live and %s: one of the two", o.dry_run ? "--dry-run" : o.json ? "--json" : "-w -");
		status = STATUS_USAGE;
	}
	if (!status)
		status = (o.dry_run ? ping_dry : ping_run)(&o, &po, argv);
	targets_free(&po.targets);
	free(po.sizes);
	return status;
}

/* sonde ping: is it there, and how far? */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tools/cmd.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/ports.h"
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
	{ "ports", 'p', "PORTS", 0, "22,80,8000-8010 of TCP (default 80) or UDP (default 33434)", 0 },
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

static const char *port_words[MAX_WORDS];
static unsigned n_port_words;

static error_t add_port_word(const char *arg)
{
	if (n_port_words == MAX_WORDS)
		return option_bad("-p is given more than %d times", MAX_WORDS);
	port_words[n_port_words++] = arg;
	return 0;
}

static int add_port(void *arg, enum ports_proto proto, uint16_t port)
{
	static uint8_t seen[(UINT16_MAX + 1) / 8];
	struct ping_options *po = arg;
	enum ports_proto ours = po->kind == SONDE_PING_TCP ? PORTS_TCP : PORTS_UDP;
	if (!port || (proto && proto != ours)) {
		message("-p: %s", port ? "t: and u: stand for the protocol that is asked: one of the two" :
					 "there is no port 0");
		return STATUS_USAGE;
	}
	if (seen[port / 8] >> port % 8 & 1)
		return 0;
	seen[port / 8] |= (uint8_t)(1u << port % 8);
	if (po->n_ports == po->cap_ports) {
		uint32_t cap = po->cap_ports ? 2 * po->cap_ports : 16;
		uint16_t *more = realloc(po->ports, cap * sizeof *more);
		if (!more)
			return message_out_of_memory();
		po->ports = more;
		po->cap_ports = cap;
	}
	po->ports[po->n_ports++] = port;
	return 0;
}

/* The ports that were given, or the usual one; and of several, each target once for each. */
static int read_ports(struct ping_options *po)
{
	uint32_t n_hosts = po->targets.n;
	int status = 0;
	for (unsigned i = 0; !status && i < n_port_words; i++)
		status = ports_each("-p", port_words[i], add_port, po);
	if (!status && !po->n_ports)
		status = add_port(po, PORTS_ANY, po->kind == SONDE_PING_TCP ? 80 : 33434);
	if (status || po->n_ports == 1)
		return status;
	status = targets_repeat(&po->targets, po->n_ports);
	uint16_t *all = status ? NULL : calloc(po->targets.n, sizeof *all);
	if (!all)
		return status ? status : message_out_of_memory();
	for (uint32_t i = 0; i < n_hosts; i++)
		memcpy(all + (size_t)i * po->n_ports, po->ports, po->n_ports * sizeof *all);
	free(po->ports);
	po->ports = all;
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

static const char *kind_option(const struct ping_options *po)
{
	static const char *const names[] = { "--icmp", "--tcp", "--udp", "--arp" };
	return names[po->kind];
}

static error_t set_kind(struct ping_options *po, enum sonde_ping_kind kind)
{
	struct ping_options other = { .kind = kind };
	if (po->has_kind && po->kind != kind)
		return option_bad("%s and %s: one of the two", kind_option(po), kind_option(&other));
	po->has_kind = true;
	po->kind = kind;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct ping_options *po = state->input;
	switch (key) {
	case KEY_ICMP: return set_kind(po, SONDE_PING_ICMP);
	case KEY_TCP: return set_kind(po, SONDE_PING_TCP);
	case KEY_UDP: return set_kind(po, SONDE_PING_UDP);
	case KEY_ARP: return set_kind(po, SONDE_PING_ARP);
	case 'p': return add_port_word(arg);
	case 's': return parse_sizes(po, arg);
	case KEY_TTL: return option_uint(&po->ttl, "--ttl", arg, 1, UINT8_MAX);
	case KEY_TOS: po->has_tos = true; return option_uint(&po->tos, "--tos", arg, 0, UINT8_MAX);
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
		  OPTIONS_SEED | OPTIONS_NAMES | OPTIONS_VERBOSE | OPTIONS_DRY | OPTIONS_SAFETY | OPTIONS_SANDBOX,
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

/* Options that a kind of ping has no use for. */
static const char *useless_option(const struct ping_options *po, const char **why)
{
	bool has_port = po->kind == SONDE_PING_TCP || po->kind == SONDE_PING_UDP;
	bool has_payload = po->kind == SONDE_PING_ICMP || po->kind == SONDE_PING_UDP;
	*why = "is a port of --tcp or --udp: say which of the two";
	if (n_port_words && !has_port)
		return "-p";
	*why = "is the payload of echoes and UDP datagrams; there is none here";
	if (po->sizes && !has_payload)
		return "-s";
	*why = "is in the IP header, which ARP does not have";
	if (po->kind != SONDE_PING_ARP)
		return NULL;
	return po->ttl ? "--ttl" : po->has_tos ? "--tos" : po->df ? "--df" : NULL;
}

/* Pairs of options of which one would be passed over. */
static bool exclude_each_other(const char **one, const char **other, const struct options *o,
			       const struct ping_options *po)
{
	bool to_stdout = options_write_stdout(o), is_one = !ping_has_many(po);
	const struct {
		bool first, second;
		const char *names[2];
	} pairs[] = {
		{ o->rate_pps, o->interval_ns >= 0 && is_one, { "--rate", "-i" } },
		{ po->live, o->dry_run, { "--live", "--dry-run" } },
		{ po->live, o->json, { "--live", "--json" } },
		{ po->live, to_stdout, { "--live", "-w -" } },
		{ po->live, po->report_ns, { "--live", "--report" } },
		{ po->live, o->verbosity > 0, { "--live", "-v" } },
		{ o->json, po->histogram, { "--json", "-H" } },
		{ o->json, o->names, { "--json", "--names" } },
		{ o->json, o->verbosity > 0, { "--json", "-v" } },
		{ to_stdout, po->histogram, { "-w -", "-H" } },
		{ to_stdout, po->report_ns, { "-w -", "--report" } },
		{ to_stdout, o->names, { "-w -", "--names" } },
		{ to_stdout, o->verbosity > 0, { "-w -", "-v" } },
		{ o->dry_run, po->histogram, { "--dry-run", "-H" } },
		{ o->dry_run, po->report_ns, { "--dry-run", "--report" } },
		{ o->dry_run, o->verbosity > 0, { "--dry-run", "-v" } },
		{ o->dry_run, o->names, { "--dry-run", "--names" } },
	};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		*one = pairs[i].names[0];
		*other = pairs[i].names[1];
		if (pairs[i].first && pairs[i].second)
			return true;
	}
	return false;
}

/* Each option is honoured, or refused. */
static int check_together(const struct options *o, const struct ping_options *po)
{
	const char *one, *other, *why, *useless = useless_option(po, &why);
	if (useless) {
		message("%s %s", useless, why);
		return STATUS_USAGE;
	}
	if (!exclude_each_other(&one, &other, o, po))
		return 0;
	message("%s and %s: one of the two", one, other);
	return STATUS_USAGE;
}

static int choose_family(struct options *o, const struct ping_options *po)
{
	if (!o->family)
		o->family = o->source.family;
	if (po->kind != SONDE_PING_ARP)
		return 0;
	if (o->family == SONDE_IP6) {
		message("--arp asks for IPv4 addresses, and %s for IPv6 (its neighbour discovery goes before an echo)",
			o->source.family ? "--source" : "-6");
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
	status = choose_family(&o, &po);
	if (!status)
		status = read_targets(&po, &o);
	if (!status)
		status = check_together(&o, &po);
	if (!status)
		status = read_ports(&po);
	bool has_payload = po.kind == SONDE_PING_ICMP || po.kind == SONDE_PING_UDP;
	if (!status && (!po.sizes || !has_payload))
		status = parse_sizes(&po, has_payload ? DEFAULT_SIZE : "0") ? STATUS_SYSTEM : 0;
	if (!o.count && ping_has_many(&po) && !po.live)
		o.count = 1;
	if (!status)
		status = (o.dry_run ? ping_dry : ping_run)(&o, &po, argv);
	targets_free(&po.targets);
	free(po.sizes);
	free(po.ports);
	return status;
}

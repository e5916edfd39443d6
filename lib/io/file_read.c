#include "io/file_read.h"

#include <errno.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/live.h"

#define SNAP_LEN 262144 /* libpcap's own limit */

struct sonde_reader {
	pcap_t *pcap;
	char *name;
	uint64_t n_frames; /* read, whether they match the filter or not */
	struct bpf_program filter;
	uint16_t link;
	bool is_pcapng;
	int ended; /* 1: at the end of the file; -1: by a mistake in it */
};

/* libpcap reports a mistake by its text alone. */
static int code_of(const char *text, int otherwise)
{
	static const struct {
		const char *start;
		int code;
	} starts[] = {
		{ "truncated", SONDE_E_TRUNCATED },
		{ "an interface has a type ", SONDE_E_UNSUPPORTED },
		{ "an interface has a snapshot length ", SONDE_E_UNSUPPORTED },
	};
	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (strncmp(text, starts[i].start, strlen(starts[i].start)) == 0)
			return starts[i].code;
	return otherwise;
}

static int start(struct sonde_reader *r, const char *path, struct sonde_error *e)
{
	char text[PCAP_ERRBUF_SIZE];
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	if (!file)
		return sonde_fail(e, -errno, "cannot read %s: %s", r->name, strerror(errno));
	r->pcap = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, text);
	/* A pcapng file of sections alone has no frames, and nothing is wrong with it. */
	if (!r->pcap && strstr(text, "no Interface Description Blocks")) {
		r->pcap = pcap_open_dead(DLT_RAW, SNAP_LEN);
		r->ended = 1;
		if (file != stdin)
			fclose(file);
		return r->pcap ? 0 : sonde_fail(e, -ENOMEM, "cannot read %s: no memory", r->name);
	}
	if (!r->pcap) {
		int code = ferror(file) ? -errno : code_of(text, SONDE_E_FORMAT);
		if (file != stdin)
			fclose(file);
		return sonde_fail(e, code, "cannot read %s: %s", r->name, text);
	}
	r->link = sonde_linktype_from_dlt(pcap_datalink(r->pcap));
	r->is_pcapng = pcap_major_version(r->pcap) == 1; /* a pcap file has 2 */
	return 0;
}

int sonde_reader_open(struct sonde_reader **out, const char *path, const char *filter, struct sonde_error *e)
{
	struct sonde_reader *r = calloc(1, sizeof *r);
	*out = NULL;
	if (r)
		r->name = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
	int rc = r && r->name ? start(r, path, e) : sonde_fail(e, -ENOMEM, "cannot read %s: no memory", path);
	if (rc == 0 && filter && filter[0] && pcap_compile(r->pcap, &r->filter, filter, 1, PCAP_NETMASK_UNKNOWN) < 0)
		rc = sonde_fail(e, SONDE_E_SYNTAX, "filter '%s': %s", filter, pcap_geterr(r->pcap));
	if (rc < 0) {
		sonde_reader_close(r);
		return rc;
	}
	*out = r;
	return 0;
}

void sonde_reader_close(struct sonde_reader *r)
{
	if (!r)
		return;
	pcap_freecode(&r->filter);
	if (r->pcap)
		pcap_close(r->pcap);
	free(r->name);
	free(r);
}

static int next_fail(struct sonde_reader *r, struct sonde_error *e)
{
	const char *text = pcap_geterr(r->pcap);
	long at = ftell(pcap_file(r->pcap)); /* -1 on a pipe */
	int code = code_of(text, SONDE_E_MALFORMED);
	if (at < 0)
		sonde_fail(e, code, "%s, after frame %" PRIu64 ": %s", r->name, r->n_frames, text);
	else
		sonde_fail(e, code, "%s, after frame %" PRIu64 ", byte %ld: %s", r->name, r->n_frames, at, text);
	if (code == SONDE_E_TRUNCATED)
		sonde_hint(e, "the file was cut: what comes before is whole");
	else if (code == SONDE_E_UNSUPPORTED)
		sonde_hint(e, "libpcap reads a file only if all its interfaces are alike");
	return code;
}

/* A pcap file has unsigned 32 bits of seconds since 1970, which libpcap reads as signed; those of a pcapng file may be
 * negative by an offset (if_tsoffset). A damaged file may hold any number. */
static sonde_time time_of(const struct sonde_reader *r, const struct timeval *ts)
{
	uint64_t seconds = r->is_pcapng ? (uint64_t)ts->tv_sec : (uint32_t)ts->tv_sec;
	return (sonde_time)(seconds * SONDE_S + (uint64_t)ts->tv_usec);
}

int sonde_reader_next(struct sonde_record *out, struct sonde_reader *r, struct sonde_error *e)
{
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	if (r->ended)
		return r->ended < 0 ? next_fail(r, e) : 0;
	do {
		int rc = pcap_next_ex(r->pcap, &header, &bytes);
		if (rc != 1) {
			r->ended = rc == PCAP_ERROR_BREAK ? 1 : -1; /* BREAK is the end of a file here */
			return r->ended < 0 ? next_fail(r, e) : 0;
		}
		r->n_frames++;
	} while (r->filter.bf_insns && !pcap_offline_filter(&r->filter, header, bytes));
	*out = (struct sonde_record){
		.time = time_of(r, &header->ts),
		.bytes = sonde_view(bytes, header->caplen),
		.wire_len = header->len,
		.link = r->link,
	};
	return 1;
}

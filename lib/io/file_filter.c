#include "io/file_filter.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>

#include "io/live.h"

#define SNAP_LEN 262144

struct sonde_filter {
	char *text;
	struct program {
		uint16_t link;
		struct bpf_program code; /* no instructions: no frame passes, for this reason: */
		struct sonde_error fault;
		bool is_told;
	} *programs;
	size_t n;
};

int sonde_filter_new(struct sonde_filter **out, const char *text)
{
	struct sonde_filter *f = *out = calloc(1, sizeof *f);
	if (f)
		f->text = strdup(text);
	if (f && f->text)
		return 0;
	sonde_filter_free(f);
	*out = NULL;
	return -ENOMEM;
}

void sonde_filter_free(struct sonde_filter *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		pcap_freecode(&f->programs[i].code);
	free(f->programs);
	free(f->text);
	free(f);
}

static struct program *find(const struct sonde_filter *f, uint16_t link)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->programs[i].link == link)
			return &f->programs[i];
	return NULL;
}

/* The program for a link type, compiled if it was not; NULL without memory. */
static struct program *program_for(struct sonde_filter *f, uint16_t link)
{
	struct program *p = find(f, link);
	if (p)
		return p;
	struct program *grown = reallocarray(f->programs, f->n + 1, sizeof *grown);
	pcap_t *pcap = grown ? pcap_open_dead(sonde_dlt_from_linktype(link), SNAP_LEN) : NULL;
	if (grown)
		f->programs = grown;
	if (!pcap)
		return NULL;
	p = &f->programs[f->n++];
	*p = (struct program){ .link = link };
	if (pcap_compile(pcap, &p->code, f->text, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		p->code = (struct bpf_program){ .bf_len = 0 };
		sonde_fail(&p->fault, SONDE_E_SYNTAX, "filter '%s': %s", f->text, pcap_geterr(pcap));
	}
	pcap_close(pcap);
	return p;
}

int sonde_filter_prepare(struct sonde_filter *f, uint16_t link, struct sonde_error *e)
{
	struct program *p = program_for(f, link);
	if (!p)
		return sonde_fail(e, -ENOMEM, "filter '%s': no memory", f->text);
	if (!p->fault.code || p->is_told)
		return 0;
	p->is_told = true;
	if (e)
		*e = p->fault;
	return p->fault.code;
}

int sonde_filter_prepare_all(struct sonde_filter *f, struct sonde_error *e)
{
	/* Ethernet, raw IP, loopback, Linux cooked, 802.11, PPP, HDLC, Frame Relay, NFLOG and their kin. */
	static const uint16_t links[] = { 1, 101, 0, 108, 113, 276, 105, 119, 127, 9, 50, 51, 104, 107, 109, 228, 229,
					  12, 14, 239, 6, 7, 8, 10, 163, 192 };
	bool any = false;
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		const struct program *p = program_for(f, links[i]);
		if (!p)
			return sonde_fail(e, -ENOMEM, "filter '%s': no memory", f->text);
		any |= !p->fault.code;
	}
	if (!any && e)
		*e = find(f, links[0])->fault;
	return any ? 0 : SONDE_E_SYNTAX;
}

bool sonde_filter_passes(const struct sonde_filter *f, const struct sonde_record *r)
{
	const struct program *p = find(f, r->link);
	return p && p->code.bf_insns &&
	       bpf_filter(p->code.bf_insns, r->bytes.data, r->wire_len, (unsigned)r->bytes.len) != 0;
}

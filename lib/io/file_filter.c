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
		struct bpf_program code; /* no instructions: no frame passes */
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

static const struct program *find(const struct sonde_filter *f, uint16_t link)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->programs[i].link == link)
			return &f->programs[i];
	return NULL;
}

int sonde_filter_prepare(struct sonde_filter *f, uint16_t link, struct sonde_error *e)
{
	if (find(f, link))
		return 0;
	struct program *grown = reallocarray(f->programs, f->n + 1, sizeof *grown);
	pcap_t *pcap = grown ? pcap_open_dead(sonde_dlt_from_linktype(link), SNAP_LEN) : NULL;
	if (grown)
		f->programs = grown;
	if (!pcap)
		return sonde_fail(e, -ENOMEM, "filter '%s': no memory", f->text);
	struct program *p = &f->programs[f->n++];
	*p = (struct program){ .link = link };
	int rc = pcap_compile(pcap, &p->code, f->text, 1, PCAP_NETMASK_UNKNOWN) < 0 ? SONDE_E_SYNTAX : 0;
	if (rc < 0) {
		p->code = (struct bpf_program){ .bf_len = 0 };
		sonde_fail(e, rc, "filter '%s': %s", f->text, pcap_geterr(pcap));
	}
	pcap_close(pcap);
	return rc;
}

bool sonde_filter_passes(const struct sonde_filter *f, const struct sonde_record *r)
{
	const struct program *p = find(f, r->link);
	return p && p->code.bf_insns &&
	       bpf_filter(p->code.bf_insns, r->bytes.data, r->wire_len, (unsigned)r->bytes.len) != 0;
}

/* What is wrong with a packet, for people. */
#include "packet/print.h"

/* Whether an outer layer has a row with that name, too. */
static bool is_ambiguous(const struct sonde_packet *p, int layer, const char *name)
{
	for (int i = 0; i < layer; i++)
		for (const struct sonde_field *f = p->layers[i].proto->fields; f->name; f++)
			if (strcmp(f->name, name) == 0)
				return true;
	return false;
}

void sonde_print_fault(struct sonde_text *t, const struct sonde_fault *f, const char *proto)
{
	sonde_text_str(t, f->impossible ? "bad " : "");
	if (proto) {
		sonde_text_str(t, proto);
		sonde_text_char(t, ' ');
	}
	sonde_text_str(t, f->row->name);
	sonde_text_char(t, ' ');
	sonde_text_uint(t, f->value);
	if (!f->impossible)
		sonde_text_fmt(t, ", %llu there", (unsigned long long)f->there);
}

/* Returns whether one of them explains why the header is incomplete. */
static bool print_faults(struct sonde_text *t, const struct sonde_packet *p, int layer)
{
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	const struct sonde_proto *proto = p->layers[layer].proto;
	bool cuts = false;
	for (unsigned i = 0, n = sonde_faults(faults, p, layer); i < n; i++) {
		sonde_text_str(t, " [");
		sonde_print_fault(t, &faults[i], is_ambiguous(p, layer, faults[i].row->name) ? proto->name : NULL);
		sonde_text_char(t, ']');
		cuts |= faults[i].row->place == proto->header_length && !faults[i].impossible;
	}
	return cuts;
}

/* Records of a stream begin in one segment and end in another as a rule; that a message does is told. */
static bool is_message_that_continues(const struct sonde_packet *p, int layer)
{
	bool record = sonde_number_in(p->layers[layer].proto, SONDE_SPACE_TCP, UINT32_MAX) != UINT32_MAX;
	return layer == p->n_layers - 1 && !record && sonde_continues(p, layer);
}

/* Why a header is not all there. */
static const char *cut_word(const struct sonde_packet *p, int layer)
{
	return p->missing                     ? "cut"
	       : sonde_in_fragment(p, layer) ? "ends in another fragment"
	       : sonde_continues(p, layer)   ? "continues"
					     : "malformed";
}

void sonde_print_doubts(struct sonde_text *t, const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers && !p->layers[i].quoted; i++) {
		const char *name = p->layers[i].proto->name;
		bool told = print_faults(t, p, i);
		if (sonde_verify(p, i) == SONDE_SUM_WRONG)
			sonde_text_fmt(t, " [%s checksum wrong]", name);
		if (p->layers[i].cut && !told)
			sonde_text_fmt(t, " [%s %s]", name, cut_word(p, i));
		else if (!p->layers[i].cut && is_message_that_continues(p, i))
			sonde_text_fmt(t, " [%s continues]", name);
	}
	if (p->missing)
		sonde_text_fmt(t, " [%u bytes not captured]", (unsigned)p->missing);
}

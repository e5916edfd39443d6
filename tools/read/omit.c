/* sonde read --omit: fields that are left out, so that captures can be compared. */
#include <string.h>

#include "tools/read/read.h"

static bool is_word(const char *word, size_t len, const char *proto, const char *name)
{
	size_t n = strlen(proto);
	if (strlen(name) == len && memcmp(name, word, len) == 0)
		return true;
	return len == n + 1 + strlen(name) && memcmp(word, proto, n) == 0 && word[n] == '.' &&
	       memcmp(word + n + 1, name, len - n - 1) == 0;
}

static bool is_frame(const char *word, size_t len)
{
	return len == 5 && memcmp(word, "frame", len) == 0;
}

static bool is_field(const char *word, size_t len)
{
	static const char *const frame[] = { "time", "iface", "dir", "comment" };
	if (is_frame(word, len))
		return true;
	for (size_t i = 0; i < sizeof frame / sizeof *frame; i++)
		if (is_word(word, len, "frame", frame[i]))
			return true;
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		for (const struct sonde_field *f = (*p)->fields; f->name; f++)
			if (is_word(word, len, (*p)->name, f->name))
				return true;
	return false;
}

const char *omit_unknown(const char *omit, size_t *len)
{
	for (;; omit += *len + 1) {
		*len = strcspn(omit, ",");
		if (!is_field(omit, *len))
			return omit;
		if (omit[*len] == '\0')
			return NULL;
	}
}

bool omit_has(const char *omit, const char *proto, const char *name)
{
	while (omit && *omit) {
		size_t n = strcspn(omit, ",");
		if (is_word(omit, n, proto, name) || (is_frame(omit, n) && strcmp(proto, "frame") == 0))
			return true;
		omit += n + (omit[n] == ',');
	}
	return false;
}

void omit_fields(struct sonde_packet *p, const char *omit)
{
	for (int i = 0; omit && i < p->n_layers + p->n_trailers; i++)
		for (const struct sonde_field *f = p->layers[i].proto->fields; f->name; f++)
			if (omit_has(omit, p->layers[i].proto->name, f->name))
				p->layers[i].written &= ~SONDE_MARK(f->place);
}

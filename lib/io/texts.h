/* Texts that are kept: views of memory of their own. */
#ifndef SONDE_IO_TEXTS_H
#define SONDE_IO_TEXTS_H

#include "base/bytes.h"

/* Append a copy of v to a text that has memory of its own, or is empty. Returns 0 or -ENOMEM. */
int sonde_text_append(struct sonde_view *text, struct sonde_view v);
/* Replace n texts by copies with memory of their own. Returns 0, or -ENOMEM: some are empty then. */
int sonde_texts_copy(struct sonde_view *const *texts, size_t n);
void sonde_text_free(struct sonde_view text);

#endif

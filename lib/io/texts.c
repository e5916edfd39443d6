#include "io/texts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int sonde_text_append(struct sonde_view *text, struct sonde_view v)
{
	uint8_t *grown = realloc((uint8_t *)(uintptr_t)text->data, text->len + v.len + 1);
	if (!grown)
		return -ENOMEM;
	if (v.len)
		memcpy(grown + text->len, v.data, v.len);
	*text = sonde_view(grown, text->len + v.len);
	return 0;
}

int sonde_texts_copy(struct sonde_view *const *texts, size_t n)
{
	int rc = 0;
	for (size_t i = 0; i < n; i++) {
		struct sonde_view text = *texts[i];
		*texts[i] = sonde_view(NULL, 0);
		rc = rc < 0 ? rc : sonde_text_append(texts[i], text);
	}
	return rc;
}

void sonde_text_free(struct sonde_view text)
{
	free((uint8_t *)(uintptr_t)text.data);
}

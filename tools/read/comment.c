/* Comments of packets. */
#include "base/escape.h"
#include "tools/read/read.h"

void comment_print(struct sonde_text *t, struct sonde_view comment)
{
	sonde_text_str(t, "  # ");
	while (comment.len) {
		const uint8_t *end = memchr(comment.data, '\n', comment.len);
		size_t len = end ? (size_t)(end - comment.data) : comment.len;
		sonde_foreign_print(t, sonde_view(comment.data, len));
		comment = sonde_view_sub(comment, len + 1, comment.len);
		sonde_text_str(t, comment.len ? "; " : "");
	}
}

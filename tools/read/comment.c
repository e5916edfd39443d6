/* Comments of packets. */
#include "base/text.h"
#include "tools/read/read.h"

void comment_print(struct sonde_text *t, struct sonde_view comment)
{
	sonde_text_str(t, "  # ");
	for (size_t i = 0; i < comment.len; i++) {
		uint8_t c = comment.data[i];
		bool last = i + 1 == comment.len;
		if (c == '\n')
			sonde_text_str(t, last ? "" : "; ");
		else if (c < ' ' || c == 0x7f || (c == 0xc2 && !last && comment.data[i + 1] < 0xa0))
			sonde_text_fmt(t, "\\x%02x", c);
		else
			sonde_text_char(t, (char)c);
	}
}

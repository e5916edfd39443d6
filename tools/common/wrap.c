#include "tools/common/wrap.h"

#include <stdlib.h>
#include <string.h>

#include "tools/common/message.h"
#include "tools/common/output.h"

FILE *wrap_begin(struct wrap *w)
{
	*w = (struct wrap){ .text = NULL };
	return w->pieces = message_need_memory(open_memstream(&w->text, &w->len));
}

void wrap_end(struct wrap *w, FILE *out, int column, int indent)
{
	fclose(w->pieces);
	const int width = out == stdout ? output_width() : 0;
	for (const char *at = w->text; *at;) {
		int blanks = (int)strspn(at, " "), word = (int)strcspn(at + blanks, " ");
		if (width && word && column > indent && column + blanks + word > width) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
			at += blanks;
			blanks = 0;
		}
		fprintf(out, "%.*s", blanks + word, at);
		column += blanks + word;
		at += blanks + word;
	}
	free(w->text);
}

#include "tools/common/table.h"

#include <string.h>

#include "base/text.h"

#define GAP 2 /* blanks between two columns */

void table_begin(struct table *t, const struct table_head *heads, unsigned n)
{
	*t = (struct table){ .heads = heads, .n = n };
	for (unsigned i = 0; i < n; i++)
		t->widths[i] = strlen(heads[i].text);
}

void table_measure(struct table *t, const struct table_row *row)
{
	for (unsigned i = 0; i < t->n; i++) {
		size_t len = strlen(row->text[i]);
		t->widths[i] = len > t->widths[i] ? len : t->widths[i];
	}
}

static size_t width_of(const struct table *t, unsigned rank)
{
	size_t width = 0;
	for (unsigned i = 0; i < t->n; i++)
		if (t->heads[i].rank <= rank)
			width += t->widths[i] + (width ? GAP : 0);
	return width;
}

void table_fit(struct table *t, int width)
{
	t->rank = 0;
	for (unsigned i = 0; i < t->n; i++)
		t->rank = t->heads[i].rank > t->rank ? t->heads[i].rank : t->rank;
	while (width && t->rank > 0 && width_of(t, t->rank) > (size_t)width)
		t->rank--;
}

/* No blanks stand at the end of a line. */
char *table_line(char out[static TABLE_LINE], const struct table *t, const struct table_row *row)
{
	struct sonde_text line = sonde_text(out, TABLE_LINE);
	size_t blanks = 0;
	bool any = false;
	for (unsigned i = 0; i < t->n; i++) {
		if (t->heads[i].rank > t->rank)
			continue;
		const char *cell = row ? row->text[i] : t->heads[i].text;
		size_t len = strlen(cell), pad = len < t->widths[i] ? t->widths[i] - len : 0;
		blanks += (any ? GAP : 0) + (t->heads[i].right ? pad : 0);
		if (len) {
			sonde_text_fmt(&line, "%*s%s", (int)blanks, "", cell);
			blanks = 0;
		}
		blanks += t->heads[i].right ? 0 : pad;
		any = true;
	}
	return out;
}

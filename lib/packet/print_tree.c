#include "packet/list_text.h"
#include "packet/print.h"
#include "proto/list.h"

#define TREE_BYTES 8  /* of a row in a line */
#define NAME_LEN   10 /* columns of the name of a row */
#define HEX_BYTES  16 /* in a line of a hex dump */

static const char digits[] = "0123456789abcdef";

static void put_offset(struct sonde_text *t, size_t offset)
{
	unsigned n = 4;
	char s[8];
	while (n < sizeof s && offset >> 4 * n)
		n++;
	for (unsigned i = 0; i < n; i++)
		s[i] = digits[offset >> 4 * (n - 1 - i) & 0xf];
	sonde_text_mem(t, s, n);
	sonde_text_str(t, "  ");
}

static void put_blanks(struct sonde_text *t, size_t n)
{
	static const char blanks[] = "                                ";
	for (size_t most = sizeof blanks - 1; n; n -= n < most ? n : most)
		sonde_text_mem(t, blanks, n < most ? n : most);
}

/* --- Bytes ------------------------------------------------------------------------------------------------------- */

static void hex_line(struct sonde_text *t, struct sonde_view bytes, size_t offset)
{
	char s[3 * HEX_BYTES + 1], signs[HEX_BYTES + 2];
	put_offset(t, offset);
	memset(s, ' ', sizeof s);
	for (size_t i = 0; i < bytes.len; i++) {
		char *at = s + 3 * i + (i >= HEX_BYTES / 2);
		at[0] = digits[bytes.data[i] >> 4];
		at[1] = digits[bytes.data[i] & 0xf];
		signs[1 + i] = bytes.data[i] >= ' ' && bytes.data[i] < 0x7f ? (char)bytes.data[i] : '.';
	}
	signs[0] = ' ';
	signs[1 + bytes.len] = '\n';
	sonde_text_mem(t, s, sizeof s);
	sonde_text_mem(t, signs, bytes.len + 2);
}

static void hex_from(struct sonde_text *t, struct sonde_view bytes, size_t offset, const char *indent)
{
	for (size_t at = 0; at < bytes.len; at += HEX_BYTES) {
		sonde_text_str(t, indent);
		hex_line(t, sonde_view_sub(bytes, at, HEX_BYTES), offset + at);
	}
}

void sonde_print_hex(struct sonde_text *t, struct sonde_view bytes)
{
	hex_from(t, bytes, 0, "");
}

/* --- Lines of a tree --------------------------------------------------------------------------------------------- */

/* The tree that is printed. */
struct tree {
	struct sonde_text *t;
	const struct sonde_packet *p;
	struct sonde_view message; /* the header of the current layer */
};

/* Begin a line with the offset of bytes in the packet, and the first of them. */
static void begin_line(const struct tree *tree, struct sonde_view bytes)
{
	char s[3 * TREE_BYTES + 1];
	sonde_text_str(tree->t, "  ");
	put_offset(tree->t, (size_t)(bytes.data - tree->p->data));
	memset(s, ' ', sizeof s);
	for (size_t i = 0; i < bytes.len && i < TREE_BYTES; i++) {
		s[3 * i] = digits[bytes.data[i] >> 4];
		s[3 * i + 1] = digits[bytes.data[i] & 0xf];
	}
	sonde_text_mem(tree->t, s, sizeof s);
}

/* End the line, and print the other bytes in lines of their own. */
static void end_line(const struct tree *tree, struct sonde_view bytes)
{
	for (size_t at = TREE_BYTES; at < bytes.len; at += TREE_BYTES) {
		sonde_text_char(tree->t, '\n');
		begin_line(tree, sonde_view_sub(bytes, at, TREE_BYTES));
		while (tree->t->len && tree->t->len < tree->t->cap && tree->t->data[tree->t->len - 1] == ' ')
			sonde_text_cut(tree->t, tree->t->len - 1);
	}
	sonde_text_char(tree->t, '\n');
}

/* Print a line for bytes outside of any row. */
static void bytes_line(const struct tree *tree, struct sonde_view bytes, unsigned depth, const char *what)
{
	if (bytes.len == 0)
		return;
	begin_line(tree, bytes);
	put_blanks(tree->t, 2 * depth);
	sonde_text_str(tree->t, what);
	end_line(tree, bytes);
}

/* --- Lists ------------------------------------------------------------------------------------------------------- */

static void print_list(const struct tree *tree, const struct sonde_list *list, struct sonde_view bytes, bool cut,
		       unsigned depth);

/* The first non-empty list in an item, or NULL; *at becomes its slot. */
static const struct sonde_list *list_in(struct sonde_slot *at, const struct sonde_list_item *item)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	if (!item->kind || !item->kind->fields || item->broken || item->single)
		return NULL;
	unsigned n = sonde_layout(slots, item->kind->fields, item->bytes.data, item->len);
	for (unsigned i = 0; i < n; i++) {
		*at = slots[i];
		if (item->kind->fields[i].shape == SONDE_LIST && at->there && at->width)
			return item->kind->fields[i].list;
	}
	return NULL;
}

static void print_item(const struct tree *tree, const struct sonde_list *list, const struct sonde_list_item *item,
		       bool last, unsigned depth)
{
	struct sonde_slot at;
	struct sonde_list_style style = { .expand = true, .message = tree->message };
	const struct sonde_list *inner = list_in(&at, item);
	uint32_t end = inner ? (at.first + at.width) / 8 : 0;
	struct sonde_view own = inner ? sonde_view_sub(item->bytes, 0, at.first / 8) : item->bytes;
	style.outline = inner != NULL;
	begin_line(tree, own);
	put_blanks(tree->t, 2 * depth);
	sonde_item_print(tree->t, list, item, &style, last);
	end_line(tree, own);
	if (!inner)
		return;
	print_list(tree, inner, sonde_slot_view(item->bytes.data, at), false, depth + 1);
	bytes_line(tree, sonde_view_sub(item->bytes, end, item->bytes.len), depth + 1, "(the rest of the item)");
}

static void print_list(const struct tree *tree, const struct sonde_list *list, struct sonde_view bytes, bool cut,
		       unsigned depth)
{
	struct sonde_view content = cut ? bytes : sonde_view_sub(bytes, 0, sonde_list_content(list, bytes));
	struct sonde_list_item item;
	size_t at = 0;
	while (sonde_list_next(&item, list, content, &at)) {
		print_item(tree, list, &item, at == content.len, depth);
		if (item.ends)
			break;
	}
	bytes_line(tree, sonde_view_sub(content, at, content.len), depth, "(behind the end)");
	bytes_line(tree, sonde_view_sub(bytes, content.len, bytes.len), depth, "(filling)");
}

/* --- Layers ------------------------------------------------------------------------------------------------------ */

static void print_judgement(const struct tree *tree, int layer, const struct sonde_field *f)
{
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	const struct sonde_proto *proto = tree->p->layers[layer].proto;
	if (f->place == proto->checksum_place && proto->checksum) {
		sonde_text_str(tree->t, " (");
		sonde_text_str(tree->t, sonde_sum_state_name(sonde_verify(tree->p, layer)));
		sonde_text_char(tree->t, ')');
	}
	for (unsigned i = 0, n = sonde_faults(faults, tree->p, layer); i < n; i++) {
		if (faults[i].row != f)
			continue;
		sonde_text_str(tree->t, " [");
		sonde_print_fault(tree->t, &faults[i], NULL);
		sonde_text_char(tree->t, ']');
	}
}

static void print_row(const struct tree *tree, int layer, unsigned row, struct sonde_slot s)
{
	const struct sonde_layer *l = &tree->p->layers[layer];
	const struct sonde_field *f = &l->proto->fields[row];
	uint32_t from = s.first / 8, to = (s.first + s.width + 7) / 8;
	struct sonde_view bytes = sonde_view(sonde_layer_header(tree->p, layer) + from, to - from);
	size_t len = strlen(f->name);
	struct sonde_view shown = f->shape == SONDE_LIST ? sonde_view_sub(bytes, 0, 0) : bytes;
	shown.data = bytes.data;
	begin_line(tree, shown);
	sonde_text_mem(tree->t, f->name, len);
	if (f->shape == SONDE_LIST) {
		sonde_text_char(tree->t, '\n');
		print_list(tree, f->list, bytes, l->cut, 1);
		return;
	}
	put_blanks(tree->t, len < NAME_LEN ? NAME_LEN - len : 0);
	sonde_text_char(tree->t, ' ');
	sonde_print_value(tree->t, tree->p, layer, row, true);
	print_judgement(tree, layer, f);
	end_line(tree, bytes);
}

static void print_layer(struct sonde_text *t, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_slot *slots = sonde_slots(p, layer);
	const struct tree tree = { t, p, sonde_view(sonde_layer_header(p, layer), l->header_len) };
	uint32_t told = 0; /* bytes of the header that are printed already */
	sonde_text_fmt(t, "%s: %s, %u bytes%s%s\n", l->proto->name, l->proto->title, (unsigned)l->header_len,
		       l->quoted ? ", quoted" : "", l->cut ? ", not all there" : "");
	for (unsigned i = 0; l->proto->fields[i].name; i++) {
		uint32_t from = slots[i].first / 8, to = (slots[i].first + slots[i].width + 7) / 8;
		if (!slots[i].there || !slots[i].width || l->proto->fields[i].view)
			continue;
		if (from > told)
			bytes_line(&tree, sonde_view_sub(tree.message, told, from - told), 0, "(no field)");
		print_row(&tree, layer, i, slots[i]);
		told = to > told ? to : told;
	}
	if (l->proto->fields[0].name)
		bytes_line(&tree, sonde_view_sub(tree.message, told, l->header_len), 0, "(no field)");
	else
		hex_from(t, tree.message, l->offset, "  ");
}

static void print_rest(struct sonde_text *t, const struct sonde_packet *p, uint32_t from, uint32_t to, const char *what)
{
	if (from >= to)
		return;
	sonde_text_fmt(t, "%s: %u bytes\n", what, (unsigned)(to - from));
	hex_from(t, sonde_view(p->data + from, to - from), from, "  ");
}

void sonde_print_tree(struct sonde_text *t, const struct sonde_packet *p)
{
	struct sonde_view payload = sonde_payload(p);
	uint32_t start = (uint32_t)(payload.data - p->data), end = start + (uint32_t)payload.len;
	for (int i = 0; i < p->n_layers; i++)
		print_layer(t, p, i);
	print_rest(t, p, start, end, "data");
	for (int i = p->n_layers; i < p->n_layers + p->n_trailers; i++) {
		print_rest(t, p, end, p->layers[i].offset, "filling");
		print_layer(t, p, i);
		end = p->layers[i].offset + p->layers[i].header_len;
	}
	print_rest(t, p, end, p->len, "rest");
}

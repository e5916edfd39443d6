#include "tools/common/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "packet/print.h"
#include "tools/common/message.h"
#include "tools/common/resolver.h"

#define FIRST_CAP 64

static size_t slot_of(const struct names_entry *slots, size_t cap, const struct sonde_addr *a)
{
	static const struct sonde_key key = { 0, 0 };
	size_t at = (size_t)sonde_siphash(key, sonde_addr_view(a)) & (cap - 1);
	while (slots[at].addr.family && !sonde_addr_equal(&slots[at].addr, a))
		at = (at + 1) & (cap - 1);
	return at;
}

static void grow(struct names *n)
{
	size_t cap = n->cap ? 2 * n->cap : FIRST_CAP;
	struct names_entry *slots = message_need_memory(calloc(cap, sizeof *slots));
	for (size_t i = 0; i < n->cap; i++)
		if (n->slots[i].addr.family)
			slots[slot_of(slots, cap, &n->slots[i].addr)] = n->slots[i];
	free(n->slots);
	n->slots = slots;
	n->cap = cap;
}

/* The owner of an address chooses its name. One with blanks or control characters could forge output: it is not
 * used. */
static bool is_printable(const char *name)
{
	for (; *name; name++)
		if (*name <= ' ' || *name >= 0x7f)
			return false;
	return true;
}

static char *look_up(const struct sonde_addr *a)
{
	char host[RESOLVER_NAME];
	if (!resolver_name(host, a) || !is_printable(host))
		return NULL;
	return message_need_memory(strdup(host));
}

const char *names_find(struct names *n, const struct sonde_addr *a)
{
	if (!a->family)
		return NULL;
	if (n->n >= n->cap / 2)
		grow(n);
	struct names_entry *e = &n->slots[slot_of(n->slots, n->cap, a)];
	if (!e->addr.family) {
		*e = (struct names_entry){ *a, look_up(a) };
		n->n++;
	}
	return e->name;
}

char *names_addr(char out[static NAMES_STRLEN], struct names *n, const struct sonde_addr *a)
{
	const char *name = n ? names_find(n, a) : NULL;
	if (!name)
		return sonde_addr_format(out, a);
	snprintf(out, NAMES_STRLEN, "%s", name);
	return out;
}

bool names_print(void *names, struct sonde_text *t, const struct sonde_addr *a)
{
	const char *name = names_find(names, a);
	sonde_text_str(t, name ? name : "");
	return name != NULL;
}

char *names_pair(char out[static NAMES_PAIR_STRLEN], struct names *n, const struct sonde_pair *pair)
{
	struct sonde_text t = sonde_text(out, NAMES_PAIR_STRLEN);
	const struct sonde_line_style style = { .name = n ? names_print : NULL, .arg = n };
	sonde_print_pair(&t, pair, &style);
	return out;
}

void names_close(struct names *n)
{
	for (size_t i = 0; i < n->cap; i++)
		free(n->slots[i].name);
	free(n->slots);
	*n = (struct names){ .n = 0 };
}

#include "packet/notation_atom.h"

int sonde_atom_refuse(const struct sonde_value_place *w, int code, const struct sonde_field *row, const char *s,
		      size_t len, const char *why)
{
	sonde_fail(w->e, code, "layer %d: %s %s=%.*s: %s", w->layer, w->proto->name, row->name,
		   (int)(len > 60 ? 60 : len), s, why);
	if (w->e) {
		w->e->layer = w->layer;
		w->e->column = (int)(w->column + (size_t)(s - w->token));
		w->e->length = (int)len;
	}
	return code;
}

static int refuse_address(const struct sonde_value_place *w, const struct sonde_field *row, const char *s, size_t len)
{
	bool wants4 = row->kind == SONDE_IP4_ADDR;
	/* The sibling is the protocol whose addresses have the other kind. */
	const char *other = SONDE_WIDTH(w->proto->dst_place) == 0 ? "" : wants4 ? " (use ip6)" : " (use ip)";
	char why[60];
	struct sonde_text t = sonde_text(why, sizeof why);
	sonde_text_fmt(&t, "an IPv%d address%s", wants4 ? 6 : 4, other);
	return sonde_atom_refuse(w, SONDE_E_KIND, row, s, len, why);
}

static const char *what_is_expected(const struct sonde_field *row)
{
	switch (row->kind) {
	case SONDE_IP4_ADDR: return "not an IPv4 address";
	case SONDE_IP6_ADDR: return "not an IPv6 address";
	case SONDE_MAC_ADDR: return "not a MAC address, such as 02:00:00:00:00:01";
	case SONDE_NAMED: return "neither a number nor a name that this field has";
	case SONDE_PORT: return "neither a port nor the name of a service";
	case SONDE_LETTERS:
	case SONDE_WORDS: return row->help;
	default: return "not a number";
	}
}

int sonde_atom_refuse_value(const struct sonde_value_place *w, int code, const struct sonde_field *row, const char *s,
			    size_t len)
{
	if (code == SONDE_E_KIND)
		return refuse_address(w, row, s, len);
	if (code == SONDE_E_RANGE) {
		char why[60];
		struct sonde_text t = sonde_text(why, sizeof why);
		sonde_text_fmt(&t, "the field has %u bits", SONDE_WIDTH(row->place));
		return sonde_atom_refuse(w, code, row, s, len, why);
	}
	struct sonde_nearest n = { .name = s, .len = len };
	if (row->kind != SONDE_LETTERS)
		sonde_value_offer_names(&n, row, w->by);
	sonde_atom_refuse(w, code, row, s, len, what_is_expected(row));
	if (n.best)
		sonde_hint(w->e, "did you mean '%s'?", n.best);
	return code;
}

static int resolve_name(const struct sonde_value_place *w, struct sonde_value *v, const struct sonde_field *row,
			const char *s, size_t len)
{
	struct sonde_addr a;
	enum sonde_family family = row->kind == SONDE_IP4_ADDR ? SONDE_IP4 : SONDE_IP6;
	if (!w->env || !w->env->resolve)
		return SONDE_E_SYNTAX;
	int err = w->env->resolve(w->env->arg, &a, family, s, len);
	if (err)
		return err;
	v->len = (uint8_t)sonde_addr_len(&a);
	v->number = 0;
	for (size_t i = 0; i < v->len; i++)
		v->number = v->number << 8 | a.bytes[i];
	return 0;
}

/* An IPv6 address with a zone: the address is the value, the zone says which interface. */
static int zoned_value(const struct sonde_value_place *w, struct sonde_value *v, const struct sonde_field *row,
		       const char *s, size_t len)
{
	const char *percent = memchr(s, '%', len);
	if (row->kind != SONDE_IP6_ADDR || !percent || !w->env || !w->env->zone)
		return sonde_atom_refuse_value(w, SONDE_E_SYNTAX, row, s, len);
	size_t head = (size_t)(percent - s);
	int err = sonde_value_parse(v, row, w->by, s, head);
	if (err)
		return sonde_atom_refuse_value(w, err, row, s, len);
	err = w->env->zone(w->env->arg, &w->spec->scope, percent + 1, len - head - 1);
	return err ? sonde_atom_refuse(w, err, row, s, len, "no interface of the zone's name here") : 0;
}

static bool looks_like_host(const char *s, size_t len)
{
	bool letter = false;
	for (size_t i = 0; i < len; i++) {
		char c = (char)(s[i] | 0x20);
		letter |= c >= 'a' && c <= 'z';
		if (!(c >= 'a' && c <= 'z') && !(s[i] >= '0' && s[i] <= '9') && s[i] != '-' && s[i] != '.' &&
		    s[i] != '_')
			return false;
	}
	return letter;
}

int sonde_atom_read(const struct sonde_value_place *w, struct sonde_value *v, const struct sonde_field *row,
		    const char *s, size_t len)
{
	int err = sonde_value_parse(v, row, w->by, s, len);
	if (err == SONDE_E_SYNTAX && memchr(s, '%', len))
		return zoned_value(w, v, row, s, len);
	bool address = row->kind == SONDE_IP4_ADDR || row->kind == SONDE_IP6_ADDR;
	if (err == SONDE_E_SYNTAX && address && row->shape == SONDE_BYTES && looks_like_host(s, len)) {
		err = resolve_name(w, v, row, s, len);
		if (err)
			return sonde_atom_refuse(w, SONDE_E_UNKNOWN, row, s, len, "no such host");
	}
	return err ? sonde_atom_refuse_value(w, err, row, s, len) : 0;
}

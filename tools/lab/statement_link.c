#include "tools/lab/statement_link.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

#define DELAY_MAX_NS (10 * SONDE_S)
#define RATE_MAX     UINT64_C(1000000000000)
#define MTU_MIN      576
#define MTU_MAX      65535

static int parse_duration(sonde_time *out, struct sonde_error *e, const char *word)
{
	if (sonde_duration_parse(out, word, strlen(word)) || *out > DELAY_MAX_NS)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not a duration up to 10s (10ms, 250us)", word);
	return 0;
}

/* A percentage with up to four decimals is a whole number of a million. */
static int parse_share(uint32_t *ppm, struct sonde_error *e, const char *word)
{
	const char *p = word;
	uint64_t n = 0;
	int decimals = -1; /* no point yet */

	for (; (isdigit((unsigned char)*p) || (*p == '.' && decimals < 0 && p > word)) && n <= 1000000; p++) {
		if (*p != '.')
			n = n * 10 + (uint64_t)(*p - '0');
		if (*p == '.' || decimals >= 0)
			decimals++;
	}
	for (int i = decimals > 0 ? decimals : 0; i < 4; i++)
		n *= 10;
	if (p == word || strcmp(p, "%") != 0 || decimals > 4 || n > 1000000)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not a percentage (1%%, 0.5%%)", word);
	*ppm = (uint32_t)n;
	return 0;
}

static int parse_rate(uint64_t *bps, struct sonde_error *e, const char *word)
{
	static const struct {
		const char *name;
		uint64_t bps;
	} units[] = { { "bit", 1 }, { "kbit", 1000 }, { "mbit", 1000000 }, { "gbit", 1000000000 } };
	size_t digits = strspn(word, "0123456789");
	uint64_t n;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(word + digits, units[i].name) != 0 || sonde_uint_parse(&n, word, digits))
			continue;
		if (n == 0 || n > RATE_MAX / units[i].bps)
			break;
		*bps = n * units[i].bps;
		return 0;
	}
	return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not a rate (10mbit; bit, kbit, mbit, gbit)", word);
}

static int parse_mtu(unsigned *mtu, struct sonde_error *e, const char *word)
{
	uint64_t n;

	if (sonde_uint_parse(&n, word, strlen(word)) || n < MTU_MIN || n > MTU_MAX)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not an MTU (%d to %d)", word, MTU_MIN, MTU_MAX);
	*mtu = (unsigned)n;
	return 0;
}

static int parse_option(struct lab_link *l, struct sonde_error *e, const char *name, const char *value)
{
	static const char *const names[] = { "delay", "jitter", "loss", "duplicate", "reorder", "rate", "mtu" };
	struct lab_impairment *i = &l->impairment;
	struct sonde_nearest nearest = { .name = name, .len = strlen(name) };
	unsigned n = 0;

	for (; n < sizeof(names) / sizeof(*names) && strcmp(names[n], name) != 0; n++)
		sonde_nearest_offer(&nearest, names[n]);
	if (n < sizeof(names) / sizeof(*names) && !value)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s' takes a value", name);
	switch (n) {
	case 0: return parse_duration(&i->delay_ns, e, value);
	case 1: return parse_duration(&i->jitter_ns, e, value);
	case 2: return parse_share(&i->loss_ppm, e, value);
	case 3: return parse_share(&i->duplicate_ppm, e, value);
	case 4: return parse_share(&i->reorder_ppm, e, value);
	case 5: return parse_rate(&i->rate_bps, e, value);
	case 6: return parse_mtu(&l->mtu, e, value);
	default: break;
	}
	sonde_fail(e, SONDE_E_UNKNOWN, "a link knows no '%s'", name);
	if (nearest.best)
		sonde_hint(e, "did you mean %s?", nearest.best);
	return SONDE_E_UNKNOWN;
}

int statement_link_options(struct lab_link *l, struct sonde_error *e, char *const *word)
{
	for (; *word; word += 2) {
		int err = parse_option(l, e, word[0], word[1]);
		if (err)
			return err;
	}
	return 0;
}

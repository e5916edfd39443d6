#include "tests/unit/mutate.h"

#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define SEED_MOST 32768 /* bytes of a capture that is taken */
#define SEEDS     1024


static struct seed {
	size_t len;
	uint8_t bytes[SEED_MOST];
} seeds[SEEDS];
static unsigned n_seeds;

static void take_seed(const char *path)
{
	struct seed *s = &seeds[n_seeds];
	FILE *in = n_seeds < SEEDS ? fopen(path, "rb") : NULL;
	if (!in)
		return;
	s->len = fread(s->bytes, 1, sizeof s->bytes, in);
	n_seeds += s->len > 0 && feof(in);
	fclose(in);
}

static void take_seeds(const char *pattern)
{
	glob_t found = { .gl_pathc = 0 };
	assert_int_equal(glob(pattern, 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		take_seed(found.gl_pathv[i]);
	globfree(&found);
}

static int take_below(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)where;
	if (type == FTW_F && st->st_size <= SEED_MOST)
		take_seed(path);
	return 0;
}

static size_t below(uint64_t *random, size_t n)
{
	return n ? (size_t)(unit_random(random) % n) : 0;
}

/* Numbers that readers trip over. */
static uint32_t odd_number(uint64_t *random)
{
	static const uint32_t odd[] = { 0, 1, 3, 4, 11, 12, 13, 0x7fff, 0x8000, 0xffff, 0x40000, 0x40001, 0x1000000,
					0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff };
	return odd[below(random, sizeof odd / sizeof *odd)];
}

/* Take bytes out of one place, or put bytes of another capture there. */
static void splice(uint8_t *bytes, size_t *len, size_t room, uint64_t *random)
{
	const struct seed *other = &seeds[below(random, n_seeds)];
	size_t at = below(random, *len + 1), from = below(random, other->len);
	size_t out = below(random, below(random, 3) ? 16 : *len - at + 1);
	size_t in = below(random, below(random, 3) ? 64 : other->len - from + 1);
	out = out < *len - at ? out : *len - at;
	in = in < other->len - from ? in : other->len - from;
	if (*len - out + in > room)
		return;
	memmove(bytes + at + in, bytes + at + out, *len - at - out);
	memcpy(bytes + at, other->bytes + from, in);
	*len += in - out;
}

void mutate(uint8_t *bytes, size_t *len, size_t room, uint64_t *random)
{
	size_t at = below(random, *len);
	uint32_t number = odd_number(random);
	switch (below(random, 5)) {
	case 0: bytes[at] ^= (uint8_t)(1u << below(random, 8)); break;
	case 1: bytes[at] = (uint8_t)unit_random(random); break;
	case 2:
		at &= ~(size_t)3;
		if (below(random, 2))
			number = __builtin_bswap32(number);
		memcpy(bytes + at, &number, *len - at < 4 ? *len - at : 4);
		break;
	case 3: splice(bytes, len, room, random); break;
	case 4: *len = below(random, 8) ? *len : below(random, *len) + 1; break;
	default: break;
	}
	*len += *len == 0;
}

unsigned long mutations(unsigned long usual)
{
	const char *wanted = getenv("SONDE_MUTATIONS");
	unsigned long n = wanted ? strtoul(wanted, NULL, 10) : usual;
	assert_true(n > 0);
	return n;
}

void mutate_take_captures(void)
{
	const char *folder = getenv("SONDE_MUTATED");
	take_seeds("captures/*.pcap*");
	take_seeds("tests/cases/*.pcap*");
	assert_true(n_seeds > 30);
	if (folder && *folder)
		assert_int_equal(nftw(folder, take_below, 16, FTW_PHYS), 0);
	printf("# %u captures\n", n_seeds);
}

size_t mutate_capture(uint8_t bytes[static MUTATED_MOST], unsigned long k, uint64_t *random)
{
	const struct seed *s = &seeds[k % n_seeds];
	size_t len = s->len;
	memcpy(bytes, s->bytes, len);
	for (size_t times = 1 + below(random, 6); times > 0; times--)
		mutate(bytes, &len, MUTATED_MOST, random);
	return len;
}

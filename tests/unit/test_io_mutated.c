/* Captures with mistakes in them, SONDE_MUTATIONS of them (500), of those here and those below the folder
 * SONDE_MUTATED: all ends, and nothing is read that is not there (run under ASan; tests/mutations.sh runs many). */
#include "tests/unit/unit.h"

#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file_read.h"
#include "packet/print.h"

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

static void mutate(uint8_t *bytes, size_t *len, size_t room, uint64_t *random)
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

/* What sonde read does with a frame. */
static void show(const struct sonde_record *r)
{
	static char room[SONDE_PRINT_ROOM];
	struct sonde_text t = sonde_text(room, sizeof room);
	const struct sonde_frame_info info = { .has_time = !r->timeless, .time = r->time, .wire_len = r->wire_len,
					       .link = r->link, .dir = r->direction, .comment = r->comment };
	struct sonde_packet p;
	sonde_dissect(&p, r->bytes.data, (uint32_t)r->bytes.len, r->wire_len,
		      (struct sonde_id){ SONDE_SPACE_LINK, r->link });
	sonde_infer(&p);
	sonde_print_frame(&t, &p, &info);
	assert_true(t.len > 0);
}

static void look(void *arg, const struct sonde_pcapng_file *f)
{
	struct sonde_pcapng_statistics of;
	size_t *sum = arg;
	for (size_t i = 0; i < f->body.len; i++)
		*sum += f->body.data[i];
	if (f->type == SONDE_PCAPNG_INTERFACE_STATISTICS && sonde_pcapng_take_statistics(&of, f) == 0)
		*sum += (size_t)of.received;
}

/* Every mistake passes over a byte at least, so that reading ends. */
static void read_all(const char *path, const char *filter)
{
	const struct sonde_record *records;
	struct sonde_reader *r;
	struct sonde_error e;
	size_t sum = 0, faults = 0;
	int got;
	if (sonde_reader_open(&r, path, filter, &e) < 0) {
		assert_true(e.code < 0 && e.what[0]);
		return;
	}
	sonde_reader_on_block(r, look, &sum);
	while ((got = sonde_reader_batch(&records, r, &e)) != 0) {
		for (int i = 0; i < got; i++) {
			show(&records[i]);
			const struct sonde_pcapng_seen *seen = sonde_reader_interface(r, records[i].interface);
			sum += seen ? strlen((const char *)seen->name.data) : 0;
		}
		if (got < 0) {
			assert_true(e.code == got && e.what[0]);
			assert_true(++faults < 100000);
		}
		if (got < 0 && !sonde_reader_goes_on(r))
			break;
	}
	if (got < 0) /* it stays so */
		assert_int_equal(sonde_reader_batch(&records, r, &e), got);
	sonde_reader_close(r);
}

static void what_is_mutated_is_read_to_an_end(void **state)
{
	static uint8_t bytes[2 * SEED_MOST];
	const char *wanted = getenv("SONDE_MUTATIONS"), *folder = getenv("SONDE_MUTATED");
	unsigned long n = wanted ? strtoul(wanted, NULL, 10) : 500;
	char path[40];
	int fd = memfd_create("mutated", MFD_CLOEXEC);
	(void)state;
	assert_true(fd >= 0 && n > 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	take_seeds("captures/*.pcap*");
	take_seeds("tests/cases/*.pcap*");
	assert_true(n_seeds > 30);
	if (folder && *folder)
		assert_int_equal(nftw(folder, take_below, 16, FTW_PHYS), 0);
	printf("# %u captures, %lu mutations\n", n_seeds, n);
	for (unsigned long k = 0; k < n; k++) {
		uint64_t random = k;
		const struct seed *s = &seeds[k % n_seeds];
		size_t len = s->len;
		memcpy(bytes, s->bytes, len);
		for (size_t times = 1 + below(&random, 6); times > 0; times--)
			mutate(bytes, &len, sizeof bytes, &random);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, bytes, len, 0), len);
		read_all(path, below(&random, 8) ? NULL : "ip or ip6");
	}
	close(fd);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, what_is_mutated_is_read_to_an_end);
	return unit_run(&u, "io, mutated captures");
}

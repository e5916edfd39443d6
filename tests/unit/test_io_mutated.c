/* Captures with mistakes in them, SONDE_MUTATIONS of them (500), of those here and those below the folder
 * SONDE_MUTATED: all ends, and nothing is read that is not there (run under ASan; tests/mutations.sh runs many). */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/file_read.h"
#include "packet/print.h"
#include "tests/unit/mutate.h"

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
	static uint8_t bytes[MUTATED_MOST];
	unsigned long n = mutations(500);
	char path[40];
	int fd = memfd_create("mutated", MFD_CLOEXEC);
	(void)state;
	assert_true(fd >= 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	mutate_take_captures();
	for (unsigned long k = 0; k < n; k++) {
		uint64_t random = k;
		size_t len = mutate_capture(bytes, k, &random);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, bytes, len, 0), len);
		read_all(path, unit_random(&random) % 8 ? NULL : "ip or ip6");
	}
	close(fd);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, what_is_mutated_is_read_to_an_end);
	return unit_run(&u, "io, mutated captures");
}

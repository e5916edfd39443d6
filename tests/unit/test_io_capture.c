/* Capture files read through lib/io: compressed, cut and damaged ones, pipes; and what is in them beside frames. */
#include "tests/unit/unit.h"

#include <lz4frame.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "io/file_read.h"

#define ROOM (8u << 20)

static char path[40]; /* of a file in memory */
static uint8_t plain[ROOM], packed[ROOM];

static void file_put(const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static struct sonde_reader *reader_open(const char *filter)
{
	struct sonde_reader *r;
	struct sonde_error e;
	if (sonde_reader_open(&r, path, filter, &e) < 0)
		fail_msg("%s", e.what);
	return r;
}

static struct sonde_record frame_make(uint8_t bytes[static 2048], uint32_t k)
{
	uint64_t random = k + 1;
	for (size_t i = 0; i < 2048; i++)
		bytes[i] = (uint8_t)(i % 4 ? i : unit_random(&random));
	return (struct sonde_record){
		.time = k, .bytes = sonde_view(bytes, k % 2048), .wire_len = k % 2048 + 7, .link = 1,
	};
}

/* A file of n frames, as bytes. Returns its length. */
static size_t plain_make(uint32_t n)
{
	struct sonde_buf b = { plain, 0, sizeof plain };
	uint8_t bytes[2048];
	const struct sonde_pcapng_interface eth = { .link = 1 };
	assert_int_equal(sonde_pcapng_put_section(&b, &(struct sonde_pcapng_section){ .application = { NULL, 0 } }), 0);
	assert_int_equal(sonde_pcapng_put_interface(&b, &eth), 0);
	for (uint32_t k = 0; k < n; k++) {
		const struct sonde_record r = frame_make(bytes, k);
		assert_int_equal(sonde_pcapng_put_packet(&b, &r), 0);
	}
	return b.len;
}

/* How many frames of plain_make are read, each as it was written, before rc. */
static uint32_t frames_read(int *rc, struct sonde_error *e)
{
	const struct sonde_record *records;
	uint8_t bytes[2048];
	uint32_t n = 0;
	struct sonde_reader *r = reader_open(NULL);
	while ((*rc = sonde_reader_batch(&records, r, e)) > 0)
		for (int i = 0; i < *rc; i++, n++) {
			const struct sonde_record want = frame_make(bytes, n);
			assert_true(sonde_view_equal(records[i].bytes, want.bytes));
			assert_int_equal(records[i].time, want.time);
			assert_int_equal(records[i].wire_len, want.wire_len);
		}
	sonde_reader_close(r);
	return n;
}

/* --- Compression -------------------------------------------------------------------------------------------------- */

static size_t pack_gzip(uint8_t *out, size_t room, const uint8_t *in, size_t len)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)in, .avail_in = (uInt)len, .next_out = out,
		       .avail_out = (uInt)room };
	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return z.total_out;
}

static size_t pack_zstd(uint8_t *out, size_t room, const uint8_t *in, size_t len)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	assert_non_null(c);
	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
	size_t n = ZSTD_compress2(c, out, room, in, len);
	ZSTD_freeCCtx(c);
	assert_false(ZSTD_isError(n));
	return n;
}

static size_t pack_lz4(uint8_t *out, size_t room, const uint8_t *in, size_t len)
{
	const LZ4F_preferences_t sums = { .frameInfo = { .contentChecksumFlag = LZ4F_contentChecksumEnabled } };
	size_t n = LZ4F_compressFrame(out, room, in, len, &sums);
	assert_false(LZ4F_isError(n));
	return n;
}

static const struct packer_row {
	const char *name;
	size_t (*pack)(uint8_t *out, size_t room, const uint8_t *in, size_t len);
	const char *says;
} packers[] = {
	{ "compressed: gzip", pack_gzip, "gzip" },
	{ "compressed: zstd", pack_zstd, "zstd" },
	{ "compressed: lz4", pack_lz4, "lz4" },
};

/* One member or frame, or three, one behind the other: in a block, and cut within one. */
static void compressed_is_read(void **state)
{
	const struct packer_row *row = *state;
	struct sonde_error e = { .code = 0 };
	size_t len = plain_make(3000), third = len / 3;
	int rc;
	file_put(packed, row->pack(packed, sizeof packed, plain, len));
	assert_int_equal(frames_read(&rc, &e), 3000);
	assert_int_equal(rc, 0);
	size_t n = row->pack(packed, sizeof packed, plain, third);
	n += row->pack(packed + n, sizeof packed - n, plain + third, third);
	n += row->pack(packed + n, sizeof packed - n, plain + 2 * third, len - 2 * third);
	file_put(packed, n);
	assert_int_equal(frames_read(&rc, &e), 3000);
	assert_int_equal(rc, 0);
}

static void cut_compressed_is_told(void **state)
{
	const struct packer_row *row = *state;
	struct sonde_error e = { .code = 0 };
	size_t n = row->pack(packed, sizeof packed, plain, plain_make(3000));
	int rc;
	for (size_t cut = n - 1; cut > n / 2; cut -= n / 7) {
		file_put(packed, cut);
		uint32_t read = frames_read(&rc, &e);
		assert_true(read > 1000 && read <= 3000);
		assert_int_equal(rc, SONDE_E_TRUNCATED);
		assert_non_null(strstr(e.what, row->says));
	}
}

static void damaged_compressed_is_told(void **state)
{
	const struct packer_row *row = *state;
	struct sonde_error e = { .code = 0 };
	size_t n = row->pack(packed, sizeof packed, plain, plain_make(3000));
	int rc;
	packed[n - 3] ^= 0x55; /* in the checksum, or in gzip's length */
	file_put(packed, n);
	assert_true(frames_read(&rc, &e) > 2000);
	assert_int_equal(rc, SONDE_E_MALFORMED);
	assert_non_null(strstr(e.what, "damaged at byte"));
}

static void what_follows_gzip_is_told(void **state)
{
	struct sonde_error e = { .code = 0 };
	size_t n = pack_gzip(packed, sizeof packed, plain, plain_make(10));
	int rc;
	(void)state;
	memset(packed + n, 0, 512);
	file_put(packed, n + 512);
	assert_int_equal(frames_read(&rc, &e), 10);
	assert_int_equal(rc, 0);
	memcpy(packed + n, "tail", 4);
	file_put(packed, n + 4);
	assert_int_equal(frames_read(&rc, &e), 10);
	assert_int_equal(rc, SONDE_E_MALFORMED);
}

/* --- Damage ------------------------------------------------------------------------------------------------------- */

/* Read over damage. Returns the frames, and how often something is wrong. */
static unsigned read_over(unsigned *faults, struct sonde_error *first)
{
	struct sonde_reader *r = reader_open(NULL);
	struct sonde_record got;
	struct sonde_error e;
	unsigned n = 0;
	int rc;
	*faults = 0;
	while ((rc = sonde_reader_next(&got, r, &e)) != 0) {
		n += rc == 1;
		if (rc == 1)
			continue;
		*first = *faults ? *first : e;
		++*faults;
		if (!sonde_reader_goes_on(r))
			break;
	}
	sonde_reader_close(r);
	return n;
}

/* Whatever is wrong with the length of a block, at its head or its end, the frames before it and behind it are read. */
static void reading_goes_on_behind_damage(void **state)
{
	struct sonde_error e = { .code = 0 };
	unsigned faults;
	(void)state;
	size_t len = plain_make(60), block = 28 + 32;
	for (unsigned k = 0; k < 30; k++) /* to the frame of 30 bytes, in a block of 64 */
		block += 32 + ((k + 3) & ~3u);
	static const uint32_t lengths[] = { 0, 1, 12, 60, 63, 65, 68, 4096, 1 << 16, 1 << 24, 0x7fffffff, UINT32_MAX };
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
		for (int end = 0; end < 2; end++) {
			memcpy(packed, plain, len);
			memcpy(packed + block + (end ? 60 : 4), &lengths[i], 4);
			file_put(packed, len);
			assert_int_equal(read_over(&faults, &e), 59);
			assert_int_equal(faults, 1);
			assert_int_equal(e.code, SONDE_E_MALFORMED);
			char place[60];
			snprintf(place, sizeof place, ", after frame 30, byte %zu: ", block);
			assert_non_null(strstr(e.what, place));
			assert_non_null(strstr(e.what, "64 bytes are skipped"));
		}
}

/* A block that is whole, and a packet in it that is not, is passed over alone. */
static void a_wrong_packet_is_passed_over(void **state)
{
	struct sonde_error e = { .code = 0 };
	unsigned faults;
	size_t len = plain_make(3);
	(void)state;
	plain[28 + 32 + 8] = 9; /* the interface of the first packet */
	file_put(plain, len);
	assert_int_equal(read_over(&faults, &e), 2);
	assert_int_equal(faults, 1);
	assert_non_null(strstr(e.what, "byte 60: a packet of an interface that was not described (9); 32 bytes are "));
}

/* Bytes that were added, or have gone, move what follows: blocks are found at any place. */
static void damage_may_move_what_follows(void **state)
{
	struct sonde_error e = { .code = 0 };
	unsigned faults;
	size_t len = plain_make(20), third = 28 + 32 + 32 + 36;
	(void)state;
	for (size_t more = 1; more < 40; more++) {
		memcpy(packed, plain, third);
		memset(packed + third, 0x55, more);
		memcpy(packed + third + more, plain + third, len - third);
		file_put(packed, len + more);
		assert_int_equal(read_over(&faults, &e), 20);
		assert_int_equal(faults, 1);
		memcpy(packed + third, plain + third + more, len - third - more);
		file_put(packed, len - more);
		assert_int_equal(read_over(&faults, &e), more <= 36 ? 19 : 18);
	}
}

static void nothing_behind_damage_is_told(void **state)
{
	struct sonde_error e = { .code = 0 };
	unsigned faults;
	size_t len = plain_make(3);
	(void)state;
	memset(plain + len, 0x55, 100000);
	file_put(plain, len + 100000);
	assert_int_equal(read_over(&faults, &e), 3);
	assert_int_equal(faults, 1);
	assert_non_null(strstr(e.what, "no block is found behind it: 100000 bytes are skipped"));
}

/* Every beginning of a file gives the frames that are whole in it, and then the cut. */
static void every_cut_is_told(void **state)
{
	size_t len = plain_make(12);
	struct sonde_error e;
	(void)state;
	for (size_t cut = 0; cut < len; cut++) {
		struct sonde_reader *r;
		struct sonde_record got;
		file_put(plain, cut);
		int rc = sonde_reader_open(&r, path, NULL, &e);
		assert_int_equal(rc, cut < 28 ? SONDE_E_TRUNCATED : 0);
		unsigned n = 0;
		while (rc == 0 && (rc = sonde_reader_next(&got, r, &e)) == 1)
			n++, rc = 0;
		size_t at = 28 + 32, whole = 0;
		while (whole < 12 && at + 32 + ((whole + 3) & ~(size_t)3) <= cut)
			at += 32 + ((whole++ + 3) & ~(size_t)3);
		assert_int_equal(n, whole);
		assert_int_equal(rc, cut == at || cut == 28 ? 0 : SONDE_E_TRUNCATED);
		sonde_reader_close(r);
	}
}

/* --- What stands beside the frames -------------------------------------------------------------------------------- */

struct seen {
	uint32_t types[8];
	unsigned n, frames;
};

static void see_block(void *arg, const struct sonde_pcapng_file *f)
{
	struct seen *s = arg;
	assert_true(s->n < 8);
	s->types[s->n++] = f->type | s->frames << 16;
}

static void blocks_are_handed_over_in_their_place(void **state)
{
	static const uint8_t names[] = { 0, 0, 0, 0 };
	uint8_t bytes[2048];
	struct sonde_buf b = { plain, 0, sizeof plain };
	const struct sonde_pcapng_interface eth = { .link = 1 };
	const struct sonde_record r = frame_make(bytes, 5);
	struct sonde_record got;
	struct seen seen = { .n = 0 };
	(void)state;
	assert_int_equal(sonde_pcapng_put_section(&b, &(struct sonde_pcapng_section){ .application = { NULL, 0 } }), 0);
	assert_int_equal(sonde_pcapng_put_interface(&b, &eth), 0);
	assert_int_equal(sonde_pcapng_put_packet(&b, &r), 0);
	assert_int_equal(sonde_pcapng_put_block(&b, SONDE_PCAPNG_NAME_RESOLUTION, sonde_view(names, 4)), 0);
	assert_int_equal(sonde_pcapng_put_packet(&b, &r), 0);
	assert_int_equal(sonde_pcapng_put_block(&b, 0xbad, sonde_view("\1\0\0\0abc", 7)), 0);
	file_put(plain, b.len);
	struct sonde_reader *reader = reader_open(NULL);
	sonde_reader_on_block(reader, see_block, &seen);
	while (sonde_reader_next(&got, reader, NULL) == 1)
		seen.frames++;
	sonde_reader_close(reader);
	assert_int_equal(seen.n, 4);
	assert_int_equal(seen.types[0], SONDE_PCAPNG_SECTION_HEADER);
	assert_int_equal(seen.types[1], SONDE_PCAPNG_INTERFACE_DESCRIPTION);
	assert_int_equal(seen.types[2], SONDE_PCAPNG_NAME_RESOLUTION | 1 << 16);
	assert_int_equal(seen.types[3], 0xbad | 2 << 16);
}

/* A pipe that gives one byte at a time, and one that is open still, when frames are there. */
static void pipes_are_read(void **state)
{
	size_t len = plain_make(40);
	int ends[2], in = dup(STDIN_FILENO);
	struct sonde_record got;
	struct sonde_reader *r;
	unsigned n = 0;
	(void)state;
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		for (size_t i = 0; i < len; i++)
			if (write(ends[1], plain + i, 1) != 1)
				_exit(1);
		_exit(0);
	}
	dup2(ends[0], STDIN_FILENO);
	int rc = sonde_reader_open(&r, "-", NULL, NULL);
	while (n < 40 && sonde_reader_next(&got, r, NULL) == 1) /* our end of the pipe is open: it has no end yet */
		n++;
	close(ends[1]);
	int last = sonde_reader_next(&got, r, NULL);
	sonde_reader_close(r);
	dup2(in, STDIN_FILENO);
	close(in);
	close(ends[0]);
	waitpid(child, NULL, 0);
	assert_int_equal(rc, 0);
	assert_int_equal(n, 40);
	assert_int_equal(last, 0);
}

int main(void)
{
	static struct unit u;
	int fd = memfd_create("capture", MFD_CLOEXEC);
	if (fd < 0)
		return 1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	UNIT_ROWS(&u, compressed_is_read, packers);
	UNIT_ROWS(&u, cut_compressed_is_told, packers);
	UNIT_ROWS(&u, damaged_compressed_is_told, packers);
	UNIT_TEST(&u, what_follows_gzip_is_told);
	UNIT_TEST(&u, reading_goes_on_behind_damage);
	UNIT_TEST(&u, a_wrong_packet_is_passed_over);
	UNIT_TEST(&u, damage_may_move_what_follows);
	UNIT_TEST(&u, nothing_behind_damage_is_told);
	UNIT_TEST(&u, every_cut_is_told);
	UNIT_TEST(&u, blocks_are_handed_over_in_their_place);
	UNIT_TEST(&u, pipes_are_read);
	int rc = unit_run(&u, "io-capture");
	close(fd);
	return rc;
}

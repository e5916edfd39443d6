#include "base/sha1.h"

#include "base/text.h"
#include "tests/unit/unit.h"

#define MILLION 1000000

/* The example values that NIST publishes with FIPS 180; of 56 bytes the length no longer fits into the first block. */
static const struct row {
	const char *name, *message, *digest;
} rows[] = {
	{ "sha1: nothing", "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "sha1: abc", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "sha1: 56 bytes", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	  "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "sha1: 112 bytes",
	  "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopq"
	  "rstu",
	  "a49b2446a02c645bf419f995b67091253a04a259" },
};

static void check(struct sonde_view message, const char *digest)
{
	uint8_t out[SONDE_SHA1_LEN];
	char text[2 * SONDE_SHA1_LEN + 1];
	struct sonde_text t = sonde_text(text, sizeof text);
	sonde_sha1(out, message);
	sonde_text_hex(&t, sonde_view(out, sizeof out));
	assert_string_equal(text, digest);
}

static void as_published(void **state)
{
	const struct row *row = *state;
	check(sonde_view(row->message, strlen(row->message)), row->digest);
}

static void a_million_letters(void **state)
{
	static char message[MILLION];
	(void)state;
	memset(message, 'a', sizeof message);
	check(sonde_view(message, sizeof message), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, as_published, rows);
	UNIT_TEST(&u, a_million_letters);
	return unit_run(&u, "sha1");
}

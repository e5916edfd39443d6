/* States as bytes: a magic and a version, then blocks, each with its length in front and its checksum behind. The last
 * one is empty. All numbers are big-endian. */
#include <errno.h>

#include "base/error.h"
#include "base/hash.h"
#include "flow/state.h"

static const uint8_t magic[8] = { 's', 'o', 'n', 'd', 'e', 0xff, 'f', '\n' };
#define HEAD_LEN (sizeof magic + 4)
#define SUM_LEN  8
#define MOST_TIME (INT64_C(1) << 62)

static void fail(struct sonde_saved *s, int err, const char *reason)
{
	if (!s->err) {
		s->err = err;
		s->reason = reason;
	}
}

static void move(struct sonde_saved *s, uint8_t *bytes, size_t len)
{
	int err = s->err ? 0 : s->move(s->arg, bytes, len);
	if (err)
		fail(s, err, "it ends too early");
}

/* Blocks in another order have other checksums. */
static uint64_t sum_of(const struct sonde_saved *s)
{
	const struct sonde_key key = { SONDE_SAVED_VERSION, s->n_blocks };
	return sonde_siphash(key, sonde_view(s->block, s->len));
}

/* --- Blocks ------------------------------------------------------------------------------------------------------- */

static void put_block(struct sonde_saved *s)
{
	uint8_t len[4], sum[SUM_LEN];
	s->len = s->at;
	sonde_put_be32(len, (uint32_t)s->len);
	sonde_put_be64(sum, sum_of(s));
	move(s, len, sizeof len);
	move(s, s->block, s->len);
	move(s, sum, sizeof sum);
	s->n_blocks++;
	s->at = 0;
}

static void get_block(struct sonde_saved *s)
{
	uint8_t len[4] = { 0 }, sum[SUM_LEN] = { 0 };
	s->at = s->len = 0;
	move(s, len, sizeof len);
	if (sonde_get_be32(len) > sizeof s->block)
		fail(s, SONDE_E_MALFORMED, "a block is too long");
	if (s->err)
		return;
	s->len = sonde_get_be32(len);
	move(s, s->block, s->len);
	move(s, sum, sizeof sum);
	if (!s->err && sonde_get_be64(sum) != sum_of(s))
		fail(s, SONDE_E_MALFORMED, "a checksum is wrong");
	s->n_blocks++;
}

void sonde_saved_begin_save(struct sonde_saved *s, sonde_saved_move *put, void *arg)
{
	uint8_t head[HEAD_LEN];
	*s = (struct sonde_saved){ .move = put, .arg = arg };
	memcpy(head, magic, sizeof magic);
	sonde_put_be32(head + sizeof magic, SONDE_SAVED_VERSION);
	move(s, head, sizeof head);
}

void sonde_saved_begin_load(struct sonde_saved *s, sonde_saved_move *get, void *arg)
{
	uint8_t head[HEAD_LEN] = { 0 };
	*s = (struct sonde_saved){ .loads = true, .move = get, .arg = arg };
	move(s, head, sizeof head);
	if (memcmp(head, magic, sizeof magic) != 0)
		fail(s, SONDE_E_FORMAT, "it is no state of sonde flows");
	if (sonde_get_be32(head + sizeof magic) != SONDE_SAVED_VERSION)
		fail(s, SONDE_E_UNSUPPORTED, "another version of sonde wrote it");
}

int sonde_saved_end(struct sonde_saved *s)
{
	if (s->loads) {
		sonde_saved_require(s, s->at == s->len, "there is more in it than there should be");
		get_block(s);
		sonde_saved_require(s, s->len == 0, "there is more in it than there should be");
		return s->err;
	}
	if (s->at)
		put_block(s);
	put_block(s);
	return s->err;
}

/* --- Members ------------------------------------------------------------------------------------------------------ */

void sonde_saved_bytes(struct sonde_saved *s, void *bytes, size_t len)
{
	uint8_t *out = bytes;
	while (len && !s->err) {
		if (s->loads && s->at == s->len)
			get_block(s);
		size_t room = (s->loads ? s->len : sizeof s->block) - s->at, some = len < room ? len : room;
		if (s->loads && !some)
			fail(s, SONDE_E_MALFORMED, "it ends too early");
		if (s->err)
			break;
		if (s->loads)
			memcpy(out, s->block + s->at, some);
		else
			memcpy(s->block + s->at, out, some);
		s->at += some;
		out += some;
		len -= some;
		if (!s->loads && s->at == sizeof s->block)
			put_block(s);
	}
	if (s->loads && len)
		memset(out, 0, len);
}

void sonde_saved_u64(struct sonde_saved *s, uint64_t *v)
{
	uint8_t bytes[8];
	sonde_put_be64(bytes, *v);
	sonde_saved_bytes(s, bytes, sizeof bytes);
	*v = sonde_get_be64(bytes);
}

void sonde_saved_u32(struct sonde_saved *s, uint32_t *v)
{
	uint8_t bytes[4];
	sonde_put_be32(bytes, *v);
	sonde_saved_bytes(s, bytes, sizeof bytes);
	*v = sonde_get_be32(bytes);
}

void sonde_saved_u16(struct sonde_saved *s, uint16_t *v)
{
	uint8_t bytes[2];
	sonde_put_be16(bytes, *v);
	sonde_saved_bytes(s, bytes, sizeof bytes);
	*v = sonde_get_be16(bytes);
}

void sonde_saved_u8(struct sonde_saved *s, uint8_t *v)
{
	sonde_saved_bytes(s, v, 1);
}

void sonde_saved_require(struct sonde_saved *s, bool holds, const char *reason)
{
	if (!holds)
		fail(s, SONDE_E_MALFORMED, reason);
}

void sonde_saved_time(struct sonde_saved *s, sonde_time *v)
{
	uint64_t bits = (uint64_t)*v;
	sonde_saved_u64(s, &bits);
	*v = (sonde_time)bits;
	sonde_saved_require(s, *v >= -MOST_TIME && *v <= MOST_TIME, "a time is over 146 years from 1970");
}

void sonde_saved_text(struct sonde_saved *s, char *text, size_t room)
{
	uint16_t len = s->loads ? 0 : (uint16_t)strlen(text);
	sonde_saved_u16(s, &len);
	sonde_saved_require(s, len < room, "a text is too long");
	if (s->err)
		len = 0;
	sonde_saved_bytes(s, text, len);
	text[len] = 0;
	for (uint16_t i = 0; i < len; i++)
		sonde_saved_require(s, text[i] >= ' ' && text[i] <= '~', "a text is not of letters and signs");
}

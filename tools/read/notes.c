#include "tools/read/notes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/common/files.h"
#include "tools/common/message.h"

#define MOST_INTERFACES 256
#define MOST_BLOCK      (64u << 20) /* bytes: a longer block is no packet */

static bool is_regular(FILE *in)
{
	struct stat st;
	return fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode);
}

void notes_open(struct notes *n, const char *path, bool filtered)
{
	uint8_t head[SONDE_PCAPNG_HEAD];
	*n = (struct notes){ .in = files_is_stdin(path) ? NULL : fopen(path, "re"), .filtered = filtered };
	if (!n->in)
		return;
	n->interfaces = calloc(MOST_INTERFACES, sizeof *n->interfaces);
	n->file = (struct sonde_pcapng_file){ .interfaces = n->interfaces, .cap = n->interfaces ? MOST_INTERFACES : 0 };
	bool pcapng = is_regular(n->in) && fread(head, 1, sizeof head, n->in) == sizeof head &&
		      memcmp(head, "\x0a\x0d\x0d\x0a", 4) == 0 && sonde_pcapng_block_len(&n->file, head);
	rewind(n->in);
	if (!pcapng)
		notes_close(n);
}

void notes_close(struct notes *n)
{
	if (n->in)
		fclose(n->in);
	free(n->interfaces);
	free(n->block);
	free(n->comments);
	*n = (struct notes){ .in = NULL };
}

static void *grow(void *data, size_t *cap, size_t size)
{
	if (size <= *cap)
		return data;
	*cap = 2 * size;
	return message_need_memory(realloc(data, *cap));
}

/* Read the next block that is a packet. Returns false at the end, and where the file is damaged: the reader of frames
 * says so. */
static bool next_packet(struct sonde_pcapng_packet *out, struct notes *n)
{
	uint8_t head[SONDE_PCAPNG_HEAD];
	while (fread(head, 1, sizeof head, n->in) == sizeof head) {
		uint32_t len = sonde_pcapng_block_len(&n->file, head);
		if (len == 0 || len > MOST_BLOCK)
			return false;
		n->block = grow(n->block, &n->block_cap, len);
		memcpy(n->block, head, sizeof head);
		if (fread(n->block + sizeof head, 1, len - sizeof head, n->in) != len - sizeof head)
			return false;
		int got = sonde_pcapng_block(out, &n->file, sonde_view(n->block, len));
		if (got)
			return got == 1;
	}
	return false;
}

/* Several comments are lines of one. */
static struct sonde_view join_comments(struct notes *n, const struct sonde_pcapng_packet *p)
{
	struct sonde_view one, first = { NULL, 0 };
	size_t at = 0, len = 0;
	for (unsigned i = 0; sonde_pcapng_option(&one, &n->file, p->options, SONDE_PCAPNG_COMMENT, &at); i++) {
		if (i == 0)
			first = one;
		n->comments = grow(n->comments, &n->comments_cap, len + one.len + 1);
		if (i > 0)
			n->comments[len++] = '\n';
		if (one.len)
			memcpy(n->comments + len, one.data, one.len);
		len += one.len;
	}
	return len > first.len ? sonde_view(n->comments, len) : first;
}

void notes_add(struct sonde_record *r, const char **iface, struct notes *n)
{
	struct sonde_pcapng_packet p;
	*iface = NULL;
	/* A filter leaves frames out: take the next block with the same bytes, of which libpcap may have cut some.
	 * Equal frames all pass. */
	while (n->in) {
		if (!next_packet(&p, n)) {
			notes_close(n);
			return;
		}
		struct sonde_view bytes = sonde_view_sub(p.record.bytes, 0, r->bytes.len);
		if (!n->filtered || (p.record.wire_len == r->wire_len && sonde_view_equal(bytes, r->bytes)))
			break;
	}
	if (!n->in)
		return;
	r->direction = p.record.direction;
	r->interface = p.record.interface;
	r->comment = join_comments(n, &p);
	*iface = p.from && p.from->name[0] ? p.from->name : NULL;
}

#include "tools/read/copy.h"

#include <stdlib.h>

#include "capture/pcapng_swap.h"
#include "io/file_write.h"
#include "tools/common/message.h"
#include "tools/common/record.h"

/* A copy describes the interface as the file does. */
static struct sonde_pcapng_interface interface_of(const struct copy *c, uint32_t number, uint16_t link)
{
	struct sonde_pcapng_interface i = { .link = link };
	const struct sonde_pcapng_seen *seen = c->reader ? sonde_reader_interface(c->reader, number) : NULL;
	if (seen) {
		i.name = seen->name;
		i.description = seen->description;
		i.filter = seen->filter;
		i.link = seen->link;
	}
	return i;
}

int copy_record(const struct copy *c, const struct sonde_record *rec)
{
	const struct sonde_pcapng_interface i = interface_of(c, rec->interface, rec->link);
	return record_write_as(c->writer, &i, rec);
}

/* Statistics count for the interface of this name and link type in the copy. */
static void copy_statistics(struct copy *c, const struct sonde_pcapng_file *f)
{
	struct sonde_pcapng_statistics of;
	struct sonde_error e;
	if (sonde_pcapng_take_statistics(&of, f)) {
		c->not_copied++;
		return;
	}
	const struct sonde_pcapng_interface i = interface_of(c, of.interface, 0);
	if (sonde_writer_interface(&of.interface, c->writer, &i, &e) || sonde_writer_statistics(c->writer, &of, &e))
		message_error(&e);
}

/* A comment of a section goes to that of the copy, as long as nothing is written of it; later ones begin a section. */
static void copy_comments(struct copy *c, const struct sonde_pcapng_file *f)
{
	const size_t fixed = 16; /* byte order, version and length */
	struct sonde_view one, options = sonde_view_sub(f->body, fixed, f->body.len);
	struct sonde_error e;
	size_t at = 0;
	while (sonde_pcapng_option(&one, options, f->big_endian, SONDE_PCAPNG_COMMENT, &at)) {
		int rc = one.len ? sonde_writer_note(c->writer, one, &e) : 0;
		if (rc == SONDE_E_ORDER || rc == SONDE_E_RANGE)
			rc = sonde_writer_section(c->writer, one, &e);
		if (rc)
			message_error(&e);
	}
}

/* The copy is little-endian. */
static void copy_turned(struct copy *c, const struct sonde_pcapng_file *f)
{
	struct sonde_error e;
	struct sonde_buf body = {
		.data = message_need_memory(malloc(f->body.len + 1)), .cap = f->body.len,
	};
	sonde_buf_put(&body, f->body);
	if (sonde_pcapng_swap(&body, f->type))
		c->not_copied++;
	else if (sonde_writer_block(c->writer, f->type, sonde_view(body.data, body.len), &e))
		message_error(&e);
	free(body.data);
}

/* What is in a block is in the byte order of its section. */
void copy_block(void *arg, const struct sonde_pcapng_file *f)
{
	struct copy *c = arg;
	struct sonde_error e;
	switch (f->type) {
	case SONDE_PCAPNG_SECTION_HEADER: copy_comments(c, f); return;
	case SONDE_PCAPNG_INTERFACE_DESCRIPTION:
	case SONDE_PCAPNG_CUSTOM_NOT_COPIED: return;
	case SONDE_PCAPNG_INTERFACE_STATISTICS: copy_statistics(c, f); return;
	default: break;
	}
	if (f->big_endian)
		copy_turned(c, f);
	else if (sonde_writer_block(c->writer, f->type, f->body, &e))
		message_error(&e);
}

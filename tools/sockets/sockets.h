/* What the parts of `sonde sockets` share. */
#ifndef SONDE_TOOLS_SOCKETS_SOCKETS_H
#define SONDE_TOOLS_SOCKETS_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

#include "io/owners.h"
#include "io/sockdiag.h"
#include "tools/common/choose.h"
#include "tools/common/columns.h"
#include "tools/common/options.h"
#include "tools/common/table.h"

enum sockets_form { SOCKETS_TABLE, SOCKETS_CSV, SOCKETS_JSON };

struct sockets_options {
	struct choices choices;
	enum sockets_form form;
	unsigned kinds;   /* 1 << enum sonde_socket_kind, ORed; 0: all */
	bool listening;   /* only those that wait for others */
	bool all_netns;
	bool live;
};

/* Read the sockets and print them. argv is for the record of the run. Returns the exit status. */
int sockets_run(const struct options *o, struct sockets_options *s, char **argv);

/* --- What the kernel has (gather.c) ------------------------------------------------------------------------------- */

/* A network namespace. */
struct netns {
	uint64_t inode;
	char name[64]; /* as /run/netns has it, or "" */
	uint32_t end;  /* how many sockets were read when it was done */
};

struct gathered {
	struct sonde_sockets sockets; /* by namespace */
	struct sonde_owners owners;
	struct netns *spaces;
	uint32_t n_spaces, n_closed; /* n_closed: that could not be entered */
};

/* Returns 0 or a negated errno; g is for gathered_free in any case. */
int gathered_read(struct gathered *g, const struct sockets_options *s, struct sonde_error *e);
void gathered_free(struct gathered *g);

/* --- Rows (columns.c) --------------------------------------------------------------------------------------------- */

struct socket_row {
	struct sonde_socket s;
	const struct netns *netns;
	const struct sonde_owners *owners;
	const struct sonde_owner *owner; /* the first; NULL: none is known */
	uint64_t n_owners;
};

struct rows {
	struct socket_row *list;
	uint32_t n;
	uint32_t n_unseen; /* whose owners may not be seen */
};

/* Those that are asked for, in order; free rows->list (run.c). */
void sockets_choose(struct rows *rows, const struct gathered *g, const struct sockets_options *s);

extern const struct column_table sockets_table;

bool socket_has_peer(const struct sonde_socket *s);
const char *socket_proto(const struct sonde_socket *s);
const char *socket_state(const struct sonde_socket *s);

/* --- Printing (print.c) ------------------------------------------------------------------------------------------- */

struct names;

/* All rows as a table that fits the terminal. */
void sockets_print_table(const struct rows *rows, const struct options *o);
/* Its parts: the widths of all rows, and one of them as a line. names may be NULL. */
void sockets_table_begin(struct table *t, const struct rows *rows, struct names *names, int width);
char *sockets_table_line(char out[static TABLE_LINE], const struct table *t, const struct socket_row *row,
			 struct names *names);

/* A screen until q or Ctrl-C (live.c); a process that keeps these capabilities reads anew each second. Returns the exit
 * status. */
int sockets_live(const struct sockets_options *s, uint64_t keep, const struct options *o);

#endif

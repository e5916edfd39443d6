/* sonde flows --process: which process has a flow's socket. It is asked for when the first packet is read: a socket
 * that is gone by then is not known. */
#ifndef SONDE_TOOLS_FLOWS_PROCESS_H
#define SONDE_TOOLS_FLOWS_PROCESS_H

#include "capture/record.h"
#include "tools/flows/flows.h"

struct processes_stats {
	uint64_t found, gone; /* gone: no socket was there, or none that may be seen */
	uint64_t not_asked;   /* too many flows began in one second */
};

/* Before the sandbox, for it starts a broker. Returns 0 or an exit status after a message. *out is for
 * processes_close. */
int processes_open(struct processes **out, const struct options *o);
void processes_close(struct processes *p); /* NULL is fine */

/* A frame was read: if a flow begins with it, ask whose it is. */
void processes_see(struct processes *p, const struct sonde_record *rec);
/* Set the process of a row, if it is known. p may be NULL. */
void processes_name(const struct processes *p, struct flow_row *row);
struct processes_stats processes_stats(const struct processes *p);

#endif

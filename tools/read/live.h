/* sonde read -I: the packets that pass interfaces, as they do. */
#ifndef SONDE_TOOLS_READ_LIVE_H
#define SONDE_TOOLS_READ_LIVE_H

#include <stdio.h>

#include "tools/common/json.h"

struct live;
struct run_state;

/* Open a capture on each interface of -I. Call before the sandbox. *out is for live_close. Returns 0 or an exit status
 * after a message. */
int live_open(struct live **out, struct run_state *s);
/* Take frames until there are enough, the time is over, a signal comes or no interface is left, and set s->end. Call
 * in the sandbox. Returns the exit status. */
int live_run(struct live *l);
void live_close(struct live *l); /* NULL is fine */

/* What each interface received and lost: a line each; with `all` unset, only for those that lost something. */
void live_print(FILE *out, const struct live *l, bool all);
void live_json(struct json *j, const struct live *l);

#endif

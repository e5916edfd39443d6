/* A process beside this one, asked over a socket: it does what this one must not, or may not. Requests and answers are
 * structures of a fixed size; an answer may carry a descriptor. The process ends with this one. */
#ifndef SONDE_TOOLS_COMMON_CHANNEL_H
#define SONDE_TOOLS_COMMON_CHANNEL_H

#include <stddef.h>

struct channel {
	int fd; /* 0: not started */
};

/* Start it: serve(fd, arg) runs there until it returns, with no descriptor but fd and with /dev/null as standard input,
 * output and error. Signals that end a run do not end it. Returns 0 or a negated errno. */
int channel_start(struct channel *c, const char *name, void (*serve)(int fd, void *arg), void *arg);
/* Let it end, and wait until it has. */
void channel_stop(struct channel *c);

/* Ask. *fd, unless fd is NULL, is the descriptor that came with the answer, or -1. Returns 0; -EPIPE when the process
 * is gone; or another negated errno. */
int channel_ask(struct channel *c, const void *request, size_t len, void *answer, size_t answer_len, int *fd);

/* For serve: the next request. Returns its length, which may be any up to len; 0 at the end. */
size_t channel_next(int fd, void *request, size_t len);
/* Answer it; pass is a descriptor to hand over, or -1. Returns 0 or a negated errno. */
int channel_answer(int fd, const void *answer, size_t len, int pass);

#endif

/* send --on: a packet for each that matches. */
#ifndef SONDE_TOOLS_SEND_RESPOND_H
#define SONDE_TOOLS_SEND_RESPOND_H

#include "tools/send/send.h"

/* Answer until enough is sent, or the run is ended. Returns the exit status. */
int respond_run(struct source *s, struct printer *t);

#endif

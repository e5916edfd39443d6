/* How commands open a session. */
#ifndef SONDE_TOOLS_COMMON_SESSION_H
#define SONDE_TOOLS_COMMON_SESSION_H

#include "session/session.h"

/* Returns 0, or an exit status after a message: STATUS_USAGE when there is no such interface. *out is for
 * sonde_session_close, and NULL where there is none. */
int session_open(struct sonde_session **out, const struct sonde_session_options *o);

#endif

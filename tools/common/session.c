#include "tools/common/session.h"

#include <errno.h>

#include "tools/common/message.h"
#include "tools/common/status.h"

int session_open(struct sonde_session **out, const struct sonde_session_options *o)
{
	struct sonde_error e = { 0 };
	int err = sonde_session_open(out, o, &e);
	if (!err)
		return 0;
	message_error(&e);
	return err == -ENODEV ? STATUS_USAGE : STATUS_SYSTEM;
}

#include "tools/common/record.h"

#include <string.h>

#include "tools/common/message.h"
#include "tools/common/status.h"

int record_keep(struct sonde_writer *w, const char *iface, const struct sonde_record *r)
{
	struct sonde_error e;
	if (!w)
		return 0;
	struct sonde_record copy = *r;
	struct sonde_pcapng_interface i = { .name = sonde_view(iface, iface ? strlen(iface) : 0), .link = r->link };
	int err = sonde_writer_interface(&copy.interface, w, &i, &e);
	if (!err)
		err = sonde_writer_put(w, &copy, &e);
	if (err)
		message_error(&e);
	return err ? STATUS_SYSTEM : 0;
}

#include "tools/lab/services.h"

#include <sys/resource.h>

#include "tools/berkeley/server.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/lab/process.h"

#define BACKLOG 1024

/* One socket a family, each at all addresses of the host. */
static int open_service(struct server *s, const struct lab_service *v)
{
	static const uint8_t families[] = { SONDE_IP4, SONDE_IP6 };
	int err = 0;

	for (unsigned i = 0; i < 2 && !err; i++) {
		struct sonde_endpoint own = { .addr.family = families[i], .port = v->port };
		err = server_wait(s, &own, v->udp, BACKLOG);
	}
	return err;
}

static int open_services(struct server *s, const struct topology *t, unsigned host)
{
	for (unsigned i = 0; i < t->n_services; i++) {
		const struct lab_service *v = &t->services[i];
		int err = v->host == host ? open_service(s, v) : 0;
		if (err) {
			message_code(err, "cannot listen on %s port %u of '%s'", v->udp ? "udp" : "tcp", v->port,
				     t->hosts[host].name);
			return err;
		}
	}
	return 0;
}

/* Each client takes a descriptor. */
static void allow_many_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

int lab_serve(const struct topology *t, unsigned host, int ready_fd)
{
	static const struct server_owner nobody;
	static struct loop loop;
	struct server server;
	int err;

	lab_process_begin("sonde-server");
	allow_many_files();
	if ((err = loop_open(&loop)) || (err = server_open(&server, &loop, &nobody)))
		message_code(err, "cannot serve on '%s'", t->hosts[host].name);
	else
		err = open_services(&server, t, host);
	if (lab_process_ready(ready_fd, err))
		return STATUS_SYSTEM;
	loop_run(&loop);
	return STATUS_DONE;
}

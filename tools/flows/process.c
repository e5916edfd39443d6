#include "tools/flows/process.h"

#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "packet/ends.h"
#include "proto/tcp.h"
#include "tools/common/broker.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"

#define KNOWN       65536 /* flows whose process is remembered */
#define WAYS        4     /* that share a place: the one that was asked for first is forgotten */
#define MOST_ASKED  1000  /* in a second: packets must not wait */

enum { TCP = 6, UDP = 17 };

struct entry {
	uint8_t tuple[SONDE_ENDS_TUPLE_LEN]; /* sorted, as sonde_ends_sort has it */
	bool used;
	uint32_t pid; /* 0: not known */
	char process[16];
	uint64_t asked; /* the how manieth it was */
};

struct processes {
	bool has_broker;
	struct broker broker;
	struct owner_finder finder; /* without a sandbox */
	struct processes_stats stats;
	struct sonde_key secret;
	sonde_time second; /* monotonic: when the present one began */
	unsigned n_second; /* asked in it */
	uint64_t n_asked;
	struct entry entries[KNOWN];
};

/* --- The table ---------------------------------------------------------------------------------------------------- */

static struct entry *set_of(const struct processes *p, const uint8_t tuple[static SONDE_ENDS_TUPLE_LEN])
{
	uint64_t hash = sonde_siphash(p->secret, sonde_view(tuple, SONDE_ENDS_TUPLE_LEN));
	return (struct entry *)p->entries + hash % (KNOWN / WAYS) * WAYS;
}

static struct entry *find(const struct processes *p, const uint8_t tuple[static SONDE_ENDS_TUPLE_LEN])
{
	struct entry *set = set_of(p, tuple);
	for (unsigned i = 0; i < WAYS; i++)
		if (set[i].used && memcmp(set[i].tuple, tuple, SONDE_ENDS_TUPLE_LEN) == 0)
			return &set[i];
	return NULL;
}

static struct entry *make(struct processes *p, const uint8_t tuple[static SONDE_ENDS_TUPLE_LEN])
{
	struct entry *set = set_of(p, tuple), *place = set;
	for (unsigned i = 0; i < WAYS && place->used; i++)
		if (!set[i].used || set[i].asked < place->asked)
			place = &set[i];
	*place = (struct entry){ .used = true };
	memcpy(place->tuple, tuple, SONDE_ENDS_TUPLE_LEN);
	return place;
}

/* --- Asking ------------------------------------------------------------------------------------------------------- */

static bool may_ask(struct processes *p)
{
	sonde_time now = sonde_clock_monotonic();
	if (now - p->second >= SONDE_S) {
		p->second = now;
		p->n_second = 0;
	}
	return p->n_second++ < MOST_ASKED;
}

static void ask(struct processes *p, struct entry *e, const struct sonde_pair *pair)
{
	const struct owner_question q = { .ip_proto = pair->proto, .ends = { pair->local, pair->remote } };
	struct owner_answer a = { 0 };
	e->asked = ++p->n_asked;
	e->pid = 0;
	if (!may_ask(p)) {
		p->stats.not_asked++;
		return;
	}
	int err = p->has_broker ? broker_owner(&p->broker, &a, &q) : owner_find(&a, &p->finder, &q);
	p->stats.found += !err;
	p->stats.gone += err != 0;
	if (err)
		return;
	e->pid = a.pid;
	memcpy(e->process, a.process, sizeof e->process);
}

void processes_see(struct processes *p, const struct sonde_record *rec)
{
	struct sonde_ends e;
	if (!sonde_ends_read(&e, rec->bytes.data, (uint32_t)rec->bytes.len, rec->wire_len, rec->link) || e.encap ||
	    !(e.flags & SONDE_ENDS_PORTS) || (e.proto != TCP && e.proto != UDP))
		return;
	const struct sonde_pair pair = sonde_ends_pair(&e);
	const bool begins = e.proto == TCP && (e.tcp_flags & (SONDE_TCP_SYN | SONDE_TCP_ACK_FLAG)) == SONDE_TCP_SYN;
	uint8_t tuple[SONDE_ENDS_TUPLE_LEN];
	sonde_ends_sort(&e);
	memcpy(tuple, &e, sizeof tuple);
	struct entry *entry = find(p, tuple);
	/* Ports that are used again may be another process's. */
	if (!entry || begins)
		ask(p, entry ? entry : make(p, tuple), &pair);
}

/* --- Telling ------------------------------------------------------------------------------------------------------ */

void processes_name(const struct processes *p, struct flow_row *row)
{
	const struct sonde_flow_report *r = &row->r;
	row->pid = 0;
	row->process[0] = 0;
	if (!p || *r->tunnel || (r->proto != TCP && r->proto != UDP))
		return;
	struct sonde_ends e = { .sport = r->orig.end.port, .dport = r->resp.end.port, .proto = r->proto,
				.family = r->family };
	memcpy(e.src, r->orig.end.addr.bytes, sizeof e.src);
	memcpy(e.dst, r->resp.end.addr.bytes, sizeof e.dst);
	sonde_ends_sort(&e);
	uint8_t tuple[SONDE_ENDS_TUPLE_LEN];
	memcpy(tuple, &e, sizeof tuple);
	const struct entry *entry = find(p, tuple);
	if (!entry || !entry->pid)
		return;
	row->pid = entry->pid;
	memcpy(row->process, entry->process, sizeof row->process);
}

struct processes_stats processes_stats(const struct processes *p)
{
	return p->stats;
}

/* --- The whole ---------------------------------------------------------------------------------------------------- */

int processes_open(struct processes **out, const struct options *o)
{
	struct processes *p = *out = calloc(1, sizeof *p);
	int status;
	if (!p)
		return message_out_of_memory();
	p->secret = sonde_key_from_seed(o->seed);
	p->has_broker = sandbox_wanted(&status, o);
	p->broker.owners = true;
	if (status)
		return status;
	if (p->has_broker)
		return broker_start(&p->broker);
	int err = owner_finder_open(&p->finder);
	if (err)
		message_code(err, "cannot look for processes");
	return err ? STATUS_SYSTEM : 0;
}

void processes_close(struct processes *p)
{
	if (!p)
		return;
	broker_stop(&p->broker);
	owner_finder_close(&p->finder);
	free(p);
}

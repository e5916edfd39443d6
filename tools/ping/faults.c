#include "base/error.h"
#include "io/clock.h"
#include "tools/common/figures.h"
#include "tools/common/message.h"
#include "tools/ping/ping.h"

/* A lasting cause is printed once, and again when it comes back after this long. */
#define QUIET_NS (5 * SONDE_S)

/* Whether a cause is to be printed now. */
static bool is_due(sonde_time *met_at)
{
	sonde_time now = sonde_clock_monotonic();
	bool news = *met_at == 0 || now - *met_at > QUIET_NS;
	*met_at = now;
	return news;
}

void ping_fault_refused(struct ping_faults *f, int code)
{
	f->refused[sonde_refusal(code)]++;
}

void ping_fault_message(struct ping_faults *f, const struct sonde_error *e)
{
	if (is_due(&f->printed_at[sonde_refusal(e->code)]))
		message_error(e);
}

void ping_fault_dropped(struct ping_faults *f, int code, const struct sonde_addr *target)
{
	char text[SONDE_ADDR_STRLEN];
	sonde_addr_format(text, target);
	f->unresolved += code != 0;
	f->withheld += code == 0;
	if (code && is_due(&f->unresolved_printed_at))
		message("%s: the next hop does not tell its link address: packets to it do not leave", text);
	else if (!code && is_due(&f->withheld_printed_at))
		message("%s: this machine took packets and did not let them out (see: nft list ruleset; tc -s qdisc)",
			text);
}

/* How many of the missing answers may be frames that were not read in time. */
static uint64_t own_fault(const struct ping_faults *f, uint64_t lost)
{
	return f->rx_dropped < lost ? f->rx_dropped : lost;
}

static uint64_t lost_of(const struct sonde_ping *ping)
{
	uint64_t n = 0;
	for (uint32_t i = 0; i < ping->n_targets; i++)
		n += ping->targets[i].lost;
	return n;
}

static void print_line(const char *title, const struct figure *figures, size_t n)
{
	if (figures_print(stdout, title, figures, n))
		putchar('\n');
}

void ping_faults_print(const struct ping_faults *f, const struct sonde_ping *ping)
{
	struct figure refused[SONDE_N_REFUSALS];
	for (unsigned i = 0; i < SONDE_N_REFUSALS; i++)
		refused[i] = (struct figure){ f->refused[i], sonde_refusal_name((enum sonde_refusal)i) };
	const struct figure withheld[] = { { f->unresolved, "no-neighbour" },
					   { f->withheld, "dropped by our kernel" } };
	const struct figure rejected[] = { { ping->wrong_token, "wrong token" },
					  { ping->wrong_checksum, "wrong checksum" } };
	const struct figure unread[] = { { f->rx_dropped, "that came in" }, { f->tx_unseen, "that went out" } };
	const struct figure incomplete[] = { { f->incomplete, "of which fragments were missing" } };
	uint64_t lost = lost_of(ping), own = own_fault(f, lost);
	print_line("not sent: ", refused, SONDE_N_REFUSALS);
	print_line("never left: ", withheld, 2);
	print_line("rejected: ", rejected, 2);
	print_line("frames dropped before they were read: ", unread, 2);
	print_line("packets that came in: ", incomplete, 1);
	if (own)
		printf("%llu of %llu missing answers may be missing through our own fault\n",
		       (unsigned long long)own, (unsigned long long)lost);
}

void ping_faults_json(struct json *j, const struct ping_faults *f, const struct sonde_ping *ping)
{
	json_uint(j, "wrong_token", ping->wrong_token);
	json_uint(j, "wrong_checksum", ping->wrong_checksum);
	json_uint(j, "unmatched", ping->unmatched);
	json_object(j, "not_sent");
	for (unsigned i = 0; i < SONDE_N_REFUSALS; i++)
		if (f->refused[i])
			json_uint(j, sonde_refusal_name((enum sonde_refusal)i), f->refused[i]);
	json_object_end(j);
	json_object(j, "never_left");
	json_uint(j, "no-neighbour", f->unresolved);
	json_uint(j, "unknown", f->withheld);
	json_object_end(j);
	json_uint(j, "rx_dropped", f->rx_dropped);
	json_uint(j, "tx_unseen", f->tx_unseen);
	json_uint(j, "incomplete", f->incomplete);
	json_uint(j, "own_fault", own_fault(f, lost_of(ping)));
}

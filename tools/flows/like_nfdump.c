/* Flows as nfdump's lines (-B -o bline): both directions in one, sizes of IP packets. */
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/span.h"
#include "tools/flows/flows.h"

static void begin(struct flows_printer *p)
{
	(void)p;
	puts("Date first seen           Duration Proto      Src IP Addr:Port          Dst IP Addr:Port   "
	     "Out Pkt   In Pkt Out Byte  In Byte Flows");
}

static void print_date(sonde_time t)
{
	char date[40];
	time_t seconds = (time_t)(t / SONDE_S);
	struct tm tm;
	localtime_r(&seconds, &tm);
	strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &tm);
	printf("%s.%03lld", date, (long long)(t % SONDE_S / SONDE_MS));
}

/* Its names of protocols are in capitals. */
static void print_proto(uint8_t number)
{
	char room[8];
	const char *name = flows_proto_name(room, number);
	char capitals[16];
	size_t i = 0;
	for (; name[i] && i < sizeof capitals - 1; i++)
		capitals[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
	capitals[i] = 0;
	printf(" %-5s", capitals);
}

static void print_end(const struct sonde_endpoint *e)
{
	char addr[SONDE_ADDR_STRLEN];
	printf(" %16s:%-5u", sonde_addr_format(addr, &e->addr), e->port);
}

static void print_row(struct flows_printer *p, const struct flow_row *row)
{
	const struct sonde_flow_report *r = &row->r;
	(void)p;
	print_date(r->first);
	printf(" %9.3f", (double)sonde_time_since(r->last, r->first) / 1e9);
	print_proto(r->proto);
	print_end(&r->orig.end);
	fputs(" <->", stdout);
	print_end(&r->resp.end);
	printf(" %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 " %5d\n", r->orig.packets, r->resp.packets,
	       r->orig.ip_bytes, r->resp.ip_bytes, 1);
}

const struct flows_form_row flows_print_nfdump = { "nfdump", begin, print_row, NULL };

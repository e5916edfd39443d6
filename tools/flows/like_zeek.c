/* Flows as Zeek's conn.log: its columns, tab-separated, with its header lines. */
#include <inttypes.h>
#include <string.h>

#include "base/span.h"
#include "tools/flows/flows.h"

static void begin(struct flows_printer *p)
{
	(void)p;
	fputs("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
	      "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\t"
	      "resp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\t"
	      "resp_pkts\tresp_ip_bytes\ttunnel_parents\n"
	      "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\t"
	      "count\tstring\tcount\tcount\tcount\tcount\tset[string]\n",
	      stdout);
}

/* Seconds with six decimals, as Zeek rounds them. */
static void print_seconds(sonde_time t)
{
	printf("%.6f\t", (double)t / 1e9);
}

/* It has neither state nor history there. */
static bool is_icmp(const struct sonde_flow_report *r)
{
	return r->proto == 1 || r->proto == 58;
}

/* ICMP has the type and the code of what the originator sent as ports. */
static unsigned port_of(const struct flow_row *row, bool orig)
{
	const struct sonde_flow_report *r = &row->r;
	if (is_icmp(r) && !r->icmp_one_way) {
		const struct sonde_flow_tuple t = sonde_report_tuple(r);
		return orig ? t.pair.local.port : t.pair.remote.port;
	}
	return orig ? r->orig.end.port : r->resp.end.port;
}

/* One packet has no duration and no byte counts. What comes after both sides ended does not prolong a
 * connection. */
static void print_sizes(const struct sonde_flow_report *r)
{
	if (r->orig.packets + r->resp.packets < 2) {
		fputs("-\t-\t-\t", stdout);
		return;
	}
	print_seconds(sonde_time_since(r->over, r->first));
	printf("%" PRIu64 "\t%" PRIu64 "\t", r->orig.bytes, r->resp.bytes);
}

static void print_row(struct flows_printer *p, const struct flow_row *row)
{
	const struct sonde_flow_report *r = &row->r;
	char orig[SONDE_ADDR_STRLEN], resp[SONDE_ADDR_STRLEN], proto[8];
	const char *name = r->proto == 58 ? "icmp" : flows_proto_name(proto, r->proto);
	(void)p;
	print_seconds(r->first);
	/* Zeek's identifiers are random; the Community ID names the flow in every tool. */
	printf("%s\t%s\t%u\t%s\t%u\t%s\t-\t", row->community_id, sonde_addr_format(orig, &r->orig.end.addr),
	       port_of(row, true), sonde_addr_format(resp, &r->resp.end.addr), port_of(row, false), name);
	print_sizes(r);
	printf("%s\t-\t-\t%" PRIu64 "\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t-\n",
	       is_icmp(r) ? "OTH" : r->conn_state, r->orig.missed_bytes + r->resp.missed_bytes,
	       is_icmp(r) || !*r->history ? "-" : r->history, r->orig.packets, r->orig.ip_bytes, r->resp.packets,
	       r->resp.ip_bytes);
}

const struct flows_form_row flows_print_zeek = { "zeek", begin, print_row, NULL };

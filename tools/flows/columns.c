#include "tools/flows/columns.h"

#include <string.h>

#include "base/span.h"
#include "packet/ends.h"
#include "tools/flows/flows.h"

/* --- What is not a number of the report --------------------------------------------------------------------------- */

static void get_ts(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->t = row->r.first;
}

static void get_duration(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->t = sonde_time_since(row->r.last, row->r.first);
}

static void get_proto(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = flows_proto_name(v->room, row->r.proto);
}

static void get_orig_h(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->addr = &row->r.orig.end.addr;
}

static void get_resp_h(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->addr = &row->r.resp.end.addr;
}

static void get_service(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = flows_service(row);
	v->none = !*v->text;
}

static void get_service_by(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->r.said ? "seen" : "port";
	v->none = !*flows_service(row);
}

static void get_server_name(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->r.said ? row->r.said->name : "";
	v->none = !*v->text;
}

static void get_orig_name(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->orig_name;
	v->none = !v->text;
}

static void get_resp_name(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->resp_name;
	v->none = !v->text;
}

static void get_alpn(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->r.said ? row->r.said->alpn : "";
	v->none = !*v->text;
}

static void get_conn_state(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->r.conn_state;
}

static void get_history(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->r.history;
}

static void get_vlan(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->n = row->r.vlan;
	v->none = row->r.vlan == SONDE_ENDS_NO_VLAN;
}

static void get_tunnel(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->r.tunnel;
	v->none = !*v->text;
}

static void get_originator(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->r.grade == SONDE_FLOW_SEEN ? "seen" : "inferred";
}

static void get_end(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	static const char *const words[] = { "open", "silent", "reused", "evicted" };
	v->text = words[row->r.end];
}

static void get_community_id(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->community_id;
	v->none = !*v->text;
}

static void get_fragments(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->n = row->r.orig.fragments + row->r.resp.fragments;
}

static void get_missed(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->n = row->r.orig.missed_bytes + row->r.resp.missed_bytes;
}

static void get_process(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->text = row->process;
	v->none = !row->pid;
}

static void get_pid(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->n = row->pid;
	v->none = !row->pid;
}

static void get_both_packets(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->n = row->r.orig.packets + row->r.resp.packets;
}

static void get_both_bytes(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->n = row->r.orig.ip_bytes + row->r.resp.ip_bytes;
}

static void get_both_retransmits(struct column_value *v, const void *flow)
{
	const struct flow_row *row = flow;
	v->n = row->r.orig.rexmt_packets + row->r.resp.rexmt_packets;
}

/* --- The table ---------------------------------------------------------------------------------------------------- */

#define OWN(label, kind, function, meaning) { .name = label, .type = kind, .get = function, .help = meaning }
#define NUMBER(label, member, is_tcp, meaning)                                                                         \
	{ .name = label, .type = COLUMN_UINT, .width = sizeof(((struct sonde_flow_report *)0)->member), .tcp = is_tcp, \
	  .offset = offsetof(struct flow_row, r.member), .help = meaning }
#define SPAN(label, member, meaning)                                                                                   \
	{ .name = label, .type = COLUMN_NS, .width = sizeof(sonde_time), .tcp = true,                                  \
	  .offset = offsetof(struct flow_row, r.member), .help = meaning }
#define YES(label, member, meaning)                                                                                    \
	{ .name = label, .type = COLUMN_BOOL, .width = sizeof(bool), .tcp = true,                                      \
	  .offset = offsetof(struct flow_row, r.member), .help = meaning }
/* The same of both sides. */
#define BOTH(label, member, is_tcp, meaning)                                                                           \
	NUMBER("orig_" label, orig.member, is_tcp, meaning), NUMBER("resp_" label, resp.member, is_tcp, meaning)

const struct column columns[] = {
	OWN("ts", COLUMN_TIME, get_ts, "time of the first packet, since 1970"),
	OWN("duration", COLUMN_TIME, get_duration, "to the last packet"),
	OWN("proto", COLUMN_TEXT, get_proto, "tcp, udp, icmp, ..., or the number"),
	OWN("orig_h", COLUMN_ADDR, get_orig_h, "address of the originator"),
	NUMBER("orig_p", orig.end.port, false, "its port; ICMP: identifier, or type"),
	OWN("resp_h", COLUMN_ADDR, get_resp_h, "address of the responder"),
	NUMBER("resp_p", resp.end.port, false, "its port; ICMP: identifier, or code"),
	OWN("orig_name", COLUMN_TEXT, get_orig_name, "its name by an earlier DNS answer, with --names"),
	OWN("resp_name", COLUMN_TEXT, get_resp_name, "the same of the responder"),
	OWN("service", COLUMN_TEXT, get_service, "what was recognised, or else the usual one of the port"),
	OWN("service_by", COLUMN_TEXT, get_service_by, "how that is known: seen or port"),
	OWN("server_name", COLUMN_TEXT, get_server_name, "the name asked for: DNS question, TLS SNI, HTTP Host"),
	OWN("alpn", COLUMN_TEXT, get_alpn, "the protocol that TLS offers first"),
	OWN("conn_state", COLUMN_TEXT, get_conn_state, "S0, S1, SF, REJ, ... as Zeek has them"),
	OWN("history", COLUMN_TEXT, get_history, "what happened, a letter each, as Zeek has them"),
	BOTH("pkts", packets, false, "packets, fragments counted each"),
	BOTH("frame_bytes", frame_bytes, false, "of the frames on the wire"),
	BOTH("ip_bytes", ip_bytes, false, "of the IP packets"),
	BOTH("bytes", bytes, false, "of payload; TCP: by sequence numbers"),
	BOTH("seen_bytes", seen_bytes, false, "of payload that was captured, those sent twice counted twice"),
	BOTH("unique_bytes", unique_bytes, false, "of payload that was captured, each once"),
	OWN("missed_bytes", COLUMN_UINT, get_missed, "acknowledged, and not in the capture"),
	OWN("fragments", COLUMN_UINT, get_fragments, "IP fragments among the packets"),
	NUMBER("icmp_errors", icmp_errors, false, "ICMP errors about packets of the flow"),
	OWN("vlan", COLUMN_UINT, get_vlan, "id of the outermost VLAN tag"),
	OWN("tunnel", COLUMN_TEXT, get_tunnel, "what encloses the packets, from the outside in"),
	OWN("originator", COLUMN_TEXT, get_originator, "seen, or inferred where the capture begins in the middle"),
	OWN("ended", COLUMN_TEXT, get_end, "open, silent, reused (the ports, by a new connection), evicted"),
	OWN("process", COLUMN_TEXT, get_process, "name of the process that has the socket"),
	OWN("pid", COLUMN_UINT, get_pid, "and its number"),
	OWN("community_id", COLUMN_TEXT, get_community_id, "Community ID, version 1"),
	BOTH("wrong_sums", wrong_sums, false, "packets with a wrong transport checksum"),
	BOTH("data_pkts", data_packets, true, "segments with data"),
	BOTH("rexmt_pkts", rexmt_packets, true, "segments with data, SYN or FIN that were seen before"),
	BOTH("rexmt_bytes", rexmt_bytes, true, "of such data"),
	BOTH("rexmt_timeout", rexmt_classes[SONDE_BY_TIMEOUT], true, "retransmissions that nothing asked for"),
	BOTH("rexmt_fast", rexmt_classes[SONDE_BY_FAST], true, "after three duplicate ACKs"),
	BOTH("rexmt_tail", rexmt_classes[SONDE_BY_TAIL], true, "of the last segment, sooner than a timeout"),
	BOTH("rexmt_spurious", rexmt_classes[SONDE_SPURIOUS], true, "of what had arrived"),
	BOTH("captured_twice", rexmt_classes[SONDE_CAPTURED_TWICE], true, "the same IP packet again"),
	BOTH("ooo_pkts", out_of_order, true, "segments that fill holes"),
	BOTH("dup_acks", dup_acks, true, "duplicate acknowledgements"),
	BOTH("triple_dup_acks", triple_dup_acks, true, "three of them in a row"),
	BOTH("zero_windows", zero_windows, true, "segments with a window of 0"),
	BOTH("window_probes", window_probes, true, "probes of a window of 0"),
	BOTH("keep_alives", keep_alives, true, "keep-alives"),
	BOTH("sacks", sacks, true, "segments with SACK blocks"),
	BOTH("dsacks", dsacks, true, "segments with a DSACK block"),
	BOTH("rtt_samples", rtt_samples, true, "round trips, by Karn's rule"),
	BOTH("rtt_min_ns", rtt_min_ns, true, "the shortest"),
	BOTH("rtt_avg_ns", rtt_avg_ns, true, "their mean"),
	BOTH("rtt_max_ns", rtt_max_ns, true, "the longest"),
	BOTH("isn", isn, true, "initial sequence number"),
	BOTH("mss", mss, true, "of the MSS option"),
	BOTH("wscale", wscale, true, "of the window scale option"),
	YES("orig_sack_permitted", orig.sack_permitted, "the SYN permitted SACK"),
	YES("resp_sack_permitted", resp.sack_permitted, "the SYN permitted SACK"),
	BOTH("max_window", max_in_flight, true, "bytes sent and not acknowledged, at most"),
	SPAN("handshake_syn_synack_ns", syn_to_synack_ns, "from SYN to SYN+ACK"),
	SPAN("handshake_synack_ack_ns", synack_to_ack_ns, "from SYN+ACK to ACK"),
	SPAN("resp_first_byte_ns", first_answer_ns, "from the first packet to the first payload of the responder"),
	{ .name = NULL },
};

static bool is_tcp(const void *flow)
{
	const struct flow_row *row = flow;
	return row->r.proto == 6;
}

const struct column_table flows_table = {
	.columns = columns,
	.is_tcp = is_tcp,
	.pairs = { { "host", "orig_h", "resp_h" }, { "port", "orig_p", "resp_p" } },
};

/* What flows are sorted by and do not print. */
static const struct column sums[] = {
	OWN("bytes", COLUMN_UINT, get_both_bytes, "of the IP packets of both sides"),
	OWN("packets", COLUMN_UINT, get_both_packets, "of both sides"),
	OWN("retransmits", COLUMN_UINT, get_both_retransmits, "segments of both sides that were seen before"),
	{ .name = NULL },
};

const struct column *column_to_sort_by(const char *name)
{
	for (const struct column *c = sums; c->name; c++)
		if (strcmp(name, c->name) == 0)
			return c;
	return column_by_name(name, strlen(name));
}

const struct column *column_by_name(const char *name, size_t len)
{
	return columns_find(&flows_table, name, len);
}

void column_get(struct column_value *v, const struct column *c, const struct flow_row *row)
{
	columns_get(v, &flows_table, c, row);
}

char *column_format(char out[static COLUMN_STRLEN], const struct column *c, const struct flow_row *row)
{
	struct column_value v;
	column_get(&v, c, row);
	return column_value_format(out, c, &v);
}

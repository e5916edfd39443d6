/* What the flow table makes of packets: each row is a capture, and what is right of its flow. */
#include "flow/flows.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/ether.h"
#include "tests/unit/wire.h"
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"

#define MOST_PACKETS 20
#define FIRST_TIME   (1000 * SONDE_S)

static const struct flows_options no_options;

/* A segment is "SIDE FLAGS SEQ[+LENGTH] [ACK] [@MS] [more fields]": "o PA 101+10 901 @5" is one of the originator with
 * 10 bytes of payload, 5 ms after the start; without @, 1 ms after the one before. Anything else is a packet in
 * notation, as it is. */
static const struct row {
	const char *name;
	const char *packets[MOST_PACKETS];
	const char *right; /* FIELD=VALUE of the first flow, with blanks between */
} rows[] = {
	/* Each conn_state. */
	{ "state: S0", { "o S 100" }, "conn_state=S0 history=S orig_pkts=1 resp_pkts=0 originator=seen orig_bytes=0" },
	{ "state: S1",
	  { "o S 100", "r SA 900 101", "o A 101 901" },
	  "conn_state=S1 history=ShA handshake_syn_synack_ns=1000000 handshake_synack_ack_ns=1000000" },
	{ "state: SF",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o PA 101+10 901", "r A 901 111", "r PA 901+20 111",
	    "o FA 111 921",
	    "r FA 921 112", "o A 112 922" },
	  "conn_state=SF history=ShADadFf orig_bytes=10 resp_bytes=20 orig_pkts=5 resp_pkts=4 missed_bytes=0 "
	  "orig_rexmt_pkts=0 orig_rtt_samples=3 orig_rtt_min_ns=1000000 resp_rtt_samples=3 orig_data_pkts=1 "
	  "orig_dup_acks=0 resp_dup_acks=0 orig_max_window=10 resp_max_window=20 resp_first_byte_ns=5000000" },
	{ "state: REJ", { "o S 100", "r RA 0 101" }, "conn_state=REJ history=Sr" },
	{ "state: S2", { "o S 100", "r SA 900 101", "o A 101 901", "o FA 101 901" }, "conn_state=S2 history=ShAF" },
	{ "state: S3", { "o S 100", "r SA 900 101", "o A 101 901", "r FA 901 101" }, "conn_state=S3 history=ShAf" },
	{ "state: RSTO", { "o S 100", "r SA 900 101", "o A 101 901", "o RA 101 901" }, "conn_state=RSTO history=ShAR" },
	{ "state: RSTR", { "o S 100", "r SA 900 101", "o A 101 901", "r RA 901 101" }, "conn_state=RSTR history=ShAr" },
	{ "state: RSTOS0", { "o S 100", "o R 101" }, "conn_state=RSTOS0 history=SR" },
	{ "state: RSTRH", { "r SA 900 101", "r R 901" }, "conn_state=RSTRH history=^hr originator=inferred" },
	{ "state: SH", { "o S 100", "o F 101" }, "conn_state=SH history=SF" },
	{ "state: SHR", { "r SA 900 101", "r FA 901 101" }, "conn_state=SHR history=^hf" },
	{ "state: OTH", { "o A 101+5 901",
	    "r A 901 106" }, "conn_state=OTH history=Da originator=inferred orig_bytes=5" },
	{ "state: OTH, a reset in the middle", { "o A 101+5 901", "o R 106" }, "conn_state=OTH history=DR" },
	{ "state: both reset, nothing said", { "o S 100", "r SA 900 101", "o R 101", "r R 901" }, "conn_state=REJ" },
	{ "state: the SYN is missing",
	  { "r SA 900 101", "o A 101 901", "o PA 101+3 901", "r A 901 104" },
	  "conn_state=S1 history=^hADa originator=inferred orig_h=10.0.0.1 resp_p=80" },
	{ "state: an RST behind both FINs changes nothing",
	  { "o S 100", "r SA 900 101", "o FA 101 901", "r FA 901 102", "o A 102 902", "o R 102" },
	  "conn_state=SF history=ShFfAR" },
	{ "state: FIN, then RST",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o FA 101 901", "o R 102", "r FA 901 102" },
	  "conn_state=SF" },
	/* Letters of the history. */
	{ "history: simultaneous open",
	  { "o S 100", "r S 900", "o SA 100 901", "r SA 900 101", "o A 101 901" },
	  "history=SsA conn_state=S1" },
	{ "history: a SYN with another number", { "o S 100", "o S 500", "r SA 900 501" }, "history=SSh orig_isn=500" },
	{ "history: the same SYN again", { "o S 100", "o S 100" }, "history=S orig_rexmt_pkts=1 orig_rexmt_bytes=0" },
	{ "history: FIN and RST, SYN and FIN",
	  { "o S 100", "r SA 900 101", "o FRA 101 901", "r SFA 901 101" },
	  "history=ShIq" },
	{ "history: zero windows, at 1 and 10",
	  { "o S 100", "r SA 900 101", "o A 101 901", "r A 901 101 win=0", "r A 901 101 win=0", "r A 901 101 win=0",
	    "r A 901 101 win=0", "r A 901 101 win=0", "r A 901 101 win=0", "r A 901 101 win=0", "r A 901 101 win=0",
	    "r A 901 101 win=0", "r A 901 101 win=0" },
	  "history=ShAaww resp_zero_windows=10" },
	{ "history: a gap",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 111+10 901", "r A 901 121" },
	  "history=ShADaG missed_bytes=10 orig_bytes=20 orig_unique_bytes=10" },
	{ "history: a wrong checksum counts, and says nothing else",
	  { "o S 100", "r SA 900 101", "o A 101 901 checksum=1", "o R 101 checksum=1" },
	  "history=ShC conn_state=S1 orig_wrong_sums=2 orig_pkts=3" },
	/* Sequence space. */
	{ "space: sent again after a timeout",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "o A 101+10 901 @500", "r A 901 111" },
	  "orig_rexmt_pkts=1 orig_rexmt_bytes=10 orig_rexmt_timeout=1 orig_unique_bytes=10 orig_bytes=10 "
	    "history=ShADTa "
	  "orig_rtt_samples=1 orig_ooo_pkts=0" },
	{ "space: fast, after three duplicate acknowledgements",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "o A 111+10 901", "o A 121+10 901",
	    "o A 131+10 901",
	    "r A 901 101", "r A 901 101", "r A 901 101", "o A 101+10 901" },
	  "orig_rexmt_fast=1 orig_rexmt_pkts=1 resp_dup_acks=3 resp_triple_dup_acks=1" },
	{ "space: a probe of the tail",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901 @10", "o A 101+10 901 @40" },
	  "orig_rexmt_tail=1 orig_rexmt_timeout=0" },
	{ "space: what was acknowledged is sent again",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "r A 901 111", "o A 101+10 901" },
	  "orig_rexmt_spurious=1 orig_rexmt_bytes=10" },
	{ "space: a DSACK tells that it was in vain",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "o A 101+10 901 @500",
	    "r A 901 111 options=nop,nop,sack:101-111" },
	  "orig_rexmt_spurious=1 orig_rexmt_timeout=0 resp_dsacks=1 resp_sacks=1" },
	{ "space: the same packet captured twice",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901",
	    "ip src=10.0.0.1 dst=10.0.0.2 id=3 / tcp sport=40000 "
	    "dport=80 flags=A seq=101 ack=901 / text:xxxxxxxxxx" },
	  "orig_captured_twice=1" },
	{ "space: filling a hole is no retransmission",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 111+10 901", "o A 101+10 901", "r A 901 121" },
	  "orig_ooo_pkts=1 orig_rexmt_pkts=0 missed_bytes=0 orig_bytes=20 history=ShADa" },
	{ "space: a segment over a hole and what is around",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "o A 121+10 901", "o A 101+40 901" },
	  "orig_ooo_pkts=1 orig_rexmt_pkts=1 orig_rexmt_bytes=20 orig_unique_bytes=40 orig_bytes=40" },
	{ "space: a hole filled from its middle",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 131+10 901", "o A 111+10 901", "o A 101+10 901",
	    "o A 121+10 901",
	    "r A 901 141" },
	  "orig_ooo_pkts=3 orig_rexmt_pkts=0 missed_bytes=0 orig_bytes=40" },
	{ "space: numbers that wrap",
	  { "o S 4294967290", "r SA 900 4294967291", "o A 4294967291 901", "o A 4294967291+10 901", "o A 15+10 901",
	    "o A 5+10 901", "r A 901 25" },
	  "orig_bytes=30 orig_ooo_pkts=1 orig_rexmt_pkts=0 missed_bytes=0 orig_rtt_samples=2" },
	{ "space: acknowledged and never seen",
	  { "o S 100", "r SA 900 101", "o A 101 901", "r A 901 201", "o A 201+10 901" },
	  "missed_bytes=100 orig_bytes=110 history=ShAaGD" },
	{ "space: the acknowledgement was captured first",
	  { "o S 100", "r SA 900 101", "o A 101 901", "r A 901 111", "o A 101+10 901" },
	  "missed_bytes=0 orig_bytes=10 orig_ooo_pkts=0 orig_rexmt_pkts=0" },
	{ "space: a segment far away is of another time",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 2000000000+10 901", "o A 101+10 901", "r A 901 111" },
	  "missed_bytes=0 orig_rexmt_pkts=0" },
	{ "probes: keep-alives are no data",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "r A 901 111", "o A 110 901", "o A 110+1 901",
	    "r A 901 111" },
	  "orig_keep_alives=2 orig_rexmt_pkts=0 orig_unique_bytes=10 orig_bytes=10" },
	{ "probes: of a window of 0",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "r A 901 111 win=0", "o A 111+1 901",
	    "r A 901 111 win=0", "o A 111+1 901" },
	  "orig_window_probes=2 resp_zero_windows=2 orig_rexmt_pkts=0 orig_bytes=11" },
	/* Round trips: Karn's rule. */
	{ "round trip: none of what was sent again",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "o A 111+10 901", "o A 101+10 901 @300",
	    "r A 901 121" },
	  "orig_rtt_samples=1" },
	{ "round trip: none where the acknowledgement is of a part",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "r A 901 106" },
	  "orig_rtt_samples=1" },
	{ "round trip: least, mean, most",
	  { "o S 100 @0", "r SA 900 101 @10", "o A 101 901 @10", "o A 101+10 901 @20", "r A 901 111 @50" },
	  "orig_rtt_samples=2 orig_rtt_min_ns=10000000 orig_rtt_avg_ns=20000000 orig_rtt_max_ns=30000000" },
	/* Options. */
	{ "options: of both SYNs",
	  { "o S 100 options=mss:1460,sackok,nop,wscale:7", "r SA 900 101 options=mss:1400,nop,wscale:2" },
	  "orig_mss=1460 resp_mss=1400 orig_wscale=7 resp_wscale=2 orig_sack_permitted=true "
	    "resp_sack_permitted=false" },
	/* Flows that follow each other. */
	{ "reuse: another SYN after both FINs", /* the first flow */
	  { "o S 100", "r SA 900 101", "o FA 101 901", "r FA 901 102", "o A 102 902", "o S 5000", "r SA 7000 5001" },
	  "conn_state=SF orig_pkts=3 ended=reused" },
	{ "reuse: silence of over five minutes",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+1 901 @400000" },
	  "conn_state=S1 orig_pkts=2 ended=silent" },
	/* Other protocols. */
	{ "udp: a question and its answer",
	  { "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=5000 dport=53 / text:abc",
	    "ip src=10.0.0.2 dst=10.0.0.1 / udp sport=53 dport=5000 / text:abcdef" },
	  "proto=udp conn_state=SF history=Dd orig_bytes=3 resp_bytes=6 orig_ip_bytes=31 service=domain" },
	{ "udp: no answer", { "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=5000 dport=53" }, "conn_state=S0 history=D" },
	{ "icmp: an echo and its reply",
	  { "ip src=10.0.0.2 dst=10.0.0.1 / icmp type=echo id=7",
	    "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo-reply id=7" },
	  "proto=icmp conn_state=SF orig_h=10.0.0.2 orig_p=7 resp_p=7 orig_pkts=1 resp_pkts=1" },
	{ "icmp: a reply without the echo",
	  { "ip src=10.0.0.2 dst=10.0.0.1 / icmp type=echo-reply id=7" },
	  "conn_state=SHR orig_h=10.0.0.1 history=^d" },
	{ "icmp: an error counts in the flow that it is about",
	  { "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=5000 dport=53",
	    "ip src=10.0.0.2 dst=10.0.0.1 / icmp type=unreach code=port / ip src=10.0.0.1 dst=10.0.0.2 / udp "
	    "sport=5000 dport=53" },
	  "icmp_errors=1 orig_pkts=1 resp_pkts=0" },
	{ "fragments: the later ones count, too",
	  { "ip src=10.0.0.1 dst=10.0.0.2 id=9 flags=MF / udp sport=5000 dport=53 length=40 checksum=0 / text:abcdefgh",
	    "ip src=10.0.0.1 dst=10.0.0.2 id=9 offset=2 proto=17 / text:abcdefgh" },
	  "orig_pkts=2 fragments=2 orig_ip_bytes=64 orig_bytes=16" },
	{ "fragments: before the first one",
	  { "ip src=10.0.0.1 dst=10.0.0.2 id=9 offset=2 proto=17 / text:abcdefgh",
	    "ip src=10.0.0.1 dst=10.0.0.2 id=9 flags=MF / udp sport=5000 dport=53 length=40 checksum=0 / "
	    "text:abcdefgh" },
	  "orig_pkts=2 fragments=2 orig_p=5000 ts=1000.000000000" },
	{ "fragments: without the first one",
	  { "ip src=10.0.0.1 dst=10.0.0.2 id=9 offset=2 proto=17 / text:abcdefgh" },
	  "orig_pkts=1 fragments=1 orig_p=0 resp_p=0 orig_h=10.0.0.1" },
	/* What encloses. */
	{ "vlan: it is part of the flow",
	  { "ether / vlan id=5 / ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2",
	    "ether / vlan id=6 / ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2" },
	  "vlan=5 tunnel=vlan_5 orig_pkts=1" },
	{ "tunnel: both directions, whatever the ports of the tunnel",
	  { "ip src=1.1.1.1 dst=2.2.2.2 / udp sport=999 / vxlan vni=7 / ether / ip src=10.0.0.1 dst=10.0.0.2 / udp "
	    "sport=1 dport=2",
	    "ip src=2.2.2.2 dst=1.1.1.1 / udp sport=77 / vxlan vni=7 / ether / ip src=10.0.0.2 dst=10.0.0.1 / udp "
	    "sport=2 dport=1" },
	  "orig_pkts=1 resp_pkts=1 tunnel=1.1.1.1_>_2.2.2.2_vxlan_7" },
};

#define OUT  "ip src=10.0.0.1 dst=10.0.0.2 id=%u / tcp sport=40000 dport=80 "
#define BACK "ip src=10.0.0.2 dst=10.0.0.1 id=%u / tcp sport=80 dport=40000 "

/* The packet of a row as notation, and its time. */
static void write_packet(char text[static 8192], sonde_time *time, const char *packet, unsigned number)
{
	char side, flags[8], rest[256] = "", payload[4096] = "";
	unsigned long seq, len = 0, ack = 0;
	int used = 0, more = 0;
	*time += SONDE_MS;
	if (sscanf(packet, "%c %7[A-Z] %lu%n", &side, flags, &seq, &used) != 3) {
		snprintf(text, 8192, "%s", packet);
		return;
	}
	packet += used;
	if (sscanf(packet, "+%lu%n", &len, &more) == 1)
		packet += more;
	more = 0;
	if (sscanf(packet, " %lu%n", &ack, &more) == 1)
		packet += more;
	unsigned long ms;
	more = 0;
	if (sscanf(packet, " @%lu%n", &ms, &more) == 1) {
		packet += more;
		*time = FIRST_TIME + (sonde_time)ms * SONDE_MS;
	}
	snprintf(rest, sizeof rest, "%s", packet);
	if (len)
		snprintf(payload, sizeof payload, " / text:%.*s", (int)len,
			 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	int n = snprintf(text, 8192, side == 'o' ? OUT : BACK, number);
	snprintf(text + n, 8192 - (size_t)n, "flags=%s seq=%lu ack=%lu%s%s", flags, seq, ack, rest, payload);
}

static void add_all(struct sonde_flows *t, const struct row *row)
{
	sonde_time time = FIRST_TIME - SONDE_MS;
	for (unsigned i = 0; i < MOST_PACKETS && row->packets[i]; i++) {
		uint8_t bytes[WIRE_MAX];
		char text[8192];
		struct sonde_packet p;
		write_packet(text, &time, row->packets[i], i);
		wire_build(&p, bytes, text);
		uint32_t link = p.layers[0].proto == &sonde_ether ? SONDE_LINK_ETHERNET : SONDE_LINK_RAW;
		const struct sonde_flows_frame frame = { time, sonde_view(bytes, p.len), p.len, link, i + 1 };
		assert_int_equal(sonde_flows_add(t, &frame, 1), 0);
	}
}

/* Compare FIELD=VALUE words with a flow; "_" stands for a blank. */
static void fields_are(const struct flow_row *flow, const char *right)
{
	char word[256], value[COLUMN_STRLEN];
	int used;
	for (; sscanf(right, " %255s%n", word, &used) == 1; right += used) {
		char *wanted = strchr(word, '=');
		*wanted++ = 0;
		const struct column *c = column_by_name(word, strlen(word));
		assert_non_null(c);
		column_format(value, c, flow);
		for (char *at = value; *at; at++)
			*at = *at == ' ' ? '_' : *at;
		if (strcmp(value, wanted) != 0)
			fail_msg("%s is %s, not %s (%s)", word, value, wanted, flow->r.history);
	}
}

static struct sonde_flows *table_of(const struct row *row, bool finds_stalls)
{
	struct sonde_flows *t;
	const struct sonde_flows_options o = { .secret = sonde_key_from_seed(1), .finds_stalls = finds_stalls };
	assert_int_equal(sonde_flows_new(&t, &o), 0);
	add_all(t, row);
	assert_int_equal(sonde_flows_end_all(t), 0);
	return t;
}

static void flow_is(void **state)
{
	const struct row *row = *state;
	struct sonde_flows *t = table_of(row, false);
	struct flow_row flow;
	const struct sonde_flow *first = sonde_flows_next_ended(t);
	for (const struct sonde_flow *f = first; f; f = sonde_flows_ended_after(t, f))
		if (f->first < first->first || (f->first == first->first && f->id.vlan < first->id.vlan))
			first = f;
	flow_row_of(&flow, &no_options, t, first);
	fields_are(&flow, row->right);
	sonde_flows_free(t);
}

/* What flows waited for: cause, milliseconds and frames of each stall. */
static const struct row stalls[] = {
	{ "stall: the server thinks",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o PA 101+10 901 @3", "r A 901 111 @4", "r PA 901+10 111 @1204" },
	  "server 1200 5-6 " },
	{ "stall: the client thinks",
	  { "o S 100", "r SA 900 101", "o A 101 901 @2", "o PA 101+10 901 @502" },
	  "client 500 3-4 " },
	{ "stall: a timeout",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o PA 101+10 901 @3", "o PA 101+10 901 @303", "r A 901 111" },
	  "timeout 300 4-5 " },
	{ "stall: the first SYN was lost", { "o S 100 @0", "o S 100 @1000", "r SA 900 101" }, "timeout 1000 1-2 " },
	{ "stall: duplicate acknowledgements before it",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "o A 111+10 901", "o A 121+10 901",
	    "r A 901 101", "r A 901 101", "r A 901 101 @8", "o A 101+10 901 @208" },
	  "fast retransmission 200 9-10 " },
	{ "stall: the window is closed",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901", "r A 901 111 @4 win=0",
	    "r A 901 111 @404 win=100" },
	  "window 400 5-6 " },
	{ "stall: the way is long", { "o S 100 @0", "r SA 900 101 @150", "o A 101 901 @160" }, "path 150 1-2 " },
	{ "stall: an acknowledgement is held back",
	  { "o S 100", "r SA 900 101", "o A 101 901", "o A 101+10 901 @3", "r A 901 111 @203" },
	  "path 200 4-5 " },
	{ "stall: the longest four, in the order of time",
	  { "o S 100 @0", "r SA 900 101 @1", "o A 101 901 @2", "o A 101+1 901 @602", "r A 901 102 @603",
	    "o A 102+1 901 @1003",
	    "r A 901 103 @1004", "o A 103+1 901 @1504", "r A 901 104 @1505", "o A 104+1 901 @1805", "r A 901 105 @1806",
	    "o A 105+1 901 @2506" },
	  "client 600 3-4 client 400 5-6 client 500 7-8 client 700 11-12 " },
};

static void stalls_are(void **state)
{
	const struct row *row = *state;
	struct sonde_flows *t = table_of(row, true);
	struct flow_row flow;
	char text[512] = "";
	size_t len = 0;
	flow_row_of(&flow, &no_options, t, sonde_flows_next_ended(t));
	for (unsigned i = 0; i < SONDE_STALLS; i++) {
		const struct sonde_stall *s = &flow.r.stalls->longest[i];
		const char *name = sonde_stall_name((enum sonde_stall_cause)s->cause);
		if (s->duration)
			len += (size_t)snprintf(text + len, sizeof text - len, "%s %d %u-%u ", name,
						(int)(s->duration / SONDE_MS), (unsigned)s->frame_before,
						(unsigned)s->frame);
	}
	assert_string_equal(text, row->right);
	sonde_flows_free(t);
}

/* --- The table as a whole ----------------------------------------------------------------------------------------- */

#define MANY 3000

/* Packet k of a mix: flows that overlap in time, some long, some of one packet. */
static size_t make_packet(uint8_t bytes[static WIRE_MAX], uint64_t k)
{
	char text[256];
	struct sonde_packet p;
	unsigned flow = (unsigned)(k * k % 97), port = 1000 + flow;
	bool back = k % 3 == 1;
	snprintf(text, sizeof text, "ip src=10.0.0.%d dst=10.0.0.%d / %s sport=%u dport=%u / text:abc", back ? 2 : 1,
		 back ? 1 : 2, flow % 2 ? "udp" : "tcp flags=A", back ? 80 : port, back ? port : 80);
	wire_build(&p, bytes, text);
	return p.len;
}

static struct sonde_flows *table_of_many(const struct sonde_flows_options *o)
{
	struct sonde_flows *t;
	assert_int_equal(sonde_flows_new(&t, o), 0);
	for (uint64_t k = 0; k < MANY; k++) {
		uint8_t bytes[WIRE_MAX];
		size_t len = make_packet(bytes, k);
		const struct sonde_flows_frame frame = { FIRST_TIME + (sonde_time)k * 100 * SONDE_MS,
							 sonde_view(bytes, len), (uint32_t)len, SONDE_LINK_RAW,
							 k + 1 };
		assert_int_equal(sonde_flows_add(t, &frame, 1), 0);
	}
	assert_int_equal(sonde_flows_end_all(t), 0);
	return t;
}

/* Packets and flows of a table. */
static void add_up(uint64_t *packets, uint64_t *flows, const struct sonde_flows *t)
{
	for (const struct sonde_flow *f = sonde_flows_next_ended(t); f; f = sonde_flows_ended_after(t, f)) {
		*packets += f->counts[0].packets + f->counts[1].packets;
		++*flows;
	}
}

static void shards_add_up(void **state)
{
	(void)state;
	struct sonde_flows_options o = { .secret = sonde_key_from_seed(1) };
	struct sonde_flows *whole = table_of_many(&o);
	uint64_t packets = 0, flows = 0, packets_of_shards = 0, flows_of_shards = 0;
	add_up(&packets, &flows, whole);
	assert_int_equal(packets, MANY);
	o.n_shards = 3;
	for (o.shard = 0; o.shard < o.n_shards; o.shard++) {
		uint64_t before = flows_of_shards;
		/* Each machine has a secret of its own. */
		o.secret = sonde_key_from_seed(o.shard + 7);
		struct sonde_flows *t = table_of_many(&o);
		add_up(&packets_of_shards, &flows_of_shards, t);
		assert_true(flows_of_shards > before && flows_of_shards < before + flows);
		sonde_flows_free(t);
	}
	assert_int_equal(packets_of_shards, packets);
	assert_int_equal(flows_of_shards, flows);
	sonde_flows_free(whole);
}

/* Flows that end when they are silent are the same ones as those that a later packet ends. */
static void expiry_changes_nothing(void **state)
{
	(void)state;
	struct sonde_flows_options o = { .secret = sonde_key_from_seed(1), .tcp_silence = 3 * SONDE_S,
					 .other_silence = 2 * SONDE_S };
	uint64_t packets = 0, flows = 0, packets_expired = 0, flows_expired = 0;
	struct sonde_flows *t = table_of_many(&o);
	add_up(&packets, &flows, t);
	sonde_flows_free(t);
	o.expires = true;
	t = table_of_many(&o);
	add_up(&packets_expired, &flows_expired, t);
	assert_true(flows > 97);
	assert_int_equal(packets_expired, packets);
	assert_int_equal(flows_expired, flows);
	sonde_flows_free(t);
}

/* Closed connections end sooner than open ones, though no packet comes. */
static void closed_ones_end_soon(void **state)
{
	(void)state;
	static const struct {
		struct row row;
		int ended; /* so many seconds after the first packet: before, and behind */
	} cases[] = {
		{ { "", { "o S 100", "r SA 900 101", "o A 101 901", "o FA 101 901", "r FA 901 102" }, "" }, 5 },
		{ { "", { "o S 100", "r RA 0 101" }, "" }, 5 },
		{ { "", { "o S 100", "r SA 900 101", "o A 101 901", "o FA 101 901" }, "" }, 300 },
		{ { "", { "o S 100", "r RA 0 101", "r A 900 101 @4000" }, "" }, 9 },
	};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sonde_flows *t;
		const struct sonde_flows_options o = { .secret = sonde_key_from_seed(1), .expires = true,
						       .closed_silence = 5 * SONDE_S };
		assert_int_equal(sonde_flows_new(&t, &o), 0);
		add_all(t, &cases[i].row);
		for (int s = 1; s < cases[i].ended; s++)
			sonde_flows_tell_time(t, FIRST_TIME + s * SONDE_S);
		assert_null(sonde_flows_next_ended(t));
		/* The wheel's slots are 2.4 s. */
		sonde_flows_tell_time(t, FIRST_TIME + (cases[i].ended + 5) * SONDE_S);
		assert_non_null(sonde_flows_next_ended(t));
		assert_int_equal(sonde_flows_next_ended(t)->end, SONDE_FLOW_SILENT);
		sonde_flows_free(t);
	}
}

static void memory_is_bounded(void **state)
{
	(void)state;
	const struct sonde_flows_options o = { .secret = sonde_key_from_seed(1), .most_bytes = 45000 };
	struct sonde_flows *t = table_of_many(&o);
	uint64_t packets = 0, flows = 0;
	add_up(&packets, &flows, t);
	assert_int_equal(packets, MANY);
	assert_true(sonde_flows_stats(t).evicted > 100);
	while (sonde_flows_next_ended(t))
		sonde_flows_drop_first(t);
	assert_true(sonde_flows_bytes(t) <= 45000);
	sonde_flows_free(t);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_ROWS(&u, flow_is, rows);
	UNIT_ROWS(&u, stalls_are, stalls);
	UNIT_TEST(&u, shards_add_up);
	UNIT_TEST(&u, expiry_changes_nothing);
	UNIT_TEST(&u, closed_ones_end_soon);
	UNIT_TEST(&u, memory_is_bounded);
	return unit_run(&u, "flows");
}

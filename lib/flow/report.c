#include "flow/report.h"

#include <math.h>
#include <string.h>

#include "flow/flows_state.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"

enum { ICMP = 1, TCP = 6, UDP = 17, ICMP6 = 58, SCTP = 132 };

/* --- Zeek's conn_state -------------------------------------------------------------------------------------------- */

static const struct {
	const char *word, *help;
} conn_states[] = {
	{ "S0", "asked, no answer" },
	{ "S1", "established, not ended" },
	{ "SF", "established and ended as usual" },
	{ "REJ", "the attempt was refused" },
	{ "S2", "established, the originator ended its half" },
	{ "S3", "established, the responder ended its half" },
	{ "RSTO", "established, the originator reset it" },
	{ "RSTR", "the responder reset it" },
	{ "RSTOS0", "a SYN and an RST of the originator, no answer" },
	{ "RSTRH", "a SYN+ACK and an RST of the responder, the originator's SYN was not seen" },
	{ "SH", "a SYN and a FIN of the originator, no answer" },
	{ "SHR", "the responder alone was seen" },
	{ "OTH", "no SYN was seen, in the middle of it" },
};

const char *sonde_conn_state_help(const char *word)
{
	for (unsigned i = 0; i < sizeof conn_states / sizeof *conn_states; i++)
		if (strcmp(conn_states[i].word, word) == 0)
			return conn_states[i].help;
	return NULL;
}

/* A SYN and an RST of the originator with nothing between that an answer would have caused: "^?S[^HAFGIQ]*R". */
static bool is_reset_attempt(const char *history)
{
	history += *history == '^';
	if (*history != 'S')
		return false;
	history++;
	return history[strcspn(history, "HAFGIQR")] == 'R';
}

static const char *tcp_state(const struct sonde_flow_report *r)
{
	enum sonde_tcp_state o = r->orig.state, s = r->resp.state;
	if (s == SONDE_TCP_RESET) {
		bool nothing_said = o == SONDE_TCP_RESET && r->orig.bytes == 0 && r->resp.bytes == 0;
		if (o == SONDE_TCP_SYN_SENT || o == SONDE_TCP_SYN_ACK_SENT || nothing_said)
			return "REJ";
		return o == SONDE_TCP_INACTIVE || o == SONDE_TCP_PARTIAL ? "RSTRH" : "RSTR";
	}
	if (o == SONDE_TCP_RESET) {
		if (s != SONDE_TCP_INACTIVE && s != SONDE_TCP_PARTIAL)
			return "RSTO";
		return is_reset_attempt(r->history) ? "RSTOS0" : "OTH";
	}
	if (o == SONDE_TCP_CLOSED)
		return s == SONDE_TCP_CLOSED ? "SF" : s == SONDE_TCP_INACTIVE ? "SH" : "S2";
	if (s == SONDE_TCP_CLOSED)
		return o == SONDE_TCP_INACTIVE ? "SHR" : "S3";
	if (o == SONDE_TCP_SYN_SENT && s == SONDE_TCP_INACTIVE)
		return "S0";
	return o == SONDE_TCP_ESTABLISHED && s == SONDE_TCP_ESTABLISHED ? "S1" : "OTH";
}

const char *sonde_conn_state(const struct sonde_flow_report *r)
{
	if (r->proto == SONDE_FLOW_TCP)
		return tcp_state(r);
	if (r->icmp_one_way)
		return "OTH";
	return !r->resp.packets ? "S0" : !r->orig.packets ? "SHR" : "SF";
}

/* --- The parts ---------------------------------------------------------------------------------------------------- */

static void report_odd(struct sonde_report_side *out, const struct sonde_flows *t,
		       const struct sonde_flow_odd_side *odd)
{
	out->fragments = odd->fragments;
	out->wrong_sums = odd->wrong_sums;
	out->rexmt_packets = odd->rexmt_packets;
	out->rexmt_bytes = odd->rexmt_bytes;
	out->rexmt_control = odd->rexmt_control;
	for (unsigned i = 0; i < SONDE_RETRANSMISSIONS; i++)
		out->rexmt_classes[i] = odd->classes[i];
	out->out_of_order = odd->out_of_order;
	out->dup_acks = odd->dup_acks;
	out->triple_dup_acks = odd->triple_dup_acks;
	out->zero_windows = odd->zero_windows;
	out->window_probes = odd->window_probes;
	out->keep_alives = odd->keep_alives;
	out->sacks = odd->sacks;
	out->dsacks = odd->dsacks;
	out->gaps = odd->gaps;
	out->unique_bytes -= odd->rexmt_bytes + odd->probe_bytes;
	out->missed_bytes = sonde_space_missing(&t->pools, odd, true);
	out->bytes = out->unique_bytes + sonde_space_missing(&t->pools, odd, false);
}

static void report_tcp(struct sonde_report_side *out, const struct sonde_flow_tcp_side *s)
{
	out->state = s->state;
	out->data_packets = s->data_packets;
	out->rtt_samples = s->n_round_trips;
	if (s->n_round_trips) {
		out->rtt_min_ns = s->rtt_least;
		out->rtt_max_ns = s->rtt_most;
		out->rtt_avg_ns = (s->rtt_sum + s->n_round_trips / 2) / s->n_round_trips;
	}
	if (s->n_round_trips > 1)
		out->rtt_stddev_ns = sqrt((double)s->rtt_squares / (s->n_round_trips - 1));
	out->isn = s->isn;
	out->last_seq = s->next;
	out->knows_isn = s->known;
	out->sack_permitted = s->sack_permitted;
	out->has_wscale = s->has_wscale;
	out->mss = s->mss;
	out->wscale = s->wscale;
	out->max_in_flight = s->most_in_flight;
	out->syn = s->syn;
	out->fin = s->fin;
}

static void report_side(struct sonde_report_side *out, const struct sonde_flows *t, const struct sonde_flow *f,
			unsigned side)
{
	const struct sonde_flow_counts *counts = &f->counts[side];
	const struct sonde_flow_tcp *tcp = sonde_flow_tcp_of(&t->pools, f);
	const struct sonde_flow_odd *odd = sonde_flow_odd_of(&t->pools, f);
	const uint8_t *addr = f->id.addrs[side];
	*out = (struct sonde_report_side){
		.end = { f->id.family == SONDE_IP4 ? sonde_addr4(addr) : sonde_addr6(addr), f->id.ports[side] },
		.packets = counts->packets, .frame_bytes = counts->frame_bytes, .ip_bytes = counts->ip_bytes,
		.bytes = counts->payload_bytes, .seen_bytes = counts->payload_bytes,
		.unique_bytes = counts->payload_bytes,
	};
	if (tcp)
		report_tcp(out, &tcp->sides[side]);
	if (odd)
		report_odd(out, t, &odd->sides[side]);
}

/* --- All of it ---------------------------------------------------------------------------------------------------- */

static void report_icmp_ports(struct sonde_flow_report *r, const struct sonde_flow_id *id)
{
	uint16_t *orig = &r->orig.end.port, *resp = &r->resp.end.port;
	if (r->proto != ICMP && r->proto != ICMP6)
		return;
	if (id->ports[1] >= SONDE_FLOW_ICMP_QUERY) {
		r->icmp_request = (uint8_t)(id->ports[1] - SONDE_FLOW_ICMP_QUERY);
		*orig = *resp = id->ports[0];
	} else {
		uint16_t *code = *orig >= SONDE_FLOW_ICMP_CODE ? orig : resp;
		r->icmp_one_way = true;
		*code = (uint16_t)(*code >= SONDE_FLOW_ICMP_CODE ? *code - SONDE_FLOW_ICMP_CODE : 0);
	}
}

struct sonde_flow_tuple sonde_report_tuple(const struct sonde_flow_report *r)
{
	struct sonde_flow_tuple t = {
		.pair = { r->orig.end, r->resp.end, r->proto }, .one_way = r->icmp_one_way,
		.transport = r->has_ports ? 0 : -1,
	};
	const struct sonde_proto *proto = r->proto == ICMP ? &sonde_icmp : &sonde_icmp6;
	if ((r->proto == ICMP || r->proto == ICMP6) && !r->icmp_one_way) {
		const struct sonde_message_pair *pair = sonde_pair_of(proto, r->icmp_request);
		t.pair.local.port = r->icmp_request;
		t.pair.remote.port = pair ? pair->reply : 0;
	}
	return t;
}

static void report_times(struct sonde_flow_report *r, const struct sonde_flow *f, const struct sonde_flow_tcp *tcp)
{
	const struct sonde_flow_times none = { 0 }, *t = tcp ? &tcp->times : &none;
	bool is_long = !tcp || t->over == SONDE_FLOW_MOST_SPAN;
	r->syn_to_synack_ns = f->handshake >= SONDE_SAW_SYN_ACK ? (sonde_time)t->syn_to_synack : -1;
	r->synack_to_ack_ns = f->handshake == SONDE_SAW_HANDSHAKE ? (sonde_time)t->synack_to_ack : -1;
	r->first_answer_ns = t->first_answer ? (sonde_time)t->first_answer : -1;
	r->over = is_long ? f->last : f->first + (sonde_time)t->over;
}

static bool is_any(uint8_t proto, uint8_t a, uint8_t b, uint8_t c)
{
	return proto == a || proto == b || proto == c;
}

void sonde_flow_report(struct sonde_flow_report *out, const struct sonde_flows *t, const struct sonde_flow *f)
{
	const struct sonde_flow_tcp *tcp = sonde_flow_tcp_of(&t->pools, f);
	const struct sonde_flow_odd *odd = sonde_flow_odd_of(&t->pools, f);
	*out = (struct sonde_flow_report){
		.proto = f->id.proto, .family = f->id.family, .vlan = f->id.vlan, .first = f->first, .last = f->last,
		.grade = f->grade, .end = f->end, .tunnel = sonde_tunnel_text(&t->tunnels, f->id.tunnel),
	};
	out->has_ports = is_any(f->id.proto, TCP, UDP, SCTP) || is_any(f->id.proto, ICMP, ICMP6, ICMP6);
	report_side(&out->orig, t, f, f->began);
	report_side(&out->resp, t, f, !f->began);
	report_icmp_ports(out, &f->id);
	report_times(out, f, tcp);
	sonde_history_format(out->history, f, tcp);
	if (odd && odd->said)
		out->said = sonde_pool_at(&t->pools.said, odd->said);
	if (odd && odd->stalls)
		out->stalls = sonde_pool_at(&t->pools.stalls, odd->stalls);
	if (odd && odd->details)
		out->details = sonde_pool_at(&t->pools.details, odd->details);
	out->flipped = f->began;
	if (odd) {
		out->icmp_errors = odd->icmp_errors;
		out->icmp_type = odd->icmp_type;
		out->icmp_code = odd->icmp_code;
	}
	out->conn_state = sonde_conn_state(out);
}

/* What is an answer to what, what is none, and what is said of it. */
#include "packet/match.h"

#include <stdio.h>

#include "tests/unit/asks.h"
#include "tests/unit/wire.h"

#define BOOTP "ip src=0.0.0.0 dst=255.255.255.255 / udp sport=68 / dhcp xid=7"
#define DHCP(type) BOOTP " options=message-type:" type ",end"
#define DHCP_BACK(xid, type)                                                                                           \
	"ip src=10.0.0.1 dst=255.255.255.255 / udp sport=67 dport=68 / dhcp op=reply xid=" xid                         \
	" options=message-type:" type ",end"

#define ASK             "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=40000 / "
#define BACK_FROM(port) BACK "udp sport=" port " dport=40000 / "

static const struct row {
	const char *name, *sent, *got;
	enum sonde_answer want;
	const char *rule;
	enum { NO, YES, WRONG } target; /* from the target; WRONG: nothing but the checksum speaks against it */
} rows[] = {
	{ "syn: syn-ack", SYN, BACK "tcp sport=80 dport=40000 seq=9 ack=1001 flags=SA", SONDE_ANSWER_SYN_ACK, "syn-ack",
	  YES },
	{ "syn: syn-ack in ip6", SYN6, BACK6 "tcp sport=80 dport=40000 seq=9 ack=1001 flags=SA", SONDE_ANSWER_SYN_ACK,
	  "syn-ack", YES },
	{ "syn: with a link layer", SYN, "ether / " BACK "tcp sport=80 dport=40000 seq=9 ack=1001 flags=SA",
	  SONDE_ANSWER_SYN_ACK, "syn-ack", YES },
	{ "syn: a partial sum", SYN, BACK "tcp sport=80 dport=40000 seq=9 ack=1001 flags=SA checksum=partial",
	  SONDE_ANSWER_SYN_ACK, "syn-ack", YES },
	{ "syn: a wrong sum", SYN, BACK "tcp sport=80 dport=40000 seq=9 ack=1001 flags=SA checksum=0x1234",
	  SONDE_SILENCE, NULL, WRONG },
	{ "syn: a wrong sum of ip", SYN,
	  "ip src=10.0.0.2 dst=10.0.0.1 checksum=1 / tcp sport=80 dport=40000 seq=9 ack=1001 flags=SA", SONDE_SILENCE,
	  NULL, WRONG },
	{ "syn: rst", SYN, BACK "tcp sport=80 dport=40000 ack=1001 flags=RA", SONDE_ANSWER_RST, "rst", YES },
	{ "syn: rst that acknowledges one too few", SYN, BACK "tcp sport=80 dport=40000 ack=1000 flags=RA",
	  SONDE_ANSWER_RST, "rst", YES },
	{ "syn: rst without acknowledgement", SYN, BACK "tcp sport=80 dport=40000 seq=0 flags=R", SONDE_ANSWER_RST,
	  "rst", YES },
	{ "syn: rst of another", SYN, BACK "tcp sport=80 dport=40000 ack=1002 flags=RA", SONDE_SILENCE, NULL, NO },
	{ "syn: rst out of the blue", SYN, BACK "tcp sport=80 dport=40000 seq=77 flags=R", SONDE_SILENCE, NULL, NO },
	{ "syn: a challenge ack", SYN, BACK "tcp sport=80 dport=40000 seq=9 ack=1000 flags=A", SONDE_ANSWER_TCP,
	  "tcp-reply", YES },
	{ "syn: an ack of what was before", SYN, BACK "tcp sport=80 dport=40000 seq=9 ack=999 flags=A", SONDE_SILENCE,
	  NULL, NO },
	{ "syn: cut behind its flags", SYN, BACK "tcp sport=80 dport=40000 seq=9 ack=1001 offset=5 flags=SA have=14",
	  SONDE_SILENCE, NULL, NO },
	{ "syn: syn-ack of nothing of ours", SYN, BACK "tcp sport=80 dport=40000 seq=9 ack=1002 flags=SA",
	  SONDE_SILENCE, NULL, NO },
	{ "syn: syn-ack of one too few", SYN, BACK "tcp sport=80 dport=40000 seq=9 ack=1000 flags=SA", SONDE_SILENCE,
	  NULL, NO },
	{ "syn: a syn that crosses it", SYN, BACK "tcp sport=80 dport=40000 seq=9 flags=S", SONDE_ANSWER_SYN, "syn",
	  YES },
	{ "ack: a syn is no answer", ACK, BACK "tcp sport=80 dport=40000 seq=9 flags=S", SONDE_SILENCE, NULL, NO },
	{ "syn: from another port", SYN, BACK "tcp sport=81 dport=40000 seq=9 ack=1001 flags=SA", SONDE_SILENCE, NULL,
	  NO },
	{ "syn: to another port", SYN, BACK "tcp sport=80 dport=40001 seq=9 ack=1001 flags=SA", SONDE_SILENCE, NULL,
	  NO },
	{ "syn: from another address", SYN,
	  "ip src=10.0.0.3 dst=10.0.0.1 / tcp sport=80 dport=40000 seq=9 ack=1001 flags=SA", SONDE_SILENCE, NULL, NO },
	{ "syn: to another address", SYN,
	  "ip src=10.0.0.2 dst=10.0.0.3 / tcp sport=80 dport=40000 seq=9 ack=1001 flags=SA", SONDE_SILENCE, NULL, NO },
	{ "syn: udp", SYN, BACK "udp sport=80 dport=40000", SONDE_SILENCE, NULL, NO },
	{ "syn: itself", SYN, SYN, SONDE_SILENCE, NULL, NO },
	{ "syn: cut", SYN, "ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=80 dport=40000 seq=9 have=8", SONDE_SILENCE, NULL,
	  NO },
	{ "syn: a fragment behind the first", SYN,
	  "ip src=10.0.0.2 dst=10.0.0.1 offset=9 proto=tcp / hex:00509c40000000090000003e", SONDE_SILENCE, NULL, NO },
	{ "ack: rst", ACK, BACK "tcp sport=80 dport=40000 seq=5000 flags=R", SONDE_ANSWER_RST, "ack-rst", YES },
	{ "ack: an ack", ACK, BACK "tcp sport=80 dport=40000 seq=5000 ack=1000 flags=A", SONDE_ANSWER_TCP, "tcp-reply",
	  YES },
	{ "ack: a syn-ack", ACK, BACK "tcp sport=80 dport=40000 seq=5000 ack=1000 flags=SA", SONDE_ANSWER_SYN_ACK,
	  "tcp-reply", YES },
	{ "ack: some of our data, over the end of numbers", DATA,
	  BACK "tcp sport=80 dport=40000 seq=5000 ack=2 flags=A", SONDE_ANSWER_TCP, "tcp-reply", YES },
	{ "ack: some of our data, before the end of numbers", DATA,
	  BACK "tcp sport=80 dport=40000 seq=5000 ack=4294967295 flags=A", SONDE_ANSWER_TCP, "tcp-reply", YES },
	{ "ack: all of our data", DATA, BACK "tcp sport=80 dport=40000 seq=5000 ack=4 flags=A", SONDE_ANSWER_TCP,
	  "tcp-reply", YES },
	{ "ack: more than our data", DATA, BACK "tcp sport=80 dport=40000 seq=5000 ack=5 flags=A", SONDE_SILENCE, NULL,
	  NO },
	{ "fin: rst", FIN, BACK "tcp sport=80 dport=40000 ack=1001 flags=RA", SONDE_ANSWER_RST, "rst", YES },
	{ "udp: a datagram", UDP, BACK "udp sport=53 dport=40000 / text:x", SONDE_ANSWER_UDP, "udp-reply", YES },
	{ "udp: without a sum", UDP, BACK "udp sport=53 dport=40000 checksum=0 / text:x", SONDE_ANSWER_UDP, "udp-reply",
	  YES },
	{ "udp: in ip6", UDP6, BACK6 "udp sport=53 dport=40000 / text:x", SONDE_ANSWER_UDP, "udp-reply", YES },
	{ "udp: from another port", UDP, BACK "udp sport=54 dport=40000 / text:x", SONDE_SILENCE, NULL, NO },
	{ "udp: to all", "ip src=10.0.0.1 dst=10.0.0.255 / udp sport=40000 dport=53",
	  "ip src=10.0.0.77 dst=10.0.0.1 / udp sport=53 dport=40000", SONDE_ANSWER_UDP, "udp-reply", NO },
	{ "udp: to a group", "ip6 src=2001:db8::1 dst=ff02::1 / udp sport=40000 dport=53",
	  "ip6 src=fe80::9 dst=2001:db8::1 / udp sport=53 dport=40000", SONDE_ANSWER_UDP, "udp-reply", NO },
	{ "xecho: reply, with flags of its own", XECHO, BACK "icmp type=xecho-reply id=5 seq=6 flags=0x46",
	  SONDE_ANSWER_ECHO, "echo-reply", YES },
	{ "xecho: reply in ip6", XECHO6, BACK6 "icmp6 type=xecho-reply id=5 seq=6 flags=0x46", SONDE_ANSWER_ECHO,
	  "echo-reply", YES },
	{ "xecho: reply to another", XECHO, BACK "icmp type=xecho-reply id=5 seq=7 flags=0x46", SONDE_SILENCE, NULL,
	  NO },
	{ "echo: a reply", ECHO, BACK "icmp type=echo-reply id=5 seq=6 / text:ping", SONDE_ANSWER_ECHO, "echo-reply",
	  YES },
	{ "echo: a reply in ip6", ECHO6, BACK6 "icmp6 type=echo-reply id=5 seq=6 / text:ping", SONDE_ANSWER_ECHO,
	  "echo-reply", YES },
	{ "echo: of another id", ECHO, BACK "icmp type=echo-reply id=4 seq=6", SONDE_SILENCE, NULL, NO },
	{ "echo: of another number", ECHO6, BACK6 "icmp6 type=echo-reply id=5 seq=7", SONDE_SILENCE, NULL, NO },
	{ "echo: a request", ECHO, BACK "icmp type=echo id=5 seq=6", SONDE_SILENCE, NULL, NO },
	{ "echo: timestamps", "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=timestamp id=5 seq=6",
	  BACK "icmp type=timestamp-reply id=5 seq=6", SONDE_ANSWER_ECHO, "echo-reply", YES },
	{ "echo: routers", "ip src=10.0.0.1 dst=224.0.0.2 / icmp type=router-solicit",
	  "ip src=10.0.0.9 dst=10.0.0.1 / icmp type=router-advert", SONDE_ANSWER_ECHO, "echo-reply", NO },
	/* RFC 1256, 4.3, and RFC 4861, 6.2.6: routers may answer the group of all hosts. */
	{ "echo: routers, to all hosts", "ip src=10.0.0.1 dst=224.0.0.2 / icmp type=router-solicit",
	  "ip src=10.0.0.9 dst=224.0.0.1 / icmp type=router-advert", SONDE_ANSWER_ECHO, "echo-reply", NO },
	{ "echo: routers of ip6, to all nodes", "ip6 src=2001:db8::1 dst=ff02::2 / icmp6 type=router-solicit",
	  "ip6 src=fe80::9 dst=ff02::1 / icmp6 type=router-advert", SONDE_ANSWER_ECHO, "echo-reply", NO },
	{ "rst: a segment of the connection", RST, BACK "tcp sport=80 dport=40000 seq=5000 flags=R", SONDE_ANSWER_IP,
	  "reply", YES },
	{ "rst: a segment of another", RST, BACK "tcp sport=80 dport=40001 seq=5000 flags=R", SONDE_SILENCE, NULL, NO },
	{ "dns: an answer", ASK "dns id=7 qname=a qtype=A", BACK_FROM("53") "dns id=7 qr=1 qname=a qtype=A",
	  SONDE_ANSWER_UDP, "udp-reply", YES },
	{ "dns: of another question", ASK "dns id=7 qname=a qtype=A", BACK_FROM("53") "dns id=8 qr=1 qname=a qtype=A",
	  SONDE_SILENCE, NULL, NO },
	{ "dns: a question is no answer", ASK "dns id=7 qname=a qtype=A", BACK_FROM("53") "dns id=7 qname=a qtype=A",
	  SONDE_SILENCE, NULL, NO },
	{ "dns: to another port", ASK "dns id=7 qname=a qtype=A",
	  BACK "udp sport=53 dport=40001 / dns id=7 qr=1 qname=a qtype=A", SONDE_SILENCE, NULL, NO },
	{ "dns: in a stream, a segment answers",
	  "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=53 seq=1000 ack=1 flags=PA / dnstcp / "
	  "dns id=7 qname=a qtype=A", BACK "tcp sport=53 dport=40000 seq=1 ack=1021 flags=A", SONDE_ANSWER_TCP,
	  "tcp-reply", YES },
	{ "ntp: the time of the question", ASK "ntp mode=client transmit=0xe8f1a2b3c4d5e6f7",
	  BACK_FROM("123") "ntp mode=server origin=0xe8f1a2b3c4d5e6f7", SONDE_ANSWER_UDP, "udp-reply", YES },
	{ "ntp: another time", ASK "ntp mode=client transmit=0xe8f1a2b3c4d5e6f7",
	  BACK_FROM("123") "ntp mode=server origin=0xe8f1a2b3c4d5e6f8", SONDE_SILENCE, NULL, NO },
	{ "stun: a response", ASK "stun type=binding id=000102030405060708090a0b",
	  BACK_FROM("3478") "stun type=binding-response id=000102030405060708090a0b", SONDE_ANSWER_UDP, "udp-reply",
	  YES },
	{ "stun: of another transaction", ASK "stun type=binding id=000102030405060708090a0b",
	  BACK_FROM("3478") "stun type=binding-response id=100102030405060708090a0b", SONDE_SILENCE, NULL, NO },
	{ "radius: accepted", ASK "radius code=access-request id=7", BACK_FROM("1812") "radius code=access-accept id=7",
	  SONDE_ANSWER_UDP, "udp-reply", YES },
	{ "radius: a request is no answer", ASK "radius code=access-request id=7",
	  BACK_FROM("1812") "radius code=access-request id=7", SONDE_SILENCE, NULL, NO },
	{ "snmp: a response", ASK "snmp community=a / snmppdu pdu=get id=70000",
	  BACK_FROM("161") "snmp community=a / snmppdu pdu=response id=70000", SONDE_ANSWER_UDP, "udp-reply", YES },
	{ "snmp: of another request", ASK "snmp community=a / snmppdu pdu=get id=70000",
	  BACK_FROM("161") "snmp community=a / snmppdu pdu=response id=70001", SONDE_SILENCE, NULL, NO },
	{ "dhcp6: an advertisement", "ip6 src=fe80::1 dst=ff02::1:2 / udp sport=546 / dhcp6 type=solicit xid=7",
	  "ip6 src=fe80::2 dst=fe80::1 / udp sport=547 dport=546 / dhcp6 type=advertise xid=7", SONDE_ANSWER_UDP,
	  "udp-reply", NO },
	{ "dhcp6: of another client", "ip6 src=fe80::1 dst=ff02::1:2 / udp sport=546 / dhcp6 type=solicit xid=7",
	  "ip6 src=fe80::2 dst=fe80::1 / udp sport=547 dport=546 / dhcp6 type=reply xid=8", SONDE_SILENCE, NULL, NO },
	{ "dhcp: an offer", DHCP("discover"), DHCP_BACK("7", "offer"), SONDE_ANSWER_DHCP_OFFER, "dhcp-offer", NO },
	{ "dhcp: an offer to the address offered", DHCP("discover"),
	  "ip src=10.0.0.1 dst=10.0.0.9 / udp sport=67 dport=68 / dhcp op=reply xid=7 options=message-type:offer,end",
	  SONDE_ANSWER_DHCP_OFFER, "dhcp-offer", NO },
	{ "dhcp: granted", DHCP("request"), DHCP_BACK("7", "ack"), SONDE_ANSWER_DHCP_ACK, "dhcp-ack", NO },
	{ "dhcp: refused", DHCP("request"), DHCP_BACK("7", "nak"), SONDE_ANSWER_DHCP_NAK, "dhcp-nak", NO },
	{ "dhcp: an offer of another transaction", DHCP("discover"), DHCP_BACK("8", "offer"), SONDE_SILENCE, NULL, NO },
	{ "dhcp: an offer is no answer to a request", DHCP("request"), DHCP_BACK("7", "offer"), SONDE_SILENCE, NULL,
	  NO },
	{ "dhcp: a request of another client", DHCP("discover"),
	  "ip src=0.0.0.0 dst=255.255.255.255 / udp sport=67 dport=68 / dhcp op=request xid=7", SONDE_SILENCE, NULL,
	  NO },
	{ "dhcp: a datagram that is none", DHCP("discover"),
	  "ip src=10.0.0.1 dst=255.255.255.255 / udp sport=67 dport=68 / text:x", SONDE_SILENCE, NULL, NO },
	{ "dhcp: bootp", BOOTP,
	  "ip src=10.0.0.1 dst=255.255.255.255 / udp sport=67 dport=68 / dhcp op=reply xid=7", SONDE_ANSWER_UDP,
	  "bootp-reply", NO },
	{ "arp: a reply", ARP, "ether / arp op=reply sha=02:00:00:00:00:02 spa=10.0.0.2 tpa=10.0.0.1", SONDE_ANSWER_ARP,
	  "arp-reply", YES },
	{ "arp: of another", ARP, "ether / arp op=reply sha=02:00:00:00:00:02 spa=10.0.0.3 tpa=10.0.0.1", SONDE_SILENCE,
	  NULL, NO },
	/* Twice the same bytes, once as addresses of a wider link: 10.0.0.2 stands where Ethernet has the sender's. */
	{ "arp: of another kind of link", ARP,
	  "ether / arp op=reply hlen=8 sha=0x0200000000020a00 spa=0.2.0.0 tha=0x0200000000010a00 tpa=10.0.0.1",
	  SONDE_SILENCE, NULL, NO },
	{ "arp: a request", ARP, "ether / arp op=request sha=02:00:00:00:00:02 spa=10.0.0.2 tpa=10.0.0.1",
	  SONDE_SILENCE, NULL, NO },
	{ "nd: an advertisement", ND, BACK6 "icmp6 type=neighbour-advert target=2001:db8::2", SONDE_ANSWER_ND,
	  "neighbour-advert", NO },
	{ "nd: of another", ND, BACK6 "icmp6 type=neighbour-advert target=2001:db8::3", SONDE_SILENCE, NULL, NO },
	{ "sctp: init ack", SCTP, BACK "sctp sport=80 dport=40000 vtag=2 chunks=init-ack:1:2:3:4:5",
	  SONDE_ANSWER_SCTP_ACK, "init-ack", YES },
	{ "sctp: abort", SCTP, BACK "sctp sport=80 dport=40000 vtag=2 chunks=abort", SONDE_ANSWER_SCTP_ABORT, "abort",
	  YES },
	{ "sctp: another chunk", SCTP, BACK "sctp sport=80 dport=40000 vtag=2 chunks=cookie-ack", SONDE_ANSWER_IP,
	  "reply", YES },
	{ "sctp: the tag of another association", SCTP,
	  BACK "sctp sport=80 dport=40000 vtag=1 chunks=init-ack:1:2:3:4:5", SONDE_SILENCE, NULL, NO },
	{ "sctp: abort with the tag of another", SCTP, BACK "sctp sport=80 dport=40000 vtag=1 chunks=abort",
	  SONDE_SILENCE, NULL, NO },
	/* RFC 9260, 8.5.1: with T, the tag is the peer's, and an INIT has none yet. */
	{ "sctp: abort to an init, of no tag", SCTP, BACK "sctp sport=80 dport=40000 vtag=0 chunks=abort:T",
	  SONDE_SILENCE, NULL, NO },
	{ "sctp: abort with our tag as the peer's", SCTP, BACK "sctp sport=80 dport=40000 vtag=2 chunks=abort:T",
	  SONDE_SILENCE, NULL, NO },
	{ "sctp: abort with the tag that was sent", COOKIE, BACK "sctp sport=80 dport=40000 vtag=7 chunks=abort:T",
	  SONDE_ANSWER_SCTP_ABORT, "abort", YES },
	{ "sctp: abort with another than was sent", COOKIE, BACK "sctp sport=80 dport=40000 vtag=8 chunks=abort:T",
	  SONDE_SILENCE, NULL, NO },
	{ "sctp: complete with another than was sent", COOKIE,
	  BACK "sctp sport=80 dport=40000 vtag=8 chunks=shutdown-complete:T", SONDE_SILENCE, NULL, NO },
	{ "sctp: an init of a tag", SCTP, BACK "sctp sport=80 dport=40000 vtag=2 chunks=init:1:2:3:4:5",
	  SONDE_SILENCE, NULL, NO },
	{ "sctp: a wrong sum", SCTP, BACK "sctp sport=80 dport=40000 vtag=2 chunks=abort checksum=1", SONDE_SILENCE,
	  NULL, WRONG },
	{ "other: the same protocol", OTHER, "ip src=10.0.0.2 dst=10.0.0.1 proto=99 / text:x", SONDE_ANSWER_IP, "reply",
	  YES },
	{ "other: another protocol", OTHER, "ip src=10.0.0.2 dst=10.0.0.1 proto=98 / text:x", SONDE_SILENCE, NULL, NO },

	{ "error: port, for syn", SYN, BACK "icmp type=unreach code=port / " SYN, SONDE_ANSWER_PORT, "port-unreach",
	  YES },
	{ "error: port, for ack", ACK, BACK "icmp type=unreach code=port / " ACK, SONDE_ANSWER_PORT, "port-unreach",
	  YES },
	{ "error: port, for fin", FIN, BACK "icmp type=unreach code=port / " FIN, SONDE_ANSWER_PORT, "port-unreach",
	  YES },
	{ "error: port, by a router", UDP, FROM "icmp type=unreach code=port / " UDP, SONDE_ANSWER_PORT,
	  "port-unreach-router", NO },
	{ "error: port, for udp", UDP, BACK "icmp type=unreach code=port / " UDP, SONDE_ANSWER_PORT, "port-unreach",
	  YES },
	{ "error: port, for others", OTHER, BACK "icmp type=unreach code=port / " OTHER, SONDE_ANSWER_PORT,
	  "port-unreach", YES },
	{ "error: port, in ip6", UDP6, BACK6 "icmp6 type=unreach code=4 / " UDP6, SONDE_ANSWER_PORT, "port-unreach",
	  YES },
	{ "error: 8 bytes quoted", SYN,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.2 id=7 / tcp sport=40000 dport=80 "
	       "seq=1000 have=8 cut:12",
	  SONDE_ANSWER_TTL, "ttl-exceeded", NO },
	{ "error: 7 bytes quoted", SYN,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.2 id=7 / tcp sport=40000 dport=80 "
	       "have=4 hex:000003 cut:13",
	  SONDE_SILENCE, NULL, NO },
	{ "error: 6 bytes of udp quoted", UDP,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.2 / udp sport=40000 dport=53 length=12 "
	       "have=6 cut:6",
	  SONDE_SILENCE, NULL, NO },
	{ "error: routers change ttl, tos, id and sums", SYN,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.2 id=99 tos=0x28 ttl=1 checksum=0 / "
	       "tcp sport=40000 dport=80 seq=1000 flags=S checksum=0x9999",
	  SONDE_ANSWER_TTL, "ttl-exceeded", NO },
	{ "error: of another sequence number", SYN,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 seq=1001 "
	       "flags=S",
	  SONDE_SILENCE, NULL, NO },
	{ "error: of another port", SYN,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=81 seq=1000 "
	       "flags=S",
	  SONDE_SILENCE, NULL, NO },
	{ "error: of another target", SYN,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.3 / tcp sport=40000 dport=80 seq=1000 "
	       "flags=S",
	  SONDE_SILENCE, NULL, NO },
	{ "error: of another source", SYN,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.4 dst=10.0.0.2 / tcp sport=40000 dport=80 seq=1000 "
	       "flags=S",
	  SONDE_SILENCE, NULL, NO },
	{ "error: of another protocol", SYN,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.2 / udp sport=40000 dport=80",
	  SONDE_SILENCE, NULL, NO },
	{ "error: of another echo", ECHO,
	  FROM "icmp type=timxceed code=transit / ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo id=5 seq=7",
	  SONDE_SILENCE, NULL, NO },
	{ "error: a wrong sum", SYN, FROM "icmp type=timxceed code=transit checksum=1 / " SYN, SONDE_SILENCE, NULL,
	  WRONG },
	{ "error: about echo", ECHO, FROM "icmp type=timxceed code=transit / " ECHO, SONDE_ANSWER_TTL, "ttl-exceeded",
	  NO },
	{ "error: about echo in ip6", ECHO6, FROM6 "icmp6 type=timxceed code=0 / " ECHO6, SONDE_ANSWER_TTL,
	  "ttl-exceeded", NO },
	{ "error: about sctp", SCTP, FROM "icmp type=unreach code=protocol / " SCTP, SONDE_ANSWER_PROTOCOL,
	  "proto-unreach-router", NO },
	{ "error: with objects", SYN, FROM "icmp type=timxceed code=transit objects=mpls:16/0/1/1 / " SYN,
	  SONDE_ANSWER_TTL, "ttl-exceeded", NO },
	{ "error: protocol, in ip6", UDP6, BACK6 "icmp6 type=paramprob code=1 / " UDP6, SONDE_ANSWER_PROTOCOL,
	  "proto-unreach", YES },
	{ "error: net", SYN, FROM "icmp type=unreach code=net / " SYN, SONDE_ANSWER_HOST, "host-unreach", NO },
	{ "error: host", SYN, FROM "icmp type=unreach code=host / " SYN, SONDE_ANSWER_HOST, "host-unreach", NO },
	{ "error: address, in ip6", SYN6, FROM6 "icmp6 type=unreach code=3 / " SYN6, SONDE_ANSWER_HOST, "host-unreach",
	  NO },
	{ "error: filter", SYN, FROM "icmp type=unreach code=filter-prohib / " SYN, SONDE_ANSWER_PROHIBITED,
	  "prohibited", NO },
	{ "error: host prohibited", SYN, FROM "icmp type=unreach code=host-prohib / " SYN, SONDE_ANSWER_PROHIBITED,
	  "prohibited", NO },
	{ "error: policy, in ip6", SYN6, FROM6 "icmp6 type=unreach code=1 / " SYN6, SONDE_ANSWER_PROHIBITED,
	  "prohibited", NO },
	{ "error: too big", UDP, FROM "icmp type=unreach code=needfrag mtu=1400 / " UDP, SONDE_ANSWER_TOO_BIG,
	  "too-big", NO },
	{ "error: too big, in ip6", UDP6, FROM6 "icmp6 type=toobig mtu=1400 / " UDP6, SONDE_ANSWER_TOO_BIG, "too-big",
	  NO },
	{ "error: reassembly", UDP, BACK "icmp type=timxceed code=reassembly / " UDP, SONDE_ANSWER_REASSEMBLY,
	  "reassembly", YES },
	{ "error: reassembly, in ip6", UDP6, BACK6 "icmp6 type=timxceed code=1 / " UDP6, SONDE_ANSWER_REASSEMBLY,
	  "reassembly", YES },
	{ "error: a parameter", UDP, BACK "icmp type=paramprob / " UDP, SONDE_ANSWER_PARAMETER, "param-problem", YES },
	{ "error: a parameter, in ip6", UDP6, BACK6 "icmp6 type=paramprob code=0 / " UDP6, SONDE_ANSWER_PARAMETER,
	  "param-problem", YES },
	{ "error: another way", UDP, FROM "icmp type=redirect code=host gateway=10.0.0.9 / " UDP, SONDE_ANSWER_REDIRECT,
	  "redirect", NO },
	{ "error: quench", UDP, FROM "icmp type=quench / " UDP, SONDE_ANSWER_QUENCH, "quench", NO },
	{ "error: an unknown code", UDP, FROM "icmp type=unreach code=99 / " UDP, SONDE_ANSWER_ERROR, "icmp-other",
	  NO },
};

#define N_ROWS (sizeof rows / sizeof *rows)

/* A table in which the question stands finds it by the answer. */
static void assert_keys_agree(const struct sonde_question *q, const struct sonde_packet *got)
{
	struct sonde_question_key asked = sonde_question_key(q);
	struct sonde_answer_key key;
	assert_true(sonde_answer_key(&key, got));
	assert_int_equal(key.question.number, asked.number);
	assert_true(!asked.host.family || sonde_addr_equal_bytes(&asked.host, &key.question.host));
}

/* Ask by one text, and judge what another gives as bytes. */
static bool judge(struct sonde_match *m, struct sonde_question *ask, const struct row *row)
{
	uint8_t sent[WIRE_MAX], got[WIRE_MAX];
	struct sonde_packet p, q;
	wire_build(&p, sent, row->sent);
	assert_int_equal(sonde_question_of(ask, &p), 0);
	wire_build(&p, got, row->got);
	wire_read(&q, p.data, p.len, p.layers[0].proto);
	bool is = sonde_match(m, ask, &q);
	if (is)
		assert_keys_agree(ask, &q);
	return is;
}

static void match(void **state)
{
	const struct row *row = *state;
	struct sonde_match m;
	struct sonde_question ask;
	bool is = judge(&m, &ask, row);
	assert_int_equal(m.answer, row->want);
	assert_int_equal(is, row->want != SONDE_SILENCE);
	assert_int_equal(m.wrong_checksum, row->target == WRONG);
	if (!is)
		return;
	assert_string_equal(m.rule->name, row->rule);
	assert_int_equal(m.from_target, row->target == YES);
	assert_ptr_equal(m.rule, sonde_rule_for(ask.kind, m.answer, m.from_target));
}

/* Every rule but those of silence and of errors is reached by a row above. */
static void every_rule_has_a_row(void **state)
{
	enum sonde_question_kind asked;
	enum sonde_answer answer;
	const struct sonde_rule *rule;
	bool from_target;
	(void)state;
	for (unsigned i = 0; (rule = sonde_rule_at(i, &asked, &answer, &from_target)) != NULL; i++) {
		struct sonde_match m;
		struct sonde_question ask;
		bool reached = answer == SONDE_SILENCE || sonde_answer_is_error(answer) || asked == SONDE_ASKS_WINDOW ||
			       asked == SONDE_ASKS_CONNECT;
		for (size_t k = 0; k < N_ROWS && !reached; k++)
			reached = judge(&m, &ask, &rows[k]) && m.rule == rule;
		if (!reached)
			fail_msg("rule %u (%s) has no row", i, rule->name);
	}
}

/* --- The table itself -------------------------------------------------------------------------------------------- */

static const struct silence_row {
	const char *name;
	enum sonde_question_kind asked;
	enum sonde_state state;
} silences[] = {
	{ "silence: syn", SONDE_ASKS_SYN, SONDE_STATE_FILTERED },
	{ "silence: ack", SONDE_ASKS_ACK, SONDE_STATE_FILTERED },
	{ "silence: fin", SONDE_ASKS_FIN, SONDE_STATE_OPEN_FILTERED },
	{ "silence: udp", SONDE_ASKS_UDP, SONDE_STATE_OPEN_FILTERED },
	{ "silence: echo", SONDE_ASKS_ECHO, SONDE_STATE_UNKNOWN },
	{ "silence: arp", SONDE_ASKS_ARP, SONDE_STATE_UNKNOWN },
	{ "silence: sctp", SONDE_ASKS_SCTP, SONDE_STATE_FILTERED },
	{ "silence: dhcp", SONDE_ASKS_DHCP, SONDE_STATE_UNKNOWN },
	{ "silence: others", SONDE_ASKS_OTHER, SONDE_STATE_UNKNOWN },
};

static void silence(void **state)
{
	const struct silence_row *row = *state;
	const struct sonde_rule *rule = sonde_rule_for(row->asked, SONDE_SILENCE, false);
	assert_string_equal(rule->name, "no-answer");
	assert_int_equal(rule->state, row->state);
}

static void every_question_and_answer_has_a_rule(void **state)
{
	(void)state;
	for (int i = 0; i < SONDE_N_QUESTIONS * SONDE_N_ANSWERS * 2; i++) {
		enum sonde_question_kind kind = (enum sonde_question_kind)(i / 2 % SONDE_N_QUESTIONS);
		enum sonde_answer answer = (enum sonde_answer)(i / 2 / SONDE_N_QUESTIONS);
		const struct sonde_rule *rule = sonde_rule_for(kind, answer, i % 2);
		assert_non_null(rule);
		assert_true(rule->name && rule->text && rule->source);
		assert_true(strlen(sonde_state_name(rule->state)) > 0);
	}
}

/* Only who was asked can say that nobody listens there. */
static void nobody_else_says_closed(void **state)
{
	(void)state;
	for (int i = 0; i < SONDE_N_QUESTIONS * SONDE_N_ANSWERS; i++) {
		enum sonde_answer answer = (enum sonde_answer)(i / SONDE_N_QUESTIONS);
		const struct sonde_rule *rule = sonde_rule_for((enum sonde_question_kind)(i % SONDE_N_QUESTIONS),
							       answer, false);
		assert_true(rule->state != SONDE_STATE_CLOSED || !sonde_answer_is_error(answer));
	}
	assert_int_equal(sonde_rule_for(SONDE_ASKS_UDP, SONDE_ANSWER_PORT, true)->state, SONDE_STATE_CLOSED);
	assert_int_equal(sonde_rule_for(SONDE_ASKS_UDP, SONDE_ANSWER_PORT, false)->state, SONDE_STATE_FILTERED);
	assert_int_equal(sonde_rule_for(SONDE_ASKS_SYN, SONDE_ANSWER_PORT, true)->state, SONDE_STATE_FILTERED);
	assert_int_equal(sonde_rule_for(SONDE_ASKS_FIN, SONDE_ANSWER_PORT, true)->state, SONDE_STATE_FILTERED);
}

static void states_have_names(void **state)
{
	(void)state;
	assert_string_equal(sonde_state_name(SONDE_STATE_OPEN), "open");
	assert_string_equal(sonde_state_name(SONDE_STATE_CLOSED), "closed");
	assert_string_equal(sonde_state_name(SONDE_STATE_OPEN_FILTERED), "open|filtered");
	assert_string_equal(sonde_state_name(SONDE_STATE_ON_THE_WAY), "on the way");
	assert_string_equal(sonde_state_name((enum sonde_state)99), "unknown");
}

/* --- Questions --------------------------------------------------------------------------------------------------- */

static void what_has_no_address_cannot_be_answered(void **state)
{
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_question ask;
	(void)state;
	wire_build(&p, buffer, "ether dst=ff:ff:ff:ff:ff:ff / hex:00");
	assert_int_equal(sonde_question_of(&ask, &p), SONDE_E_UNSUPPORTED);
}

/* RFC 1122, 3.2.1.3: a broadcast address is one by the prefix of an interface. */
static void who_may_answer_is_known_by_the_reach(void **state)
{
	static const struct {
		const char *dst;
		enum sonde_delivery delivery;
		bool anybody;
	} cases[] = {
		{ "10.0.0.255", SONDE_DELIVERY_UNICAST, false },    { "10.0.1.127", SONDE_DELIVERY_BROADCAST, true },
		{ "10.0.1.127", SONDE_DELIVERY_UNKNOWN, false }, { "10.0.0.255", SONDE_DELIVERY_UNKNOWN, true },
		{ "255.255.255.255", SONDE_DELIVERY_UNICAST, true }, { "224.0.0.1", SONDE_DELIVERY_UNICAST, true },
	};
	uint8_t sent[WIRE_MAX], got[WIRE_MAX];
	char text[128];
	struct sonde_packet p;
	struct sonde_question ask;
	struct sonde_match m;
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(text, sizeof text, "ip src=10.0.0.1 dst=%s / icmp type=echo id=5 seq=6", cases[i].dst);
		wire_build(&p, sent, text);
		p.delivery = (uint8_t)cases[i].delivery;
		assert_int_equal(sonde_question_of(&ask, &p), 0);
		wire_build(&p, got, BACK "icmp type=echo-reply id=5 seq=6");
		assert_int_equal(sonde_match(&m, &ask, &p), cases[i].anybody);
	}
}

static void a_question_is_a_pair(void **state)
{
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_question ask;
	char local[SONDE_ENDPOINT_STRLEN], remote[SONDE_ENDPOINT_STRLEN];
	(void)state;
	wire_build(&p, buffer, "ip src=10.1.1.1 dst=10.1.1.2 / ip src=10.0.0.1 dst=10.0.0.2 / udp sport=5 dport=6");
	assert_int_equal(sonde_question_of(&ask, &p), 0);
	struct sonde_pair pair = sonde_question_pair(&ask);
	assert_string_equal(sonde_endpoint_format(local, &pair.local), "10.0.0.1:5");
	assert_string_equal(sonde_endpoint_format(remote, &pair.remote), "10.0.0.2:6");
	assert_int_equal(pair.proto, 17);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, match, rows);
	UNIT_TEST(&u, every_rule_has_a_row);
	UNIT_ROWS(&u, silence, silences);
	UNIT_TEST(&u, every_question_and_answer_has_a_rule);
	UNIT_TEST(&u, nobody_else_says_closed);
	UNIT_TEST(&u, states_have_names);
	UNIT_TEST(&u, what_has_no_address_cannot_be_answered);
	UNIT_TEST(&u, a_question_is_a_pair);
	UNIT_TEST(&u, who_may_answer_is_known_by_the_reach);
	return unit_run(&u, "match");
}

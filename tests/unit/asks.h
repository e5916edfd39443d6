/* Packets that ask, as text, and how those begin that come back. */
#ifndef SONDE_TESTS_ASKS_H
#define SONDE_TESTS_ASKS_H

#define SYN   "ip src=10.0.0.1 dst=10.0.0.2 id=7 / tcp sport=40000 dport=80 seq=1000 flags=S"
#define SYN6  "ip6 src=2001:db8::1 dst=2001:db8::2 / tcp sport=40000 dport=80 seq=1000 flags=S"
#define ACK   "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 seq=1000 ack=5000 flags=A"
#define DATA  "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 seq=4294967290 ack=5000 flags=PA / zero:10"
#define RST   "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 seq=1000 flags=R"
#define FIN   "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=40000 dport=80 seq=1000 flags=F"
#define UDP   "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=40000 dport=53 / text:abcd"
#define UDP6  "ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=40000 dport=53 / text:abcd"
#define ECHO  "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo id=5 seq=6 / text:ping"
#define ECHO6 "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=echo id=5 seq=6 / text:ping"
#define XECHO "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=xecho id=5 seq=6 flags=1 objects=byindex:2"
#define XECHO6                                                                                                         \
	"ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=xecho id=5 seq=6 flags=1 objects=byindex:2 / text:ping"
#define ARP   "ether / arp op=request sha=02:00:00:00:00:01 spa=10.0.0.1 tpa=10.0.0.2"
#define ND    "ip6 src=2001:db8::1 dst=ff02::1:ff00:2 / icmp6 type=neighbour-solicit target=2001:db8::2"
#define SCTP  "ip src=10.0.0.1 dst=10.0.0.2 / sctp sport=40000 dport=80 vtag=0 chunks=init:1:2:3:4:5"
#define COOKIE "ip src=10.0.0.1 dst=10.0.0.2 / sctp sport=40000 dport=80 vtag=7 chunks=cookie-echo:0:01020304"
#define OTHER "ip src=10.0.0.1 dst=10.0.0.2 proto=99 / text:abc"

#define BACK  "ip src=10.0.0.2 dst=10.0.0.1 / "
#define BACK6 "ip6 src=2001:db8::2 dst=2001:db8::1 / "
#define FROM  "ip src=10.9.9.9 dst=10.0.0.1 / "
#define FROM6 "ip6 src=2001:db8::99 dst=2001:db8::1 / "

#endif

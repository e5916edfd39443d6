/* What people write who come from other tools, and what they are told: what is wrong, and what to write instead. */
#include "packet/notation.h"

#include "tests/unit/wire.h"

/* The name is the text behind "habit: ". */
static const struct habit_row {
	const char *name, *message; /* with the hint in parentheses */
} habits[] = {
	/* nmap */
	{ "habit: ip dst=10.0.0.1-20 / tcp",
	  "layer 1: ip dst=20: not an IPv4 address (a range has two whole addresses: 10.0.0.1-10.0.0.20)" },
	{ "habit: ip dst=10.0.0.* / tcp",
	  "layer 1: ip dst=10.0.0.*: not an IPv4 address (all of a network are dst=10.0.0.0/24, some "
	  "dst=10.0.0.1-10.0.0.9)" },
	{ "habit: tcp port=80",
	  "layer 1 (tcp): no field 'port' (did you mean 'dport'?)" },
	{ "habit: tcp dport=any",
	  "layer 1: tcp dport=any: neither a port nor the name of a service (all values are dport=0-65535, one of "
	  "them dport=random)" },
	{ "habit: tcp flags=xmas",
	  "layer 1: tcp flags=xmas: no flag 'x': F S R P A U E C N (write flags=FPU)" },
	/* nping, hping3 */
	{ "habit: tcp dest_port=80",
	  "layer 1 (tcp): no field 'dest_port' (did you mean 'dport'?)" },
	{ "habit: tcp source-port=5",
	  "layer 1 (tcp): no field 'source-port' (did you mean 'sport'?)" },
	{ "habit: tcp dst_port=80",
	  "layer 1 (tcp): no field 'dst_port' (did you mean 'dport'?)" },
	{ "habit: tcp destination_port=80",
	  "layer 1 (tcp): no field 'destination_port' (did you mean 'dport'?)" },
	{ "habit: tcp flags=SYN",
	  "layer 1: tcp flags=SYN: no flag 'Y': F S R P A U E C N (write flags=S)" },
	{ "habit: tcp flags=syn",
	  "layer 1: tcp flags=syn: no flag 's': F S R P A U E C N (write flags=S)" },
	{ "habit: tcp flags=syn,ack",
	  "layer 1: tcp flags=syn: no flag 's': F S R P A U E C N (write flags=SA)" },
	{ "habit: tcp flags=SYN+ACK",
	  "layer 1: tcp flags=SYN+ACK: no flag 'Y': F S R P A U E C N (write flags=SA)" },
	{ "habit: tcp flags=none",
	  "layer 1: tcp flags=none: no flag 'n': F S R P A U E C N (write flags=0)" },
	{ "habit: ip df=1",
	  "layer 1 (ip): no field 'df' (write flags=DF)" },
	{ "habit: tcp syn=1",
	  "layer 1 (tcp): no field 'syn' (write flags=S)" },
	{ "habit: tcp winsize=5",
	  "layer 1 (tcp): no field 'winsize' (did you mean 'win'?)" },
	{ "habit: tcp badsum=1",
	  "layer 1 (tcp): no field 'badsum' (did you mean 'checksum'?)" },
	{ "habit: icmp icmp_type=8",
	  "layer 1 (icmp): no field 'icmp_type' (did you mean 'type'?)" },
	{ "habit: icmp type=8/0",
	  "layer 1: icmp type=8/0: neither a number nor a name that this field has (write type=8 code=0)" },
	{ "habit: arp sip=10.0.0.1",
	  "layer 1 (arp): no field 'sip' (did you mean 'spa'?)" },
	{ "habit: arp target_ip=10.0.0.1",
	  "layer 1 (arp): no field 'target_ip' (did you mean 'tpa'?)" },
	{ "habit: udp data=hello",
	  "layer 1 (udp): no field 'data' (data stands behind the fields: text:hello or hex:0a0b)" },
	{ "habit: udp payload=hello",
	  "layer 1 (udp): no field 'payload' (data stands behind the fields: text:hello or hex:0a0b)" },
	{ "habit: ether dmac=ff:ff:ff:ff:ff:ff",
	  "layer 1 (ether): no field 'dmac' (did you mean 'dst'?)" },
	{ "habit: ip6 hoplimit=3",
	  "layer 1 (ip6): no field 'hoplimit' (did you mean 'hlim'?)" },
	{ "habit: tcp ackno=5",
	  "layer 1 (tcp): no field 'ackno' (did you mean 'ack'?)" },
	{ "habit: tcp seqno=5",
	  "layer 1 (tcp): no field 'seqno' (did you mean 'seq'?)" },
	{ "habit: udp checksum=none",
	  "layer 1: udp checksum=none: not a number from 0 to 65535 (left out it is right; 0xdead is wrong, 0 is "
	  "none, partial is what offload leaves)" },
	{ "habit: ip ttl=random()",
	  "layer 1: ip ttl=random(): not a number from 0 to 255 (write ttl=random or ttl=random:1-30)" },
	/* Scapy */
	{ "habit: IP(dst=\"10.0.0.1\")/TCP()",
	  "layer 1: 'IP(dst=\"10.0.0.1\")/TCP()': no such protocol (no parentheses: ip dst=10.0.0.2 / tcp dport=80)" },
	{ "habit: ip dst=10.0.0.1/tcp dport=80",
	  "layer 1: ip dst=10.0.0.1/tcp: put blanks around '/'" },
	{ "habit: IP / TCP",
	  "layer 1: 'IP': no such protocol (did you mean 'ip'?)" },
	{ "habit: udp / raw load=hello",
	  "layer 2: 'raw': no such protocol (data is text:hello, hex:0a0b, zero:100, random:64 or file:PATH)" },
	{ "habit: udp / Raw",
	  "layer 2: 'Raw': no such protocol (data is text:hello, hex:0a0b, zero:100, random:64 or file:PATH)" },
	{ "habit: tcp options=('MSS',1460)",
	  "layer 1: tcp options: '('MSS'': no such item (no brackets: items are NAME or NAME:VALUE, joined by ',')" },
	{ "habit: tcp options=[mss:1460]",
	  "layer 1: tcp options: '[mss': no such item (no brackets: items are NAME or NAME:VALUE, joined by ',')" },
	{ "habit: tcp options=MSS:1460",
	  "layer 1: tcp options: 'MSS': no such item (did you mean 'mss'?)" },
	{ "habit: tcp options=Timestamp:1:0",
	  "layer 1: tcp options: 'Timestamp': no such item (did you mean 'ts'?)" },
	{ "habit: tcp options=SAckOK",
	  "layer 1: tcp options: 'SAckOK': no such item (did you mean 'sackok'?)" },
	{ "habit: ip flags=df",
	  "layer 1: ip flags=df: no flag 'df': MF, DF, evil (did you mean 'DF'? several are joined by +)" },
	{ "habit: ip options=router-alert",
	  "layer 1: ip options: 'router-alert': no such item (did you mean 'ra'?)" },
	{ "habit: dns qd=example.com",
	  "layer 1 (dns): no field 'qd' (did you mean 'qname'?)" },
	{ "habit: dns qname=example.com qtype=a",
	  "layer 1: dns qtype=a: neither a number nor a name that this field has (did you mean 'A'?)" },
	{ "habit: udp / 0xabcd",
	  "layer 2: '0xabcd': no such protocol (bytes are hex:abcd)" },
	{ "habit: udp / hello",
	  "layer 2: 'hello': no such protocol (sonde help fields lists them; data is text:hello)" },
	{ "habit: udp / \"hello\"",
	  "layer 2: '\"hello\"': no such protocol (text is text:\"hello\")" },
	/* tcpdump, libpcap */
	{ "habit: tcp port 80",
	  "layer 1: 'port': field=value expected (this reads like a libpcap filter; a packet is written: ip "
	  "dst=10.0.0.2 / tcp dport=80)" },
	{ "habit: host 10.0.0.1",
	  "layer 1: 'host': no such protocol (this reads like a libpcap filter; a packet is written: ip "
	  "dst=10.0.0.2 / tcp dport=80)" },
	{ "habit: dst host 10.0.0.1",
	  "layer 1: 'dst': no such protocol (this reads like a libpcap filter; a packet is written: ip "
	  "dst=10.0.0.2 / tcp dport=80)" },
	{ "habit: tcp and port 80",
	  "layer 1: 'and': field=value expected (this reads like a libpcap filter; a packet is written: ip "
	  "dst=10.0.0.2 / tcp dport=80)" },
	{ "habit: tcp flags=[S.]",
	  "layer 1: tcp flags=[S.]: no flag '[': F S R P A U E C N (write flags=SA)" },
	{ "habit: tcp flags=S.",
	  "layer 1: tcp flags=S.: no flag '.': F S R P A U E C N (write flags=SA)" },
	{ "habit: ip dst=10.0.0.1:80",
	  "layer 1: ip dst=10.0.0.1:80: not an IPv4 address (a port is a field of tcp or udp: dst=10.0.0.1 / tcp "
	  "dport=80)" },
	{ "habit: arp op=whohas",
	  "layer 1: arp op=whohas: neither a number nor a name that this field has (did you mean 'who-has'?)" },
	{ "habit: icmp type=request",
	  "layer 1: icmp type=request: neither a number nor a name that this field has (did you mean "
	  "'echo-request'?)" },
	{ "habit: icmp code=port-unreachable",
	  "layer 1: icmp code=port-unreachable: no name has been given to any value with type=echo: write a number "
	  "(it goes with type=unreach)" },
	{ "habit: ip proto=TCP",
	  "layer 1: ip proto=TCP: neither a number nor a name that this field has (did you mean 'tcp'?)" },
	/* iptables */
	{ "habit: tcp sport=!80",
	  "layer 1: tcp sport=!80: neither a port nor the name of a service (any other value is sport!=80, in "
	  "patterns)" },
	{ "habit: tcp dport=80:90",
	  "layer 1: tcp dport=80:90: neither a port nor the name of a service (a range is dport=80-90)" },
	{ "habit: ip saddr=10.0.0.1",
	  "layer 1 (ip): no field 'saddr' (did you mean 'src'?)" },
	{ "habit: ip daddr=10.0.0.1",
	  "layer 1 (ip): no field 'daddr' (did you mean 'dst'?)" },
	{ "habit: ip source=10.0.0.1",
	  "layer 1 (ip): no field 'source' (did you mean 'src'?)" },
	{ "habit: ip destination=10.0.0.1",
	  "layer 1 (ip): no field 'destination' (did you mean 'dst'?)" },
	{ "habit: icmp type=echo-reqest",
	  "layer 1: icmp type=echo-reqest: neither a number nor a name that this field has (did you mean "
	  "'echo-request'?)" },
	{ "habit: icmp type=unreach code=admin",
	  "layer 1: icmp code=admin: neither a number nor a name that this field has (did you mean "
	  "'admin-prohibited'?)" },
	{ "habit: ip fragment=1",
	  "layer 1 (ip): no field 'fragment' (did you mean 'offset'?)" },
	{ "habit: ether type=ipv5",
	  "layer 1: ether type=ipv5: neither a number nor a name that this field has (sonde help fields ether.type "
	  "lists the names)" },
	/* Everybody */
	{ "habit: ip dst=10.0.0.0/33",
	  "layer 1: ip dst=10.0.0.0/33: no such prefix length (an address has 32 bits: /0 to /32)" },
	{ "habit: ip dst=10.0.0.256",
	  "layer 1: ip dst=10.0.0.256: not an IPv4 address (four numbers from 0 to 255, such as 10.0.0.2)" },
	{ "habit: ip ttl=256",
	  "layer 1: ip ttl=256: the field has 8 bits (at most 255)" },
	{ "habit: ip ttl=x",
	  "layer 1: ip ttl=x: not a number from 0 to 255" },
	{ "habit: ip ttl=1..30",
	  "layer 1: ip ttl=1..30: not a number from 0 to 255 (a range is ttl=1-30)" },
	{ "habit: ip ttl==64",
	  "layer 1: ip ttl==64: not a number from 0 to 255 (write ttl=64)" },
	{ "habit: ip ttl 64",
	  "layer 1: 'ttl': field=value expected (write ttl=64)" },
	{ "habit: ip ttl:64",
	  "layer 1: 'ttl:64': field=value expected (write ttl=64)" },
	{ "habit: tcp dport=22;80",
	  "layer 1: tcp dport=22;80: neither a port nor the name of a service (a set is dport=22,80)" },
	{ "habit: tcp dport=90-80",
	  "layer 1: tcp dport=90-80: the range runs backwards (write dport=80-90)" },
	{ "habit: tcp options=mss",
	  "layer 1: tcp options: ':size' is missing: largest segment the sender takes, bytes (write mss:SIZE)" },
	{ "habit: tcp options=mss=1460",
	  "layer 1: tcp options: 'mss=1460': no such item (write mss:1460)" },
	{ "habit: tcp options=mss:abc",
	  "layer 1: tcp options: 'abc': not a number from 0 to 65535 (size: largest segment the sender takes, "
	  "bytes)" },
	{ "habit: tcp options=mss:70000",
	  "layer 1: tcp options: '70000': out of range (size has 16 bits) (RFC 9293) (at most 65535)" },
	{ "habit: tcp options=mss:9;nop",
	  "layer 1: tcp options: '9;nop': not a number from 0 to 65535 (size: largest segment the sender takes, "
	  "bytes) (items are joined by ',')" },
	{ "habit: tcp options=mss:9 nop",
	  "layer 1: 'nop': field=value expected (the items of options are joined by ',' without blanks)" },
	{ "habit: tcp options=window-scale:7",
	  "layer 1: tcp options: 'window-scale': no such item (did you mean 'wscale'?)" },
	{ "habit: tcp options=0x0204",
	  "layer 1: tcp options: '0x0204': no kind is that large (RFC 9293) (bytes that are no item are hex:0a0b)" },
	{ "habit: tcp checksum=bad",
	  "layer 1: tcp checksum=bad: not a number from 0 to 65535 (left out it is right; 0xdead is wrong, partial "
	  "is what offload leaves)" },
	{ "habit: udp / hex:0xabcd",
	  "layer 2: 'hex:0xabcd': an even number of hex digits expected (without 0x)" },
	{ "habit: udp / hex:ab:cd",
	  "layer 2: 'hex:ab:cd': an even number of hex digits expected (without signs between the digits)" },
	{ "habit: ether dst=aabb.ccdd.eeff",
	  "layer 1: ether dst=aabb.ccdd.eeff: not a MAC address, such as 02:00:00:00:00:01 (write "
	  "dst=aa:bb:cc:dd:ee:ff)" },
	{ "habit: ether dst=broadcast",
	  "layer 1: ether dst=broadcast: not a MAC address, such as 02:00:00:00:00:01 (write dst=ff:ff:ff:ff:ff:ff)" },
	{ "habit: ip6 dst=[::1]",
	  "layer 1: ip6 dst=[::1]: not an IPv6 address (without brackets)" },
	{ "habit: dst=10.0.0.1",
	  "layer 1: 'dst=10.0.0.1': a layer starts with the name of its protocol (such as: ip dst=10.0.0.1)" },
	{ "habit: icmp echo",
	  "layer 1: 'echo': field=value expected (write type=echo)" },
	{ "habit: ip foo",
	  "layer 1: 'foo': field=value expected (bytes behind the fields are written text:foo)" },
	{ "habit: frame len=5 / ip",
	  "layer 1: 'len=5': the frame layer has time wire iface dir link comment (did you mean 'wire'?)" },
	{ "habit: frame interface=eth0 / ip",
	  "layer 1: 'interface=eth0': the frame layer has time wire iface dir link comment (did you mean 'iface'?)" },
	{ "habit: ip / frame",
	  "layer 2: 'frame': no such protocol (frame stands before the first layer)" },
	{ "habit: ip hex:00 ttl=5",
	  "layer 1: 'ttl=5': nothing but data follows data in a layer (fields go before the data, layers behind ' "
	  "/ ')" },
};

static void is_told(void **state)
{
	const struct habit_row *row = *state;
	const char *text = row->name + strlen("habit: ");
	uint8_t buffer[WIRE_MAX];
	char message[sizeof(struct sonde_error)];
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	struct sonde_text t = sonde_text(message, sizeof message);
	sonde_packet_init(&p, buffer, sizeof buffer);
	int err = sonde_notation_parse(&spec, text, strlen(text), NULL, &e);
	if (!err)
		err = sonde_spec_packet(&p, &spec, 0, 1, false, &e);
	sonde_spec_free(&spec);
	assert_int_not_equal(err, 0);
	sonde_text_str(&t, e.what);
	if (e.hint[0])
		sonde_text_fmt(&t, " (%s)", e.hint);
	assert_string_equal(message, row->message);
	/* Nothing is said without a way out. */
	assert_true(e.hint[0] || strchr(row->message, '\'') || strstr(row->message, "from 0 to"));
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_told, habits);
	return unit_run(&u, "habits");
}

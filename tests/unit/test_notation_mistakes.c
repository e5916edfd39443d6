/* Mistakes in the notation: each with its place, its words and its way out. */
#include "packet/notation.h"

#include "tests/unit/wire.h"

#define ESCAPES "\\\\ is a backslash, \\xHH any byte"

/* at: the bytes of the text that are meant; "" for none, NULL where there is no place. */
static const struct mistake_row {
	const char *name, *text;
	int code, layer, column;
	const char *at, *what, *hint;
} mistakes[] = {
	{ "mistake: nothing", "", SONDE_E_SYNTAX, 1, 0, "", "layer 1: a layer expected, such as: ip dst=10.0.0.2", "" },
	{ "mistake: only a comment", " # x", SONDE_E_SYNTAX, 1, 0, "",
	  "layer 1: a layer expected, such as: ip dst=10.0.0.2", "" },
	{ "mistake: a layer missing behind", "ip /", SONDE_E_SYNTAX, 2, 3, "",
	  "layer 2: a layer expected, such as: ip dst=10.0.0.2", "" },
	{ "mistake: a layer missing between", "ip / / tcp", SONDE_E_SYNTAX, 2, 5, "",
	  "layer 2: a layer expected, such as: ip dst=10.0.0.2", "" },
	{ "mistake: an unknown layer", "ip / tpc dport=1", SONDE_E_UNKNOWN, 2, 5, "tpc",
	  "layer 2: 'tpc': no such protocol", "did you mean 'tcp'?" },
	{ "mistake: nothing near", "ip / quux", SONDE_E_UNKNOWN, 2, 5, "quux", "layer 2: 'quux': no such protocol",
	  "sonde help fields lists them; data is text:quux" },
	{ "mistake: a layer that is no layer", "objects", SONDE_E_UNKNOWN, 1, 0, "objects",
	  "layer 1: 'objects': no such protocol", "sonde help fields lists them; data is text:objects" },
	{ "mistake: a field without layer", "dst=10.0.0.1", SONDE_E_SYNTAX, 1, 0, "dst=10.0.0.1",
	  "layer 1: 'dst=10.0.0.1': a layer starts with the name of its protocol", "such as: ip dst=10.0.0.1" },
	{ "mistake: a field of another name", "ip / tcp dprot=80", SONDE_E_UNKNOWN, 2, 9, "dprot",
	  "layer 2 (tcp): no field 'dprot'", "did you mean 'dport'?" },
	{ "mistake: no field near", "ip quux=80", SONDE_E_UNKNOWN, 1, 3, "quux", "layer 1 (ip): no field 'quux'",
	  "sonde help fields ip" },
	{ "mistake: a field without value", "ip dst", SONDE_E_SYNTAX, 1, 3, "dst",
	  "layer 1: 'dst': field=value expected", "write dst=VALUE" },
	{ "mistake: an empty value", "ip dst=", SONDE_E_SYNTAX, 1, 7, "", "layer 1: ip dst=: a value expected",
	  "four numbers from 0 to 255, such as 10.0.0.2" },
	{ "mistake: a prefix length over 64 bits", "ip dst=10.0.0.0/18446744073709551617", SONDE_E_RANGE, 1, 7,
	  "10.0.0.0/18446744073709551617", "no such prefix length", "an address has 32 bits: /0 to /32" },
	{ "mistake: twice", "tcp dport=1 dport=2", SONDE_E_TWICE, 1, 12, "dport=2", "layer 1: dport given twice",
	  "a set is dport=22,80" },
	{ "mistake: twice by its other name", "tcp dport=1 dstport=2", SONDE_E_TWICE, 1, 12, "dstport=2",
	  "layer 1: dport given twice", "a set is dport=22,80" },
	{ "mistake: no blanks before a slash", "ip dst=10.0.0.1/tcp", SONDE_E_SYNTAX, 1, 7, "10.0.0.1/tcp",
	  "layer 1: ip dst=10.0.0.1/tcp: put blanks around '/'", "" },
	{ "mistake: no blanks behind a slash", "ip dst=10.0.0.1 /tcp", SONDE_E_SYNTAX, 1, 16, "/tcp", "'/tcp': put ",
	  "" },
	{ "mistake: no blanks at all", "ip/tcp", SONDE_E_SYNTAX, 1, 0, "ip/tcp", "layer 1: 'ip/tcp': put ", "" },
	{ "mistake: the other family", "ip dst=2001:db8::1", SONDE_E_KIND, 1, 7, "2001:db8::1",
	  "layer 1: ip dst=2001:db8::1: an IPv6 address (use ip6)", "" },
	{ "mistake: the other family again", "ip6 dst=10.0.0.1", SONDE_E_KIND, 1, 8, "10.0.0.1",
	  "layer 1: ip6 dst=10.0.0.1: an IPv4 address (use ip)", "" },
	{ "mistake: half an address", "ip dst=10.0.0", SONDE_E_SYNTAX, 1, 7, "10.0.0",
	  "layer 1: ip dst=10.0.0: not an IPv4 address", "four numbers from 0 to 255, such as 10.0.0.2" },
	{ "mistake: a host without names", "ip dst=host.example", SONDE_E_UNKNOWN, 1, 7, "host.example",
	  "layer 1: ip dst=host.example: no such host", "" },
	{ "mistake: a zone without a machine", "ip6 dst=fe80::1%eth0", SONDE_E_SYNTAX, 1, 8, "fe80::1%eth0",
	  "layer 1: ip6 dst=fe80::1%eth0: not an IPv6 address", "such as 2001:db8::2" },
	{ "mistake: a prefix that is too long", "ip dst=10.0.0.0/33", SONDE_E_RANGE, 1, 7, "10.0.0.0/33",
	  "layer 1: ip dst=10.0.0.0/33: no such prefix length", "an address has 32 bits: /0 to /32" },
	{ "mistake: a MAC address", "ether dst=02:00:00:00:00:0g", SONDE_E_SYNTAX, 1, 10, "02:00:00:00:00:0g",
	  "not a MAC address", "" },
	{ "mistake: more bits", "ip ttl=256", SONDE_E_RANGE, 1, 7, "256", "layer 1: ip ttl=256: the field has 8 bits",
	  "at most 255" },
	{ "mistake: more bits than any", "tcp seq=18446744073709551616", SONDE_E_RANGE, 1, 8, "18446744073709551616",
	  "the field has 32 bits", "at most 4294967295" },
	{ "mistake: more bits at the end of a range", "ip ttl=1-300", SONDE_E_RANGE, 1, 9, "300",
	  "layer 1: ip ttl=300: the field has 8 bits", "at most 255" },
	{ "mistake: no number", "ip ttl=x", SONDE_E_SYNTAX, 1, 7, "x", "layer 1: ip ttl=x: not a number", "" },
	{ "mistake: a hole in a set", "ip ttl=1,,2", SONDE_E_SYNTAX, 1, 9, "",
	  "layer 1: ip ttl=: a value expected", "" },
	{ "mistake: a set that does not end", "ip ttl=1,", SONDE_E_SYNTAX, 1, 9, "",
	  "layer 1: ip ttl=: a value expected",
	  "" },
	{ "mistake: backwards", "ip ttl=9-1", SONDE_E_RANGE, 1, 7, "9-1",
	  "layer 1: ip ttl=9-1: the range runs backwards", "write ttl=1-9" },
	{ "mistake: a step of nothing", "ip ttl=1-9:0", SONDE_E_SYNTAX, 1, 7, "1-9:0",
	  "layer 1: ip ttl=1-9:0: a step is a number from 1", "" },
	{ "mistake: random of two", "ip ttl=random:1,2", SONDE_E_SYNTAX, 1, 7, "random:1,2",
	  "one range expected after random:", "" },
	{ "mistake: a list at random", "ip options=random", SONDE_E_UNKNOWN, 1, 11, "random",
	  "layer 1: ip options: 'random': no such item", "a kind without a name here is NUMBER:HEX" },
	{ "mistake: a name", "tcp dport=htp", SONDE_E_SYNTAX, 1, 10, "htp", "neither a port nor the name of a service",
	  "did you mean 'ftp'?" },
	{ "mistake: a name of another type", "icmp type=echo code=port", SONDE_E_SYNTAX, 1, 20, "port",
	  "layer 1: icmp code=port: no name has been given to any value with type=echo: write a number",
	  "it goes with type=unreach" },
	{ "mistake: a flag", "tcp flags=SX", SONDE_E_SYNTAX, 1, 10, "SX",
	  "layer 1: tcp flags=SX: no flag 'X': F S R P A U E C N",
	  "" },
	{ "mistake: a flag set and clear", "tcp flags=+S-S", SONDE_E_SYNTAX, 1, 10, "+S-S",
	  "layer 1: tcp flags=+S-S: a flag cannot be both set and clear", "" },
	{ "mistake: a sign without a flag", "tcp flags=+S-", SONDE_E_SYNTAX, 1, 10, "+S-",
	  "layer 1: tcp flags=+S-: a flag expected behind each sign", "" },
	{ "mistake: a range without an end", "tcp dport=22,-", SONDE_E_SYNTAX, 1, 13, "-",
	  "layer 1: tcp dport=-: a value expected", "" },
	{ "mistake: a word", "ip flags=DF+XF", SONDE_E_SYNTAX, 1, 9, "DF+XF",
	  "layer 1: ip flags=DF+XF: no flag 'XF': MF, DF, evil",
	  "did you mean 'MF'? several are joined by +" },
	{ "mistake: no sum of a pseudo-header", "ip checksum=partial", SONDE_E_SYNTAX, 1, 12, "partial",
	  "layer 1: ip checksum=partial: not a number", "left out it is right; 0xdead is wrong" },
	{ "mistake: half a reference", "ip ttl=@", SONDE_E_SYNTAX, 1, 7, "@",
	  "a reference is written @.field or @name.field", "" },
	{ "mistake: an option", "tcp options=nop,msss:5", SONDE_E_UNKNOWN, 1, 16, "msss",
	  "layer 1: tcp options: 'msss': no such item", "did you mean 'mss'?" },
	{ "mistake: an option's number", "tcp options=999:00", SONDE_E_RANGE, 1, 12, "999", "no kind is that large",
	  "bytes that are no item are hex:0a0b" },
	{ "mistake: an option's value", "tcp options=nop,mss:70000", SONDE_E_RANGE, 1, 20, "70000",
	  "layer 1: tcp options: '70000': out of range", "at most 65535" },
	{ "mistake: an option's bytes", "tcp options=nop,77:012", SONDE_E_SYNTAX, 1, 19, "012",
	  "not an even number of hex digits", "" },
	{ "mistake: an argument too many", "ip options=ra:1:2", SONDE_E_SYNTAX, 1, 14, "1:2", "", "" },
	{ "mistake: no option", "ip options=,ra", SONDE_E_SYNTAX, 1, 11, "", "an item expected", "" },
	{ "mistake: no option behind", "ip options=ra,", SONDE_E_SYNTAX, 1, 14, "", "an item expected", "" },
	{ "mistake: a quote that does not end", "ip / text:\"a b", SONDE_E_SYNTAX, 2, 5, "text:\"a b",
	  "layer 2: a quote is not closed", "" },
	{ "mistake: half an escape", "text:a\\x2", SONDE_E_SYNTAX, 1, 6, "\\x2",
	  "layer 1: '\\x2': no such escape", ESCAPES },
	{ "mistake: an escape that is none", "ip / text:\"a\\qb\"", SONDE_E_SYNTAX, 2, 12, "\\q",
	  "layer 2: '\\q': no such escape", ESCAPES },
	{ "mistake: an escape of digits", "text:\\012", SONDE_E_SYNTAX, 1, 5, "\\01", "no such escape", ESCAPES },
	{ "mistake: a backslash at the end", "text:a\\", SONDE_E_SYNTAX, 1, 6, "\\", "no such escape", ESCAPES },
	{ "mistake: an escape in a comment", "frame comment=\"a \\d\" / ip", SONDE_E_SYNTAX, 1, 17, "\\d",
	  "no such escape", ESCAPES },
	{ "mistake: an escape in a list", "icmp type=unreach objects=iface:in:name:a\\q", SONDE_E_SYNTAX, 1, 41, "\\q",
	  "no such escape", ESCAPES },
	{ "mistake: half a byte", "hex:012", SONDE_E_SYNTAX, 1, 0, "hex:012", "an even number of hex digits expected",
	  "" },
	{ "mistake: no bytes counted", "ip / zero:", SONDE_E_RANGE, 2, 5, "zero:",
	  "a number of bytes up to 262144 expected", "" },
	{ "mistake: too many bytes", "random:262145", SONDE_E_RANGE, 1, 0, "random:262145",
	  "a number of bytes up to 262144 expected", "" },
	{ "mistake: a file in a file", "file:x", SONDE_E_UNSUPPORTED, 1, 0, "file:x",
	  "files are read for packets on the command line only", "" },
	{ "mistake: a field behind data", "ip hex:00 ttl=1", SONDE_E_SYNTAX, 1, 10, "ttl=1",
	  "nothing but data follows data in a layer", "fields go before the data, layers behind ' / '" },
	{ "mistake: a layer behind data", "hex:00 tcp", SONDE_E_SYNTAX, 1, 7, "tcp",
	  "nothing but data follows data in a layer", "fields go before the data, layers behind ' / '" },
	{ "mistake: a frame alone", "frame time=1", SONDE_E_SYNTAX, 1, 0, "", "layer 1: a packet expected behind frame",
	  "" },
	{ "mistake: a frame further in", "ip / frame", SONDE_E_UNKNOWN, 2, 5, "frame",
	  "layer 2: 'frame': no such protocol", "frame stands before the first layer" },
	{ "mistake: a frame's field", "frame tiem=1 / ip", SONDE_E_UNKNOWN, 1, 6, "tiem=1",
	  "the frame layer has time wire iface dir link comment", "did you mean 'time'?" },
	{ "mistake: a frame's time", "frame time=x / ip", SONDE_E_SYNTAX, 1, 6, "time=x", "seconds since 1970 expected",
	  "" },
	{ "mistake: a frame's length", "frame wire=-1 / ip", SONDE_E_RANGE, 1, 6, "wire=-1", "a number expected", "" },
	{ "mistake: a frame's direction", "frame dir=up / ip", SONDE_E_SYNTAX, 1, 6, "dir=up", "in or out expected",
	  "" },
	{ "mistake: a frame's field twice", "frame link=1 link=1 / ip", SONDE_E_TWICE, 1, 13, "link=1", "given twice",
	  "" },
	{ "mistake: data in a frame", "frame hex:00 / ip", SONDE_E_SYNTAX, 1, 6, "hex:00",
	  "the frame layer has no data", "" },
	{ "mistake: bytes that are there", "ip have=x", SONDE_E_RANGE, 1, 3, "have=x", "a number of bytes expected",
	  "" },
};

static void check_mistake(const struct sonde_error *e, int err, const struct mistake_row *row)
{
	assert_int_equal(err, row->code);
	assert_int_equal(e->code, row->code);
	assert_int_equal(e->layer, row->layer);
	assert_int_equal(e->column, row->column);
	assert_int_equal(e->length, strlen(row->at));
	assert_memory_equal(row->text + e->column, row->at, strlen(row->at));
	if (!strstr(e->what, row->what))
		fail_msg("\"%s\", not \"%s\"", e->what, row->what);
	assert_string_equal(e->hint, row->hint);
}

static void is_told(void **state)
{
	const struct mistake_row *row = *state;
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	check_mistake(&e, sonde_notation_parse(&spec, row->text, strlen(row->text), NULL, &e), row);
	assert_int_equal(sonde_notation_parse(&spec, row->text, strlen(row->text), NULL, NULL), row->code);
	sonde_spec_free(&spec);
}

/* Texts that can be read and not built. */
#define WIRE_SAYS "frame wire=N says how long a frame was that is not all there"
#define A_SET "give it a value, or a set with both ends, such as 1-30"

static const struct mistake_row unbuilt[] = {
	{ "unbuilt: an open end", "ip ttl=5-", SONDE_E_UNSUPPORTED, 0, 3, "ttl=5-",
	  "a pattern matches packets, it does not make one", A_SET },
	{ "unbuilt: an open start", "ip ttl=-5", SONDE_E_UNSUPPORTED, 0, 3, "ttl=-5",
	  "a pattern matches packets, it does not make one", A_SET },
	{ "unbuilt: another value", "tcp win=5 dport!=80", SONDE_E_UNSUPPORTED, 0, 10, "dport!=80",
	  "a pattern matches packets, it does not make one", A_SET },
	{ "unbuilt: another than the builder's", "ip / tcp checksum!=auto", SONDE_E_UNSUPPORTED, 0, 9, "checksum!=auto",
	  "a pattern", A_SET },
	{ "unbuilt: signs", "tcp flags=+S-A", SONDE_E_UNSUPPORTED, 0, 4, "flags=+S-A",
	  "a pattern matches packets, it does not make one", A_SET },
	{ "unbuilt: signs of words", "ip flags=-DF", SONDE_E_UNSUPPORTED, 0, 3, "flags=-DF",
	  "a pattern matches packets, it does not make one", A_SET },
	{ "unbuilt: an option in a range", "tcp options=mss:-1400", SONDE_E_UNSUPPORTED, 0, 4, "options=mss:-1400",
	  "a pattern", A_SET },
	{ "unbuilt: a reference", "ip / tcp ack=@.seq+1", SONDE_E_UNSUPPORTED, 0, 9, "ack=@.seq+1",
	  "a reference to another packet needs a conversation", "" },
	{ "unbuilt: a named reference", "tcp ack=@syn.tcp.seq-1", SONDE_E_UNSUPPORTED, 0, 4, "ack=@syn.tcp.seq-1",
	  "a reference", "" },
	{ "unbuilt: a reference in a list", "tcp options=ts:1:@.val", SONDE_E_UNSUPPORTED, 0, 4, "options=ts:1:@.val",
	  "a reference", "" },
	{ "unbuilt: data of another packet", "ip / udp / @.payload", SONDE_E_UNSUPPORTED, 0, 11, "@.payload",
	  "a reference", "" },
	{ "unbuilt: the first of two", "ip ttl=@.ttl / tcp win=5-", SONDE_E_UNSUPPORTED, 0, 3, "ttl=@.ttl", "", A_SET },
	{ "unbuilt: another kind of message", "icmp type=echo mtu=5", SONDE_E_ABSENT, 0, 15, "mtu=5",
	  "icmp mtu: no such field in this kind of message", "" },
	{ "unbuilt: a cut without a quote", "ip / udp / text:ab cut:9", SONDE_E_ABSENT, 0, 19, "cut:9",
	  "cut: nothing is quoted", WIRE_SAYS },
	{ "unbuilt: a cut of what is no quote", "ip / icmp type=echo id=1 / text:ab cut:9", SONDE_E_ABSENT, 0, 35,
	  "cut:9", "cut: nothing is quoted", WIRE_SAYS },
	{ "unbuilt: a length that others have", "arp hlen=2 sha=0x010203", SONDE_E_RANGE, 0, 11, "sha=0x010203",
	  "arp sha: does not fit into the field", "" },
};

static void is_told_when_built(void **state)
{
	const struct mistake_row *row = *state;
	uint8_t buffer[WIRE_MAX];
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	sonde_packet_init(&p, buffer, sizeof buffer);
	assert_int_equal(sonde_notation_parse(&spec, row->text, strlen(row->text), NULL, &e), 0);
	check_mistake(&e, sonde_spec_packet(&p, &spec, 0, 1, false, &e), row);
	sonde_spec_free(&spec);
}

/* Texts whose packets cannot be built, without a place. */
static const struct placeless_row {
	const char *name, *text;
	int code;
	const char *what;
} placeless[] = {
	{ "placeless: more bytes than the header", "ip have=21", SONDE_E_RANGE,
	  "ip have: the header has only 20 bytes" },
	{ "placeless: a field that is cut off", "ip ttl=9 have=8", SONDE_E_ABSENT, "ip ttl: " },
	{ "placeless: a layer behind padding", "ip / pad zero:4 / tcp", SONDE_E_ORDER, "tcp: not the last layer" },
	{ "placeless: longer than the buffer", "ip / zero:5000", SONDE_E_SPACE, "data: the packet grows too long" },
};

static void cannot_be_built(void **state)
{
	const struct placeless_row *row = *state;
	uint8_t buffer[WIRE_MAX];
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	sonde_packet_init(&p, buffer, sizeof buffer);
	assert_int_equal(sonde_notation_parse(&spec, row->text, strlen(row->text), NULL, &e), 0);
	assert_int_equal(sonde_spec_packet(&p, &spec, 0, 1, false, &e), row->code);
	assert_int_equal(e.code, row->code);
	if (!strstr(e.what, row->what))
		fail_msg("%s", e.what);
	sonde_spec_free(&spec);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_told, mistakes);
	UNIT_ROWS(&u, is_told_when_built, unbuilt);
	UNIT_ROWS(&u, cannot_be_built, placeless);
	return unit_run(&u, "notation mistakes");
}

/* Filters of a lab: which rule of nft(8) a pattern becomes. That nft takes it, and packets are filtered by it, is
 * tested in labs. */
#include "unit.h"

#include "tools/lab/filter.h"

static const struct row {
	const char *name; /* the pattern */
	const char *rule;
} rows[] = {
	{ "tcp dport=81", "meta l4proto 6 @th,16,16 { 0x0051 } drop" },
	{ "tcp dport=99,101-103", "meta l4proto 6 @th,16,16 { 0x0063, 0x0065-0x0067 } drop" },
	{ "tcp dport=1024-", "meta l4proto 6 @th,16,16 { 0x0400-0xffff } drop" },
	{ "tcp dport=-1023,5000-", "meta l4proto 6 @th,16,16 { 0x0000-0x03ff, 0x1388-0xffff } drop" },
	{ "udp dport!=53", "meta l4proto 17 @th,16,16 != { 0x0035 } drop" },
	{ "udp dport!=53,100-", "meta l4proto 17 @th,16,16 != { 0x0035, 0x0064-0xffff } drop" },
	{ "tcp flags=+S-A", "meta l4proto 6 @th,96,16 & 0x0012 == 0x0002 drop" },
	{ "tcp flags=+SA", "meta l4proto 6 @th,96,16 & 0x0012 == 0x0012 drop" },
	{ "tcp flags=-SFR", "meta l4proto 6 @th,96,16 & 0x0007 == 0x0000 drop" },
	{ "tcp flags!=+S-A", "meta l4proto 6 @th,96,16 & 0x0012 != 0x0002 drop" },
	{ "tcp flags=S,SA", "meta l4proto 6 @th,96,16 & 0x01ff { 0x0002, 0x0012 } drop" },
	{ "ip flags=-DF+MF ttl=1-10:4",
	  "meta nfproto ipv4 @nh,48,8 & 0x60 == 0x20 @nh,64,8 { 0x01, 0x05, 0x09 } drop" },
	{ "ip ihl=6-", "meta nfproto ipv4 @nh,0,8 & 0x0f { 0x06-0x0f } drop" },
	{ "ip6 flow=5-", "meta nfproto ipv6 @nh,8,24 & 0x0fffff { 0x000005-0x0fffff } drop" },
	{ "ip dst=10.0.0.0/30 / udp", "meta nfproto ipv4 @nh,128,32 { 0x0a000000-0x0a000003 } meta l4proto 17 drop" },
	{ "ip6 src=fff0::-", "meta nfproto ipv6 @nh,64,128 { 0xfff00000000000000000000000000000"
			     "-0xffffffffffffffffffffffffffffffff } drop" },
	{ "ether src!=02:00:00:00:00:01 / ip", "@ll,48,48 != { 0x020000000001 } meta nfproto ipv4 drop" },
	{ "icmp type=unreach code!=needfrag", "meta l4proto 1 @th,0,8 { 0x03 } @th,8,8 != { 0x04 } drop" },
};

static void becomes_a_rule(void **state)
{
	static struct topology t;
	const struct row *row = *state;
	struct lab_filter filter = { .verdict = LAB_DROP };
	struct sonde_error e = { 0 };
	char room[FILTER_RULE];
	struct sonde_text out = sonde_text(room, sizeof(room));

	strcpy(filter.pattern, row->name);
	if (filter_rule(&out, &e, &t, &filter))
		fail_msg("%s", e.what);
	assert_string_equal(room, row->rule);
}

int main(void)
{
	static struct unit u;

	UNIT_ROWS(&u, becomes_a_rule, rows);
	return unit_run(&u, "filter");
}

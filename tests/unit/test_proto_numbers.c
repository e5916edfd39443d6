/* Names and numbers, and what announces which protocol. The numbers are those of the registries of IANA and IEEE; all
 * but the newest were compared with the names that Wireshark 4.0.17 has for them. */
#include <stdio.h>
#include <stdlib.h>

#include "packet/packet.h"
#include "proto/names.h"

#include "tests/unit/unit.h"

/* Of a field, when .by is the type that its names depend on, or of the items of a list: number, name, ... */
static const struct names_row {
	const char *name, *proto, *field;
	unsigned by;
	const char *numbers;
} names_rows[] = {
	{ "arp op", "arp", "op", 0,
	  "1 request 2 reply 3 rarp-request 4 rarp-reply 8 inarp-request 9 inarp-reply 10 nak" },
	{ "ip proto", "ip", "proto", 0,
	  "8 egp 9 igp 12 pup 27 rdp 33 dccp 46 rsvp 50 esp 55 mobile 59 nonext 88 eigrp 89 ospf 94 ipip "
	  "103 pim 108 ipcomp 112 vrrp 115 l2tp 124 isis 135 mobility 136 udplite 139 hip 140 shim6 "
	  "253 experiment1 254 experiment2" },
	{ "ether type", "ether", "type", 0,
	  "0x842 wol 0x8035 rarp 0x8137 ipx 0x8808 pause 0x8809 slow 0x880b ppp 0x8848 mpls-mc "
	  "0x8863 pppoe-discovery 0x888e eapol "
	  "0x88a2 aoe 0x88a8 dot1ad 0x88b5 experiment1 0x88b6 experiment2 0x88e5 macsec 0x88e7 pbb 0x88f7 ptp "
	  "0x8906 fcoe 0x894f nsh 0x9000 loopback" },
	{ "icmp type", "icmp", "type", 0,
	  "0 echo-reply 3 unreach 4 quench 5 redirect 8 echo 9 router-advert 10 router-solicit 11 timxceed "
	  "12 paramprob 13 timestamp 14 timestamp-reply 15 info 16 info-reply 17 mask 18 mask-reply 42 xecho "
	  "43 xecho-reply" },
	{ "icmp code of type 3", "icmp", "code", 3,
	  "0 net 1 host 2 protocol 3 port 4 needfrag 5 srcfail 6 net-unknown 7 host-unknown 8 isolated "
	  "9 net-prohib 10 host-prohib 11 net-tos 12 host-tos 13 filter-prohib 14 host-precedence "
	  "15 precedence-cutoff" },
	{ "icmp code of type 5", "icmp", "code", 5, "0 net 1 host 2 net-tos 3 host-tos" },
	{ "icmp code of type 11", "icmp", "code", 11, "0 transit 1 reassembly" },
	{ "icmp code of type 12", "icmp", "code", 12, "0 pointer 1 missing-option 2 bad-length" },
	{ "icmp6 type", "icmp6", "type", 0,
	  "1 unreach 2 toobig 3 timxceed 4 paramprob 128 echo 129 echo-reply 130 mld-query 131 mld-report "
	  "132 mld-done 133 router-solicit 134 router-advert 135 neighbour-solicit "
	  "136 neighbour-advert 137 redirect 138 renumber 139 ni-query 140 ni-reply 141 "
	  "inverse-solicit 142 inverse-advert "
	  "143 mld-report2 144 home-agent-request 145 home-agent-reply 146 mobile-solicit 147 mobile-advert 148 "
	  "path-solicit 149 path-advert "
	  "151 mrd-advert 152 mrd-solicit 153 mrd-termination 155 rpl 160 xecho 161 xecho-reply" },
	{ "icmp6 code of type 1", "icmp6", "code", 1,
	  "0 noroute 1 admin-prohib 2 beyond-scope 3 addr 4 port 5 policy-fail 6 reject-route 7 srcfail "
	  "8 headers-too-long" },
	{ "icmp6 code of type 3", "icmp6", "code", 3, "0 transit 1 reassembly" },
	{ "icmp6 code of type 4", "icmp6", "code", 4,
	  "0 header 1 next-header 2 option 3 incomplete-chain 4 upper-layer 5 next-header-on-way "
	  "6 header-too-big 7 chain-too-long 8 too-many-headers 9 too-many-options 10 option-too-big" },
	{ "icmp6 pref", "icmp6", "pref", 0, "0 medium 1 high 2 reserved 3 low" },
	{ "igmp type", "igmp", "type", 0, "17 query 18 report1 22 report2 23 leave 34 report3" },
	{ "igmp mode", "igmp", "records//mode", 0, "1 is_in 2 is_ex 3 to_in 4 to_ex 5 allow 6 block" },
	{ "icmp6 mode", "icmp6", "records//mode", 0, "1 is_in 2 is_ex 3 to_in 4 to_ex 5 allow 6 block" },
	{ "icmp6 preference", "icmp6", "options/route/preference", 0, "0 medium 1 high 2 reserved 3 low" },
	{ "objects role", "objects", "objects/iface/role", 0, "0 in 1 sub 2 out 3 nexthop" },
	{ "tcp subtype", "tcp", "options/mptcp/subtype", 0,
	  "0 capable 1 join 2 dss 3 add-addr 4 remove-addr 5 prio 6 fail 7 fastclose 8 rst 15 experiment" },
	{ "routing type", "routing", "type", 0, "0 source 2 mobile 3 rpl 4 segment" },
	{ "pppoe code", "pppoe", "code", 0, "0 data 7 pado 9 padi 25 padr 101 pads 167 padt" },
	{ "pppoe proto", "pppoe", "proto", 0,
	  "0x21 ip 0x57 ip6 0x281 mpls 0x8021 ipcp 0x8057 ip6cp 0x80fd ccp 0xc021 lcp 0xc023 pap 0xc025 lqr "
	  "0xc223 chap 0xc227 eap" },
	{ "sll pkttype", "sll", "pkttype", 0, "0 host 1 broadcast 2 multicast 3 other 4 outgoing" },
	{ "null family", "null", "family", 0,
	  "2 ip 10 ip6-linux 24 ip6-netbsd 28 ip6-freebsd 30 ip6 0x2000000 ip-be 0xa000000 ip6-linux-be "
	  "0x18000000 ip6-netbsd-be 0x1c000000 ip6-freebsd-be 0x1e000000 ip6-be" },
	{ "loop family", "loop", "family", 0, "2 ip 10 ip6-linux 24 ip6 28 ip6-freebsd 30 ip6-darwin" },
	{ "ip options", "ip", "options", 0,
	  "0 eol 1 nop 7 rr 25 qs 68 ts 130 sec 131 lsrr 134 cipso 136 sid 137 ssrr 148 ra" },
	{ "tcp options", "tcp", "options", 0,
	  "0 eol 1 nop 2 mss 3 wscale 4 sackok 5 sack 6 echo 7 echo-reply 8 ts 19 md5 27 qs 28 uto 29 ao "
	  "30 mptcp 34 fastopen 172 accecn0 174 accecn1 253 exp1 254 exp2" },
	{ "hopopts options", "hopopts", "options", 0,
	  "0 pad1 1 padn 4 limit 5 ra 7 calipso 8 smf 15 pdm 17 ioam 18 altmark 35 rpl 38 qs 48 minmtu "
	  "49 ioam-update 50 altmark-update 99 rpl-old 109 mpl 139 nonce 140 lineid 194 jumbo 201 home" },
	{ "icmp6 options", "icmp6", "options", 0,
	  "1 slla 2 tlla 3 prefix 4 redirected 5 mtu 7 interval 8 home-agent 11 cga 12 rsa 13 timestamp "
	  "14 nonce 24 route 25 rdnss 26 flags 31 dnssl 33 aro 37 captive 38 pref64 144 dnr" },
	{ "objects objects", "objects", "objects", 0,
	  "0x101 mpls 0x200 iface 0x301 byname 0x302 byindex 0x303 byaddr" },
	{ "sctp chunks", "sctp", "chunks", 0,
	  "0 data 1 init 2 init-ack 3 sack 4 heartbeat 5 heartbeat-ack 6 abort 7 shutdown 8 shutdown-ack "
	  "9 error 10 cookie-echo 11 cookie-ack 12 ecne 13 cwr 14 shutdown-complete 15 auth 64 i-data "
	  "128 asconf-ack 130 re-config 132 pad 192 forward-tsn 193 asconf 194 i-forward-tsn" },
	{ "pppoe tags", "pppoe", "tags", 0,
	  "0x0 end 0x101 service 0x102 ac 0x103 host-uniq 0x104 cookie 0x105 vendor 0x110 relay "
	  "0x120 max-payload 0x201 service-error 0x202 system-error 0x203 generic-error" },
	{ "lldp tlvs", "lldp", "tlvs", 0,
	  "0 end 1 chassis 2 port 3 ttl 4 portdesc 5 sysname 6 sysdesc 7 caps 8 mgmt 127 org" },
	{ "routing tlvs", "routing", "tlvs", 0, "0 pad1 4 padn 5 hmac" },
};

static const struct sonde_field *find(const struct sonde_field *rows, const char *name, size_t len)
{
	while (rows->name && (strlen(rows->name) != len || memcmp(rows->name, name, len) != 0))
		rows++;
	assert_non_null(rows->name);
	return rows;
}

/* A field, or list/item/argument. */
static const struct sonde_field *field_of(const struct names_row *row)
{
	const struct sonde_proto *proto = sonde_proto_by_name(row->proto, strlen(row->proto));
	const char *item_name = strchr(row->field, '/'), *arg = strrchr(row->field, '/');
	assert_non_null(proto);
	const struct sonde_field *f = find(proto->fields, row->field, strcspn(row->field, "/"));
	if (!item_name)
		return f;
	const struct sonde_item *item = f->list->items;
	while (item->name && !sonde_word_in(item->name, item_name + 1, (size_t)(arg - item_name - 1)) && item->name[0])
		item++;
	assert_non_null(item->name);
	return find(item->fields, arg + 1, strlen(arg + 1));
}

static bool item_is(const struct sonde_list *list, const char *name, uint64_t number)
{
	for (const struct sonde_item *item = list->items; item->name; item++)
		if (strcmp(item->name, name) == 0)
			return item->kind == number;
	return false;
}

static bool name_is(const struct sonde_field *f, const struct names_row *row, const char *name, uint64_t number)
{
	uint64_t v = UINT64_MAX;
	const struct sonde_row_context ctx = { .row = f, .by = row->by };
	return sonde_number_parse(&v, &ctx, name, strlen(name)) == 0 && v == number;
}

/* Whether a protocol lends its name to a number, as one that is added does. */
static bool is_lent(const struct sonde_field *f, uint64_t number)
{
	const struct sonde_proto *proto = f->space ? sonde_proto_by_id(f->space, (uint32_t)number) : NULL;
	return proto && sonde_number_in(proto, f->space, UINT32_MAX) == number;
}

/* Whether a name is what is written for its value: no other stands before it, and no protocol lends its own. */
static bool is_written(const struct sonde_field *f, const struct sonde_name *name)
{
	return sonde_name_of(f->names, name->value) == name->name && !is_lent(f, name->value);
}

/* Names in a table that are written, those of its type alone where they depend on one. */
static unsigned count_names(const struct sonde_field *f, unsigned by)
{
	unsigned n = 0;
	for (const struct sonde_item *item = f->list ? f->list->items : NULL; item && item->name; item++)
		n++;
	for (const struct sonde_name *name = f->list ? NULL : f->names; name && name->name; name++)
		n += is_written(f, name) && (!f->names_by || name->value >> 8 == by);
	return n;
}

static void names_are_the_registries(void **state)
{
	const struct names_row *row = *state;
	const struct sonde_field *f = field_of(row);
	unsigned n = 0;
	for (const char *s = row->numbers; *s;) {
		char name[40], *end;
		uint64_t number = strtoull(s, &end, 0);
		size_t len = strcspn(end + 1, " ");
		snprintf(name, sizeof name, "%.*s", (int)len, end + 1);
		if (!(f->list ? item_is(f->list, name, number) : name_is(f, row, name, number)))
			fail_msg("%s is not %u", name, (unsigned)number);
		n += !is_lent(f, number);
		s = end + 1 + len;
		s += *s == ' ';
	}
	assert_int_equal(n, count_names(f, row->by));
}

/* The first number of a protocol in a space is what builders write; IPv4 and IPv6 share one link type. */
static const struct id_row {
	const char *name;
	uint8_t space;
	const char *numbers;
} id_rows[] = {
	{ "link types", SONDE_SPACE_LINK, "0 null 1 ether 101 ip 108 loop 113 sll 228 ip 229 ip6 276 sll2" },
	{ "ethertypes", SONDE_SPACE_ETHERTYPE,
	  "0x0800 ip 0x0806 arp 0x8035 arp 0x8100 vlan 0x88a8 vlan 0x9100 vlan 0x86dd ip6 0x8847 mpls 0x8848 mpls "
	  "0x8864 pppoe 0x8863 pppoe 0x88cc lldp 0x6558 ether" },
	{ "IP protocols", SONDE_SPACE_IP,
	  "0 hopopts 1 icmp 2 igmp 4 ip 6 tcp 17 udp 41 ip6 43 routing 44 fragment 47 gre 51 ah 58 icmp6 60 dstopts "
	  "132 sctp 137 mpls 143 ether" },
	{ "UDP ports", SONDE_SPACE_UDP, "4789 vxlan 6635 mpls" },
	{ "versions", SONDE_SPACE_VERSION, "4 ip 6 ip6" },
};

static void numbers_announce_protocols(void **state)
{
	const struct id_row *row = *state;
	char seen[512] = "";
	for (const char *s = row->numbers; *s;) {
		char name[40], *end;
		uint32_t number = (uint32_t)strtoul(s, &end, 0);
		size_t len = strcspn(end + 1, " ");
		snprintf(name, sizeof name, "%.*s", (int)len, end + 1);
		const struct sonde_proto *proto = sonde_proto_by_id(row->space, number);
		assert_non_null(proto);
		assert_string_equal(proto->name, name);
		bool shared = row->space == SONDE_SPACE_LINK && strcmp(name, "ip6") == 0;
		if (!shared && !sonde_word_in(seen, name, len)) {
			assert_int_equal(sonde_number_in(proto, row->space, UINT32_MAX), number);
			strcat(strcat(seen, name), " ");
		}
		s = end + 1 + len;
		s += *s == ' ';
	}
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, names_are_the_registries, names_rows);
	UNIT_ROWS(&u, numbers_announce_protocols, id_rows);
	return unit_run(&u, "proto_numbers");
}

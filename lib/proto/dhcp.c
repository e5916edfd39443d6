#include "proto/dhcp.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/list.h"
#include "proto/say.h"

#define MIN_LEN 236

/* --- Options ----------------------------------------------------------------------------------------------------- */

/* Places count from the option's code; the arguments start after the length. */
#define AT(row, width)   SONDE_FIELD(row, 16, width)
#define NEXT(row, width) SONDE_FIELD(row, SONDE_NEXT, width)

static const struct sonde_list options;

static const struct sonde_field addr[] = {
	BYTES("addr", AT(0, 32), KIND(ip4), .help = "IPv4 address"),
	{ 0 },
};
static const struct sonde_field addrs[] = {
	BYTES("addrs", AT(0, 32), KIND(ip4), .repeat = true, .help = "IPv4 addresses, joined by +"),
	{ 0 },
};
static const struct sonde_field seconds[] = {
	SCALAR("seconds", AT(0, 32), .help = "seconds; 4294967295: for ever"),
	{ 0 },
};
static const struct sonde_field offset[] = {
	SCALAR("seconds", AT(0, 32), KIND(signed), .help = "seconds east of UTC"),
	{ 0 },
};
static const struct sonde_field flag[] = {
	SCALAR("on", AT(0, 8), .help = "1: yes"),
	{ 0 },
};
static const struct sonde_field byte[] = {
	SCALAR("value", AT(0, 8), .help = "number"),
	{ 0 },
};
static const struct sonde_field word[] = {
	SCALAR("value", AT(0, 16), .help = "number"),
	{ 0 },
};
static const struct sonde_field words[] = {
	SCALAR("values", AT(0, 16), .repeat = true, .help = "numbers, joined by +"),
	{ 0 },
};
static const struct sonde_field text[] = {
	BYTES("text", AT(0, 0), KIND(text), .help = "characters"),
	{ 0 },
};
static const struct sonde_field bytes[] = {
	BYTES("bytes", AT(0, 0), KIND(raw), .help = "an identifier, or a code"),
	{ 0 },
};
static const struct sonde_field opaque[] = {
	BYTES("bytes", AT(0, 0), KIND(opaque), .help = "the option's bytes"),
	{ 0 },
};

/* A network or host and its router, or a network and its mask. */
static const struct sonde_field addr_pair[] = {
	BYTES("addr", SONDE_FIELD(0, 0, 32), KIND(ip4), .help = "destination, or net"),
	BYTES("other", SONDE_FIELD(1, 32, 32), KIND(ip4), .help = "its router, or mask"),
	{ 0 },
};
static const struct sonde_list addr_pairs = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = addr_pair), { 0 } },
};
static const struct sonde_field pairs[] = {
	LIST("pairs", AT(0, 0), .list = &addr_pairs, .help = "addr:router, ..."),
	{ 0 },
};

/* RFC 3442. */
static const struct sonde_field route[] = {
	BYTES("prefix", NEXT(0, 0), KIND(prefix4), .help = "destination"),
	BYTES("router", NEXT(1, 32), KIND(ip4), .help = "its router"),
	{ 0 },
};
static const struct sonde_list route_list = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = route), { 0 } },
};
static const struct sonde_field routes[] = {
	LIST("routes", AT(0, 0), .list = &route_list, .help = "prefix:router, ..."),
	{ 0 },
};

static const struct sonde_name node_types[] = {
	{ 1, "b-node" }, { 2, "p-node" }, { 4, "m-node" }, { 8, "h-node" }, { 0 },
};
static const struct sonde_field node_type[] = {
	SCALAR("type", AT(0, 8), KIND(named), .names = node_types, .help = "how names are looked up (RFC 1002)"),
	{ 0 },
};

static const struct sonde_name overloads[] = { { 1, "file" }, { 2, "sname" }, { 3, "both" }, { 0 } };
static const struct sonde_field overload[] = {
	SCALAR("fields", AT(0, 8), KIND(named), .names = overloads, .help = "fields that also hold options"),
	{ 0 },
};

static const struct sonde_name message_types[] = {
	{ SONDE_DHCP_DISCOVER, "discover" }, { SONDE_DHCP_OFFER, "offer" }, { SONDE_DHCP_REQUEST, "request" },
	{ SONDE_DHCP_DECLINE, "decline" }, { SONDE_DHCP_ACK, "ack" }, { SONDE_DHCP_NAK, "nak" },
	{ SONDE_DHCP_RELEASE, "release" }, { SONDE_DHCP_INFORM, "inform" }, { 9, "forcerenew" },
	{ 10, "leasequery" }, { 11, "leaseunassigned" }, { 12, "leaseunknown" }, { 13, "leaseactive" },
	{ 14, "bulkleasequery" }, { 15, "leasequerydone" }, { 16, "activeleasequery" }, { 17, "leasequerystatus" },
	{ 18, "tls" }, { 0 },
};
static const struct sonde_field message_type[] = {
	SCALAR("type", AT(0, 8), KIND(named), .names = message_types, .help = "discover, offer, request, ack, ..."),
	{ 0 },
};

static const struct sonde_field parameters[] = {
	SCALAR("options", AT(0, 8), KIND(item), .list = &options, .repeat = true, .help = "options, joined by +"),
	{ 0 },
};

/* RFC 2132, 9.14; RFC 4361, 6.1. */
#define ID_ETHERNET 1
#define ID_DUID     255
#define ID_TYPE     AT(0, 8)
#define WHEN_ID(n)  .when = SONDE_WHEN_IS(ID_TYPE, n, 1 << 0)
static const struct sonde_field client_id[] = {
	SCALAR("type", ID_TYPE, .help = "1 Ethernet, 255 IAID and DUID, 0 other"),
	BYTES("addr", NEXT(1, 0), KIND(mac), WHEN_ID(ID_ETHERNET), .help = "link address"),
	SCALAR("iaid", NEXT(2, 32), KIND(hex), WHEN_ID(ID_DUID), .help = "interface"),
	BYTES("duid", NEXT(3, 0), KIND(raw), WHEN_ID(ID_DUID), .help = "unique identifier of the client"),
	BYTES("id", NEXT(4, 0), KIND(raw), .when = SONDE_WHEN_IS_NOT(ID_TYPE, ID_ETHERNET, 1 << 0),
		.and_when = SONDE_WHEN_IS_NOT(ID_TYPE, ID_DUID, 1 << 0), .help = "identifier"),
	{ 0 },
};

/* RFC 4702: flag E selects the encoding of the name. */
#define FQDN_E SONDE_FIELD(0, 21, 1)
static const struct sonde_name fqdn_flags[] = { { 8, "N" }, { 4, "E" }, { 2, "O" }, { 1, "S" }, { 0 } };
static const struct sonde_field fqdn[] = {
	SCALAR("flags", AT(0, 8), KIND(letters), .names = fqdn_flags,
		.help = "S server updates, O override, E canonical name, N no updates"),
	SCALAR("rcode1", NEXT(1, 8), .help = "0, or 255 from a server"),
	SCALAR("rcode2", NEXT(2, 8), .help = "0, or 255 from a server"),
	BYTES("name", NEXT(3, 0), KIND(domain_unexpanded), .when = SONDE_WHEN_IS(FQDN_E, 1, 1 << 0),
		.help = "domain name"),
	BYTES("name", NEXT(4, 0), KIND(text), .when = SONDE_WHEN_IS(FQDN_E, 0, 1 << 0), .help = "characters"),
	{ 0 },
};

/* RFC 3046, and the registry of its sub-options. */
static const struct sonde_field vss[] = {
	SCALAR("type", AT(0, 8), .help = "0 text, 1 VPN identifier, 255 global"),
	BYTES("info", NEXT(1, 0), KIND(raw), .help = "name of the VPN"),
	{ 0 },
};
static const struct sonde_list agent_options = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2, .length_excludes = 2,
	.items = (const struct sonde_item[]) {
		ITEM("circuit-id", 1, .fields = bytes),
		ITEM("remote-id", 2, .fields = bytes),
		ITEM("docsis-class", 4, .fields = seconds),
		ITEM("link-selection", 5, .fields = addr),
		ITEM("subscriber-id", 6, .fields = text),
		ITEM("radius", 7, .fields = opaque),
		ITEM("authentication", 8, .fields = opaque),
		ITEM("vendor-specific", 9, .fields = opaque),
		ITEM("flags", 10, .fields = byte),
		ITEM("server-id-override", 11, .fields = addr),
		ITEM("relay-id", 12, .fields = bytes),
		ITEM("vss", 151, .fields = vss),
		ITEM("vss-control", 152),
		{ 0 },
	},
};
static const struct sonde_field agent[] = {
	LIST("options", AT(0, 0), .list = &agent_options, .help = "circuit-id:HEX, ..."),
	{ 0 },
};

/* RFC 4578. */
static const struct sonde_name architectures[] = {
	{ 0, "x86-bios" }, { 2, "ia64" }, { 6, "x86-uefi" }, { 7, "x64-uefi" }, { 9, "ebc" }, { 10, "arm32-uefi" },
	{ 11, "arm64-uefi" }, { 15, "x86-uefi-http" }, { 16, "x64-uefi-http" }, { 19, "arm64-uefi-http" }, { 0 },
};
static const struct sonde_field architecture[] = {
	SCALAR("types", AT(0, 16), KIND(named), .names = architectures, .repeat = true, .help = "joined by +"),
	{ 0 },
};
static const struct sonde_field network_interface[] = {
	SCALAR("type", AT(0, 8), .help = "1 UNDI"),
	SCALAR("major", NEXT(1, 8), .help = "version"),
	SCALAR("minor", NEXT(2, 8), .help = "version"),
	{ 0 },
};
static const struct sonde_field machine_id[] = {
	SCALAR("type", AT(0, 8), .help = "0"),
	BYTES("uuid", NEXT(1, 0), KIND(raw), .help = "unique identifier of the machine"),
	{ 0 },
};

/* RFC 3397. */
static const struct sonde_field domains[] = {
	BYTES("names", AT(0, 0), KIND(domain_unexpanded), .repeat = true, .help = "domain names, joined by +"),
	{ 0 },
};

/* RFC 3361. */
#define SIP_FORM AT(0, 8)
static const struct sonde_field sip_servers[] = {
	SCALAR("form", SIP_FORM, .help = "0 names, 1 addresses"),
	BYTES("names", NEXT(1, 0), KIND(domain_unexpanded), .repeat = true, .when = SONDE_WHEN_IS(SIP_FORM, 0, 1 << 0),
		.help = "joined by +"),
	BYTES("addrs", NEXT(2, 32), KIND(ip4), .repeat = true, .when = SONDE_WHEN_IS(SIP_FORM, 1, 1 << 0),
		.help = "joined by +"),
	{ 0 },
};

static const struct sonde_field user_class[] = {
	BYTES("classes", AT(0, 0), KIND(counted), .repeat = true, .help = "joined by +"),
	{ 0 },
};

/* RFC 3925: each enterprise number is followed by its data, with a length byte. */
static const struct sonde_field vendor_class[] = {
	SCALAR("enterprise", SONDE_FIELD(0, 0, 32), .help = "IANA's number of the vendor"),
	BYTES("class", SONDE_FIELD(1, 32, 0), KIND(counted), .help = "characters"),
	{ 0 },
};
static const struct sonde_list vendor_class_list = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = vendor_class), { 0 } },
};
static const struct sonde_field vendor_classes[] = {
	LIST("classes", AT(0, 0), .list = &vendor_class_list, .help = "enterprise:class, ..."),
	{ 0 },
};
static const struct sonde_list suboptions = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2, .length_excludes = 2,
	.items = (const struct sonde_item[]) { { 0 } },
};
static const struct sonde_field vendor_info[] = {
	SCALAR("enterprise", SONDE_FIELD(0, 0, 32), .help = "IANA's number of the vendor"),
	SCALAR("length", SONDE_FIELD(1, 32, 8), .help = "bytes that follow"),
	LIST("options", SONDE_FIELD(2, 40, 0), .list = &suboptions, .len_from = SONDE_FIELD(1, 32, 8),
		.help = "CODE:HEX, ..."),
	{ 0 },
};
static const struct sonde_list vendor_info_list = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = vendor_info), { 0 } },
};
static const struct sonde_field vendor_infos[] = {
	LIST("infos", AT(0, 0), .list = &vendor_info_list, .help = "enterprise:[CODE:HEX, ...], ..."),
	{ 0 },
};

/* IANA, BOOTP vendor extensions and DHCP options; names of dhcp-options(5) where there is one. */
static const struct sonde_list options = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2, .length_excludes = 2,
	.n_singles = 1, .has_end = true, .end = 255, .closes = true,
	.items = (const struct sonde_item[]) {
		ITEM("pad", 0),
		ITEM("subnet-mask", 1, .fields = addr),
		ITEM("time-offset", 2, .fields = offset),
		ITEM("routers", 3, .fields = addrs),
		ITEM("time-servers", 4, .fields = addrs),
		ITEM("name-servers", 5, .fields = addrs),
		ITEM("domain-name-servers", 6, .fields = addrs),
		ITEM("log-servers", 7, .fields = addrs),
		ITEM("cookie-servers", 8, .fields = addrs),
		ITEM("lpr-servers", 9, .fields = addrs),
		ITEM("impress-servers", 10, .fields = addrs),
		ITEM("resource-location-servers", 11, .fields = addrs),
		ITEM("host-name", 12, .fields = text),
		ITEM("boot-size", 13, .fields = word),
		ITEM("merit-dump", 14, .fields = text),
		ITEM("domain-name", 15, .fields = text),
		ITEM("swap-server", 16, .fields = addr),
		ITEM("root-path", 17, .fields = text),
		ITEM("extensions-path", 18, .fields = text),
		ITEM("ip-forwarding", 19, .fields = flag),
		ITEM("non-local-source-routing", 20, .fields = flag),
		ITEM("policy-filter", 21, .fields = pairs),
		ITEM("max-dgram-reassembly", 22, .fields = word),
		ITEM("default-ip-ttl", 23, .fields = byte),
		ITEM("path-mtu-aging-timeout", 24, .fields = seconds),
		ITEM("path-mtu-plateau-table", 25, .fields = words),
		ITEM("interface-mtu", 26, .fields = word),
		ITEM("all-subnets-local", 27, .fields = flag),
		ITEM("broadcast-address", 28, .fields = addr),
		ITEM("perform-mask-discovery", 29, .fields = flag),
		ITEM("mask-supplier", 30, .fields = flag),
		ITEM("router-discovery", 31, .fields = flag),
		ITEM("router-solicitation-address", 32, .fields = addr),
		ITEM("static-routes", 33, .fields = pairs),
		ITEM("trailer-encapsulation", 34, .fields = flag),
		ITEM("arp-cache-timeout", 35, .fields = seconds),
		ITEM("ieee802-3-encapsulation", 36, .fields = flag),
		ITEM("default-tcp-ttl", 37, .fields = byte),
		ITEM("tcp-keepalive-interval", 38, .fields = seconds),
		ITEM("tcp-keepalive-garbage", 39, .fields = flag),
		ITEM("nis-domain", 40, .fields = text),
		ITEM("nis-servers", 41, .fields = addrs),
		ITEM("ntp-servers", 42, .fields = addrs),
		ITEM("vendor-encapsulated-options", 43, .fields = opaque),
		ITEM("netbios-name-servers", 44, .fields = addrs),
		ITEM("netbios-dd-server", 45, .fields = addrs),
		ITEM("netbios-node-type", 46, .fields = node_type),
		ITEM("netbios-scope", 47, .fields = text),
		ITEM("font-servers", 48, .fields = addrs),
		ITEM("x-display-manager", 49, .fields = addrs),
		ITEM("requested-address", 50, .fields = addr),
		ITEM("lease-time", 51, .fields = seconds),
		ITEM("option-overload", 52, .fields = overload),
		ITEM("message-type", 53, .fields = message_type),
		ITEM("server-identifier", 54, .fields = addr),
		ITEM("parameter-request-list", 55, .fields = parameters),
		ITEM("message", 56, .fields = text),
		ITEM("max-message-size", 57, .fields = word),
		ITEM("renewal-time", 58, .fields = seconds),
		ITEM("rebinding-time", 59, .fields = seconds),
		ITEM("vendor-class-identifier", 60, .fields = text),
		ITEM("client-identifier", 61, .fields = client_id),
		ITEM("nisplus-domain", 64, .fields = text),
		ITEM("nisplus-servers", 65, .fields = addrs),
		ITEM("tftp-server-name", 66, .fields = text),
		ITEM("bootfile-name", 67, .fields = text),
		ITEM("mobile-ip-home-agent", 68, .fields = addrs),
		ITEM("smtp-server", 69, .fields = addrs),
		ITEM("pop-server", 70, .fields = addrs),
		ITEM("nntp-server", 71, .fields = addrs),
		ITEM("www-server", 72, .fields = addrs),
		ITEM("finger-server", 73, .fields = addrs),
		ITEM("irc-server", 74, .fields = addrs),
		ITEM("user-class", 77, .fields = user_class),
		ITEM("rapid-commit", 80),
		ITEM("fqdn", 81, .fields = fqdn),
		ITEM("relay-agent-information", 82, .fields = agent),
		ITEM("authentication", 90, .fields = opaque),
		ITEM("client-last-transaction-time", 91, .fields = seconds),
		ITEM("associated-ip", 92, .fields = addrs),
		ITEM("client-architecture", 93, .fields = architecture),
		ITEM("client-network-interface", 94, .fields = network_interface),
		ITEM("client-machine-identifier", 97, .fields = machine_id),
		ITEM("tz-posix", 100, .fields = text),
		ITEM("tz-name", 101, .fields = text),
		ITEM("v6-only-preferred", 108, .fields = seconds),
		ITEM("captive-portal", 114, .fields = text),
		ITEM("auto-config", 116, .fields = flag),
		ITEM("name-service-search", 117, .fields = words),
		ITEM("subnet-selection", 118, .fields = addr),
		ITEM("domain-search", 119, .fields = domains),
		ITEM("sip-servers", 120, .fields = sip_servers),
		ITEM("classless-static-routes", 121, .fields = routes),
		ITEM("vendor-identifying-class", 124, .fields = vendor_classes),
		ITEM("vendor-identifying-options", 125, .fields = vendor_infos),
		ITEM("forcerenew-nonce", 145, .fields = bytes),
		ITEM("tftp-server-address", 150, .fields = addrs),
		ITEM("ms-classless-static-routes", 249, .fields = routes),
		ITEM("wpad", 252, .fields = text),
		ITEM("end", 255),
		{ 0 },
	},
};

/* --- The message ------------------------------------------------------------------------------------------------- */

static const struct sonde_name ops[] = {
	{ SONDE_DHCP_BOOTREQUEST, "request" }, { SONDE_DHCP_BOOTREPLY, "reply" }, { 0 },
};

static const struct sonde_name flag_words[] = { { SONDE_DHCP_BROADCAST, "broadcast" }, { 0 } };

static const struct sonde_field fields[] = {
	SCALAR("op", SONDE_DHCP_OP, .alias = "type", KIND(named), .names = ops, .value = SONDE_DHCP_BOOTREQUEST,
		.always = true, .help = "request or reply; the type option says which"),
	SCALAR("htype", SONDE_DHCP_HTYPE, .alias = "hwtype", .value = 1, .help = "kind of link address: 1 Ethernet"),
	SCALAR("hlen", SONDE_DHCP_HLEN, .alias = "hwlen", .value = 6, .help = "bytes of the link address"),
	SCALAR("hops", SONDE_DHCP_HOPS, .help = "relay agents that it passed"),
	SCALAR("xid", SONDE_DHCP_XID, .alias = "id", KIND(hex), .role = SONDE_ROLE_ID, .open = SONDE_LOOKED_UP,
		.help = "transaction, copied to the reply"),
	SCALAR("secs", SONDE_DHCP_SECS, .help = "seconds since the client began"),
	SCALAR("flags", SONDE_DHCP_FLAGS, KIND(flags), .names = flag_words,
		.help = "broadcast: the client cannot take unicast yet"),
	BYTES("ciaddr", SONDE_DHCP_CIADDR, KIND(ip4), .help = "address that the client has"),
	BYTES("yiaddr", SONDE_DHCP_YIADDR, KIND(ip4), .help = "address that the client gets"),
	BYTES("siaddr", SONDE_DHCP_SIADDR, KIND(ip4), .help = "server to boot from"),
	BYTES("giaddr", SONDE_DHCP_GIADDR, KIND(ip4), .help = "relay agent"),
	BYTES("chaddr", SONDE_DHCP_CHADDR, KIND(mac_padded), .help = "link address of the client"),
	BYTES("sname", SONDE_DHCP_SNAME, KIND(padded), .help = "name of the server"),
	BYTES("bootfile", SONDE_DHCP_BOOTFILE, .alias = "file", KIND(padded), .help = "file to boot"),
	SCALAR("cookie", SONDE_DHCP_COOKIE, .alias = "magic", KIND(hex), .value = SONDE_DHCP_MAGIC, .tail = 1,
		.help = "0x63825363: options follow"),
	LIST("options", SONDE_DHCP_OPTIONS, .list = &options, .tail = 1,
		.when = SONDE_WHEN_IS(SONDE_DHCP_COOKIE, SONDE_DHCP_MAGIC, 1 << 0),
		.help = "in wire order; end is the last"),
	BYTES("padding", SONDE_DHCP_PADDING, KIND(zeros), .tail = 1,
		.when = SONDE_WHEN_IS(SONDE_DHCP_COOKIE, SONDE_DHCP_MAGIC, 1 << 0),
		.help = "number of zero bytes after the end option"),
	BYTES("vend", SONDE_DHCP_VEND, KIND(opaque), .tail = 1,
		.when = SONDE_WHEN_IS_NOT(SONDE_DHCP_COOKIE, SONDE_DHCP_MAGIC, 1 << 0), .help = "BOOTP: vendor area"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	const unsigned most_hlen = 16, head = 4;
	if (payload.len < head)
		return false;
	uint64_t op = sonde_get(payload.data, SONDE_DHCP_OP);
	return (op == SONDE_DHCP_BOOTREQUEST || op == SONDE_DHCP_BOOTREPLY) &&
	       sonde_get(payload.data, SONDE_DHCP_HLEN) <= most_hlen;
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

/* The message type in the options; 0: none, as in BOOTP. */
static uint8_t type_of(const struct sonde_context *c)
{
	const uint8_t option = 53, value = 2;
	const uint8_t *header = sonde_header(c);
	struct sonde_slot s = sonde_locate(fields, SONDE_ROW(SONDE_DHCP_OPTIONS), header, c->layer->header_len);
	struct sonde_view all = s.there ? sonde_slot_view(header, s) : (struct sonde_view){ 0 };
	struct sonde_list_item item;
	for (size_t at = 0; sonde_list_next(&item, &options, all, &at);)
		if (item.number == option && !item.broken && item.len > value)
			return item.bytes.data[value];
	return 0;
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	q->kind = SONDE_ASKS_DHCP;
	q->tag = (uint32_t)sonde_get(sonde_header(c), SONDE_DHCP_XID);
	q->message = type_of(c);
}

/* RFC 2131, table 3. A server may skip the offer (RFC 4039, rapid commit). */
static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (sonde_get(header, SONDE_DHCP_OP) != SONDE_DHCP_BOOTREPLY ||
	    sonde_get(header, SONDE_DHCP_XID) != q->tag)
		return SONDE_SILENCE;
	switch (type_of(c)) {
	case SONDE_DHCP_OFFER: return q->message == SONDE_DHCP_DISCOVER ? SONDE_ANSWER_DHCP_OFFER : SONDE_SILENCE;
	case SONDE_DHCP_ACK: return SONDE_ANSWER_DHCP_ACK;
	case SONDE_DHCP_NAK: return q->message == SONDE_DHCP_REQUEST ? SONDE_ANSWER_DHCP_NAK : SONDE_SILENCE;
	default: return SONDE_ANSWER_UDP;
	}
}

static void say(const struct sonde_saying *s)
{
	static const struct { const char *name; uint32_t kind; } told[] = {
		{ "", 53 }, { "requested", 50 }, { "server", 54 }, { "name", 12 }, { "lease", 51 },
	};
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		sonde_say_item(s, told[i].name, SONDE_DHCP_OPTIONS, told[i].kind);
	sonde_say_field(s, SONDE_DHCP_CHADDR);
	if (sonde_get(s->header, SONDE_DHCP_YIADDR))
		sonde_say_field(s, SONDE_DHCP_YIADDR);
}

const struct sonde_proto sonde_dhcp = {
	.name = "dhcp", .title = "Dynamic Host Configuration Protocol", .source = "RFC 2131, RFC 2132",
	.alias = "bootp",
	.example = "ip src=0.0.0.0 dst=255.255.255.255 / udp sport=68 / dhcp flags=broadcast chaddr=02:00:00:00:00:01 "
		   "options=message-type:discover,parameter-request-list:routers,end",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 67 }, { SONDE_SPACE_UDP, 68 } },
	.measure = measure, .heuristic = heuristic, .question = question, .answer = answer,
	.say = say,
};

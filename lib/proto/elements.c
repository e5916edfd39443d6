#include "proto/elements.h"

#include "proto/describe.h"

/* Places count from the element's identifier; the arguments start after the length. */
#define AT(row, width)     SONDE_FIELD(row, 16, width)
#define NEXT(row, width)   SONDE_FIELD(row, SONDE_NEXT, width)
#define LITTLE(row, width) SONDE_LITTLE(row, SONDE_NEXT, width)

static const struct sonde_field bytes[] = {
	BYTES("bytes", AT(0, 0), KIND(opaque), .help = "the element's bytes"),
	{ 0 },
};
static const struct sonde_field bits[] = {
	BYTES("bits", AT(0, 0), KIND(raw), .help = "a bit for each capability"),
	{ 0 },
};
static const struct sonde_field byte[] = {
	SCALAR("value", AT(0, 8), .help = "number"),
	{ 0 },
};
static const struct sonde_field hex_byte[] = {
	SCALAR("value", AT(0, 8), KIND(hex), .help = "bits"),
	{ 0 },
};

static const struct sonde_field ssid[] = {
	BYTES("name", AT(0, 0), KIND(text), .help = "name of the network; empty: hidden, or any"),
	{ 0 },
};

/* In units of 500 kbit/s; the highest bit marks rates that every station must support. */
static const struct sonde_name rate_names[] = {
	{ 2, "1M" }, { 4, "2M" }, { 11, "5.5M" }, { 12, "6M" }, { 18, "9M" }, { 22, "11M" }, { 24, "12M" },
	{ 36, "18M" }, { 48, "24M" }, { 72, "36M" }, { 96, "48M" }, { 108, "54M" },
	{ 0x82, "basic-1M" }, { 0x84, "basic-2M" }, { 0x8b, "basic-5.5M" }, { 0x8c, "basic-6M" }, { 0x92, "basic-9M" },
	{ 0x96, "basic-11M" }, { 0x98, "basic-12M" }, { 0xa4, "basic-18M" }, { 0xb0, "basic-24M" },
	{ 0xc8, "basic-36M" }, { 0xe0, "basic-48M" }, { 0xec, "basic-54M" }, { 0xfa, "he" }, { 0xfb, "sae-h2e" },
	{ 0xfe, "vht" }, { 0xff, "ht" }, { 0 },
};
static const struct sonde_field rates[] = {
	SCALAR("rates", AT(0, 8), KIND(named), .names = rate_names, .repeat = true, .help = "joined by +"),
	{ 0 },
};

static const struct sonde_field channel[] = {
	SCALAR("channel", AT(0, 8), .help = "current channel"),
	{ 0 },
};
static const struct sonde_field ibss[] = {
	SCALAR("window", SONDE_LITTLE(0, 16, 16), .help = "announcement window, 1024 microseconds"),
	{ 0 },
};
static const struct sonde_field tim[] = {
	SCALAR("count", AT(0, 8), .help = "beacons before the next DTIM"),
	SCALAR("period", NEXT(1, 8), .help = "beacons between DTIMs"),
	SCALAR("control", NEXT(2, 8), .help = "bit 0: group traffic waits; offset of the bitmap"),
	BYTES("bitmap", NEXT(3, 0), KIND(raw), .help = "a bit for each station with buffered frames"),
	{ 0 },
};

static const struct sonde_field triplet[] = {
	SCALAR("first", SONDE_FIELD(0, 0, 8), .help = "channel; 201 and more: an operating class"),
	SCALAR("n", SONDE_FIELD(1, 8, 8), .help = "number of channels"),
	SCALAR("power", SONDE_FIELD(2, 16, 8), .help = "highest power, dBm"),
	{ 0 },
};
static const struct sonde_list triplets = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = triplet), { 0 } },
};
static const struct sonde_field country[] = {
	BYTES("country", AT(0, 24), KIND(text), .help = "two letters, and a third: blank, I, O or 4"),
	LIST("triplets", NEXT(1, 0), .list = &triplets, .help = "first:n:power, ..."),
	{ 0 },
};

static const struct sonde_field request[] = {
	SCALAR("elements", AT(0, 8), KIND(item), .list = &sonde_wlan_elements, .repeat = true, .help = "joined by +"),
	{ 0 },
};
static const struct sonde_field bss_load[] = {
	SCALAR("stations", SONDE_LITTLE(0, 16, 16), .help = "associated"),
	SCALAR("utilization", NEXT(1, 8), .help = "channel utilization, of 255"),
	SCALAR("capacity", LITTLE(2, 16), .help = "available capacity, 32 microseconds per second"),
	{ 0 },
};
static const struct sonde_field power_capability[] = {
	SCALAR("least", AT(0, 8), KIND(signed), .help = "dBm"),
	SCALAR("most", NEXT(1, 8), KIND(signed), .help = "dBm"),
	{ 0 },
};
static const struct sonde_field tpc_report[] = {
	SCALAR("power", AT(0, 8), KIND(signed), .help = "dBm"),
	SCALAR("margin", NEXT(1, 8), KIND(signed), .help = "dB"),
	{ 0 },
};
static const struct sonde_field channels[] = {
	SCALAR("ranges", AT(0, 16), .repeat = true, KIND(span), .help = "first-number, joined by +"),
	{ 0 },
};
static const struct sonde_field channel_switch[] = {
	SCALAR("mode", AT(0, 8), .help = "1: stop sending until the switch"),
	SCALAR("channel", NEXT(1, 8), .help = "new channel"),
	SCALAR("count", NEXT(2, 8), .help = "beacons before the switch"),
	{ 0 },
};
static const struct sonde_field ht_capabilities[] = {
	SCALAR("info", SONDE_LITTLE(0, 16, 16), KIND(hex), .help = "LDPC, width, power save, guard intervals, ..."),
	SCALAR("ampdu", NEXT(1, 8), KIND(hex), .help = "length exponent, start spacing"),
	BYTES("mcs", NEXT(2, 128), KIND(raw), .help = "supported MCS set"),
	SCALAR("extended", LITTLE(3, 16), KIND(hex), .help = "extended capabilities"),
	SCALAR("beamforming", LITTLE(4, 32), KIND(hex), .help = "transmit beamforming capabilities"),
	SCALAR("asel", NEXT(5, 8), KIND(hex), .help = "antenna selection"),
	{ 0 },
};
static const struct sonde_field ht_operation[] = {
	SCALAR("primary", AT(0, 8), .help = "primary channel"),
	BYTES("info", NEXT(1, 40), KIND(raw), .help = "secondary channel, width, protection, ..."),
	BYTES("mcs", NEXT(2, 128), KIND(raw), .help = "basic MCS set"),
	{ 0 },
};
static const struct sonde_field vht_capabilities[] = {
	SCALAR("info", SONDE_LITTLE(0, 16, 32), KIND(hex), .help = "lengths, widths, beamforming, ..."),
	SCALAR("rxmap", LITTLE(1, 16), KIND(hex), .help = "MCS for each number of streams, received"),
	SCALAR("rxrate", LITTLE(2, 16), .help = "highest rate, Mbit/s"),
	SCALAR("txmap", LITTLE(3, 16), KIND(hex), .help = "MCS for each number of streams, sent"),
	SCALAR("txrate", LITTLE(4, 16), .help = "highest rate, Mbit/s"),
	{ 0 },
};
static const struct sonde_field vht_operation[] = {
	SCALAR("width", AT(0, 8), .help = "0: 20 or 40 MHz, 1: 80, 160 or 80+80"),
	SCALAR("center0", NEXT(1, 8), .help = "center channel"),
	SCALAR("center1", NEXT(2, 8), .help = "center of the second segment, or of 160 MHz"),
	SCALAR("mcs", LITTLE(3, 16), KIND(hex), .help = "basic MCS for each number of streams"),
	{ 0 },
};
static const struct sonde_field operating_mode[] = {
	SCALAR("mode", AT(0, 8), KIND(hex), .help = "width and streams that the station can receive"),
	{ 0 },
};
static const struct sonde_field operating_classes[] = {
	SCALAR("current", AT(0, 8), .help = "operating class"),
	SCALAR("others", NEXT(1, 8), .repeat = true, .help = "joined by +"),
	{ 0 },
};
static const struct sonde_field mobility_domain[] = {
	SCALAR("id", SONDE_LITTLE(0, 16, 16), KIND(hex), .help = "mobility domain"),
	SCALAR("policy", NEXT(1, 8), KIND(hex), .help = "fast transition: capability and policy"),
	{ 0 },
};
static const struct sonde_field timeout_interval[] = {
	SCALAR("type", AT(0, 8), .help = "1 reassociation, 2 key lifetime, 3 association comeback"),
	SCALAR("value", LITTLE(1, 32), .help = "seconds or 1024 microseconds"),
	{ 0 },
};

/* --- Security ---------------------------------------------------------------------------------------------------- */

static const struct sonde_name ciphers[] = {
	{ 0x000fac00, "group" }, { 0x000fac01, "wep40" }, { 0x000fac02, "tkip" }, { 0x000fac04, "ccmp" },
	{ 0x000fac05, "wep104" }, { 0x000fac06, "bip-cmac-128" }, { 0x000fac07, "none" }, { 0x000fac08, "gcmp-128" },
	{ 0x000fac09, "gcmp-256" }, { 0x000fac0a, "ccmp-256" }, { 0x000fac0b, "bip-gmac-128" },
	{ 0x000fac0c, "bip-gmac-256" }, { 0x000fac0d, "bip-cmac-256" },
	{ 0x0050f200, "wpa-group" }, { 0x0050f201, "wpa-wep40" }, { 0x0050f202, "wpa-tkip" },
	{ 0x0050f204, "wpa-ccmp" }, { 0x0050f205, "wpa-wep104" }, { 0 },
};
static const struct sonde_name akms[] = {
	{ 0x000fac01, "802.1x" }, { 0x000fac02, "psk" }, { 0x000fac03, "ft-802.1x" }, { 0x000fac04, "ft-psk" },
	{ 0x000fac05, "802.1x-sha256" }, { 0x000fac06, "psk-sha256" }, { 0x000fac07, "tdls" }, { 0x000fac08, "sae" },
	{ 0x000fac09, "ft-sae" }, { 0x000fac0b, "suite-b" }, { 0x000fac0c, "suite-b-192" }, { 0x000fac12, "owe" },
	{ 0x000fac18, "sae-ext" }, { 0x0050f201, "wpa-802.1x" }, { 0x0050f202, "wpa-psk" }, { 0 },
};

/* A count and that many selectors of ciphers or the like. All fields after the version may be left out, from any of
 * them on. */
#define ALWAYS .when = { 0 }
#define SUITES(n, label, table, number, what, condition)                                                               \
	SCALAR("n" label, number, .tail = (n), .help = "number of them", condition),                                   \
		SCALAR(label, SONDE_FIELD(SONDE_ROW(number) + 1, SONDE_NEXT, 32), KIND(code), .names = (table),        \
		       .repeat = true, .len_from = (number), .unit = 4, .tail = (n), .help = what ", joined by +",     \
		       condition)

static const struct sonde_field rsn[] = {
	SCALAR("version", SONDE_LITTLE(0, 16, 16), .help = "1"),
	SCALAR("group", NEXT(1, 32), KIND(code), .names = ciphers, .tail = 1, .help = "cipher of group traffic"),
	SUITES(2, "pairwise", ciphers, LITTLE(2, 16), "ciphers", ALWAYS),
	SUITES(3, "akm", akms, LITTLE(4, 16), "authentication methods", ALWAYS),
	SCALAR("capabilities", LITTLE(6, 16), KIND(hex), .tail = 4, .help = "0x80 management frames can be protected"),
	SCALAR("npmkids", LITTLE(7, 16), .tail = 5, .help = "number of pmkids"),
	BYTES("pmkids", NEXT(8, 128), KIND(raw), .repeat = true, .len_from = LITTLE(7, 16), .unit = 16, .tail = 5,
		.help = "cached keys, joined by +"),
	SCALAR("management", NEXT(9, 32), KIND(code), .names = ciphers, .tail = 6,
		.help = "cipher for group management frames"),
	{ 0 },
};

/* OUI and type that a vendor assigned. */
static const struct sonde_name vendors[] = {
	{ 0x0050f201, "wpa" }, { 0x0050f202, "wmm" }, { 0x0050f204, "wps" }, { 0x00904c33, "epigram-ht" },
	{ 0x506f9a09, "p2p" }, { 0x506f9a0a, "wfd" }, { 0x506f9a10, "hotspot" }, { 0x506f9a12, "osen" },
	{ 0x506f9a16, "mbo" }, { 0x506f9a1c, "owe" }, { 0 },
};
#define VENDOR AT(0, 32)
#define WPA    .when = SONDE_WHEN_IS(VENDOR, 0x0050f201, 1 << 0)
#define WMM    .when = SONDE_WHEN_IS(VENDOR, 0x0050f202, 1 << 0)
static const struct sonde_field vendor[] = {
	SCALAR("vendor", VENDOR, KIND(code), .names = vendors, .help = "OUI and type: wpa, wmm, wps, ..."),
	SCALAR("version", LITTLE(1, 16), WPA, .help = "1"),
	SCALAR("group", NEXT(2, 32), KIND(code), .names = ciphers, .tail = 1, WPA, .help = "cipher of group traffic"),
	SUITES(2, "pairwise", ciphers, LITTLE(3, 16), "ciphers", WPA),
	SUITES(3, "akm", akms, LITTLE(5, 16), "authentication methods", WPA),
	SCALAR("subtype", NEXT(7, 8), WMM, .help = "0 information, 1 parameters, 2 traffic"),
	SCALAR("version", NEXT(8, 8), WMM, .help = "1"),
	SCALAR("qos", NEXT(9, 8), KIND(hex), WMM, .help = "parameter set count, U-APSD"),
	BYTES("data", NEXT(10, 0), KIND(opaque), .help = "vendor-specific bytes"),
	{ 0 },
};

static const struct sonde_name extensions[] = {
	{ 35, "he-capabilities" }, { 36, "he-operation" }, { 37, "uora" }, { 38, "mu-edca" }, { 39, "spatial-reuse" },
	{ 59, "he-6ghz" }, { 106, "eht-operation" }, { 107, "multi-link" }, { 108, "eht-capabilities" }, { 0 },
};
static const struct sonde_field extension[] = {
	SCALAR("id", AT(0, 8), KIND(named), .names = extensions, .help = "extended element id"),
	BYTES("bytes", NEXT(1, 0), KIND(opaque), .help = "the element's bytes"),
	{ 0 },
};

/* IEEE 802.11-2020, table 9-92. */
const struct sonde_list sonde_wlan_elements = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2, .length_excludes = 2,
	.items = (const struct sonde_item[]) {
		ITEM("ssid", 0, .fields = ssid),
		ITEM("supported-rates", 1, .fields = rates),
		ITEM("fh", 2, .fields = bytes),
		ITEM("ds", 3, .fields = channel),
		ITEM("cf", 4, .fields = bytes),
		ITEM("tim", 5, .fields = tim),
		ITEM("ibss", 6, .fields = ibss),
		ITEM("country", 7, .fields = country),
		ITEM("request", 10, .fields = request),
		ITEM("bss-load", 11, .fields = bss_load),
		ITEM("edca", 12, .fields = bytes),
		ITEM("challenge", 16, .fields = bits),
		ITEM("power-constraint", 32, .fields = byte),
		ITEM("power-capability", 33, .fields = power_capability),
		ITEM("tpc-request", 34),
		ITEM("tpc-report", 35, .fields = tpc_report),
		ITEM("supported-channels", 36, .fields = channels),
		ITEM("channel-switch", 37, .fields = channel_switch),
		ITEM("quiet", 40, .fields = bytes),
		ITEM("erp", 42, .fields = hex_byte),
		ITEM("ht-capabilities", 45, .fields = ht_capabilities),
		ITEM("qos-capability", 46, .fields = hex_byte),
		ITEM("rsn", 48, .fields = rsn),
		ITEM("extended-rates", 50, .fields = rates),
		ITEM("ap-channel-report", 51, .fields = operating_classes),
		ITEM("mobility-domain", 54, .fields = mobility_domain),
		ITEM("fast-transition", 55, .fields = bytes),
		ITEM("timeout-interval", 56, .fields = timeout_interval),
		ITEM("operating-classes", 59, .fields = operating_classes),
		ITEM("ht-operation", 61, .fields = ht_operation),
		ITEM("rm-capabilities", 70, .fields = bits),
		ITEM("multiple-bssid", 71, .fields = bytes),
		ITEM("20-40-coexistence", 72, .fields = hex_byte),
		ITEM("overlapping-scan", 74, .fields = bytes),
		ITEM("interworking", 107, .fields = bytes),
		ITEM("mesh-configuration", 113, .fields = bytes),
		ITEM("mesh-id", 114, .fields = ssid),
		ITEM("extended-capabilities", 127, .fields = bits),
		ITEM("vht-capabilities", 191, .fields = vht_capabilities),
		ITEM("vht-operation", 192, .fields = vht_operation),
		ITEM("transmit-power", 195, .fields = bytes),
		ITEM("operating-mode", 199, .fields = operating_mode),
		ITEM("reduced-neighbor-report", 201, .fields = bytes),
		ITEM("vendor", 221, .fields = vendor),
		ITEM("fragment", 242, .fields = bytes),
		ITEM("rsn-extension", 244, .fields = bits),
		ITEM("extension", 255, .fields = extension),
		{ 0 },
	},
};

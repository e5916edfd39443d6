#include "proto/wlan.h"

#include "proto/describe.h"
#include "proto/elements.h"
#include "proto/layout.h"

#define MIN_LEN 10

/* --- Names of numbers (IEEE 802.11-2020, 9.2.4.1.3, 9.4.1.1, 9.4.1.7, 9.4.1.9, 9.4.1.11) ------------------------- */

static const struct sonde_name types[] = {
	{ SONDE_WLAN_ASSOC_REQUEST, "assoc-request" }, { SONDE_WLAN_ASSOC_RESPONSE, "assoc-response" },
	{ SONDE_WLAN_REASSOC_REQUEST, "reassoc-request" }, { SONDE_WLAN_REASSOC_RESPONSE, "reassoc-response" },
	{ SONDE_WLAN_PROBE_REQUEST, "probe-request" }, { SONDE_WLAN_PROBE_RESPONSE, "probe-response" },
	{ 24, "timing-advertisement" }, { SONDE_WLAN_BEACON, "beacon" }, { 36, "atim" },
	{ SONDE_WLAN_DISASSOC, "disassoc" }, { SONDE_WLAN_AUTH, "auth" }, { SONDE_WLAN_DEAUTH, "deauth" },
	{ SONDE_WLAN_ACTION_FRAME, "action" }, { 56, "action-no-ack" },
	{ 9, "trigger" }, { 17, "beamforming-report-poll" }, { 21, "ndp-announcement" },
	{ 25, "control-extension" }, { 29, "control-wrapper" },
	{ SONDE_WLAN_BLOCK_ACK_REQUEST, "block-ack-request" }, { SONDE_WLAN_BLOCK_ACK, "block-ack" },
	{ 41, "ps-poll" }, { 45, "rts" }, { SONDE_WLAN_CTS, "cts" }, { SONDE_WLAN_ACK, "ack" }, { 57, "cf-end" },
	{ 61, "cf-end-ack" },
	{ SONDE_WLAN_DATA, "data" }, { 6, "data-cf-ack" }, { 10, "data-cf-poll" }, { 14, "data-cf-ack-poll" },
	{ SONDE_WLAN_NULL, "null" }, { 22, "cf-ack" }, { 26, "cf-poll" }, { 30, "cf-ack-poll" },
	{ SONDE_WLAN_QOS_DATA, "qos-data" }, { 38, "qos-data-cf-ack" }, { 42, "qos-data-cf-poll" },
	{ 46, "qos-data-cf-ack-poll" }, { SONDE_WLAN_QOS_NULL, "qos-null" }, { 58, "qos-cf-poll" },
	{ 62, "qos-cf-ack-poll" }, { 3, "dmg-beacon" }, { 7, "s1g-beacon" }, { 0 },
};

static const struct sonde_name flag_words[] = {
	{ SONDE_WLAN_TODS, "tods" }, { SONDE_WLAN_FROMDS, "fromds" }, { SONDE_WLAN_MOREFRAG, "morefrag" },
	{ SONDE_WLAN_RETRY, "retry" }, { SONDE_WLAN_PWRMGT, "pwrmgt" }, { SONDE_WLAN_MOREDATA, "moredata" },
	{ SONDE_WLAN_PROTECTED, "protected" }, { SONDE_WLAN_HTC_FLAG, "htc" }, { 0 },
};

static const struct sonde_name capability_words[] = {
	{ 0x0001, "ess" }, { 0x0002, "ibss" }, { 0x0004, "cfpollable" }, { 0x0008, "cfpollrequest" },
	{ 0x0010, "privacy" }, { 0x0020, "shortpreamble" }, { 0x0040, "pbcc" }, { 0x0080, "agility" },
	{ 0x0100, "spectrum" }, { 0x0200, "qos" }, { 0x0400, "shortslot" }, { 0x0800, "apsd" },
	{ 0x1000, "measurement" }, { 0x2000, "dsssofdm" }, { 0x4000, "delayedack" }, { 0x8000, "immediateack" },
	{ 0 },
};

static const struct sonde_name algorithms[] = {
	{ 0, "open" }, { 1, "shared-key" }, { 2, "ft" }, { 3, "sae" }, { 4, "fils" }, { 5, "fils-pfs" },
	{ 6, "fils-public-key" }, { 0 },
};

static const struct sonde_name reasons[] = {
	{ 1, "unspecified" }, { 2, "invalid-authentication" }, { 3, "leaving-network-deauth" }, { 4, "inactivity" },
	{ 5, "no-more-stas" }, { 6, "invalid-class2-frame" }, { 7, "invalid-class3-frame" },
	{ 8, "leaving-network-disassoc" }, { 9, "not-authenticated" }, { 10, "unacceptable-power-capability" },
	{ 11, "unacceptable-supported-channels" }, { 12, "bss-transition-disassoc" }, { 13, "invalid-element" },
	{ 14, "mic-failure" }, { 15, "4way-handshake-timeout" }, { 16, "gk-handshake-timeout" },
	{ 17, "handshake-element-mismatch" }, { 18, "invalid-group-cipher" }, { 19, "invalid-pairwise-cipher" },
	{ 20, "invalid-akmp" }, { 21, "unsupported-rsne-version" }, { 22, "invalid-rsne-capabilities" },
	{ 23, "802.1x-auth-failed" }, { 24, "cipher-rejected-policy" }, { 25, "tdls-peer-unreachable" },
	{ 26, "tdls-unspecified" }, { 27, "ssp-requested-disassoc" }, { 28, "no-ssp-roaming-agreement" },
	{ 29, "bad-cipher-or-akm" }, { 30, "not-authorized-here" }, { 31, "service-change-precludes-ts" },
	{ 32, "unspecified-qos" }, { 33, "not-enough-bandwidth" }, { 34, "missing-acks" }, { 35, "exceeded-txop" },
	{ 36, "sta-leaving" }, { 37, "end-ts" }, { 38, "unknown-ts" }, { 39, "timeout" },
	{ 45, "peerkey-mismatch" }, { 46, "access-limit-reached" }, { 47, "external-service-requirements" },
	{ 48, "invalid-ft-action-count" }, { 49, "invalid-pmkid" }, { 50, "invalid-mde" }, { 51, "invalid-fte" },
	{ 52, "mesh-peering-cancelled" }, { 53, "mesh-max-peers" }, { 54, "mesh-configuration-violation" },
	{ 55, "mesh-close" }, { 56, "mesh-max-retries" }, { 57, "mesh-confirm-timeout" },
	{ 58, "mesh-invalid-gtk" }, { 59, "mesh-inconsistent-parameters" }, { 60, "mesh-invalid-security" },
	{ 61, "mesh-no-proxy-information" }, { 62, "mesh-no-forwarding-information" },
	{ 63, "mesh-destination-unreachable" }, { 64, "mac-exists-in-mbss" }, { 65, "mesh-regulatory-switch" },
	{ 66, "mesh-channel-switch" }, { 71, "poor-rssi" }, { 0 },
};

static const struct sonde_name statuses[] = {
	{ 0, "success" }, { 1, "failure" }, { 2, "tdls-rejected-alternative" }, { 3, "tdls-rejected" },
	{ 5, "security-disabled" }, { 6, "unacceptable-lifetime" }, { 7, "not-in-same-bss" },
	{ 10, "capabilities-mismatch" }, { 11, "no-association-exists" }, { 12, "denied-other-reason" },
	{ 13, "unsupported-auth-algorithm" }, { 14, "transaction-sequence-error" }, { 15, "challenge-failure" },
	{ 16, "sequence-timeout" }, { 17, "no-more-stas" }, { 18, "basic-rates-mismatch" },
	{ 19, "no-short-preamble" }, { 22, "spectrum-management-required" }, { 23, "unacceptable-power-capability" },
	{ 24, "unacceptable-supported-channels" }, { 25, "no-short-slot" }, { 27, "no-ht" },
	{ 28, "r0kh-unreachable" }, { 30, "refused-temporarily" }, { 31, "robust-management-policy-violation" },
	{ 32, "unspecified-qos" }, { 33, "insufficient-bandwidth" }, { 34, "poor-channel-conditions" },
	{ 35, "no-qos" }, { 37, "declined" }, { 38, "invalid-parameters" }, { 39, "rejected-with-suggestion" },
	{ 40, "invalid-element" }, { 41, "invalid-group-cipher" }, { 42, "invalid-pairwise-cipher" },
	{ 43, "invalid-akmp" }, { 44, "unsupported-rsne-version" }, { 45, "invalid-rsne-capabilities" },
	{ 46, "cipher-rejected-policy" }, { 47, "rejected-for-delay" }, { 49, "destination-not-present" },
	{ 50, "destination-no-qos" }, { 51, "listen-interval-too-large" }, { 52, "invalid-ft-action-count" },
	{ 53, "invalid-pmkid" }, { 54, "invalid-mde" }, { 55, "invalid-fte" }, { 56, "tclas-not-supported" },
	{ 57, "insufficient-tclas" }, { 58, "suggested-bss-transition" }, { 59, "gas-not-supported" },
	{ 60, "no-outstanding-gas" }, { 61, "gas-no-response" }, { 62, "gas-timeout" }, { 63, "gas-too-large" },
	{ 64, "home-network-refused" }, { 65, "gas-server-unreachable" }, { 67, "sspn-refused" },
	{ 68, "unauthenticated-access-refused" }, { 72, "invalid-rsne" }, { 73, "uapsd-not-supported" },
	{ 74, "uapsd-mode-not-supported" }, { 75, "bad-interval-with-uapsd" }, { 76, "anti-clogging-required" },
	{ 77, "unsupported-group" }, { 78, "no-alternative-tbtt" }, { 79, "transmission-failure" },
	{ 82, "rejected-with-bss-transition" }, { 84, "no-wakeup-schedule" }, { 85, "success-power-save" },
	{ 92, "refused-external-reason" }, { 93, "refused-ap-memory" }, { 94, "refused-emergency" },
	{ 95, "query-response-outstanding" }, { 99, "denied-multi-band" }, { 100, "reservation-conflict" },
	{ 101, "maf-limit-exceeded" }, { 102, "mcca-limit-exceeded" }, { 103, "unacceptable-spectrum-management" },
	{ 104, "no-vht" }, { 105, "enablement-denied" }, { 106, "denied-by-gdb" }, { 107, "deauthorized" },
	{ 112, "fils-failure" }, { 113, "unknown-authentication-server" }, { 123, "unknown-password-identifier" },
	{ 126, "sae-hash-to-element" }, { 0 },
};

/* --- Rows -------------------------------------------------------------------------------------------------------- */

#define T(type)         (UINT64_C(1) << SONDE_WLAN_##type)
#define IS(mask)        .when = SONDE_WHEN_IS(SONDE_WLAN_TYPE, 0, mask)
#define MANAGEMENT      UINT64_C(0x1111111111111111) /* types whose lowest two bits are 0: management */
#define DATA            UINT64_C(0x4444444444444444) /* or 2: data */
#define QOS             (DATA & UINT64_C(0xffffffff00000000))
#define EXTENSION       UINT64_C(0x8888888888888888)
#define CONTROL_WRAPPER (UINT64_C(1) << 29)
#define NO_ADDR2        (T(CTS) | T(ACK) | CONTROL_WRAPPER | EXTENSION)
#define BOTH_DS         SONDE_LITTLE(2, 8, 2)
#define PROTECTED       SONDE_LITTLE(2, 14, 1)
/* Bodies of management frames that are not encrypted. */
#define BODY(mask)      IS(mask), .and_when = SONDE_WHEN_IS(PROTECTED, 0, 1 << 0)
#define SAYS_STATUS     (T(ASSOC_RESPONSE) | T(REASSOC_RESPONSE) | T(AUTH))
#define TIMING          (UINT64_C(1) << 24)
#define HAS_ELEMENTS                                                                                                   \
	(T(ASSOC_REQUEST) | T(ASSOC_RESPONSE) | T(REASSOC_REQUEST) | T(REASSOC_RESPONSE) | T(PROBE_REQUEST) |          \
	 T(PROBE_RESPONSE) | TIMING | T(BEACON) | T(DISASSOC) | T(AUTH) | T(DEAUTH))
#define HAS_BODY                                                                                                       \
	((MANAGEMENT & ~HAS_ELEMENTS) | (~(MANAGEMENT | DATA) & ~(T(CTS) | T(ACK) | T_RTS | T_PS_POLL | T_CF_END)))
#define EMPTY     (UINT64_C(4) << 2) /* in data subtypes, the bit for no data */
#define T_RTS     (UINT64_C(1) << 45)
#define T_PS_POLL (UINT64_C(1) << 41)
#define T_CF_END  (UINT64_C(1) << 57 | UINT64_C(1) << 61)

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_WLAN_VERSION, .alias = "proto", .help = "0"),
	SCALAR("type", SONDE_WLAN_TYPE, .alias = "type_subtype", KIND(named), .names = types, .value = SONDE_WLAN_DATA,
		.always = true, .help = "type and subtype: beacon, probe-request, ack, data, qos-data, ..."),
	SCALAR("flags", SONDE_WLAN_FLAGS, .alias = "fcfield", KIND(flags), .names = flag_words,
		.help = "frame control flags; tods and fromds define the addresses"),
	SCALAR("duration", SONDE_WLAN_DURATION, .alias = "id",
		.help = "duration of the exchange, microseconds; or an AID"),
	BYTES("addr1", SONDE_WLAN_ADDR1, .alias = "ra", KIND(mac), .always = true, .help = "receiver"),
	BYTES("addr2", SONDE_WLAN_ADDR2, .alias = "ta", KIND(mac), .always = true, IS(~NO_ADDR2),
		.help = "transmitter"),
	BYTES("addr3", SONDE_WLAN_ADDR3, KIND(mac), .always = true, IS(MANAGEMENT | DATA),
		.help = "BSSID, source or destination, by the flags"),
	SCALAR("frag", SONDE_WLAN_FRAG, IS(MANAGEMENT | DATA), .help = "number of the fragment"),
	SCALAR("seq", SONDE_WLAN_SEQ, IS(MANAGEMENT | DATA), .help = "sequence number"),
	BYTES("addr4", SONDE_WLAN_ADDR4, KIND(mac), IS(DATA), .and_when = SONDE_WHEN_IS(BOTH_DS, 3, 1 << 0),
		.help = "source, between access points"),
	SCALAR("tid", SONDE_WLAN_TID, IS(QOS), .help = "traffic identifier"),
	SCALAR("eosp", SONDE_WLAN_EOSP, IS(QOS), .help = "end of service period"),
	SCALAR("ackpolicy", SONDE_WLAN_ACKPOLICY, IS(QOS), .help = "0 normal, 1 none, 2 no explicit, 3 block"),
	SCALAR("amsdu", SONDE_WLAN_AMSDU, IS(QOS), .alias = "amsdupresent", .help = "1: holds several packets"),
	SCALAR("txop", SONDE_WLAN_TXOP, IS(QOS), .help = "requested time, queue size or power save state"),
	SCALAR("htc", SONDE_WLAN_HTC, KIND(hex), IS(QOS | MANAGEMENT),
		.and_when = SONDE_WHEN_HAS(SONDE_WLAN_FLAGS, SONDE_WLAN_HTC_FLAG), .help = "HT control"),
	SCALAR("timestamp", SONDE_WLAN_TIMESTAMP, BODY(T(BEACON) | T(PROBE_RESPONSE) | TIMING),
		.help = "clock of the access point, microseconds"),
	SCALAR("interval", SONDE_WLAN_INTERVAL, .alias = "beacon_interval", .value = 100,
		BODY(T(BEACON) | T(PROBE_RESPONSE)), .help = "beacon interval, 1024 microseconds"),
	SCALAR("capabilities", SONDE_WLAN_CAPABILITIES, .alias = "cap", KIND(flags), .names = capability_words,
		BODY(T(BEACON) | T(PROBE_RESPONSE) | TIMING | T(ASSOC_REQUEST) | T(REASSOC_REQUEST) |
		     T(ASSOC_RESPONSE) | T(REASSOC_RESPONSE)),
		.help = "ess, privacy, shortslot, ..."),
	SCALAR("listeninterval", SONDE_WLAN_LISTENINTERVAL, .alias = "listen_interval",
		BODY(T(ASSOC_REQUEST) | T(REASSOC_REQUEST)), .help = "listen interval, in beacon intervals"),
	BYTES("currentap", SONDE_WLAN_CURRENTAP, .alias = "current_ap", KIND(mac), BODY(T(REASSOC_REQUEST)),
		.help = "previous access point of the station"),
	SCALAR("algorithm", SONDE_WLAN_ALGORITHM, .alias = "algo", KIND(named), .names = algorithms, BODY(T(AUTH)),
		.help = "open, sae, ..."),
	SCALAR("authseq", SONDE_WLAN_AUTHSEQ, .alias = "seqnum", .value = 1, BODY(T(AUTH)),
		.help = "transaction sequence number"),
	SCALAR("status", SONDE_WLAN_STATUS, .alias = "status_code", KIND(named), .names = statuses, BODY(SAYS_STATUS),
		.help = "success, or the reason for failure"),
	SCALAR("aid", SONDE_WLAN_AID, .alias = "association_id", KIND(hex), BODY(T(ASSOC_RESPONSE) |
		T(REASSOC_RESPONSE)), .help = "association identifier"),
	SCALAR("reason", SONDE_WLAN_REASON, .alias = "reason_code", KIND(named), .names = reasons, .value = 1,
		BODY(T(DISASSOC) | T(DEAUTH)), .help = "reason"),
	SCALAR("category", SONDE_WLAN_CATEGORY, .alias = "category_code", BODY(T(ACTION_FRAME) | UINT64_C(1) << 56),
		.help = "0 spectrum, 3 block ack, 4 public, 5 radio measurement, ..."),
	SCALAR("action", SONDE_WLAN_ACTION, .alias = "action_code", BODY(T(ACTION_FRAME) | UINT64_C(1) << 56),
		.help = "action, by category"),
	SCALAR("bar", SONDE_WLAN_BAR, .alias = "ba_control", KIND(hex), IS(T(BLOCK_ACK_REQUEST) | T(BLOCK_ACK)),
		.help = "block ack control"),
	SCALAR("start", SONDE_WLAN_START, .alias = "ssc", KIND(hex), IS(T(BLOCK_ACK_REQUEST) | T(BLOCK_ACK)),
		.help = "first sequence number, times 16"),
	LIST("elements", SONDE_WLAN_ELEMENTS, .list = &sonde_wlan_elements, BODY(HAS_ELEMENTS),
		.help = "in wire order"),
	BYTES("body", SONDE_WLAN_BODY, KIND(opaque), BODY(HAS_BODY), .help = "the rest of action and control frames"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool is_part(const uint8_t *header)
{
	return sonde_get(header, SONDE_WLAN_FLAGS) & SONDE_WLAN_MOREFRAG || sonde_get(header, SONDE_WLAN_FRAG);
}

bool sonde_wlan_has_llc(const uint8_t *header, uint32_t header_len)
{
	uint64_t type = sonde_get(header, SONDE_WLAN_TYPE);
	bool is_data = DATA >> type & 1, is_empty = type & EMPTY;
	if (!is_data || is_empty || sonde_get(header, SONDE_WLAN_FLAGS) & SONDE_WLAN_PROTECTED ||
	    sonde_get(header, SONDE_WLAN_FRAG))
		return false;
	struct sonde_slot amsdu = sonde_locate(fields, SONDE_ROW(SONDE_WLAN_AMSDU), header, header_len);
	return !amsdu.there || !sonde_slot_get(header, amsdu);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	bool llc = sonde_wlan_has_llc(sonde_header(c), c->layer->header_len);
	return llc ? sonde_proto_by_id(SONDE_SPACE_INSIDE, SONDE_INSIDE_LLC) : NULL;
}

/* Only management and data frames have fragment numbers. */
static bool is_fragment(const uint8_t *header)
{
	return (MANAGEMENT | DATA) >> sonde_get(header, SONDE_WLAN_TYPE) & 1 && is_part(header);
}

const struct sonde_proto sonde_wlan = {
	.name = "wlan", .title = "IEEE 802.11, wireless LAN", .source = "IEEE 802.11", .alias = "dot11 ieee80211 wifi",
	.example = "wlan type=beacon addr1=ff:ff:ff:ff:ff:ff addr2=02:00:00:00:00:01 addr3=02:00:00:00:00:01 seq=7 "
		   "timestamp=1000 capabilities=ess+privacy "
		   "elements=ssid:home,supported-rates:basic-1M+54M,ds:6,rsn:1:ccmp:ccmp:psk",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_LINK, 105 }, { SONDE_SPACE_INSIDE, SONDE_INSIDE_WIFI } },
	.measure = measure, .child = child, .is_fragment = is_fragment,
};

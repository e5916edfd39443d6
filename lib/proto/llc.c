#include "proto/llc.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/names.h"

#define MIN_LEN  3
#define SNAP_LEN 8
#define CISCO    0x00000c /* its types are numbers of its own, of which one is in use elsewhere, too */
#define CDP      0x2000

/* The bits of the control field that decide its length. */
#define FORMAT     SONDE_FIELD(2, 22, 2)
#define UNNUMBERED 3

#define SNAP                                                                                                           \
	.when = SONDE_WHEN_IS(SONDE_LLC_DSAP, SONDE_LLC_SNAP, 1 << 0),                                                 \
	.and_when = SONDE_WHEN_IS(SONDE_LLC_CONTROL, SONDE_LLC_UI, 1 << 0)

static const struct sonde_field fields[] = {
	SCALAR("dsap", SONDE_LLC_DSAP, KIND(hex), .value = SONDE_LLC_SNAP,
		.help = "destination service access point; 0xaa: SNAP"),
	SCALAR("ssap", SONDE_LLC_SSAP, KIND(hex), .value = SONDE_LLC_SNAP,
		.help = "source service access point; 0xaa: SNAP"),
	SCALAR("control", SONDE_LLC_CONTROL, .alias = "ctrl", KIND(hex), .value = SONDE_LLC_UI,
		.help = "3: unnumbered information"),
	SCALAR("control2", SONDE_LLC_CONTROL2, KIND(hex), .when = SONDE_WHEN_IS_NOT(FORMAT, UNNUMBERED, 1 << 0),
		.help = "second byte of numbered frames"),
	SCALAR("oui", SONDE_LLC_OUI, KIND(hex), SNAP, .help = "organization that defines the type; 0: Ethernet"),
	SCALAR("type", SONDE_LLC_TYPE, .alias = "pid", KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .open = SONDE_COMPUTED, SNAP, .help = "what follows"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

/* RFC 1042, and IEEE 802.1H for types that bridges translate. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint32_t bridge = 0x0000f8;
	const uint8_t *header = sonde_header(c);
	if (c->layer->header_len == MIN_LEN)
		return sonde_child_by_number(c, SONDE_SPACE_SAP, (uint32_t)sonde_get(header, SONDE_LLC_DSAP));
	uint32_t oui = c->layer->header_len == SNAP_LEN ? (uint32_t)sonde_get(header, SONDE_LLC_OUI) : UINT32_MAX;
	bool cdp = oui == CISCO && sonde_get(header, SONDE_LLC_TYPE) == CDP;
	if (oui != 0 && oui != bridge && !cdp)
		return NULL;
	return sonde_proto_by_id(SONDE_SPACE_ETHERTYPE, (uint32_t)sonde_get(header, SONDE_LLC_TYPE));
}

static void finish(const struct sonde_context *c)
{
	const struct sonde_proto *inside = c->layer + 1 < c->end ? c->layer[1].proto : NULL;
	uint32_t none = SONDE_ETHER_NO_NEXT;
	if (c->layer->header_len == SNAP_LEN)
		sonde_fill(c, SONDE_LLC_TYPE, inside ? sonde_number_in(inside, SONDE_SPACE_ETHERTYPE, none) : none);
}

/* Novell's IPX frames begin with a checksum that is not used where others have LLC. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	const uint16_t novell = 0xffff;
	(void)announced;
	return payload.len < 2 || sonde_get_be16(payload.data) != novell;
}

const struct sonde_proto sonde_llc = {
	.name = "llc", .title = "Logical Link Control, with SNAP", .source = "IEEE 802.2, RFC 1042", .alias = "snap",
	.example = "wlan type=data flags=tods addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 "
		   "addr3=02:00:00:00:00:03 / llc / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_LLC } },
	.measure = measure, .child = child, .finish = finish, .claims = claims,
};

#include "proto/snmpvars.h"

#include "proto/ber.h"
#include "proto/layout.h"
#include "proto/say.h"

enum { SEQUENCE = 0x30, MIN_LEN = 2 };

static const struct sonde_field fields[] = {
	SCALAR("tag", SONDE_SNMPVARS_TAG, KIND(hex), .value = SEQUENCE, .help = "0x30: a sequence"),
	SONDE_BER_ROWS(SONDE_SNMPVARS),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	return sonde_ber_len(header, layer->header_len);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_number(c, SONDE_SPACE_INSIDE, SONDE_INSIDE(SONDE_INSIDE_SNMPPDU, 1));
}

static bool heuristic(struct sonde_view payload)
{
	return payload.len >= MIN_LEN && payload.data[0] == SEQUENCE;
}

static void say(const struct sonde_saying *s)
{
	(void)s;
}

const struct sonde_proto sonde_snmpvars = {
	.name = "snmpvars", .title = "Simple Network Management Protocol, variables", .source = "RFC 3416",
	.example = "ip dst=10.0.0.2 / udp / snmp community=public / snmppdu pdu=get id=7 / snmpvars / "
		   "snmpvar oid=1.3.6.1.2.1.1.5.0",
	.fields = fields, .min_len = MIN_LEN, .varies = true, .length_rows = SONDE_BER_LENGTHS,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_SNMPPDU } },
	.measure = measure, .declared = declared, .child = child, .finish = sonde_ber_finish, .heuristic = heuristic,
	.say = say, .said_as = "",
};

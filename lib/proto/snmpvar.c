#include "proto/snmpvar.h"

#include "proto/ber.h"
#include "proto/layout.h"
#include "proto/say.h"

enum { SEQUENCE = 0x30, OBJECT = 6, MIN_LEN = 2 };

static const struct sonde_field fields[] = {
	SCALAR("tag", SONDE_SNMPVAR_TAG, KIND(hex), .value = SEQUENCE, .help = "0x30: a sequence"),
	SONDE_BER_ROWS(SONDE_SNMPVAR),
	BYTES("oid", SONDE_SNMPVAR_OID, .alias = "name", .kind = &sonde_ber_object, .always = true,
		.help = "object identifier: 1.3.6.1.2.1.1.5.0 is the name of a system"),
	BYTES("value", SONDE_SNMPVAR_VALUE, .kind = &sonde_ber_value,
		.help = "null, int:7, text:abc, hex:00ff, oid:1.3.6, ip:10.0.0.1, counter:7, gauge:7, ticks:7, "
			"opaque:00, counter64:7, nosuchobject, nosuchinstance, endofmibview"),
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

/* A sequence that begins with an object identifier, as far as it is there. */
static bool heuristic(struct sonde_view payload)
{
	if (payload.len < MIN_LEN || payload.data[0] != SEQUENCE)
		return false;
	size_t head = MIN_LEN + (payload.data[1] & 0x80 ? payload.data[1] & 0x7f : 0);
	return head >= payload.len || payload.data[head] == OBJECT;
}

static const struct sonde_proto *follower(struct sonde_view rest)
{
	return heuristic(rest) ? &sonde_snmpvar : NULL;
}

/* " 1.3.6.1.2.1.1.5.0=text:router" */
static void say(const struct sonde_saying *s)
{
	sonde_say_value(s, SONDE_SNMPVAR_OID);
	sonde_text_char(s->t, '=');
	s->value(s, SONDE_ROW(SONDE_SNMPVAR_VALUE));
}

const struct sonde_proto sonde_snmpvar = {
	.name = "snmpvar", .title = "Simple Network Management Protocol, variable", .source = "RFC 3416",
	.example = "ip dst=10.0.0.2 / udp / snmp community=public / snmppdu pdu=get id=7 / snmpvars / "
		   "snmpvar oid=1.3.6.1.2.1.1.5.0 / snmpvar oid=1.3.6.1.2.1.1.3.0",
	.fields = fields, .min_len = MIN_LEN, .varies = true, .length_rows = SONDE_BER_LENGTHS,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE(SONDE_INSIDE_SNMPPDU, 1) } },
	.measure = measure, .declared = declared, .finish = sonde_ber_finish, .heuristic = heuristic,
	.follower = follower, .say = say, .said_as = "",
};

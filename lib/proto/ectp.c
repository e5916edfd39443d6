#include "proto/ectp.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define OF(function) .when = SONDE_WHEN_IS(SONDE_ECTP_FUNCTION, function, 1 << 0)

static const struct sonde_name functions[] = {
	{ SONDE_ECTP_REPLY, "reply" }, { SONDE_ECTP_FORWARD, "forward" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("skip", SONDE_ECTP_SKIP, .alias = "skipcount",
		.help = "bytes before the function that is to be executed"),
	SCALAR("function", SONDE_ECTP_FUNCTION, KIND(named), .names = functions, .value = SONDE_ECTP_REPLY,
		.always = true,
		.help = "reply, forward"),
	SCALAR("receipt", SONDE_ECTP_RECEIPT, .alias = "receipt_number", OF(SONDE_ECTP_REPLY),
		.help = "number by which the sender knows its frame"),
	BYTES("addr", SONDE_ECTP_ADDR, .alias = "forwarding_address", KIND(mac), OF(SONDE_ECTP_FORWARD),
		.help = "where to send the frame next"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

const struct sonde_proto sonde_ectp = {
	.name = "ectp", .title = "Ethernet Configuration Testing Protocol", .source = "Ethernet 2.0",
	.example = "ether dst=02:00:00:00:00:02 / ectp function=reply receipt=7 / zero:40",
	.fields = fields, .min_len = 4, .varies = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x9000 } },
	.measure = measure,
};

#include "proto/fr.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/names.h"

/* --- DLCI and flags ---------------------------------------------------------------------------------------------- */

static const struct sonde_name flags[] = {
	{ 0x0200, "CR" }, { 0x0008, "FECN" }, { 0x0004, "BECN" }, { 0x0002, "DE" }, { 0x0100, "EA0" },
	{ SONDE_FR_LAST, "EA" }, { 0 },
};

/* The six upper and the four lower bits of the DLCI. */
static uint32_t dlci_of(uint64_t v)
{
	return (uint32_t)(v >> 10 << 4 | (v >> 4 & 0xf));
}

static uint64_t address_of(uint64_t dlci)
{
	return dlci >> 4 << 10 | (dlci & 0xf) << 4;
}

static void address_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v)
{
	(void)ctx;
	sonde_text_fmt(t, "%u/", dlci_of(v));
	const char *joint = "";
	for (const struct sonde_name *flag = flags; flag->name; flag++)
		if (v & flag->value) {
			sonde_text_fmt(t, "%s%s", joint, flag->name);
			joint = "+";
		}
	sonde_text_str(t, *joint ? "" : "0");
}

static int flags_parse(uint64_t *v, const char *s, const char *end)
{
	while (s < end) {
		uint32_t flag;
		const char *plus = memchr(s, '+', (size_t)(end - s)), *word_end = plus ? plus : end;
		if (!sonde_name_value(&flag, flags, s, (size_t)(word_end - s)))
			return word_end - s == 1 && *s == '0' ? 0 : SONDE_E_SYNTAX;
		*v |= flag;
		s = plus ? plus + 1 : end;
	}
	return 0;
}

static int address_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	const char *slash = memchr(s, '/', len), *end = s + len;
	const uint64_t most = 1023;
	uint64_t dlci = 0;
	(void)ctx;
	if (!slash || slash == s)
		return SONDE_E_SYNTAX;
	for (; s < slash; s++) {
		if (*s < '0' || *s > '9')
			return SONDE_E_SYNTAX;
		dlci = dlci * 10 + (uint64_t)(*s - '0');
		if (dlci > most)
			return SONDE_E_RANGE;
	}
	*v = address_of(dlci);
	return flags_parse(v, slash + 1, end);
}

static const struct sonde_kind address = {
	.name = "dlci/flags", .expected = "DLCI/FLAGS expected: 100/EA, 100/DE+EA",
	.print = address_print, .parse = address_parse,
};

/* --- The header -------------------------------------------------------------------------------------------------- */

#define ENDS SONDE_FIELD(0, 15, 1)

static const struct sonde_field fields[] = {
	SCALAR("address", SONDE_FR_ADDRESS, .kind = &address, .value = SONDE_FR_LAST, .always = true,
		.help = "DLCI/FLAGS, the flags CR FECN BECN DE, and EA: the address ends here"),
	SCALAR("extension", SONDE_FR_EXTENSION, KIND(hex), .when = SONDE_WHEN_IS(ENDS, 0, 1 << 0),
		.help = "third and fourth byte of an address without EA"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_number(c, SONDE_SPACE_INSIDE, SONDE_INSIDE_FRAME_RELAY);
}

const struct sonde_proto sonde_fr = {
	.name = "fr", .title = "Frame Relay", .source = "ITU-T Q.922", .alias = "framerelay",
	.example = "fr address=100/EA / nlpid / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 2, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_LINK, 107 } },
	.measure = measure, .child = child,
};

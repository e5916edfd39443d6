#include "proto/radiotap.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define MIN_LEN 8

static const struct sonde_name flag_words[] = {
	{ 0x01, "cfp" }, { 0x02, "shortpreamble" }, { 0x04, "wep" }, { 0x08, "frag" }, { SONDE_RADIOTAP_FCS, "fcs" },
	{ SONDE_RADIOTAP_DATAPAD, "datapad" }, { 0x40, "badfcs" }, { 0x80, "shortgi" }, { 0 },
};

static const struct sonde_name channel_words[] = {
	{ 0x0001, "700mhz" }, { 0x0002, "800mhz" }, { 0x0004, "900mhz" }, { 0x0010, "turbo" }, { 0x0020, "cck" },
	{ 0x0040, "ofdm" }, { 0x0080, "2ghz" }, { 0x0100, "5ghz" }, { 0x0200, "passive" }, { 0x0400, "dynamic" },
	{ 0x0800, "gfsk" }, { 0x1000, "gsm" }, { 0x2000, "sturbo" }, { 0x4000, "half" }, { 0x8000, "quarter" }, { 0 },
};

/* Fields that a bit of the first word announces. */
#define BIT(bit) .when = SONDE_WHEN_HAS(SONDE_RADIOTAP_PRESENT, UINT64_C(1) << (bit)), .announces = true

/* Fields of the second word, if its lowest n bits have one of these values and it is not a vendor's. */
#define SECOND(first, n, base, mask)                                                                                   \
	.when = SONDE_WHEN_IS(SONDE_LITTLE(4, 64 + (first), n), base, mask),                                           \
	.and_when = SONDE_WHEN_IS(SONDE_LITTLE(3, 32 + 29, 3), 4, 1 << 0 | 1 << 1)

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_RADIOTAP_VERSION, .help = "0"),
	SCALAR("pad", SONDE_RADIOTAP_PAD, .help = "0"),
	SCALAR("length", SONDE_RADIOTAP_LENGTH, .alias = "len", .open = SONDE_COMPUTED,
		.help = "bytes of this header"),
	SCALAR("present", SONDE_RADIOTAP_PRESENT, KIND(hex), .open = SONDE_COMPUTED,
		.help = "fields that follow; bit 31: present2 follows"),
	SCALAR("present2", SONDE_RADIOTAP_PRESENT2, KIND(hex), BIT(31),
		.help = "fields that follow again, mostly for one antenna"),
	SCALAR("present3", SONDE_RADIOTAP_PRESENT3, KIND(hex), .help = "and a third time",
		.when = SONDE_WHEN_HAS(SONDE_RADIOTAP_PRESENT2, SONDE_RADIOTAP_MORE),
		.and_when = SONDE_WHEN_HAS(SONDE_RADIOTAP_PRESENT, SONDE_RADIOTAP_MORE)),
	SCALAR("tsft", SONDE_RADIOTAP_TSFT, BIT(0), .align = 8,
		.help = "MAC time of the first bit, microseconds"),
	SCALAR("flags", SONDE_RADIOTAP_FLAGS, BIT(1), KIND(flags), .names = flag_words,
		.help = "frame flags: fcs, badfcs, wep, frag, shortpreamble, ..."),
	SCALAR("rate", SONDE_RADIOTAP_RATE, BIT(2), .help = "data rate, 500 kbit/s"),
	SCALAR("freq", SONDE_RADIOTAP_FREQ, BIT(3), .align = 2, .alias = "channel_freq",
		.help = "channel frequency, MHz"),
	SCALAR("chflags", SONDE_RADIOTAP_CHFLAGS, BIT(3), .alias = "channel_flags", KIND(flags),
		.names = channel_words, .help = "channel flags"),
	SCALAR("hopset", SONDE_RADIOTAP_HOPSET, BIT(4), .align = 2, .help = "frequency hopping"),
	SCALAR("hoppattern", SONDE_RADIOTAP_HOPPATTERN, BIT(4), .help = "frequency hopping"),
	SCALAR("signal", SONDE_RADIOTAP_SIGNAL, BIT(5), .alias = "dbm_antsignal", KIND(signed),
		.help = "signal at the antenna, dBm"),
	SCALAR("noise", SONDE_RADIOTAP_NOISE, BIT(6), .alias = "dbm_antnoise", KIND(signed),
		.help = "noise at the antenna, dBm"),
	SCALAR("lock", SONDE_RADIOTAP_LOCK, BIT(7), .align = 2, .alias = "lock_quality",
		.help = "quality of Barker code lock"),
	SCALAR("txatten", SONDE_RADIOTAP_TXATTEN, BIT(8), .align = 2, .alias = "txattenuation",
		.help = "power below the maximum, no unit"),
	SCALAR("txattendb", SONDE_RADIOTAP_TXATTENDB, BIT(9), .align = 2, .alias = "db_txattenuation",
		.help = "power below the maximum, dB"),
	SCALAR("txpower", SONDE_RADIOTAP_TXPOWER, BIT(10), KIND(signed), .help = "transmit power, dBm"),
	SCALAR("antenna", SONDE_RADIOTAP_ANTENNA, BIT(11), .help = "number of the antenna"),
	SCALAR("signaldb", SONDE_RADIOTAP_SIGNALDB, BIT(12), .alias = "db_antsignal",
		.help = "signal at the antenna, dB above an arbitrary level"),
	SCALAR("noisedb", SONDE_RADIOTAP_NOISEDB, BIT(13), .alias = "db_antnoise",
		.help = "noise at the antenna, dB above an arbitrary level"),
	SCALAR("rxflags", SONDE_RADIOTAP_RXFLAGS, BIT(14), .align = 2, KIND(hex),
		.help = "2: the PLCP checksum was wrong"),
	SCALAR("txflags", SONDE_RADIOTAP_TXFLAGS, BIT(15), .align = 2, KIND(hex),
		.help = "1 failed, 2 CTS, 4 RTS, 8 no ACK expected, ..."),
	SCALAR("rtsretries", SONDE_RADIOTAP_RTSRETRIES, BIT(16), .alias = "rts_retries",
		.help = "number of RTS retries"),
	SCALAR("dataretries", SONDE_RADIOTAP_DATARETRIES, BIT(17), .alias = "data_retries", .help = "of the frame"),
	SCALAR("xchflags", SONDE_RADIOTAP_XCHFLAGS, BIT(18), .align = 4, .alias = "xchannel_flags", KIND(hex),
		.help = "extended channel flags"),
	SCALAR("xfreq", SONDE_RADIOTAP_XFREQ, BIT(18), .alias = "xchannel_freq",
		.help = "extended channel frequency, MHz"),
	SCALAR("xchannel", SONDE_RADIOTAP_XCHANNEL, BIT(18), .help = "extended channel number"),
	SCALAR("xpower", SONDE_RADIOTAP_XPOWER, BIT(18), .help = "highest power there, half dBm"),
	SCALAR("mcsknown", SONDE_RADIOTAP_MCSKNOWN, BIT(19), .alias = "mcs_known", KIND(hex),
		.help = "known parts of mcsflags and mcs"),
	SCALAR("mcsflags", SONDE_RADIOTAP_MCSFLAGS, BIT(19), .alias = "mcs_flags", KIND(hex),
		.help = "bandwidth, guard interval, format, FEC, STBC"),
	SCALAR("mcs", SONDE_RADIOTAP_MCS, BIT(19), .alias = "mcs_index", .help = "rate index of HT"),
	SCALAR("ampduref", SONDE_RADIOTAP_AMPDUREF, BIT(20), .align = 4, .alias = "ampdu_reference",
		.help = "A-MPDU that the frame was in"),
	SCALAR("ampduflags", SONDE_RADIOTAP_AMPDUFLAGS, BIT(20), .alias = "ampdu_flags", KIND(hex),
		.help = "of the A-MPDU"),
	SCALAR("ampducrc", SONDE_RADIOTAP_AMPDUCRC, BIT(20), KIND(hex), .help = "of the delimiter"),
	SCALAR("ampdureserved", SONDE_RADIOTAP_AMPDURESERVED, BIT(20), KIND(hex), .help = "0"),
	SCALAR("vhtknown", SONDE_RADIOTAP_VHTKNOWN, BIT(21), .align = 2, .alias = "vht_known", KIND(hex),
		.help = "known parts of the next fields"),
	SCALAR("vhtflags", SONDE_RADIOTAP_VHTFLAGS, BIT(21), .alias = "vht_flags", KIND(hex),
		.help = "STBC, guard interval, ..."),
	SCALAR("vhtbandwidth", SONDE_RADIOTAP_VHTBANDWIDTH, BIT(21), .alias = "vht_bandwidth",
		.help = "0 20, 1 40, 4 80, 11 160 MHz"),
	SCALAR("vhtmcs", SONDE_RADIOTAP_VHTMCS, BIT(21), KIND(hex), .help = "a byte of each user: NSS, MCS << 4"),
	SCALAR("vhtcoding", SONDE_RADIOTAP_VHTCODING, BIT(21), .alias = "vht_coding", KIND(hex),
		.help = "a bit of each user: 0 BCC, 1 LDPC"),
	SCALAR("vhtgroup", SONDE_RADIOTAP_VHTGROUP, BIT(21), .alias = "vht_group_id", .help = "group"),
	SCALAR("vhtaid", SONDE_RADIOTAP_VHTAID, BIT(21), .alias = "vht_partial_aid",
		.help = "partial association identifier"),
	SCALAR("timestamp", SONDE_RADIOTAP_TIMESTAMP, BIT(22), .align = 8, .help = "of the frame"),
	SCALAR("tsaccuracy", SONDE_RADIOTAP_TSACCURACY, BIT(22), .help = "of the timestamp"),
	SCALAR("tsunit", SONDE_RADIOTAP_TSUNIT, BIT(22), KIND(hex),
		.help = "unit, and which part of the frame is meant"),
	SCALAR("tsflags", SONDE_RADIOTAP_TSFLAGS, BIT(22), KIND(hex), .help = "of the timestamp"),
	SCALAR("he1", SONDE_RADIOTAP_HE1, BIT(23), .align = 2, .alias = "he_data_1", KIND(hex),
		.help = "of HE (802.11ax), word 1"),
	SCALAR("he2", SONDE_RADIOTAP_HE2, BIT(23), .alias = "he_data_2", KIND(hex),
		.help = "of HE (802.11ax), word 2"),
	SCALAR("he3", SONDE_RADIOTAP_HE3, BIT(23), .alias = "he_data_3", KIND(hex),
		.help = "of HE (802.11ax), word 3"),
	SCALAR("he4", SONDE_RADIOTAP_HE4, BIT(23), .alias = "he_data_4", KIND(hex),
		.help = "of HE (802.11ax), word 4"),
	SCALAR("he5", SONDE_RADIOTAP_HE5, BIT(23), .alias = "he_data_5", KIND(hex),
		.help = "of HE (802.11ax), word 5"),
	SCALAR("he6", SONDE_RADIOTAP_HE6, BIT(23), .alias = "he_data_6", KIND(hex),
		.help = "of HE (802.11ax), word 6"),
	BYTES("hemu", SONDE_RADIOTAP_HEMU, BIT(24), .align = 2, KIND(raw), .help = "of HE for several users"),
	BYTES("hemuother", SONDE_RADIOTAP_HEMUOTHER, BIT(25), .align = 2, KIND(raw), .help = "of another user"),
	SCALAR("psdu", SONDE_RADIOTAP_PSDU, BIT(26), .alias = "zero_length_psdu",
		.help = "why there is no frame: 0 sounding, 1 not captured"),
	SCALAR("lsig1", SONDE_RADIOTAP_LSIG1, BIT(27), .align = 2, KIND(hex),
		.help = "of the L-SIG field: what is known"),
	SCALAR("lsig2", SONDE_RADIOTAP_LSIG2, BIT(27), KIND(hex), .help = "rate and length"),
	SCALAR("signal2", SONDE_RADIOTAP_SIGNAL2, .alias = "dbm_antsignal2", KIND(signed), SECOND(0, 11, 0,
		UINT64_C(1) << 32), .help = "signal at the antenna of present2, dBm"),
	SCALAR("antenna2", SONDE_RADIOTAP_ANTENNA2, SECOND(0, 12, 0x800, 1 | UINT64_C(1) << 32),
		.help = "number of that antenna"),
	BYTES("rest", SONDE_RADIOTAP_REST, KIND(opaque), .help = "what follows: fields of further words, of vendors"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t len = (uint32_t)sonde_get(header, SONDE_RADIOTAP_LENGTH);
	if (len > have)
		return len;
	return sonde_rows_len(fields, header, len);
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_RADIOTAP_LENGTH, c->layer->header_len);
}

static uint8_t flags_of(const uint8_t *header, uint32_t len)
{
	struct sonde_slot s = sonde_locate(fields, SONDE_ROW(SONDE_RADIOTAP_FLAGS), header, len);
	return s.there ? (uint8_t)sonde_slot_get(header, s) : 0;
}

static uint32_t fcs_len(const uint8_t *header, uint32_t header_len)
{
	const uint32_t fcs_len = 4;
	return flags_of(header, header_len) & SONDE_RADIOTAP_FCS ? fcs_len : 0;
}

/* With DATAPAD, the length of the padding after the frame's header is not known. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	if (flags_of(sonde_header(c), c->layer->header_len) & SONDE_RADIOTAP_DATAPAD)
		return NULL;
	return sonde_proto_by_id(SONDE_SPACE_INSIDE, SONDE_INSIDE_WIFI);
}

const struct sonde_proto sonde_radiotap = {
	.name = "radiotap", .title = "Radiotap, about a frame of IEEE 802.11", .source = "radiotap.org",
	.example = "radiotap tsft=1000 flags=fcs rate=2 freq=2412 chflags=cck+2ghz signal=-40 antenna=1 / "
		   "wlan flags=tods addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:03 / "
		   "llc / ip dst=10.0.0.2 / udp dport=7 / pad hex:01020304",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_LINK, 127 } },
	.measure = measure, .fcs_len = fcs_len, .child = child, .finish = finish,
};

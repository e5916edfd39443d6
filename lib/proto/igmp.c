#include "proto/igmp.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/names.h"

#define MIN_LEN   8
#define QUERY_LEN 12 /* of version 3, without sources */

#define WHEN(type)     .when = SONDE_WHEN_IS(SONDE_IGMP_TYPE, 0, UINT64_C(1) << (type))
#define WHEN_NOT(type) .when = SONDE_WHEN_IS_NOT(SONDE_IGMP_TYPE, 0, UINT64_C(1) << (type))

static const struct sonde_name types[] = {
	{ SONDE_IGMP_QUERY, "query" }, { SONDE_IGMP_REPORT1, "report1" }, { SONDE_IGMP_REPORT2, "report2" },
	{ SONDE_IGMP_LEAVE, "leave" }, { SONDE_IGMP_REPORT3, "report3" },
	/* Names in other tools. */
	{ SONDE_IGMP_QUERY, "membership-query" }, { SONDE_IGMP_REPORT1, "v1-report" },
	{ SONDE_IGMP_REPORT2, "v2-report" },
	{ SONDE_IGMP_REPORT3, "v3-report" }, { SONDE_IGMP_LEAVE, "leave-group" }, { 0 },
};

static const struct sonde_field source[] = {
	BYTES("addr", SONDE_FIELD(0, 0, 32), KIND(ip4), .help = "source"),
	{ 0 },
};

static const struct sonde_list sources = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = source), { 0 } },
};

/* Places in a group record: 8 bytes, then the sources, then auxiliary data. */
#define RECORD_TYPE    SONDE_FIELD(0, 0, 8)
#define RECORD_GROUP   SONDE_FIELD(1, 32, 32)
#define RECORD_SOURCES SONDE_FIELD(2, 64, 32)
#define RECORD_AUX     SONDE_FIELD(3, SONDE_NEXT, 0)
#define RECORD_AUXLEN  SONDE_FIELD(4, 8, 8) /* 4-byte words */
#define RECORD_COUNT   SONDE_FIELD(5, 16, 16)
#define RECORD_LEN     8

static const struct sonde_field record[] = {
	SCALAR("mode", RECORD_TYPE, KIND(named), .names = sonde_group_modes,
		.help = "is_in, is_ex, to_in, to_ex, allow, block"),
	BYTES("group", RECORD_GROUP, KIND(ip4), .help = "group"),
	BYTES("sources", RECORD_SOURCES, KIND(ip4), .repeat = true, .count_from = RECORD_COUNT,
		.help = "joined by +"),
	BYTES("aux", RECORD_AUX, KIND(raw), .len_from = RECORD_AUXLEN, .unit = 4, .help = "auxiliary data"),
	{ 0 },
};

static const struct sonde_list records = {
	.head = RECORD_LEN,
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = record), { 0 } },
};

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_IGMP_TYPE, KIND(named), .names = types, .value = SONDE_IGMP_QUERY, .always = true,
		.help = "kind of message"),
	SCALAR("maxresp", SONDE_IGMP_MAXRESP, .alias = "mrcode code max_resp",
		.help = "time to answer in, tenths of a second"),
	SCALAR("checksum", SONDE_IGMP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the whole message"),
	BYTES("group", SONDE_IGMP_GROUP, .alias = "gaddr maddr", KIND(ip4), .always = true,
		WHEN_NOT(SONDE_IGMP_REPORT3), .help = "group"),
	SCALAR("reserved", SONDE_IGMP_RESERVED, WHEN(SONDE_IGMP_REPORT3), .help = "must be 0"),
	SCALAR("nrecords", SONDE_IGMP_NRECORDS, .alias = "numgrp", .open = SONDE_COMPUTED, WHEN(SONDE_IGMP_REPORT3),
		.help = "number of records"),
	LIST("records", SONDE_IGMP_RECORDS, .list = &records, .count_from = SONDE_IGMP_NRECORDS,
		WHEN(SONDE_IGMP_REPORT3),
		.help = "mode:group:source+source, ..."),
	SCALAR("resv", SONDE_IGMP_RESV, .tail = 1, WHEN(SONDE_IGMP_QUERY),
		.help = "must be 0 (version 3, like all that follows)"),
	SCALAR("s", SONDE_IGMP_S, .tail = 1, WHEN(SONDE_IGMP_QUERY), .help = "suppress router-side processing"),
	SCALAR("qrv", SONDE_IGMP_QRV, .tail = 1, WHEN(SONDE_IGMP_QUERY), .help = "querier's robustness"),
	SCALAR("qqic", SONDE_IGMP_QQIC, .tail = 1, WHEN(SONDE_IGMP_QUERY), .help = "querier's interval code"),
	SCALAR("nsources", SONDE_IGMP_NSOURCES, .alias = "numsrc", .open = SONDE_COMPUTED, .tail = 1,
		WHEN(SONDE_IGMP_QUERY), .help = "number of sources"),
	LIST("sources", SONDE_IGMP_SOURCES, .list = &sources, .count_from = SONDE_IGMP_NSOURCES, .tail = 1,
		WHEN(SONDE_IGMP_QUERY),
		.help = "sources asked for"),
	{ 0 },
};

/* A message ends after its last record or source. The counts may promise more than is present. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	bool version3 = header[0] == SONDE_IGMP_REPORT3 || (header[0] == SONDE_IGMP_QUERY && have >= QUERY_LEN);
	return version3 ? sonde_rows_len(fields, header, have) : MIN_LEN;
}

static uint32_t checksum(const struct sonde_context *c)
{
	return sonde_layer_checksum(c, SONDE_IGMP_CHECKSUM, MIN_LEN, 0, c->layer->have_len);
}

static uint8_t ttl(const uint8_t *header)
{
	(void)header;
	return 1;
}

const struct sonde_proto sonde_igmp = {
	.name = "igmp", .title = "Internet Group Management Protocol", .source = "RFC 9776, 2236, 1112",
	.example = "ip dst=224.0.0.22 options=ra / igmp type=report3 records=to_ex:224.1.2.3,allow:224.1.2.4:10.0.0.5",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, 2 } },
	.checksum_place = SONDE_IGMP_CHECKSUM,
	.measure = measure, .checksum = checksum, .ttl = ttl,
};

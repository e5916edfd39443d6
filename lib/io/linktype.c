#include "io/linktype.h"

#include <pcap/dlt.h>
#include <stddef.h>

/* The BSDs had given these numbers out differently before files got their own (pcap-linktype(7)). */
static const struct pair {
	int dlt;
	uint16_t link;
} pairs[] = {
	{ DLT_ATM_RFC1483, 100 }, { DLT_RAW, 101 }, { DLT_SLIP_BSDOS, 102 }, { DLT_PPP_BSDOS, 103 },
	{ DLT_ATM_CLIP, 106 }, { DLT_PFSYNC, 246 }, { DLT_PKTAP, 258 },
};

uint16_t sonde_linktype_from_dlt(int dlt)
{
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (pairs[i].dlt == dlt)
			return pairs[i].link;
	return (uint16_t)dlt;
}

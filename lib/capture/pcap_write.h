/* The header and the records of a pcap file (draft-ietf-opsawg-pcap), made in memory: little-endian, in nanoseconds.
 * Such a file has one link type; it has no room for interfaces, directions and comments. */
#ifndef SONDE_CAPTURE_PCAP_WRITE_H
#define SONDE_CAPTURE_PCAP_WRITE_H

#include "capture/record.h"

#define SONDE_PCAP_FILE_HEAD   24 /* bytes of the header of a file */
#define SONDE_PCAP_RECORD_HEAD 16 /* and of that of a record */

/* Append the header of a file. Returns 0 or SONDE_E_SPACE. */
int sonde_pcap_put_head(struct sonde_buf *b, uint16_t link);

/* Append a record; one without a time gets that of 1970. Returns 0; SONDE_E_SPACE; SONDE_E_RANGE for a time before 1970
 * or after 2106. On failure b is unchanged. */
int sonde_pcap_put_record(struct sonde_buf *b, const struct sonde_record *r);

/* The record whose head is at p: its length with the head. */
uint64_t sonde_pcap_record_len(const uint8_t p[SONDE_AT_LEAST(SONDE_PCAP_RECORD_HEAD)]);

#endif

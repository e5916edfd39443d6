/* Matching answers to questions: one function for everything that waits for replies. */
#ifndef SONDE_PACKET_MATCH_H
#define SONDE_PACKET_MATCH_H

#include "packet/packet.h"
#include "packet/rules.h"

/* Extract from a finished or dissected packet what identifies its answers; sent->delivery tells whether anybody may
 * answer. Returns 0, or SONDE_E_UNSUPPORTED for a packet with neither an IP layer nor ARP, whose answers cannot be
 * recognized. */
int sonde_question_of(struct sonde_question *out, const struct sonde_packet *sent);

struct sonde_match {
	enum sonde_answer answer;  /* SONDE_SILENCE: it does not answer this question */
	const struct sonde_rule *rule;
	struct sonde_addr from;    /* who answers */
	bool from_target;          /* whether that is the target */
	const char *remark;        /* what more there is to say of it, or NULL: its data came back short; of silence:
				    * what is wrong with the question */
	bool wrong_checksum;       /* it would be an answer, but its checksum is wrong */
};

/* Judge a dissected packet. Returns whether it answers the question. Checksums that are right, partial (as veth and
 * loopback deliver them) or absent are accepted. ICMP errors must quote the addresses, the protocol and the first 8
 * bytes of our packet (ports, and the sequence number or identifier); the rest of a quote is not compared, because
 * routers change it. An error that quotes too little of the packet in a tunnel must quote the outermost addresses,
 * protocol, identification and 8 bytes. Sequence numbers are compared modulo 2^32. */
bool sonde_match(struct sonde_match *out, const struct sonde_question *q, const struct sonde_packet *got);

/* What a question and its answers share, as a key for hash tables. */
struct sonde_question_key {
	struct sonde_addr host;  /* the target; of family 0 where anybody may answer */
	uint32_t number;         /* our port << 16 | theirs, or identifier << 16 | sequence number; 0: neither */
};

struct sonde_question_key sonde_question_key(const struct sonde_question *q);

/* Whether two questions cannot be told apart by their answers. */
bool sonde_question_equal(const struct sonde_question *a, const struct sonde_question *b);

/* The key of the question that a received packet may answer. */
struct sonde_answer_key {
	struct sonde_question_key question; /* host: the source; of an ICMP error, the destination in the quote */
	uint32_t outermost;                 /* of an ICMP error: hash of the outermost header that it quotes */
	uint8_t ttl;                        /* of the answer's own IP header */
	uint32_t size;                      /* bytes after the answer's own IP header */
};

/* Extract the key from a dissected packet. Returns false when it cannot be an answer: neither IP nor ARP. */
bool sonde_answer_key(struct sonde_answer_key *out, const struct sonde_packet *got);

/* The pair of sockets of a question; local is the source. */
struct sonde_pair sonde_question_pair(const struct sonde_question *q);

#endif

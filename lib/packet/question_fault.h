/* Why nobody has to answer a packet that was sent. */
#ifndef SONDE_PACKET_QUESTION_FAULT_H
#define SONDE_PACKET_QUESTION_FAULT_H

#include "packet/packet.h"

/* What is wrong in a finished or dissected packet that was sent, so that silence says nothing about its target: an IP
 * version, a length, a checksum, a TTL of 0 or 1. Returns a sentence about the question, or NULL. Quoted packets may be
 * wrong. */
const char *sonde_question_fault(const struct sonde_packet *sent);

#endif

#include "flow/history.h"

static const char letters[] = " shadfriqcgtw";

void sonde_history_add(struct sonde_flow *f, struct sonde_flow_tcp *tcp, unsigned side, enum sonde_letter letter)
{
	uint32_t code = (uint32_t)letter << 1 | side, most = tcp ? SONDE_FLOW_MOST_LETTERS : SONDE_FLOW_LETTERS;
	if (f->letters < SONDE_FLOW_LETTERS)
		f->history |= (uint64_t)code << f->letters * SONDE_FLOW_LETTER_BITS;
	else if (f->letters < most)
		tcp->history |= code << (f->letters - SONDE_FLOW_LETTERS) * SONDE_FLOW_LETTER_BITS;
	if (f->letters <= most)
		f->letters++;
}

bool sonde_history_once(struct sonde_flow *f, struct sonde_flow_tcp *tcp, unsigned side, enum sonde_letter letter)
{
	/* A SYN, whether it acknowledges or not. */
	uint32_t which = letter == SONDE_LETTER_SYN_ACK ? SONDE_LETTER_SYN : letter;
	uint32_t bit = 1u << (which - 1) << side * SONDE_LETTERS_ONCE;
	if (f->seen & bit)
		return false;
	f->seen |= bit & ((1u << 2 * SONDE_LETTERS_ONCE) - 1);
	sonde_history_add(f, tcp, side, letter);
	return true;
}

void sonde_history_count(struct sonde_flow *f, struct sonde_flow_tcp *tcp, unsigned side, enum sonde_letter letter,
			 uint64_t times)
{
	while (times > 1 && times % 10 == 0)
		times /= 10;
	if (times == 1)
		sonde_history_add(f, tcp, side, letter);
}

char *sonde_history_format(char out[static SONDE_HISTORY_STRLEN], const struct sonde_flow *f,
			   const struct sonde_flow_tcp *tcp)
{
	uint32_t most = tcp ? SONDE_FLOW_MOST_LETTERS : SONDE_FLOW_LETTERS;
	char *at = out;
	if (f->first_from != f->began)
		*at++ = '^';
	for (uint32_t i = 0; i < f->letters && i < most; i++) {
		uint64_t word = i < SONDE_FLOW_LETTERS
					? f->history >> i * SONDE_FLOW_LETTER_BITS
					: tcp->history >> (i - SONDE_FLOW_LETTERS) * SONDE_FLOW_LETTER_BITS;
		char letter = letters[(word & ((1 << SONDE_FLOW_LETTER_BITS) - 1)) >> 1];
		bool by_originator = (word & 1) == f->began;
		*at++ = (char)(by_originator ? letter - 'a' + 'A' : letter);
	}
	if (f->letters > most)
		*at++ = '+';
	*at = 0;
	return out;
}

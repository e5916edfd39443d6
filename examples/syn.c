/* Send a TCP SYN and print what the answer says: syn ADDRESS PORT. */
#include <sonde.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct sonde_packet p;
	struct sonde_addr dst, any = { 0 };
	struct sonde_session *s;
	struct sonde_reply reply;
	struct sonde_error e;
	char text[SONDE_TIME_STRLEN];
	uint8_t room[256];

	if (argc != 3 || sonde_addr_parse(&dst, NULL, argv[1], strlen(argv[1])))
		return fputs("usage: syn ADDRESS PORT\n", stderr), 2;
	sonde_packet_init(&p, room, sizeof room);
	sonde_push_ip(&p, &any, &dst);
	int tcp = sonde_push(&p, &sonde_tcp);
	sonde_set(&p, tcp, SONDE_TCP_DPORT, strtoul(argv[2], NULL, 10));
	sonde_set(&p, tcp, SONDE_TCP_FLAGS, SONDE_TCP_SYN);

	int err = sonde_session_open(&s, NULL, &e);
	if (!err)
		err = sonde_session_exchange(&reply, s, &p, SONDE_S, &e);
	if (err)
		return fprintf(stderr, "syn: %s\n", e.what), 3;
	printf("%s: %s\n", sonde_state_name(reply.match.rule->state), reply.match.rule->text);
	if (reply.rtt_ns >= 0)
		printf("after %s\n", sonde_duration_format(text, reply.rtt_ns));
	sonde_session_close(s);
	return reply.match.answer == SONDE_ANSWER_SYN_ACK ? 0 : 1;
}

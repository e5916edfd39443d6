/* Ping an address five times, in an event loop of its own: ping ADDRESS. */
#include <poll.h>
#include <sonde.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	static const uint32_t size = 56;
	static const struct sonde_ping_options five = { .sizes = &size, .n_sizes = 1, .rounds = 5,
							.interval_ns = SONDE_S / 5, .timeout_ns = SONDE_S };
	static struct sonde_ping ping;
	struct sonde_ping_event event;
	struct sonde_session *session;
	struct sonde_drive *drive;
	struct sonde_addr target;
	struct sonde_error e = { .what = "out of memory" };
	struct pollfd polled[SONDE_DRIVE_FDS];
	int fds[SONDE_DRIVE_FDS], turn = 1;
	char text[SONDE_TIME_STRLEN];
	void *memory = calloc(1, sonde_ping_memory(1));
	if (argc != 2 || sonde_addr_parse(&target, NULL, argv[1], strlen(argv[1])))
		return fputs("usage: ping ADDRESS\n", stderr), 2;
	if (!memory || sonde_session_open(&session, NULL, &e) || sonde_drive_open(&drive, session, &ping.engine, NULL))
		return fprintf(stderr, "ping: %s\n", e.what), 3;
	sonde_ping_init(&ping, &five, &target, 1, memory, sonde_clock_monotonic());
	while (turn == 1) {
		unsigned n = sonde_drive_fds(drive, fds);
		for (unsigned i = 0; i < n; i++)
			polled[i].fd = fds[i], polled[i].events = POLLIN;
		poll(polled, n, sonde_clock_left_ms(sonde_drive_deadline(drive)));
		turn = sonde_drive_turn(drive, &e);
		while (sonde_ping_next_event(&ping, &event))
			puts(event.kind == SONDE_PING_REPLY ? sonde_duration_format(text, event.rtt_ns) : "no answer");
	}
	sonde_drive_close(drive);
	sonde_session_close(session);
	return turn < 0 ? fprintf(stderr, "ping: %s\n", e.what), 3 : ping.targets[0].received == 0;
}

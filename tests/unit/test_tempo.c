/* The pace that is found out: it rises while the same share is answered, and falls when answers are missing for good,
 * not when they are late. */
#include "probe/tempo.h"

#include "tests/unit/unit.h"

#define START  (1000 * SONDE_S)
#define WINDOW (5 * SONDE_MS)
#define EACH   100 /* packets in a window */

/* What a window's packets and answers do: send them at its beginning, of which so many are answered at once. Returns
 * its number. */
static uint64_t send_window(struct sonde_tempo *t, unsigned answered, sonde_time now)
{
	uint64_t window = 0;
	for (unsigned i = 0; i < EACH; i++) {
		window = sonde_tempo_sent(t, now);
		if (i < answered)
			sonde_tempo_answered(t, window);
	}
	return window;
}

/* Five windows without a loss; the next one begins at the time that is returned. */
static sonde_time warm_up(struct sonde_tempo *t)
{
	sonde_time now = START;
	sonde_tempo_init(t, 0, START);
	for (unsigned i = 0; i < 5; i++, now += WINDOW) {
		send_window(t, EACH, now);
		sonde_tempo_judge(t, 0, now);
	}
	return now;
}

static void rises(void **state)
{
	struct sonde_tempo t;
	(void)state;
	sonde_tempo_init(&t, 0, START);
	double first = t.rate;
	warm_up(&t);
	assert_true(t.rate > first);
	assert_true(t.ceiling <= 0);
}

/* A window lacks half of its answers when the one behind it is sent. */
static sonde_time lack(struct sonde_tempo *t, uint64_t *window)
{
	sonde_time now = warm_up(t);
	*window = send_window(t, EACH / 2, now);
	sonde_tempo_judge(t, 0, now);
	now += WINDOW;
	send_window(t, EACH, now);
	return now;
}

static void late_answers_are_no_loss(void **state)
{
	struct sonde_tempo t;
	uint64_t window;
	(void)state;
	sonde_time ended_at = lack(&t, &window);
	double rate = t.rate;
	sonde_tempo_judge(&t, 0, ended_at + 10 * SONDE_MS);
	assert_true(t.rate >= rate);
	for (unsigned i = 0; i < EACH / 2; i++)
		sonde_tempo_answered(&t, window);
	sonde_tempo_judge(&t, 0, ended_at + 30 * SONDE_MS);
	assert_true(t.rate >= rate);
	assert_true(t.ceiling <= 0);
}

static void answers_that_never_come_are_one(void **state)
{
	struct sonde_tempo t;
	uint64_t window;
	(void)state;
	sonde_time ended_at = lack(&t, &window);
	double rate = t.rate;
	sonde_tempo_judge(&t, 0, ended_at + 30 * SONDE_MS);
	assert_true(t.rate < rate * 0.6);
	assert_true(t.ceiling > 0);
}

/* What this machine dropped itself needs no answers to tell; twice in a moment is once. */
static void own_losses_count_at_once(void **state)
{
	struct sonde_tempo t;
	(void)state;
	sonde_time now = warm_up(&t);
	double rate = t.rate;
	sonde_tempo_lost(&t, now);
	sonde_tempo_lost(&t, now + SONDE_MS);
	assert_true(t.rate < rate * 0.6 && t.rate > rate * 0.4);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, rises);
	UNIT_TEST(&u, late_answers_are_no_loss);
	UNIT_TEST(&u, answers_that_never_come_are_one);
	UNIT_TEST(&u, own_losses_count_at_once);
	return unit_run(&u, "tempo");
}

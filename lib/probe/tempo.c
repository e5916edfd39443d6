#include "probe/tempo.h"

#define FIRST_RATE  10000.0          /* packets a second */
#define LEAST_RATE  100.0
#define BLIND_RATE  30000.0          /* the highest where nothing is answered: nothing tells what is lost */
#define WINDOW_NS   (5 * SONDE_MS)
#define SETTLE_NS   (3 * SONDE_MS)   /* what an answer may take longer than usual, */
#define LATE_NS     (15 * SONDE_MS)  /* and how much longer before a lower share counts as a loss */
#define REST_NS     (20 * SONDE_MS)  /* the rate does not fall twice for one loss */
#define CERTAIN     16.0             /* square of the standard deviations by which a share counts as lower */
#define TELLING     24               /* answers of a window by which a loss of all of them would show */

static struct sonde_tempo_window *window_of(struct sonde_tempo *t, uint64_t number)
{
	return &t->windows[number % SONDE_TEMPO_WINDOWS];
}

void sonde_tempo_init(struct sonde_tempo *t, uint64_t most_pps, sonde_time now)
{
	*t = (struct sonde_tempo){ .rate = FIRST_RATE, .most = (double)most_pps };
	if (t->most > 0 && t->rate > t->most)
		t->rate = t->most;
	t->windows[0] = (struct sonde_tempo_window){ .began_at = now, .rate = t->rate };
}

uint64_t sonde_tempo_sent(struct sonde_tempo *t, sonde_time now)
{
	if (now >= window_of(t, t->window)->began_at + WINDOW_NS) {
		t->window++;
		*window_of(t, t->window) = (struct sonde_tempo_window){ .began_at = now, .rate = t->rate };
	}
	window_of(t, t->window)->sent++;
	return t->window;
}

void sonde_tempo_answered(struct sonde_tempo *t, uint64_t window)
{
	if (window <= t->window && window >= t->judged && t->window - window < SONDE_TEMPO_WINDOWS)
		window_of(t, window)->answered++;
}

static void set_rate(struct sonde_tempo *t, double rate)
{
	if (rate < LEAST_RATE)
		rate = LEAST_RATE;
	if (t->most > 0 && rate > t->most)
		rate = t->most;
	t->rate = rate;
}

static void fall(struct sonde_tempo *t, double lost_at, sonde_time now)
{
	if (t->fell_at && now - t->fell_at < REST_NS)
		return;
	t->fell_at = now;
	t->ceiling = lost_at;
	set_rate(t, t->rate / 2);
}

void sonde_tempo_lost(struct sonde_tempo *t, sonde_time now)
{
	fall(t, t->rate, now);
}

/* Doubled until something was lost; from then on in small steps, and below the rate at which that was. Only what was
 * really sent so fast shows that it can be. */
static void rise(struct sonde_tempo *t, const struct sonde_tempo_window *w, sonde_time lasted)
{
	const double near = 0.8, real = (double)w->sent * (double)SONDE_S / (double)lasted;
	if (real > t->top && w->answered >= TELLING)
		t->top = real;
	if (w->rate < t->rate * near || real < t->rate * near)
		return;
	double rate = t->ceiling > 0 ? t->rate * 1.1 : t->rate * 2;
	if (t->ceiling > 0 && rate > t->ceiling * near)
		rate = t->ceiling * near > t->rate ? t->ceiling * near : t->rate;
	if (t->answered <= 0 && rate > BLIND_RATE)
		rate = t->rate > BLIND_RATE ? t->rate : BLIND_RATE;
	set_rate(t, rate);
}

/* Whether fewer were answered than chance explains, at the share of the windows before. */
static bool lacks_answers(const struct sonde_tempo *t, const struct sonde_tempo_window *w)
{
	double share = t->sent > 0 ? t->answered / t->sent : 0;
	double expected = share * w->sent, missing = expected - w->answered - 1;
	return missing > 0 && missing * missing > CERTAIN * (expected * (1 - share) + 1);
}

void sonde_tempo_judge(struct sonde_tempo *t, sonde_time usual_ns, sonde_time now)
{
	if (t->window - t->judged >= SONDE_TEMPO_WINDOWS)
		t->judged = t->window - SONDE_TEMPO_WINDOWS + 1;
	for (; t->judged < t->window; t->judged++) {
		const struct sonde_tempo_window *w = window_of(t, t->judged);
		sonde_time ended_at = window_of(t, t->judged + 1)->began_at;
		if (ended_at + usual_ns + SETTLE_NS > now)
			return;
		if (lacks_answers(t, w)) {
			/* They may be late: a machine was busy with something else. */
			if (ended_at + usual_ns + LATE_NS > now)
				return;
			fall(t, w->rate, now);
			continue;
		}
		t->sent += w->sent;
		t->answered += w->answered;
		rise(t, w, ended_at - w->began_at);
	}
}

void sonde_tempo_hold(struct sonde_tempo *t)
{
	t->sent = t->answered = 0;
	t->most = t->rate;
	t->judged = t->window + 1;
	t->window++;
	*window_of(t, t->window) =
		(struct sonde_tempo_window){ .began_at = t->windows[(t->window - 1) % SONDE_TEMPO_WINDOWS].began_at,
					     .rate = t->rate };
}

void sonde_tempo_resume(struct sonde_tempo *t, uint64_t rate, bool holds, sonde_time now)
{
	if (rate)
		set_rate(t, (double)rate);
	t->windows[0] = (struct sonde_tempo_window){ .began_at = now, .rate = t->rate };
	if (holds)
		sonde_tempo_hold(t);
}

sonde_time sonde_tempo_gap(const struct sonde_tempo *t)
{
	return (sonde_time)((double)SONDE_S / t->rate);
}

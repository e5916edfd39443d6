/* The times of frames in text for people. */
#include <string.h>

#include "tools/read/print.h"

/* The date of a second, which the packets of one second share. */
static const char *date_of(struct print_clock *c, time_t second)
{
	struct tm tm;
	if (c->date[0] && c->date_second == second)
		return c->date;
	if (c->stamp == READ_UTC)
		gmtime_r(&second, &tm);
	else
		localtime_r(&second, &tm);
	strftime(c->date, sizeof c->date, "%F %T", &tm);
	c->date_second = second;
	return c->date;
}

/* Lines of one day have the time of day alone. */
static void print_date(struct print_clock *c, struct sonde_text *out, time_t second, bool whole)
{
	const size_t day_len = strlen("2000-01-01");
	const char *date = date_of(c, second);
	if (!c->first_day[0])
		memcpy(c->first_day, date, sizeof c->first_day);
	bool same_day = strncmp(date, c->first_day, day_len) == 0;
	sonde_text_str(out, same_day && !whole ? date + day_len + 1 : date);
}

void print_clock(struct print_clock *c, struct sonde_text *out, sonde_time t, bool whole)
{
	char text[SONDE_TIME_STRLEN];
	time_t second = (time_t)(t / SONDE_S);
	sonde_time rest = t % SONDE_S;
	if (rest < 0)
		rest += SONDE_S, second--;
	if (c->stamp == READ_UTC || c->stamp == READ_LOCAL) {
		print_date(c, out, second, whole);
		sonde_text_char(out, '.');
		sonde_text_padded(out, (uint64_t)rest, 9);
	} else if (c->stamp == READ_EPOCH) {
		sonde_text_str(out, sonde_time_format(text, t));
	} else {
		/* What a file says of times may be anything: the difference may not fit, and wraps. */
		sonde_time before = !c->any ? t : c->stamp == READ_DELTA ? c->last : c->first;
		sonde_text_str(out, sonde_time_format(text, (sonde_time)((uint64_t)t - (uint64_t)before)));
	}
	sonde_text_char(out, ' ');
}

void print_clock_passed(struct print_clock *c, const struct sonde_record *rec)
{
	if (rec->timeless)
		return;
	if (!c->any)
		c->first = rec->time;
	c->last = rec->time;
	c->any = true;
}

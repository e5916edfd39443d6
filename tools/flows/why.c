/* sonde flows --why: what each flow waited for. */
#include <inttypes.h>

#include "tools/flows/flows.h"
#include "tools/common/units.h"

/* The side that ended a stall is the server. */
static bool by_server(const struct flow_row *row, const struct sonde_stall *s)
{
	return s->side == (row->r.flipped ? 0 : 1);
}

/* What a stall was, in plain words; the length stands in its place. */
static void say(char out[static 160], const struct flow_row *row, const struct sonde_stall *s)
{
	char span[UNITS_STRLEN];
	const char *who = by_server(row, s) ? "server" : "client", *other = by_server(row, s) ? "client" : "server";
	units_duration(span, s->duration);
	switch ((enum sonde_stall_cause)s->cause) {
	case SONDE_STALL_WINDOW:
		snprintf(out, 160, "the %s's window was closed for %s", row->r.proto == 6 ? who : other, span);
		break;
	case SONDE_STALL_TIMEOUT: snprintf(out, 160, "the %s sent again after %s without an answer", who, span); break;
	case SONDE_STALL_FAST: snprintf(out, 160, "the %s sent again after %s: a segment was lost", who, span); break;
	case SONDE_STALL_PATH: snprintf(out, 160, "the acknowledgement of the %s came after %s", who, span); break;
	default:
		if (s->asked && by_server(row, s))
			snprintf(out, 160, "the server thought for %s before answering", span);
		else
			snprintf(out, 160, "the %s was silent for %s", who, span);
	}
}

void flows_print_why(struct flows_printer *p, const struct flow_row *row)
{
	const struct sonde_flow_stalls *stalls = row->r.stalls;
	const struct sonde_stall *longest = stalls ? sonde_stall_longest(stalls) : NULL;
	char text[160], span[UNITS_STRLEN];
	(void)p;
	if (!longest)
		return;
	say(text, row, longest);
	printf("  %s (frames %" PRIu64 " and %" PRIu64 ")", text, longest->frame_before, longest->frame);
	if (stalls->n > 1) {
		const char *before = "; in all";
		for (unsigned cause = 0; cause < SONDE_STALL_CAUSES; cause++) {
			if (!stalls->sums[cause])
				continue;
			printf("%s %s %s", before, sonde_stall_name((enum sonde_stall_cause)cause),
			       units_duration(span, stalls->sums[cause]));
			before = ",";
		}
	}
	putchar('\n');
}

void flows_json_why(struct json *j, const struct flow_row *row)
{
	const struct sonde_flow_stalls *stalls = row->r.stalls;
	char time[SONDE_TIME_STRLEN];
	if (!stalls)
		return;
	json_array(j, "stalls");
	for (unsigned i = 0; i < SONDE_STALLS; i++) {
		const struct sonde_stall *s = &stalls->longest[i];
		if (!s->duration)
			continue;
		json_object(j, NULL);
		json_str(j, "start", sonde_time_format(time, s->start));
		json_int(j, "dur_ns", s->duration);
		json_str(j, "side", by_server(row, s) ? "resp" : "orig");
		json_str(j, "cause", sonde_stall_name((enum sonde_stall_cause)s->cause));
		json_array(j, "frames");
		json_uint(j, NULL, s->frame_before);
		json_uint(j, NULL, s->frame);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
	json_uint(j, "n_stalls", stalls->n);
}

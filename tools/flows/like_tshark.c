/* Flows as tshark's tables of conversations (-z conv,tcp and -z conv,udp): frames and frame bytes, A the sender of the
 * first packet. */
#include <inttypes.h>
#include <string.h>

#include "base/span.h"
#include "tools/flows/flows.h"

static void begin(struct flows_printer *p)
{
	(void)p;
	printf("%58s |       <-      | |       ->      | |     Total     |    Relative    |   Duration   |\n", "");
	printf("%58s | Frames  Bytes | | Frames  Bytes | | Frames  Bytes |      Start     |              |\n", "");
}

static void print_count(uint64_t frames, uint64_t bytes)
{
	printf(" %7" PRIu64 " %" PRIu64 " bytes", frames, bytes);
}

static void print_row(struct flows_printer *p, const struct flow_row *row)
{
	const struct sonde_flow_report *r = &row->r;
	bool flipped = *r->history == '^';
	const struct sonde_report_side *a = flipped ? &r->resp : &r->orig, *b = flipped ? &r->orig : &r->resp;
	char left[SONDE_ENDPOINT_STRLEN], right[SONDE_ENDPOINT_STRLEN];
	if (r->proto != 6 && r->proto != 17)
		return;
	printf("%-26s <-> %-26s", sonde_endpoint_format(left, &a->end), sonde_endpoint_format(right, &b->end));
	print_count(b->packets, b->frame_bytes);
	print_count(a->packets, a->frame_bytes);
	print_count(a->packets + b->packets, a->frame_bytes + b->frame_bytes);
	printf("  %15.9f %14.4f\n", (double)sonde_time_since(r->first, p->first) / 1e9,
	       (double)sonde_time_since(r->last, r->first) / 1e9);
}

const struct flows_form_row flows_print_tshark = { "tshark", begin, print_row, NULL };

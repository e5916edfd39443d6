/* Pictures as SVG (W3C, SVG 1.1): lines, text and what a reader of the screen says. One style for print and for dark
 * screens; no script, and all text is text. */
#ifndef SONDE_TOOLS_FLOWS_SVG_H
#define SONDE_TOOLS_FLOWS_SVG_H

#include <stdio.h>

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

/* Begin a picture of this size, in pixels; title and description are for readers of the screen. */
void svg_begin(FILE *out, double width, double height, const char *title, const char *description);
void svg_end(FILE *out);

/* Classes: axis, grid, seg, again, ack, edge, sack, host, link, mark; of text besides: head, small, label. */
void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);
void svg_text(FILE *out, const char *class, double x, double y, enum svg_anchor anchor, const char *text);
/* The same, turned about its place by degrees. */
void svg_text_turned(FILE *out, const char *class, double x, double y, enum svg_anchor anchor, double degrees,
		     const char *text);
/* Text as it must stand in XML. */
void svg_escape(FILE *out, const char *text);

/* A step between the ticks of an axis, 1, 2 or 5 times a power of 10, so that about n of them fit into span. */
double svg_step(double span, int n);

#define SVG_LETTER 6.6 /* about how wide a letter is, in pixels */

#endif

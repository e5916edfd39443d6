#include "tools/flows/svg.h"

#include <math.h>

static const char style[] =
	"text{font:12px 'DejaVu Sans',Verdana,sans-serif;fill:#222}"
	".head{font-size:15px;font-weight:bold}.small{font-size:11px;fill:#555}.label{font-size:11px}"
	".mono{font:11px 'DejaVu Sans Mono',monospace}"
	"rect.page{fill:#fff}"
	"line,path{fill:none;stroke:#222;stroke-width:1}"
	".axis{stroke:#222}.grid{stroke:#ddd}"
	".seg{stroke:#1f5fa8;stroke-width:2}.again{stroke:#c8201c;stroke-width:3}.ack{stroke:#2a8a3c;stroke-width:1.4}"
	".edge{stroke:#b07800;stroke-width:1.2;stroke-dasharray:5 3}.sack{stroke:#8a3fb0;stroke-width:2}"
	".link{stroke:#1f5fa8;stroke-opacity:.55}.mark{stroke:#888;stroke-dasharray:2 3}"
	"circle{fill:#1f5fa8;stroke:#fff}polygon{fill:#1f5fa8}polygon.again{fill:#c8201c;stroke:none}"
	"text.again{fill:#c8201c;stroke:none}"
	"@media (prefers-color-scheme:dark){"
	"text{fill:#e6e6e6}.small{fill:#b0b0b0}rect.page{fill:#16181c}line,path,.axis{stroke:#e6e6e6}"
	".grid{stroke:#3a3d44}"
	".seg{stroke:#6fb0ff}.again{stroke:#ff6b66}.ack{stroke:#66d17c}.edge{stroke:#f0b840}.sack{stroke:#d18cff}"
	".link{stroke:#6fb0ff}.mark{stroke:#888}circle{fill:#6fb0ff;stroke:#16181c}polygon{fill:#6fb0ff}"
	"polygon.again{fill:#ff6b66}text.again{fill:#ff6b66;stroke:none}}";

void svg_escape(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '&': fputs("&amp;", out); break;
		case '"': fputs("&quot;", out); break;
		default: fputc(*text, out);
		}
	}
}

void svg_begin(FILE *out, double width, double height, const char *title, const char *description)
{
	fprintf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
		"width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-labelledby=\"t d\">\n",
		width, height, width, height);
	fputs("<title id=\"t\">", out);
	svg_escape(out, title);
	fputs("</title>\n<desc id=\"d\">", out);
	svg_escape(out, description);
	fprintf(out, "</desc>\n<style>%s</style>\n<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n", style);
}

void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
	fprintf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n", class, x1, y1, x2, y2);
}

void svg_text_turned(FILE *out, const char *class, double x, double y, enum svg_anchor anchor, double degrees,
		     const char *text)
{
	static const char *const anchors[] = { "start", "middle", "end" };
	fprintf(out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"", class, x, y, anchors[anchor]);
	if (degrees != 0)
		fprintf(out, " transform=\"rotate(%.1f %.1f %.1f)\"", degrees, x, y);
	fputc('>', out);
	svg_escape(out, text);
	fputs("</text>\n", out);
}

void svg_text(FILE *out, const char *class, double x, double y, enum svg_anchor anchor, const char *text)
{
	svg_text_turned(out, class, x, y, anchor, 0, text);
}

double svg_step(double span, int n)
{
	double least = span / n, power = pow(10, floor(log10(least)));
	if (!(least > 0))
		return 1;
	return least <= power ? power : least <= 2 * power ? 2 * power : least <= 5 * power ? 5 * power : 10 * power;
}

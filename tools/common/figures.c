#include "tools/common/figures.h"

bool figures_print(FILE *out, const char *title, const struct figure *figures, size_t n)
{
	bool any = false;
	for (size_t i = 0; i < n; i++) {
		if (figures[i].n)
			fprintf(out, "%s%llu %s", any ? ", " : title, (unsigned long long)figures[i].n,
				figures[i].what);
		any |= figures[i].n > 0;
	}
	return any;
}

/* Print the socket pairs of a capture, with their packets and bytes: pairs FILE. */
#include <sonde.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, SONDE_ENDS_TUPLE_LEN);
}

int main(int argc, char **argv)
{
	struct sonde_reader *reader;
	struct sonde_record rec;
	struct sonde_error e;
	struct sonde_ends *all = NULL;
	size_t n = 0, bytes = 0;

	if (argc != 2 || sonde_reader_open(&reader, argv[1], NULL, &e))
		return fprintf(stderr, "pairs: %s\n", argc == 2 ? e.what : "FILE expected"), 2;
	while (sonde_reader_next(&rec, reader, &e) == 1 && (all = reallocarray(all, n + 1, sizeof *all)))
		if (sonde_ends_read(&all[n], rec.bytes.data, (uint32_t)rec.bytes.len, rec.wire_len, rec.link))
			sonde_ends_sort(&all[n++]);
	qsort(all, n, sizeof *all, compare);
	for (size_t i = 0, first = 0; i < n; i++) {
		char line[200];
		struct sonde_text t = sonde_text(line, sizeof line);
		struct sonde_pair pair = sonde_ends_pair(&all[i]);
		bytes += all[i].ip_len;
		if (i + 1 < n && compare(&all[i], &all[i + 1]) == 0)
			continue;
		sonde_print_pair(&t, &pair, NULL);
		printf("%s: %zu packets, %zu bytes\n", line, i + 1 - first, bytes);
		first = i + 1;
		bytes = 0;
	}
	sonde_reader_close(reader);
	return 0;
}

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
	size_t n = 0, bytes;
	int got = 0;
	if (argc != 2 || sonde_reader_open(&reader, argv[1], NULL, &e))
		return fprintf(stderr, "pairs: %s\n", argc == 2 ? e.what : "FILE expected"), 2;
	while ((all = (struct sonde_ends *)reallocarray(all, n + 1, sizeof *all)) &&
	       (got = sonde_reader_next(&rec, reader, &e)) == 1)
		if (sonde_ends_read(&all[n], rec.bytes.data, (uint32_t)rec.bytes.len, rec.wire_len, rec.link))
			sonde_ends_sort(&all[n++]);
	if (!all || got < 0)
		return fprintf(stderr, "pairs: %s\n", all ? e.what : "out of memory"), 3;
	qsort(all, n, sizeof *all, compare);
	for (size_t i = 0, first = 0; i < n; first = i) {
		char line[200];
		struct sonde_text t = sonde_text(line, sizeof line);
		struct sonde_pair pair = sonde_ends_pair(&all[i]);
		for (bytes = 0; i < n && compare(&all[first], &all[i]) == 0; i++)
			bytes += all[i].ip_len;
		sonde_print_pair(&t, &pair, NULL);
		printf("%s: %zu packets, %zu bytes\n", line, i - first, bytes);
	}
	free(all);
	return sonde_reader_close(reader), 0;
}

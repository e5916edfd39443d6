/* Print the frames of a capture in the packet notation: dissect FILE. */
#include <sonde.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	static char line[1 << 20];
	struct sonde_reader *reader;
	struct sonde_record rec;
	struct sonde_packet p;
	struct sonde_error e;
	int got;

	if (argc != 2)
		return fputs("usage: dissect FILE\n", stderr), 2;
	if (sonde_reader_open(&reader, argv[1], NULL, &e))
		return fprintf(stderr, "dissect: %s\n", e.what), 2;
	while ((got = sonde_reader_next(&rec, reader, &e)) == 1) {
		struct sonde_text t = sonde_text(line, sizeof line);
		sonde_dissect(&p, rec.bytes.data, (uint32_t)rec.bytes.len, rec.wire_len,
			      (struct sonde_id){ SONDE_SPACE_LINK, rec.link });
		sonde_infer(&p);
		sonde_print(&t, &p);
		puts(line);
	}
	sonde_reader_close(reader);
	return got < 0 ? fprintf(stderr, "dissect: %s\n", e.what), 3 : 0;
}

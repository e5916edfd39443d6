/* Runs a fuzzer's entry over files, without libFuzzer: each file as it is and, when it is short, each beginning of
 * it. The bytes lie in memory of exactly their size, so that ASan sees a read past the end. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_INPUT (1 << 20)
#define MAX_CUT   2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void replay(const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	if (!exact)
		abort();
	memcpy(exact, data, len);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
}

static int replay_file(const char *path)
{
	static uint8_t data[MAX_INPUT];
	FILE *file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return 1;
	}
	size_t len = fread(data, 1, sizeof data, file);
	fclose(file);
	printf("%s: %zu bytes\n", path, len);
	fflush(stdout);
	replay(data, len);
	for (size_t cut = 0; cut < len && len <= MAX_CUT; cut++)
		replay(data, cut);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0;
	if (argc < 2) {
		fprintf(stderr, "usage: %s FILE...\n", argv[0]);
		return 2;
	}
	for (int i = 1; i < argc; i++)
		failed |= replay_file(argv[i]);
	return failed;
}

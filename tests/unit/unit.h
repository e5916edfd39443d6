/* What every unit test includes: cmocka with the headers it wants first, and tables whose rows are tests. */
#ifndef SONDE_TESTS_UNIT_H
#define SONDE_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define UNIT_MAX_TESTS 4096

/* The tests of one program. */
struct unit {
	struct CMUnitTest tests[UNIT_MAX_TESTS];
	size_t n;
};

/* Add a test; *state is row in it (NULL for none). The name is not copied. */
static inline void unit_add(struct unit *u, const char *name, CMUnitTestFunction test, const void *row)
{
	assert_true(u->n < UNIT_MAX_TESTS);
	u->tests[u->n++] =
		(struct CMUnitTest){ .name = name, .test_func = test, .initial_state = (void *)(uintptr_t)row };
}

/* Add a test that is a function, named as the function is. */
#define UNIT_TEST(u, function) unit_add(u, #function, function, NULL)

/* Add a test for each row of an array; rows have a member .name. */
#define UNIT_ROWS(u, function, rows)                                                                                   \
	do {                                                                                                           \
		for (size_t unit_i = 0; unit_i < sizeof(rows) / sizeof((rows)[0]); unit_i++)                           \
			unit_add(u, (rows)[unit_i].name, function, &(rows)[unit_i]);                                   \
	} while (0)

/* Run all that was added. Returns what main returns. */
static inline int unit_run(struct unit *u, const char *group)
{
	return _cmocka_run_group_tests(group, u->tests, u->n, NULL, NULL);
}

/* End a test that cannot run here, and say why. */
#define UNIT_SKIP(...)                                                                                                 \
	do {                                                                                                           \
		print_message("skip: " __VA_ARGS__);                                                                   \
		print_message("\n");                                                                                   \
		skip();                                                                                                \
	} while (0)

/* A stream of numbers for tests that want many values: the same in every run. */
static inline uint64_t unit_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 32 ^ *state << 32;
}

#endif

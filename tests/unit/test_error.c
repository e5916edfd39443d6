#include "base/error.h"

#include <errno.h>

#include "tests/unit/unit.h"

static const struct {
	int code;
	const char *text;
} ours[] = {
#define OUR_CODE(name, number, text) { name, text },
	SONDE_ERRORS(OUR_CODE)
#undef OUR_CODE
};

#define N_OURS (sizeof ours / sizeof ours[0])

static void codes_are_distinct_and_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_OURS; i++) {
		assert_true(ours[i].code < -4999);
		assert_string_equal(sonde_strerror(ours[i].code), ours[i].text);
		assert_true(strlen(ours[i].text) > 0);
		for (size_t j = 0; j < i; j++) {
			assert_int_not_equal(ours[i].code, ours[j].code);
			assert_string_not_equal(ours[i].text, ours[j].text);
		}
	}
}

static void other_codes_are_the_systems(void **state)
{
	(void)state;
	assert_string_equal(sonde_strerror(-EMSGSIZE), strerror(EMSGSIZE));
	assert_string_equal(sonde_strerror(-EPERM), "Operation not permitted");
	assert_non_null(sonde_strerror(0));
	assert_non_null(sonde_strerror(-4999));
	assert_non_null(sonde_strerror(-6000));
}

static void fail_fills_and_empties(void **state)
{
	struct sonde_error e;
	(void)state;
	memset(&e, 0x55, sizeof e);
	assert_int_equal(sonde_fail(&e, SONDE_E_UNKNOWN, "no field '%s'", "dprot"), SONDE_E_UNKNOWN);
	assert_int_equal(e.code, SONDE_E_UNKNOWN);
	assert_int_equal(e.layer, 0);
	assert_int_equal(e.column, -1);
	assert_int_equal(e.length, 0);
	assert_string_equal(e.what, "no field 'dprot'");
	assert_string_equal(e.hint, "");
	assert_int_equal(sonde_hint(&e, "did you mean '%s'?", "dport"), SONDE_E_UNKNOWN);
	assert_string_equal(e.hint, "did you mean 'dport'?");
	assert_string_equal(e.what, "no field 'dprot'");
}

static void long_texts_are_cut(void **state)
{
	struct sonde_error e;
	(void)state;
	sonde_fail(&e, -EINVAL, "%0500d", 0);
	sonde_hint(&e, "%0500d", 0);
	assert_int_equal(strlen(e.what), SONDE_ERROR_WHAT - 1);
	assert_int_equal(strlen(e.hint), SONDE_ERROR_HINT - 1);
}

static void nobody_has_to_ask_why(void **state)
{
	(void)state;
	assert_int_equal(sonde_fail(NULL, -EINVAL, "no"), -EINVAL);
	assert_int_equal(sonde_hint(NULL, "no"), 0);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, codes_are_distinct_and_told);
	UNIT_TEST(&u, other_codes_are_the_systems);
	UNIT_TEST(&u, fail_fills_and_empties);
	UNIT_TEST(&u, long_texts_are_cut);
	UNIT_TEST(&u, nobody_has_to_ask_why);
	return unit_run(&u, "error");
}

/* status: every code has words and an exit code; the first reason stays; the sentence. */
#include "base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static enum status two_steps(enum status first)
{
    TRY(first);
    return ERR_BUG;
}

static void test_codes(void **state)
{
    (void)state;
    for (int code = OK; code <= ERR_BUG; code++) {
        assert_true(strlen(status_text((enum status)code)) > 3);
        assert_in_range(status_exit((enum status)code), 0, 5);
        assert_true((status_exit((enum status)code) == 0) == (code == OK));
    }
    assert_string_equal(status_text((enum status)99), "internal error");
    assert_int_equal(status_exit((enum status)99), 1);
    assert_int_equal(status_exit(ERR_POLICY), 3);
    assert_int_equal(status_exit(ERR_DENIED), 4);
    assert_int_equal(status_exit(ERR_LIMIT), 5);
    assert_int_equal(two_steps(ERR_IO), ERR_IO);
    assert_int_equal(two_steps(OK), ERR_BUG);
}

static void test_why(void **state)
{
    (void)state;
    char text[80];
    struct why why = {0};
    assert_int_equal(why_set(&why, ERR_INPUT, "unknown field", "candidate", 17), ERR_INPUT);
    assert_int_equal(why_hint(&why, ERR_IO, "later", "elsewhere", "nothing"), ERR_IO);
    why_print(&why, ERR_INPUT, "share", text, sizeof text);
    assert_string_equal(text, "share: unknown field in candidate at 17");
    why_print(NULL, ERR_DENIED, NULL, text, sizeof text);
    assert_string_equal(text, "not authorised");
    why = (struct why){0};
    (void)why_hint(&why, ERR_VERSION, "too old", "library", "update the client");
    why_print(&why, ERR_VERSION, "pull", text, sizeof text);
    assert_string_equal(text, "pull: too old in library: update the client");
    why_print(&why, ERR_VERSION, "pull", text, 8);
    assert_string_equal(text, "pull: t");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_codes), cmocka_unit_test(test_why)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

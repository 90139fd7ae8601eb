/* clock: a clock that stands, and its words. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_clock(void **state)
{
    (void)state;
    int64_t now = 1795465744999;
    struct clock clock = clock_fixed(&now);
    char text[CLOCK_TEXT], epoch[CLOCK_EPOCH];
    assert_int_equal(clock_seconds(clock), 1795465744);
    clock_text(clock_seconds(clock), text);
    assert_string_equal(text, "2026-11-23T20:29:04Z");
    clock_epoch(clock_seconds(clock), epoch);
    assert_string_equal(epoch, "2026-11");
    now += 1;
    assert_int_equal(clock_seconds(clock), 1795465745);
    clock_text(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    clock_text(INT64_MAX, text);
    assert_string_equal(text, "");
    assert_true(clock_ms(clock_system()) > 1700000000000);
    uint64_t before = clock_ticks();
    assert_true(clock_ticks() >= before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clock)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* log: one line an event, the fields of its row and no others, silence below the level and before the start. */
#include "base/log.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static int64_t now = 1795465744000;
static int ends[2];

static void expect(const char *line)
{
    char text[300] = "";
    ssize_t size = read(ends[0], text, sizeof text - 1);
    assert_string_equal(size > 0 ? text : "", line);
}

static void test_lines(void **state)
{
    (void)state;
    const uint8_t id[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    struct log_fields fields = {.count = 7, .bytes = 4096, .micros = 812, .id = id, .status = ERR_DENIED};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    log_event(LOG_STARTED, fields);
    expect("");
    log_start("vault", LOG_NOTICE, clock_fixed(&now), ends[1]);
    log_event(LOG_ADMIT_ACCEPTED, fields);
    expect("2026-11-23T20:29:04Z vault admit.accepted bytes=4096 micros=812 device=0123456789abcdef\n");
    log_event(LOG_FRAME_REFUSED, fields);
    expect("2026-11-23T20:29:04Z vault frame.refused count=7 status=not-authorised\n");
    log_event(LOG_ENROLLED, (struct log_fields){0});
    expect("2026-11-23T20:29:04Z vault enrolled\n");
    log_event(LOG_REQUEST, fields);
    log_event(LOG_EVENTS, fields);
    expect("");
    log_start("gate", LOG_DEBUG, clock_fixed(&now), ends[1]);
    log_event(LOG_REQUEST, (struct log_fields){.count = UINT64_MAX, .bytes = UINT64_MAX, .micros = UINT64_MAX});
    expect("2026-11-23T20:29:04Z gate request count=18446744073709551615 bytes=18446744073709551615 "
           "micros=18446744073709551615\n");
    for (int event = 0; event < LOG_EVENTS; event++)
        assert_non_null(log_event_name((enum log_event)event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

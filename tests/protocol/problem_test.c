/* Problem documents: every status survives the way, inner failures look alike, and what is not ours says nothing. */
#include "protocol/problem.h"

#include "tests/protocol/samples.h"

static void test_every_status(void **state)
{
    (void)state;
    for (unsigned code = ERR_USAGE; code <= ERR_BUG; code++) {
        enum status status = (enum status)code;
        bool inner = status == ERR_IO || status == ERR_CORRUPT || status == ERR_MEMORY || status == ERR_BUG;
        SCOPED_BUF struct buf text;
        buf_init(&text);
        ok(problem_encode(status, NULL, &text));
        assert_int_equal(problem_http(status) == 500, inner);
        assert_int_equal(problem_decode(buf_bytes(&text), problem_http(status)), inner ? ERR_UNAVAILABLE : status);
        assert_int_equal(problem_decode(buf_bytes(&text), 418), ERR_UNAVAILABLE);
    }
    assert_int_equal(problem_http(OK), 200);
    assert_int_equal(problem_http((enum status)99), 500);
}

static void test_text(void **state)
{
    (void)state;
    SCOPED_BUF struct buf text;
    buf_init(&text);
    ok(problem_encode(ERR_DENIED, "no such device", &text));
    assert_string_equal(buf_text(&text), "{\"detail\":\"no such device\",\"status\":403,\"title\":\"not authorised\","
                                         "\"type\":\"urn:chatham:problem:denied\"}");
}

static void test_inner_failures_look_alike(void **state)
{
    (void)state;
    SCOPED_BUF struct buf one, other;
    buf_init(&one);
    buf_init(&other);
    ok(problem_encode(ERR_CORRUPT, NULL, &one));
    ok(problem_encode(ERR_MEMORY, NULL, &other));
    assert_true(bytes_equal(buf_bytes(&one), buf_bytes(&other)));
}

static void test_not_ours(void **state)
{
    (void)state;
    static const char *const bodies[] = {"",
                                         "<html>",
                                         "{}",
                                         "[]",
                                         "{\"type\":7}",
                                         "{\"type\":\"about:blank\"}",
                                         "{\"type\":\"urn:chatham:problem:denie\"}",
                                         "{\"type\":\"urn:chatham:problem:"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++)
        assert_int_equal(problem_decode(bytes_str(bodies[i]), 403), ERR_UNAVAILABLE);
    assert_int_equal(problem_decode(bytes_str("{\"type\":\"urn:chatham:problem:denied\"}"), 403), ERR_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_status), cmocka_unit_test(test_text),
                                       cmocka_unit_test(test_inner_failures_look_alike),
                                       cmocka_unit_test(test_not_ours)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The self-test passes, says so quickly, and an allocation that fails is not called a wrong answer. */
#include "crypto/selftest.h"

#include "base/clock.h"
#include "tests/crypto/hex.h"

static void passes(void **state)
{
    (void)state;
    struct why why = {0};
    uint64_t start = clock_ticks();
    enum status status = crypto_selftest(&why);
    print_message("%s, %lu microseconds\n", why.where ? why.where : "all good", (unsigned long)(clock_ticks() - start));
    assert_int_equal(status, OK);
}

static void allocation_failures(void **state)
{
    (void)state;
    size_t failures = 0;
    for (enum status status = ERR_MEMORY; status != OK; failures++) {
        mem_fail_after(failures + 1);
        status = crypto_selftest(NULL);
        mem_fail_after(0);
        assert_true(status == OK || status == ERR_MEMORY);
        assert_true(failures < 1000);
    }
    assert_true(failures > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(passes), cmocka_unit_test(allocation_failures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

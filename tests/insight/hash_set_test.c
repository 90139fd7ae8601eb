/* A set holds what was added and nothing else, 0 too, and is unharmed by a failed allocation. */
#include "tests/insight/candidates.h"

#include "insight/hash_set.h"

static void test_holds_what_was_added(void **state)
{
    (void)state;
    struct hash_set set = {0};
    assert_false(hash_set_has(&set, 7));
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(hash_set_add(&set, i * i << 20), OK); /* 0 among them; many share their low bits */
    assert_int_equal(hash_set_add(&set, 9u << 20), OK);        /* again */
    assert_int_equal(set.count, 1000);
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(hash_set_has(&set, i * i << 20));
    assert_false(hash_set_has(&set, 2u << 20));
    hash_set_free(&set);
    assert_false(hash_set_has(&set, 9u << 20));
}

static void test_out_of_memory(void **state)
{
    (void)state;
    struct hash_set set = {0};
    EACH_ALLOCATION_FAILS(hash_set_add(&set, 5));
    assert_true(hash_set_has(&set, 5));
    assert_int_equal(set.count, 1);
    hash_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_holds_what_was_added),
                                       cmocka_unit_test(test_out_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

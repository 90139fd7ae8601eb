/* A policy of mode `dp` is audited as itself by whole rounds; of a large ε, which takes few colluders. */
#include "tests/audits/private_policy.h"

static void by_whole_rounds(void **state)
{
    (void)state;
    audited_as_itself(&attack_epsilon_release, "epsilon.release", 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_whole_rounds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

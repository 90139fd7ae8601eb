/* A restore, with a sample of faults. */
#include "tests/faults/restore.h"

static void a_restore_stands_a_sample_of_faults(void **state)
{
    (void)state;
    restore_stands_faults(29);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_restore_stands_a_sample_of_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

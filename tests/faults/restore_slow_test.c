/* A restore, with every faults. */
#include "tests/faults/restore.h"

static void a_restore_stands_every_faults(void **state)
{
    (void)state;
    restore_stands_faults(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_restore_stands_every_faults)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

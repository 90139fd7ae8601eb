/* Twelve thousand generated attacks on the walls between tenants: isolation_test.c at length. */
#include "tests/server/isolation.h"

int main(void)
{
    return isolation_run((struct isolation_size){.attempts = 10000, .lies = 2000, .swapped = 150});
}

/* A thousand generated attacks on the walls between tenants; isolation_slow_test.c makes more of the same. */
#include "tests/server/isolation.h"

int main(void)
{
    return isolation_run((struct isolation_size){.attempts = 1000, .lies = 40, .swapped = 6});
}

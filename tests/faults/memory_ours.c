/* Under a sanitizer: what base/bytes.h hands out. */
#include "base/bytes.h"
#include "tests/faults/memory.h"

void memory_arm(size_t n)
{
    mem_fail_after(n);
}

size_t memory_mend(void)
{
    return mem_fail_after(0);
}

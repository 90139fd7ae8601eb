/* Policies from a server or an operator. */
#include "protocol/policy.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    SCOPED_BUF struct buf again = {0};
    struct why why = {0};
    struct policy record;
    if (policy_decode(input, &record, &why) != OK)
        return 0;
    must_be_same(input, policy_encode(&record, &again), &again);
    return 0;
}

/* Statements of charges that a member was given, or an operator. */
#include "protocol/charge.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    SCOPED_BUF struct buf again = {0};
    struct why why = {0};
    struct charge record;
    if (charge_decode(input, &record, &why) != OK)
        return 0;
    must_be_same(input, charge_encode(&record, &again), &again);
    return 0;
}

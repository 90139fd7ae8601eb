/* What the log's entries of charges open to. */
#include "ledger/anchor.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    SCOPED_BUF struct buf again = {0};
    struct ledger_anchor anchor;
    if (ledger_anchor_decode(input, &anchor) != OK)
        return 0;
    must_be_same(input, ledger_anchor_encode(&anchor, &again), &again);
    return 0;
}

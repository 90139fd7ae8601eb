/* What a server says of its backups. */
#include "protocol/durable.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    SCOPED_BUF struct buf again = {0};
    struct why why = {0};
    struct durable record;
    if (durable_decode(input, &record, &why) != OK)
        return 0;
    must_be_same(input, durable_encode(&record, &again), &again);
    return 0;
}

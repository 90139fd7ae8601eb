/* The library's document. */
#include "protocol/library.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    SCOPED_BUF struct buf again = {0};
    struct why why = {0};
    struct library record;
    if (library_decode(input, &record, &why) != OK)
        return 0;
    must_be_same(input, library_encode(&record, &again), &again);
    library_free(&record);
    return 0;
}

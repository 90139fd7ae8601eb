/* The list of witnesses. */
#include "protocol/witness.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    struct witnesses list;
    uint8_t device[ID_BYTES];
    char name[WITNESS_NAME_MAX];
    SCOPED_BUF struct buf again = {0};
    if (witness_device(input, device) == OK) {
        witness_name(device, name);
        INVARIANT(bytes_is(input, name));
    }
    if (witnesses_decode(input, &list, NULL) != OK)
        return 0;
    enum status encoded = witnesses_encode(&list, &again);
    must_be_same(input, encoded, &again);
    witnesses_free(&list);
    return 0;
}

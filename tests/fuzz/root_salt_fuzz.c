/* S/root.salt: what is taken must stay within the bounds that keep a server from being asked for all of its memory. */
#include "server/root_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct key_passphrase_params params;
    if (root_salt_decode(bytes_of(data, size), &params, NULL) == OK)
        INVARIANT(params.memory_kib >= 8 && params.memory_kib <= 4u * 1024 * 1024 && params.passes >= 1 &&
                  params.passes <= 64);
    return 0;
}

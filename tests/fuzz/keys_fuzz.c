/* Wrapped keys and boxes from a stranger's disk: only what was made under the key (the corpus has one of each) opens.
 */
#include "crypto/keys.h"

static struct secret key;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_SECRET struct secret got = {0};
    SCOPED_BUF struct buf out = {0};
    struct bytes input = bytes_of(data, size);
    if (!key.data) {
        INVARIANT(secret_new(&key, KEY_BYTES) == OK);
        memset(key.data, 1, key.size);
    }
    enum status unwrapped = key_unwrap(&key, "tenant:7", 3, input, &got);
    INVARIANT(unwrapped == ERR_DENIED || (unwrapped == OK && got.size == KEY_BYTES && got.data[0] == 2));
    enum status opened = box_open(&key, bytes_str("row 1"), input, &out);
    INVARIANT(opened == ERR_DENIED ? out.size == 0 : opened == OK && bytes_is(buf_bytes(&out), "a record"));
    return 0;
}

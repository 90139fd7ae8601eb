/* inflate: never over the bound; what comes out can be packed again. */
#include "base/inflate.h"

#define MOST 100000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUF struct buf plain = {0}, packed = {0}, again = {0}, part = {0};
    bool some = inflate_part(bytes_of(data, size), MOST, &part) == OK;
    INVARIANT(part.size <= MOST && some == (part.size > 0));
    enum status status = inflate_gzip(bytes_of(data, size), MOST, &plain);
    INVARIANT(plain.size <= MOST && (status == OK || plain.size == 0));
    if (status != OK)
        return 0;
    INVARIANT(deflate_gzip(buf_bytes(&plain), &packed) == OK);
    INVARIANT(inflate_gzip(buf_bytes(&packed), plain.size, &again) == OK);
    INVARIANT(bytes_equal(buf_bytes(&plain), buf_bytes(&again)));
    return 0;
}

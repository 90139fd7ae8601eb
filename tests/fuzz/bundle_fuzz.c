/* Bundles of the library, decoded and checked against a federation that signed none of them. */
#include "protocol/library.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct federation federation;
    static const struct checkpoint nothing;
    struct library_bundle bundle;
    struct checkpoint now;
    struct why why = {0};
    if (library_bundle_decode(bytes_of(data, size), &bundle, NULL) != OK)
        return 0;
    SCOPED_BUF struct buf again = {0};
    struct library_bundle second;
    INVARIANT(library_bundle_encode(&bundle, &again) == OK);
    INVARIANT(library_bundle_decode(buf_bytes(&again), &second, NULL) == OK);
    INVARIANT(bytes_equal(buf_bytes(&bundle.document), buf_bytes(&second.document)));
    INVARIANT(library_bundle_check(&bundle, &federation, &nothing, &now, &why) == ERR_DENIED && why.what);
    library_bundle_free(&second);
    library_bundle_free(&bundle);
    return 0;
}

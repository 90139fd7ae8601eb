/* What every record promises to a fuzzer: what is decoded is written again as the very same bytes. */
#pragma once

#include "base/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must_be_same(struct bytes input, enum status encoded, const struct buf *again)
{
    INVARIANT(encoded == OK);
    INVARIANT(bytes_equal(input, buf_bytes(again)));
}

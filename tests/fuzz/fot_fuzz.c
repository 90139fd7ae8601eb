/* A file of the reference implementation's, or what pretends to be one: any bytes. */
#include <stdint.h>
#include <stdlib.h>

#include "audits/overlap/fot_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUF struct buf problem = {0};
    SCOPED_BUF struct buf book = {0};
    enum status status = fot_parse(bytes_of(data, size), &problem, &book);
    if (status == OK && !bytes_starts(buf_bytes(&book), "behavior_book:"))
        abort();
    return 0;
}

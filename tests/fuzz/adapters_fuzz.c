/* A manifest of adapters: any bytes. What is taken names files without a folder, and counts what it has. */
#include <stdint.h>
#include <stdlib.h>

#include "audits/reconstruction/foreign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct foreign foreign;
    if (foreign_read(bytes_of(data, size), &foreign, NULL) != OK)
        return 0;
    for (size_t i = 0; i < foreign.count; i++) {
        const struct foreign_adapter *item = &foreign.items[i];
        if (strchr(item->file, '/') || item->run >= foreign.runs || item->task >= foreign.tasks)
            abort();
    }
    foreign_free(&foreign);
    return 0;
}

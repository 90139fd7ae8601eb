/* An adapter's file, or what pretends to be one: any bytes. What is taken lies within the file, and a sketch of it is
 * finite or refused. */
#include <stdint.h>
#include <stdlib.h>

#include "audits/reconstruction/lora.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct safetensors file;
    float sketch[LORA_WIDTH];
    size_t bytes = 0;
    if (safetensors_read(bytes_of(data, size), &file, NULL) != OK)
        return 0;
    for (size_t i = 0; i < file.count; i++)
        bytes += file.items[i].data.size;
    if (bytes > size)
        abort();
    (void)!lora_sketch(&file, sketch, NULL);
    safetensors_free(&file);
    return 0;
}

/* What a language model's endpoint replies: any bytes. A number that is taken is one of those offered. */
#include <stdint.h>
#include <stdlib.h>

#include "audits/prompts/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUF struct buf answer = {0};
    size_t number = 0;
    bool read = model_reply(bytes_of(data, size), &answer) == OK;
    enum status status = model_number(read ? buf_bytes(&answer) : bytes_of(data, size), 10, &number);
    if ((status == OK) != (number >= 1 && number <= 10))
        abort();
    return 0;
}

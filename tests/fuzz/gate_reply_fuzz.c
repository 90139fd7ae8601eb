/* What the gate and the supervisor read from the vault: a reply's payload. What is read, written again, is the same. */
#include "server/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reply reply;
    struct message again = {0};
    struct bytes payload = bytes_of(data, size);
    if (reply_read(payload, &reply) != OK)
        return 0;
    INVARIANT(strnlen(reply.detail, sizeof reply.detail) < sizeof reply.detail);
    INVARIANT(reply.body.size <= size);
    if (reply_write(&again, reply.status, reply.detail, reply.body) == OK)
        INVARIANT(again.payload.size <= size &&
                  bytes_equal(bytes_part(buf_bytes(&again.payload), 0, 2), bytes_part(payload, 0, 2)));
    message_free(&again);
    return 0;
}

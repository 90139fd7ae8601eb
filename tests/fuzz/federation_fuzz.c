/* What a server says of itself, and its answer to an enrolment. */
#include "protocol/federation.h"

#include "tests/fuzz/record_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    SCOPED_BUF struct buf again = {0}, reply_again = {0};
    struct federation federation;
    struct enrol_reply reply;
    if (federation_decode(input, &federation, NULL) == OK) {
        must_be_same(input, federation_encode(&federation, &again), &again);
        federation_free(&federation);
    }
    if (enrol_reply_decode(input, &reply, NULL) == OK) {
        must_be_same(input, enrol_reply_encode(&reply, &reply_again), &reply_again);
        enrol_reply_free(&reply);
    }
    return 0;
}

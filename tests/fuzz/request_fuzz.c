/* Requests. The first byte chooses: a record, or a sealed answer as it stands. */
#include "protocol/request.h"

#include "tests/fuzz/record_fuzz.h"

static struct secret reply_private;
static uint8_t reply_key[HPKE_PUBLIC_BYTES];
static const uint8_t header[ENVELOPE_HEADER_BYTES];

static void try_record(struct bytes input)
{
    struct request request;
    SCOPED_BUF struct buf again = {0};
    enum status status = request_decode(input, &request, NULL);
    if (status == OK)
        must_be_same(input, request_encode(&request, &again), &again);
    INVARIANT(status == OK || request.csr_pem == NULL);
    request_free(&request);
}

static void try_answer(struct bytes input)
{
    SCOPED_BUF struct buf text, sealed = {0};
    buf_init_secret(&text);
    struct bytes about = bytes_of(header, sizeof header);
    INVARIANT(request_reply_open(&reply_private, about, input, &text) == ERR_DENIED && text.size == 0);
    INVARIANT(request_reply_seal(reply_key, about, input, &sealed) == OK);
    INVARIANT(request_reply_open(&reply_private, about, buf_bytes(&sealed), &text) == OK);
    INVARIANT(bytes_equal(buf_bytes(&text), input));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!reply_private.data)
        INVARIANT(hpke_keypair(&reply_private, reply_key) == OK);
    if (size > 0 && data[0] % 2 == 0)
        try_record(bytes_of(data + 1, size - 1));
    if (size > 0 && data[0] % 2 == 1)
        try_answer(bytes_of(data + 1, size - 1));
    return 0;
}

/* Enrolment. The first byte chooses: a token's text, a sealed request as it stands, or the inside of one, sealed here.
 */
#include "protocol/federation.h"

#include "tests/fuzz/record_fuzz.h"

static const uint8_t federation[FEDERATION_ID_BYTES];
static struct secret sealing;
static uint8_t sealing_key[HPKE_PUBLIC_BYTES];

static void try_token(struct bytes input)
{
    struct enrol_token token;
    SCOPED_BUF struct buf again = {0};
    if (enrol_token_decode(input, &token) == OK)
        must_be_same(input, enrol_token_encode(&token, &again), &again);
}

static void try_request(struct bytes input)
{
    struct enrol_request request;
    enum status status = enrol_request_open(input, federation, &sealing, &request);
    INVARIANT(status == OK ? request.csr_pem != NULL : request.csr_pem == NULL);
    enrol_request_free(&request);
}

static void try_inside(struct bytes input)
{
    static const uint8_t aad[FEDERATION_ID_BYTES + ID_BYTES];
    SCOPED_BUF struct buf sealed = {0}, request = {0};
    uint8_t enc[HPKE_ENC_BYTES];
    INVARIANT(hpke_seal(sealing_key, bytes_str("chatham/v1 enrol"), bytes_of(aad, sizeof aad), input, enc, &sealed) ==
              OK);
    buf_add(&request, bytes_of(aad + FEDERATION_ID_BYTES, ID_BYTES));
    buf_add(&request, bytes_of(enc, sizeof enc));
    buf_add(&request, buf_bytes(&sealed));
    try_request(buf_bytes(&request));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const tries[])(struct bytes) = {try_token, try_request, try_inside};
    if (!sealing.data)
        INVARIANT(hpke_keypair(&sealing, sealing_key) == OK);
    if (size > 0)
        tries[data[0] % 3](bytes_of(data + 1, size - 1));
    return 0;
}

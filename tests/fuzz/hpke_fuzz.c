/* HPKE: enc (32 bytes) and ciphertext from a stranger; and what is sealed opens to what it was. */
#include "crypto/hpke.h"

static struct secret key;
static uint8_t public_key[HPKE_PUBLIC_BYTES];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SCOPED_BUF struct buf out = {0}, sealed = {0};
    uint8_t enc[HPKE_ENC_BYTES];
    struct bytes input = bytes_of(data, size), info = bytes_str("info"), aad = bytes_str("aad");
    if (!key.data)
        INVARIANT(hpke_keypair(&key, public_key) == OK);
    if (size >= HPKE_ENC_BYTES) {
        INVARIANT(hpke_open(&key, data, info, aad, bytes_part(input, HPKE_ENC_BYTES, SIZE_MAX), &out) == ERR_DENIED);
        INVARIANT(out.size == 0);
    }
    INVARIANT(hpke_seal(public_key, info, aad, input, enc, &sealed) == OK);
    INVARIANT(hpke_open(&key, enc, info, aad, buf_bytes(&sealed), &out) == OK);
    INVARIANT(bytes_equal(buf_bytes(&out), input));
    return 0;
}

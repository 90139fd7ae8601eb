/* ChaCha20-Poly1305: RFC 8439's answer, and that nothing of a refused plaintext stays behind. */
#include "crypto/aead.h"

#include "tests/crypto/hex.h"

/* RFC 8439, section 2.8.2 */
static const char plaintext[] = "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
                                "future, sunscreen would be it.";
static const char sealed_hex[] =
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
    "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
    "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691";

static void setup(struct aead *aead, struct buf *aad)
{
    for (size_t i = 0; i < AEAD_KEY_BYTES; i++)
        aead->key[i] = (uint8_t)(0x80 + i);
    memcpy(aead->nonce, "\x07\0\0\0\x40\x41\x42\x43\x44\x45\x46\x47", AEAD_NONCE_BYTES);
    hex_to("50515253c0c1c2c3c4c5c6c7", aad);
}

static void known_answer(void **state)
{
    (void)state;
    struct aead aead;
    SCOPED_BUF struct buf aad = {0}, out = {0}, opened = {0};
    setup(&aead, &aad);
    assert_int_equal(aead_seal_to(&aead, buf_bytes(&aad), bytes_str(plaintext), &out), OK);
    assert_hex(buf_bytes(&out), sealed_hex);
    assert_int_equal(aead_open_to(&aead, buf_bytes(&aad), buf_bytes(&out), &opened), OK);
    assert_string_equal(buf_text(&opened), plaintext);
}

static void a_refused_plaintext_is_wiped(void **state)
{
    (void)state;
    struct aead aead;
    static const uint8_t zeros[sizeof plaintext];
    uint8_t out[sizeof plaintext] = {0};
    SCOPED_BUF struct buf aad = {0}, sealed = {0};
    setup(&aead, &aad);
    hex_to(sealed_hex, &sealed);
    sealed.data[sealed.size - 1] ^= 1;
    assert_int_equal(aead_open(&aead, buf_bytes(&aad), buf_bytes(&sealed), out), ERR_DENIED);
    assert_memory_equal(out, zeros, sizeof out);
    assert_int_equal(aead_open(&aead, buf_bytes(&aad), bytes_part(buf_bytes(&sealed), 0, 15), out), ERR_DENIED);
    aead_wipe(&aead);
    assert_memory_equal(&aead, zeros, sizeof aead);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_answer), cmocka_unit_test(a_refused_plaintext_is_wiped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

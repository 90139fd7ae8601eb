/* HPKE: RFC 9180's vectors for our suite, refusal of all others, and that every altered byte is refused. */
#include "crypto/hpke_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/inflate.h"
#include "base/json.h"
#include "tests/crypto/hex.h"

#define VECTORS_MAX ((size_t)1 << 20)

static struct json *vectors; /* of $CHATHAM_SHARED/vectors, NULL when it isn't there */

static int load_vectors(void **state)
{
    (void)state;
    const char *shared = getenv("CHATHAM_SHARED");
    char path[4096];
    SCOPED_BUF struct buf packed = {0}, text = {0};
    snprintf(path, sizeof path, "%s/vectors/hpke-rfc9180-x25519-hkdf-sha256.json.gz", shared ? shared : "../shared");
    if (!file_exists(path))
        return 0;
    if (file_read(path, VECTORS_MAX, &packed) != OK || inflate_gzip(buf_bytes(&packed), VECTORS_MAX, &text) != OK)
        return -1;
    return json_parse(buf_bytes(&text), VECTORS_MAX, &vectors, NULL) == OK ? 0 : -1;
}

static int drop_vectors(void **state)
{
    (void)state;
    json_free(vectors);
    return 0;
}

static const char *text_of(const struct json *object, const char *key)
{
    const char *text = json_string_text(json_get(object, key));
    assert_non_null(text);
    return text;
}

static unsigned number_of(const struct json *object, const char *key)
{
    return (unsigned)json_integer_value(json_get(object, key));
}

static enum status suite_of(const struct json *vector)
{
    return hpke_suite_check(number_of(vector, "mode"), number_of(vector, "kem_id"), number_of(vector, "kdf_id"),
                            number_of(vector, "aead_id"));
}

static void check_context(const struct hpke_context *context, const struct json *vector)
{
    assert_hex(bytes_of(context->base.key, AEAD_KEY_BYTES), text_of(vector, "key"));
    assert_hex(bytes_of(context->base.nonce, AEAD_NONCE_BYTES), text_of(vector, "base_nonce"));
}

/* The file keeps ten of the RFC's messages; each says its sequence number in its associated data, "Count-<n>". */
static void check_encryption(const struct hpke_context *context, const struct json *message)
{
    SCOPED_AEAD struct aead aead;
    SCOPED_BUF struct buf aad = {0}, plaintext = {0}, sealed = {0}, opened = {0};
    hex_to(text_of(message, "aad"), &aad);
    assert_true(bytes_starts(buf_bytes(&aad), "Count-"));
    hpke_message_key(context, strtoull(buf_text(&aad) + 6, NULL, 10), &aead);
    assert_hex(bytes_of(aead.nonce, AEAD_NONCE_BYTES), text_of(message, "nonce"));
    hex_to(text_of(message, "pt"), &plaintext);
    assert_int_equal(aead_seal_to(&aead, buf_bytes(&aad), buf_bytes(&plaintext), &sealed), OK);
    assert_hex(buf_bytes(&sealed), text_of(message, "ct"));
    assert_int_equal(aead_open_to(&aead, buf_bytes(&aad), buf_bytes(&sealed), &opened), OK);
    assert_true(bytes_equal(buf_bytes(&opened), buf_bytes(&plaintext)));
}

static void check_vector(const struct json *vector)
{
    SCOPED_SECRET struct secret ephemeral = {0}, recipient = {0};
    SCOPED_BUF struct buf info = {0}, first = {0}, aad = {0}, opened = {0};
    SCOPED_HPKE struct hpke_context sender = {0}, receiver = {0};
    uint8_t public_key[HPKE_PUBLIC_BYTES], enc[HPKE_ENC_BYTES];
    hex_secret(text_of(vector, "skEm"), &ephemeral);
    hex_secret(text_of(vector, "skRm"), &recipient);
    hex_to(text_of(vector, "info"), &info);

    assert_int_equal(hpke_public(&recipient, public_key), OK);
    assert_hex(bytes_of(public_key, sizeof public_key), text_of(vector, "pkRm"));
    assert_int_equal(hpke_setup_sender(&ephemeral, public_key, buf_bytes(&info), enc, &sender), OK);
    assert_hex(bytes_of(enc, sizeof enc), text_of(vector, "enc"));
    check_context(&sender, vector);
    assert_int_equal(hpke_setup_recipient(&recipient, enc, buf_bytes(&info), &receiver), OK);
    check_context(&receiver, vector);

    const struct json *messages = json_get(vector, "encryptions");
    assert_int_equal(json_count(messages), 10);
    for (size_t i = 0; i < json_count(messages); i++)
        check_encryption(&sender, json_at(messages, i));

    /* The first message is what the single-shot call opens. */
    const struct json *message = json_at(messages, 0);
    hex_to(text_of(message, "ct"), &first);
    hex_to(text_of(message, "aad"), &aad);
    assert_int_equal(hpke_open(&recipient, enc, buf_bytes(&info), buf_bytes(&aad), buf_bytes(&first), &opened), OK);
    assert_hex(buf_bytes(&opened), text_of(message, "pt"));
}

static void rfc9180_vectors(void **state)
{
    (void)state;
    if (!vectors)
        skip();
    size_t ours = 0, others = 0;
    for (size_t i = 0; i < json_count(vectors); i++) {
        const struct json *vector = json_at(vectors, i);
        if (suite_of(vector) == OK) {
            check_vector(vector);
            ours++;
            continue;
        }
        assert_true(number_of(vector, "mode") != 0 || number_of(vector, "aead_id") != 3);
        others++;
    }
    assert_int_equal(ours, 1);
    assert_int_equal(others, 15);
}

static void other_suites_are_refused(void **state)
{
    (void)state;
    assert_int_equal(hpke_suite_check(0, 0x20, 1, 3), OK);
    for (unsigned mode = 1; mode <= 3; mode++)
        assert_int_equal(hpke_suite_check(mode, 0x20, 1, 3), ERR_VERSION);
    assert_int_equal(hpke_suite_check(0, 0x10, 1, 3), ERR_VERSION);
    assert_int_equal(hpke_suite_check(0, 0x20, 3, 3), ERR_VERSION);
    assert_int_equal(hpke_suite_check(0, 0x20, 1, 1), ERR_VERSION);
    assert_int_equal(hpke_suite_check(0, 0x20, 1, 0xffff), ERR_VERSION);
}

struct sealed {
    struct secret private_key;
    uint8_t public_key[HPKE_PUBLIC_BYTES], enc[HPKE_ENC_BYTES];
    struct buf text;
};

static const struct bytes info = {(const uint8_t *)"info", 4}, aad = {(const uint8_t *)"aad", 3};

static void seal_one(struct sealed *sealed, struct bytes plaintext)
{
    *sealed = (struct sealed){0};
    assert_int_equal(hpke_keypair(&sealed->private_key, sealed->public_key), OK);
    assert_int_equal(hpke_seal(sealed->public_key, info, aad, plaintext, sealed->enc, &sealed->text), OK);
    assert_int_equal(sealed->text.size, plaintext.size + HPKE_TAG_BYTES);
}

static void sealed_free(struct sealed *sealed)
{
    secret_free(&sealed->private_key);
    buf_free(&sealed->text);
}

static void refused(const struct sealed *sealed, struct bytes with_info, struct bytes with_aad, struct bytes text)
{
    SCOPED_BUF struct buf out = {0};
    buf_add_str(&out, "before");
    assert_int_equal(hpke_open(&sealed->private_key, sealed->enc, with_info, with_aad, text, &out), ERR_DENIED);
    assert_string_equal(buf_text(&out), "before");
}

static void every_altered_byte_is_refused(void **state)
{
    (void)state;
    __attribute__((cleanup(sealed_free))) struct sealed sealed;
    SCOPED_BUF struct buf out = {0};
    seal_one(&sealed, bytes_str("a candidate"));
    struct bytes text = buf_bytes(&sealed.text);
    assert_int_equal(hpke_open(&sealed.private_key, sealed.enc, info, aad, text, &out), OK);
    assert_string_equal(buf_text(&out), "a candidate");

    for (size_t i = 0; i < text.size; i++) {
        sealed.text.data[i] ^= 1;
        refused(&sealed, info, aad, text);
        sealed.text.data[i] ^= 1;
        refused(&sealed, info, aad, bytes_part(text, 0, i));
    }
    for (size_t i = 0; i < HPKE_ENC_BYTES; i++) {
        sealed.enc[i] ^= 1;
        refused(&sealed, info, aad, text);
        sealed.enc[i] ^= 1;
    }
    refused(&sealed, aad, aad, text);
    refused(&sealed, info, info, text);
    refused(&sealed, info, BYTES_NONE, text);
    sealed.private_key.data[1] ^= 1;
    refused(&sealed, info, aad, text);
}

static void low_order_points_are_refused(void **state)
{
    (void)state;
    __attribute__((cleanup(sealed_free))) struct sealed sealed;
    SCOPED_BUF struct buf out = {0};
    seal_one(&sealed, bytes_str("x"));
    uint8_t zero[HPKE_PUBLIC_BYTES] = {0}, enc[HPKE_ENC_BYTES];
    assert_int_equal(hpke_seal(zero, info, aad, bytes_str("x"), enc, &out), ERR_INPUT);
    assert_int_equal(out.size, 0);
    memset(sealed.enc, 0, sizeof sealed.enc);
    refused(&sealed, info, aad, buf_bytes(&sealed.text));
}

static void empty_and_large(void **state)
{
    (void)state;
    static uint8_t large[200000];
    struct bytes texts[] = {BYTES_NONE, bytes_of(large, sizeof large)};
    for (size_t i = 0; i < 2; i++) {
        __attribute__((cleanup(sealed_free))) struct sealed sealed;
        SCOPED_BUF struct buf out = {0};
        seal_one(&sealed, texts[i]);
        assert_int_equal(hpke_open(&sealed.private_key, sealed.enc, info, aad, buf_bytes(&sealed.text), &out), OK);
        assert_true(bytes_equal(buf_bytes(&out), texts[i]));
    }
}

static void allocation_failures(void **state)
{
    (void)state;
    __attribute__((cleanup(sealed_free))) struct sealed sealed;
    seal_one(&sealed, bytes_str("x"));
    for (size_t n = 1;; n++) {
        SCOPED_BUF struct buf out = {0};
        mem_fail_after(n);
        enum status status = hpke_open(&sealed.private_key, sealed.enc, info, aad, buf_bytes(&sealed.text), &out);
        mem_fail_after(0);
        if (status == OK)
            break;
        assert_int_equal(status, ERR_MEMORY);
        assert_int_equal(out.size, 0);
        assert_true(n < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc9180_vectors),
        cmocka_unit_test(other_suites_are_refused),
        cmocka_unit_test(every_altered_byte_is_refused),
        cmocka_unit_test(low_order_points_are_refused),
        cmocka_unit_test(empty_and_large),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, load_vectors, drop_vectors);
}

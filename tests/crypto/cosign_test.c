/* Cosignatures: a note made by another implementation, byte for byte; refusals; the bound on lines. */
#include "crypto/cosign.h"

#include "crypto/checkpoint.h"
#include "crypto/note.h"
#include "tests/crypto/hex.h"

/* Made with golang.org/x/mod/sumdb/note 0.43.0 and github.com/transparency-dev/formats/note 0.1.1 (cosignature/v1):
 * seeds of 32 bytes 1 (log) and 2 (device), at the time below. */
#define ORIGIN "chatham/00112233445566778899aabbccddeeff"
#define DEVICE "chatham-device/0123456789abcdef0123456789abcdef"
#define TEXT ORIGIN "\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
#define DASH "\xe2\x80\x94 "
#define LOG_LINE                                                                                                       \
    DASH ORIGIN " FRB+n5AXJwPfv/VEk1qdGYlmlNOZSbkLz9sDHntqNDk0Lar3MtvlIgW+hi7puR6i7ytyNzbSgvOf2v6vTWtidNnmzAk=\n"
#define DEVICE_LINE                                                                                                    \
    DASH DEVICE                                                                                                        \
        " IrfwYgAAAABrCEKVVThzogo9H8ndLHiDiYF8HFmCZM/sohSb8bvaMCDyh/36hC5q2xZuw/mXbpI4UzCeTsbrmoVZEtjH0EYc/r7bCQ==\n"
#define TIME INT64_C(1795703445)

static struct secret log_seed, device_seed;
static uint8_t log_key[SIGN_PUBLIC_BYTES], device_key[SIGN_PUBLIC_BYTES];

static int make_keys(void **state)
{
    (void)state;
    log_seed = secret_of(1);
    device_seed = secret_of(2);
    return sign_public(&log_seed, log_key) == OK && sign_public(&device_seed, device_key) == OK ? 0 : -1;
}

static int drop_keys(void **state)
{
    (void)state;
    secret_free(&log_seed);
    secret_free(&device_seed);
    return 0;
}

static void signed_note(struct buf *note)
{
    struct checkpoint checkpoint = {.size = 42};
    for (unsigned i = 0; i < MERKLE_BYTES; i++)
        checkpoint.root[i] = (uint8_t)i;
    assert_int_equal(checkpoint_sign(&checkpoint, ORIGIN, &log_seed, note), OK);
}

static void the_bytes_of_another_implementation(void **state)
{
    (void)state;
    SCOPED_BUF struct buf note = {0};
    int64_t time = 0;
    struct bytes line;
    struct checkpoint checkpoint;
    assert_int_equal(cosign_find(bytes_str(TEXT "\n" LOG_LINE DEVICE_LINE), DEVICE, device_key, &time, &line), OK);
    signed_note(&note);
    assert_string_equal(buf_text(&note), TEXT "\n" LOG_LINE);
    assert_int_equal(cosign_add(DEVICE, &device_seed, time, &note), OK);
    assert_string_equal(buf_text(&note), TEXT "\n" LOG_LINE DEVICE_LINE);
    assert_true(bytes_is(line, DEVICE_LINE));
    assert_int_equal(time, TIME);
    assert_int_equal(checkpoint_open(buf_bytes(&note), ORIGIN, log_key, &checkpoint), OK);
    assert_int_equal(checkpoint.size, 42);
}

static void the_verifier_key_of_another_implementation(void **state)
{
    (void)state;
    SCOPED_BUF struct buf vkey = {0};
    assert_int_equal(checkpoint_vkey(ORIGIN, log_key, &vkey), OK);
    assert_string_equal(buf_text(&vkey), ORIGIN "+15107e9f+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c");
}

static void every_altered_byte_is_refused(void **state)
{
    (void)state;
    SCOPED_BUF struct buf note = {0};
    int64_t time;
    struct bytes line;
    signed_note(&note);
    size_t own = note.size; /* the log's line says nothing about the device */
    assert_int_equal(cosign_add(DEVICE, &device_seed, 7, &note), OK);
    for (size_t i = 0; i < note.size; i++) {
        if (i >= strlen(TEXT) + 1 && i < own)
            continue;
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            note.data[i] ^= (uint8_t)bit;
            assert_int_not_equal(cosign_find(buf_bytes(&note), DEVICE, device_key, &time, &line), OK);
            assert_int_equal(line.size, 0);
            note.data[i] ^= (uint8_t)bit;
        }
    }
    for (size_t size = 0; size < note.size; size++)
        assert_int_not_equal(cosign_find(bytes_of(note.data, size), DEVICE, device_key, &time, &line), OK);
    assert_int_equal(cosign_find(buf_bytes(&note), DEVICE, log_key, &time, &line), ERR_NOT_FOUND);
    assert_int_equal(cosign_find(buf_bytes(&note), ORIGIN, log_key, &time, &line), ERR_NOT_FOUND); /* another type */
}

/* A cosignature is no signature of the log's, even by the same key and name. */
static void one_kind_is_not_the_other(void **state)
{
    (void)state;
    SCOPED_BUF struct buf note = {0};
    int64_t time;
    struct bytes line, text;
    signed_note(&note);
    assert_int_equal(cosign_add(DEVICE, &device_seed, 7, &note), OK);
    assert_int_equal(note_open(buf_bytes(&note), DEVICE, device_key, &text), ERR_DENIED);
    buf_clear(&note);
    assert_int_equal(note_sign(bytes_str(TEXT), DEVICE, &device_seed, &note), OK);
    assert_int_equal(cosign_find(buf_bytes(&note), DEVICE, device_key, &time, &line), ERR_NOT_FOUND);
}

static void what_cannot_be_cosigned(void **state)
{
    (void)state;
    SCOPED_BUF struct buf note = {0}, none = {0};
    signed_note(&note);
    size_t size = note.size;
    assert_int_equal(cosign_add(DEVICE, &device_seed, 0, &note), ERR_USAGE);
    assert_int_equal(cosign_add(DEVICE, &device_seed, -1, &note), ERR_USAGE);
    assert_int_equal(cosign_add("a b", &device_seed, 7, &note), ERR_USAGE);
    assert_int_equal(cosign_add("", &device_seed, 7, &note), ERR_USAGE);
    assert_int_equal(cosign_add(DEVICE, &device_seed, 7, &none), ERR_INPUT);
    assert_int_equal(note.size, size);
}

static void as_many_lines_as_a_note_may_have(void **state)
{
    (void)state;
    SCOPED_BUF struct buf note = {0};
    struct cosign_names names;
    struct checkpoint checkpoint;
    signed_note(&note);
    for (size_t i = 0; i < COSIGN_LINES_MAX; i++)
        assert_int_equal(cosign_add(DEVICE, &device_seed, 7, &note), OK);
    assert_int_equal(cosign_add(DEVICE, &device_seed, 7, &note), ERR_INPUT);
    assert_true(note.size <= CHECKPOINT_MAX);
    assert_int_equal(checkpoint_open(buf_bytes(&note), ORIGIN, log_key, &checkpoint), OK);
    assert_int_equal(cosign_names(buf_bytes(&note), &names), OK);
    assert_int_equal(names.count, COSIGN_LINES_MAX + 1);
    assert_true(bytes_is(names.names[0], ORIGIN));
    assert_true(bytes_is(names.names[COSIGN_LINES_MAX], DEVICE));
    buf_add_str(&note, DEVICE_LINE);
    assert_int_equal(cosign_names(buf_bytes(&note), &names), ERR_INPUT);
    assert_int_equal(names.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_of_another_implementation),
        cmocka_unit_test(the_verifier_key_of_another_implementation),
        cmocka_unit_test(every_altered_byte_is_refused),
        cmocka_unit_test(one_kind_is_not_the_other),
        cmocka_unit_test(what_cannot_be_cosigned),
        cmocka_unit_test(as_many_lines_as_a_note_may_have),
    };
    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}

/* Signed notes and checkpoints: a note that Go's implementation documents, round trips, refusals. */
#include "crypto/checkpoint.h"

#include "crypto/note.h"
#include "tests/crypto/hex.h"

/* The example of golang.org/x/mod/sumdb/note: verifier key
 * "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW". */
static const char go_text[] = "If you think cryptography is the answer to your problem,\n"
                              "then you don't know what your problem is.\n";
static const char go_line[] =
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
static const char go_key[] = "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"; /* type byte 1, then the key */

static void a_note_made_by_another_implementation(void **state)
{
    (void)state;
    SCOPED_BUF struct buf key = {0}, note = {0};
    struct bytes text;
    assert_int_equal(decode_base64(bytes_str(go_key), &key), OK);
    assert_int_equal(key.size, 1 + SIGN_PUBLIC_BYTES);
    buf_addf(&note, "%s\n%s", go_text, go_line);
    assert_int_equal(note_open(buf_bytes(&note), "PeterNeumann", key.data + 1, &text), OK);
    assert_true(bytes_is(text, go_text));
    assert_int_equal(note_open(buf_bytes(&note), "PeterNewmann", key.data + 1, &text), ERR_DENIED);
    note.data[0] = 'i';
    assert_int_equal(note_open(buf_bytes(&note), "PeterNeumann", key.data + 1, &text), ERR_DENIED);
}

#define ORIGIN "chatham/00112233445566778899aabbccddeeff"

static struct secret seed;
static uint8_t public_key[SIGN_PUBLIC_BYTES];
static const struct checkpoint sample = {12345, {1, 2, 3, 4, 5}};

static int make_key(void **state)
{
    (void)state;
    seed = secret_of(3);
    return sign_public(&seed, public_key) == OK ? 0 : -1;
}

static int drop_key(void **state)
{
    (void)state;
    secret_free(&seed);
    return 0;
}

static void round_trip(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 9, 10, 12345, UINT64_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        SCOPED_BUF struct buf note = {0};
        struct checkpoint made = sample, got;
        made.size = sizes[i];
        assert_int_equal(checkpoint_sign(&made, ORIGIN, &seed, &note), OK);
        assert_int_equal(checkpoint_open(buf_bytes(&note), ORIGIN, public_key, &got), OK);
        assert_true(got.size == made.size);
        assert_memory_equal(got.root, made.root, MERKLE_BYTES);
    }
}

static void every_altered_byte_is_refused(void **state)
{
    (void)state;
    SCOPED_BUF struct buf note = {0};
    struct checkpoint got;
    assert_int_equal(checkpoint_sign(&sample, ORIGIN, &seed, &note), OK);
    for (size_t i = 0; i < note.size; i++) {
        assert_int_not_equal(checkpoint_open(bytes_part(buf_bytes(&note), 0, i), ORIGIN, public_key, &got), OK);
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            note.data[i] ^= (uint8_t)bit;
            assert_int_not_equal(checkpoint_open(buf_bytes(&note), ORIGIN, public_key, &got), OK);
            assert_true(got.size == 0);
            note.data[i] ^= (uint8_t)bit;
        }
    }
    assert_int_equal(checkpoint_open(buf_bytes(&note), "chatham/other", public_key, &got), ERR_DENIED);
    buf_add_str(&note, "x");
    assert_int_equal(checkpoint_open(buf_bytes(&note), ORIGIN, public_key, &got), ERR_INPUT);
}

/* Signed rightly, but not a checkpoint. */
static void strict_text(void **state)
{
    (void)state;
    static const char root[] = "AQIDBAUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    static const struct {
        const char *size;
        const char *tail;
        enum status want;
    } rows[] = {
        {"5\n", root, OK},
        {"05\n", root, ERR_INPUT},
        {"-5\n", root, ERR_INPUT},
        {"5 \n", root, ERR_INPUT},
        {"18446744073709551616\n", root, ERR_INPUT},
        {"5\n", "AQID\n", ERR_INPUT},
        {"5\n", "AQIDBAUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", ERR_INPUT},
        {"5\n", "", ERR_INPUT},
        {"5\n",
         "AQIDBAUAAAAAA\xc9\xbe"
         "AAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
         ERR_INPUT},
        {"5\n", "AQIDBAUAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n", ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SCOPED_BUF struct buf text = {0}, note = {0};
        struct checkpoint got;
        buf_addf(&text, ORIGIN "\n%s%s", rows[i].size, rows[i].tail);
        assert_int_equal(note_sign(buf_bytes(&text), ORIGIN, &seed, &note), OK);
        assert_int_equal(checkpoint_open(buf_bytes(&note), ORIGIN, public_key, &got), rows[i].want);
    }
    /* The key is ours, the log is another's. */
    SCOPED_BUF struct buf text = {0}, note = {0};
    struct checkpoint got;
    buf_addf(&text, "chatham/other\n5\n%s", root);
    assert_int_equal(note_sign(buf_bytes(&text), ORIGIN, &seed, &note), OK);
    assert_int_equal(checkpoint_open(buf_bytes(&note), ORIGIN, public_key, &got), ERR_DENIED);
}

static void cosigners_do_not_disturb(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret other = secret_of(4);
    SCOPED_BUF struct buf note = {0}, by_other = {0}, both = {0};
    struct checkpoint got;
    assert_int_equal(checkpoint_sign(&sample, ORIGIN, &seed, &note), OK);
    size_t text = bytes_find(buf_bytes(&note), bytes_str("\n\n")) + 1;
    assert_int_equal(note_sign(bytes_part(buf_bytes(&note), 0, text), "witness.example", &other, &by_other), OK);
    buf_add(&both, buf_bytes(&by_other));
    buf_add(&both, bytes_part(buf_bytes(&note), text + 1, SIZE_MAX));
    assert_int_equal(checkpoint_open(buf_bytes(&both), ORIGIN, public_key, &got), OK);
    assert_true(got.size == sample.size);
    assert_int_equal(checkpoint_open(buf_bytes(&by_other), ORIGIN, public_key, &got), ERR_DENIED);
}

static void too_many_signatures(void **state)
{
    (void)state;
    SCOPED_BUF struct buf note = {0};
    struct bytes text;
    assert_int_equal(note_sign(bytes_str("text\n"), ORIGIN, &seed, &note), OK);
    for (size_t lines = 1; lines <= NOTE_SIGNATURES_MAX; lines++) {
        assert_int_equal(note_open(buf_bytes(&note), ORIGIN, public_key, &text), OK);
        buf_add_str(&note, "\xe2\x80\x94 witness AAAAAAA=\n");
    }
    assert_int_equal(note_open(buf_bytes(&note), ORIGIN, public_key, &text), ERR_INPUT);
}

static void what_cannot_be_signed(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "no end", "\n", "a\n\nb\n", "\na\n", "tab\there\n", "bad \xff\n"};
    static const char *const names[] = {"", "two words", "a+b", "line\n"};
    SCOPED_BUF struct buf note = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(note_sign(bytes_str(texts[i]), "name", &seed, &note), ERR_USAGE);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(note_sign(bytes_str("text\n"), names[i], &seed, &note), ERR_USAGE);
    assert_int_equal(note.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_made_by_another_implementation),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(every_altered_byte_is_refused),
        cmocka_unit_test(strict_text),
        cmocka_unit_test(cosigners_do_not_disturb),
        cmocka_unit_test(too_many_signatures),
        cmocka_unit_test(what_cannot_be_signed),
    };
    return cmocka_run_group_tests(tests, make_key, drop_key);
}

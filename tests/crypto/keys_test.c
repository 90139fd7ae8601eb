/* The key hierarchy: what was wrapped or boxed opens only where it belongs; providers refuse what is not private. */
#include "crypto/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/pwhash.h"
#include "tests/crypto/hex.h"

static void wrap_round_trip(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret parent = secret_of(1), key = secret_of(2), got = {0};
    uint8_t wrapped[KEY_WRAPPED_BYTES], again[KEY_WRAPPED_BYTES];
    assert_int_equal(key_wrap(&parent, "tenant:7", 3, &key, wrapped), OK);
    assert_int_equal(key_wrap(&parent, "tenant:7", 3, &key, again), OK);
    assert_memory_not_equal(wrapped, again, sizeof wrapped);
    assert_int_equal(bytes_find(bytes_of(wrapped, sizeof wrapped), secret_bytes(&key)), SIZE_MAX);
    assert_int_equal(key_unwrap(&parent, "tenant:7", 3, bytes_of(wrapped, sizeof wrapped), &got), OK);
    assert_true(secret_equal(secret_bytes(&got), secret_bytes(&key)));
}

static void assert_no_unwrap(const struct secret *parent, const char *label, uint32_t version, struct bytes wrapped)
{
    struct secret got = {0};
    assert_int_equal(key_unwrap(parent, label, version, wrapped, &got), ERR_DENIED);
    assert_null(got.data);
}

static void wrapped_keys_do_not_move(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret parent = secret_of(1), stranger = secret_of(9), key = secret_of(2);
    uint8_t wrapped[KEY_WRAPPED_BYTES + 1] = {0};
    assert_int_equal(key_wrap(&parent, "tenant:7", 3, &key, wrapped), OK);
    struct bytes whole = bytes_of(wrapped, KEY_WRAPPED_BYTES);
    assert_no_unwrap(&stranger, "tenant:7", 3, whole);
    assert_no_unwrap(&parent, "tenant:8", 3, whole);
    assert_no_unwrap(&parent, "tenant:", 3, whole);
    assert_no_unwrap(&parent, "", 3, whole);
    assert_no_unwrap(&parent, "tenant:7", 2, whole);
    assert_no_unwrap(&parent, "tenant:7", 0x37000003, whole);
    assert_no_unwrap(&parent, "tenant:7", 3, bytes_of(wrapped, sizeof wrapped));
    for (size_t i = 0; i < KEY_WRAPPED_BYTES; i++) {
        assert_no_unwrap(&parent, "tenant:7", 3, bytes_of(wrapped, i));
        for (unsigned bit = 1; bit < 256; bit <<= 1) {
            wrapped[i] ^= (uint8_t)bit;
            assert_no_unwrap(&parent, "tenant:7", 3, whole);
            wrapped[i] ^= (uint8_t)bit;
        }
    }
}

static void a_box_is_not_a_wrapped_key(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret parent = secret_of(1), key = secret_of(2);
    SCOPED_BUF struct buf box = {0}, aad = {0};
    buf_add_lp(&aad, bytes_str("tenant:7"));
    buf_add_u32(&aad, 3);
    assert_int_equal(box_seal(&parent, buf_bytes(&aad), secret_bytes(&key), &box), OK);
    assert_int_equal(box.size, KEY_WRAPPED_BYTES);
    assert_no_unwrap(&parent, "tenant:7", 3, buf_bytes(&box));
}

static void boxes(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = secret_of(1), other = secret_of(2);
    SCOPED_BUF struct buf box = {0}, out = {0};
    struct bytes aad = bytes_str("row 1");
    buf_add_str(&box, "kept");
    assert_int_equal(box_seal(&key, aad, bytes_str("a record"), &box), OK);
    assert_int_equal(box.size, 4 + 8 + BOX_OVERHEAD);
    struct bytes sealed = bytes_part(buf_bytes(&box), 4, SIZE_MAX);
    assert_int_equal(box_open(&key, aad, sealed, &out), OK);
    assert_string_equal(buf_text(&out), "a record");

    buf_clear(&out);
    assert_int_equal(box_open(&other, aad, sealed, &out), ERR_DENIED);
    assert_int_equal(box_open(&key, bytes_str("row 2"), sealed, &out), ERR_DENIED);
    for (size_t i = 0; i < sealed.size; i++) {
        assert_int_equal(box_open(&key, aad, bytes_part(sealed, 0, i), &out), ERR_DENIED);
        box.data[4 + i] ^= 4;
        assert_int_equal(box_open(&key, aad, sealed, &out), ERR_DENIED);
        box.data[4 + i] ^= 4;
    }
    assert_int_equal(out.size, 0);

    SCOPED_BUF struct buf empty = {0};
    assert_int_equal(box_seal(&key, BYTES_NONE, BYTES_NONE, &empty), OK);
    assert_int_equal(box_open(&key, BYTES_NONE, buf_bytes(&empty), &out), OK);
    assert_int_equal(out.size, 0);
}

static void derived_keys_differ(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = secret_of(1), wrong = {0};
    struct secret derived[KEY_PURPOSES] = {0};
    for (int i = 0; i < KEY_PURPOSES; i++) {
        assert_int_equal(key_derive(&key, (enum key_purpose)i, &derived[i]), OK);
        assert_int_equal(derived[i].size, KEY_BYTES);
        for (int k = 0; k < i; k++)
            assert_false(secret_equal(secret_bytes(&derived[i]), secret_bytes(&derived[k])));
    }
    SCOPED_SECRET struct secret again = {0};
    assert_int_equal(key_derive(&key, KEY_SPOOL, &again), OK);
    assert_true(secret_equal(secret_bytes(&again), secret_bytes(&derived[KEY_SPOOL])));
    for (int i = 0; i < KEY_PURPOSES; i++)
        secret_free(&derived[i]);
    assert_int_equal(secret_new(&wrong, 16), OK);
    assert_int_equal(key_derive(&wrong, KEY_SPOOL, &derived[0]), ERR_USAGE);
}

static void allocation_failures(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret parent = secret_of(1), key = secret_of(2), got = {0};
    uint8_t wrapped[KEY_WRAPPED_BYTES];
    SCOPED_BUF struct buf box = {0};
    mem_fail_after(1);
    assert_int_equal(key_wrap(&parent, "x", 1, &key, wrapped), ERR_MEMORY);
    assert_int_equal(key_wrap(&parent, "x", 1, &key, wrapped), OK);
    mem_fail_after(1);
    assert_int_equal(key_unwrap(&parent, "x", 1, bytes_of(wrapped, sizeof wrapped), &got), ERR_MEMORY);
    assert_null(got.data);
    mem_fail_after(1);
    assert_int_equal(box_seal(&parent, BYTES_NONE, BYTES_NONE, &box), ERR_MEMORY);
    assert_int_equal(box.size, 0);
    mem_fail_after(0);
}

/* --- providers --- */

static char folder[] = "/tmp/chatham-keys-XXXXXX";
static char path[128];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/root.key", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    return unlink(path) + rmdir(folder);
}

static void write_key(const char *text, mode_t mode)
{
    unlink(path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static void key_file_round_trip(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret made = {0}, loaded = {0}, second = {0};
    struct why why = {0};
    struct stat facts;
    assert_int_equal(root_key_create_file(path, &made, NULL), OK);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    assert_int_equal(root_key_load_file(path, &loaded, NULL), OK);
    assert_true(secret_equal(secret_bytes(&made), secret_bytes(&loaded)));
    assert_int_equal(root_key_create_file(path, &second, &why), ERR_EXISTS);
    assert_null(second.data);
    assert_non_null(why.hint);
}

#define KEY_TEXT "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static void key_file_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mode_t mode;
        enum status want;
    } rows[] = {
        {KEY_TEXT "\n", 0600, OK},          {KEY_TEXT, 0400, OK},
        {KEY_TEXT "\n", 0640, ERR_DENIED},  {KEY_TEXT "\n", 0604, ERR_DENIED},
        {KEY_TEXT "\n", 0620, ERR_DENIED},  {"", 0600, ERR_INPUT},
        {KEY_TEXT "\n\n", 0600, ERR_INPUT}, {KEY_TEXT "00", 0600, ERR_INPUT},
        {"zz" KEY_TEXT, 0600, ERR_INPUT},   {KEY_TEXT KEY_TEXT KEY_TEXT, 0600, ERR_INPUT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SCOPED_SECRET struct secret root = {0};
        struct why why = {0};
        write_key(rows[i].text, rows[i].mode);
        assert_int_equal(root_key_load_file(path, &root, &why), rows[i].want);
        assert_int_equal(root.data != NULL, rows[i].want == OK);
        assert_int_equal(why.what != NULL, rows[i].want != OK);
    }
    SCOPED_SECRET struct secret root = {0};
    assert_int_equal(root_key_load_file(folder, &root, NULL), ERR_INPUT);
    assert_int_equal(root_key_load_file("/nowhere/root.key", &root, NULL), ERR_NOT_FOUND);
}

static void passphrases(void **state)
{
    (void)state;
    struct key_passphrase_params params, others;
    key_passphrase_params_new(&params);
    key_passphrase_params_new(&others);
    assert_memory_not_equal(params.salt, others.salt, sizeof params.salt);
    assert_true(params.memory_kib >= 64 << 10 && params.passes >= 3); /* RFC 9106, section 4, second choice */

    params.memory_kib = others.memory_kib = 8 << 10;
    params.passes = others.passes = 1;
    SCOPED_SECRET struct secret a = {0}, same = {0}, b = {0}, c = {0}, none = {0};
    assert_int_equal(root_key_from_passphrase(bytes_str("correct horse"), &params, &a), OK);
    assert_int_equal(root_key_from_passphrase(bytes_str("correct horse"), &params, &same), OK);
    assert_int_equal(root_key_from_passphrase(bytes_str("correct horsf"), &params, &b), OK);
    assert_int_equal(root_key_from_passphrase(bytes_str("correct horse"), &others, &c), OK);
    assert_true(secret_equal(secret_bytes(&a), secret_bytes(&same)));
    assert_false(secret_equal(secret_bytes(&a), secret_bytes(&b)));
    assert_false(secret_equal(secret_bytes(&a), secret_bytes(&c)));
    assert_int_equal(root_key_from_passphrase(BYTES_NONE, &params, &none), ERR_INPUT);
    params.memory_kib = 4 << 10;
    assert_int_equal(root_key_from_passphrase(bytes_str("x"), &params, &none), ERR_INPUT);
    params.memory_kib = UINT32_MAX;
    assert_int_equal(root_key_from_passphrase(bytes_str("x"), &params, &none), ERR_INPUT);
    assert_null(none.data);
}

/* Computed with the reference implementation (argon2-cffi 25.1: Argon2id, version 0x13, t=2, m=64 KiB, p=1). */
static void argon2id_known_answer(void **state)
{
    (void)state;
    uint8_t out[32];
    assert_int_equal(pwhash_argon2id(bytes_str("password"), (const uint8_t *)"0123456789abcdef", 64, 2, out, 32), OK);
    assert_hex(bytes_of(out, sizeof out), "fb83b5711fd91df630b63677dee62ccd13ee6f0c4897d856b49542b9b1e9975b");
    assert_int_equal(pwhash_argon2id(bytes_str("password"), (const uint8_t *)"0123456789abcdef", 4, 2, out, 32),
                     ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrap_round_trip),
        cmocka_unit_test(wrapped_keys_do_not_move),
        cmocka_unit_test(a_box_is_not_a_wrapped_key),
        cmocka_unit_test(boxes),
        cmocka_unit_test(derived_keys_differ),
        cmocka_unit_test(allocation_failures),
        cmocka_unit_test(key_file_round_trip),
        cmocka_unit_test(key_file_refusals),
        cmocka_unit_test(passphrases),
        cmocka_unit_test(argon2id_known_answer),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}

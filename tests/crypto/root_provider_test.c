/* Providers: the software one is key_wrap by another name, and nothing that was moved or altered opens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "crypto/keys.h"
#include "crypto/root_provider_internal.h"

static const char label[] = "intermediate";

/* Folders that were sealed before there were providers hold what key_wrap wrote. */
static void what_the_software_provider_wraps_is_what_key_wrap_opens(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret root = {0}, key = {0}, got = {0}, again = {0};
    SCOPED_ROOT struct root_provider *provider = NULL;
    SCOPED_BUF struct buf wrapped = {0};
    uint8_t old[KEY_WRAPPED_BYTES];
    assert_int_equal(secret_random(&root, KEY_BYTES), OK);
    assert_int_equal(secret_random(&key, KEY_BYTES), OK);
    assert_int_equal(root_provider_of_secret(&root, &provider), OK);
    assert_int_equal(root_wrap(provider, label, 1, &key, &wrapped), OK);
    assert_int_equal(wrapped.size, KEY_WRAPPED_BYTES);
    assert_int_equal(key_unwrap(&root, label, 1, buf_bytes(&wrapped), &got), OK);
    assert_memory_equal(got.data, key.data, KEY_BYTES);
    assert_int_equal(key_wrap(&root, label, 1, &key, old), OK);
    assert_int_equal(root_unwrap(provider, label, 1, bytes_of(old, sizeof old), &again), OK);
    assert_memory_equal(again.data, key.data, KEY_BYTES);
}

static void another_root_label_or_version_and_every_altered_byte_are_refused(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = {0}, got = {0};
    SCOPED_ROOT struct root_provider *provider = NULL;
    SCOPED_ROOT struct root_provider *other = NULL;
    SCOPED_BUF struct buf wrapped = {0};
    assert_int_equal(secret_random(&key, KEY_BYTES), OK);
    assert_int_equal(root_provider_of_chance(&provider), OK);
    assert_int_equal(root_provider_of_chance(&other), OK);
    assert_int_equal(root_wrap(provider, label, 1, &key, &wrapped), OK);
    assert_int_equal(root_unwrap(other, label, 1, buf_bytes(&wrapped), &got), ERR_DENIED);
    assert_int_equal(root_unwrap(provider, "intermediatf", 1, buf_bytes(&wrapped), &got), ERR_DENIED);
    assert_int_equal(root_unwrap(provider, label, 2, buf_bytes(&wrapped), &got), ERR_DENIED);
    for (size_t i = 0; i < wrapped.size; i++) {
        wrapped.data[i] ^= 1;
        assert_int_equal(root_unwrap(provider, label, 1, buf_bytes(&wrapped), &got), ERR_DENIED);
        assert_null(got.data);
        wrapped.data[i] ^= 1;
        assert_int_equal(root_unwrap(provider, label, 1, bytes_of(wrapped.data, i), &got), ERR_DENIED);
    }
    assert_int_equal(root_unwrap(provider, label, 1, buf_bytes(&wrapped), &got), OK);
}

static void a_key_of_another_size_is_not_wrapped(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret small = {0};
    SCOPED_ROOT struct root_provider *provider = NULL;
    SCOPED_BUF struct buf wrapped = {0};
    struct root_provider *none = NULL;
    assert_int_equal(secret_random(&small, KEY_BYTES - 1), OK);
    assert_int_equal(root_provider_of_secret(&small, &none), ERR_USAGE);
    assert_null(none);
    assert_int_equal(root_provider_of_chance(&provider), OK);
    assert_int_equal(root_wrap(provider, label, 1, &small, &wrapped), ERR_USAGE);
    assert_int_equal(wrapped.size, 0);
}

/* A stranger's answer: so many bytes. */
static size_t answer_size;
static enum status wrap_at_length(struct root_provider *provider, const char *name, uint32_t version,
                                  const struct secret *key, struct buf *out)
{
    static const uint8_t zeros[ROOT_WRAPPED_MAX + 1];
    (void)provider, (void)name, (void)version, (void)key;
    buf_add(out, bytes_of(zeros, answer_size));
    return buf_status(out);
}

static void what_could_not_be_kept_is_not_taken(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        enum status want;
    } rows[] = {{0, ERR_UNAVAILABLE}, {1, OK}, {ROOT_WRAPPED_MAX, OK}, {ROOT_WRAPPED_MAX + 1, ERR_UNAVAILABLE}};
    const struct root_provider_kind kind = {.wrap = wrap_at_length};
    struct root_provider provider = {&kind};
    SCOPED_SECRET struct secret key = {0};
    assert_int_equal(secret_random(&key, KEY_BYTES), OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        SCOPED_BUF struct buf out = {0};
        buf_add_str(&out, "before");
        answer_size = rows[i].size;
        assert_int_equal(root_wrap(&provider, label, 1, &key, &out), rows[i].want);
        assert_int_equal(out.size, strlen("before") + (rows[i].want == OK ? rows[i].size : 0));
    }
}

int main(void)
{
    if (secret_start(0, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_software_provider_wraps_is_what_key_wrap_opens),
        cmocka_unit_test(another_root_label_or_version_and_every_altered_byte_are_refused),
        cmocka_unit_test(a_key_of_another_size_is_not_wrapped),
        cmocka_unit_test(what_could_not_be_kept_is_not_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The home: its scrubber is never laxer than the policy that the device enrolled under; its making can be cut off
 * anywhere and begun again, and never costs the keys of a home that is in use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "client/home.h"

/* Which ready-made policy the home scrubs by, under a federation that asks for `asked` (NULL: not enrolled). */
static void scrubs_by(const char *scrubbing, const char *asked, const char *expected)
{
    struct home home = {.enrolled = asked != NULL};
    struct redactor *redactor = NULL, *wanted = NULL;
    uint8_t hash[32], wanted_hash[32];
    snprintf(home.scrubbing, sizeof home.scrubbing, "%s", scrubbing);
    snprintf(home.federation.policy.redaction, sizeof home.federation.policy.redaction, "%s", asked ? asked : "");
    assert_int_equal(home_redactor(&home, &redactor, NULL), OK);
    assert_int_equal(redactor_new(redact_policy_text(expected), NULL, &wanted, NULL), OK);
    redactor_hash(redactor, hash);
    redactor_hash(wanted, wanted_hash);
    assert_memory_equal(hash, wanted_hash, sizeof hash);
    redactor_free(redactor);
    redactor_free(wanted);
}

static void the_stricter_of_both_is_used(void **state)
{
    (void)state;
    scrubs_by("default", "strict", "strict");
    scrubs_by("secrets-only", "default", "default");
    scrubs_by("secrets-only", "strict", "strict");
}

static void ones_own_is_kept_where_it_is_strict_enough(void **state)
{
    (void)state;
    scrubs_by("strict", "default", "strict");
    scrubs_by("default", "default", "default");
    scrubs_by("secrets-only", "off", "secrets-only");
    scrubs_by("secrets-only", NULL, "secrets-only");
    scrubs_by("off", "off", "off");
}

static void off_is_refused_where_scrubbing_is_asked_for(void **state)
{
    (void)state;
    struct home home = {.enrolled = true, .scrubbing = "off", .federation.policy.redaction = "default"};
    struct redactor *redactor = NULL;
    assert_int_equal(home_redactor(&home, &redactor, NULL), ERR_POLICY);
    assert_null(redactor);
}

/* --- making one --- */

static void put(const char *folder, const char *name)
{
    char path[HOME_PATH_MAX];
    assert_int_equal(path_join(path, sizeof path, folder, name), OK);
    assert_int_equal(file_write(path, bytes_str("left"), 0600), OK);
}

static bool is_left(const char *folder, const char *name)
{
    char path[HOME_PATH_MAX];
    SCOPED_BUF struct buf content = {0};
    assert_int_equal(path_join(path, sizeof path, folder, name), OK);
    return file_read(path, 4096, &content) == OK && bytes_is(buf_bytes(&content), "left");
}

static void remove_folder(const char *folder)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0);
}

static void a_making_that_was_cut_off_is_begun_again(void **state)
{
    (void)state;
    static const char *const left[] = {"root.key", "root.salt", "secrets.box"};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        char folder[] = "/tmp/chatham-home-XXXXXX";
        struct home home;
        assert_non_null(mkdtemp(folder));
        put(folder, left[i]);
        assert_int_equal(home_create(folder, BYTES_NONE, NULL), OK);
        assert_int_equal(home_open(folder, BYTES_NONE, &home, NULL), OK);
        home_close(&home);
        remove_folder(folder);
    }
}

static void keys_of_a_home_in_use_are_kept(void **state)
{
    (void)state;
    char folder[] = "/tmp/chatham-home-XXXXXX";
    assert_non_null(mkdtemp(folder));
    put(folder, "root.key");
    put(folder, "secrets.box");
    put(folder, "client.db");
    assert_int_equal(home_create(folder, BYTES_NONE, NULL), ERR_EXISTS);
    assert_true(is_left(folder, "root.key") && is_left(folder, "secrets.box") && is_left(folder, "client.db"));
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stricter_of_both_is_used),
        cmocka_unit_test(ones_own_is_kept_where_it_is_strict_enough),
        cmocka_unit_test(off_is_refused_where_scrubbing_is_asked_for),
        cmocka_unit_test(a_making_that_was_cut_off_is_begun_again),
        cmocka_unit_test(keys_of_a_home_in_use_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Witnesses at home: pinned on first use, counted by member, and never exchanged without an alarm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "client/follow.h"
#include "client/witnesses.h"

#define DEVICES 5
#define ORIGIN "chatham/00112233445566778899aabbccddeeff"

static char folder[64];
static struct home home;
static struct secret seeds[DEVICES], log_seed;
static struct witness devices[DEVICES]; /* 0 and 1 of one member, each other of its own */

static int make_home(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/chatham-witnesses-XXXXXX");
    if (!mkdtemp(folder) || home_create(folder, BYTES_NONE, NULL) != OK ||
        home_open(folder, BYTES_NONE, &home, NULL) != OK)
        return -1;
    for (size_t i = 0; i < DEVICES; i++) {
        memset(devices[i].device, (int)i + 1, ID_BYTES);
        memset(devices[i].tenant, i < 2 ? 9 : (int)i, ID_BYTES);
        if (sign_keypair(&seeds[i], devices[i].key) != OK)
            return -1;
    }
    uint8_t key[SIGN_PUBLIC_BYTES];
    return sign_keypair(&log_seed, key) == OK ? 0 : -1;
}

static int drop_home(void **state)
{
    char command[128];
    (void)state;
    home_close(&home);
    for (size_t i = 0; i < DEVICES; i++)
        secret_free(&seeds[i]);
    secret_free(&log_seed);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void note_by(const size_t *signers, size_t count, struct buf *note)
{
    struct checkpoint checkpoint = {.size = 7};
    buf_clear(note);
    assert_int_equal(checkpoint_sign(&checkpoint, ORIGIN, &log_seed, note), OK);
    for (size_t i = 0; i < count; i++) {
        char name[WITNESS_NAME_MAX];
        witness_name(devices[signers[i]].device, name);
        assert_int_equal(cosign_add(name, &seeds[signers[i]], 1795000000, note), OK);
    }
}

static size_t members_of(const size_t *signers, size_t count)
{
    SCOPED_BUF struct buf note = {0};
    size_t members = 99;
    note_by(signers, count, &note);
    assert_int_equal(witnesses_quorum(&home, buf_bytes(&note), &members), OK);
    return members;
}

static enum status pin(struct witness *items, size_t count)
{
    const struct witnesses list = {count, items};
    return witnesses_pin(&home, &list, NULL);
}

static void nobody_counts_before_the_first_list(void **state)
{
    (void)state;
    static const size_t all[] = {0, 1, 2, 3, 4};
    assert_int_equal(members_of(all, 5), 0);
}

static void members_count_not_devices(void **state)
{
    (void)state;
    static const size_t one[] = {0, 1}, two[] = {2, 0, 1, 2}, stranger[] = {4, 3};
    struct witness_counts counts;
    assert_int_equal(pin(devices, 4), OK);
    assert_int_equal(members_of(one, 0), 0);
    assert_int_equal(members_of(one, 2), 1);
    assert_int_equal(members_of(two, 4), 2);
    assert_int_equal(members_of(stranger, 2), 1);
    assert_int_equal(witnesses_count(&home, &counts), OK);
    assert_int_equal(counts.devices, 4);
    assert_int_equal(counts.members, 3);
    assert_int_equal(counts.fresh, 0); /* the first list is no news */
}

static void a_forged_line_counts_for_nobody(void **state)
{
    (void)state;
    static const size_t two[] = {2, 3};
    SCOPED_BUF struct buf note = {0};
    size_t members = 0;
    note_by(two, 2, &note);
    note.data[note.size - 12] ^= 1; /* in the last line's base64; if it is none any more, the note is none */
    enum status status = witnesses_quorum(&home, buf_bytes(&note), &members);
    assert_true((status == OK && members == 1) || (status == ERR_INPUT && members == 0));
    note_by(two, 1, &note);
    char name[WITNESS_NAME_MAX];
    witness_name(devices[3].device, name);
    assert_int_equal(cosign_add(name, &seeds[4], 1795000000, &note), OK); /* another's key */
    assert_int_equal(witnesses_quorum(&home, buf_bytes(&note), &members), OK);
    assert_int_equal(members, 1);
}

static void newcomers_are_told_once_and_leavers_do_not_count(void **state)
{
    (void)state;
    static const size_t three[] = {2, 3, 4};
    struct witness_counts counts;
    assert_int_equal(pin(devices, 5), OK);
    assert_int_equal(witnesses_count(&home, &counts), OK);
    assert_int_equal(counts.fresh, 1);
    assert_int_equal(members_of(three, 3), 3);
    assert_int_equal(pin(devices, 3), OK);
    assert_int_equal(witnesses_count(&home, &counts), OK);
    assert_int_equal(counts.fresh, 0);
    assert_int_equal(counts.devices, 3);
    assert_int_equal(members_of(three, 3), 1);
    assert_int_equal(pin(devices, 5), OK);
    assert_int_equal(members_of(three, 3), 3);
}

static void another_key_or_member_is_an_alarm(void **state)
{
    (void)state;
    static const size_t two[] = {2};
    int64_t at = 0;
    struct witness changed[DEVICES];
    for (int way = 0; way < 2; way++) {
        struct why why = {0};
        memcpy(changed, devices, sizeof changed);
        if (way == 0)
            memcpy(changed[2].key, devices[4].key, SIGN_PUBLIC_BYTES);
        else
            memset(changed[2].tenant, 77, ID_BYTES);
        const struct witnesses list = {DEVICES, changed};
        assert_int_equal(alarm_at(&home, ALARM_WITNESS, &at), ERR_NOT_FOUND);
        assert_int_equal(witnesses_pin(&home, &list, &why), ERR_CORRUPT);
        assert_non_null(why.hint);
        assert_int_equal(alarm_at(&home, ALARM_WITNESS, &at), OK);
        assert_int_equal(members_of(two, 1), 0); /* neither of the two keys counts */
        assert_int_equal(pin(devices, 5), OK);   /* the first one stayed */
        assert_int_equal(members_of(two, 1), 1);
        assert_int_equal(follow_anew(&home), OK);
        assert_int_equal(pin(devices, 5), OK);
    }
}

static void what_was_seen_comes_back(void **state)
{
    (void)state;
    static const size_t none[] = {0};
    struct checkpoint checkpoint = {42, {1, 2, 3}};
    struct seen seen;
    SCOPED_BUF struct buf note = {0};
    note_by(none, 0, &note);
    assert_int_equal(seen_load(&home, &seen), OK);
    assert_int_equal(seen.checkpoint.size, 0);
    assert_int_equal(seen_save(&home, &checkpoint, buf_bytes(&note)), OK);
    assert_int_equal(seen_load(&home, &seen), OK);
    assert_int_equal(seen.checkpoint.size, 42);
    assert_memory_equal(seen.checkpoint.root, checkpoint.root, MERKLE_BYTES);
    assert_true(bytes_equal(buf_bytes(&seen.note), buf_bytes(&note)));
    assert_true(seen.at > 0);
    seen_free(&seen);
    assert_int_equal(follow_anew(&home), OK);
    assert_int_equal(seen_load(&home, &seen), OK);
    assert_int_equal(seen.checkpoint.size, 0);
    seen_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_counts_before_the_first_list),
        cmocka_unit_test(members_count_not_devices),
        cmocka_unit_test(a_forged_line_counts_for_nobody),
        cmocka_unit_test(newcomers_are_told_once_and_leavers_do_not_count),
        cmocka_unit_test(another_key_or_member_is_an_alarm),
        cmocka_unit_test(what_was_seen_comes_back),
    };
    return cmocka_run_group_tests(tests, make_home, drop_home);
}

/* The outbox: durable, idempotent, walked in order; and the home around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "client/outbox.h"
#include "crypto/keys.h"

static char folder[64];

static int make_home(void **state)
{
    *state = NULL;
    snprintf(folder, sizeof folder, "/tmp/chatham-outbox-XXXXXX");
    return mkdtemp(folder) && home_create(folder, BYTES_NONE, NULL) == OK ? 0 : -1;
}

static int drop_home(void **state)
{
    char command[128];
    *state = NULL;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static void open_home(struct home *home)
{
    struct why why = {0};
    assert_int_equal(home_open(folder, BYTES_NONE, home, &why), OK);
}

static void an_item_outlives_the_process_and_is_put_once(void **state)
{
    struct home home;
    struct outbox_item item;
    bool fresh;
    uint8_t id[ID_BYTES] = {7}, zero[ID_BYTES] = {0};
    size_t counts[OUTBOX_STATES];
    (void)state;
    open_home(&home);
    assert_int_equal(outbox_put(&home, ENVELOPE_CONTRIBUTION, id, bytes_str("record"), &fresh), OK);
    assert_true(fresh);
    home_close(&home);

    open_home(&home);
    assert_int_equal(outbox_put(&home, ENVELOPE_CONTRIBUTION, id, bytes_str("record"), &fresh), OK);
    assert_false(fresh);
    assert_int_equal(outbox_next(&home, OUTBOX_QUEUED, zero, &item), OK);
    assert_true(bytes_is(buf_bytes(&item.record), "record"));
    outbox_item_free(&item);
    assert_int_equal(outbox_next(&home, OUTBOX_QUEUED, id, &item), ERR_NOT_FOUND);
    assert_int_equal(outbox_count(&home, counts), OK);
    assert_int_equal(counts[OUTBOX_QUEUED], 1);
    home_close(&home);
}

static void an_item_goes_from_queued_to_sent_to_covered(void **state)
{
    struct home home;
    struct outbox_item item;
    bool fresh;
    uint8_t id[ID_BYTES] = {9}, before[ID_BYTES] = {8};
    (void)state;
    open_home(&home);
    assert_int_equal(outbox_put(&home, ENVELOPE_WITHDRAWAL, id, bytes_str("r"), &fresh), OK);
    assert_int_equal(outbox_sent(&home, id, bytes_str("receipt"), 5), OK);
    assert_int_equal(outbox_next(&home, OUTBOX_SENT, before, &item), OK);
    assert_int_equal(item.kind, ENVELOPE_WITHDRAWAL);
    assert_true(bytes_is(buf_bytes(&item.receipt), "receipt"));
    outbox_item_free(&item);
    assert_int_equal(outbox_covered(&home, id), OK);
    assert_int_equal(outbox_next(&home, OUTBOX_COVERED, before, &item), OK);
    assert_int_equal(item.record.size, 1); /* until a backup of the server's holds it */
    outbox_item_free(&item);
    assert_int_equal(outbox_safe(&home, 5, 90), OK);
    assert_int_equal(outbox_next(&home, OUTBOX_COVERED, before, &item), OK);
    assert_int_equal(item.record.size, 1);
    outbox_item_free(&item);
    assert_int_equal(outbox_safe(&home, 6, 90), OK);
    assert_int_equal(outbox_next(&home, OUTBOX_COVERED, before, &item), OK);
    assert_int_equal(item.record.size, 0);
    outbox_item_free(&item);
    home_close(&home);
}

static void nothing_is_kept_for_ever(void **state)
{
    struct home home;
    struct outbox_item item;
    bool fresh;
    uint8_t id[ID_BYTES] = {21}, before[ID_BYTES] = {20};
    (void)state;
    open_home(&home);
    assert_int_equal(outbox_put(&home, ENVELOPE_CONTRIBUTION, id, bytes_str("r"), &fresh), OK);
    assert_int_equal(outbox_sent(&home, id, bytes_str("receipt"), 7), OK);
    assert_int_equal(outbox_covered(&home, id), OK);
    assert_int_equal(outbox_safe(&home, 0, 1), OK);
    assert_int_equal(outbox_next(&home, OUTBOX_COVERED, before, &item), OK);
    assert_int_equal(item.record.size, 1);
    outbox_item_free(&item);
    assert_int_equal(outbox_safe(&home, 0, -1), OK); /* the same, seen from tomorrow */
    assert_int_equal(outbox_next(&home, OUTBOX_COVERED, before, &item), OK);
    assert_int_equal(item.record.size, 0);
    outbox_item_free(&item);
    home_close(&home);
}

/* After a restore: what the server lost, and nothing that was taken back. */
static void what_was_lost_is_queued_again(void **state)
{
    struct home home;
    bool fresh;
    size_t again = 0;
    enum { OLD = 31, LOST, SENT, TAKEN_BACK, TAKING };
    uint8_t id[5][ID_BYTES] = {{OLD}, {LOST}, {SENT}, {TAKEN_BACK}, {TAKING}};
    size_t before[OUTBOX_STATES], after[OUTBOX_STATES];
    (void)state;
    open_home(&home);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(outbox_put(&home, ENVELOPE_CONTRIBUTION, id[i], bytes_str("r"), &fresh), OK);
        assert_int_equal(outbox_sent(&home, id[i], bytes_str("receipt"), 100 + (uint64_t)i), OK);
    }
    assert_int_equal(outbox_covered(&home, id[0]), OK);
    assert_int_equal(outbox_covered(&home, id[1]), OK);
    assert_int_equal(outbox_withdraw(&home, id[3], id[4], bytes_str("w"), &fresh), OK);
    assert_int_equal(outbox_sent(&home, id[4], bytes_str("receipt"), 104), OK);
    assert_int_equal(outbox_count(&home, before), OK);
    assert_int_equal(outbox_again(&home, 101, &again), OK);
    assert_int_equal(again, 3); /* lost, sent, and the withdrawal itself */
    assert_int_equal(outbox_count(&home, after), OK);
    assert_int_equal(after[OUTBOX_QUEUED], before[OUTBOX_QUEUED] + 3);
    assert_int_equal(after[OUTBOX_COVERED], before[OUTBOX_COVERED] - 1);
    assert_int_equal(after[OUTBOX_SENT], before[OUTBOX_SENT] - 3); /* nothing waits for a log that it is not in */
    assert_int_equal(outbox_again(&home, 101, &again), OK);
    assert_int_equal(again, 0);
    /* Shared again on purpose, it goes out whole. */
    struct outbox_item item;
    uint8_t previous[ID_BYTES] = {SENT};
    previous[1] = 1;
    assert_int_equal(outbox_put(&home, ENVELOPE_CONTRIBUTION, id[3], bytes_str("r"), &fresh), OK);
    assert_int_equal(outbox_next(&home, OUTBOX_QUEUED, previous, &item), OK);
    assert_memory_equal(item.id, id[3], ID_BYTES);
    assert_int_equal(item.record.size, 1);
    outbox_item_free(&item);
    home_close(&home);
}

static void a_refused_item_is_queued_anew_when_put_again(void **state)
{
    struct home home;
    bool fresh;
    uint8_t id[ID_BYTES] = {11};
    size_t before[OUTBOX_STATES], after[OUTBOX_STATES];
    (void)state;
    open_home(&home);
    assert_int_equal(outbox_put(&home, ENVELOPE_CONTRIBUTION, id, bytes_str("x"), &fresh), OK);
    assert_int_equal(outbox_refused(&home, id), OK);
    assert_int_equal(outbox_count(&home, before), OK);
    assert_int_equal(outbox_put(&home, ENVELOPE_CONTRIBUTION, id, bytes_str("x"), &fresh), OK);
    assert_int_equal(outbox_count(&home, after), OK);
    assert_int_equal(after[OUTBOX_REFUSED], before[OUTBOX_REFUSED] - 1);
    assert_int_equal(after[OUTBOX_QUEUED], before[OUTBOX_QUEUED] + 1);
    home_close(&home);
}

static void a_home_is_made_once_and_another_key_does_not_open_it(void **state)
{
    struct home home;
    struct why why = {0};
    char path[128];
    (void)state;
    assert_int_equal(home_create(folder, BYTES_NONE, &why), ERR_EXISTS);
    snprintf(path, sizeof path, "%s/root.key", folder);
    SCOPED_BUF struct buf good = {0};
    assert_int_equal(file_read(path, 4096, &good), OK);
    assert_int_equal(unlink(path), 0);
    struct secret root = {0};
    assert_int_equal(root_key_create_file(path, &root, NULL), OK);
    secret_free(&root);
    why = (struct why){0};
    assert_int_equal(home_open(folder, BYTES_NONE, &home, &why), ERR_DENIED);
    assert_int_equal(file_write(path, buf_bytes(&good), 0600), OK);
    open_home(&home);
    home_close(&home);
}

static void no_record_lies_in_clear_on_the_disk(void **state)
{
    struct home home;
    bool fresh;
    uint8_t id[ID_BYTES] = {13};
    char path[128];
    static const char needle[] = "a very recognisable record";
    (void)state;
    open_home(&home);
    assert_int_equal(outbox_put(&home, ENVELOPE_CONTRIBUTION, id, bytes_str(needle), &fresh), OK);
    static const char *const files[] = {"client.db", "client.db-wal"};
    for (size_t i = 0; i < 2; i++) {
        SCOPED_BUF struct buf raw = {0};
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        enum status status = file_read(path, 1 << 24, &raw);
        assert_true(status == OK || status == ERR_NOT_FOUND);
        assert_true(bytes_find(buf_bytes(&raw), bytes_str(needle)) == SIZE_MAX);
        assert_true(bytes_find(buf_bytes(&raw), bytes_str("SQLite format 3")) == SIZE_MAX);
    }
    home_close(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_outlives_the_process_and_is_put_once),
        cmocka_unit_test(an_item_goes_from_queued_to_sent_to_covered),
        cmocka_unit_test(nothing_is_kept_for_ever),
        cmocka_unit_test(what_was_lost_is_queued_again),
        cmocka_unit_test(a_refused_item_is_queued_anew_when_put_again),
        cmocka_unit_test(a_home_is_made_once_and_another_key_does_not_open_it),
        cmocka_unit_test(no_record_lies_in_clear_on_the_disk),
    };
    return cmocka_run_group_tests(tests, make_home, drop_home);
}

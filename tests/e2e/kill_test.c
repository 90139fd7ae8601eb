/* A few kills of a server's processes under load; tests/e2e/kill_slow_test.c has a thousand. And what the check behind
 * both must find. */
#include "tests/e2e/kill.h"

static void what_was_acknowledged_survives_kills(void **state)
{
    (void)state;
    kill_run(8, 8);
}

/* --- what the check must find --- */

#define SOME 60

static void pull(struct kill_trial *trial)
{
    struct http *http = load_connect(&trial->senders[0].home, trial->daemon.url);
    kill_pull(trial, http);
    http_free(http);
}

/* The server takes some more, publishes, is pulled from, and ends. */
static void serve_some(struct kill_trial *trial)
{
    size_t before = kill_acknowledged(trial);
    atomic_store(&trial->ends, false);
    load_start(trial->senders, KILL_SENDERS);
    for (int i = 0; kill_acknowledged(trial) < before + SOME && i < 3000; i++)
        daemon_nap(10);
    atomic_store(&trial->ends, true);
    load_join(trial->senders, KILL_SENDERS);
    assert_true(kill_acknowledged(trial) >= before + SOME);
    kill_round(trial);
    pull(trial);
    assert_null(trial->wrong);
    assert_true(atomic_load(&trial->rounds) > 0 && atomic_load(&trial->pulls) > 0);
    daemon_end(&trial->daemon);
}

static void must_find(struct kill_trial *trial, const char *what)
{
    const char *wrong = kill_check(trial->daemon.state, trial->senders);
    assert_string_equal(wrong ? wrong : "nothing", what);
}

/* The first sender's n-th acknowledged contribution that was not withdrawn. */
static struct load_item *nth(struct kill_trial *trial, size_t n)
{
    const struct sender *sender = &trial->senders[0];
    for (size_t i = 0; i < sender->item_count; i++) {
        struct load_item *item = &sender->items[i];
        if (item->kind == LOAD_TEXT && item->receipt.size > 0 && !item->is_gone && n-- == 0)
            return item;
    }
    fail_msg("too few contributions");
    return NULL;
}

static void swap_receipts(struct load_item *item, struct load_item *other)
{
    struct buf receipt = item->receipt;
    item->receipt = other->receipt;
    other->receipt = receipt;
}

static void remember_as(struct kill_trial *trial, enum load_kind kind, enum load_kind instead)
{
    for (size_t i = 0; i < KILL_SENDERS; i++)
        for (size_t j = 0; j < trial->senders[i].item_count; j++)
            if (trial->senders[i].items[j].kind == kind)
                trial->senders[i].items[j].kind = instead;
}

/* A false memory of a sender's contradicts a server that is right as a true one does a server that is wrong. */
static void false_memories_are_found(struct kill_trial *trial)
{
    struct sender *sender = &trial->senders[0];
    struct load_item *item = nth(trial, 0), *other = nth(trial, 1);
    size_t count = sender->item_count;
    item->id[0] ^= 1;
    must_find(trial, KILL_LOST);
    item->id[0] ^= 1;
    swap_receipts(item, other);
    must_find(trial, KILL_RECEIPT);
    swap_receipts(item, other);
    item->kind = LOAD_WITHDRAWAL;
    must_find(trial, KILL_EMPTIED);
    item->kind = LOAD_TEXT;
    while (sender->items[sender->item_count - 1].receipt.size == 0)
        sender->item_count--;
    sender->item_count--;
    must_find(trial, KILL_STRANGE);
    sender->item_count = count;
    must_find(trial, "nothing");
    remember_as(trial, LOAD_TEXT, LOAD_NOISED);
    must_find(trial, KILL_UNCHARGED);
    remember_as(trial, LOAD_NOISED, LOAD_TEXT);
    must_find(trial, KILL_OVERCHARGED);
}

/* As after a disk that came back with what it held before: acknowledged, and gone. */
static void a_folder_of_before_is_found(struct kill_trial *trial, const char *before, const char *after)
{
    assert_int_equal(rename(trial->daemon.state, after), 0);
    assert_int_equal(rename(before, trial->daemon.state), 0);
    must_find(trial, KILL_LOST);
    daemon_start(&trial->daemon);
    pull(trial);
    daemon_end(&trial->daemon);
    assert_non_null(trial->wrong);
}

static void the_check_finds_what_is_lost_or_doubled(void **state)
{
    (void)state;
    static struct kill_trial trial;
    char before[100], after[100], copy[300];
    kill_prepare(&trial, 9);
    snprintf(before, sizeof before, "%s/before", trial.daemon.folder);
    snprintf(after, sizeof after, "%s/after", trial.daemon.folder);
    snprintf(copy, sizeof copy, "cp -a '%s' '%s'", trial.daemon.state, before);
    serve_some(&trial);
    assert_int_equal(system(copy), 0);
    daemon_start(&trial.daemon);
    serve_some(&trial);
    must_find(&trial, "nothing");
    a_folder_of_before_is_found(&trial, before, after);
    assert_int_equal(rename(trial.daemon.state, before), 0);
    assert_int_equal(rename(after, trial.daemon.state), 0);
    false_memories_are_found(&trial);
    kill_free(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_acknowledged_survives_kills),
        cmocka_unit_test(the_check_finds_what_is_lost_or_doubled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

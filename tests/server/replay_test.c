/* A state that went back: what a member kept is charged again, never less than it was, and only what is of the log that
 * was lost lets private rounds go on. */
#include "server/budget.h"
#include "tests/server/house_fixture.h"

#define ONE_ROUND UINT64_C(500000) /* ε, in millionths */

static enum status charge(struct house *house, uint64_t micro, struct why *why)
{
    uint64_t round = 0;
    struct ledger_round out;
    struct vault *vault = house->vault;
    TRY(ledger_last_round(vault->ledger, &round));
    TRY(vault_settle(vault));
    TRY(budget_compare(vault, why));
    return ledger_charge_round(vault->ledger, round + 1, ledger_loss_of_pure((struct dp_epsilon){micro}),
                               vault_now(vault), &out, why);
}

static void charge_times(struct house *house, int rounds)
{
    for (int i = 0; i < rounds; i++)
        assert_int_equal(charge(house, ONE_ROUND, NULL), OK);
}

static uint64_t spent(struct house *house)
{
    struct ledger_loss loss;
    assert_int_equal(ledger_spent_rounds(house->vault->ledger, LEDGER_LIFETIME, house->ms / 1000, &loss, NULL), OK);
    return loss.zcdp.rho;
}

static uint64_t cost(int rounds)
{
    return (uint64_t)rounds * ledger_loss_of_pure((struct dp_epsilon){ONE_ROUND}).zcdp.rho;
}

static void house_of_large_budget(struct house *house)
{
    house_prepare(house, HOUSE_FOLDER);
    house->policy.budget_epsilon_micro = 90000000;
    assert_int_equal(house_found(house, NULL), OK);
}

/* --- two worlds --- */

static void copy_folder(struct house *house, const char *verb, const char *from, const char *to)
{
    char command[900];
    vault_close(house->vault);
    house->vault = NULL;
    snprintf(command, sizeof command, "rm -rf '%s%s' && %s '%s%s' '%s%s'", house->folder, to, verb, house->folder, from,
             house->folder, to);
    assert_int_equal(system(command), 0);
    struct vault_options options = house_options(house);
    assert_int_equal(vault_open(&options, &house->vault, NULL), OK);
}

static void stash(struct house *house)
{
    copy_folder(house, "cp -r", "", ".old");
}

static void put_back(struct house *house)
{
    copy_folder(house, "mv", ".old", "");
}

static struct charge statement_of(struct house *house)
{
    struct charge charge;
    assert_int_equal(budget_statement(house->vault, &charge), OK);
    return charge;
}

static enum status seen(struct house *house, const char *note)
{
    return house_get(house, ROLE_GATE, MESSAGE_SEEN, bytes_str(note), NULL);
}

static uint64_t replay(struct house *house, const struct charge *statement)
{
    struct dp_zcdp added;
    assert_int_equal(budget_replay(house->vault, statement, &added, NULL), OK);
    return added.rho;
}

static void thaw(struct house *house)
{
    json_free(house_command(house, "{\"command\":\"log.thaw\",\"reason\":\"a test\"}"));
}

static void block_as_restored(struct house *house)
{
    uint64_t size = 0;
    struct vault *vault = house->vault;
    assert_int_equal(log_size(vault->store, &size), OK);
    assert_int_equal(ledger_block(vault->ledger, LEDGER_RESTORED, size, vault_now(vault)), OK);
}

static void still_refused(struct house *house, const char *reason)
{
    struct why why = {0};
    assert_int_equal(charge(house, ONE_ROUND, &why), ERR_POLICY);
    assert_non_null(strstr(why.what, reason));
}

#define ANOTHER "a member has seen another log"
#define BACKUP "this state comes from a backup"

/* --- what ends a block --- */

/* As many charges again, of another size: the member's log and ours are of one size. */
static void our_own_statement_does_not_end_a_fork(void **state)
{
    (void)state;
    struct house house;
    house_of_large_budget(&house);
    charge_times(&house, 1);
    stash(&house);
    charge_times(&house, 1);
    const struct charge kept = statement_of(&house);
    put_back(&house);
    assert_int_equal(charge(&house, 2 * ONE_ROUND, NULL), OK);
    assert_int_equal(seen(&house, kept.checkpoint), OK);
    thaw(&house);
    const struct charge ours = statement_of(&house);
    assert_int_equal(replay(&house, &ours), 0);
    still_refused(&house, ANOTHER);
    assert_true(replay(&house, &kept) >= cost(1));
    assert_int_equal(charge(&house, ONE_ROUND, NULL), OK);
    house_free(&house);
}

static void our_own_statement_does_not_end_it_when_we_grew(void **state)
{
    (void)state;
    struct house house;
    house_of_large_budget(&house);
    charge_times(&house, 1);
    stash(&house);
    charge_times(&house, 3);
    const struct charge kept = statement_of(&house);
    put_back(&house);
    assert_int_equal(seen(&house, kept.checkpoint), OK);
    thaw(&house);
    for (int i = 0; i < 5; i++)
        json_free(house_command(&house, "{\"command\":\"round\"}")); /* by threshold all goes on */
    house_member(&house, "acme");
    house_member(&house, "globex");
    house_member(&house, "initech");
    house_member(&house, "hooli");
    const struct charge ours = statement_of(&house);
    assert_int_equal(replay(&house, &ours), 0);
    still_refused(&house, ANOTHER);
    assert_true(replay(&house, &kept) >= cost(3));
    assert_int_equal(charge(&house, ONE_ROUND, NULL), OK);
    house_free(&house);
}

static void our_own_statement_does_not_end_a_restore(void **state)
{
    (void)state;
    struct house house;
    house_of_large_budget(&house);
    charge_times(&house, 3);
    stash(&house);
    charge_times(&house, 2);
    const struct charge kept = statement_of(&house);
    put_back(&house);
    block_as_restored(&house);
    const struct charge ours = statement_of(&house);
    assert_int_equal(replay(&house, &ours), 0);
    still_refused(&house, BACKUP);
    assert_true(replay(&house, &kept) >= cost(2));
    assert_int_equal(charge(&house, ONE_ROUND, NULL), OK);
    house_free(&house);
}

/* A second fork, shorter than the one that was thawed and made whole. */
static void a_shorter_fork_is_news(void **state)
{
    (void)state;
    struct house house;
    const struct checkpoint longer = {.size = 5000}, shorter = {.size = 2, .root = {7}};
    SCOPED_BUF struct buf lost = {0}, fork = {0};
    house_of_large_budget(&house);
    charge_times(&house, 3);
    const struct secret *key = &house.vault->keys[SERVER_CHECKPOINT];
    assert_int_equal(checkpoint_sign(&longer, house.vault->origin, key, &lost), OK);
    assert_int_equal(checkpoint_sign(&shorter, house.vault->origin, key, &fork), OK);
    buf_add(&lost, bytes_of("", 1));
    buf_add(&fork, bytes_of("", 1));
    assert_int_equal(seen(&house, (const char *)lost.data), OK);
    thaw(&house);
    assert_int_equal(db_exec(store_federation(house.vault->store), "UPDATE ledger_block SET ended = 1", ""), OK);
    assert_int_equal(charge(&house, ONE_ROUND, NULL), OK);
    assert_int_equal(seen(&house, (const char *)lost.data), OK); /* known */
    assert_int_equal(charge(&house, ONE_ROUND, NULL), OK);
    assert_int_equal(seen(&house, (const char *)fork.data), OK);
    still_refused(&house, ANOTHER);
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), ERR_POLICY);
    thaw(&house);
    still_refused(&house, ANOTHER);
    house_free(&house);
}

/* --- how much is charged --- */

/* Two restores: the second one's backup is of a world that went apart from the statement's. */
static void never_less_than_was_spent(void **state)
{
    (void)state;
    struct house house;
    house_of_large_budget(&house);
    charge_times(&house, 3);
    stash(&house);
    charge_times(&house, 2);
    const struct charge fifth = statement_of(&house);
    charge_times(&house, 3);
    const struct charge eighth = statement_of(&house);
    put_back(&house);
    block_as_restored(&house);
    assert_true(replay(&house, &fifth) >= cost(2));
    charge_times(&house, 2);
    stash(&house);
    put_back(&house);
    block_as_restored(&house);
    assert_true(replay(&house, &eighth) >= cost(3));
    assert_true(spent(&house) >= cost(10));
    assert_int_equal(charge(&house, ONE_ROUND, NULL), OK);
    house_free(&house);
}

/* Entries before a charge, as the path shows them; ours are all of them as long as nothing went apart. */
static void a_path_shows_all_that_came_before(void **state)
{
    (void)state;
    struct house house;
    house_of_large_budget(&house);
    for (int entries = 0; entries < 24; entries++) {
        uint64_t size = 0, leaves = 0;
        if (entries % 3 == 0 || entries > 20)
            charge_times(&house, 1);
        else
            assert_int_equal(
                log_note(house.vault->store, house.vault->random, LOGGED_TRAIL, bytes_str("x"), vault_now(house.vault)),
                OK);
        const struct charge now = statement_of(&house);
        assert_int_equal(log_size(house.vault->store, &size), OK);
        assert_int_equal(budget_common(house.vault, &now, size, &leaves), OK);
        assert_int_equal(leaves, now.leaf);
    }
    house_free(&house);
}

/* The log ends before the statement's, or went apart from it: whole subtrees from the left that both have, no more. */
static void a_path_shows_no_more_than_is_ours(void **state)
{
    (void)state;
    struct house house;
    uint64_t own = 0, size = 0, leaves = 0;
    house_of_large_budget(&house);
    while (own < 11) {
        charge_times(&house, 1);
        assert_int_equal(log_size(house.vault->store, &own), OK);
    }
    stash(&house);
    while (size < 15) {
        charge_times(&house, 1);
        assert_int_equal(log_size(house.vault->store, &size), OK);
    }
    const struct charge kept = statement_of(&house);
    assert_int_equal(kept.leaf, 14); /* its path: leaves 0 to 7, 8 to 11, 12 and 13 */
    put_back(&house);
    assert_int_equal(budget_common(house.vault, &kept, size, &leaves), OK);
    assert_int_equal(leaves, 8); /* of ours there are eleven */
    house.ms += 1000;
    charge_times(&house, 3);
    assert_int_equal(budget_common(house.vault, &kept, size, &leaves), OK);
    assert_int_equal(leaves, 8); /* the twelfth is another one */
    const uint64_t before = spent(&house);
    block_as_restored(&house);
    const uint64_t added = replay(&house, &kept);
    assert_int_equal(spent(&house), before + added);
    assert_true(added >= cost(4) && added < before + cost(4)); /* some of it was in common, and known to be */
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_statement_does_not_end_a_fork),
        cmocka_unit_test(our_own_statement_does_not_end_it_when_we_grew),
        cmocka_unit_test(our_own_statement_does_not_end_a_restore),
        cmocka_unit_test(a_shorter_fork_is_news),
        cmocka_unit_test(never_less_than_was_spent),
        cmocka_unit_test(a_path_shows_all_that_came_before),
        cmocka_unit_test(a_path_shows_no_more_than_is_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

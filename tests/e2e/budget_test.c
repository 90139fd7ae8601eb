/* What a device is told of its tenant's budget, by a real vault: the statement holds and is kept; a ledger that went
 * back, another one, a forged or foreign statement is told. */
#include "client/budget.h"
#include "server/budget.h"
#include "tests/server/house_fixture.h"

struct member_home {
    struct home home;
    struct house house;
};

static void start(struct member_home *member)
{
    char folder[] = "/tmp/chatham-budget-XXXXXX";
    *member = (struct member_home){0};
    house_new(&member->house, HOUSE_FOLDER);
    house_member(&member->house, "acme");
    assert_non_null(mkdtemp(folder));
    snprintf(member->home.folder, sizeof member->home.folder, "%s", folder);
    assert_int_equal(federation_decode(buf_bytes(&member->house.vault->document), &member->home.federation, NULL), OK);
}

static void end(struct member_home *member)
{
    federation_free(&member->home.federation);
    house_remove_folder(member->home.folder);
    house_free(&member->house);
}

static void charge(struct member_home *member, uint64_t micro)
{
    uint64_t last = 0;
    struct ledger_round out;
    struct ledger *ledger = member->house.vault->ledger;
    assert_int_equal(ledger_last_round(ledger, &last), OK);
    assert_int_equal(ledger_charge_round(ledger, last + 1, ledger_loss_of_pure((struct dp_epsilon){micro}),
                                         vault_now(member->house.vault), &out, NULL),
                     OK);
}

static struct json *ask(struct member_home *member)
{
    struct json *answer = json_object();
    assert_int_equal(budget_put_statement(member->house.vault, member->house.members[0].tenant, answer), OK);
    return answer;
}

static enum status check(struct member_home *member, struct budget_seen *seen)
{
    SCOPED_JSON struct json *answer = ask(member);
    return budget_check(&member->home, answer, seen, NULL);
}

static void nothing_was_charged(void **state)
{
    (void)state;
    struct member_home member;
    struct budget_seen seen;
    start(&member);
    assert_int_equal(check(&member, &seen), OK);
    assert_false(seen.is_there);
    end(&member);
}

static void the_last_charge_is_checked_and_kept(void **state)
{
    (void)state;
    struct member_home member;
    struct budget_seen seen;
    start(&member);
    for (uint64_t number = 1; number <= 3; number++) {
        charge(&member, 100000);
        assert_int_equal(check(&member, &seen), OK);
        assert_int_equal(seen.anchor.number, number);
        assert_int_equal(seen.anchor.total.epsilon.micro, 100000 * number);
        assert_int_equal(check(&member, &seen), OK); /* the same again */
    }
    end(&member);
}

/* The same federation, opened on a copy of its folder from before. */
static void a_ledger_that_went_back_is_told(void **state)
{
    (void)state;
    struct member_home member;
    struct budget_seen seen;
    char command[900];
    start(&member);
    charge(&member, 100000);
    vault_close(member.house.vault);
    member.house.vault = NULL;
    snprintf(command, sizeof command, "cp -r '%s' '%s.old'", member.house.folder, member.house.folder);
    assert_int_equal(system(command), 0);
    struct vault_options options = house_options(&member.house);
    assert_int_equal(vault_open(&options, &member.house.vault, NULL), OK);
    charge(&member, 100000);
    assert_int_equal(check(&member, &seen), OK);
    vault_close(member.house.vault);
    snprintf(command, sizeof command, "rm -rf '%s' && mv '%s.old' '%s'", member.house.folder, member.house.folder,
             member.house.folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(vault_open(&options, &member.house.vault, NULL), OK);
    assert_int_equal(check(&member, &seen), ERR_DENIED);

    /* It goes on, and has as many charges again: other ones. */
    charge(&member, 100001);
    assert_int_equal(check(&member, &seen), ERR_DENIED);

    /* By what the home kept the operator charges what was lost, and the member is content. */
    char path[HOME_PATH_MAX + 20];
    struct charge kept;
    struct dp_zcdp added;
    SCOPED_BUF struct buf text = {0};
    snprintf(path, sizeof path, "%s/%s", member.home.folder, BUDGET_KEPT);
    assert_int_equal(file_read(path, 1 << 16, &text), OK);
    assert_int_equal(charge_decode(buf_bytes(&text), &kept, NULL), OK);
    assert_int_equal(budget_replay(member.house.vault, &kept, &added, NULL), OK);
    assert_true(added.rho > 0);
    assert_int_equal(check(&member, &seen), OK);
    end(&member);
}

static void forged_statements_are_refused(void **state)
{
    (void)state;
    struct member_home member;
    struct budget_seen seen;
    struct charge charged;
    start(&member);
    charge(&member, 100000);
    assert_int_equal(budget_statement(member.house.vault, &charged), OK);
    for (size_t at = 0; at < charged.content_size + 3; at++) {
        struct charge forged = charged;
        struct json *statement = NULL;
        SCOPED_JSON struct json *answer = json_object();
        SCOPED_BUF struct buf text = {0};
        if (at < charged.content_size)
            forged.content[at] ^= 1;
        forged.leaf += at == charged.content_size;
        forged.salt[0] ^= at == charged.content_size + 1;
        forged.checkpoint[60] ^= at == charged.content_size + 2;
        assert_int_equal(charge_encode(&forged, &text), OK);
        assert_int_equal(json_parse(buf_bytes(&text), SIZE_MAX, &statement, NULL), OK);
        json_set(answer, "statement", statement);
        assert_int_equal(budget_check(&member.home, answer, &seen, NULL), ERR_DENIED);
    }
    end(&member);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_was_charged),
        cmocka_unit_test(the_last_charge_is_checked_and_kept),
        cmocka_unit_test(a_ledger_that_went_back_is_told),
        cmocka_unit_test(forged_statements_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

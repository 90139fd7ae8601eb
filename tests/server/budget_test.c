/* The ledger in its place: a release that charges first finds its charge in the log; a ledger that the log contradicts,
 * a restore and a member's other log keep it from charging; what the operator is shown. */
#include "server/budget.h"
#include "tests/server/house_fixture.h"

/* What a release does before it may draw any noise. */
static enum status charge(struct house *house, uint64_t micro, struct ledger_round *out, struct why *why)
{
    uint64_t round = 0;
    struct vault *vault = house->vault;
    TRY(ledger_last_round(vault->ledger, &round));
    TRY(vault_settle(vault));
    TRY(budget_compare(vault, why));
    return ledger_charge_round(vault->ledger, round + 1, ledger_loss_of_approximate((struct dp_epsilon){micro}, 1000),
                               vault_now(vault), out, why);
}

static enum status charge_one(struct house *house)
{
    struct ledger_round out;
    return charge(house, 1000000, &out, NULL);
}

static const char *text_of(const struct json *object, const char *key, const char *part)
{
    return json_string_text(json_get(json_get(object, key), part));
}

static void a_charge_is_in_the_log(void **state)
{
    (void)state;
    struct house house;
    struct ledger_round out;
    struct log_entry entry;
    SCOPED_BUF struct buf text = {0};
    house_new(&house, HOUSE_FOLDER);
    house_member(&house, "acme");
    int64_t before = house_number(&house, "{\"command\":\"status\"}", "tree");
    assert_int_equal(charge(&house, 1000000, &out, NULL), OK);
    assert_int_equal(out.number, 1);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tree"), before + 1);
    assert_int_equal(log_entry_at(house.vault->store, (uint64_t)before, &text), OK);
    assert_int_equal(log_entry_decode(buf_bytes(&text), &entry, NULL), OK);
    assert_int_equal(entry.kind, LOGGED_CHARGE);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    house_reopen(&house);
    assert_int_equal(charge(&house, 1000000, &out, NULL), OK);
    assert_int_equal(out.number, 2);
    house_free(&house);
}

/* The budget of the default policy is ε = 10. */
static void refused_when_exhausted(void **state)
{
    (void)state;
    struct house house;
    struct ledger_round out;
    struct why why = {0};
    house_new(&house, HOUSE_MEMORY);
    for (int i = 0; i < 10; i++)
        assert_int_equal(charge_one(&house), OK);
    assert_int_equal(charge(&house, 1000000, &out, &why), ERR_POLICY);
    assert_string_equal(why.what, "the lifetime budget does not allow it");
    SCOPED_JSON struct json *budget = house_command(&house, "{\"command\":\"budget\"}");
    assert_string_equal(text_of(budget, "lifetime", "epsilon"), "10.000000");
    assert_int_equal(json_integer_value(json_get(budget, "rounds_charged")), 10);
    assert_true(json_is_null(json_get(budget, "rounds_refused")));
    house_free(&house);
}

static void a_member_is_charged_from_when_it_joined(void **state)
{
    (void)state;
    struct house house;
    struct ledger_round first, second;
    bool covers = true;
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    assert_int_equal(charge(&house, 1000000, &first, NULL), OK);
    const struct member *globex = house_member(&house, "globex");
    assert_int_equal(charge(&house, 500000, &second, NULL), OK);
    SCOPED_JSON struct json *acme = house_command(&house, "{\"command\":\"budget\",\"tenant\":\"acme\"}");
    SCOPED_JSON struct json *other = house_command(&house, "{\"command\":\"budget\",\"tenant\":\"globex\"}");
    assert_string_equal(text_of(acme, "lifetime", "epsilon"), "1.500000");
    assert_string_equal(text_of(acme, "period", "epsilon"), "1.500000");
    assert_string_equal(text_of(acme, "left", "epsilon"), "8.500000");
    assert_string_equal(text_of(other, "lifetime", "epsilon"), "0.500000");
    assert_int_equal(ledger_covers(house.vault->ledger, bytes_of(globex->tenant, ID_BYTES), first.number, &covers), OK);
    assert_false(covers);
    assert_int_equal(house_command_status(&house, "{\"command\":\"budget\",\"tenant\":\"nobody\"}"), ERR_NOT_FOUND);
    house_free(&house);
}

/* --- rollback --- */

static void attack(struct house *house, const char *sql)
{
    assert_int_equal(db_exec(store_federation(house->vault->store), sql, ""), OK);
}

/* Two charges; then somebody with the keys takes the last one back. */
static void charge_twice_and_take_back(struct house *house, bool in_the_log_too)
{
    house_new(house, HOUSE_FOLDER);
    assert_int_equal(charge_one(house), OK);
    assert_int_equal(charge_one(house), OK);
    attack(house, "DROP TRIGGER ledger_round_stays");
    attack(house, "DELETE FROM ledger_round WHERE number = 2");
    if (in_the_log_too)
        attack(house, "DELETE FROM opening WHERE kind = 'charge' AND leaf = (SELECT max(leaf) FROM opening)");
    house_reopen(house);
}

static void a_ledger_of_yesterday_charges_no_round(void **state)
{
    (void)state;
    for (int in_the_log_too = 0; in_the_log_too < 2; in_the_log_too++) {
        struct house house;
        struct ledger_round out;
        struct why why = {0};
        charge_twice_and_take_back(&house, in_the_log_too);
        assert_int_equal(charge(&house, 1000000, &out, &why), ERR_POLICY);
        assert_string_equal(why.what, "charges are missing that the log knows: the ledger is older than it");
        SCOPED_JSON struct json *budget = house_command(&house, "{\"command\":\"budget\"}");
        assert_string_equal(json_string_text(json_get(budget, "rounds_refused")), why.what);
        json_free(house_command(&house, "{\"command\":\"round\"}")); /* by threshold all goes on */
        house_free(&house);
    }
}

/* What the log itself knows is charged again, by the command; what cannot be opened there is not. */
static void the_log_itself_tells_what_is_missing(void **state)
{
    (void)state;
    struct house house;
    charge_twice_and_take_back(&house, false);
    SCOPED_JSON struct json *replay = house_command(&house, "{\"command\":\"budget.replay\"}");
    struct dp_zcdp one = dp_zcdp_of_approximate((struct dp_epsilon){1000000}, 1000);
    char rho[32];
    snprintf(rho, sizeof rho, "0.%09llu", (unsigned long long)one.rho);
    assert_string_equal(text_of(replay, "charged", "rho"), rho);
    assert_true(json_is_null(json_get(replay, "rounds_refused")));
    assert_int_equal(charge_one(&house), OK);
    house_free(&house);
    charge_twice_and_take_back(&house, true);
    assert_int_equal(house_command_status(&house, "{\"command\":\"budget.replay\"}"), ERR_CORRUPT);
    house_free(&house);
}

static void statements_that_make_no_sense(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(house_command_status(&house, "{\"command\":\"budget.replay\"}"), ERR_NOT_FOUND);
    assert_int_equal(house_command_status(&house, "{\"command\":\"budget.replay\",\"statement\":{}}"), ERR_INPUT);
    assert_int_equal(house_command_status(&house, "{\"command\":\"budget.replay\",\"statement\":1}"), ERR_INPUT);
    house_free(&house);
}

static void a_ledger_of_another_federation_does_not_open(void **state)
{
    (void)state;
    struct house house;
    struct why why = {0};
    house_new(&house, HOUSE_FOLDER);
    attack(&house, "UPDATE ledger_state SET federation = zeroblob(16)");
    vault_close(house.vault);
    house.vault = NULL;
    struct vault_options options = house_options(&house);
    assert_int_equal(vault_open(&options, &house.vault, &why), ERR_DENIED);
    assert_string_equal(why.what, "is of another federation");
    house_free(&house);
}

/* A member has seen a longer log: after the operator's thaw threshold rounds go on, charges don't. */
static void another_log_blocks_charges(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint longer = {.size = 1000};
    struct ledger_round out;
    struct why why = {0};
    SCOPED_BUF struct buf note = {0};
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(checkpoint_sign(&longer, house.vault->origin, &house.vault->keys[SERVER_CHECKPOINT], &note), OK);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_SEEN, buf_bytes(&note), NULL), OK);
    json_free(house_command(&house, "{\"command\":\"log.thaw\",\"reason\":\"a test\"}"));
    json_free(house_command(&house, "{\"command\":\"round\"}"));
    assert_int_equal(charge(&house, 1000000, &out, &why), ERR_POLICY);
    assert_string_equal(why.what, "charges may be missing: a member has seen another log; see chathamd budget replay");
    house_free(&house);
}

/* Its charges are no news that a scheduled round would be held for. */
static void a_charge_is_no_news(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    json_free(house_command(&house, "{\"command\":\"round\"}"));
    int64_t rounds = house_number(&house, "{\"command\":\"status\"}", "rounds");
    assert_int_equal(charge_one(&house), OK);
    house.ms += INT64_C(2) * house.policy.round_seconds * 1000;
    struct outbox out = {0};
    const struct message tick = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
    assert_int_equal(vault_handle(house.vault, &tick, &out), OK);
    outbox_free(&out);
    assert_null(house.vault->round);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "rounds"), rounds);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_charge_is_in_the_log),
        cmocka_unit_test(refused_when_exhausted),
        cmocka_unit_test(a_member_is_charged_from_when_it_joined),
        cmocka_unit_test(a_ledger_of_yesterday_charges_no_round),
        cmocka_unit_test(the_log_itself_tells_what_is_missing),
        cmocka_unit_test(statements_that_make_no_sense),
        cmocka_unit_test(a_ledger_of_another_federation_does_not_open),
        cmocka_unit_test(another_log_blocks_charges),
        cmocka_unit_test(a_charge_is_no_news),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Rounds of mode dp: what all say is published and charged before, what one says stays in, and what refuses a round
 * charges nothing. With ε = 8 five members can have something released; the noise is of fixed seeds. */
#include "server/budget.h"
#include "server/round.h"
#include "tests/server/house_fixture.h"

#define WHEN "a booking is refused because payments do not add up"
#define ACT "count the bags before charging more"
#define ALONE "ask whether the first letter is missing"

static void private_house(struct house *house, enum house_place place)
{
    house_prepare(house, place);
    house->policy.mode = RELEASE_DP;
    house->policy.dp_epsilon_micro = 8000000;
    house->policy.dp_delta_pico = 10000000; /* 1e-5 */
    house->policy.dp_statements = 8;
    house->policy.budget_epsilon_micro = 20000000;
    house->policy.budget_delta_pico = 100000000; /* 1e-4 */
    house->policy.round_seconds = 3600;
    house->policy.noise_epsilon_max_micro = 500000;
    assert_int_equal(house_found(house, NULL), OK);
}

static const char *const names[] = {"acme", "globex", "initech", "umbrella", "hooli", "stark"};

/* Six members who all say the same, and the first one something else besides. */
static void all_say_it(struct house *house)
{
    for (size_t i = 0; i < HOUSE_MEMBERS; i++) {
        struct member *member = house_member(house, names[i]);
        assert_int_equal(house_share(house, member, 1, WHEN, ACT, 1), OK);
    }
    assert_int_equal(house_share(house, &house->members[0], 2, "an order is not found", ALONE, 2), OK);
}

static struct dp_zcdp spent(struct house *house)
{
    struct ledger_loss loss;
    assert_int_equal(ledger_spent_rounds(house->vault->ledger, LEDGER_LIFETIME, house->ms / 1000, &loss, NULL), OK);
    return loss.zcdp;
}

static enum status round_refused(struct house *house, const char *command, struct why *why)
{
    SCOPED_BUF struct buf reply = {0};
    return house_admin(house->vault, &house->distiller, bytes_str(command), &reply, why);
}

#define ROUND "{\"command\":\"round\"}"

static void what_all_say_is_published(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint seen = {0};
    struct library library;
    private_house(&house, HOUSE_FOLDER);
    all_say_it(&house);
    SCOPED_JSON struct json *report = house_command(&house, ROUND);
    assert_true(json_is_true(json_get(report, "published")));
    assert_int_equal(json_integer_value(json_get(report, "candidates")), 7);
    const struct json *charge = json_get(report, "charge");
    assert_int_equal(json_integer_value(json_get(charge, "number")), 1);
    assert_string_equal(json_string_text(json_get(charge, "epsilon")), "8.000000");
    house_library(&house, &seen, &library);
    assert_int_equal(library.mode, RELEASE_DP);
    assert_int_equal(library.insight_count, 1);
    assert_string_equal(library.insights[0].text.act.items[0], ACT);
    library_free(&library);
    assert_true(spent(&house).rho > 0);
    struct dp_zcdp once = spent(&house);
    house_reopen(&house); /* the charge stays, and the next round has its own */
    assert_int_equal(spent(&house).rho, once.rho);
    SCOPED_JSON struct json *again = house_command(&house, ROUND);
    assert_int_equal(json_integer_value(json_get(json_get(again, "charge"), "number")), 2);
    assert_int_equal(spent(&house).rho, 2 * once.rho);
    house_free(&house);
}

static void too_few_members_are_told_how_many(void **state)
{
    (void)state;
    struct house house;
    struct why why = {0};
    private_house(&house, HOUSE_MEMORY);
    assert_int_equal(house_share(&house, house_member(&house, "acme"), 1, WHEN, ACT, 1), OK);
    assert_int_equal(round_refused(&house, ROUND, &why), ERR_POLICY);
    assert_non_null(strstr(why.what, "least number of tenants: 4"));
    assert_int_equal(spent(&house).rho, 0);
    house_free(&house);
}

static void a_private_round_has_no_preview(void **state)
{
    (void)state;
    struct house house;
    struct why why = {0};
    private_house(&house, HOUSE_MEMORY);
    all_say_it(&house);
    assert_int_equal(round_refused(&house, "{\"command\":\"round.preview\"}", &why), ERR_POLICY);
    assert_non_null(strstr(why.what, "budget plan"));
    assert_int_equal(spent(&house).rho, 0);
    house_free(&house);
}

/* The cap is met, the library stays as it is, and a suspended member is charged all the same. */
static void an_exhausted_budget_ends_it(void **state)
{
    (void)state;
    struct house house;
    struct why why = {0};
    struct checkpoint seen = {0};
    struct library library;
    int rounds = 0;
    private_house(&house, HOUSE_MEMORY);
    all_say_it(&house);
    while (rounds < 100 && round_refused(&house, ROUND, &why) == OK)
        rounds++;
    assert_true(rounds >= 1 && rounds < 100);
    struct dp_zcdp most = spent(&house);
    assert_true(dp_zcdp_within(most, ledger_cap(house.vault->ledger).zcdp));
    assert_int_equal(round_refused(&house, ROUND, NULL), ERR_POLICY);
    assert_int_equal(spent(&house).rho, most.rho);
    house_library(&house, &seen, &library);
    assert_int_equal(library.mode, RELEASE_DP);
    library_free(&library);
    house_free(&house);
}

/* Once a slot, whether or not anything came. */
static uint64_t charges_after_tick(struct house *house, int64_t seconds)
{
    const struct message tick = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
    struct outbox out = {0};
    struct ledger_anchor last = {0};
    house->ms += seconds * 1000;
    assert_int_equal(vault_handle(house->vault, &tick, &out), OK);
    outbox_free(&out);
    enum status status = ledger_last_anchor(house->vault->ledger, &last);
    assert_true(status == OK || status == ERR_NOT_FOUND);
    return last.number;
}

static void the_clock_does_not_look_at_what_came(void **state)
{
    (void)state;
    struct house house;
    private_house(&house, HOUSE_MEMORY);
    for (size_t i = 0; i < HOUSE_MEMBERS; i++)
        house_member(&house, names[i]);
    assert_int_equal(charges_after_tick(&house, 3599), 0);
    assert_int_equal(charges_after_tick(&house, 1), 1);
    assert_int_equal(charges_after_tick(&house, 1800), 1);
    assert_int_equal(charges_after_tick(&house, 1800), 2);
    house_free(&house);
}

static void restart(struct house *house)
{
    vault_close(house->vault);
    house->vault = NULL;
    struct vault_options options = house_options(house);
    assert_int_equal(vault_open(&options, &house->vault, NULL), OK);
}

/* A folder of yesterday looks whole by itself. */
static void after_a_start_members_are_heard_first(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf note = {0};
    private_house(&house, HOUSE_FOLDER);
    for (size_t i = 0; i < HOUSE_MEMBERS; i++)
        house_member(&house, names[i]);
    assert_int_equal(charges_after_tick(&house, 3600), 1);
    house.ms += 3000 * 1000;
    restart(&house);
    assert_int_equal(charges_after_tick(&house, 900), 1); /* due, and nobody was heard */
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CHECKPOINT, BYTES_NONE, &note), OK);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_SEEN, buf_bytes(&note), NULL), OK);
    assert_int_equal(charges_after_tick(&house, 1), 2);
    restart(&house);
    assert_int_equal(charges_after_tick(&house, 3599), 2);
    assert_int_equal(charges_after_tick(&house, 1), 3); /* nobody comes: a slot is long enough */
    house_free(&house);
}

/* A slot whose round was charged and came to nothing has had its round. */
static void a_round_that_failed_is_not_charged_again_in_its_slot(void **state)
{
    (void)state;
    struct house house;
    struct ledger_round charged;
    private_house(&house, HOUSE_MEMORY);
    for (size_t i = 0; i < HOUSE_MEMBERS; i++)
        house_member(&house, names[i]);
    house.ms += 3600 * 1000;
    struct private_terms terms;
    assert_int_equal(private_terms_of(&house.policy, &terms, NULL), OK);
    assert_int_equal(charges_after_tick(&house, 0), 1);
    assert_int_equal(ledger_charge_round(house.vault->ledger, 2, ledger_loss_of_zcdp(terms.mechanism.loss),
                                         house.ms / 1000 + 3600, &charged, NULL),
                     OK);
    assert_int_equal(charges_after_tick(&house, 3600), 2);
    assert_int_equal(charges_after_tick(&house, 60), 2);
    assert_int_equal(charges_after_tick(&house, 3600), 3);
    house_free(&house);
}

static void spoil(const char *folder)
{
    char command[400];
    snprintf(
        command, sizeof command,
        "for file in '%s'/tenants/*.db; do dd if=/dev/zero of=\"$file\" bs=64 seek=1 count=4 conv=notrunc status=none;"
        " done",
        folder);
    assert_int_equal(system(command), 0);
}

/* What a round would fail of, it fails of before it is charged. */
static void a_member_that_cannot_be_read_costs_nothing(void **state)
{
    (void)state;
    struct house house;
    private_house(&house, HOUSE_FOLDER);
    all_say_it(&house);
    vault_close(house.vault);
    house.vault = NULL;
    spoil(house.folder);
    struct vault_options options = house_options(&house);
    assert_int_equal(vault_open(&options, &house.vault, NULL), OK);
    assert_int_not_equal(round_refused(&house, ROUND, NULL), OK);
    assert_int_equal(spent(&house).rho, 0);
    house_free(&house);
}

/* What is bounded for one member does not depend on what another brings. */
static void nobody_is_crowded_out(void **state)
{
    (void)state;
    struct house house;
    private_house(&house, HOUSE_MEMORY);
    all_say_it(&house);
    for (uint8_t id = 10; id < 60; id++)
        assert_int_equal(house_share(&house, &house.members[5], id, WHEN, ALONE, id), OK);
    struct round round = {.charge = 0, .members = HOUSE_MEMBERS};
    struct ledger_round charged;
    struct private_terms terms;
    assert_int_equal(private_terms_of(&house.policy, &terms, NULL), OK);
    assert_int_equal(ledger_charge_round(house.vault->ledger, 1, ledger_loss_of_zcdp(terms.mechanism.loss),
                                         house.ms / 1000, &charged, NULL),
                     OK);
    round.charge = charged.number;
    SCOPED_BUF struct buf record = {0};
    house_record(WHEN, ALONE, 1, &record);
    assert_int_equal(round_collect(house.vault, &round, HOUSE_MEMBERS * 2 * record.size), OK); /* two records each */
    assert_int_equal(round.count, 4 + 2 + 2); /* four have one, the first has two, and the last had fifty-one */
    size_t count = round.count;
    for (size_t i = 0; i < count; i++)
        candidate_free(&round.candidates[i]);
    mem_free(round.candidates);
    mem_free(round.rows);
    house_free(&house);
}

static void a_budget_of_no_round_is_refused_at_the_founding(void **state)
{
    (void)state;
    struct house house;
    struct why why = {0};
    house_prepare(&house, HOUSE_MEMORY);
    house.policy.mode = RELEASE_DP;
    house.policy.dp_epsilon_micro = 8000000;
    house.policy.dp_delta_pico = 10000000;
    house.policy.dp_statements = 8;
    house.policy.budget_epsilon_micro = 1000000;
    assert_int_equal(house_found(&house, &why), ERR_POLICY);
    assert_string_equal(why.where, "budget_epsilon_micro");
    house.policy.budget_epsilon_micro = 12000000;
    house.policy.budget_delta_pico = 100000000;
    house.policy.noise_epsilon_max_micro = 20000000;
    why = (struct why){0};
    assert_int_equal(house_found(&house, &why), ERR_POLICY);
    assert_string_equal(why.where, "noise_epsilon_max_micro");
    house.policy.allow_noised = false;
    assert_int_equal(house_found(&house, NULL), OK);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_all_say_is_published),
        cmocka_unit_test(too_few_members_are_told_how_many),
        cmocka_unit_test(a_private_round_has_no_preview),
        cmocka_unit_test(an_exhausted_budget_ends_it),
        cmocka_unit_test(the_clock_does_not_look_at_what_came),
        cmocka_unit_test(after_a_start_members_are_heard_first),
        cmocka_unit_test(a_round_that_failed_is_not_charged_again_in_its_slot),
        cmocka_unit_test(a_member_that_cannot_be_read_costs_nothing),
        cmocka_unit_test(nobody_is_crowded_out),
        cmocka_unit_test(a_budget_of_no_round_is_refused_at_the_founding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

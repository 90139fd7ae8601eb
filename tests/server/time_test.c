/* Time in the vault: it never runs backwards, and over a jump it waits for the operator. */
#include "tests/server/house_fixture.h"

#define WHEN "an upload of a file fails"
#define ACT "split the file into parts"
#define DAY INT64_C(86400)

static void tick(struct house *house)
{
    struct outbox out = {0};
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
    assert_int_equal(vault_handle(house->vault, &in, &out), OK);
    outbox_free(&out);
}

static int64_t rounds(struct house *house)
{
    return house_number(house, "{\"command\":\"status\"}", "rounds");
}
static int64_t behind(struct house *house)
{
    return house_number(house, "{\"command\":\"status\"}", "clock_behind_seconds");
}
static int64_t jumped(struct house *house)
{
    return house_number(house, "{\"command\":\"status\"}", "clock_jumped_seconds");
}
static int64_t entered(struct house *house, const char *act)
{
    int64_t count = -1;
    assert_int_equal(
        db_row(store_federation(house->vault->store), "SELECT count(*) FROM trail WHERE act = ?", "t:i", act, &count),
        OK);
    return count;
}

static void time_follows_the_clock(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    int64_t start = vault_now(house.vault);
    house.ms += 29 * DAY * 1000;
    tick(&house);
    assert_int_equal(vault_now(house.vault), start + 29 * DAY);
    house.ms += VAULT_TIME_JUMP * 1000; /* not over it */
    tick(&house);
    assert_int_equal(vault_now(house.vault), start + 59 * DAY);
    assert_int_equal(behind(&house), 0);
    assert_int_equal(jumped(&house), 0);
    assert_int_equal(entered(&house, "clock.jumped"), 0);
    house_free(&house);
}

static void time_never_runs_backwards(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    const struct member *acme = house_member(&house, "acme");
    house.ms += 10 * DAY * 1000;
    tick(&house);
    int64_t latest = vault_now(house.vault);
    house.ms -= 8 * DAY * 1000;
    tick(&house);
    assert_int_equal(vault_now(house.vault), latest);
    assert_int_equal(behind(&house), 8 * DAY);
    house_reopen(&house); /* the store remembers */
    assert_int_equal(vault_now(house.vault), latest);
    tick(&house);
    tick(&house);
    assert_int_equal(entered(&house, "clock.behind"), 2); /* once before, once after the restart */
    assert_int_equal(house_command_status(&house, "{\"command\":\"time.accept\"}"), ERR_POLICY);
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(vault_now(house.vault), latest);
    house.ms += 9 * DAY * 1000;
    tick(&house);
    assert_int_equal(vault_now(house.vault), latest + DAY);
    assert_int_equal(behind(&house), 0);
    json_free(house_command(&house, "{\"command\":\"trail.verify\"}"));
    house_free(&house);
}

/* What was done counts as a mark, though no tick wrote one. */
static void an_act_is_a_mark(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    house.ms += 3 * DAY * 1000;
    (void)house_member(&house, "acme");
    house.ms -= 2 * DAY * 1000;
    house_reopen(&house);
    assert_int_equal(vault_now(house.vault), HOUSE_START_MS / 1000 + 3 * DAY);
    house_free(&house);
}

static void over_a_jump_time_stands(void **state)
{
    (void)state;
    struct house house;
    struct member late = {0};
    SCOPED_BUF struct buf token = {0}, request = {0};
    house_new(&house, HOUSE_MEMORY);
    const struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 2), OK);
    house_token(&house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &late, &request);
    int64_t before = vault_now(house.vault);
    struct house present = house;
    house.ms += (VAULT_TIME_JUMP + 1) * 1000;
    tick(&house);
    tick(&house);
    assert_int_equal(vault_now(house.vault), before);
    assert_int_equal(jumped(&house), VAULT_TIME_JUMP + 1);
    assert_int_equal(entered(&house, "clock.jumped"), 1);
    assert_int_equal(rounds(&house), 0);                                /* none by the clock */
    assert_int_equal(house_share(&present, acme, 2, WHEN, ACT, 3), OK); /* admission goes on with the last time */
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), NULL), OK); /* nothing expired */
    assert_int_equal(house_number(&house, "{\"command\":\"time.accept\"}", "moved_seconds"), VAULT_TIME_JUMP + 1);
    assert_int_equal(vault_now(house.vault), before + VAULT_TIME_JUMP + 1);
    assert_int_equal(entered(&house, "time.accept"), 2);
    tick(&house);
    assert_int_equal(jumped(&house), 0);
    assert_int_equal(house_number(&house, "{\"command\":\"time.accept\"}", "moved_seconds"), 0); /* twice is once */
    assert_int_equal(entered(&house, "round.read"), 2); /* the clock's round has begun */
    secret_free(&late.seed);
    house_free(&house);
}

static void a_jump_while_the_server_was_down_is_seen(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_FOLDER);
    (void)house_member(&house, "acme");
    int64_t before = vault_now(house.vault);
    house.ms += 400 * DAY * 1000;
    house_reopen(&house);
    tick(&house);
    assert_int_equal(vault_now(house.vault), before);
    house_reopen(&house); /* starting twice accepts nothing */
    assert_int_equal(vault_now(house.vault), before);
    json_free(house_command(&house, "{\"command\":\"time.accept\"}"));
    house_reopen(&house); /* and an accepted clock stays accepted */
    assert_int_equal(vault_now(house.vault), before + 400 * DAY);
    house_free(&house);
}

/* A clock that was wrong and is right again needs nobody. */
static void a_clock_that_comes_back_is_followed(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    int64_t before = vault_now(house.vault);
    house.ms += 400 * DAY * 1000;
    tick(&house);
    house.ms -= 400 * DAY * 1000;
    house.ms += 5000;
    tick(&house);
    assert_int_equal(vault_now(house.vault), before + 5);
    assert_int_equal(jumped(&house), 0);
    assert_int_equal(behind(&house), 0);
    house_free(&house);
}

static void the_mark_is_written_each_minute(void **state)
{
    (void)state;
    struct house house;
    int64_t mark = 0;
    house_new(&house, HOUSE_MEMORY);
    struct db *db = store_federation(house.vault->store);
    for (int second = 0; second < 200; second++) {
        house.ms += 1000;
        tick(&house);
        assert_int_equal(db_row(db, "SELECT at FROM clock_mark", ":i", &mark), OK);
        assert_in_range(vault_now(house.vault) - mark, 0, 59);
    }
    house_free(&house);
}

/* The ledger's periods go by the vault's time. */
static void a_jump_gives_no_new_budget(void **state)
{
    (void)state;
    struct house house;
    struct ledger_loss spent;
    uint8_t tenant[ID_BYTES] = {1};
    house_new(&house, HOUSE_MEMORY);
    struct bytes who = bytes_of(tenant, sizeof tenant);
    const struct ledger_local local = {.tenant = who, .loss = ledger_loss_of_pure((struct dp_epsilon){5})};
    assert_int_equal(ledger_charge(house.vault->ledger, &local, vault_now(house.vault), NULL), OK);
    house.ms += 2 * VAULT_TIME_JUMP * 1000;
    tick(&house);
    assert_int_equal(ledger_spent(house.vault->ledger, who, LEDGER_PERIOD, vault_now(house.vault), &spent), OK);
    assert_int_equal(spent.epsilon.micro, 5);
    json_free(house_command(&house, "{\"command\":\"time.accept\"}"));
    assert_int_equal(ledger_spent(house.vault->ledger, who, LEDGER_PERIOD, vault_now(house.vault), &spent), OK);
    assert_int_equal(spent.epsilon.micro, 0);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_follows_the_clock),
        cmocka_unit_test(time_never_runs_backwards),
        cmocka_unit_test(an_act_is_a_mark),
        cmocka_unit_test(over_a_jump_time_stands),
        cmocka_unit_test(a_jump_while_the_server_was_down_is_seen),
        cmocka_unit_test(a_clock_that_comes_back_is_followed),
        cmocka_unit_test(the_mark_is_written_each_minute),
        cmocka_unit_test(a_jump_gives_no_new_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The audit trail: what is entered, and that every way to tamper with it shows. */
#include "tests/server/house_fixture.h"

#define WHEN "an upload of a file fails"
#define ACT "split the file into parts"

static struct db *store(struct house *house)
{
    return store_federation(house->vault->store);
}

static void sql(struct house *house, const char *text)
{
    assert_int_equal(db_exec(store(house), text, ""), OK);
}

static int64_t number(struct house *house, const char *query)
{
    int64_t value = -1;
    assert_int_equal(db_row(store(house), query, ":i", &value), OK);
    return value;
}

static enum status verify(struct house *house, struct trail_facts *facts)
{
    struct why why = {0};
    return trail_verify(house->vault, facts, &why);
}

static void tick(struct house *house, int64_t seconds)
{
    struct outbox out = {0};
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
    house->ms += seconds * 1000;
    assert_int_equal(vault_handle(house->vault, &in, &out), OK);
    outbox_free(&out);
}

/* --- what is entered --- */

/* One row expected in its place. */
static void expect_row(struct house *house, int64_t place, const char *actor, const char *act, const char *outcome)
{
    SCOPED_BUF struct buf is_actor = {0}, is_act = {0}, is_outcome = {0};
    assert_int_equal(db_row(store(house), "SELECT actor, act, outcome FROM trail WHERE number = ?", "i:bbb", place,
                            &is_actor, &is_act, &is_outcome),
                     OK);
    assert_string_equal(buf_text(&is_actor), actor);
    assert_string_equal(buf_text(&is_act), act);
    assert_string_equal(buf_text(&is_outcome), outcome);
}

static void commands_are_entered(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    json_free(house_command(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}"));
    json_free(house_command(&house, "{\"command\":\"status\"}"));
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.suspend\",\"tenant\":\"nobody\"}"),
                     ERR_NOT_FOUND);
    assert_int_equal(house_command_status(&house, "{\"command\":\"nonsense\"}"), ERR_USAGE);
    assert_int_equal(house_command_status(&house, "no command"), ERR_INPUT);
    static const char *const rows[][2] = {
        {"tenant.add", "begun"},        {"tenant.add", "done"},          {"status", "done"},
        {"tenant.suspend", "begun"},    {"tenant.suspend", "not found"}, {"unknown", "wrong use"},
        {"unknown", "malformed input"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_row(&house, (int64_t)i + 1, "operator", rows[i][0], rows[i][1]);
    assert_int_equal(number(&house, "SELECT count(*) FROM trail WHERE length(tenant) > 0"),
                     1); /* acme's, when it was */
    house_free(&house);
}

/* A command whose first row can't be written does nothing. */
static void without_a_row_there_is_no_act(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    db_fail_after(store(&house), 1);
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.add\",\"name\":\"acme\"}"), ERR_IO);
    db_fail_after(store(&house), 1);
    assert_int_equal(house_command_status(&house, "{\"command\":\"tenant.list\"}"), ERR_IO);
    db_fail_after(store(&house), 0);
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "tenants"), 0);
    house_free(&house);
}

static void reads_of_a_member_are_entered(void **state)
{
    (void)state;
    struct house house;
    struct trail_facts facts;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, acme, 2, WHEN, ACT, 2), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 3), OK);
    json_free(house_command(&house, "{\"command\":\"round.preview\"}"));
    json_free(house_command(&house, "{\"command\":\"round\"}"));
    assert_int_equal(number(&house, "SELECT count(*) FROM trail WHERE act = 'round.read' AND actor = 'operator'"), 4);
    assert_int_equal(number(&house, "SELECT sum(count) FROM trail WHERE act = 'round.read'"), 6);
    assert_int_equal(number(&house, "SELECT count(*) FROM trail WHERE act = 'round' AND outcome = 'done'"), 1);
    assert_int_equal(number(&house, "SELECT count(*) FROM trail WHERE act = 'round.preview' AND outcome = 'done'"), 1);
    assert_int_equal(number(&house, "SELECT count(*) FROM trail WHERE act = 'enrol' AND length(device) = 16"), 2);
    tick(&house, 2 * 86400);
    assert_int_equal(number(&house, "SELECT count(*) FROM trail WHERE actor = 'clock'"),
                     0); /* nothing new in the log */
    assert_int_equal(house_share(&house, globex, 2, WHEN, ACT, 3), OK);
    tick(&house, 86400);
    assert_int_equal(number(&house, "SELECT count(*) FROM trail WHERE act = 'round.read' AND actor = 'clock'"), 2);
    assert_int_equal(verify(&house, &facts), OK);
    house_free(&house);
}

/* Rows hold ids and words of ours: nothing that a member wrote. */
static void no_contents(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "zzcanaryzz"), *globex = house_member(&house, "globex");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(&house, globex, 1, WHEN, ACT, 1), OK);
    json_free(house_command(&house, "{\"command\":\"round\"}"));
    assert_int_equal(house_command_status(&house, "{\"command\":\"zzcanaryzz\"}"), ERR_USAGE);
    SCOPED_JSON struct json *answer = house_command(&house, "{\"command\":\"trail\"}");
    SCOPED_BUF struct buf text = {0};
    assert_int_equal(json_canonical(answer, &text), OK);
    assert_true(text.size > 1000);
    assert_int_equal(bytes_find(buf_bytes(&text), bytes_str("zzcanaryzz")), SIZE_MAX);
    assert_int_equal(bytes_find(buf_bytes(&text), bytes_str("upload")), SIZE_MAX);
    house_free(&house);
}

/* --- refusals --- */

static void refuse(struct house *house, uint8_t first)
{
    uint8_t envelope[ENVELOPE_LEAST] = {first};
    assert_int_not_equal(house_get(house, ROLE_GATE, MESSAGE_CONTRIBUTE, bytes_of(envelope, sizeof envelope), NULL),
                         OK);
}

static void refusals_are_counted(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf reply = {0};
    house_new(&house, HOUSE_MEMORY);
    struct member *acme = house_member(&house, "acme");
    assert_int_equal(house_share(&house, acme, 1, WHEN, ACT, 1), OK);
    for (int i = 0; i < 1000; i++)
        refuse(&house, (uint8_t)i);
    assert_int_equal(house_share(&house, acme, 1, WHEN, "something else", 1), ERR_EXISTS);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, bytes_str("nonsense"), NULL), ERR_DENIED);
    assert_int_equal(house_ask(house.vault, &house.distiller, ROLE_GATE, MESSAGE_ADMIN, bytes_str("{}"), &reply), OK);
    int64_t before = number(&house, "SELECT count(*) FROM trail");
    tick(&house, 1);
    assert_int_equal(number(&house, "SELECT count(*) FROM trail"), before + 4);
    assert_int_equal(number(&house, "SELECT count FROM trail WHERE act = 'contribute' AND actor = 'stranger'"), 1000);
    assert_int_equal(number(&house, "SELECT count FROM trail WHERE act = 'contribute' AND actor = 'device'"
                                    " AND outcome = 'exists already'"),
                     1);
    assert_int_equal(number(&house, "SELECT count FROM trail WHERE act = 'enrol' AND actor = 'stranger'"), 1);
    assert_int_equal(number(&house, "SELECT count FROM trail WHERE act = 'frame'"), 1);
    /* while it goes on, once a minute */
    for (int i = 0; i < 50; i++) {
        refuse(&house, 7);
        tick(&house, 1);
    }
    assert_int_equal(number(&house, "SELECT count(*) FROM trail"), before + 4);
    tick(&house, 10);
    assert_int_equal(number(&house, "SELECT count(*) FROM trail"), before + 5);
    refuse(&house, 7);
    assert_int_equal(vault_stop(house.vault, OK), OK);
    assert_int_equal(number(&house, "SELECT sum(count) FROM trail WHERE actor = 'stranger' AND act = 'contribute'"),
                     1051);
    house_free(&house);
}

/* More devices than there are places: all are counted, some without their names. */
static void many_refused_devices_are_all_counted(void **state)
{
    (void)state;
    struct house house;
    uint8_t id[ID_BYTES] = {0};
    house_new(&house, HOUSE_MEMORY);
    for (unsigned i = 0; i < 500; i++) {
        id[0] = (uint8_t)i;
        id[1] = (uint8_t)(i >> 8);
        trail_refuse(house.vault, "contribute", ERR_POLICY, id, id);
    }
    trail_refuse(house.vault, "contribute", ERR_DENIED, NULL, NULL);
    assert_int_equal(trail_flush(house.vault), OK);
    assert_int_equal(number(&house, "SELECT sum(count) FROM trail"), 501);
    assert_true(number(&house, "SELECT count(*) FROM trail") <= TRAIL_TALLY);
    assert_int_equal(number(&house, "SELECT count FROM trail WHERE outcome = 'not authorised'"), 1);
    house_free(&house);
}

/* Counts stay when they can't be written. */
static void refusals_outlive_a_failing_disk(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    refuse(&house, 1);
    refuse(&house, 2);
    enum status status = ERR_IO;
    size_t n = 1;
    for (; status != OK; n++) {
        db_fail_after(store(&house), n);
        status = trail_flush(house.vault);
        db_fail_after(store(&house), 0);
    }
    assert_true(n > 2);
    assert_int_equal(number(&house, "SELECT sum(count) FROM trail"), 2);
    house_free(&house);
}

/* --- tampering --- */

static void busy_house(struct house *house)
{
    house_new(house, HOUSE_FOLDER);
    struct member *acme = house_member(house, "acme"), *globex = house_member(house, "globex");
    assert_int_equal(house_share(house, acme, 1, WHEN, ACT, 1), OK);
    assert_int_equal(house_share(house, globex, 1, WHEN, ACT, 2), OK);
    json_free(house_command(house, "{\"command\":\"round\"}"));
}

static const char swap_2_and_3[] =
    "UPDATE trail SET number = -1 WHERE number = 2; UPDATE trail SET number = 2 WHERE number = 3;"
    " UPDATE trail SET number = 3 WHERE number = -1";
/* a row put in behind the last, or after a hole */
#define COPY_2_TO(place)                                                                                               \
    "INSERT INTO trail (actor, device, tenant, act, outcome, count, hash, at, number)"                                 \
    " SELECT actor, device, tenant, act, outcome, count, hash, at, (SELECT max(number) FROM trail) + " place           \
    " FROM trail WHERE number = 2"
static const char copy_2_behind[] = COPY_2_TO("1"), copy_2_after_a_hole[] = COPY_2_TO("2");

static void tampering_shows(void **state)
{
    (void)state;
    static const char *const tricks[] = {
        "UPDATE trail SET at = at + 1 WHERE number = 3",
        "UPDATE trail SET count = 7 WHERE number = 3",
        "UPDATE trail SET act = 'status' WHERE number = 3",
        "UPDATE trail SET outcome = 'not found' WHERE number = 2",
        "UPDATE trail SET actor = 'clock' WHERE number = 1",
        "UPDATE trail SET tenant = x'' WHERE number = 2",
        "UPDATE trail SET device = zeroblob(16) WHERE number = 2",
        "UPDATE trail SET hash = zeroblob(32) WHERE number = 4",
        "DELETE FROM trail WHERE number = 1",
        "DELETE FROM trail WHERE number = 3",
        "DELETE FROM trail WHERE number = (SELECT max(number) FROM trail)", /* the tail */
        "DELETE FROM trail",
        "DELETE FROM trail WHERE number = 3; UPDATE trail SET number = number - 1 WHERE number > 3",
        swap_2_and_3,
        copy_2_behind,
        copy_2_after_a_hole,
        "DELETE FROM opening WHERE kind = 'trail'",
        "UPDATE opening SET content = zeroblob(40) WHERE kind = 'trail'",
        "UPDATE opening SET salt = zeroblob(32) WHERE kind = 'trail'",
    };
    struct house house;
    struct trail_facts facts;
    busy_house(&house);
    assert_int_equal(verify(&house, &facts), OK);
    assert_int_equal(facts.anchors, 1);
    assert_int_equal(facts.rows, facts.anchored);
    for (size_t i = 0; i < sizeof tricks / sizeof *tricks; i++) {
        SCOPED_MEM char *steps = mem_copy(bytes_str(tricks[i]));
        assert_int_equal(db_begin(store(&house)), OK);
        for (char *save = NULL, *step = strtok_r(steps, ";", &save); step; step = strtok_r(NULL, ";", &save))
            sql(&house, step);
        if (verify(&house, &facts) != ERR_CORRUPT)
            fail_msg("not seen: %s", tricks[i]);
        db_rollback(store(&house));
    }
    assert_int_equal(verify(&house, &facts), OK);
    house_reopen(&house);
    assert_int_equal(verify(&house, &facts), OK);
    assert_int_equal(house_command_status(&house, "{\"command\":\"trail.verify\"}"), OK);
    house_free(&house);
}

/* Somebody who can compute the chain cuts off its tail and writes another one: the log knows better. */
static void a_chain_that_was_written_anew_shows(void **state)
{
    (void)state;
    struct house house;
    struct trail_facts facts;
    busy_house(&house);
    sql(&house, "DELETE FROM trail WHERE number > 2");
    while (number(&house, "SELECT count(*) FROM trail") < 40)
        assert_int_equal(trail_add(house.vault, &(struct trail_act){.actor = TRAIL_VAULT, .act = "invented"}), OK);
    assert_int_equal(verify(&house, &facts), ERR_CORRUPT);
    house_free(&house);
}

/* --- heads in the log --- */

static void a_head_goes_into_the_log_each_day_that_has_news(void **state)
{
    (void)state;
    struct house house;
    struct trail_facts facts;
    house_prepare(&house, HOUSE_MEMORY);
    house.policy.round_seconds = 0;
    assert_int_equal(house_found(&house, NULL), OK);
    json_free(house_command(&house, "{\"command\":\"status\"}"));
    tick(&house, 86399);
    assert_int_equal(number(&house, "SELECT count(*) FROM opening WHERE kind = 'trail'"), 0);
    tick(&house, 1);
    assert_int_equal(number(&house, "SELECT count(*) FROM opening WHERE kind = 'trail'"), 1);
    tick(&house, 3 * 86400);
    assert_int_equal(number(&house, "SELECT count(*) FROM opening WHERE kind = 'trail'"), 1);
    json_free(house_command(&house, "{\"command\":\"status\"}"));
    tick(&house, 86400);
    assert_int_equal(number(&house, "SELECT count(*) FROM opening WHERE kind = 'trail'"), 2);
    assert_int_equal(verify(&house, &facts), OK);
    assert_int_equal(facts.anchors, 2);
    json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
    house_free(&house);
}

static void the_trail_is_read_in_pages(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    for (int i = 0; i < 1500; i++)
        assert_int_equal(trail_add(house.vault, &(struct trail_act){.actor = TRAIL_VAULT, .act = "test"}), OK);
    SCOPED_JSON struct json *last = house_command(&house, "{\"command\":\"trail\"}");
    assert_int_equal(json_count(json_get(last, "rows")), 1000);
    assert_int_equal(json_integer_value(json_get(json_at(json_get(last, "rows"), 0), "number")), 501);
    SCOPED_JSON struct json *first = house_command(&house, "{\"command\":\"trail\",\"from\":1}");
    assert_int_equal(json_integer_value(json_get(json_at(json_get(first, "rows"), 999), "number")), 1000);
    assert_int_equal(house_command_status(&house, "{\"command\":\"trail\",\"from\":0}"), ERR_INPUT);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_entered),
        cmocka_unit_test(without_a_row_there_is_no_act),
        cmocka_unit_test(reads_of_a_member_are_entered),
        cmocka_unit_test(no_contents),
        cmocka_unit_test(refusals_are_counted),
        cmocka_unit_test(many_refused_devices_are_all_counted),
        cmocka_unit_test(refusals_outlive_a_failing_disk),
        cmocka_unit_test(tampering_shows),
        cmocka_unit_test(a_chain_that_was_written_anew_shows),
        cmocka_unit_test(a_head_goes_into_the_log_each_day_that_has_news),
        cmocka_unit_test(the_trail_is_read_in_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

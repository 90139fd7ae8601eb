/* The table of who may call what, walked as a whole: each pair of caller and call is tried, and what the table allows
 * is compared with what stands here, so that a slip in the table shows. */
#include "server/roles.h"
#include "tests/server/house_fixture.h"

#define WHEN "an upload of a file fails"
#define ACT "split the file into parts"

/* Who may call what, once more, in other words. What isn't here is the operator's alone. */
static const struct {
    const char *call;
    const char *callers; /* s stranger, o operator, d device, a administrator, u auditor, r reader */
} expected[] = {
    {"alive", "sodaur"},    {"ready", "sodaur"},   {"metrics", "sodaur"},    {"federation", "sodaur"},
    {"enrol", "sodaur"},    {"request", "sodaur"}, {"library.pull", "daur"}, {"log.read", "daur"},
    {"log.seen", "daur"},   {"contribute", "da"},  {"withdraw", "da"},       {"renew", "daur"},
    {"token.new", "a"},     {"device.list", "oa"}, {"device.revoke", "oa"},  {"token.list", "oa"},
    {"token.revoke", "oa"}, {"trail", "oau"},      {"budget", "odau"},
};
static const char letters[CALLERS + 1] = {[CALLER_STRANGER] = 's',
                                          [CALLER_OPERATOR] = 'o',
                                          [CALLER_MEMBER + MEMBER_DEVICE] = 'd',
                                          [CALLER_MEMBER + MEMBER_ADMINISTRATOR] = 'a',
                                          [CALLER_MEMBER + MEMBER_AUDITOR] = 'u',
                                          [CALLER_MEMBER + MEMBER_READER] = 'r'};

static const char *expected_callers(const char *call)
{
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        if (strcmp(expected[i].call, call) == 0)
            return expected[i].callers;
    return "o";
}

static void every_pair_is_as_it_should_be(void **state)
{
    (void)state;
    size_t found = 0;
    for (const struct role_row *row = role_rows; row->call; row++) {
        for (unsigned caller = 0; caller < CALLERS; caller++) {
            bool is_expected = strchr(expected_callers(row->call), letters[caller]) != NULL;
            if (role_may((enum caller)caller, row->call) != is_expected)
                fail_msg("%s by %c", row->call, letters[caller]);
        }
        for (const struct role_row *other = row + 1; other->call; other++)
            assert_string_not_equal(row->call, other->call);
        for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
            found += strcmp(expected[i].call, row->call) == 0;
    }
    assert_int_equal(found, sizeof expected / sizeof *expected);
    assert_false(role_may(CALLER_OPERATOR, "nonsense"));
}

/* The operator's commands: over the control socket they are known; the gate can't bring one. */
static void only_the_operator_gets_commands_through(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    for (const struct role_row *row = role_rows; row->call; row++) {
        SCOPED_BUF struct buf command = {0}, reply = {0};
        if (expected_callers(row->call)[0] != 'o')
            continue;
        buf_addf(&command, "{\"command\":\"%s\",\"no such field\":1}", row->call);
        assert_int_equal(
            house_ask(house.vault, &house.distiller, ROLE_GATE, MESSAGE_ADMIN, buf_bytes(&command), &reply), OK);
        assert_int_equal(reply.size, 0);
        enum status status = house_command_status(&house, buf_text(&command));
        if (status != ERR_INPUT) /* its fields are looked at, so it is known and allowed */
            fail_msg("%s: %s", row->call, status_text(status));
    }
    house_free(&house);
}

static void each_role_sends_what_it_may(void **state)
{
    (void)state;
    struct house house;
    house_new(&house, HOUSE_MEMORY);
    house_member(&house, "acme");
    for (unsigned role = 0; role < MEMBER_ROLES; role++) {
        const struct member *member = house_device(&house, "acme", member_role_name((enum member_role)role), NULL);
        bool may = role_may(caller_of((enum member_role)role), "contribute");
        assert_int_equal(house_share(&house, member, 1, WHEN, ACT, 1), may ? OK : ERR_DENIED);
        assert_int_equal(house_withdraw(&house, member, 2, 1, NULL), may ? OK : ERR_DENIED);
    }
    assert_int_equal(house_number(&house, "{\"command\":\"status\"}", "contributions"), 2);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_as_it_should_be),
        cmocka_unit_test(only_the_operator_gets_commands_through),
        cmocka_unit_test(each_role_sends_what_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

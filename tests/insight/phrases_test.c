/* Canonical words: tools, arguments, commands and errors; the vocabulary's own order. */
#include "tests/insight/traces.h"

#include "insight/common.h"
#include "insight/phrases.h"
#include "insight/trace_shape.h"

static void tools(void **state)
{
    (void)state;
    static const struct {
        const char *action, *act, *doing;
    } cases[] = {
        {"book_reservation", "book a reservation", "booking a reservation"},
        {"get_user_details", "get user details", "getting user details"},
        {"searchDirectFlight", "search for a direct flight", "searching for a direct flight"},
        {"transfer_to_human_agents", "transfer to human agents", "transferring to human agents"},
        {"update_order", "update an order", "updating an order"},
        {"mcp__crm__create_ticket", "create a ticket", "creating a ticket"},
        {"weather_api", "use weather api", "using weather api"},
        {"$ git push", "run git push", "running git push"},
        {"Edit", "edit the file", "editing a file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[PHRASE_MAX];
        action_do(cases[i].action, text);
        assert_string_equal(text, cases[i].act);
        action_doing(cases[i].action, text);
        assert_string_equal(text, cases[i].doing);
    }
    assert_true(action_changes("cancel_order") && action_changes("$ git push") && action_changes("Write"));
    assert_false(action_changes("get_order") || action_changes("$ git status") || action_changes("Read"));
}

static void commands(void **state)
{
    (void)state;
    static const struct {
        const char *line, *action;
    } cases[] = {
        {"cd /srv/app && git push origin main", "$ git push"},
        {"sudo FOO=1 /usr/bin/kubectl -n prod apply -f x.yaml | tail -5", "$ kubectl"},
        {"pytest tests 2>&1", "$ pytest"},
        {"npm install --save left-pad; echo done > /dev/null", "$ echo"},
        {"./secret-customer-script.sh", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char json[200], action[TOOL_MAX];
        snprintf(json, sizeof json, "{\"command\":\"%s\"}", cases[i].line);
        bool known = action_of_call("Bash", json, action);
        assert_int_equal(known, cases[i].action != NULL);
        if (known)
            assert_string_equal(action, cases[i].action);
    }
    char options[4][OPTION_MAX], action[TOOL_MAX];
    assert_int_equal(command_options("{\"command\":\"git push --force --to=x -n\"}", options, 4), 3);
    assert_string_equal(options[0], "--force");
    assert_false(action_of_call("think", "{}", action));
}

static void errors(void **state)
{
    (void)state;
    static const struct {
        const char *result, *words;
    } cases[] = {
        {"Error: payment amount does not add up, total price is 305, but paid 255", "payment amount does not add up"},
        {"Error: payment method certificate_7504069 not found", "payment method not found"},
        {"Error: flight HAT030 not available on date 2024-05-13", "flight not available on date"},
        {"Error: not enough seats on flight HAT290", "not enough seats on flight"},
        {"Error: order <ACCOUNT_1> not found", "order not found"},
        {"{\"error\":{\"code\":4,\"message\":\"Rate limit exceeded for key abc123\"}}", "rate limit exceeded for key"},
        {"Exit code 1\nfatal: Authentication failed for 'https://git.example.com/x.git'", "authentication failed"},
        {"UnicodeDecodeError: 'utf-8' codec can't decode byte 0xe9 in position 10", "codec can't decode byte"},
        {"Error from server (Forbidden): pods is forbidden: User \"kim\" cannot list", "pods is forbidden"},
        {"Traceback (most recent call last):\n  File \"/x.py\", line 3\nValueError: invalid literal for Mr Xyzzy",
         "invalid literal"},
        {"ModuleNotFoundError: No module named 'pandas'", "no module named"},
        {"KeyError: 'customer_4711'", "key error"},
        {"ERROR:  relation \"orders\" does not exist", "relation does not exist"},
        {"<tool_use_error>File has not been read yet. Read it first.</tool_use_error>", "file has not been read yet"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[SLOT_MAX];
        error_words(cases[i].result, words);
        assert_string_equal(words, cases[i].words);
        assert_null(strstr(words, "xyzzy"));
    }
    char words[SLOT_MAX];
    assert_false(error_words("Error: <NAME_1> 12345 /home/x", words));
}

/* What of an error's words is sent: two others beside what went wrong, whole groups where they fit. */
static void cuts(void **state)
{
    (void)state;
    static const struct {
        const char *words, *cut;
    } cases[] = {
        {"order not found", "order not found"},
        {"permission denied for table", "permission denied for table"},
        {"version conflict the record was changed after it was read", "version conflict the record was changed"},
        {"missing environment variable in the deployment", "missing environment variable"},
        {"gift card balance is not enough", "card balance is not enough"},
        {"the number of items to be exchanged should match", "items to be exchanged should match"},
        {"not enough balance in payment method", "not enough balance"},
        {"payments do not add up to the refund total", "payments do not add up"},
        {"printer does not accept new jobs", "printer does not accept"},
        {"account budget card missing customer delivery email", "budget card missing customer delivery"},
        {"account budget card", "account budget"}, /* no turn */
        {"order not account budget card", "order not account"},
        {"not", "not"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char words[SLOT_MAX];
        snprintf(words, sizeof words, "%s", cases[i].words);
        error_cut(words);
        assert_string_equal(words, cases[i].cut);
        error_cut(words);
        assert_string_equal(words, cases[i].cut); /* what is cut stays as it is */
    }
}

static void kinds(void **state)
{
    (void)state;
    static const struct {
        const char *value, *kind;
    } cases[] = {{"certificate_7504069", "certificate"},
                 {"gift_card_1", "gift card"},
                 {"mia_li_3668", "id"},
                 {"9502127", "digits"},
                 {"W9502127", "code"},
                 {"#W9502127", "marked code"},
                 {"2024-05-20", "date"},
                 {"a.b@c.de", "email"},
                 {"yes", "choice"},
                 {"economy", "word"},
                 {"two words", "text"},
                 {"", "empty"},
                 {"/etc/x", "absolute path"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char kind[SHAPE_MAX];
        value_shape(bytes_str(cases[i].value), kind);
        assert_string_equal(kind, cases[i].kind);
    }
}

static void arguments(void **state)
{
    (void)state;
    char words[SLOT_MAX];
    argument_words("payment_methods[].amount", words);
    assert_string_equal(words, "amount in payment methods");
    argument_words("flights", words);
    assert_string_equal(words, "flights");
}

/* The tables are searched by bisection: words from their beginnings, ends and forms must be found. */
static void vocabulary(void **state)
{
    (void)state;
    static const char *const known[] = {"a",       "about",     "zone",    "zip", "running",
                                        "flights", "cancelled", "matches", "not", "plainly"};
    static const char *const unknown[] = {"xyzzy", "mia", "kowalski", ""};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(common_word(bytes_str(known[i])));
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_false(common_word(bytes_str(unknown[i])));
    assert_true(common_stop_word(bytes_str("the")) && !common_stop_word(bytes_str("flight")));
    assert_true(common_phrase("transfer human agent") && common_phrase("human agent"));
    assert_false(common_phrase("uman agent") || common_phrase("transfer human customer"));
    assert_true(common_tables_sorted());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tools), cmocka_unit_test(commands),  cmocka_unit_test(errors),    cmocka_unit_test(cuts),
        cmocka_unit_test(kinds), cmocka_unit_test(arguments), cmocka_unit_test(vocabulary)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

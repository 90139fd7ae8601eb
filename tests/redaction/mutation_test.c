/* Remove any one recognizer and a case goes red: every rule in turn is silenced (as by a policy that does not want it),
 * and one of the must_redact cases must then find something else than what is marked. */
#include "redaction/recognizer.h"
#include "redaction/redactor.h"
#include "tests/redaction/cases.h"

struct line_cases {
    struct line_case items[8192];
    size_t count, lax; /* those before `lax` are for the default policy, the others for CASES_STRICT */
};

static struct line_cases cases;
static struct redactor *by_default, *strict;

static void keep(void *context, const char *path, size_t number, struct bytes line)
{
    (void)context, (void)path, (void)number;
    assert_true(cases.count < sizeof cases.items / sizeof cases.items[0]);
    case_parse(line, &cases.items[cases.count++]);
}

/* A rule by its name; the terminator, so that no longer name is meant too. */
static void silence_in(struct redactor *redactor, const char *rule)
{
    buf_clear(&redactor->policy.unwanted);
    if (rule)
        buf_add_lp(&redactor->policy.unwanted, bytes_of(rule, strlen(rule) + 1));
    assert_int_equal(buf_status(&redactor->policy.unwanted), OK);
}

static void silence(const char *rule)
{
    silence_in(by_default, rule);
    silence_in(strict, rule);
}

static void find(const struct line_case *one, struct redact_findings *found)
{
    struct redact_session *session = NULL;
    const struct redactor *redactor = one < cases.items + cases.lax ? by_default : strict;
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_detect(session, buf_bytes(&one->text), found), OK);
    redact_session_free(session);
}

static bool turns_red(const struct line_case *one)
{
    struct redact_findings found = {0};
    find(one, &found);
    bool red = !case_holds(one, &found);
    redact_findings_free(&found);
    return red;
}

static bool uses(const struct line_case *one, const char *rule)
{
    struct redact_findings found = {0};
    bool used = false;
    find(one, &found);
    for (size_t i = 0; i < found.count; i++)
        used |= strcmp(found.items[i].rule, rule) == 0;
    redact_findings_free(&found);
    return used;
}

/* Whether some case needs the rule. */
static bool is_held(const char *rule)
{
    for (size_t i = 0; i < cases.count; i++) {
        silence(NULL);
        if (!uses(&cases.items[i], rule))
            continue;
        silence(rule);
        if (turns_red(&cases.items[i]))
            return true;
    }
    return false;
}

static void every_row_is_held(void **state)
{
    (void)state;
    size_t rows = 0, loose = 0;
    for (size_t t = 0; t < recognizer_table_count; t++)
        for (size_t i = 0; i < recognizer_tables[t]->count; i++, rows++)
            if (!is_held(recognizer_tables[t]->rows[i].rule)) {
                bool excused = case_excused(recognizer_tables[t]->rows[i].rule);
                printf("no case would miss %s%s\n", recognizer_tables[t]->rows[i].rule, excused ? " (excused)" : "");
                loose += !excused;
            }
    printf("%zu of %zu rows are held by %zu cases\n", rows - loose, rows, cases.count);
    assert_int_equal(loose, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row_is_held)};
    if (redactor_new(bytes_str(CASES_DEFAULT), NULL, &by_default, NULL) != OK ||
        redactor_new(bytes_str(CASES_STRICT), NULL, &strict, NULL) != OK)
        return 1;
    cases_walk("must_redact", keep, NULL);
    cases.lax = cases.count;
    cases_walk("must_redact_strict", keep, NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    for (size_t i = 0; i < cases.count; i++)
        buf_free(&cases.items[i].text);
    redactor_free(by_default);
    redactor_free(strict);
    return failed;
}

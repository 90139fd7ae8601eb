/* Case folders: what must go, exactly as marked; what must stay; and that every row of the tables is exercised. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "redaction/recognizer.h"
#include "tests/redaction/cases.h"

static const struct redactor *redactor, *by_default, *strict;
static char seen[1024][48]; /* rules that found something */
static size_t seen_count;

static void remember(const char *rule)
{
    for (size_t i = 0; i < seen_count; i++)
        if (strcmp(seen[i], rule) == 0)
            return;
    assert_true(seen_count < sizeof seen / sizeof seen[0]);
    snprintf(seen[seen_count++], sizeof seen[0], "%s", rule);
}

/* Counts complaints, which it prints. */
static void case_run(void *context, const char *path, size_t number, struct bytes line)
{
    int *bad = context;
    struct line_case wanted = {0};
    struct redact_findings found = {0}, again = {0};
    struct redact_session *session = NULL, *fresh = NULL;
    struct buf out SCOPED_BUF = {0};
    case_parse(line, &wanted);
    assert_int_equal(redact_session_new(redactor, &session), OK);
    assert_int_equal(redact_session_new(redactor, &fresh), OK);
    assert_int_equal(redact_text(session, buf_bytes(&wanted.text), &out, &found), OK);
    for (size_t i = 0; i < found.count; i++)
        remember(found.items[i].rule);
    if (!case_holds(&wanted, &found)) {
        printf("%s:%zu: found", path, number);
        for (size_t i = 0; i < found.count; i++)
            printf(" %s[%.*s]", found.items[i].rule, (int)(found.items[i].end - found.items[i].start),
                   (const char *)wanted.text.data + found.items[i].start);
        printf("\n");
        ++*bad;
    }
    assert_int_equal(redact_detect(fresh, buf_bytes(&out), &again), OK);
    if (again.count) {
        printf("%s:%zu: a second pass finds %s in: %s\n", path, number, again.items[0].rule, buf_text(&out));
        ++*bad;
    }
    redact_findings_free(&found);
    redact_findings_free(&again);
    redact_session_free(session);
    redact_session_free(fresh);
    buf_free(&wanted.text);
}

static void run_folder(const char *name)
{
    int bad = 0;
    cases_walk(name, case_run, &bad);
    assert_int_equal(bad, 0);
}

static void must_redact(void **state)
{
    (void)state;
    run_folder("must_redact");
}

/* What is too uncertain for the default policy, and what that does not want. */
static void must_redact_strict(void **state)
{
    (void)state;
    redactor = strict;
    run_folder("must_redact_strict");
    redactor = by_default;
}

static void must_keep(void **state)
{
    (void)state;
    run_folder("must_keep");
}

static bool was_seen(const char *rule)
{
    for (size_t i = 0; i < seen_count; i++)
        if (strcmp(seen[i], rule) == 0)
            return true;
    return false;
}

/* A row without a case could be broken unseen. */
static void every_row_has_a_case(void **state)
{
    (void)state;
    int missing = 0;
    for (size_t t = 0; t < recognizer_table_count; t++)
        for (size_t i = 0; i < recognizer_tables[t]->count; i++) {
            const char *rule = recognizer_tables[t]->rows[i].rule;
            if (!case_excused(rule) && !was_seen(rule)) {
                printf("no case finds %s\n", rule);
                missing++;
            }
        }
    assert_int_equal(missing, 0);
}

int main(void)
{
    struct redactor *made = NULL, *made_strict = NULL;
    if (redactor_new(bytes_str(CASES_DEFAULT), NULL, &made, NULL) != OK ||
        redactor_new(bytes_str(CASES_STRICT), NULL, &made_strict, NULL) != OK)
        return 1;
    redactor = by_default = made;
    strict = made_strict;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(must_redact),
        cmocka_unit_test(must_redact_strict),
        cmocka_unit_test(must_keep),
        cmocka_unit_test(every_row_has_a_case),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    redactor_free(made);
    redactor_free(made_strict);
    return failed;
}

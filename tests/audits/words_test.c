/* Words that are had back from an adapter: texts that begin alike, and texts whose words stand nowhere else, have
 * nothing by which they could be told, and void nothing. */
#include "tests/audits/traces.h"

#include "audits/reconstruction/words.h"

#define TRIALS 3

static void expect_undecided(const struct audit_scope *scope, bool none_at_all)
{
    struct audit_results results = {0};
    assert_int_equal(words_of_adapters(scope, TRIALS, &results, NULL), OK);
    assert_int_equal(results.count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct audit_result *result = &results.items[i];
        if (result->control != CONTROL_UNDECIDED || (none_at_all && result->value != 0))
            fail_msg("%s: %s, %g; control %s, %g", result->claim->name, result->note, result->value,
                     control_name(result->control), result->control_value);
    }
    assert_false(audit_is_void(&results));
    audit_results_free(&results);
}

static void texts_that_begin_alike(void **state)
{
    (void)state;
    struct audit_scope scope;
    traces_scope(&scope);
    expect_undecided(&scope, false);
    audit_scope_free(&scope);
}

static void put_words(size_t tenant, size_t task, struct buf *out)
{
    for (int i = 0; i < 18; i++)
        buf_addf(out, "%c%c%c%cword ", (char)('a' + tenant), (char)('a' + task), (char)('a' + i), (char)('a' + i));
}

static void put_run(struct buf *out, size_t tenant, size_t task, int succeeds)
{
    buf_addf(out, "{\"task_id\":%zu,\"trial\":%d,\"reward\":%d,\"instruction\":\"", task, succeeds, succeeds);
    put_words(tenant, task, out);
    buf_add_str(out, "\",\"messages\":[{\"role\":\"user\",\"content\":\"");
    put_words(tenant, task, out);
    buf_add_str(out, "\"},");
    traces_calls(out, "get_order_details", tenant, task, succeeds);
}

/* Of the language of all other texts neither the private one nor the other has a word: nothing is found of either. */
static void texts_of_words_of_their_own(void **state)
{
    (void)state;
    struct audit_scope scope = {.seed = 7, .k = 2};
    for (size_t tenant = 0; tenant < 2; tenant++) {
        SCOPED_BUF struct buf file = {0};
        assert_int_equal(audit_scope_tenant(&scope, tenant ? "harbour" : "market"), OK);
        for (size_t task = 0; task < TRACES_TASKS; task++)
            for (int succeeds = 0; succeeds < 2; succeeds++)
                put_run(&file, tenant, task, succeeds);
        assert_int_equal(audit_scope_file(&scope, tenant, "runs.jsonl", buf_bytes(&file)), OK);
    }
    expect_undecided(&scope, true);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_that_begin_alike),
        cmocka_unit_test(texts_of_words_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

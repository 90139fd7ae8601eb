/* The seeded leak: a store without its key. The stolen disk must show it. */
#include "tests/audits/traces.h"

/* replaces: sqlite3_key */
struct sqlite3;
int __real_sqlite3_key(struct sqlite3 *handle, const void *key, int size);
int __wrap_sqlite3_key(struct sqlite3 *handle, const void *key, int size);

static bool leaks;

int __wrap_sqlite3_key(struct sqlite3 *handle, const void *key, int size)
{
    return leaks ? 0 : __real_sqlite3_key(handle, key, size);
}

static void run(struct audit_results *out)
{
    struct audit_scope scope;
    struct why why = {0};
    traces_scope(&scope);
    *out = (struct audit_results){0};
    enum status status = attack_at_rest.run(&scope, out, &why);
    if (status != OK)
        fail_msg("%s %s", status_text(status), why.what ? why.what : "");
    assert_int_equal(audit_results_judge(out), OK);
    audit_scope_free(&scope);
}

static void a_store_without_its_key_is_read(void **state)
{
    (void)state;
    struct audit_results results;
    leaks = false;
    run(&results);
    for (size_t i = 0; i < results.count; i++)
        assert_int_equal(results.items[i].verdict, VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&results);
    leaks = true;
    run(&results);
    assert_int_equal(traces_result(&results, "at_rest.values")->verdict, VERDICT_LEAK);
    assert_int_equal(traces_result(&results, "at_rest.headers")->verdict, VERDICT_LEAK);
    assert_int_equal(traces_result(&results, "at_rest.pages")->verdict, VERDICT_LEAK);
    audit_results_free(&results);
    leaks = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_store_without_its_key_is_read)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

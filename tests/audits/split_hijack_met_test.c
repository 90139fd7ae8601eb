/* replaces: manner_of */
/* A hostile server that a device never meets says nothing about the device: here one of them answers honestly. */
#include "tests/audits/traces.h"

#include "audits/split/manners.h"

struct loopback_manner __real_manner_of(struct manners *manners);
struct loopback_manner __wrap_manner_of(struct manners *manners);

static enum status change_nothing(void *context, const struct gate_head *request, struct loopback_answer *answer)
{
    (void)context, (void)request, (void)answer;
    return OK;
}

struct loopback_manner __wrap_manner_of(struct manners *manners)
{
    struct loopback_manner manner = __real_manner_of(manners);
    if (manners->manner == MANNER_LOG)
        manner.change = change_nothing;
    return manner;
}

static void one_is_never_met(void **state)
{
    (void)state;
    struct audit_scope scope;
    struct audit_results results = {0};
    traces_scope(&scope);
    assert_int_equal(attack_split_wire.run(&scope, &results, NULL), OK);
    const struct audit_result *result = traces_result(&results, "split.hijack.wire");
    assert_int_equal(result->control, CONTROL_UNDECIDED);
    assert_int_equal(result->verdict, VERDICT_NOT_EVALUATED);
    assert_non_null(strstr(result->note, "never met"));
    audit_results_free(&results);
    audit_scope_free(&scope);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_is_never_met)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

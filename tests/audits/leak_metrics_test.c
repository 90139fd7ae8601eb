/* A seeded leak: counts that say whose connection was the last one. What the attack finds without it is on one page
 * with it: which member, no; that there was a message, and whether it was refused, yes. */
/* replaces: gate_metrics gate_device_has_room */
#include "tests/audits/traces.h"

#include "server/gate_inside.h"

static bool leaks;
static unsigned last; /* in the gate's process */
void __real_gate_metrics(const struct gate *gate, struct buf *out);
void __wrap_gate_metrics(const struct gate *gate, struct buf *out);
bool __real_gate_device_has_room(const struct gate_connection *connection);
bool __wrap_gate_device_has_room(const struct gate_connection *connection);

bool __wrap_gate_device_has_room(const struct gate_connection *connection)
{
    memcpy(&last, connection->serial, sizeof last); /* 30 bits of a serial are drawn: no two alike */
    return __real_gate_device_has_room(connection);
}

void __wrap_gate_metrics(const struct gate *gate, struct buf *out)
{
    __real_gate_metrics(gate, out);
    if (leaks)
        buf_addf(out, "chatham_last_member %u\n", last);
}

static void measure(enum verdict verdict, size_t hits)
{
    struct audit_scope scope;
    struct audit_results results = {0};
    struct why why = {0};
    traces_scope(&scope);
    enum status status = attack_metrics.run(&scope, &results, &why);
    if (status != OK)
        fail_msg("%s %s", status_text(status), why.what ? why.what : "");
    const struct audit_result *tenant = traces_result(&results, "channel.metrics.tenant");
    assert_true(tenant->samples > 0);
    assert_int_equal(tenant->control, CONTROL_PASSED);
    assert_int_equal(tenant->verdict, verdict);
    assert_int_equal(tenant->hits, hits ? tenant->samples : 0);
    assert_int_equal(traces_result(&results, "channel.metrics.presence")->verdict, VERDICT_EXPECTED);
    assert_int_equal(traces_result(&results, "channel.metrics.refusal")->verdict, VERDICT_EXPECTED);
    audit_results_free(&results);
    audit_scope_free(&scope);
}

static void is_caught(void **state)
{
    (void)state;
    measure(VERDICT_NOT_EVALUATED, 0); /* few pairs: for a pass the full suite */
    leaks = true;
    measure(VERDICT_LEAK, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_caught)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

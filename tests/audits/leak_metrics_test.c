/* Seeded leaks: counts that say whose connection was the last one, as a number, in a label, in a comment. What the
 * attack finds without them is on one page with it: which member, no; that there was a message, and whether it was
 * refused, yes. */
/* replaces: gate_metrics gate_device_has_room */
#include "tests/audits/traces.h"

#include "server/gate_inside.h"

struct leak {
    const char *before, *after; /* the number that says who was the last */
};
static const struct leak *leak; /* a line of the text; NULL: none */
static bool is_long;            /* more lines than anybody reads */
static unsigned last;           /* in the gate's process */
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
    for (int i = 0; i < 100 && is_long; i++)
        buf_addf(out, "chatham_line_%d 1\n", i);
    if (leak)
        buf_addf(out, "%s%u%s\n", leak->before, last, leak->after);
}

static enum status run(struct audit_results *results)
{
    struct audit_scope scope;
    struct why why = {0};
    *results = (struct audit_results){0};
    traces_scope(&scope);
    enum status status = attack_metrics.run(&scope, results, &why);
    audit_scope_free(&scope);
    return status;
}

static void measure(enum verdict verdict, size_t hits)
{
    struct audit_results results;
    assert_int_equal(run(&results), OK);
    const struct audit_result *tenant = traces_result(&results, "channel.metrics.tenant");
    assert_true(tenant->samples > 0);
    assert_int_equal(tenant->control, CONTROL_PASSED);
    assert_int_equal(tenant->verdict, verdict);
    assert_int_equal(tenant->hits, hits ? tenant->samples : 0);
    assert_int_equal(traces_result(&results, "channel.metrics.presence")->verdict, VERDICT_EXPECTED);
    assert_int_equal(traces_result(&results, "channel.metrics.refusal")->verdict, VERDICT_EXPECTED);
    audit_results_free(&results);
}

static void are_caught(void **state)
{
    (void)state;
    static const struct leak leaks[] = {{"chatham_last_member ", ""},
                                        {"chatham_last_connection{member=\"", "\"} 1"},
                                        {"# HELP chatham_connections_total of which the last is ", ""}};
    measure(VERDICT_NOT_EVALUATED, 0); /* few pairs: for a pass the full suite */
    for (size_t i = 0; i < sizeof leaks / sizeof *leaks; i++) {
        leak = &leaks[i];
        measure(VERDICT_LEAK, 1);
    }
    leak = NULL;
}

/* What is behind the last line that is read could say anything. */
static void a_text_too_long_is_no_pass(void **state)
{
    (void)state;
    struct audit_results results;
    is_long = true;
    assert_int_equal(run(&results), ERR_TOO_LARGE);
    is_long = false;
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(are_caught), cmocka_unit_test(a_text_too_long_is_no_pass)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

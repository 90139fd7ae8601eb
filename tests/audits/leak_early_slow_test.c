/* A seeded leak: a server that looks whether it knows the device before it opens a message. The answers are the same
 * bytes; only the clock tells. */
/* replaces: sender_open */
#include "tests/audits/traces.h"

#include "server/sender.h"

static bool leaks;
enum status __real_sender_open(struct vault *vault, enum envelope_kind kind, struct bytes envelope, struct sender *out);
enum status __wrap_sender_open(struct vault *vault, enum envelope_kind kind, struct bytes envelope, struct sender *out);

enum status __wrap_sender_open(struct vault *vault, enum envelope_kind kind, struct bytes envelope, struct sender *out)
{
    struct envelope_header header;
    struct device device;
    *out = (struct sender){0};
    if (leaks && envelope_peek(envelope, &header) == OK &&
        device_find(vault->store, header.device, &device) == ERR_NOT_FOUND)
        return ERR_DENIED;
    return __real_sender_open(vault, kind, envelope, out);
}

static void measure(const struct attack *attack, struct audit_results *results)
{
    struct audit_scope scope;
    traces_scope(&scope);
    assert_int_equal(attack->run(&scope, results, NULL), OK);
    audit_scope_free(&scope);
}

static void is_caught(void **state)
{
    (void)state;
    struct audit_results sound = {0}, leaking = {0}, bytes = {0};
    measure(&attack_admission, &sound);
    leaks = true;
    measure(&attack_admission, &leaking);
    measure(&attack_errors, &bytes);
    assert_int_not_equal(traces_result(&sound, "channel.time.refusal")->verdict, VERDICT_LEAK);
    assert_int_equal(traces_result(&leaking, "channel.time.refusal")->verdict, VERDICT_LEAK);
    assert_int_equal(traces_result(&bytes, "channel.errors")->verdict, VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&sound);
    audit_results_free(&leaking);
    audit_results_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_caught)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

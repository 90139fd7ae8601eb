/* The seeded leak: a server that takes any signature for its sender's. Isolation must see that one member can then act
 * in the name of another. */
#include "tests/audits/traces.h"

#include "crypto/sign.h"

/* replaces: sign_check */
enum status __real_sign_check(const uint8_t public_key[static SIGN_PUBLIC_BYTES], enum sign_purpose purpose,
                              const uint8_t federation[static FEDERATION_ID_BYTES], struct bytes message,
                              const uint8_t signature[static SIGN_BYTES]);
enum status __wrap_sign_check(const uint8_t public_key[static SIGN_PUBLIC_BYTES], enum sign_purpose purpose,
                              const uint8_t federation[static FEDERATION_ID_BYTES], struct bytes message,
                              const uint8_t signature[static SIGN_BYTES]);

static bool leaks;

enum status __wrap_sign_check(const uint8_t public_key[static SIGN_PUBLIC_BYTES], enum sign_purpose purpose,
                              const uint8_t federation[static FEDERATION_ID_BYTES], struct bytes message,
                              const uint8_t signature[static SIGN_BYTES])
{
    return leaks ? OK : __real_sign_check(public_key, purpose, federation, message, signature);
}

static enum verdict verdict_with(bool leak)
{
    struct audit_scope scope = {.seed = 7, .k = 2};
    struct audit_results results = {0};
    leaks = leak;
    assert_int_equal(attack_isolation.run(&scope, &results, NULL), OK);
    assert_int_equal(audit_results_judge(&results), OK);
    enum verdict verdict = traces_result(&results, "isolation.tenant")->verdict;
    audit_results_free(&results);
    leaks = false;
    return verdict;
}

static void a_signature_of_nobody_is_seen(void **state)
{
    (void)state;
    assert_int_equal(verdict_with(false), VERDICT_NO_LEAK_ABOVE);
    assert_int_equal(verdict_with(true), VERDICT_LEAK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_signature_of_nobody_is_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

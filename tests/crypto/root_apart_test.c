/* What the process of a provider says when it cannot open it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "crypto/root_apart.h"

static enum status refuse(const void *context, struct root_provider **out, struct why *why)
{
    *out = NULL;
    return why_hint(why, ERR_DENIED, context, NULL, "try another");
}

static void a_reason_is_passed_on(void **state)
{
    (void)state;
    struct root_provider *provider;
    struct why why = {0};
    assert_int_equal(root_provider_apart(refuse, "the PIN is wrong", &provider, &why), ERR_DENIED);
    assert_null(provider);
    assert_string_equal(why.what, "the PIN is wrong");
    assert_null(why.where);
    assert_string_equal(why.hint, "try another");
}

static void a_reason_steers_no_terminal(void **state)
{
    (void)state;
    struct root_provider *provider;
    struct why why = {0};
    assert_int_equal(root_provider_apart(refuse, "\x1b[2J\r\n\x9b ok", &provider, &why), ERR_DENIED);
    assert_string_equal(why.what, "?[2J??? ok");
}

static void a_long_reason_is_cut(void **state)
{
    (void)state;
    char text[400];
    struct root_provider *provider;
    struct why why = {0};
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = 0;
    assert_int_equal(root_provider_apart(refuse, text, &provider, &why), ERR_DENIED);
    assert_int_equal(strlen(why.what), 127);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_is_passed_on),
        cmocka_unit_test(a_reason_steers_no_terminal),
        cmocka_unit_test(a_long_reason_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

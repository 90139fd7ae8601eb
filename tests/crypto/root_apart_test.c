/* What the process of a provider says when it cannot open it, and that an answer which came too late is no other
 * question's. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmocka.h>

#include "crypto/keys.h"
#include "crypto/root_apart.h"

/* In place of the C library's: here, not in the provider's process, an answer may fail to come in time. */
static bool answer_is_late;
ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    if (!answer_is_late)
        return syscall(SYS_recvmsg, fd, message, flags);
    answer_is_late = false;
    errno = EAGAIN;
    return -1;
}

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

static enum status open_chance(const void *context, struct root_provider **out, struct why *why)
{
    (void)context, (void)why;
    return root_provider_of_chance(out);
}

/* Else the wrapping of one key would be taken for that of the next. */
static void after_an_answer_that_came_too_late_there_are_no_more(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret first = {0}, second = {0}, got = {0};
    SCOPED_ROOT struct root_provider *provider = NULL;
    SCOPED_BUF struct buf before = {0}, wrapped = {0};
    assert_int_equal(secret_random(&first, KEY_BYTES), OK);
    assert_int_equal(secret_random(&second, KEY_BYTES), OK);
    assert_int_equal(root_provider_apart(open_chance, NULL, &provider, NULL), OK);
    assert_int_equal(root_wrap(provider, "intermediate", 2, &second, &before), OK);
    assert_int_equal(root_unwrap(provider, "intermediate", 2, buf_bytes(&before), &got), OK);
    assert_memory_equal(got.data, second.data, KEY_BYTES);
    secret_free(&got);
    answer_is_late = true;
    assert_int_equal(root_wrap(provider, "intermediate", 2, &first, &wrapped), ERR_UNAVAILABLE);
    assert_false(answer_is_late);
    assert_int_equal(root_wrap(provider, "intermediate", 2, &second, &wrapped), ERR_UNAVAILABLE);
    assert_int_equal(root_unwrap(provider, "intermediate", 2, buf_bytes(&before), &got), ERR_UNAVAILABLE);
    assert_int_equal(wrapped.size, 0);
}

int main(void)
{
    if (secret_start(0, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reason_is_passed_on),
        cmocka_unit_test(a_reason_steers_no_terminal),
        cmocka_unit_test(a_long_reason_is_cut),
        cmocka_unit_test(after_an_answer_that_came_too_late_there_are_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

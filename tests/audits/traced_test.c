/* A traced process ends with who traces it, and its number stays its own until it is ended; a gate that could not be
 * opened is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audits/channel/gatehouse.h"
#include "audits/channel/traced.h"
#include "tests/base/descriptors.h"

#define PATIENCE 20 /* seconds, after which something hangs */

static void end_at_once(const void *context)
{
    (void)context;
    _exit(0);
}

static pid_t start_or_skip(void (*call)(const void *context), const void *context)
{
    pid_t child;
    if (traced_start(call, context, &child) != OK) {
        print_message("no process may be traced here\n");
        skip();
    }
    return child;
}

static void its_number_stays_its_own(void **state)
{
    (void)state;
    int signal;
    pid_t child = start_or_skip(end_at_once, NULL);
    assert_false(traced_next(child, PTRACE_CONT, &signal));
    assert_int_equal(kill(child, 0), 0); /* nobody else can have it */
    traced_end(child);
    assert_int_equal(kill(child, 0), -1);
    assert_int_equal(errno, ESRCH);
}

static void wait_for_ever(const void *context)
{
    (void)context;
    for (;;)
        pause();
}

/* Whoever reads from the pipe sees its end when the last of both processes is gone. */
static void it_ends_with_its_tracer(void **state)
{
    (void)state;
    int ends[2];
    char none;
    pid_t child;
    traced_end(start_or_skip(end_at_once, NULL));
    assert_int_equal(pipe(ends), 0);
    pid_t tracer = fork();
    assert_true(tracer >= 0);
    if (tracer == 0) {
        int signal;
        if (traced_start(wait_for_ever, NULL, &child) == OK && ptrace(PTRACE_CONT, child, NULL, NULL) == 0)
            (void)!waitpid(-1, &signal, WNOHANG);
        _exit(0);
    }
    close(ends[1]);
    assert_int_equal(read(ends[0], &none, 1), 0);
    close(ends[0]);
    assert_int_equal(waitpid(tracer, NULL, 0), tracer);
}

/* Whichever allocation fails: no gate is waited for in vain, and no descriptor stays. */
static void a_gate_that_could_not_be_opened_is_gone(void **state)
{
    (void)state;
    struct gatehouse *house = NULL;
    if (gatehouse_open(1, &house, NULL) != OK) {
        print_message("no gate runs here\n");
        skip();
    }
    gatehouse_close(house);
    size_t before = count_descriptors();
    enum status status = ERR_MEMORY;
    for (size_t n = 1; status != OK; n++) {
        mem_fail_after(n);
        status = gatehouse_open(1, &house, NULL);
        mem_fail_after(0);
        gatehouse_close(house);
        assert_int_equal(count_descriptors(), before);
        assert_true(n < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_number_stays_its_own),
        cmocka_unit_test(it_ends_with_its_tracer),
        cmocka_unit_test(a_gate_that_could_not_be_opened_is_gone),
    };
    alarm(PATIENCE);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a role may not call under its filter, tried in a child each; and that it may still do its work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/process_filter.h"

enum { CALLED = 0, UNFILTERED = 100 };

/* The errno of a call made under the role's filter, CALLED if it went well. */
static int under_filter(enum role role, long call)
{
    int how = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || process_filter(role, NULL) != OK)
            _exit(UNFILTERED);
        _exit(syscall(call, 0, 0, 0, 0, 0, 0) < 0 ? errno : CALLED);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_int_not_equal(WEXITSTATUS(how), UNFILTERED);
    return WEXITSTATUS(how);
}

static void no_role_runs_another_program(void **state)
{
    (void)state;
    for (enum role role = ROLE_GATE; role < ROLES; role++) {
        assert_int_equal(under_filter(role, SYS_execve), EPERM);
        assert_int_equal(under_filter(role, SYS_ptrace), EPERM);
    }
}

static void vault_and_distil_make_no_socket(void **state)
{
    (void)state;
    assert_int_equal(under_filter(ROLE_VAULT, SYS_socket), EPERM);
    assert_int_equal(under_filter(ROLE_DISTIL, SYS_socket), EPERM);
    assert_int_equal(under_filter(ROLE_DISTIL, SYS_connect), EPERM);
    assert_int_not_equal(under_filter(ROLE_GATE, SYS_socket), EPERM);
}

/* A ring makes sockets and opens files in the kernel's name, where no filter looks. */
static void no_role_gets_around_its_filter_by_a_ring(void **state)
{
    (void)state;
    for (enum role role = ROLE_GATE; role < ROLES; role++) {
        assert_int_equal(under_filter(role, SYS_io_uring_setup), EPERM);
        assert_int_equal(under_filter(role, SYS_io_uring_enter), EPERM);
        assert_int_equal(under_filter(role, SYS_io_uring_register), EPERM);
    }
}

static void no_role_takes_a_descriptor_of_another_process(void **state)
{
    (void)state;
    for (enum role role = ROLE_GATE; role < ROLES; role++)
        assert_int_equal(under_filter(role, SYS_pidfd_getfd), EPERM);
}

static void what_the_work_needs_is_left(void **state)
{
    (void)state;
    for (enum role role = ROLE_GATE; role < ROLES; role++)
        assert_int_equal(under_filter(role, SYS_getpid), CALLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_role_runs_another_program),
        cmocka_unit_test(vault_and_distil_make_no_socket),
        cmocka_unit_test(no_role_gets_around_its_filter_by_a_ring),
        cmocka_unit_test(no_role_takes_a_descriptor_of_another_process),
        cmocka_unit_test(what_the_work_needs_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A temporary folder goes with all that is in it: when it is removed, and when a signal ends the program before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audits/scratch.h"
#include "base/file.h"

static char outside[] = "/tmp/chatham-scratch-test-XXXXXX"; /* a file that a link in the folder leads to */

static int make_outside(void **state)
{
    (void)state;
    int file = mkstemp(outside);
    return file < 0 ? -1 : close(file);
}

static int remove_outside(void **state)
{
    (void)state;
    return unlink(outside);
}

/* Files at three depths, more of them than one reading of a folder gives, hidden ones and a link. False: not made. */
static bool fill(const char *folder)
{
    char path[256], link[256];
    for (int i = 0; i < 300; i++) {
        snprintf(path, sizeof path, "%s/%s%d/inner", folder, i % 2 ? "." : "", i % 3);
        if (folder_create(path, 0700) != OK)
            return false;
        snprintf(path, sizeof path, "%s/%s%d/inner/.a file with a rather long name %d", folder, i % 2 ? "." : "", i % 3,
                 i);
        int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0400);
        if (file < 0 || close(file) != 0)
            return false;
    }
    snprintf(link, sizeof link, "%s/link", folder);
    return symlink(outside, link) == 0;
}

static void it_goes_with_all_that_is_in_it(void **state)
{
    (void)state;
    char folder[SCRATCH_MAX];
    assert_int_equal(scratch_open(folder, NULL), OK);
    assert_true(fill(folder));
    scratch_remove(folder);
    assert_false(file_exists(folder));
    assert_true(file_exists(outside));
    scratch_remove(folder); /* what is not there: nothing */
    scratch_remove("");
}

/* In a process of its own: a filled folder, whose path is told, and then the signal. */
static _Noreturn void be_ended(int signal, int told)
{
    char folder[SCRATCH_MAX];
    if (scratch_open(folder, NULL) != OK || !fill(folder) || write(told, folder, sizeof folder) != sizeof folder)
        _exit(1);
    raise(signal);
    scratch_remove(folder);
    _exit(0);
}

/* How it ended, and the folder that it had. */
static int ended_by(int signal, char folder[static SCRATCH_MAX])
{
    int told[2], how = 0;
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        be_ended(signal, told[1]);
    assert_int_equal(read(told[0], folder, SCRATCH_MAX), SCRATCH_MAX);
    close(told[0]);
    close(told[1]);
    assert_int_equal(waitpid(child, &how, 0), child);
    return how;
}

static void a_signal_leaves_nothing(void **state)
{
    (void)state;
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        char folder[SCRATCH_MAX];
        int how = ended_by(signals[i], folder);
        assert_true(WIFSIGNALED(how) && WTERMSIG(how) == signals[i]);
        assert_false(file_exists(folder));
    }
    assert_true(file_exists(outside));
}

static void what_is_ignored_ends_nothing(void **state)
{
    (void)state;
    char folder[SCRATCH_MAX];
    signal(SIGHUP, SIG_IGN);
    int how = ended_by(SIGHUP, folder);
    signal(SIGHUP, SIG_DFL);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
}

static void a_child_leaves_its_parents(void **state)
{
    (void)state;
    char folder[SCRATCH_MAX];
    int how = 0;
    assert_int_equal(scratch_open(folder, NULL), OK);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        raise(SIGTERM);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGTERM);
    assert_true(file_exists(folder));
    scratch_remove(folder);
    assert_false(file_exists(folder));
}

static void there_are_not_endlessly_many(void **state)
{
    (void)state;
    char folders[64][SCRATCH_MAX];
    size_t count = 0;
    struct why why = {0};
    while (count < 64 && scratch_open(folders[count], &why) == OK)
        count++;
    assert_in_range(count, 4, 63);
    assert_string_equal(folders[count], "");
    assert_non_null(why.what);
    for (size_t i = 0; i < count; i++)
        scratch_remove(folders[i]);
    assert_int_equal(scratch_open(folders[0], NULL), OK);
    scratch_remove(folders[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_with_all_that_is_in_it), cmocka_unit_test(a_signal_leaves_nothing),
        cmocka_unit_test(what_is_ignored_ends_nothing),   cmocka_unit_test(a_child_leaves_its_parents),
        cmocka_unit_test(there_are_not_endlessly_many),
    };
    return cmocka_run_group_tests(tests, make_outside, remove_outside);
}

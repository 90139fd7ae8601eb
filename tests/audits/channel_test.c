/* Side channels without a clock: counts of instructions, sizes and answers, each on what leaks nothing. */
#include <pthread.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/audits/traces.h"

#include "audits/channel/calls.h"
#include "audits/channel/steps.h"

static void run(const struct attack *attack, struct audit_results *out)
{
    struct why why = {0};
    struct audit_scope scope;
    traces_scope(&scope);
    *out = (struct audit_results){0};
    enum status status = attack->run(&scope, out, &why);
    if (status != OK)
        fail_msg("%s %s", status_text(status), why.what ? why.what : "");
    audit_scope_free(&scope);
}

static void expect(const struct audit_results *results, const char *name, enum verdict verdict)
{
    const struct audit_result *result = traces_result(results, name);
    if (result->verdict != verdict)
        fail_msg("%s: %s, value %g in [%g, %g], control %g", name, verdict_name(result->verdict), result->value,
                 result->low, result->high, result->control_value);
}

static volatile int sink;
static void turn(const void *context)
{
    for (int i = *(const int *)context; i > 0; i--)
        sink = i;
}

/* The same work takes the same steps, more takes more, and sixteen turns of a loop as many as sixteen others: a
 * compiler may take two or four turns as one. */
static void steps_are_counted(void **state)
{
    (void)state;
    const int turns[] = {16, 32, 48, 0}; /* whole words: a sanitizer looks longer at the half of one */
    size_t steps[3], again = 0;
    if (steps_count(turn, &turns[0], &steps[0]) == ERR_UNAVAILABLE)
        skip();
    assert_int_equal(steps_count(turn, &turns[1], &steps[1]), OK);
    assert_int_equal(steps_count(turn, &turns[2], &steps[2]), OK);
    assert_int_equal(steps_count(turn, &turns[0], &again), OK);
    assert_int_equal(again, steps[0]);
    assert_true(steps[1] > steps[0]);
    assert_int_equal(steps[2] - steps[1], steps[1] - steps[0]);
    const int endless = STEPS_MAX;
    assert_int_equal(steps_count(turn, &endless, &again), ERR_UNAVAILABLE);
}

/* --- what goes out --- */

static void use_a_pipe(const void *context)
{
    int fds[2];
    (void)context;
    if (pipe(fds) == 0)
        sink = (int)write(fds[1], "x", 1);
}

static void use_a_local_socket(const void *context)
{
    int fds[2];
    (void)context;
    sink = socket(AF_UNIX, SOCK_STREAM, 0);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0)
        sink = (int)(write(fds[0], "x", 1) + send(fds[0], "x", 1, 0));
}

static void make_sockets(const void *context)
{
    (void)context;
    sink = socket(AF_INET, SOCK_STREAM, 0);
    sink = socket(AF_INET, SOCK_DGRAM, 0);
}

/* Nobody is connected: only that it was tried counts. */
static void write_to(const void *context)
{
    const int *fd = context;
    char letter = 'x';
    const struct iovec part = {.iov_base = &letter, .iov_len = 1};
    sink = (int)write(*fd, "x", 1);
    sink = (int)writev(*fd, &part, 1);
    sink = (int)send(*fd, "x", 1, 0);
}

static void *do_nothing(void *context)
{
    return context;
}

static void start_a_thread(const void *context)
{
    pthread_t thread;
    (void)context;
    if (pthread_create(&thread, NULL, do_nothing, NULL) == 0)
        pthread_join(thread, NULL);
}

static void start_a_child(const void *context)
{
    (void)context;
    if (fork() == 0)
        _exit(0);
}

static void become_another(const void *context)
{
    (void)context;
    execl("/bin/true", "true", (char *)NULL);
}

static void queue_for_the_kernel(const void *context)
{
    (void)context;
    sink = (int)syscall(SYS_io_uring_setup, 1, NULL);
}

static void never_come_back(const void *context)
{
    (void)context;
    _exit(0);
}

static void expect_calls(void (*call)(const void *context), const void *context, size_t expected)
{
    size_t calls = 0;
    assert_int_equal(calls_count_network(call, context, &calls), OK);
    assert_int_equal(calls, expected);
}

static void what_goes_out_is_counted(void **state)
{
    (void)state;
    size_t calls = 0;
    if (calls_count_network(use_a_pipe, NULL, &calls) == ERR_UNAVAILABLE)
        skip();
    int open_before = socket(AF_INET, SOCK_DGRAM, 0);
    assert_true(open_before >= 0);
    expect_calls(use_a_pipe, NULL, 0);
    expect_calls(use_a_local_socket, NULL, 0);
    expect_calls(make_sockets, NULL, 2);
    expect_calls(write_to, &open_before, 3);
    expect_calls(start_a_thread, NULL, 1);
    expect_calls(start_a_child, NULL, 1);
    expect_calls(become_another, NULL, 1);
    expect_calls(queue_for_the_kernel, NULL, 1);
    assert_int_equal(calls_count_network(never_come_back, NULL, &calls), ERR_UNAVAILABLE);
    assert_int_equal(calls, 0);
    close(open_before);
}

static void sizes(void **state)
{
    (void)state;
    struct audit_results results;
    run(&attack_sizes, &results);
    expect(&results, "channel.size", VERDICT_NO_LEAK_ABOVE);
    expect(&results, "channel.receipt", VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&results);
}

static void errors(void **state)
{
    (void)state;
    struct audit_results results;
    run(&attack_errors, &results);
    expect(&results, "channel.errors", VERDICT_NO_LEAK_ABOVE);
    audit_results_free(&results);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_counted),
        cmocka_unit_test(what_goes_out_is_counted),
        cmocka_unit_test(sizes),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

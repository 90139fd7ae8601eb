/* Hides how the process is made to stop, and that it never outlives who traces it. */
#include "audits/channel/traced.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

_Static_assert(TRACED_BACK == SIGSTOP, "the stop behind the call");

static _Noreturn void be_traced(void (*call)(const void *context), const void *context)
{
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(1);
    raise(SIGSTOP);
    call(context);
    raise(SIGSTOP);
    _exit(0);
}

static bool is_stopped(pid_t child, int *signal)
{
    int state = 0;
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR)
            return false;
    *signal = WIFSTOPPED(state) ? WSTOPSIG(state) : 0;
    return WIFSTOPPED(state);
}

enum status traced_start(void (*call)(const void *context), const void *context, pid_t *out)
{
    int signal = 0;
    *out = 0;
    pid_t child = fork();
    if (child < 0)
        return ERR_UNAVAILABLE;
    if (child == 0)
        be_traced(call, context);
    if (!is_stopped(child, &signal) || signal != SIGSTOP) {
        traced_end(child);
        return ERR_UNAVAILABLE;
    }
    *out = child;
    return OK;
}

bool traced_next(pid_t child, int request, int *signal)
{
    return ptrace((enum __ptrace_request)request, child, NULL, NULL) == 0 && is_stopped(child, signal);
}

void traced_end(pid_t child)
{
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
}

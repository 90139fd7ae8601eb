/* Counting by single steps. Hides the two stops between which is counted. */
#include "audits/channel/steps.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* Stops before the call and behind it; the count holds whatever is between the two stops. */
static _Noreturn void be_counted(void (*call)(const void *context), const void *context)
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

static enum status count(pid_t child, size_t *out)
{
    int signal = 0;
    if (!is_stopped(child, &signal) || signal != SIGSTOP)
        return ERR_UNAVAILABLE;
    for (size_t steps = 0; steps < STEPS_MAX; steps++) {
        if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) != 0 || !is_stopped(child, &signal))
            return ERR_UNAVAILABLE;
        if (signal == SIGSTOP) {
            *out = steps;
            return OK;
        }
    }
    return ERR_UNAVAILABLE;
}

enum status steps_count(void (*call)(const void *context), const void *context, size_t *out)
{
    *out = 0;
    pid_t child = fork();
    if (child < 0)
        return ERR_UNAVAILABLE;
    if (child == 0)
        be_counted(call, context);
    enum status status = count(child, out);
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return status;
}

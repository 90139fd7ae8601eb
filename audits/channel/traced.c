/* Hides how the process is made to stop, and that it never outlives who traces it. */
#include "audits/channel/traced.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

_Static_assert(TRACED_BACK == SIGSTOP, "the stop behind the call");

/* A tracer that is gone already would send no signal any more. */
static _Noreturn void be_traced(void (*call)(const void *context), const void *context, pid_t tracer)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != tracer)
        _exit(1);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
        _exit(1);
    raise(SIGSTOP);
    call(context);
    raise(SIGSTOP);
    _exit(0);
}

/* One that ended is left to traced_end: until then its number is nobody else's. */
static bool is_stopped(pid_t child, int *signal)
{
    siginfo_t state = {0};
    while (waitid(P_PID, (id_t)child, &state, WEXITED | WSTOPPED | WNOWAIT) != 0)
        if (errno != EINTR)
            return false;
    bool stopped = state.si_code == CLD_TRAPPED || state.si_code == CLD_STOPPED;
    *signal = stopped ? state.si_status : 0;
    return stopped;
}

enum status traced_start(void (*call)(const void *context), const void *context, pid_t *out)
{
    int signal = 0;
    pid_t tracer = getpid();
    *out = 0;
    pid_t child = fork();
    if (child < 0)
        return ERR_UNAVAILABLE;
    if (child == 0)
        be_traced(call, context, tracer);
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

/* Counting by stops at system calls. Hides the two stops between which is counted. */
#include "audits/channel/calls.h"

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT_CALL (SIGTRAP | 0x80) /* with PTRACE_O_TRACESYSGOOD */

static const long network_calls[] = {SYS_socket, SYS_socketpair, SYS_connect,  SYS_bind,   SYS_listen,
                                     SYS_sendto, SYS_sendmsg,    SYS_sendmmsg, SYS_accept4};

static bool is_network(uint64_t number)
{
    for (size_t i = 0; i < sizeof network_calls / sizeof *network_calls; i++)
        if (number == (uint64_t)network_calls[i])
            return true;
    return false;
}

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

static enum status count(pid_t child, size_t *out)
{
    int signal = 0;
    if (!is_stopped(child, &signal) || signal != SIGSTOP ||
        ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)PTRACE_O_TRACESYSGOOD) != 0)
        return ERR_UNAVAILABLE;
    for (size_t stops = 0; stops < 2 * CALLS_MAX; stops++) {
        struct __ptrace_syscall_info info = {0};
        if (ptrace(PTRACE_SYSCALL, child, NULL, NULL) != 0 || !is_stopped(child, &signal))
            return ERR_UNAVAILABLE;
        if (signal == SIGSTOP)
            return OK;
        if (signal != AT_CALL || ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof info, &info) < 0)
            return ERR_UNAVAILABLE;
        *out += info.op == PTRACE_SYSCALL_INFO_ENTRY && is_network(info.entry.nr);
    }
    return ERR_UNAVAILABLE;
}

enum status calls_count_network(void (*call)(const void *context), const void *context, size_t *out)
{
    *out = 0;
    pid_t child = fork();
    if (child < 0)
        return ERR_UNAVAILABLE;
    if (child == 0)
        be_traced(call, context);
    enum status status = count(child, out);
    if (status != OK)
        *out = 0;
    kill(child, SIGKILL);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return status;
}

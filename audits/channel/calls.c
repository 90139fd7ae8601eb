/* Counting by stops at system calls. */
#include "audits/channel/calls.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "audits/channel/traced.h"

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

static enum status count(pid_t child, size_t *out)
{
    int signal = 0;
    if (ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)PTRACE_O_TRACESYSGOOD) != 0)
        return ERR_UNAVAILABLE;
    for (size_t stops = 0; stops < 2 * CALLS_MAX; stops++) {
        struct __ptrace_syscall_info info = {0};
        if (!traced_next(child, PTRACE_SYSCALL, &signal))
            return ERR_UNAVAILABLE;
        if (signal == TRACED_BACK)
            return OK;
        if (signal != AT_CALL || ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof info, &info) < 0)
            return ERR_UNAVAILABLE;
        *out += info.op == PTRACE_SYSCALL_INFO_ENTRY && is_network(info.entry.nr);
    }
    return ERR_UNAVAILABLE;
}

enum status calls_count_network(void (*call)(const void *context), const void *context, size_t *out)
{
    pid_t child;
    *out = 0;
    TRY(traced_start(call, context, &child));
    enum status status = count(child, out);
    traced_end(child);
    if (status != OK)
        *out = 0;
    return status;
}

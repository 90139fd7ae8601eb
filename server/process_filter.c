/* Hides the BPF program: load the architecture, load the call's number, one comparison a forbidden call. A forbidden
 * call fails with EPERM; a call of another architecture (whose numbers would mean something else) ends the process. */
#include "server/process_filter.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define FILTER_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTER_ARCH AUDIT_ARCH_AARCH64
#else
#define FILTER_ARCH 0 /* unknown: no filter */
#endif

#define FOR_NETWORKLESS (1u << ROLE_VAULT | 1u << ROLE_DISTIL)
#define FOR_ALL (FOR_NETWORKLESS | 1u << ROLE_GATE)

static const struct forbidden {
    uint32_t call;
    unsigned roles;
} forbidden_calls[] = {
    {SYS_execve, FOR_ALL},           {SYS_execveat, FOR_ALL},          {SYS_ptrace, FOR_ALL},
    {SYS_process_vm_readv, FOR_ALL}, {SYS_process_vm_writev, FOR_ALL}, {SYS_pidfd_getfd, FOR_ALL},
    {SYS_io_uring_setup, FOR_ALL}, /* a ring makes sockets and opens files where no filter looks */
    {SYS_io_uring_enter, FOR_ALL},   {SYS_io_uring_register, FOR_ALL}, {SYS_socket, FOR_NETWORKLESS},
    {SYS_connect, FOR_NETWORKLESS},  {SYS_bind, FOR_NETWORKLESS},      {SYS_listen, FOR_NETWORKLESS},
    {SYS_accept4, FOR_NETWORKLESS},  {SYS_accept, FOR_NETWORKLESS},
};
#define FORBIDDEN (sizeof forbidden_calls / sizeof *forbidden_calls)

/* A call number with this bit is the x32 form of a call, which the comparisons below would miss. */
#define X32_BIT 0x40000000u

enum status process_filter(enum role role, struct why *why)
{
    if (FILTER_ARCH == 0 || role == ROLE_SUPERVISOR)
        return OK;
    struct sock_filter program[2 * FORBIDDEN + 8] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, FILTER_ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    unsigned short size = 6;
    for (size_t i = 0; i < FORBIDDEN; i++) {
        if ((forbidden_calls[i].roles & 1u << role) == 0)
            continue;
        program[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, forbidden_calls[i].call, 0, 1);
        program[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    }
    program[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const struct sock_fprog filter = {size, program};
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
        return why_set(why, ERR_IO, "the kernel refuses the system call filter", "process", 0);
    return OK;
}

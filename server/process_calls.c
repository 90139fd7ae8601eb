/* The rows. The supervisor has no column: it may make every call that any role is allowed, and those of the last part,
 * because what it starts lives under its filter too, loads its libraries and reads its keys there, and adds its own
 * filter before it hears a stranger. */
#include "server/process_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <linux/sched.h>

#include "server/message.h"

#define SUPERVISOR (1u << ROLE_SUPERVISOR)
#define GATE (1u << ROLE_GATE)
#define VAULT (1u << ROLE_VAULT)
#define DISTIL (1u << ROLE_DISTIL)
#define ALL (GATE | VAULT | DISTIL)

#define IS(argument, value)                                                                                            \
    {                                                                                                                  \
        CALL_IS, argument, (uint32_t)(value)                                                                           \
    }
#define LACKS(argument, bits)                                                                                          \
    {                                                                                                                  \
        CALL_LACKS, argument, (uint32_t)(bits)                                                                         \
    }
#define ZERO(argument)                                                                                                 \
    {                                                                                                                  \
        CALL_ZERO, argument, 0                                                                                         \
    }
#define SELF(argument)                                                                                                 \
    {                                                                                                                  \
        CALL_SELF, argument, 0                                                                                         \
    }
#define TERMIOS2_GET 0x802c542au /* _IOR('T', 0x2a, struct termios2), whose header quarrels with the C library's */
#define COUNT(rows)                                                                                                    \
    {                                                                                                                  \
        rows, sizeof rows / sizeof *rows                                                                               \
    }

#define NAMESPACES                                                                                                     \
    (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

static const struct call_row common[] = {
    /* descriptors that are there */
    {SYS_read, ALL, {{0}}, 0},
    {SYS_write, ALL, {{0}}, 0},
    {SYS_writev, ALL, {{0}}, 0},
    {SYS_readv, GATE, {{0}}, 0},
    {SYS_recvmsg, ALL, {{0}}, 0},
    {SYS_sendmsg, ALL, {LACKS(2, MSG_FASTOPEN)}, 0}, /* which connects: a listener that was shut down could, too */
    {SYS_close, ALL, {{0}}, 0},
    {SYS_ppoll, ALL, {{0}}, 0},
    {SYS_fcntl, ALL, {IS(1, F_GETFL)}, 0},
    {SYS_fcntl, ALL, {IS(1, F_SETFL)}, 0},
    {SYS_fcntl, ALL, {IS(1, F_GETFD)}, 0},
    {SYS_fcntl, ALL, {IS(1, F_SETFD)}, 0},
    {SYS_fstat, ALL, {{0}}, 0},
    {SYS_newfstatat, ALL, {IS(3, AT_EMPTY_PATH)}, 0}, /* what fstat is in some C libraries */
    {SYS_lseek, ALL, {{0}}, 0},
    {SYS_ioctl, ALL, {IS(1, TCGETS)}, ENOTTY}, /* is stderr a terminal? */
    {SYS_ioctl, ALL, {IS(1, TERMIOS2_GET)}, ENOTTY},
    {SYS_prctl, ALL, {IS(0, PR_SET_VMA)}, EINVAL}, /* newer C libraries name their memory */

    /* sealed memory for large frames */
    {SYS_memfd_create, ALL, {{0}}, 0},
    {SYS_fcntl, ALL, {IS(1, F_ADD_SEALS)}, 0},
    {SYS_fcntl, ALL, {IS(1, F_GET_SEALS)}, 0},

    /* memory: nothing becomes code */
    {SYS_brk, ALL, {{0}}, 0},
    {SYS_mmap, ALL, {LACKS(2, PROT_EXEC)}, 0},
    {SYS_mprotect, ALL, {LACKS(2, PROT_EXEC)}, 0},
    {SYS_munmap, ALL, {{0}}, 0},
    {SYS_mremap, ALL, {{0}}, 0},
    {SYS_madvise, ALL, {IS(2, MADV_DONTNEED)}, 0},
    {SYS_madvise, ALL, {IS(2, MADV_FREE)}, 0},
    {SYS_madvise, ALL, {IS(2, MADV_DONTDUMP)}, 0},
    {SYS_madvise, ALL, {IS(2, MADV_DODUMP)}, 0},
    {SYS_madvise, ALL, {IS(2, MADV_HUGEPAGE)}, 0},
    {SYS_madvise, VAULT, {IS(2, MADV_WIPEONFORK)}, 0}, /* the noise's stream */
    {SYS_mlock, ALL, {{0}}, 0},
    {SYS_munlock, ALL, {{0}}, 0},

    /* time, randomness, itself */
    {SYS_clock_gettime, ALL, {{0}}, 0},
    {SYS_clock_nanosleep, ALL, {{0}}, 0},
    {SYS_gettimeofday, ALL, {{0}}, 0},
    {SYS_getrandom, ALL, {{0}}, 0},
    {SYS_futex, ALL, {{0}}, 0},
    {SYS_sched_yield, ALL, {{0}}, 0},
    {SYS_sysinfo, ALL, {{0}}, 0},
    {SYS_prlimit64, ALL, {ZERO(2)}, 0}, /* may read its limits */
    {SYS_getpid, ALL, {{0}}, 0},
    {SYS_gettid, ALL, {{0}}, 0},
    {SYS_getuid, ALL, {{0}}, 0},
    {SYS_geteuid, ALL, {{0}}, 0},
    {SYS_getgid, ALL, {{0}}, 0},
    {SYS_getegid, ALL, {{0}}, 0},
    {SYS_rt_sigaction, ALL, {{0}}, 0},
    {SYS_rt_sigprocmask, ALL, {{0}}, 0},
    {SYS_rt_sigreturn, ALL, {{0}}, 0},
    {SYS_restart_syscall, ALL, {{0}}, 0},
    {SYS_tgkill, ALL, {SELF(0), IS(2, SIGABRT)}, 0}, /* abort */
    {SYS_exit, ALL, {{0}}, 0},
    {SYS_exit_group, ALL, {{0}}, 0},

    /* the gate: connections of its listeners, and no others */
    {SYS_epoll_pwait, GATE, {{0}}, 0},
    {SYS_epoll_ctl, GATE, {{0}}, 0},
    {SYS_accept4, GATE, {{0}}, 0},
    {SYS_setsockopt, GATE, {IS(1, IPPROTO_TCP), IS(2, TCP_NODELAY)}, 0},
    {SYS_setsockopt, GATE, {IS(1, SOL_SOCKET), IS(2, SO_RCVLOWAT)}, 0},
    {SYS_recvfrom, GATE, {ZERO(4)}, 0},
    {SYS_shutdown, GATE, {{0}}, 0},
    {SYS_ioctl, GATE, {IS(1, FIONREAD)}, 0},

    /* the vault: files, which Landlock holds to the state folder */
    {SYS_openat, VAULT, {LACKS(2, O_PATH)}, 0},
    {SYS_newfstatat, VAULT, {{0}}, 0},
    {SYS_statx, VAULT, {{0}}, 0},
    {SYS_faccessat, VAULT, {{0}}, 0},
    {SYS_faccessat2, VAULT, {{0}}, 0},
    {SYS_readlinkat, VAULT, {{0}}, 0},
    {SYS_getdents64, VAULT, {{0}}, 0},
    {SYS_getcwd, VAULT, {{0}}, 0},
    {SYS_pread64, VAULT, {{0}}, 0},
    {SYS_pwrite64, VAULT, {{0}}, 0},
    {SYS_fsync, VAULT, {{0}}, 0},
    {SYS_fdatasync, VAULT, {{0}}, 0},
    {SYS_ftruncate, VAULT, {{0}}, 0},
    {SYS_fstatfs, VAULT, {{0}}, 0},
    {SYS_fchmod, VAULT, {{0}}, 0},
    {SYS_fchown, VAULT, {{0}}, 0}, /* SQLite as root, to the owner that the file has */
    {SYS_mkdirat, VAULT, {{0}}, 0},
    {SYS_unlinkat, VAULT, {{0}}, 0},
    {SYS_renameat, VAULT, {{0}}, 0},
    {SYS_renameat2, VAULT, {{0}}, 0},
    {SYS_linkat, VAULT, {{0}}, 0},
    {SYS_flock, VAULT, {{0}}, 0},
    {SYS_fcntl, VAULT, {IS(1, F_SETLK)}, 0},
    {SYS_fcntl, VAULT, {IS(1, F_GETLK)}, 0},
    {SYS_fcntl, VAULT, {IS(1, F_DUPFD_CLOEXEC)}, 0},
    {SYS_sendto, VAULT, {ZERO(4)}, 0}, /* over the pair that leads to a root key's own process */
    {SYS_recvfrom, VAULT, {ZERO(4)}, 0},

    /* the supervisor and what it starts */
    {SYS_execve, SUPERVISOR, {{0}}, 0},
    {SYS_clone, SUPERVISOR, {LACKS(0, NAMESPACES)}, 0},
    {SYS_clone3, SUPERVISOR, {{0}}, ENOSYS}, /* its flags cannot be seen: the C library falls back to clone */
    {SYS_wait4, SUPERVISOR, {{0}}, 0},
    {SYS_waitid, SUPERVISOR, {{0}}, 0},
    {SYS_kill, SUPERVISOR, {{0}}, 0},
    {SYS_tgkill, SUPERVISOR, {{0}}, 0},
    {SYS_set_tid_address, SUPERVISOR, {{0}}, 0},
    {SYS_set_robust_list, SUPERVISOR, {{0}}, 0},
    {SYS_rseq, SUPERVISOR, {{0}}, 0},
    {SYS_prlimit64, SUPERVISOR, {{0}}, 0},
    {SYS_mmap, SUPERVISOR, {{0}}, 0},
    {SYS_mprotect, SUPERVISOR, {{0}}, 0},
    {SYS_madvise, SUPERVISOR, {{0}}, 0},
    {SYS_mincore, SUPERVISOR, {{0}}, 0},
    {SYS_msync, SUPERVISOR, {{0}}, 0},
    {SYS_openat, SUPERVISOR, {{0}}, 0},
    {SYS_fcntl, SUPERVISOR, {{0}}, 0},
    {SYS_ioctl, SUPERVISOR, {IS(1, TCGETS)}, 0}, /* a passphrase is asked for unseen */
    {SYS_ioctl, SUPERVISOR, {IS(1, TERMIOS2_GET)}, 0},
    {SYS_ioctl, SUPERVISOR, {IS(1, TCSETSF)}, 0},
    {SYS_ioctl, SUPERVISOR, {IS(1, TCSETSW)}, 0},
    {SYS_ioctl, SUPERVISOR, {IS(1, TCSETS)}, 0},
    {SYS_dup, SUPERVISOR, {{0}}, 0},
    {SYS_dup3, SUPERVISOR, {{0}}, 0},
    {SYS_close_range, SUPERVISOR, {{0}}, 0},
    {SYS_pipe2, SUPERVISOR, {{0}}, 0},
    {SYS_eventfd2, SUPERVISOR, {{0}}, 0},
    {SYS_epoll_create1, SUPERVISOR, {{0}}, 0},
    {SYS_umask, SUPERVISOR, {{0}}, 0},
    {SYS_chdir, SUPERVISOR, {{0}}, 0},
    {SYS_uname, SUPERVISOR, {{0}}, 0},
    {SYS_getppid, SUPERVISOR, {{0}}, 0},
    {SYS_getresuid, SUPERVISOR, {{0}}, 0},
    {SYS_getresgid, SUPERVISOR, {{0}}, 0},
    {SYS_sched_getaffinity, SUPERVISOR, {{0}}, 0},
    {SYS_setresuid, SUPERVISOR, {{0}}, 0},
    {SYS_setresgid, SUPERVISOR, {{0}}, 0},
    {SYS_setgroups, SUPERVISOR, {{0}}, 0},
    {SYS_capget, SUPERVISOR, {{0}}, 0},
    {SYS_capset, SUPERVISOR, {{0}}, 0},
    {SYS_prctl, SUPERVISOR, {{0}}, 0},
    {SYS_seccomp, SUPERVISOR, {{0}}, 0},
    {SYS_landlock_create_ruleset, SUPERVISOR, {{0}}, 0},
    {SYS_landlock_add_rule, SUPERVISOR, {{0}}, 0},
    {SYS_landlock_restrict_self, SUPERVISOR, {{0}}, 0},
    {SYS_socketpair, SUPERVISOR, {{0}}, 0},
    {SYS_getsockopt, SUPERVISOR, {{0}}, 0},
    {SYS_setsockopt, SUPERVISOR, {{0}}, 0},
    {SYS_getsockname, SUPERVISOR, {{0}}, 0},
    {SYS_getpeername, SUPERVISOR, {{0}}, 0},
    {SYS_socket, SUPERVISOR, {IS(0, AF_UNIX)}, 0}, /* a token's module, to its token: in a process of its own */
    {SYS_socket, SUPERVISOR, {IS(0, AF_INET)}, 0},
    {SYS_socket, SUPERVISOR, {IS(0, AF_INET6)}, 0},
    {SYS_connect, SUPERVISOR, {{0}}, 0},
};
const struct call_table process_calls = COUNT(common);

#if defined(__x86_64__)
static const struct call_row legacy[] = {
    {SYS_poll, ALL, {{0}}, 0},
    {SYS_time, ALL, {{0}}, 0},
    {SYS_getrlimit, ALL, {{0}}, 0},
    {SYS_epoll_wait, GATE, {{0}}, 0},
    {SYS_open, VAULT, {LACKS(1, O_PATH)}, 0},
    {SYS_stat, VAULT, {{0}}, 0},
    {SYS_lstat, VAULT, {{0}}, 0},
    {SYS_access, VAULT, {{0}}, 0},
    {SYS_readlink, VAULT, {{0}}, 0},
    {SYS_getdents, VAULT, {{0}}, 0},
    {SYS_mkdir, VAULT, {{0}}, 0},
    {SYS_rmdir, VAULT, {{0}}, 0},
    {SYS_unlink, VAULT, {{0}}, 0},
    {SYS_rename, VAULT, {{0}}, 0},
    {SYS_link, VAULT, {{0}}, 0},
    {SYS_arch_prctl, SUPERVISOR, {{0}}, 0},
    {SYS_dup2, SUPERVISOR, {{0}}, 0},
    {SYS_pipe, SUPERVISOR, {{0}}, 0},
};
const struct call_table process_calls_legacy = COUNT(legacy);
#else
const struct call_table process_calls_legacy = {NULL, 0};
#endif

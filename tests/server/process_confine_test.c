/* What a role cannot do once it is confined, tried in a child each, and that what its work needs is left. A sanitizer's
 * build has wide filters, so that there the attempts are not judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "server/process.h"
#include "server/process_landlock.h"
#include "server/process_user.h"
#include "transport/frame.h"

#ifdef CHATHAM_INSTRUMENTED
#define IS_INSTRUMENTED true
#else
#define IS_INSTRUMENTED false
#endif
#define G (1u << ROLE_GATE)
#define V (1u << ROLE_VAULT)
#define D (1u << ROLE_DISTIL)
#define ALL (G | V | D)

static char folder[] = "/tmp/chatham-confine-XXXXXX";
static char store[64];

static int make_store(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(store, sizeof store, "%s/federation.db", folder);
    int fd = open(store, O_WRONLY | O_CREAT, 0600);
    return fd < 0 ? -1 : close(fd);
}

static int remove_store(void **state)
{
    (void)state;
    unlink(store);
    return rmdir(folder);
}

static void confine(enum role role, enum sandbox sandbox)
{
    const struct confinement confinement = {role, sandbox, role == ROLE_VAULT ? folder : NULL};
    if (process_confine(&confinement, NULL) != OK)
        _exit(100);
}

/* How a child ended that is confined and then does `what`: 0 to 99 is its answer, 100 it could not be confined, 128 + a
 * signal. */
static int confined(enum role role, enum sandbox sandbox, int (*what)(const void *), const void *with)
{
    int how = 0;
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        confine(role, sandbox);
        _exit(what(with));
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
}

/* --- what no role, or not every role, may --- */

struct attempt {
    const char *what;
    unsigned roles; /* that must not */
    long call;
    long arguments[6];
};
#define THROUGH_POINTER(p) (long)(uintptr_t)(p)
static const char *const shell[] = {"/bin/sh", NULL};
static const struct sockaddr_in somewhere = {.sin_family = AF_INET, .sin_port = 9};
static const struct rlimit wide = {RLIM_INFINITY, RLIM_INFINITY};

static int make_call(const void *with)
{
    const struct attempt *attempt = with;
    const long *a = attempt->arguments;
    return syscall(attempt->call, a[0], a[1], a[2], a[3], a[4], a[5]) < 0 ? errno : 0;
}

static void check_attempts(const struct attempt *attempts, size_t count)
{
    if (IS_INSTRUMENTED)
        skip();
    for (size_t i = 0; i < count; i++) {
        for (enum role role = ROLE_GATE; role < ROLES; role++) {
            if (!(attempts[i].roles & 1u << role))
                continue;
            int end = confined(role, SANDBOX_KILL, make_call, &attempts[i]);
            if (end != 128 + SIGSYS)
                fail_msg("%s may %s: %d", role_name(role), attempts[i].what, end);
        }
    }
}
#define CHECK(attempts) check_attempts(attempts, sizeof(attempts) / sizeof *(attempts))

static void nobody_starts_anything(void **state)
{
    (void)state;
    const struct attempt attempts[] = {
        {"run a shell", ALL, SYS_execve, {THROUGH_POINTER(shell[0]), THROUGH_POINTER(shell)}},
        {"run a shell", ALL, SYS_execveat, {AT_FDCWD, THROUGH_POINTER(shell[0]), THROUGH_POINTER(shell)}},
        {"fork", ALL, SYS_clone, {SIGCHLD}},
        {"start a thread", ALL, SYS_clone, {CLONE_VM | CLONE_THREAD | CLONE_SIGHAND}},
        {"clone where no filter sees how", ALL, SYS_clone3, {0}},
        {"make code", ALL, SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1}},
        {"make code of data", ALL, SYS_mprotect, {(long)((uintptr_t)folder & ~4095ul), 4096, PROT_READ | PROT_EXEC}},
    };
    CHECK(attempts);
}

static void nobody_reaches_another_process(void **state)
{
    (void)state;
    const struct attempt attempts[] = {
        {"trace its parent", ALL, SYS_ptrace, {PTRACE_ATTACH, getpid()}},
        {"read its parent", ALL, SYS_process_vm_readv, {getpid()}},
        {"write in its parent", ALL, SYS_process_vm_writev, {getpid()}},
        {"take its parent's descriptors", ALL, SYS_pidfd_getfd, {0}},
        {"hold its parent", ALL, SYS_pidfd_open, {getpid()}},
        {"signal its parent", ALL, SYS_kill, {getpid(), 0}},
        {"abort its parent", ALL, SYS_tgkill, {getpid(), getpid(), SIGABRT}},
        {"limit its parent", ALL, SYS_prlimit64, {getpid(), RLIMIT_NPROC, THROUGH_POINTER(&wide)}},
    };
    CHECK(attempts);
}

static void only_the_vault_has_files(void **state)
{
    (void)state;
    const struct attempt attempts[] = {
        {"open a store", G | D, SYS_openat, {AT_FDCWD, THROUGH_POINTER(store), O_RDONLY}},
        {"write a store", G | D, SYS_openat, {AT_FDCWD, THROUGH_POINTER(store), O_RDWR}},
        {"remove a store", G | D, SYS_unlinkat, {AT_FDCWD, THROUGH_POINTER(store), 0}},
        {"rename a store", G | D, SYS_renameat2, {AT_FDCWD, THROUGH_POINTER(store), AT_FDCWD, THROUGH_POINTER("/x")}},
        {"list a folder", G | D, SYS_getdents64, {0}},
        {"open by handle", ALL, SYS_open_by_handle_at, {0}},
        {"open what resolves", ALL, SYS_openat2, {0}},
        {"hold a path", ALL, SYS_openat, {AT_FDCWD, THROUGH_POINTER("/"), O_PATH}},
        {"change a mode", ALL, SYS_fchmodat, {AT_FDCWD, THROUGH_POINTER(store), 0777}},
        {"make a link", G | D, SYS_linkat, {0}},
        {"take a file's room ahead", ALL, SYS_fallocate, {0}},
        {"ask a path's file system", ALL, SYS_statfs, {THROUGH_POINTER("/")}},
        {"make a device", ALL, SYS_mknodat, {AT_FDCWD, THROUGH_POINTER(store), S_IFCHR}},
    };
    CHECK(attempts);
}

static void nobody_makes_a_connection(void **state)
{
    (void)state;
    const struct attempt attempts[] = {
        {"make a socket", ALL, SYS_socket, {AF_INET, SOCK_STREAM}},
        {"make a socket", ALL, SYS_socket, {AF_INET6, SOCK_DGRAM}},
        {"make a socket", ALL, SYS_socket, {AF_UNIX, SOCK_STREAM}},
        {"make a raw socket", ALL, SYS_socket, {AF_PACKET, SOCK_RAW}},
        {"make a pair", ALL, SYS_socketpair, {AF_UNIX, SOCK_STREAM}},
        {"connect", ALL, SYS_connect, {0, THROUGH_POINTER(&somewhere), sizeof somewhere}},
        {"bind", ALL, SYS_bind, {0, THROUGH_POINTER(&somewhere), sizeof somewhere}},
        {"listen", ALL, SYS_listen, {0, 1}},
        {"accept", V | D, SYS_accept4, {0}},
        {"accept the old way", ALL, SYS_accept, {0}},
        {"send to an address", ALL, SYS_sendto, {0, 0, 0, 0, THROUGH_POINTER(&somewhere), sizeof somewhere}},
        {"connect with what it sends", ALL, SYS_sendmsg, {0, 0, MSG_FASTOPEN}},
        {"bind a socket to a device", ALL, SYS_setsockopt, {0, SOL_SOCKET, SO_BINDTODEVICE}},
    };
    CHECK(attempts);
}

static void nobody_touches_the_system(void **state)
{
    (void)state;
    const struct attempt attempts[] = {
        {"become root", ALL, SYS_setuid, {0}},
        {"become root", ALL, SYS_setresuid, {0}},
        {"change group", ALL, SYS_setresgid, {0}},
        {"change groups", ALL, SYS_setgroups, {0}},
        {"change capabilities", ALL, SYS_capset, {0}},
        {"raise its limits", ALL, SYS_setrlimit, {RLIMIT_NPROC, THROUGH_POINTER(&wide)}},
        {"allow dumps", ALL, SYS_prctl, {PR_SET_DUMPABLE, 1}},
        {"add a filter", ALL, SYS_seccomp, {0}},
        {"mount", ALL, SYS_mount, {0}},
        {"unmount", ALL, SYS_umount2, {0}},
        {"change the root", ALL, SYS_chroot, {THROUGH_POINTER("/")}},
        {"make a namespace", ALL, SYS_unshare, {CLONE_NEWUSER}},
        {"enter a namespace", ALL, SYS_setns, {0}},
        {"load a program into the kernel", ALL, SYS_bpf, {0}},
        {"count events", ALL, SYS_perf_event_open, {0}},
        {"make a ring", ALL, SYS_io_uring_setup, {1}},
        {"use a ring", ALL, SYS_io_uring_enter, {0}},
        {"register with a ring", ALL, SYS_io_uring_register, {0}},
        {"handle page faults", ALL, SYS_userfaultfd, {0}},
        {"use the kernel's keys", ALL, SYS_keyctl, {0}},
        {"add a key to the kernel's", ALL, SYS_add_key, {0}},
        {"load a module", ALL, SYS_finit_module, {0}},
        {"load a kernel", ALL, SYS_kexec_load, {0}},
        {"reboot", ALL, SYS_reboot, {0}},
        {"set the clock", ALL, SYS_clock_settime, {0}},
        {"change its personality", ALL, SYS_personality, {0}},
        {"type into a terminal", ALL, SYS_ioctl, {0, TIOCSTI}},
        {"own a descriptor's signals", ALL, SYS_fcntl, {0, F_SETOWN, getpid()}},
        {"give up its limits' memory", ALL, SYS_madvise, {0, 0, MADV_HWPOISON}},
    };
    CHECK(attempts);
}

static void the_vault_has_only_its_folder(void **state)
{
    (void)state;
    const struct attempt outside = {NULL, V, SYS_openat, {AT_FDCWD, THROUGH_POINTER("/etc/passwd"), O_RDONLY}};
    const struct attempt climbing = {NULL, V, SYS_openat, {AT_FDCWD, THROUGH_POINTER("/proc/self/environ"), O_RDONLY}};
    const struct attempt inside = {NULL, V, SYS_openat, {AT_FDCWD, THROUGH_POINTER(store), O_RDWR}};
    const struct attempt running = {NULL, V, SYS_mkdirat, {AT_FDCWD, THROUGH_POINTER("/tmp/chatham-x"), 0700}};
    assert_int_equal(confined(ROLE_VAULT, SANDBOX_KILL, make_call, &inside), 0);
    if (process_landlock_version() == 0)
        skip();
    assert_int_equal(confined(ROLE_VAULT, SANDBOX_KILL, make_call, &outside), EACCES);
    assert_int_equal(confined(ROLE_VAULT, SANDBOX_KILL, make_call, &climbing), EACCES);
    assert_int_equal(confined(ROLE_VAULT, SANDBOX_KILL, make_call, &running), EACCES);
}

/* Landlock alone, as where a filter has a hole. */
static int landlocked(const void *with)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    (void)with;
    if (open(store, O_RDONLY) >= 0 || errno != EACCES)
        return 1;
    if (connect(fd, (const struct sockaddr *)&somewhere, sizeof somewhere) == 0 || errno != EACCES)
        return 2;
    return kill(getppid(), 0) == 0 || errno != EPERM ? 3 : 0;
}

static void landlock_holds_by_itself(void **state)
{
    (void)state;
    if (process_landlock_version() < 6)
        skip();
    int how = 0;
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        _exit(process_landlock(NULL, NULL) == OK ? landlocked(NULL) : 100);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(WEXITSTATUS(how), 0);
}

#if defined(__x86_64__)
static int x32_call(const void *with)
{
    (void)with;
    return syscall(0x40000000 | SYS_getpid) > 0 ? 0 : errno;
}

static int i386_call(const void *with)
{
    long result = 20; /* getpid there, writev here */
    (void)with;
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
    return result > 0 ? 0 : 1;
}

static void calls_by_other_numbers_end_it(void **state)
{
    (void)state;
    assert_int_equal(confined(ROLE_DISTIL, SANDBOX_KILL, x32_call, NULL), 128 + SIGSYS);
    int end = confined(ROLE_DISTIL, SANDBOX_KILL, i386_call, NULL);
    assert_true(end == 128 + SIGSYS || end == 128 + SIGSEGV); /* a kernel may not have these calls at all */
}
#else
static void calls_by_other_numbers_end_it(void **state)
{
    (void)state;
    skip();
}
#endif

/* --- what the work needs --- */

static int does_everyones_work(const void *with)
{
    SCOPED_SECRET struct secret secret = {0};
    struct rlimit limit;
    (void)with;
    if (secret_new(&secret, 10000) != OK || secret_random(&secret, 32) != OK)
        return 1;
    uint8_t *memory = mem_new(64, 1024 * 1024);
    if (!memory)
        return 2;
    memory[5000000] = 1;
    mem_free(memory);
    if (clock_seconds(clock_system()) == 0 || isatty(2) || getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 3;
    if (poll(NULL, 0, 1) != 0)
        return 4;
    fprintf(stderr, "%s", "");
    log_event(LOG_STARTED, (struct log_fields){0});
    return 0;
}

static void everyone_can_work(void **state)
{
    (void)state;
    for (enum role role = ROLE_GATE; role < ROLES; role++)
        assert_int_equal(confined(role, SANDBOX_KILL, does_everyones_work, NULL), 0);
}

static int breaks_an_invariant(const void *with)
{
    (void)with;
    abort();
}

/* An abort is seen as one, not as a forbidden call. */
static void everyone_can_abort(void **state)
{
    (void)state;
    for (enum role role = ROLE_GATE; role < ROLES; role++)
        assert_int_equal(confined(role, SANDBOX_KILL, breaks_an_invariant, NULL), 128 + SIGABRT);
}

static size_t any_size(void *context, uint16_t type)
{
    (void)context, (void)type;
    return FRAME_MAX;
}

/* A large frame each way: by memory file. */
static int sends_and_receives(const void *with)
{
    const int *pair = with;
    struct frame_link *ends[2] = {NULL};
    struct frame got = {0};
    SCOPED_BUF struct buf payload = {0};
    while (payload.size < 1000000)
        buf_add_str(&payload, "a line of a thousandth of it\n");
    for (int i = 0; i < 2; i++) {
        if (frame_link_new(pair[i], FRAME_MAX, any_size, NULL, &ends[i]) != OK)
            return 1;
    }
    if (frame_send(ends[0], &(struct frame){1, 2, buf_bytes(&payload)}) != OK || frame_pump(ends[0]) != OK)
        return 2;
    if (frame_pump(ends[1]) != OK || frame_next(ends[1], &got) != OK)
        return 3;
    bool is_same = bytes_equal(got.payload, buf_bytes(&payload));
    frame_link_free(ends[0]);
    frame_link_free(ends[1]);
    return is_same ? 0 : 4;
}

static void everyone_can_talk(void **state)
{
    (void)state;
    for (enum role role = ROLE_GATE; role < ROLES; role++) {
        int pair[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        assert_int_equal(confined(role, SANDBOX_KILL, sends_and_receives, pair), 0);
        close(pair[0]);
        close(pair[1]);
    }
}

static int accepts(const void *with)
{
    const int *fds = with; /* listener, epoll */
    struct epoll_event event = {.events = EPOLLIN};
    int yes = 1, waiting = 0;
    if (epoll_ctl(fds[1], EPOLL_CTL_ADD, fds[0], &event) != 0 || epoll_wait(fds[1], &event, 1, 5000) != 1)
        return 1;
    int fd = accept4(fds[0], NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0 || setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0)
        return 2;
    if (ioctl(fd, FIONREAD, &waiting) != 0 || shutdown(fd, SHUT_WR) != 0)
        return 3;
    return close(fd);
}

static void the_gate_can_accept(void **state)
{
    (void)state;
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof name;
    const int fds[2] = {socket(AF_INET, SOCK_STREAM, 0), epoll_create1(0)};
    int client = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fds[0], (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(listen(fds[0], 1), 0);
    assert_int_equal(getsockname(fds[0], (struct sockaddr *)&name, &size), 0);
    assert_int_equal(connect(client, (struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(confined(ROLE_GATE, SANDBOX_KILL, accepts, fds), 0);
    assert_int_equal(confined(ROLE_DISTIL, SANDBOX_KILL, accepts, fds), 128 + SIGSYS);
    close(client);
    close(fds[0]);
    close(fds[1]);
}

static int keeps_a_store(const void *with)
{
    char path[100], other[100];
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    (void)with;
    snprintf(path, sizeof path, "%s/tenants", folder);
    if (mkdir(path, 0700) != 0)
        return 1;
    snprintf(path, sizeof path, "%s/tenants/a.db", folder);
    snprintf(other, sizeof other, "%s/tenants/b.db", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666); /* the umask sees to the mode */
    if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0 || pwrite(fd, "x", 1, 100) != 1 || ftruncate(fd, 4096) != 0)
        return 2;
    struct stat facts;
    if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED || fsync(fd) != 0)
        return 3;
    if (fstat(fd, &facts) != 0 || (facts.st_mode & 0777) != 0600 || rename(path, other) != 0 || unlink(other) != 0)
        return 4;
    snprintf(path, sizeof path, "%s/tenants", folder);
    return rmdir(path) == 0 ? 0 : 5;
}

static void the_vault_can_keep_a_store(void **state)
{
    (void)state;
    assert_int_equal(confined(ROLE_VAULT, SANDBOX_KILL, keeps_a_store, NULL), 0);
}

/* --- the rest of the ritual --- */

static int looks_around(const void *with)
{
    struct rlimit limit = {1, 1};
    char here[16] = "";
    (void)with;
    if (environ && environ[0])
        return 1;
    if (syscall(SYS_getcwd, here, sizeof here) < 0 || strcmp(here, "/") != 0)
        return 2;
    if (getrlimit(RLIMIT_NPROC, &limit) != 0 || limit.rlim_max != 0)
        return 3;
    return 0;
}

static void nothing_is_left_of_where_it_was_started(void **state)
{
    (void)state;
    assert_int_equal(confined(ROLE_VAULT, SANDBOX_KILL, looks_around, NULL), 0);
}

static int begin_with_open_files(void)
{
    struct rlimit limit = {1, 1};
    const int kept = 10;
    dup2(0, kept - 1);
    dup2(0, kept);
    dup2(0, 500);
    if (process_begin(ROLE_DISTIL, kept, NULL) != OK)
        return 1;
    if (fcntl(kept - 1, F_GETFD) < 0)
        return 2;
    for (int fd = kept; fd < 1024; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            return 3;
    }
    if (getrlimit(RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 0 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
        return 4;
    return 0;
}

static void a_process_begins_with_its_own_descriptors_only(void **state)
{
    (void)state;
    int how = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(begin_with_open_files());
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(WEXITSTATUS(how), 0);
}

/* Without any filter: the file's mode alone keeps another user out, and nothing brings the old one back. */
static int is_another_user(void)
{
    const struct process_user user = {true, 61001, 61001};
    const gid_t groups[] = {0, 1};
    if (setgroups(2, groups) != 0)
        return 4;
    if (!process_user_become(&user) || getgroups(0, NULL) != 0)
        return 1;
    if (open(store, O_RDONLY) >= 0 || errno != EACCES)
        return 2;
    if (setresuid(0, 0, 0) == 0 || setresgid(0, 0, 0) == 0 || setgroups(0, NULL) == 0)
        return 3;
    return 0;
}

static void another_user_cannot_open_a_store(void **state)
{
    (void)state;
    int how = 0;
    if (geteuid() != 0)
        skip();
    pid_t child = fork();
    if (child == 0)
        _exit(is_another_user());
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(WEXITSTATUS(how), 0);
}

/* --- --sandbox=log --- */

static int makes_a_socket(const void *with)
{
    const int *log = with;
    log_start("test", LOG_NOTICE, clock_system(), *log);
    return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 1;
}

static void a_log_tells_the_call_and_lets_it_be_made(void **state)
{
    (void)state;
    int pipes[2];
    char line[200] = "", wanted[40];
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(confined(ROLE_DISTIL, SANDBOX_LOG, makes_a_socket, &pipes[1]), 0);
    close(pipes[1]);
    assert_true(read(pipes[0], line, sizeof line - 1) > 0);
    snprintf(wanted, sizeof wanted, " call.outside count=%d\n", (int)SYS_socket);
    assert_non_null(strstr(line, wanted));
    close(pipes[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_starts_anything),
        cmocka_unit_test(nobody_reaches_another_process),
        cmocka_unit_test(only_the_vault_has_files),
        cmocka_unit_test(nobody_makes_a_connection),
        cmocka_unit_test(nobody_touches_the_system),
        cmocka_unit_test(a_log_tells_the_call_and_lets_it_be_made),
        cmocka_unit_test(the_vault_has_only_its_folder),
        cmocka_unit_test(landlock_holds_by_itself),
        cmocka_unit_test(calls_by_other_numbers_end_it),
        cmocka_unit_test(everyone_can_work),
        cmocka_unit_test(everyone_can_abort),
        cmocka_unit_test(everyone_can_talk),
        cmocka_unit_test(the_gate_can_accept),
        cmocka_unit_test(the_vault_can_keep_a_store),
        cmocka_unit_test(nothing_is_left_of_where_it_was_started),
        cmocka_unit_test(a_process_begins_with_its_own_descriptors_only),
        cmocka_unit_test(another_user_cannot_open_a_store),
    };
    if (secret_start(64 * 1024, NULL) != OK)
        return 77;
    return cmocka_run_group_tests(tests, make_store, remove_store);
}

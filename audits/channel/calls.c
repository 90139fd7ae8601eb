/* Counting by stops at system calls. Hides how a call is told that goes out: by the domain of the socket that it makes,
 * by what its descriptor is (/proc), or by its number alone. */
#include "audits/channel/calls.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "audits/channel/traced.h"

#define AT_CALL (SIGTRAP | 0x80) /* with PTRACE_O_TRACESYSGOOD */
#define SOCKET_NAME "socket:[%lu]"
#define PATH_ROOM 64

enum told_by { BY_DOMAIN, BY_DESCRIPTOR, HANDED_ON };
struct row {
    long number;
    enum told_by by;
    unsigned argument; /* which one is the domain or the descriptor */
};
static const struct row rows[] = {
    {SYS_socket, BY_DOMAIN, 0},         {SYS_connect, BY_DESCRIPTOR, 0}, {SYS_bind, BY_DESCRIPTOR, 0},
    {SYS_listen, BY_DESCRIPTOR, 0},     {SYS_accept, BY_DESCRIPTOR, 0},  {SYS_accept4, BY_DESCRIPTOR, 0},
    {SYS_sendto, BY_DESCRIPTOR, 0},     {SYS_sendmsg, BY_DESCRIPTOR, 0}, {SYS_sendmmsg, BY_DESCRIPTOR, 0},
    {SYS_write, BY_DESCRIPTOR, 0},      {SYS_writev, BY_DESCRIPTOR, 0},  {SYS_sendfile, BY_DESCRIPTOR, 0},
    {SYS_splice, BY_DESCRIPTOR, 2},     {SYS_clone, HANDED_ON, 0},       {SYS_clone3, HANDED_ON, 0},
    {SYS_execve, HANDED_ON, 0},         {SYS_execveat, HANDED_ON, 0},    {SYS_io_uring_setup, HANDED_ON, 0},
    {SYS_io_uring_enter, HANDED_ON, 0},
#ifdef SYS_fork /* where it is not there, it is clone */
    {SYS_fork, HANDED_ON, 0},           {SYS_vfork, HANDED_ON, 0},
#endif
};

static const struct row *row_of(uint64_t number)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (number == (uint64_t)rows[i].number)
            return &rows[i];
    return NULL;
}

/* --- what a descriptor is --- */

struct watched {
    pid_t child;
    int descriptors; /* its folder in /proc */
};

static enum status watch(pid_t child, struct watched *out)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)child);
    *out = (struct watched){child, open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return out->descriptors < 0 ? ERR_UNAVAILABLE : OK;
}

/* Whether the kernel lists this inode among the sockets that end in this machine. */
static bool is_local(const struct watched *watched, unsigned long inode)
{
    char path[PATH_ROOM], line[512];
    unsigned long listed;
    bool found = false;
    snprintf(path, sizeof path, "/proc/%d/net/unix", (int)watched->child);
    FILE *list = fopen(path, "re");
    while (list && !found && fgets(line, sizeof line, list))
        found = sscanf(line, "%*s %*s %*s %*s %*s %*s %lu", &listed) == 1 && listed == inode;
    if (list)
        fclose(list);
    return found;
}

static bool is_of_network(const struct watched *watched, int descriptor)
{
    char name[16], target[PATH_ROOM] = "";
    unsigned long inode;
    snprintf(name, sizeof name, "%d", descriptor);
    return readlinkat(watched->descriptors, name, target, sizeof target - 1) > 0 &&
           sscanf(target, SOCKET_NAME, &inode) == 1 && !is_local(watched, inode);
}

/* --- counting --- */

static bool goes_out(const struct watched *watched, const struct row *row, const struct __ptrace_syscall_info *info)
{
    int argument = (int)info->entry.args[row->argument];
    switch (row->by) {
    case BY_DOMAIN:
        return argument != AF_UNIX;
    case BY_DESCRIPTOR:
        return is_of_network(watched, argument);
    case HANDED_ON:
        return true;
    }
    return true;
}

static enum status count(const struct watched *watched, size_t *out)
{
    int signal = 0;
    if (ptrace(PTRACE_SETOPTIONS, watched->child, NULL, (void *)PTRACE_O_TRACESYSGOOD) != 0)
        return ERR_UNAVAILABLE;
    for (size_t stops = 0; stops < 2 * CALLS_MAX; stops++) {
        struct __ptrace_syscall_info info = {0};
        if (!traced_next(watched->child, PTRACE_SYSCALL, &signal))
            return ERR_UNAVAILABLE;
        if (signal == TRACED_BACK)
            return OK;
        if (signal != AT_CALL || ptrace(PTRACE_GET_SYSCALL_INFO, watched->child, (void *)sizeof info, &info) < 0)
            return ERR_UNAVAILABLE;
        const struct row *row = info.op == PTRACE_SYSCALL_INFO_ENTRY ? row_of(info.entry.nr) : NULL;
        if (!row || !goes_out(watched, row, &info))
            continue;
        ++*out;
        if (row->by == HANDED_ON)
            return OK;
    }
    return ERR_UNAVAILABLE;
}

enum status calls_count_network(void (*call)(const void *context), const void *context, size_t *out)
{
    pid_t child;
    struct watched watched;
    *out = 0;
    TRY(traced_start(call, context, &child));
    enum status status = watch(child, &watched);
    if (status == OK)
        status = count(&watched, out);
    traced_end(child);
    if (watched.descriptors >= 0)
        close(watched.descriptors);
    if (status != OK)
        *out = 0;
    return status;
}

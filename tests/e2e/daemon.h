/* A chathamd of real processes on loopback, for tests in C: founded, started, one of its processes killed, started
 * again when the supervisor is gone. Naps only while it waits for a condition. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "protocol/policy.h"

struct daemon {
    char folder[64], state[80], log[80], url[64];
    char program[300];
    int port;  /* 0: not yet chosen */
    pid_t pid; /* 0: not running */
};

static inline void daemon_nap(int ms)
{
    poll(NULL, 0, ms);
}

/* Run to its end with standard output into the log; the exit code. */
static inline int daemon_run(const struct daemon *daemon, const char *const argv[])
{
    int how = 0;
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(daemon->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (dup2(fd, STDOUT_FILENO) >= 0 && dup2(fd, STDERR_FILENO) >= 0)
            execv(daemon->program, (char *const *)argv); /* POSIX leaves the strings as they are */
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &how, 0), pid);
    return WIFEXITED(how) ? WEXITSTATUS(how) : 128;
}

static inline void daemon_found(struct daemon *daemon, const struct policy *policy)
{
    char path[100];
    SCOPED_BUF struct buf text = {0};
    const char *build = getenv("CHATHAM_BUILD");
    *daemon = (struct daemon){.folder = "/tmp/chatham-kill-XXXXXX"};
    assert_non_null(mkdtemp(daemon->folder));
    snprintf(daemon->program, sizeof daemon->program, "%s/chathamd", build ? build : "build/dev");
    snprintf(daemon->state, sizeof daemon->state, "%s/S", daemon->folder);
    snprintf(daemon->log, sizeof daemon->log, "%s/log", daemon->folder);
    snprintf(path, sizeof path, "%s/policy.json", daemon->folder);
    assert_int_equal(policy_encode(policy, &text), OK);
    assert_int_equal(file_write(path, buf_bytes(&text), 0600), OK);
    const char *const argv[] = {"chathamd",   "init",     "--state", daemon->state, "--name",
                                "Kill house", "--policy", path,      NULL};
    assert_int_equal(daemon_run(daemon, argv), 0);
}

/* A port that nobody else takes while the server is down: below those that the system hands out, another each time. */
static inline int daemon_own_port(void)
{
    static unsigned asked;
    return (int)(10000 + ((unsigned)getpid() * 4 + asked++) % 20000);
}

/* One attempt: whether it serves. After a kill -9 the old vault may still be letting go of the lock. */
static inline bool daemon_try(struct daemon *daemon)
{
    char listen[32], ready[16], address[64] = "";
    int ends[2], how;
    assert_int_equal(pipe(ends), 0);
    snprintf(listen, sizeof listen, "127.0.0.1:%d", daemon->port ? daemon->port : daemon_own_port());
    snprintf(ready, sizeof ready, "%d", 3);
    const char *const argv[] = {"chathamd", "serve",      "--state", daemon->state, "--listen",
                                listen,     "--ready-fd", ready,     NULL};
    daemon->pid = fork();
    if (daemon->pid == 0) {
        int fd = open(daemon->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves no server */
        if (dup2(ends[1], 3) >= 0 && dup2(fd, STDOUT_FILENO) >= 0 && dup2(fd, STDERR_FILENO) >= 0)
            execv(daemon->program, (char *const *)argv);
        _exit(127);
    }
    close(ends[1]);
    ssize_t size = read(ends[0], address, sizeof address - 1);
    close(ends[0]);
    if (size > 0 && strchr(address, '\n')) {
        *strchr(address, '\n') = 0;
        snprintf(daemon->url, sizeof daemon->url, "https://%.50s", address);
        daemon->port = atoi(strrchr(address, ':') + 1);
        return true;
    }
    waitpid(daemon->pid, &how, 0);
    daemon->pid = 0;
    return false;
}

static inline void daemon_start(struct daemon *daemon)
{
    for (int i = 0; i < 300; i++) {
        if (daemon_try(daemon))
            return;
        daemon_nap(50);
    }
    fail_msg("chathamd does not start: see %s", daemon->log);
}

/* Whether the supervisor has ended: it gives up after five deaths in a minute. */
static inline bool daemon_is_gone(struct daemon *daemon)
{
    int how;
    if (daemon->pid != 0 && waitpid(daemon->pid, &how, WNOHANG) == daemon->pid)
        daemon->pid = 0;
    return daemon->pid == 0;
}

static inline bool daemon_is_role(const char *pid, pid_t parent, const char *role)
{
    char path[64], stat[512] = "", arguments[512] = "";
    long parent_found = 0;
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t size = fread(stat, 1, sizeof stat - 1, file);
    fclose(file);
    char *end = strrchr(stat, ')');
    if (size == 0 || !end || sscanf(end, ") %*c %ld", &parent_found) != 1 || parent_found != parent)
        return false;
    snprintf(path, sizeof path, "/proc/%.20s/cmdline", pid);
    if (!(file = fopen(path, "re")))
        return false;
    size = fread(arguments, 1, sizeof arguments - 1, file);
    fclose(file);
    return bytes_find(bytes_of(arguments, size), bytes_str(role)) != SIZE_MAX;
}

/* A child of ours in that role; 0: none at the moment. */
static inline pid_t daemon_child(const struct daemon *daemon, const char *role)
{
    pid_t found = 0;
    DIR *processes = opendir("/proc");
    assert_non_null(processes);
    for (struct dirent *entry; !found && (entry = readdir(processes));)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && daemon_is_role(entry->d_name, daemon->pid, role))
            found = (pid_t)atol(entry->d_name);
    closedir(processes);
    return found;
}

/* Kill -9 one of the four; false: it is not there just now. */
static inline bool daemon_kill(struct daemon *daemon, const char *role)
{
    pid_t pid = role ? daemon_child(daemon, role) : daemon->pid;
    if (pid <= 0 || kill(pid, SIGKILL) != 0)
        return false;
    if (!role) {
        waitpid(daemon->pid, NULL, 0);
        daemon->pid = 0;
    }
    return true;
}

static inline void daemon_end(struct daemon *daemon)
{
    if (daemon->pid == 0)
        return;
    kill(daemon->pid, SIGTERM);
    waitpid(daemon->pid, NULL, 0);
    daemon->pid = 0;
}

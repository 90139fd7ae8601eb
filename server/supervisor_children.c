/* Hides fork, exec, descriptors and reaping. Each child gets exactly the descriptors of its row, at fixed numbers. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "server/supervisor_inside.h"

#define HANDED_MAX 4
#define ABOVE_ALL 100 /* while descriptors are put in place, they live above every place */

struct handed {
    int count;
    int fds[HANDED_MAX];
    const struct process_user *user; /* NULL: ours */
    char *const *environment;
};
static char *const no_environment[] = {NULL};

/* Between fork and exec: only calls that are safe there. */
static _Noreturn void become(const struct handed *handed, const char *const argv[])
{
    int high[HANDED_MAX];
    for (int i = 0; i < handed->count; i++)
        high[i] = fcntl(handed->fds[i], F_DUPFD_CLOEXEC, ABOVE_ALL);
    for (int i = 0; i < handed->count; i++) {
        if (high[i] < 0 || dup2(high[i], PROCESS_FD + i) < 0)
            _exit(1);
    }
    if (handed->user && !process_user_become(handed->user))
        _exit(1);
    execve("/proc/self/exe", (char *const *)argv,
           handed->environment); /* POSIX leaves the strings as they are, and out of the type */
    _exit(1);
}

static enum status start_child(struct child *child, const struct handed *handed, const char *const argv[],
                               struct why *why)
{
    child->pid = fork();
    if (child->pid == 0)
        become(handed, argv);
    if (child->pid > 0)
        return OK;
    child->pid = 0;
    return why_set(why, ERR_IO, "a process cannot be started", "supervisor", 0);
}

static enum status start_gate(struct children *children, int supervisor, int vault, struct why *why)
{
    const struct sockets *sockets = children->sockets;
    const char *sandbox = sandbox_name(children->options->sandbox);
    char connections[16];
    snprintf(connections, sizeof connections, "%u", children->options->connections);
    const char *argv[] = {"chathamd", "--role",        "gate",      "--fd", "3", "--sandbox",
                          sandbox,    "--connections", connections, NULL,   NULL};
    if (sockets->metrics >= 0)
        argv[9] = "--metrics-handed";
    const struct handed handed = {sockets->metrics >= 0 ? 4 : 3,
                                  {supervisor, vault, sockets->listener, sockets->metrics},
                                  &children->options->gate_user,
                                  no_environment};
    return start_child(&children->of[ROLE_GATE], &handed, argv, why);
}

static enum status start_vault(struct children *children, int supervisor, int gate, int distil, struct why *why)
{
    const struct supervisor_options *options = children->options;
    const char *argv[] = {"chathamd",     "--role",    "vault",
                          "--fd",         "3",         "--state",
                          options->state, "--sandbox", sandbox_name(options->sandbox),
                          NULL,           NULL,        NULL};
    const char *const secrets[][2] = {{"--key-file", options->key_file},
                                      {"--passphrase-file", options->passphrase_file},
                                      {"--pin-file", options->pin_file}};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets && !argv[9]; i++) { /* a root key needs one at most */
        if (!secrets[i][1])
            continue;
        argv[9] = secrets[i][0];
        argv[10] = secrets[i][1];
    }
    const struct handed handed = {
        4, {supervisor, gate, distil, children->lock}, NULL, environ}; /* for its root key's sake */
    return start_child(&children->of[ROLE_VAULT], &handed, argv, why);
}

static enum status start_distil(struct children *children, int supervisor, int vault, struct why *why)
{
    const char *argv[] = {
        "chathamd", "--role", "distil", "--fd", "3", "--sandbox", sandbox_name(children->options->sandbox), NULL};
    const struct handed handed = {2, {supervisor, vault}, &children->options->distil_user, no_environment};
    return start_child(&children->of[ROLE_DISTIL], &handed, argv, why);
}

enum pair { PAIR_GATE, PAIR_VAULT, PAIR_DISTIL, PAIR_GATE_VAULT, PAIR_VAULT_DISTIL, PAIRS };

static enum status open_pairs(int pairs[static PAIRS][2], struct why *why)
{
    for (int i = 0; i < PAIRS; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pairs[i]) != 0) {
            pairs[i][0] = pairs[i][1] = -1;
            return why_set(why, ERR_IO, "socket pairs cannot be made", "supervisor", 0);
        }
    }
    return OK;
}

static void close_pairs(int pairs[static PAIRS][2])
{
    for (int i = 0; i < PAIRS; i++) {
        for (int end = 0; end < 2; end++) {
            if (pairs[i][end] >= 0)
                close(pairs[i][end]);
        }
    }
}

enum status children_start(struct children *children, struct why *why)
{
    int pairs[PAIRS][2] = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    enum status status = open_pairs(pairs, why);
    if (status == OK)
        status =
            start_vault(children, pairs[PAIR_VAULT][1], pairs[PAIR_GATE_VAULT][0], pairs[PAIR_VAULT_DISTIL][0], why);
    if (status == OK)
        status = start_gate(children, pairs[PAIR_GATE][1], pairs[PAIR_GATE_VAULT][1], why);
    if (status == OK)
        status = start_distil(children, pairs[PAIR_DISTIL][1], pairs[PAIR_VAULT_DISTIL][1], why);
    for (int role = ROLE_GATE; status == OK && role < ROLES; role++) {
        int pair = role - ROLE_GATE; /* the first three pairs are in the order of the roles */
        children->of[role].started = false;
        status = process_link_open(&children->of[role].link, ROLE_SUPERVISOR, (enum role)role, pairs[pair][0]);
        if (status == OK)
            pairs[pair][0] = -1;
    }
    close_pairs(pairs);
    return status;
}

void children_reap(struct children *children, child_ended ended, void *context)
{
    int how = 0;
    pid_t pid;
    while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
        for (int role = ROLE_GATE; role < ROLES; role++) {
            struct child *child = &children->of[role];
            if (child->pid != pid)
                continue;
            child->pid = 0;
            process_link_close(&child->link);
            if (ended)
                ended(context, (enum role)role, WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how));
        }
    }
}

bool children_all_started(const struct children *children)
{
    bool all = true;
    for (int role = ROLE_GATE; role < ROLES; role++)
        all &= children->of[role].pid != 0 && children->of[role].started;
    return all;
}

bool children_any(const struct children *children)
{
    bool any = false;
    for (int role = ROLE_GATE; role < ROLES; role++)
        any |= children->of[role].pid != 0;
    return any;
}

void children_end(struct children *children, int patience_ms)
{
    uint64_t deadline = clock_ticks() + (uint64_t)patience_ms * 1000;
    for (int role = ROLE_GATE; role < ROLES; role++)
        process_link_close(&children->of[role].link);
    while (children_any(children)) {
        for (int role = ROLE_GATE; role < ROLES; role++) {
            if (children->of[role].pid != 0 && clock_ticks() >= deadline)
                kill(children->of[role].pid, SIGKILL);
        }
        children_reap(children, NULL, NULL);
        if (children_any(children))
            poll(NULL, 0, 5); /* a signal descriptor may be polled by our caller: a short nap is enough here */
    }
}

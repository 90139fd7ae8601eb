/* Hides how a process gives up what it does not need. Order matters: descriptors and dumps go before any secret is
 * read; the filter comes last, because loading still needs files. */
#include "server/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/secret.h"
#include "server/process_calls.h"
#include "server/process_landlock.h"
#include "server/process_user.h"

static const char *const role_names[ROLES] = {
    [ROLE_SUPERVISOR] = "supervisor", [ROLE_GATE] = "gate", [ROLE_VAULT] = "vault", [ROLE_DISTIL] = "distil"};

/* Locked memory that a role asks for before it takes any: the vault's keys and those of 64 open databases, for which
 * SQLCipher locks about 24 KiB each and says nothing where it can't; the gate's TLS key. */
static const size_t locked_bytes[ROLES] = {[ROLE_VAULT] = 4u << 20, [ROLE_GATE] = 32 * 1024};

const char *role_name(enum role role)
{
    return role_names[role];
}

enum status role_parse(const char *name, enum role *out)
{
    for (int i = 0; i < ROLES; i++) {
        if (strcmp(name, role_names[i]) == 0) {
            *out = (enum role)i;
            return OK;
        }
    }
    return ERR_USAGE;
}

static const char *const sandbox_names[] = {[SANDBOX_KILL] = "kill", [SANDBOX_LOG] = "log"};

const char *sandbox_name(enum sandbox sandbox)
{
    return sandbox_names[sandbox];
}

enum status sandbox_parse(const char *name, enum sandbox *out)
{
    *out = strcmp(name, sandbox_names[SANDBOX_LOG]) == 0 ? SANDBOX_LOG : SANDBOX_KILL;
    return strcmp(name, sandbox_names[*out]) == 0 ? OK : ERR_USAGE;
}

static enum status no_dumps(struct why *why)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return why_set(why, ERR_IO, "core dumps cannot be switched off", "process", 0);
    return OK;
}

/* The supervisor reads its signals from a descriptor; a child ends when the supervisor says so or is gone, so that a
 * ^C, which reaches the whole group, cannot cut an answer short. */
static void set_signals(enum role role)
{
    signal(SIGPIPE, SIG_IGN);
    if (role == ROLE_SUPERVISOR)
        return;
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

enum status process_begin(enum role role, int first_unused, struct why *why)
{
    set_signals(role);
    if (close_range((unsigned)first_unused, ~0u, 0) != 0)
        return why_set(why, ERR_IO, "descriptors cannot be closed", "process", 0);
    TRY(no_dumps(why));
    TRY(secret_start(locked_bytes[role], why));
    log_start(role_name(role), LOG_NOTICE, clock_system(), STDERR_FILENO);
    if (role != ROLE_SUPERVISOR) /* which has not got the lock yet */
        log_event(LOG_STARTED, (struct log_fields){.count = (uint64_t)getpid()});
    return OK;
}

/* A role starts no process and no thread. */
static enum status no_children(struct why *why)
{
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_NPROC, &none) != 0)
        return why_set(why, ERR_IO, "processes cannot be limited", "process", 0);
    return OK;
}

enum status process_confine(const struct confinement *confinement, struct why *why)
{
    bool is_supervisor = confinement->role == ROLE_SUPERVISOR;
    umask(077);
    if (chdir("/") != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return why_set(why, ERR_IO, "privileges cannot be given up", "process", 0);
    if (!is_supervisor) { /* which starts others: they need all that it has, until they are here */
        clearenv();
        TRY(process_user_forget(why));
        TRY(process_landlock(confinement->folder, why));
        log_event(LOG_CONFINED, (struct log_fields){.count = process_landlock_version()});
    }
    if (!is_supervisor && confinement->sandbox == SANDBOX_KILL) /* the log needs a thread */
        TRY(no_children(why));
    process_calls_no_leak_check();
    return process_filter(confinement->role, confinement->sandbox, why);
}

int process_fail(const char *doing, enum status status, const struct why *why)
{
    char line[512];
    why_print(why, status, doing, line, sizeof line);
    fprintf(stderr, "chathamd %s\n", line);
    return status_exit(status);
}

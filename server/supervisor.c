/* The supervisor's loop: signals, children, operators. One child that dies takes the others with it: a vault without
 * its gate, or a gate that believes an old vault, is a state nobody has thought about. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "server/control.h"
#include "server/supervisor_inside.h"
#include "transport/frame.h"

#define RESTARTS_MAX 5
#define RESTART_WINDOW_MICROS (60u * 1000000u)
#define RESTART_PATIENCE_MS 2000
#define STOP_MICROS (5u * 1000000u)
#define STOP_GATE_MICROS (4u * 1000000u)

enum stage { STAGE_STARTING, STAGE_SERVING, STAGE_STOPPING };
struct supervisor {
    const struct supervisor_options *options;
    struct children children;
    struct control control;
    int signals;
    int news; /* to the service manager; -1: none wanted */
    enum stage stage;
    bool was_serving; /* at least once: from then on a death is an accident, not a wrong setting */
    bool has_lost_child;
    int lost_code;
    uint64_t stop_started; /* ticks */
    bool vault_told;       /* to stop */
    uint64_t restarts[RESTARTS_MAX];
    unsigned restart_next;
};

/* The others end because the vault did, and may be reaped before it: its code is the one that tells why. */
static void on_ended(void *context, enum role role, int code)
{
    struct supervisor *supervisor = context;
    if (code == 128 + SIGSYS)
        fprintf(stderr,
                "chathamd %s: made a system call that it has no use for, and was ended; to see which: "
                "serve --sandbox=log\n",
                role_name(role));
    if (supervisor->stage != STAGE_STOPPING)
        log_event(LOG_CHILD_DIED, (struct log_fields){.count = (uint64_t)code});
    if (!supervisor->has_lost_child || role == ROLE_VAULT)
        supervisor->lost_code = code;
    supervisor->has_lost_child = true;
}

/* A start failed: give the vault, if it is ending too, the moment it takes to say why. */
static void hear_the_vault(struct supervisor *supervisor)
{
    enum { NAP_MS = 5, NAPS = 100 };
    for (int i = 0; i < NAPS && supervisor->children.of[ROLE_VAULT].pid != 0; i++) {
        poll(NULL, 0, NAP_MS);
        children_reap(&supervisor->children, on_ended, supervisor);
    }
}

/* --- children's messages --- */

static void announce(struct supervisor *supervisor)
{
    const char *address = supervisor->children.sockets->address;
    supervisor->stage = STAGE_SERVING;
    if (supervisor->was_serving)
        return;
    supervisor->was_serving = true;
    printf("listening on %s\n", address);
    fflush(stdout);
    news_tell(supervisor->news, "READY=1");
    if (supervisor->options->ready_fd < 0)
        return;
    char line[80];
    int size = snprintf(line, sizeof line, "%s\n", address);
    if (fd_write_all(supervisor->options->ready_fd, bytes_of(line, (size_t)size)) != OK)
        log_event(LOG_STORE_FAILED, (struct log_fields){.status = ERR_IO});
    close(supervisor->options->ready_fd);
}

static void take_message(struct supervisor *supervisor, struct child *child, const struct message *message)
{
    if (message->type == MESSAGE_REPLY)
        control_answer(&supervisor->control, message->request, buf_bytes(&message->payload));
    if (message->type != MESSAGE_STARTED)
        return;
    child->started = true;
    child->link.phase = PHASE_SERVE;
    if (supervisor->stage == STAGE_STARTING && children_all_started(&supervisor->children))
        announce(supervisor);
}

/* A child that breaks the table of messages is ended; that it ended then restarts all. */
static void pump_child(struct supervisor *supervisor, struct child *child)
{
    enum status status = process_link_pump(&child->link);
    for (;;) {
        struct message message;
        enum status next = process_link_next(&child->link, &message);
        if (next != OK) {
            if (next != ERR_NOT_FOUND)
                status = next;
            break;
        }
        take_message(supervisor, child, &message);
        message_free(&message);
    }
    if (status == OK)
        return;
    process_link_close(&child->link);
    if (status != ERR_IO && child->pid != 0)
        kill(child->pid, SIGKILL);
}

static enum status on_command(void *context, uint64_t request, struct bytes command)
{
    struct supervisor *supervisor = context;
    if (supervisor->stage != STAGE_SERVING)
        return ERR_UNAVAILABLE;
    struct process_link *vault = &supervisor->children.of[ROLE_VAULT].link;
    TRY(process_link_send(vault, MESSAGE_ADMIN, request, command));
    enum status status = process_link_pump(vault);
    return status == ERR_IO ? ERR_UNAVAILABLE : status;
}

/* --- stopping: first the gate, so that what it has asked is still answered; then the others --- */

static void tell_to_stop(struct child *child)
{
    if (process_link_send(&child->link, MESSAGE_STOP, 0, BYTES_NONE) != OK || process_link_pump(&child->link) != OK)
        process_link_close(&child->link);
}

static void begin_stop(struct supervisor *supervisor)
{
    if (supervisor->stage == STAGE_STOPPING)
        return;
    supervisor->stage = STAGE_STOPPING;
    supervisor->stop_started = clock_ticks();
    news_tell(supervisor->news, "STOPPING=1");
    tell_to_stop(&supervisor->children.of[ROLE_GATE]);
}

static void go_on_stopping(struct supervisor *supervisor)
{
    struct child *children = supervisor->children.of;
    uint64_t since = clock_ticks() - supervisor->stop_started;
    if (since > STOP_GATE_MICROS && children[ROLE_GATE].pid != 0)
        kill(children[ROLE_GATE].pid, SIGKILL);
    if (children[ROLE_GATE].pid == 0 && !supervisor->vault_told) {
        supervisor->vault_told = true;
        tell_to_stop(&children[ROLE_VAULT]);
        tell_to_stop(&children[ROLE_DISTIL]);
    }
    if (since > STOP_MICROS)
        children_end(&supervisor->children, 0);
}

/* --- restarting --- */

/* Whether another restart is within the limit; if so it is counted. */
static bool may_restart(struct supervisor *supervisor)
{
    uint64_t *oldest = &supervisor->restarts[supervisor->restart_next];
    uint64_t now = clock_ticks();
    if (*oldest != 0 && now - *oldest < RESTART_WINDOW_MICROS)
        return false;
    *oldest = now;
    supervisor->restart_next = (supervisor->restart_next + 1) % RESTARTS_MAX;
    return true;
}

static enum status restart_all(struct supervisor *supervisor, struct why *why)
{
    control_answer_all(&supervisor->control, ERR_UNAVAILABLE);
    children_end(&supervisor->children, RESTART_PATIENCE_MS);
    supervisor->has_lost_child = false;
    if (!may_restart(supervisor))
        return why_set(why, ERR_UNAVAILABLE, "its processes die too often", NULL, 0);
    supervisor->stage = STAGE_STARTING;
    return children_start(&supervisor->children, why);
}

/* --- the loop --- */

static void read_signals(struct supervisor *supervisor)
{
    struct signalfd_siginfo info;
    while (read(supervisor->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo != SIGCHLD)
            begin_stop(supervisor);
    }
    children_reap(&supervisor->children, on_ended, supervisor);
}

enum { POLL_SIGNALS, POLL_CHILDREN, POLL_CONTROL = POLL_CHILDREN + ROLES, POLLS = POLL_CONTROL + CONTROL_POLLS };

static enum status wait_and_move(struct supervisor *supervisor)
{
    struct pollfd polls[POLLS];
    struct child *children = supervisor->children.of;
    polls[POLL_SIGNALS] = (struct pollfd){.fd = supervisor->signals, .events = POLLIN};
    for (int role = 0; role < ROLES; role++) {
        struct frame_link *frames = children[role].link.frames;
        short events = frames && frame_link_wants_write(frames) ? POLLIN | POLLOUT : POLLIN;
        polls[POLL_CHILDREN + role] = (struct pollfd){.fd = frames ? frame_link_fd(frames) : -1, .events = events};
    }
    control_polls(&supervisor->control, &polls[POLL_CONTROL]);
    if (poll(polls, POLLS, supervisor->stage == STAGE_STOPPING ? 50 : -1) < 0)
        return errno == EINTR ? OK : ERR_IO;
    for (int role = 0; role < ROLES; role++) {
        if (polls[POLL_CHILDREN + role].revents)
            pump_child(supervisor, &children[role]);
    }
    control_moved(&supervisor->control, &polls[POLL_CONTROL], on_command, supervisor);
    if (polls[POLL_SIGNALS].revents)
        read_signals(supervisor);
    return OK;
}

static enum status supervise(struct supervisor *supervisor, int *child_exit, struct why *why)
{
    TRY(children_start(&supervisor->children, why));
    for (;;) {
        TRY(wait_and_move(supervisor));
        if (supervisor->stage == STAGE_STOPPING) {
            go_on_stopping(supervisor);
            if (!children_any(&supervisor->children))
                return OK;
        } else if (supervisor->has_lost_child && !supervisor->was_serving) {
            hear_the_vault(supervisor);
            *child_exit = supervisor->lost_code ? supervisor->lost_code : 1;
            return ERR_UNAVAILABLE;
        } else if (supervisor->has_lost_child) {
            TRY(restart_all(supervisor, why));
        }
    }
}

static enum status open_signals(int *fd)
{
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGTERM);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    *fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    return *fd >= 0 ? OK : ERR_IO;
}

enum status supervisor_run(const struct supervisor_options *options, int *child_exit, struct why *why)
{
    struct sockets sockets;
    struct supervisor supervisor = {
        .options = options, .signals = -1, .news = -1, .children = {.options = options, .sockets = &sockets}};
    *child_exit = 0;
    control_init(&supervisor.control);
    TRY(state_lock(options->state, &supervisor.children.lock, why));
    enum status status = sockets_open(options, &sockets, why);
    if (status == OK)
        log_event(LOG_STARTED, (struct log_fields){.count = (uint64_t)getpid()});
    if (status == OK)
        status = news_open(options->activation, &supervisor.news, why);
    if (status == OK)
        status = control_open(options->state, &supervisor.control, why);
    if (status == OK)
        status = open_signals(&supervisor.signals);
    if (status == OK)
        status = process_confine(&(struct confinement){.role = ROLE_SUPERVISOR, .sandbox = options->sandbox}, why);
    if (status == OK)
        status = supervise(&supervisor, child_exit, why);
    control_answer_all(&supervisor.control, ERR_UNAVAILABLE);
    children_end(&supervisor.children, RESTART_PATIENCE_MS);
    control_close(&supervisor.control, options->state);
    sockets_close(&sockets);
    if (supervisor.news >= 0)
        close(supervisor.news);
    if (supervisor.signals >= 0)
        close(supervisor.signals);
    close(supervisor.children.lock);
    if (status == OK)
        log_event(LOG_STOPPED, (struct log_fields){.status = status});
    return status;
}

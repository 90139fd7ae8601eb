/* The gate's process: the event loop over its listeners and its links to the supervisor and the vault. It holds its TLS
 * key and nothing else; sealed envelopes go through it unopened. */
#include "server/gate_inside.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "server/identity.h"
#include "transport/frame.h"

static void gate_end(struct gate *gate, enum status status)
{
    if (gate->status == OK)
        gate->status = status;
    event_base_loopbreak(gate->base);
}

/* --- the number of connections --- */

static bool has_work(const struct gate *gate)
{
    for (int crowd = 0; crowd < GATE_CROWDS; crowd++) {
        const struct gate_connection *connection;
        TAILQ_FOREACH(connection, &gate->crowds[crowd].connections, place)
        {
            if (!gate_connection_is_idle(connection))
                return true;
        }
    }
    return false;
}

void gate_connections_changed(struct gate *gate)
{
    if (gate->stopping) {
        if (!has_work(gate))
            gate_end(gate, OK);
        return;
    }
    gate_port_resume(&gate->members);
    gate_port_resume(&gate->metrics);
}

/* --- what the vault says --- */

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, CERT_SERIAL_BYTES);
}

static void cut_revoked(struct gate_crowd_list *crowd)
{
    for (struct gate_connection *c = TAILQ_FIRST(&crowd->connections), *next; c; c = next) {
        next = TAILQ_NEXT(c, place);
        if (gate_connection_is_revoked(c))
            gate_connection_free(c);
    }
}

static enum status take_revoked(struct gate *gate, const struct message *message)
{
    if (message->payload.size % CERT_SERIAL_BYTES != 0)
        return ERR_INPUT;
    buf_clear(&gate->revoked);
    buf_add(&gate->revoked, buf_bytes(&message->payload));
    TRY(buf_status(&gate->revoked));
    if (gate->revoked.size > 0)
        qsort(gate->revoked.data, gate->revoked.size / CERT_SERIAL_BYTES, CERT_SERIAL_BYTES, by_bytes);
    cut_revoked(&gate->crowds[GATE_MEMBERS]);
    cut_revoked(&gate->crowds[GATE_STRANGERS]); /* with a certificate of a role that nobody knows */
    return OK;
}

/* The doors open, and the supervisor hears of it. */
static enum status open_doors(struct gate *gate)
{
    struct why why = {0};
    TRY(process_confine(&(struct confinement){.role = ROLE_GATE, .sandbox = gate->sandbox}, &why));
    TRY(process_link_send(&gate->supervisor, MESSAGE_STARTED, 0, BYTES_NONE));
    gate->vault.phase = gate->supervisor.phase = PHASE_SERVE;
    event_active(gate->supervisor_readable, EV_READ, 0);
    TRY(gate_port_open(gate, &gate->members, GATE_PORT_MEMBERS, gate->listener_fd));
    gate->listener_fd = -1;
    if (gate->metrics_fd < 0)
        return OK;
    TRY(gate_port_open(gate, &gate->metrics, GATE_PORT_METRICS, gate->metrics_fd));
    gate->metrics_fd = -1;
    return OK;
}

/* The TLS key and certificates: with the first there is somebody to be. With later ones new connections get the new
 * identity; those that are open keep what they began with, which lives as long as they do. */
static enum status take_identity(struct gate *gate, const struct message *message)
{
    struct tls_server *fresh = NULL;
    bool is_first = gate->tls == NULL;
    TRY(identity_decode(buf_bytes(&message->payload), &fresh));
    tls_server_free(gate->tls);
    gate->tls = fresh;
    return is_first ? open_doors(gate) : OK;
}

static enum status take_message(struct gate *gate, struct message *message)
{
    if (message->type == MESSAGE_IDENTITY)
        return take_identity(gate, message);
    if (message->type == MESSAGE_REVOKED)
        return take_revoked(gate, message);
    if (message->type == MESSAGE_REPLY)
        gate_answered(gate, message);
    return OK;
}

static enum status read_vault(struct gate *gate)
{
    struct message message;
    TRY(process_link_pump(&gate->vault));
    for (;;) {
        enum status status = process_link_next(&gate->vault, &message);
        if (status == ERR_NOT_FOUND)
            break;
        TRY(status);
        status = take_message(gate, &message);
        message_free(&message);
        TRY(status);
    }
    if (frame_link_wants_write(gate->vault.frames))
        event_add(gate->vault_writable, NULL);
    return OK;
}

static void on_vault(evutil_socket_t fd, short what, void *context)
{
    struct gate *gate = context;
    (void)fd, (void)what;
    enum status status = read_vault(gate);
    if (status != OK)
        gate_end(gate, status);
}

/* What was queued goes out when the loop is back: pumping here could bring an answer into the middle of a request. */
void gate_flush_vault(struct gate *gate)
{
    event_active(gate->vault_readable, EV_READ, 0);
}

/* --- what the supervisor says --- */

static void on_stop_deadline(evutil_socket_t fd, short what, void *context)
{
    (void)fd, (void)what;
    gate_end(context, OK);
}

/* Nothing new comes in; what the vault already has is answered, for a bounded time. */
static void gate_stop(struct gate *gate)
{
    const struct timeval until = {.tv_sec = GATE_STOP_SECONDS};
    gate->stopping = true;
    gate_port_pause(&gate->members);
    event_add(gate->stop_deadline, &until);
    gate_connections_changed(gate);
}

static void on_supervisor(evutil_socket_t fd, short what, void *context)
{
    struct gate *gate = context;
    struct message message;
    (void)fd, (void)what;
    enum status status = process_link_pump(&gate->supervisor);
    while (status == OK) {
        status = process_link_next(&gate->supervisor, &message);
        if (status != OK)
            break;
        if (message.type == MESSAGE_STOP)
            gate_stop(gate);
        message_free(&message);
    }
    if (status != ERR_NOT_FOUND)
        gate_end(gate, status == ERR_IO ? OK : status); /* a supervisor that is gone is a stop, too */
}

/* --- counts --- */

void gate_metrics(const struct gate *gate, struct buf *out)
{
    const struct gate_counts *counts = &gate->counts;
    unsigned waiting = 0;
    for (unsigned i = 0; i < GATE_PENDING; i++)
        waiting += gate->pending[i].taken;
    buf_add_str(out, "# TYPE chatham_answers_total counter\n");
    for (int i = 2; i < 6; i++)
        buf_addf(out, "chatham_answers_total{status=\"%dxx\"} %llu\n", i, (unsigned long long)counts->answers[i]);
    const struct {
        const char *name, *type;
        uint64_t value;
    } rows[] = {
        {"chatham_connections_total", "counter", counts->accepted},
        {"chatham_connections_open", "gauge", gate->open},
        {"chatham_connections_full_total", "counter", counts->full},
        {"chatham_connections_evicted_total", "counter", counts->evicted},
        {"chatham_handshakes_failed_total", "counter", counts->handshakes_failed},
        {"chatham_timeouts_total", "counter", counts->timeouts},
        {"chatham_overloaded_total", "counter", counts->overloaded},
        {"chatham_requests_waiting", "gauge", waiting},
        {"chatham_bytes_incoming", "gauge", gate->incoming},
        {"chatham_bytes_outgoing", "gauge", gate->outgoing},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        buf_addf(out, "# TYPE %s %s\n%s %llu\n", rows[i].name, rows[i].type, rows[i].name,
                 (unsigned long long)rows[i].value);
}

/* --- start and end --- */

static enum status gate_open(struct gate *gate, int fd)
{
    for (int crowd = 0; crowd < GATE_CROWDS; crowd++)
        TAILQ_INIT(&gate->crowds[crowd].connections);
    gate_door_prepare(gate->listener_fd);
    gate->base = event_base_new();
    if (!gate->base)
        return ERR_MEMORY;
    TRY(process_link_open(&gate->supervisor, ROLE_GATE, ROLE_SUPERVISOR, fd));
    TRY(process_link_open(&gate->vault, ROLE_GATE, ROLE_VAULT, fd + 1));
    gate->supervisor_readable = event_new(gate->base, fd, EV_READ | EV_PERSIST, on_supervisor, gate);
    gate->vault_readable = event_new(gate->base, fd + 1, EV_READ | EV_PERSIST, on_vault, gate);
    gate->vault_writable = event_new(gate->base, fd + 1, EV_WRITE, on_vault, gate);
    gate->stop_deadline = event_new(gate->base, -1, 0, on_stop_deadline, gate);
    gate->give_back = event_new(gate->base, -1, 0, gate_give_back, gate);
    if (!gate->give_back || !gate->supervisor_readable || !gate->vault_readable || !gate->vault_writable ||
        !gate->stop_deadline)
        return ERR_MEMORY;
    event_add(gate->supervisor_readable, NULL);
    event_add(gate->vault_readable, NULL);
    return OK;
}

static void free_event(struct event *event)
{
    if (event)
        event_free(event);
}

static void gate_close(struct gate *gate)
{
    gate->stopping = true;
    for (int crowd = 0; crowd < GATE_CROWDS; crowd++) {
        while (!TAILQ_EMPTY(&gate->crowds[crowd].connections))
            gate_connection_free(TAILQ_FIRST(&gate->crowds[crowd].connections));
    }
    gate_port_close(&gate->members);
    gate_port_close(&gate->metrics);
    free_event(gate->supervisor_readable);
    free_event(gate->vault_readable);
    free_event(gate->vault_writable);
    free_event(gate->stop_deadline);
    free_event(gate->give_back);
    process_link_close(&gate->supervisor);
    process_link_close(&gate->vault);
    tls_server_free(gate->tls);
    buf_free(&gate->revoked);
    if (gate->base)
        event_base_free(gate->base);
    mem_free(gate);
}

/* A descriptor a connection. A number that was asked for is had or refused; the default takes what there is. */
static enum status allow_connections(struct gate *gate, unsigned asked, struct why *why)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return why_set(why, ERR_IO, "the limit of open files cannot be read", "process", 0);
    files.rlim_cur = files.rlim_max;
    rlim_t room = files.rlim_max > GATE_SPARE_FILES ? files.rlim_max - GATE_SPARE_FILES : 1;
    gate->most = asked ? asked : GATE_CONNECTIONS;
    if (asked > room)
        return why_hint(why, ERR_USAGE, "more connections than open files", "--connections",
                        "raise RLIMIT_NOFILE (ulimit -Hn, LimitNOFILE=) to 32 more than connections");
    if (gate->most > room)
        gate->most = (unsigned)room;
    return setrlimit(RLIMIT_NOFILE, &files) == 0 ? OK : ERR_IO;
}

int gate_main(const struct child_options *options)
{
    struct why why = {0};
    enum status status = process_begin(ROLE_GATE, options->fd + (options->has_metrics ? 4 : 3), &why);
    struct gate *gate = mem_new(1, sizeof *gate);
    if (status != OK || !gate)
        return process_fail("gate", status != OK ? status : ERR_MEMORY, &why);
    gate->patience = options->patience ? options->patience : GATE_PATIENCE;
    gate->sandbox = options->sandbox;
    gate->listener_fd = options->fd + 2;
    gate->metrics_fd = options->has_metrics ? options->fd + 3 : -1;
    status = allow_connections(gate, options->connections, &why);
    if (status == OK)
        status = gate_open(gate, options->fd);
    if (status == OK && event_base_dispatch(gate->base) != 0)
        status = ERR_IO;
    if (status == OK)
        status = gate->status;
    gate_close(gate);
    log_event(LOG_STOPPED, (struct log_fields){.status = status});
    return status == OK ? 0 : process_fail("gate", status, &why);
}

/* The door: who comes in, and who must go to make room. Connections are kept in crowds by what is known of them, each
 * in order of age or last use, so that whoever costs much and is known little goes first. */
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "server/gate_inside.h"

#define ACCEPTS_AT_ONCE 32 /* then the others have a turn */
#define RECEIVE_BUFFER (64 * 1024)

/* In the order in which they make room for a newcomer. */
static const enum gate_crowd making_room[] = {GATE_GREETING_CROWD, GATE_STRANGERS, GATE_MEETING, GATE_MEMBERS};

static unsigned crowd_limit(const struct gate *gate, enum gate_crowd crowd)
{
    static const unsigned limits[GATE_CROWDS] = {[GATE_MEETING] = 512, [GATE_STRANGERS] = 512, [GATE_SCRAPERS] = 16};
    return limits[crowd] ? limits[crowd] : gate->most;
}

void gate_crowd_leave(struct gate_connection *connection)
{
    struct gate_crowd_list *list = &connection->port->gate->crowds[connection->crowd];
    TAILQ_REMOVE(&list->connections, connection, place);
    list->count--;
}

/* One whose answer is under way in the vault stays, and so does a member who is at work. */
static bool may_go(const struct gate_connection *connection)
{
    if (connection->crowd == GATE_MEMBERS)
        return gate_connection_is_idle(connection);
    return connection->state != GATE_WAITING;
}

static bool evict_oldest(struct gate *gate, enum gate_crowd crowd, const struct gate_connection *but)
{
    struct gate_connection *oldest;
    TAILQ_FOREACH(oldest, &gate->crowds[crowd].connections, place)
    {
        if (oldest == but || !may_go(oldest))
            continue;
        gate->counts.evicted++;
        gate_connection_free(oldest);
        return true;
    }
    return false;
}

void gate_crowd_enter(struct gate_connection *connection, enum gate_crowd crowd)
{
    struct gate *gate = connection->port->gate;
    struct gate_crowd_list *list = &gate->crowds[crowd];
    connection->crowd = crowd;
    TAILQ_INSERT_TAIL(&list->connections, connection, place);
    list->count++;
    if (list->count > crowd_limit(gate, crowd))
        evict_oldest(gate, crowd, connection);
}

/* So that one certificate cannot take the places, bodies and questions of all. */
bool gate_device_has_room(const struct gate_connection *connection)
{
    struct gate *gate = connection->port->gate;
    struct gate_connection *other, *unused = NULL;
    unsigned count = 0;
    TAILQ_FOREACH(other, &gate->crowds[GATE_MEMBERS].connections, place)
    {
        if (memcmp(other->serial, connection->serial, CERT_SERIAL_BYTES) != 0)
            continue;
        count++;
        if (!unused && may_go(other))
            unused = other;
    }
    if (count < GATE_DEVICE_CONNECTIONS)
        return true;
    if (!unused)
        return false;
    gate->counts.evicted++;
    gate_connection_free(unused);
    return true;
}

static bool make_room(struct gate *gate)
{
    for (size_t i = 0; i < sizeof making_room / sizeof *making_room; i++) {
        if (evict_oldest(gate, making_room[i], NULL))
            return true;
    }
    return false;
}

/* What a crowd leaves behind lies between what stays, where the C library would keep it for good. */
void gate_give_back(int unused, short what, void *gate)
{
    (void)unused, (void)what, (void)gate;
    malloc_trim(0);
}

void gate_departed(struct gate *gate)
{
    const struct timeval soon = {.tv_sec = 1};
    if (gate->give_back && !event_pending(gate->give_back, EV_TIMEOUT, NULL))
        event_add(gate->give_back, &soon);
}

/* --- ports --- */

/* Nobody can go: newcomers wait in the backlog instead of costing memory, until a connection changes. */
static void close_door(struct gate_port *port)
{
    gate_port_pause(port);
    port->gate->counts.full++;
    log_event(LOG_CONNECTION_LIMIT, (struct log_fields){.count = port->gate->open});
}

/* Nobody goes for a newcomer who isn't there. */
static bool somebody_waits(int listener)
{
    struct pollfd ready = {.fd = listener, .events = POLLIN};
    return poll(&ready, 1, 0) == 1;
}

static void on_acceptable(evutil_socket_t listener, short what, void *context)
{
    struct gate_port *port = context;
    struct gate *gate = port->gate;
    (void)what;
    for (int i = 0; i < ACCEPTS_AT_ONCE && somebody_waits(listener); i++) {
        if (port->kind == GATE_PORT_MEMBERS && gate->open >= gate->most && !make_room(gate)) {
            close_door(port);
            return;
        }
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) && gate->open > 0) {
            close_door(port);
            return;
        }
        if (fd < 0)
            return;
        gate_connection_start(port, fd);
    }
}

enum status gate_port_open(struct gate *gate, struct gate_port *port, enum gate_port_kind kind, int fd)
{
    *port = (struct gate_port){.gate = gate, .kind = kind, .fd = fd};
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    port->acceptable = event_new(gate->base, fd, EV_READ | EV_PERSIST, on_acceptable, port);
    return port->acceptable && event_add(port->acceptable, NULL) == 0 ? OK : ERR_MEMORY;
}

void gate_port_close(struct gate_port *port)
{
    if (!port->gate)
        return;
    if (port->acceptable)
        event_free(port->acceptable);
    close(port->fd);
    *port = (struct gate_port){0};
}

void gate_port_pause(struct gate_port *port)
{
    port->is_paused = true;
    if (port->acceptable)
        event_del(port->acceptable);
}

void gate_port_resume(struct gate_port *port)
{
    if (port->is_paused && port->acceptable)
        event_add(port->acceptable, NULL);
    port->is_paused = false;
}

/* Accepted sockets inherit it: what the kernel holds of a sender whom nobody reads is bounded, too. */
void gate_door_prepare(int listener)
{
    int size = RECEIVE_BUFFER;
    setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
}

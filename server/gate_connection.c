/* One connection: its states, deadlines and limits. Deadlines are for a whole head, body or answer, not for a byte, so
 * that a sender of one byte a second is let go like one of none. Nothing grows with what a stranger sends: the input
 * stops at the size that the current state can use. */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "protocol/problem.h"
#include "server/gate_inside.h"
#include "server/roles.h"

#define ANSWER_SECONDS 60
#define CLOSING_SECONDS 2
#define THROWN_AWAY_MAX (4u * 1024 * 1024)
#define ETAG_MAX 64
#define LEAST_RATE (16u * 1024) /* bytes a second that a body or an answer must move at */

static void connection_advance(struct gate_connection *connection);

static void set_deadline(struct gate_connection *connection, size_t seconds)
{
    const struct timeval until = {.tv_sec = (time_t)seconds};
    event_add(connection->deadline, &until);
}

/* A member that is done goes to the end of the row: the longest unused is first to make room. */
static void want_head(struct gate_connection *connection)
{
    connection->state = GATE_HEAD;
    gate_crowd_leave(connection);
    gate_crowd_enter(connection, connection->crowd);
    bufferevent_setwatermark(connection->bev, EV_READ, 0, GATE_HEAD_MAX + 1);
    set_deadline(connection, connection->port->gate->patience);
    gate_connections_changed(connection->port->gate);
}

bool gate_connection_is_idle(const struct gate_connection *connection)
{
    return connection->state == GATE_GREETING || connection->state == GATE_HEAD || connection->state == GATE_CLOSING;
}

void gate_connection_free(struct gate_connection *connection)
{
    struct gate *gate = connection->port->gate;
    if (connection->state == GATE_WAITING)
        gate_forget(gate, connection);
    gate_crowd_leave(connection);
    gate->open -= connection->port->kind == GATE_PORT_MEMBERS;
    gate->incoming -= connection->incoming;
    gate->outgoing -= connection->outgoing;
    if (connection->deadline)
        event_free(connection->deadline);
    if (connection->greeting) {
        close(event_get_fd(connection->greeting));
        event_free(connection->greeting);
    }
    if (connection->bev)
        bufferevent_free(connection->bev);
    buf_free(&connection->numbers);
    if (connection->bev)
        gate_departed(gate);
    mem_free(connection);
    gate_connections_changed(gate);
}

/* --- sending --- */

static void free_sent(const void *data, size_t size, void *memory)
{
    (void)data, (void)size;
    mem_free(memory);
}

/* The body's bytes into the output. take: NULL, or the buf that the body lies in, whose memory goes along uncopied. */
static bool queue_body(struct evbuffer *output, struct bytes body, struct buf *take)
{
    size_t size = 0;
    if (body.size == 0)
        return true;
    if (!take)
        return evbuffer_add(output, body.data, body.size) == 0;
    size_t at = (size_t)(body.data - take->data); /* the memory may move when it is taken */
    uint8_t *memory = buf_take(take, &size);
    if (memory && evbuffer_add_reference(output, memory + at, body.size, free_sent, memory) == 0)
        return true;
    mem_free(memory);
    return false;
}

static bool may_keep(const struct gate_connection *connection)
{
    return connection->keep_alive && !connection->port->gate->stopping;
}

static void count_answer(struct gate_connection *connection, int http, size_t bytes)
{
    struct gate_counts *counts = &connection->port->gate->counts;
    counts->answers[http / 100 % 6]++;
    log_event(LOG_REQUEST,
              (struct log_fields){.count = (uint64_t)http,
                                  .bytes = bytes,
                                  .micros = connection->started ? clock_ticks() - connection->started : 0});
}

static void send_answer(struct gate_connection *connection, struct gate_reply_head head, struct bytes body,
                        struct buf *take)
{
    SCOPED_BUF struct buf text = {0};
    struct evbuffer *output = bufferevent_get_output(connection->bev);
    head.length = body.size;
    head.close = !may_keep(connection);
    head.now = clock_seconds(clock_system());
    gate_reply_head(&head, &text);
    count_answer(connection, head.http, body.size);
    if (buf_status(&text) != OK || evbuffer_add(output, text.data, text.size) != 0 || !queue_body(output, body, take)) {
        connection->state = GATE_DEAD;
        return;
    }
    connection->outgoing = body.size;
    connection->port->gate->outgoing += body.size;
    connection->state = GATE_SENDING;
    set_deadline(connection, connection->port->gate->patience + body.size / LEAST_RATE);
}

/* A refusal of HTTP itself: the connection can't be understood further and closes after it. */
static void refuse_http(struct gate_connection *connection, int http)
{
    SCOPED_BUF struct buf body = {0};
    gate_http_problem(http, &body);
    connection->keep_alive = false;
    send_answer(connection, (struct gate_reply_head){.http = http, .type = "application/problem+json"},
                buf_bytes(&body), NULL);
}

static void send_problem(struct gate_connection *connection, enum status status, const char *detail)
{
    SCOPED_BUF struct buf body = {0};
    if (problem_encode(status, detail && *detail ? detail : NULL, &body) != OK)
        buf_clear(&body);
    send_answer(connection, (struct gate_reply_head){.http = problem_http(status), .type = "application/problem+json"},
                buf_bytes(&body), NULL);
}

/* A library's ETag, "<version>.<tree size>": the vault names it beside a bundle; of one that the client has, it is the
 * client's own. */
static bool write_etag(const struct gate_connection *connection, const struct reply *reply, char etag[static ETAG_MAX])
{
    struct cursor asked = {buf_bytes(&connection->numbers)};
    uint64_t tree = 0, version = 0;
    if (reply->body.size > 0) {
        snprintf(etag, ETAG_MAX, "\"%.40s\"", reply->detail);
        return reply->detail[0] && strspn(reply->detail, "0123456789.") == strlen(reply->detail);
    }
    if (cursor_u64(&asked, &tree) != OK || cursor_u64(&asked, &version) != OK)
        return false;
    snprintf(etag, ETAG_MAX, "\"%llu.%llu\"", (unsigned long long)version, (unsigned long long)tree);
    return true;
}

static void answer_from_vault(struct gate_connection *connection, struct bytes payload, struct buf *take)
{
    struct reply reply;
    if (reply_read(payload, &reply) != OK)
        reply = (struct reply){.status = ERR_BUG};
    struct gate_reply_head head = {.http = 200, .type = connection->route->answer_type};
    char etag[ETAG_MAX];
    if (reply.status != OK) {
        send_problem(connection, reply.status, reply.detail);
        return;
    }
    if (connection->port->gate->outgoing + reply.body.size > GATE_OUTGOING_MAX) {
        connection->port->gate->counts.overloaded++;
        send_problem(connection, ERR_UNAVAILABLE, NULL);
        return;
    }
    const enum gate_form form = connection->route->form;
    head.immutable = form == GATE_TILE;
    if (form == GATE_VERSIONED && write_etag(connection, &reply, etag))
        head.etag = etag;
    if (form == GATE_VERSIONED && reply.body.size == 0) {
        head.http = 304;
        head.type = NULL;
    }
    send_answer(connection, head, reply.body, take);
}

void gate_connection_answer(struct gate_connection *connection, struct buf *payload)
{
    answer_from_vault(connection, buf_bytes(payload), payload);
    connection_advance(connection);
}

static void answer_here(struct gate_connection *connection)
{
    SCOPED_BUF struct buf body = {0};
    if (connection->port->kind == GATE_PORT_METRICS)
        gate_metrics(connection->port->gate, &body);
    else
        buf_add_str(&body, "ok\n");
    send_answer(connection, (struct gate_reply_head){.http = 200, .type = connection->route->answer_type},
                buf_bytes(&body), NULL);
}

static void dispatch(struct gate_connection *connection, struct bytes payload)
{
    if (connection->route->message == MESSAGE_NONE) {
        answer_here(connection);
        return;
    }
    enum status status = gate_ask(connection->port->gate, connection, connection->route->message, payload);
    if (status != OK) {
        connection->port->gate->counts.overloaded++;
        send_problem(connection, ERR_UNAVAILABLE, NULL);
        return;
    }
    connection->state = GATE_WAITING;
    set_deadline(connection, ANSWER_SECONDS);
}

static bool serial_in(struct bytes sorted, const uint8_t serial[static CERT_SERIAL_BYTES])
{
    size_t low = 0;
    size_t high = sorted.size / CERT_SERIAL_BYTES;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(sorted.data + middle * CERT_SERIAL_BYTES, serial, CERT_SERIAL_BYTES);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool peer_of(const struct gate_connection *connection, struct cert_facts *facts)
{
    struct ssl_st *session = bufferevent_openssl_get_ssl(connection->bev);
    return session && tls_peer(session, facts) == OK;
}

bool gate_connection_is_revoked(const struct gate_connection *connection)
{
    struct cert_facts facts;
    return peer_of(connection, &facts) && serial_in(buf_bytes(&connection->port->gate->revoked), facts.serial);
}

/* Whether the connection's certificate is one of ours, in time and not revoked, and of which role. */
static bool is_member(const struct gate_connection *connection, struct cert_facts *facts, enum member_role *role)
{
    return peer_of(connection, facts) && facts->client && facts->not_after >= clock_seconds(clock_system()) &&
           !serial_in(buf_bytes(&connection->port->gate->revoked), facts->serial) &&
           member_role_of_unit(facts->unit, role) == OK;
}

static bool may_call(const struct gate_connection *connection, const char *call)
{
    struct cert_facts facts;
    enum member_role role;
    if (role_may(CALLER_STRANGER, call))
        return true;
    return is_member(connection, &facts, &role) && role_may(caller_of(role), call);
}

static bool reserve_body(struct gate_connection *connection, size_t length)
{
    struct gate *gate = connection->port->gate;
    if (gate->incoming + length > GATE_INCOMING_MAX) {
        gate->counts.overloaded++;
        return false;
    }
    gate->incoming += length;
    connection->incoming = connection->length = length;
    return true;
}

static void body_is_taken(struct gate_connection *connection)
{
    connection->port->gate->incoming -= connection->incoming;
    connection->incoming = 0;
}

static void take_head(struct gate_connection *connection, struct bytes bytes)
{
    struct gate_head head;
    int refusal = gate_head_parse(bytes, &head);
    connection->started = clock_ticks();
    connection->keep_alive = head.keep_alive;
    connection->length = 0;
    if (!refusal)
        refusal = gate_route_find(connection->port->kind, &head, &connection->route);
    if (refusal) {
        refuse_http(connection, refusal);
        return;
    }
    if (!may_call(connection, connection->route->call)) {
        connection->keep_alive = false;
        send_problem(connection, ERR_DENIED, NULL);
        return;
    }
    buf_clear(&connection->numbers);
    refusal = gate_route_check(connection->route, &head, &connection->numbers);
    if (refusal || buf_status(&connection->numbers) != OK) {
        refuse_http(connection, refusal ? refusal : 503);
        return;
    }
    if (!reserve_body(connection, (size_t)head.length)) {
        connection->keep_alive = false;
        send_problem(connection, ERR_UNAVAILABLE, NULL);
        return;
    }
    connection->state = GATE_BODY;
    bufferevent_setwatermark(connection->bev, EV_READ, 0, connection->length + GATE_HEAD_MAX);
    set_deadline(connection, connection->port->gate->patience + connection->length / LEAST_RATE);
    if (head.expects_continue && connection->length > 0)
        evbuffer_add_printf(bufferevent_get_output(connection->bev), "HTTP/1.1 100 Continue\r\n\r\n");
}

/* The head's size if it is complete, 0 if more is to come; a refusal for one that can't become one. */
static size_t find_head(struct evbuffer *input, int *refusal)
{
    struct evbuffer_ptr end = evbuffer_search(input, "\r\n\r\n", 4, NULL);
    struct evbuffer_ptr line = evbuffer_search(input, "\n", 1, NULL);
    char before[1] = {0};
    struct evbuffer_ptr start;
    evbuffer_ptr_set(input, &start, line.pos > 0 ? (size_t)line.pos - 1 : 0, EVBUFFER_PTR_SET);
    if (line.pos == 0 || (line.pos > 0 && evbuffer_copyout_from(input, &start, before, 1) == 1 && before[0] != '\r'))
        *refusal = 400;
    else if (end.pos >= 0 ? (size_t)end.pos + 4 > GATE_HEAD_MAX : evbuffer_get_length(input) > GATE_HEAD_MAX)
        *refusal = 431;
    return end.pos >= 0 ? (size_t)end.pos + 4 : 0;
}

/* Each advance_x: whether another state was reached that may go on with what has come in. */
static bool advance_head(struct gate_connection *connection, struct evbuffer *input)
{
    int refusal = 0;
    if (evbuffer_get_length(input) == 0)
        return false;
    size_t size = find_head(input, &refusal);
    if (refusal || size == 0) {
        if (refusal)
            refuse_http(connection, refusal);
        return refusal != 0;
    }
    SCOPED_BUF struct buf head = {0}; /* a copy: the input moves on before the request is done with it */
    buf_add(&head, bytes_of(evbuffer_pullup(input, (ssize_t)size), size));
    evbuffer_drain(input, size);
    if (buf_status(&head) == OK)
        take_head(connection, buf_bytes(&head));
    else
        connection->state = GATE_DEAD;
    return true;
}

static bool advance_body(struct gate_connection *connection, struct evbuffer *input)
{
    if (evbuffer_get_length(input) < connection->length)
        return false;
    if (connection->length == 0) {
        dispatch(connection, buf_bytes(&connection->numbers));
        return true;
    }
    dispatch(connection, bytes_of(evbuffer_pullup(input, (ssize_t)connection->length), connection->length));
    evbuffer_drain(input, connection->length);
    body_is_taken(connection);
    return true;
}

/* Done with one answer: the next request, or the end. The end waits a moment for the client to close: closing at once
 * with unread input would take the answer away from it (RFC 9112 section 9.6). */
static bool advance_sending(struct gate_connection *connection)
{
    if (evbuffer_get_length(bufferevent_get_output(connection->bev)) > 0)
        return false;
    connection->port->gate->outgoing -= connection->outgoing;
    connection->outgoing = 0;
    if (may_keep(connection)) {
        want_head(connection);
        return true;
    }
    connection->state = GATE_CLOSING;
    shutdown(bufferevent_getfd(connection->bev), SHUT_WR);
    bufferevent_setwatermark(connection->bev, EV_READ, 0, 0);
    set_deadline(connection, CLOSING_SECONDS);
    gate_connections_changed(connection->port->gate);
    return true;
}

static void throw_away(struct gate_connection *connection, struct evbuffer *input)
{
    connection->thrown_away += evbuffer_get_length(input);
    evbuffer_drain(input, evbuffer_get_length(input));
    if (connection->thrown_away > THROWN_AWAY_MAX)
        connection->state = GATE_DEAD;
}

static bool advance_once(struct gate_connection *connection)
{
    struct evbuffer *input = connection->bev ? bufferevent_get_input(connection->bev) : NULL;
    switch (connection->state) {
    case GATE_HEAD:
        return advance_head(connection, input);
    case GATE_BODY:
        return advance_body(connection, input);
    case GATE_SENDING:
        return advance_sending(connection);
    case GATE_CLOSING:
        throw_away(connection, input);
        return false;
    case GATE_GREETING:
    case GATE_WAITING:
    case GATE_DEAD:
        return false;
    }
    return false;
}

/* As far as it goes. May free the connection: the last thing that an event does. */
static void connection_advance(struct gate_connection *connection)
{
    while (advance_once(connection)) {
    }
    if (connection->state == GATE_DEAD)
        gate_connection_free(connection);
}

/* --- events --- */

static void on_moved(struct bufferevent *bev, void *context)
{
    (void)bev;
    connection_advance(context);
}

/* The handshake is done. A member's device that has enough connections and needs them all is let go. */
static void on_met(struct gate_connection *connection)
{
    struct cert_facts facts;
    enum member_role role;
    const bool is_of_member = is_member(connection, &facts, &role);
    connection->has_met = true;
    if (is_of_member)
        memcpy(connection->serial, facts.serial, CERT_SERIAL_BYTES);
    if (is_of_member && !gate_device_has_room(connection)) {
        gate_connection_free(connection);
        return;
    }
    gate_crowd_leave(connection);
    gate_crowd_enter(connection, is_of_member ? GATE_MEMBERS : GATE_STRANGERS);
    set_deadline(connection, connection->port->gate->patience);
}

static void on_event(struct bufferevent *bev, short what, void *context)
{
    struct gate_connection *connection = context;
    (void)bev;
    if (what & BEV_EVENT_CONNECTED) {
        on_met(connection);
        return;
    }
    if (!connection->has_met)
        connection->port->gate->counts.handshakes_failed++;
    gate_connection_free(connection);
}

static void on_deadline(evutil_socket_t fd, short what, void *context)
{
    struct gate_connection *connection = context;
    (void)fd, (void)what;
    bool is_first = !connection->bev || evbuffer_get_length(bufferevent_get_input(connection->bev)) == 0;
    connection->port->gate->counts.timeouts++;
    if (connection->state == GATE_WAITING) {
        gate_forget(connection->port->gate, connection);
        connection->keep_alive = false;
        send_problem(connection, ERR_UNAVAILABLE, NULL);
    } else if (connection->state == GATE_BODY || (connection->state == GATE_HEAD && !is_first)) {
        refuse_http(connection, 408);
    } else {
        connection->state = GATE_DEAD;
    }
    connection_advance(connection);
}

static struct bufferevent *new_bufferevent(struct gate_port *port, int fd)
{
    if (port->kind == GATE_PORT_METRICS)
        return bufferevent_socket_new(port->gate->base, fd, BEV_OPT_CLOSE_ON_FREE);
    struct ssl_st *session = tls_server_session(port->gate->tls);
    if (!session)
        return NULL;
    struct bufferevent *bev =
        bufferevent_openssl_socket_new(port->gate->base, fd, session, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    if (bev)
        bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
    return bev;
}

/* Takes fd, whether it succeeds or not. */
static bool start_talking(struct gate_connection *connection, int fd)
{
    connection->bev = new_bufferevent(connection->port, fd);
    if (!connection->bev) {
        close(fd);
        return false;
    }
    bufferevent_setcb(connection->bev, on_moved, on_moved, on_event, connection);
    bufferevent_setwatermark(connection->bev, EV_READ, 0, GATE_HEAD_MAX + 1);
    bufferevent_enable(connection->bev, EV_READ | EV_WRITE);
    return true;
}

static void on_greeting(evutil_socket_t fd, short what, void *context)
{
    struct gate_connection *connection = context;
    (void)what;
    enum gate_greeting greeting = gate_greeting_look(connection, fd);
    if (greeting == GATE_GREETING_PART)
        return;
    if (greeting == GATE_GREETING_BAD) {
        connection->port->gate->counts.handshakes_failed++;
        gate_connection_free(connection);
        return;
    }
    event_free(connection->greeting);
    connection->greeting = NULL;
    connection->state = GATE_HEAD;
    gate_crowd_leave(connection);
    gate_crowd_enter(connection, GATE_MEETING);
    if (!start_talking(connection, fd))
        gate_connection_free(connection);
}

static bool wait_for_greeting(struct gate_connection *connection, int fd)
{
    struct gate *gate = connection->port->gate;
    connection->state = GATE_GREETING;
    connection->greeting = event_new(gate->base, fd, EV_READ | EV_PERSIST, on_greeting, connection);
    if (!connection->greeting) {
        close(fd);
        return false;
    }
    event_add(connection->greeting, NULL);
    set_deadline(connection, gate->patience < GATE_MEETING_SECONDS ? gate->patience : GATE_MEETING_SECONDS);
    return true;
}

static bool greet_scraper(struct gate_connection *connection, int fd)
{
    connection->has_met = true;
    if (!start_talking(connection, fd))
        return false;
    want_head(connection);
    return true;
}

void gate_connection_start(struct gate_port *port, int fd)
{
    struct gate *gate = port->gate;
    bool is_metrics = port->kind == GATE_PORT_METRICS;
    struct gate_connection *connection = mem_new(1, sizeof *connection);
    if (!connection) {
        close(fd);
        return;
    }
    int yes = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes); /* an answer in two writes must not wait for an ACK */
    *connection = (struct gate_connection){.port = port};
    gate->open += !is_metrics;
    gate->counts.accepted++;
    gate_crowd_enter(connection, is_metrics ? GATE_SCRAPERS : GATE_GREETING_CROWD);
    connection->deadline = event_new(gate->base, -1, 0, on_deadline, connection);
    if (!connection->deadline)
        close(fd);
    if (!connection->deadline || !(is_metrics ? greet_scraper(connection, fd) : wait_for_greeting(connection, fd)))
        gate_connection_free(connection);
}

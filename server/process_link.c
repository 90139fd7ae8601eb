/* Hides frames behind messages. Reading stops while an answer waits for room in a queue, so that a slow peer slows
 * those who ask and never makes memory grow. */
#include "server/process_link.h"

#include <errno.h>
#include <poll.h>

#include "base/clock.h"
#include "base/log.h"
#include "transport/frame.h"

#define TICK_MILLIS 1000
#define TURN_MESSAGES 64                /* of each link, before what they wait for is flushed */
#define LINK_QUEUE (192u * 1024 * 1024) /* room for one message of the largest kind and many small ones */

static const struct message_rule *rule_in(const struct process_link *link, uint16_t type)
{
    if (type >= MESSAGE_TYPES)
        return NULL;
    return message_rule(link->peer, link->self, (enum message_type)type, link->phase);
}

/* The frame's limit of 0 means "not allowed", so a message without payload says 1 here; process_link_next is exact. */
static size_t link_limit(void *context, uint16_t type)
{
    const struct message_rule *rule = rule_in(context, type);
    if (!rule)
        return 0;
    return rule->limit ? rule->limit : 1;
}

enum status process_link_open(struct process_link *link, enum role self, enum role peer, int fd)
{
    *link = (struct process_link){.self = self, .peer = peer, .phase = PHASE_START};
    return frame_link_new(fd, LINK_QUEUE, link_limit, link, &link->frames);
}

void process_link_close(struct process_link *link)
{
    frame_link_free(link->frames);
    link->frames = NULL;
}

enum status process_link_send(struct process_link *link, enum message_type type, uint64_t request, struct bytes payload)
{
    if (!link->frames)
        return ERR_IO;
    const struct message_rule *rule = message_rule(link->self, link->peer, type, link->phase);
    if (!rule || payload.size > rule->limit)
        return ERR_BUG;
    return frame_send(link->frames, &(struct frame){(uint16_t)type, request, payload});
}

static enum status refuse(enum status status, uint16_t type)
{
    if (status == ERR_INPUT || status == ERR_TOO_LARGE || status == ERR_VERSION) {
        log_event(LOG_FRAME_REFUSED, (struct log_fields){.count = type, .status = status});
        return ERR_INPUT;
    }
    return status;
}

enum status process_link_pump(struct process_link *link)
{
    return link->frames ? refuse(frame_pump(link->frames), 0) : ERR_IO;
}

enum status process_link_next(struct process_link *link, struct message *message)
{
    *message = (struct message){.peer = link->peer};
    if (!link->frames)
        return ERR_NOT_FOUND;
    struct frame frame;
    enum status status = frame_next(link->frames, &frame);
    if (status != OK)
        return refuse(status, 0);
    const struct message_rule *rule = rule_in(link, frame.type);
    if (!rule || frame.payload.size > rule->limit)
        return refuse(ERR_INPUT, frame.type);
    message->type = (enum message_type)frame.type;
    message->request = frame.request;
    buf_init_secret(&message->payload);
    buf_add(&message->payload, frame.payload);
    status = buf_status(&message->payload);
    if (status != OK)
        message_free(message);
    return status;
}

/* --- the loop --- */

static void enter_serving(struct process_loop *loop)
{
    for (size_t i = 0; i < loop->count; i++)
        loop->links[i].phase = PHASE_SERVE;
}

static struct process_link *link_to(struct process_loop *loop, enum role peer)
{
    for (size_t i = 0; i < loop->count; i++) {
        if (loop->links[i].peer == peer)
            return &loop->links[i];
    }
    return NULL;
}

/* Moves waiting messages into the queues, in order. A message to a peer that is gone is dropped: its supervisor
 * restarts. */
static enum status send_waiting(struct process_loop *loop)
{
    for (; loop->sent < loop->waiting.count; loop->sent++) {
        struct message *message = &loop->waiting.items[loop->sent];
        struct process_link *link = link_to(loop, message->peer);
        if (!link)
            return ERR_BUG;
        enum status status = process_link_send(link, message->type, message->request, buf_bytes(&message->payload));
        if (status == ERR_UNAVAILABLE)
            return OK;
        if (status != OK && status != ERR_IO)
            return status;
    }
    outbox_free(&loop->waiting);
    loop->sent = 0;
    return OK;
}

static bool is_blocked(const struct process_loop *loop)
{
    return loop->sent < loop->waiting.count;
}

static bool is_flushed(const struct process_loop *loop)
{
    if (is_blocked(loop))
        return false;
    for (size_t i = 0; i < loop->count; i++) {
        if (loop->links[i].frames && frame_link_wants_write(loop->links[i].frames))
            return false;
    }
    return true;
}

/* Waits for any link, or `wait_ms` (*quiet: that passed), and moves bytes. A peer that is gone is closed here; without
 * a supervisor we stop. */
static enum status pump_links(struct process_loop *loop, int wait_ms, bool *quiet)
{
    struct pollfd polls[PROCESS_LINKS_MAX];
    for (size_t i = 0; i < loop->count; i++) {
        const struct process_link *link = &loop->links[i];
        short events = is_blocked(loop) ? 0 : POLLIN;
        if (link->frames && frame_link_wants_write(link->frames))
            events |= POLLOUT;
        polls[i] = (struct pollfd){.fd = link->frames ? frame_link_fd(link->frames) : -1, .events = events};
    }
    *quiet = false;
    int ready = poll(polls, (nfds_t)loop->count, wait_ms);
    if (ready < 0)
        return errno == EINTR ? OK : ERR_IO;
    *quiet = ready == 0;
    for (size_t i = 0; i < loop->count; i++) {
        if (polls[i].revents == 0)
            continue;
        enum status status = process_link_pump(&loop->links[i]);
        if (status == ERR_IO) {
            process_link_close(&loop->links[i]);
            loop->stopping |= i == 0;
            continue;
        }
        TRY(status);
    }
    return OK;
}

static enum status handle_one(struct process_loop *loop, struct process_link *link, bool *any)
{
    struct message message;
    enum status status = process_link_next(link, &message);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    *any = true;
    if (message.type == MESSAGE_STOP)
        loop->stopping = true;
    else
        status = loop->handle(loop->state, &message, &loop->waiting);
    message_free(&message);
    TRY(status);
    return send_waiting(loop);
}

/* What came, at most so much a turn, and one message a link at a time, so that none is starved. */
static enum status handle_messages(struct process_loop *loop)
{
    loop->more = false;
    for (int i = 0; i < TURN_MESSAGES; i++) {
        loop->more = false;
        for (size_t at = 0; at < loop->count && !is_blocked(loop) && !loop->stopping; at++)
            TRY(handle_one(loop, &loop->links[at], &loop->more));
        if (!loop->more)
            break;
    }
    if (!loop->flush)
        return OK;
    TRY(loop->flush(loop->state, &loop->waiting));
    return send_waiting(loop);
}

/* Answers go out before the work that is left over is done. */
static enum status do_work(struct process_loop *loop, bool idle)
{
    bool quiet;
    loop->wait_ms = -1;
    if (!loop->work || loop->stopping)
        return OK;
    TRY(pump_links(loop, 0, &quiet));
    loop->more |= !quiet;
    return loop->work(loop->state, idle, &loop->wait_ms);
}

static int loop_patience(const struct process_loop *loop)
{
    if (loop->more)
        return 0;
    return loop->wait_ms >= 0 && loop->wait_ms < TICK_MILLIS ? loop->wait_ms : TICK_MILLIS;
}

static enum status loop_turn(struct process_loop *loop, uint64_t *next_tick)
{
    int patience = loop_patience(loop);
    bool quiet;
    TRY(pump_links(loop, patience, &quiet));
    bool idle = quiet && patience == loop->wait_ms, was_blocked = is_blocked(loop);
    TRY(send_waiting(loop));
    if (!loop->stopping)
        TRY(handle_messages(loop));
    loop->more |= was_blocked && !is_blocked(loop);
    TRY(do_work(loop, idle));
    if (!loop->tick || is_blocked(loop) || clock_ticks() < *next_tick)
        return OK;
    *next_tick = clock_ticks() + TICK_MILLIS * UINT64_C(1000);
    TRY(loop->tick(loop->state, &loop->waiting));
    return send_waiting(loop);
}

enum status process_loop_run(struct process_loop *loop)
{
    uint64_t next_tick = clock_ticks() + TICK_MILLIS * UINT64_C(1000);
    TRY(send_waiting(loop));
    INVARIANT(!is_blocked(loop)); /* a queue holds what a start sends */
    enter_serving(loop);
    while ((!loop->stopping || !is_flushed(loop)) && loop->links[0].frames)
        TRY(loop_turn(loop, &next_tick));
    return OK;
}

void process_loop_free(struct process_loop *loop)
{
    for (size_t i = 0; i < loop->count; i++)
        process_link_close(&loop->links[i]);
    outbox_free(&loop->waiting);
}

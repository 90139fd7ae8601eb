/* The table of who may send what to whom, the outbox, and the form of a reply. Nothing here knows what a message
 * means: roles decide that. */
#include "server/message.h"

#include "crypto/checkpoint.h"
#include "protocol/request.h"
#include "transport/frame.h"

static const char *const names[MESSAGE_TYPES] = {
    [MESSAGE_NONE] = "none",           [MESSAGE_STOP] = "stop",
    [MESSAGE_STARTED] = "started",     [MESSAGE_IDENTITY] = "identity",
    [MESSAGE_REVOKED] = "revoked",     [MESSAGE_FEDERATION] = "federation",
    [MESSAGE_ENROL] = "enrol",         [MESSAGE_CONTRIBUTE] = "contribute",
    [MESSAGE_WITHDRAW] = "withdraw",   [MESSAGE_REQUEST] = "request",
    [MESSAGE_LIBRARY] = "library",     [MESSAGE_CHECKPOINT] = "checkpoint",
    [MESSAGE_INCLUSION] = "inclusion", [MESSAGE_CONSISTENCY] = "consistency",
    [MESSAGE_READY] = "ready",         [MESSAGE_SEEN] = "seen",
    [MESSAGE_WITNESSES] = "witnesses", [MESSAGE_DURABLE] = "durable",
    [MESSAGE_TILE] = "tile",           [MESSAGE_ADMIN] = "admin",
    [MESSAGE_TICK] = "tick",           [MESSAGE_REPLY] = "reply",
    [MESSAGE_DISTIL] = "distil",       [MESSAGE_DISTILLED] = "distilled",
};

#define IDENTITY_MAX (64u * 1024)
#define REVOKED_MAX (CERTIFICATES_MAX * 16)
#define ENROL_MAX (16u * 1024)
#define ADMIN_MAX (32u * 1024 * 1024) /* an audit's results may be embedded */

static const struct message_rule rules[] = {
    {ROLE_SUPERVISOR, ROLE_GATE, MESSAGE_STOP, PHASE_START, 0},
    {ROLE_SUPERVISOR, ROLE_VAULT, MESSAGE_STOP, PHASE_START, 0},
    {ROLE_SUPERVISOR, ROLE_DISTIL, MESSAGE_STOP, PHASE_START, 0},
    {ROLE_SUPERVISOR, ROLE_GATE, MESSAGE_STOP, PHASE_SERVE, 0},
    {ROLE_SUPERVISOR, ROLE_VAULT, MESSAGE_STOP, PHASE_SERVE, 0},
    {ROLE_SUPERVISOR, ROLE_DISTIL, MESSAGE_STOP, PHASE_SERVE, 0},

    {ROLE_GATE, ROLE_SUPERVISOR, MESSAGE_STARTED, PHASE_START, 64},
    {ROLE_VAULT, ROLE_SUPERVISOR, MESSAGE_STARTED, PHASE_START, 64},
    {ROLE_DISTIL, ROLE_SUPERVISOR, MESSAGE_STARTED, PHASE_START, 64},

    {ROLE_VAULT, ROLE_GATE, MESSAGE_IDENTITY, PHASE_START, IDENTITY_MAX},
    {ROLE_VAULT, ROLE_GATE, MESSAGE_IDENTITY, PHASE_SERVE, IDENTITY_MAX},
    {ROLE_VAULT, ROLE_GATE, MESSAGE_REVOKED, PHASE_START, REVOKED_MAX},
    {ROLE_VAULT, ROLE_GATE, MESSAGE_REVOKED, PHASE_SERVE, REVOKED_MAX},

    {ROLE_GATE, ROLE_VAULT, MESSAGE_FEDERATION, PHASE_SERVE, 0},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_ENROL, PHASE_SERVE, ENROL_MAX},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_CONTRIBUTE, PHASE_SERVE, ENVELOPE_MAX},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_WITHDRAW, PHASE_SERVE, ENVELOPE_MAX},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_REQUEST, PHASE_SERVE, REQUEST_ENVELOPE_MAX},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_LIBRARY, PHASE_SERVE, 16},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_CHECKPOINT, PHASE_SERVE, 0},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_INCLUSION, PHASE_SERVE, 16},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_CONSISTENCY, PHASE_SERVE, 16},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_READY, PHASE_SERVE, 0},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_SEEN, PHASE_SERVE, CHECKPOINT_MAX},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_WITNESSES, PHASE_SERVE, 0},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_DURABLE, PHASE_SERVE, 0},
    {ROLE_GATE, ROLE_VAULT, MESSAGE_TILE, PHASE_SERVE, 11},

    {ROLE_SUPERVISOR, ROLE_VAULT, MESSAGE_ADMIN, PHASE_SERVE, ADMIN_MAX},
    {ROLE_SUPERVISOR, ROLE_VAULT, MESSAGE_TICK, PHASE_SERVE, 0},
    {ROLE_VAULT, ROLE_GATE, MESSAGE_REPLY, PHASE_SERVE, FRAME_MAX},
    {ROLE_VAULT, ROLE_SUPERVISOR, MESSAGE_REPLY, PHASE_SERVE, FRAME_MAX},
    {ROLE_VAULT, ROLE_DISTIL, MESSAGE_DISTIL, PHASE_SERVE, FRAME_MAX},
    {ROLE_DISTIL, ROLE_VAULT, MESSAGE_DISTILLED, PHASE_SERVE, FRAME_MAX},
};

const char *message_name(enum message_type type)
{
    return (unsigned)type < MESSAGE_TYPES ? names[type] : "unknown";
}

const struct message_rule *message_rule(enum role from, enum role to, enum message_type type, enum phase phase)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct message_rule *rule = &rules[i];
        if (rule->from == from && rule->to == to && rule->type == type && rule->phase == phase)
            return rule;
    }
    return NULL;
}

/* --- messages and the outbox --- */

void message_free(struct message *message)
{
    buf_free(&message->payload);
    *message = (struct message){0};
}

struct message *outbox_add(struct outbox *outbox, enum role to, enum message_type type, uint64_t request)
{
    if (outbox->count == outbox->room) {
        size_t room = outbox->room ? 2 * outbox->room : 4;
        struct message *grown = mem_grow(outbox->items, outbox->room, room, sizeof *grown);
        if (!grown)
            return NULL;
        outbox->items = grown;
        outbox->room = room;
    }
    struct message *message = &outbox->items[outbox->count++];
    *message = (struct message){.peer = to, .type = type, .request = request};
    if (type == MESSAGE_IDENTITY)
        buf_init_secret(&message->payload);
    return message;
}

void outbox_free(struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->count; i++)
        message_free(&outbox->items[i]);
    mem_free(outbox->items);
    *outbox = (struct outbox){0};
}

/* --- replies --- */

enum status reply_write(struct message *reply, enum status status, const char *detail, struct bytes body)
{
    buf_clear(&reply->payload);
    buf_add_u16(&reply->payload, (uint16_t)status);
    buf_add_lp(&reply->payload, bytes_str(detail ? detail : ""));
    buf_add(&reply->payload, body);
    return buf_status(&reply->payload);
}

enum status reply_read(struct bytes payload, struct reply *out)
{
    *out = (struct reply){.status = ERR_BUG};
    struct cursor cursor = {payload};
    uint16_t status = 0;
    struct bytes detail = BYTES_NONE;
    TRY(cursor_u16(&cursor, &status));
    TRY(cursor_lp(&cursor, &detail));
    if (status > ERR_BUG || detail.size >= sizeof out->detail)
        return ERR_INPUT;
    out->status = (enum status)status;
    if (detail.size)
        memcpy(out->detail, detail.data, detail.size);
    out->body = cursor.left;
    return OK;
}

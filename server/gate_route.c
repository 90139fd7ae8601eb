/* The table of routes, and how a query becomes a message's numbers. */
#include "server/gate_route.h"

#include "crypto/tile.h"

#define JSON "application/json"
#define TEXT "text/plain; charset=utf-8"
#define SEALED "application/octet-stream"

static const struct gate_route member_routes[] = {
    {GATE_GET, "/livez", "alive", MESSAGE_NONE, TEXT, {NULL}, GATE_PLAIN},
    {GATE_GET, "/readyz", "ready", MESSAGE_READY, TEXT, {NULL}, GATE_PLAIN},
    {GATE_GET, "/v1/federation", "federation", MESSAGE_FEDERATION, JSON, {NULL}, GATE_PLAIN},
    {GATE_POST, "/v1/enrol", "enrol", MESSAGE_ENROL, JSON, {NULL}, GATE_PLAIN},
    {GATE_POST, "/v1/contributions", "contribute", MESSAGE_CONTRIBUTE, JSON, {NULL}, GATE_PLAIN},
    {GATE_POST, "/v1/withdrawals", "withdraw", MESSAGE_WITHDRAW, JSON, {NULL}, GATE_PLAIN},
    {GATE_POST, "/v1/requests", "request", MESSAGE_REQUEST, SEALED, {NULL}, GATE_PLAIN},
    {GATE_GET, "/v1/library", "library.pull", MESSAGE_LIBRARY, JSON, {"tree"}, GATE_VERSIONED},
    {GATE_GET, "/v1/checkpoint", "log.read", MESSAGE_CHECKPOINT, TEXT, {NULL}, GATE_PLAIN},
    {GATE_GET, "/v1/inclusion", "log.read", MESSAGE_INCLUSION, JSON, {"leaf", "size"}, GATE_PLAIN},
    {GATE_GET, "/v1/consistency", "log.read", MESSAGE_CONSISTENCY, JSON, {"from", "size"}, GATE_PLAIN},
    {GATE_POST, "/v1/checkpoints", "log.seen", MESSAGE_SEEN, TEXT, {NULL}, GATE_PLAIN},
    {GATE_GET, "/v1/witnesses", "log.read", MESSAGE_WITNESSES, JSON, {NULL}, GATE_PLAIN},
    {GATE_GET, "/v1/durable", "log.read", MESSAGE_DURABLE, JSON, {NULL}, GATE_PLAIN},
    {GATE_GET, "/v1/log/checkpoint", "log.read", MESSAGE_CHECKPOINT, TEXT, {NULL}, GATE_PLAIN},
    {GATE_GET, "/v1/log/tile/", "log.read", MESSAGE_TILE, SEALED, {NULL}, GATE_TILE},
    {0},
};
static const struct gate_route metrics_routes[] = {
    {GATE_GET, "/metrics", "metrics", MESSAGE_NONE, "text/plain; version=0.0.4", {NULL}, GATE_PLAIN},
    {0},
};
static const struct gate_route *const ports[] = {
    [GATE_PORT_MEMBERS] = member_routes, [GATE_PORT_METRICS] = metrics_routes};

static bool is_path_of(const struct gate_route *row, struct bytes path)
{
    return row->form == GATE_TILE ? bytes_starts(path, row->path) : bytes_is(path, row->path);
}

int gate_route_find(enum gate_port_kind port, const struct gate_head *head, const struct gate_route **route)
{
    for (const struct gate_route *row = ports[port]; row->path; row++) {
        if (!is_path_of(row, head->path))
            continue;
        *route = row;
        return row->method == head->method ? 0 : 405;
    }
    return 404;
}

size_t gate_route_body_max(const struct gate_route *route)
{
    const struct message_rule *rule = message_rule(ROLE_GATE, ROLE_VAULT, route->message, PHASE_SERVE);
    return route->method == GATE_POST && rule ? rule->limit : 0;
}

/* "name=7&other=9" into numbers by the row's names. A name that the row doesn't know, a second one of the same name or
 * something else than digits is a refusal. */
static bool read_query(const struct gate_route *route, struct bytes query, uint64_t numbers[static 2], unsigned *seen)
{
    while (query.size > 0) {
        size_t end = bytes_find(query, bytes_str("&"));
        struct bytes pair = bytes_part(query, 0, end == SIZE_MAX ? query.size : end);
        query = end == SIZE_MAX ? BYTES_NONE : bytes_part(query, end + 1, query.size);
        size_t equals = bytes_find(pair, bytes_str("="));
        if (equals == SIZE_MAX)
            return false;
        bool known = false;
        for (unsigned i = 0; i < 2; i++) {
            if (!route->query[i] || !bytes_is(bytes_part(pair, 0, equals), route->query[i]) || (*seen & 1u << i))
                continue;
            known = gate_number(bytes_part(pair, equals + 1, pair.size), &numbers[i]);
            *seen |= 1u << i;
        }
        if (!known)
            return false;
    }
    return true;
}

/* The version in the ETag that the client holds, "\"<version>.<tree size>\""; 0 for none and for what isn't ours. */
static uint64_t version_held(struct bytes etag)
{
    uint64_t version = 0;
    size_t dot = bytes_find(etag, bytes_str("."));
    if (!bytes_starts(etag, "\"") || dot == SIZE_MAX || !gate_number(bytes_part(etag, 1, dot - 1), &version))
        return 0;
    return version;
}

static int check_query(const struct gate_route *route, const struct gate_head *head, struct buf *numbers)
{
    uint64_t values[2] = {0};
    unsigned seen = 0;
    if (!read_query(route, head->query, values, &seen))
        return 400;
    if (route->form == GATE_VERSIONED) { /* the tree size may be left out: nothing seen yet */
        buf_add_u64(numbers, values[0]);
        buf_add_u64(numbers, version_held(head->if_none_match));
        return 0;
    }
    if (route->query[0] && seen != 3)
        return 400;
    for (unsigned i = 0; i < 2 && route->query[i]; i++)
        buf_add_u64(numbers, values[i]);
    return 0;
}

static int check_tile(const struct gate_route *route, const struct gate_head *head, struct buf *numbers)
{
    struct tile tile;
    if (tile_path_parse(bytes_part(head->path, strlen(route->path), SIZE_MAX), &tile) != OK)
        return 404;
    buf_add_byte(numbers, (uint8_t)tile.level);
    buf_add_u64(numbers, tile.index);
    buf_add_u16(numbers, (uint16_t)tile.width);
    return 0;
}

int gate_route_check(const struct gate_route *route, const struct gate_head *head, struct buf *numbers)
{
    int refusal = check_query(route, head, numbers);
    if (!refusal && route->form == GATE_TILE)
        refusal = check_tile(route, head, numbers);
    if (refusal)
        return refusal;
    if (head->length > gate_route_body_max(route))
        return 413;
    if (route->method == GATE_GET)
        return 0;
    if (!head->has_length)
        return 411;
    return bytes_is(head->content_type, SEALED) ? 0 : 415;
}

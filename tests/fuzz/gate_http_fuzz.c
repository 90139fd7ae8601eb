/* A request head as the gate reads it, from the request line to the message's numbers. What is taken must be small and
 * point into the input. */
#include "server/gate_route.h"

static void inside(struct bytes whole, struct bytes part)
{
    INVARIANT(part.size == 0 || (part.data >= whole.data && part.data + part.size <= whole.data + whole.size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_of(data, size);
    struct gate_head head;
    const struct gate_route *route = NULL;
    SCOPED_BUF struct buf numbers = {0};
    int http = gate_head_parse(input, &head);
    INVARIANT(http == 0 || (http >= 400 && http < 600));
    if (http != 0)
        return 0;
    inside(input, head.path);
    inside(input, head.query);
    inside(input, head.content_type);
    inside(input, head.if_none_match);
    for (int port = GATE_PORT_MEMBERS; port <= GATE_PORT_METRICS; port++) {
        if (gate_route_find((enum gate_port_kind)port, &head, &route) != 0)
            continue;
        buf_clear(&numbers);
        if (gate_route_check(route, &head, &numbers) == 0)
            INVARIANT(numbers.size <= 16 && head.length <= gate_route_body_max(route));
    }
    return 0;
}

/* What the gate serves: one row a route. A row says which call it is, so that the table
 * of roles says who may, and which message asks the vault; how large a body
 * may be is the message table's word. */
#pragma once

#include "server/gate_http.h"
#include "server/message.h"

/* What is particular about a route. */
enum gate_form {
    GATE_PLAIN,
    GATE_VERSIONED, /* has an ETag */
    GATE_TILE,      /* the path goes on with the name of a tile; what it names never changes */
};
struct gate_route {
    enum gate_method method;
    const char *path;
    const char *call;          /* of the table of roles */
    enum message_type message; /* MESSAGE_NONE: the gate answers by itself */
    const char *answer_type;   /* media type of a good answer */
    const char *query[2];      /* names of the numbers in the query, in the message's order; NULL: none */
    enum gate_form form;
};
enum gate_port_kind { GATE_PORT_MEMBERS, GATE_PORT_METRICS };
/* 0 and *route, or the HTTP status of the refusal: 404 for no such path, 405. */
int gate_route_find(enum gate_port_kind port, const struct gate_head *head, const struct gate_route **route);
/* Most bytes of a body. */
size_t gate_route_body_max(const struct gate_route *route);
/* What must hold of a request before its body is read: 0 or 400, 411, 413, 415. *numbers is the payload of a request
 * without a body. */
int gate_route_check(const struct gate_route *route, const struct gate_head *head, struct buf *numbers);

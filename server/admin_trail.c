/* The audit trail as the operator sees it. */
#include "server/admin.h"

/* {"from": number}, by default the last page. */
enum status admin_trail(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    int64_t from = json_has(fields, "from") ? json_take_integer(fields, "from", 1, INT64_C(1) << 53) : 0;
    TRY(json_fields_end(fields));
    return trail_page(vault, NULL, from, reply);
}

enum status admin_trail_verify(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct trail_facts facts;
    TRY(json_fields_end(fields));
    TRY(trail_verify(vault, &facts, why));
    json_set(reply, "verified", json_bool(true));
    json_set(reply, "rows", json_integer((int64_t)facts.rows));
    json_set(reply, "head", json_hex(bytes_of(facts.head, HASH_BYTES)));
    json_set(reply, "heads_in_log", json_integer((int64_t)facts.anchors));
    json_set(reply, "rows_covered_by_log", json_integer((int64_t)facts.anchored));
    return OK;
}

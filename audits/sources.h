/* The raw side of an audit: what the tenants' traces say, a task at a time, for comparing with what got out. */
#pragma once

#include "audits/audit.h"
#include "protocol/candidate.h"

struct source { /* one task of one tenant */
    size_t tenant;
    uint8_t tag[TASK_TAG_BYTES];       /* as world_prepare puts it into candidates */
    struct buf prompt, system, speech; /* task prompt; system prompt; all steps and skills */
};
struct sources {
    size_t count, room;
    struct source *items; /* owned */
};
MUST_USE enum status sources_read(const struct audit_scope *scope, struct sources *out);
void sources_free(struct sources *sources);
/* NULL: there is none of that tag. */
const struct source *sources_find(const struct sources *sources, size_t tenant,
                                  const uint8_t tag[static TASK_TAG_BYTES]);

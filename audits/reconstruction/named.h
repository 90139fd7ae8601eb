/* The named things that a task's trace has before scrubbing: what the scrubber takes out of it, each once. */
#pragma once

#include "audits/reconstruction/tasks.h"

#define NAMED_LEAST 3 /* fewer are no set to be told by */

struct named {
    size_t count;     /* tasks */
    struct buf *sets; /* owned: of every task its values, a line each; secret */
    size_t *sizes;    /* owned: how many values */
    float *vectors;   /* owned: of the sets; task x TASK_WIDTH */
    bool *has;        /* owned: whether there are NAMED_LEAST or more */
};
MUST_USE enum status named_read(const struct tasks *tasks, struct named *out, struct why *why);
void named_free(struct named *named);
/* Decoys of the sets of the first `count` tasks, by how many things they hold. Things are tasks. */
MUST_USE enum status named_decoys(const struct tasks *tasks, const struct named *named, size_t count,
                                  struct decoys *out);

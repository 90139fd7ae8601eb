/* The private tasks of a scope and everything that is prepared once for thousands of worlds: their own text, their
 * vectors, their decoys. */
#pragma once

#include "audits/reconstruction/contest.h"
#include "audits/reconstruction/decoys.h"
#include "audits/reconstruction/vectors.h"
#include "audits/worlds.h"

#define TASK_TEXT_MAX (64u << 10) /* bytes of a task's own text that count */

struct tasks {
    struct worlds worlds;
    struct buf *texts;         /* of every task of worlds: prompt and steps, raw */
    float *vectors;            /* of these: task x TASK_WIDTH */
    size_t *offsets;           /* of each task's first candidate among `features` */
    struct features *features; /* of all candidates of all tasks */
};
MUST_USE enum status tasks_open(const struct audit_scope *scope, struct tasks *out, struct why *why);
void tasks_close(struct tasks *tasks);
/* Decoys of the tasks themselves: the first `count` of them, by the length of their texts. */
MUST_USE enum status tasks_decoys(const struct tasks *tasks, size_t count, size_t spare, struct decoys *out);
/* How well texts serve tasks that had no part in them: the mean over the candidates of those tasks of the best cosine
 * with one of `texts`. in_part: a flag of each task. 0 where every task took part. */
double tasks_served(const struct tasks *tasks, const bool *in_part, const struct features *texts, size_t count);

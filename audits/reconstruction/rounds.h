/* Worlds of three rounds with one new private thing in each, seen from outside: the target of every reconstruction from
 * the library. In each the tasks of all tenants join round by round, by a coin; in each round one private thing of a
 * pool is new, drawn evenly, and the others of the pool never are: chance is one in N exactly.
 *
 * Shadow worlds are the adversary's own. What it may use for them is what it knows. */
#pragma once

#include "audits/reconstruction/observed.h"
#include "audits/reconstruction/tasks.h"

#define ROUNDS 3
#define ROUNDS_BEFORE (ROUNDS + 1) /* a task that was shared and released before the first of them */
#define ROUNDS_PRIVATES_MAX 512

enum { ARTEFACT_RELEASE, ARTEFACT_OPEN, ARTEFACTS }; /* open: the raw traces, no scrubber, no gate, no k */
enum shadow {
    SHADOW_SCOPE,     /* the federation's own traces, and a private thing of the pool */
    SHADOW_SYNTHESIS, /* public traces, and a private thing of the pool: analysis by synthesis */
    SHADOW_PUBLIC,    /* public traces, and one of them is the private thing */
    SHADOWS           /* no shadow: a world that is asked about, of the federation's own traces */
};

struct part {              /* what a world does with each task */
    size_t pool;           /* first of it */
    size_t truths[ROUNDS]; /* among the privates */
    size_t *joins;         /* of every task, the round in which it joins, or ROUNDS_BEFORE; ROUNDS: never */
    size_t *members;       /* who brings it */
    bool *in;              /* whether it has joined by now */
};
struct rounds {
    struct audit_scope joined; /* the federation and the strangers; their files are borrowed */
    struct tasks tasks;
    struct decoys decoys;
    struct observed observed;
    size_t home;             /* tenants of the federation; those after them are strangers, whose traces are public */
    size_t shadows[SHADOWS]; /* how many worlds of each kind come first */
    float *privates;         /* owned: the decoys', then those of other tasks; TASK_WIDTH each */
    size_t *private_of;      /* owned: of every task, SIZE_MAX: it has none */
    const float *signatures; /* borrowed; NULL, or a vector of each member, which the open artefact shows */
    enum status (*draw)(const struct rounds *rounds, enum shadow shadow, struct random random, struct part *part);
    const void *context; /* of draw */
};
struct rounds_sizes {
    size_t shadows[SHADOWS], choosing, counted; /* worlds that teach, that choose the strongest method, that count */
};

/* The tasks of the scope, and of `strangers` (may be NULL) after them, whose tenants are members who bring nothing. */
MUST_USE enum status rounds_open(const struct audit_scope *scope, const struct audit_scope *strangers,
                                 struct rounds *out, struct why *why);
void rounds_close(struct rounds *rounds);
size_t rounds_home_tasks(const struct rounds *rounds); /* the first so many are the federation's own */
/* After the decoys were made, of tasks: what contests compare with. vectors: of every task; has: whether it has such a
 * thing (NULL: all have). */
MUST_USE enum status rounds_privates(struct rounds *rounds, const float *vectors, const bool *has);
/* Whether the adversary of that pool has the task's trace though it is not of the federation: a stranger's, or, where
 * there is none, another tenant's. */
bool rounds_is_public(const struct rounds *rounds, size_t pool, size_t task);
/* Whether every pool has public tasks to be the private ones of shadows. */
bool rounds_has_public(const struct rounds *rounds);
/* The tasks that may join do so by a coin. */
void rounds_draw_others(const struct rounds *rounds, enum shadow shadow, struct random random, struct part *part);
/* Whether that private thing is the new one of an earlier round. */
bool rounds_was_truth(const struct part *part, size_t round, size_t truth);
/* For `draw`, where a private thing is a task (or of one). */
MUST_USE enum status rounds_draw_task(const struct rounds *rounds, enum shadow shadow, struct random random,
                                      struct part *part);

/* Runs all worlds. name: of the trials; numbers are in rounds->observed from here on. */
MUST_USE enum status rounds_run(struct rounds *rounds, const struct rounds_sizes *sizes, const char *name,
                                struct audit_results *out);
/* Contests over both artefacts, learned from shadows of kinds `from` to `to`. */
MUST_USE enum status rounds_contests(const struct rounds *rounds, enum shadow from, enum shadow to,
                                     struct contest_outcome outcomes[static ARTEFACTS]);
/* A result of the strongest method, with the plot of leak by utility. The first-five are left out of pools of fewer
 * than ten. */
MUST_USE enum status rounds_report(const struct rounds *rounds, const struct audit_claim *claim,
                                   const struct contest_outcome outcomes[static ARTEFACTS], enum observed_hits which,
                                   struct audit_results *out);
/* A result of one method alone: that it finds nothing in the raw traces either is a control that is undecided, not one
 * that failed. */
MUST_USE enum status rounds_report_kind(const struct rounds *rounds, const struct audit_claim *claim,
                                        const struct contest_outcome outcomes[static ARTEFACTS], size_t kind,
                                        struct audit_results *out);

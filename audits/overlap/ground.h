/* What the attacks on overlap and on prompts work on, read once: the tenants' own texts, task by task; what honest
 * clients would send of them and the library that a round makes of it; and copies, for the controls. */
#pragma once

#include "audits/overlap/sequence.h"
#include "audits/sources.h"
#include "audits/world.h"
#include "insight/features.h"
#include "insight/overlap.h"

enum reference { REFERENCE_PROMPT, REFERENCE_SYSTEM, REFERENCE_SPEECH, REFERENCES };
const struct buf *reference_text(const struct source *source, enum reference kind);

struct comparable { /* a text in all forms in which texts are compared; without tokens: there is none */
    size_t tokens;
    uint64_t *words; /* owned: overlap_tokenise */
    struct overlap_text *runs;
    struct features features;
};
MUST_USE enum status comparable_make(struct buf *text, struct comparable *out);
void comparable_free(struct comparable *comparable);

struct document { /* a contribution, a copy or an insight */
    struct comparable text;
    struct buf said; /* owned: the text as it stands */
    size_t cluster;  /* documents of one task, or an insight */
    bool *own;       /* owned: of each source, whether it comes from this one */
};
struct documents {
    size_t count, room, clusters;
    struct document *items;
};
/* The new document's `own` is false everywhere; borrowed until the next one. */
MUST_USE enum status documents_add(struct documents *documents, struct buf *text, size_t cluster, size_t sources,
                                   struct document **out);
void documents_free(struct documents *documents);

/* The baseline of a task: tasks of other tenants whose text has at least 1/2 and at most 2 times the tokens, and is
 * another text; of these the half that is nearest in topic (cosine of the prompts' features, or of the traces' where a
 * prompt is missing), at most PEERS_MAX. */
#define PEERS_MAX 32
struct peers {
    size_t count;
    uint32_t items[PEERS_MAX]; /* sources */
};

struct ground {
    const struct audit_scope *scope;
    struct sources sources;
    struct comparable *references[REFERENCES]; /* of each source */
    struct peers *peers[REFERENCES];           /* of each source */
    struct documents contributions, insights, copies;
};
/* Runs one world, counted in `out`. */
MUST_USE enum status ground_open(const struct audit_scope *scope, struct audit_results *out, struct ground *ground,
                                 struct why *why);
void ground_close(struct ground *ground);
/* Fills ground->peers from sources and references. */
MUST_USE enum status peers_find(struct ground *ground);

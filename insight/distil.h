/* Distilling: from a round's candidates (under random ids, without tenants) to proposed insights, each with the ids
 * that support it. An interface; the embedded default groups, then for each group takes the phrases with the widest
 * support. What a distiller says about support is never believed (insight/release.h recounts). */
#pragma once

#include "insight/group.h"

struct proposal {
    struct candidate text; /* task zero */
    size_t support_count;
    uint32_t *support; /* owned: indices into the round's candidates */
    size_t link_count;
    uint32_t *links; /* owned: indices of related proposals */
};
struct proposals {
    size_t count;
    struct proposal *items; /* owned */
};
void proposals_free(struct proposals *proposals);
struct distil_options {
    double near, related;
};
struct distiller {
    const char *name;
    enum status (*distil)(void *state, const struct candidate *candidates, size_t count,
                          const struct distil_options *options, struct proposals *out);
    void *state;
};
struct distiller distiller_embedded(void);

/* What a group has in common, into group->text (empty before), from the candidates of its support. Each candidate has a
 * voice; or, if `voters` is not NULL, voters[i] is whose candidate support[i] is, a voter's stand side by side, and
 * each voter has one voice, however much it brings. Does not depend on the order of the support. */
MUST_USE enum status distil_group(const struct candidate *candidates, const uint32_t *voters, struct proposal *group);

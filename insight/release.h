/* Selection and the release gate of `threshold` mode: pure functions over the vault's own table.
 *
 * A proposal becomes an insight if at least k distinct tenants and min_tasks distinct tasks support it, counted here
 * from `rows`. A candidate supports it if the distiller names it *and* it proposed, in the same list, one phrase of its
 * "when" and one of its "do" or "avoid". Every phrase left is proposed (phrase_key) by at least k distinct tenants
 * among the supporters, slots and order likewise; the others go, and with them an insight without "when" and ("do" or
 * "avoid"). It is counted until nothing changes. Spelling, kind, outcome and rate are the supporters', never the
 * distiller's. Then the gate: verbatim overlap with what fewer than k tenants wrote, personal data and secrets,
 * canaries, injected instructions. What k tenants share and no proposal brought is added, recounted and gated alike:
 * neither a distiller that is led or silent nor fewer than k tenants take an insight away. Near-duplicates of what is
 * left are merged and related ones linked, from their released text alone. docs/library.md says more. */
#pragma once

#include "insight/distil.h"
#include "protocol/library.h"
#include "redaction/redaction.h"

struct release_row { /* one candidate of the round: index i is candidate i */
    uint32_t tenant;
    uint8_t task[TASK_TAG_BYTES];
};
enum withheld_reason {
    WITHHELD_TENANTS,
    WITHHELD_TASKS,
    WITHHELD_PHRASES,
    WITHHELD_OVERLAP,
    WITHHELD_PERSONAL,
    WITHHELD_CANARY,
    WITHHELD_INSTRUCTION,
    WITHHELD_MALFORMED,
    WITHHELD_REASONS
};
const char *withheld_reason_name(enum withheld_reason reason);
struct release_report { /* for the operator's console alone */
    size_t proposals, released;
    size_t completed; /* insights that no proposal brought, before merging */
    size_t withheld[WITHHELD_REASONS];
    size_t phrases_dropped;
};
struct release_input {
    const struct candidate *candidates;
    const struct release_row *rows;
    size_t count;
    const struct proposals *proposals;
    const struct policy *policy;
    const struct redactor *redactor;
    const char *const *canaries; /* NULL-terminated or NULL */
};
/* Insights (unordered ids, links between released ones) appended to library->insights, sorted by id. */
MUST_USE enum status release_select(const struct release_input *input, struct library *library,
                                    struct release_report *report);
/* The gate's text checks alone, for audits: OK, or ERR_POLICY with *reason. */
MUST_USE enum status gate_check_text(const char *text, const struct redactor *redactor, const char *const *canaries,
                                     enum withheld_reason *reason);

/* The part of the audit that needs no traces: a whole library, as members will read it, looked through once more before
 * it is signed. The release gate runs it on the document that it is about to publish, the audit on what a federation
 * released; both count alike. */
#pragma once

#include "insight/release.h"

struct library_check {
    size_t insights;
    size_t withheld[WITHHELD_REASONS]; /* insights that the gate's text checks would not let through, by reason */
    size_t misfits; /* insights whose id is not that of their text or out of order, with a rate or a band that is none,
                       with a link to nothing, or retracted and there */
};
/* All is counted. ERR_POLICY if anything was, ERR_MEMORY. canaries: NULL-terminated or NULL. */
MUST_USE enum status library_check(const struct library *library, const struct redactor *redactor,
                                   const char *const *canaries, struct library_check *out);
/* The gate's text checks of one insight: as it is rendered, and every phrase and slot by itself. ERR_POLICY with
 * *reason. */
MUST_USE enum status gate_check_insight(const struct candidate *text, const struct redactor *redactor,
                                        const char *const *canaries, enum withheld_reason *reason);
/* SHA-256 over the kind and the sorted keys of "when", "do" and "avoid" (each behind its list's number), cut to 16
 * bytes. The reason is left out: a better one does not make another insight. */
void insight_id_of(const struct candidate *text, uint8_t out[static INSIGHT_ID_BYTES]);

/* From worlds of rounds to contests, and from their outcomes to results. */
#include <stdio.h>

#include "audits/reconstruction/rounds.h"

#define SERVED "utility: mean best cosine with what other tasks would teach"

enum status rounds_contests(const struct rounds *rounds, enum shadow from, enum shadow to,
                            struct contest_outcome outcomes[static ARTEFACTS])
{
    struct observed_lessons lessons = {0};
    for (size_t shadow = 0; shadow < (size_t)from; shadow++)
        lessons.first += rounds->shadows[shadow];
    for (size_t shadow = from; shadow <= (size_t)to; shadow++)
        lessons.count += rounds->shadows[shadow];
    for (size_t artefact = 0; artefact < ARTEFACTS; artefact++)
        TRY(observed_contest(&rounds->observed, artefact, &lessons, &outcomes[artefact]));
    return OK;
}

static const char *const strongest[CONTEST_KINDS] = {
    [ADVERSARY_MATCHING] = "the strongest was matching (analysis by synthesis)",
    [ADVERSARY_LOGISTIC] = "the strongest was the logistic model",
    [ADVERSARY_VAE] = "the strongest was the variational network",
    [CONTEST_GIVEN] = "the strongest was BM25",
};
#define PLOTTED                                                                                                        \
    "; the plot has the same share for the raw traces, by how well each artefact serves tasks that had no part in it"

static enum status note_of(const struct rounds *rounds, struct observed_success seen, const char *by, const char *more,
                           struct audit_results *out, const char **note)
{
    char text[360];
    size_t counted = rounds->observed.counted, still = counted - seen.of;
    if (seen.of < OBSERVED_LEAST)
        snprintf(text, sizeof text, "in %zu of %zu worlds nothing was released or changed: too few are left", still,
                 counted);
    else
        snprintf(text, sizeof text, "%s%s; in %zu of %zu worlds nothing was released or changed: these do not count",
                 by, more, still, counted);
    *note = audit_results_text(out, text);
    return *note ? OK : ERR_MEMORY;
}

enum status rounds_report(const struct rounds *rounds, const struct audit_claim *claim,
                          const struct contest_outcome outcomes[static ARTEFACTS], enum observed_hits which,
                          struct audit_results *out)
{
    const struct contest_outcome *release = &outcomes[ARTEFACT_RELEASE], *open = &outcomes[ARTEFACT_OPEN];
    struct observed_success seen = observed_success(release, release->strongest, which);
    struct audit_result result;
    if (which == OBSERVED_TOP && rounds->observed.pool < 2 * CONTEST_TOP)
        return OK;
    observed_result(&rounds->observed, claim, seen, observed_success(open, open->strongest, which), which, &result);
    TRY(note_of(rounds, seen, strongest[release->strongest], PLOTTED, out, &result.note));
    if (result.samples > 0)
        TRY(observed_frontier(&rounds->observed, outcomes, SERVED, "new one first among its decoys", &result.plot));
    return audit_results_add(out, &result);
}

/* A weak method does not make the search blind: the strongest has a control of its own. */
enum status rounds_report_kind(const struct rounds *rounds, const struct audit_claim *claim,
                               const struct contest_outcome outcomes[static ARTEFACTS], size_t kind,
                               struct audit_results *out)
{
    struct observed_success seen = observed_success(&outcomes[ARTEFACT_RELEASE], kind, OBSERVED_FIRST);
    struct audit_result result;
    observed_result(&rounds->observed, claim, seen, observed_success(&outcomes[ARTEFACT_OPEN], kind, OBSERVED_FIRST),
                    OBSERVED_FIRST, &result);
    if (result.control == CONTROL_FAILED)
        result.control = CONTROL_UNDECIDED;
    TRY(note_of(rounds, seen, "one method alone: the strongest decides", "", out, &result.note));
    return audit_results_add(out, &result);
}

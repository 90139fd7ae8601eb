/* Reconstruction from the library's update by whoever has nothing of the federation: its shadows are made of public
 * traces, those of --public DIR, or, where there are none, those of the other tenants. What it asks is what release.c
 * asks: which of N like tasks was new?
 *
 * Of the four methods three replay every decoy among the public traces (analysis by synthesis); the variational
 * network learns besides from shadows whose private task is a public one. And once it is asked alone, after it has
 * seen no decoy before: that is the study's own setting. */
#include "audits/attacks.h"
#include "audits/reconstruction/release.h"

static const struct rounds_sizes full_sizes = {{[SHADOW_SYNTHESIS] = 900, [SHADOW_PUBLIC] = 900}, 240, 900};

#define CLAIM(id, how, measured, chance, most)                                                                         \
    {                                                                                                                  \
        .name = "reconstruction.public." id, .surface = SURFACE_DIFFERENCE,                                            \
        .target = "what a round changed in the library", .threat = THREAT_OUTSIDER,                                    \
        .knows = "the round's number, 20 tasks of a tenant with their traces, one of which was new in it, and "        \
                 "public traces for shadow federations (without --public: the other tenants'), none of that tenant; "  \
                 "" how,                                                                                               \
        .metric = measured, .unit = "world",                                                                           \
        .baseline = "chance, " chance ": the limit is ten points over it (for fewer tasks, where no tenant has 20, "   \
                    "over theirs)",                                                                                    \
        .control = "the raw traces of the tasks that joined: no scrubber, no gate, no k", .needed = 160,               \
        .limit = most, .tolerated = most                                                                               \
    }
#define FIRST "worlds in which the new task stands first among its decoys"
#define AMONG_FIVE "worlds in which the new task is among the first five"

enum { CLAIM_FIRST, CLAIM_TOP, CLAIM_TRANSFER, CLAIM_KINDS, CLAIMS = CLAIM_KINDS + CONTEST_KINDS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_FIRST] = CLAIM("first", "the strongest of four methods, chosen on other worlds", FIRST, "1 in 20", .15),
    [CLAIM_TOP] = CLAIM("top5", "the strongest of four methods, chosen on other worlds", AMONG_FIVE, "5 in 20", .35),
    [CLAIM_TRANSFER] =
        CLAIM("transfer", "the stronger of BM25 and a variational network that has learned from public tasks alone",
              FIRST, "1 in 20", .15),
    [CLAIM_KINDS + ADVERSARY_MATCHING] = CLAIM(
        "matching", "replays each task among public traces and takes the nearest difference", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + ADVERSARY_LOGISTIC] =
        CLAIM("logistic", "a logistic model of difference and round", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + ADVERSARY_VAE] =
        CLAIM("vae", "a variational network that reconstructs the task's vector", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + CONTEST_GIVEN] =
        CLAIM("bm25", "BM25 of the new insights' words against the tasks'", FIRST, "1 in 20", .15),
};

static enum status report(const struct rounds *rounds, struct audit_results *out)
{
    struct contest_outcome all[ARTEFACTS], strangers[ARTEFACTS];
    TRY(rounds_contests(rounds, SHADOW_SYNTHESIS, SHADOW_PUBLIC, all));
    TRY(rounds_contests(rounds, SHADOW_PUBLIC, SHADOW_PUBLIC, strangers));
    TRY(rounds_report(rounds, &claims[CLAIM_FIRST], all, OBSERVED_FIRST, out));
    TRY(rounds_report(rounds, &claims[CLAIM_TOP], all, OBSERVED_TOP, out));
    TRY(rounds_report(rounds, &claims[CLAIM_TRANSFER], strangers, OBSERVED_FIRST, out));
    for (size_t kind = 0; kind < CONTEST_KINDS; kind++)
        TRY(rounds_report_kind(rounds, &claims[CLAIM_KINDS + kind], all, kind, out));
    return audit_not_evaluated(out, claims, "no tenant has ten tasks that share something: five of so few say nothing");
}

static enum status run_rounds(struct rounds *rounds, const struct rounds_sizes *sizes, struct audit_results *out)
{
    TRY(tasks_decoys(&rounds->tasks, rounds_home_tasks(rounds), 0, &rounds->decoys));
    if (rounds->decoys.pools.count == 0)
        return audit_not_evaluated(out, claims, "no tenant has five tasks that share something: no decoys");
    TRY(rounds_privates(rounds, rounds->tasks.vectors, NULL));
    if (!rounds_has_public(rounds))
        return audit_not_evaluated(out, claims, "no traces to learn from but the target's own: give --public DIR");
    TRY(rounds_run(rounds, sizes, "reconstruction.public", out));
    return report(rounds, out);
}

enum status reconstruction_by_strangers(const struct audit_scope *scope, const struct rounds_sizes *sizes,
                                        struct audit_results *out, struct why *why)
{
    struct rounds rounds;
    TRY(rounds_open(scope, scope->strangers, &rounds, why));
    enum status status = run_rounds(&rounds, sizes, out);
    rounds_close(&rounds);
    return status;
}

static enum status run_public(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return reconstruction_by_strangers(scope, &full_sizes, out, why);
}

const struct attack attack_public = {
    .name = "reconstruction-public",
    .summary = "Can the private task behind a change be picked out by whoever has learned on public traces alone?",
    .paper = "arXiv 2409.08482",
    .family = FAMILY_RECONSTRUCTION,
    .quick = false,
    .full_seconds = 73,
    .claims = claims,
    .run = run_public,
};

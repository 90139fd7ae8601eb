/* Reconstruction from the library's update: after a round, which of N like tasks of a tenant was new in it?
 *
 * After arXiv 2409.08482: the adversary sees what a round changed and the round's number, has learned on shadow
 * federations of its own, every round of them a sample, and picks the private task among decoys of the same tenant and
 * about the same length. Here it knows the traces of the whole federation; public.c asks what it can without. */
#include "audits/reconstruction/release.h"

#include "audits/attacks.h"

static const struct rounds_sizes sizes[2] = {{{120}, 40, 160}, {{1500}, 300, 1200}}; /* quick, full */

#define CLAIM(id, how, measured, chance, most)                                                                         \
    {                                                                                                                  \
        .name = "reconstruction.release." id, .surface = SURFACE_DIFFERENCE,                                           \
        .target = "what a round changed in the library", .threat = THREAT_TENANT,                                      \
        .knows = "the round's number, 20 tasks of a tenant with their traces, one of which was new in it, shadow "     \
                 "federations; " how,                                                                                  \
        .metric = measured, .unit = "world",                                                                           \
        .baseline = "chance, " chance ": the limit is ten points over it (for fewer tasks, where no tenant has 20, "   \
                    "over theirs)",                                                                                    \
        .control = "the raw traces of the tasks that joined: no scrubber, no gate, no k", .needed = 160,               \
        .limit = most, .tolerated = most                                                                               \
    }
#define FIRST "worlds in which the new task stands first among its decoys"
#define AMONG_FIVE "worlds in which the new task is among the first five"

enum { CLAIM_FIRST, CLAIM_TOP, CLAIM_KINDS, CLAIMS = CLAIM_KINDS + CONTEST_KINDS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_FIRST] = CLAIM("first", "the strongest of four methods, chosen on other worlds", FIRST, "1 in 20", .15),
    [CLAIM_TOP] = CLAIM("top5", "the strongest of four methods, chosen on other worlds", AMONG_FIVE, "5 in 20", .35),
    [CLAIM_KINDS + ADVERSARY_MATCHING] =
        CLAIM("matching", "replays each task and takes the nearest difference", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + ADVERSARY_LOGISTIC] =
        CLAIM("logistic", "a logistic model of difference and round", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + ADVERSARY_VAE] =
        CLAIM("vae", "a variational network that reconstructs the task's vector", FIRST, "1 in 20", .15),
    [CLAIM_KINDS + CONTEST_GIVEN] =
        CLAIM("bm25", "BM25 of the new insights' words against the tasks'", FIRST, "1 in 20", .15),
};

static enum status report(const struct rounds *rounds, struct audit_results *out)
{
    struct contest_outcome outcomes[ARTEFACTS];
    TRY(rounds_contests(rounds, SHADOW_SCOPE, SHADOW_SCOPE, outcomes));
    TRY(rounds_report(rounds, &claims[CLAIM_FIRST], outcomes, OBSERVED_FIRST, out));
    TRY(rounds_report(rounds, &claims[CLAIM_TOP], outcomes, OBSERVED_TOP, out));
    for (size_t kind = 0; kind < CONTEST_KINDS; kind++)
        TRY(rounds_report_kind(rounds, &claims[CLAIM_KINDS + kind], outcomes, kind, out));
    return audit_not_evaluated(out, claims, "no tenant has ten tasks that share something: five of so few say nothing");
}

static enum status run_rounds(struct rounds *rounds, const struct rounds_sizes *how_many, struct audit_results *out)
{
    TRY(tasks_decoys(&rounds->tasks, rounds->tasks.worlds.task_count, 0, &rounds->decoys));
    if (rounds->decoys.pools.count == 0)
        return audit_not_evaluated(out, claims, "no tenant has five tasks that share something: no decoys");
    TRY(rounds_privates(rounds, rounds->tasks.vectors, NULL));
    rounds->observed.privates.count = rounds->decoys.pools.count; /* no shadow has another */
    TRY(rounds_run(rounds, how_many, "reconstruction.release", out));
    return report(rounds, out);
}

enum status reconstruction_of_release(const struct audit_scope *scope, const struct rounds_sizes *how_many,
                                      struct audit_results *out, struct why *why)
{
    struct rounds rounds;
    TRY(rounds_open(scope, NULL, &rounds, why));
    enum status status = run_rounds(&rounds, how_many, out);
    rounds_close(&rounds);
    return status;
}

static enum status run_release(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return reconstruction_of_release(scope, &sizes[scope->full], out, why);
}

const struct attack attack_reconstruction = {
    .name = "reconstruction",
    .summary = "Can the private task behind a change of the library be picked out among others like it?",
    .paper = "arXiv 2409.08482",
    .family = FAMILY_RECONSTRUCTION,
    .quick = true,
    .quick_seconds = 7,
    .full_seconds = 61,
    .claims = claims,
    .run = run_release,
};

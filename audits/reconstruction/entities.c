/* Reconstruction of entity sets: after a round, which of N sets of named things (what the scrubber takes out of a
 * trace) stood in the task that was new? Decoys are the sets of other tasks of the tenant, of about as many things.
 *
 * Twice: by whoever has the sets alone and shadows over other traces (does anything of the things get out?), and by
 * whoever knows in which trace each set stands (then telling the task is telling its set). */
#include "audits/attacks.h"
#include "audits/reconstruction/named.h"
#include "audits/reconstruction/release.h"

static const struct rounds_sizes full_sizes = {{[SHADOW_SCOPE] = 900, [SHADOW_PUBLIC] = 900}, 240, 900};

#define CLAIM(id, by, how, measured, chance, most)                                                                     \
    {                                                                                                                  \
        .name = "reconstruction.entities." id, .surface = SURFACE_DIFFERENCE,                                          \
        .target = "what a round changed in the library", .threat = by,                                                 \
        .knows = "the round's number, the sets of named things of 20 tasks of a tenant, one of which was new in "      \
                 "it; " how "; the strongest method, chosen on other worlds",                                          \
        .metric = measured, .unit = "world",                                                                           \
        .baseline = "chance, " chance ": the limit is ten points over it (for fewer sets, where no tenant has 20, "    \
                    "over theirs)",                                                                                    \
        .control = "the raw traces of the tasks that joined: no scrubber, no gate, no k", .needed = 160,               \
        .limit = most, .tolerated = most                                                                               \
    }
#define FIRST "worlds in which the new task's set of named things stands first among its decoys"
#define AMONG_FIVE "worlds in which the new task's set of named things is among the first five"
#define SETS "none of the tasks' other words; shadows over other traces, whose sets it knows (BM25, network)"

enum { CLAIM_FIRST, CLAIM_TOP, CLAIM_SCOPE, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_FIRST] = CLAIM("first", THREAT_OUTSIDER, SETS, FIRST, "1 in 20", .15),
    [CLAIM_TOP] = CLAIM("top5", THREAT_OUTSIDER, SETS, AMONG_FIVE, "5 in 20", .35),
    [CLAIM_SCOPE] =
        CLAIM("scope", THREAT_TENANT, "the traces that the sets stand in, and shadows over them (all four methods)",
              FIRST, "1 in 20", .15),
};

static enum status report(const struct rounds *rounds, struct audit_results *out)
{
    struct contest_outcome strangers[ARTEFACTS], scope[ARTEFACTS];
    TRY(rounds_contests(rounds, SHADOW_PUBLIC, SHADOW_PUBLIC, strangers));
    TRY(rounds_contests(rounds, SHADOW_SCOPE, SHADOW_SCOPE, scope));
    TRY(rounds_report(rounds, &claims[CLAIM_FIRST], strangers, OBSERVED_FIRST, out));
    TRY(rounds_report(rounds, &claims[CLAIM_TOP], strangers, OBSERVED_TOP, out));
    TRY(rounds_report(rounds, &claims[CLAIM_SCOPE], scope, OBSERVED_FIRST, out));
    return audit_not_evaluated(out, claims, "no tenant has ten sets of named things: five of so few say nothing");
}

static enum status run_rounds(struct rounds *rounds, const struct named *named, const struct rounds_sizes *sizes,
                              struct audit_results *out)
{
    TRY(named_decoys(&rounds->tasks, named, rounds_home_tasks(rounds), &rounds->decoys));
    if (rounds->decoys.pools.count == 0)
        return audit_not_evaluated(out, claims, "no tenant has five tasks with three named things each: no decoys");
    TRY(rounds_privates(rounds, named->vectors, named->has));
    if (!rounds_has_public(rounds))
        return audit_not_evaluated(out, claims, "no traces to learn from but the target's own: give --public DIR");
    TRY(rounds_run(rounds, sizes, "reconstruction.entities", out));
    return report(rounds, out);
}

enum status reconstruction_of_entities(const struct audit_scope *scope, const struct rounds_sizes *sizes,
                                       struct audit_results *out, struct why *why)
{
    struct rounds rounds;
    struct named named = {0};
    TRY(rounds_open(scope, scope->strangers, &rounds, why));
    enum status status = named_read(&rounds.tasks, &named, why);
    if (status == OK)
        status = run_rounds(&rounds, &named, sizes, out);
    named_free(&named);
    rounds_close(&rounds);
    return status;
}

static enum status run_entities(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    return reconstruction_of_entities(scope, &full_sizes, out, why);
}

const struct attack attack_entities = {
    .name = "reconstruction-entities",
    .summary = "Can the set of named things behind a change of the library be picked out among others like it?",
    .paper = "arXiv 2409.08482",
    .family = FAMILY_RECONSTRUCTION,
    .quick = false,
    .full_seconds = 70,
    .claims = claims,
    .run = run_entities,
};

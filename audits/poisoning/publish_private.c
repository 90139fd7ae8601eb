/* Mode `dp`: can k - 1 colluders publish a text of their choice? There is no k there; what binds them is the privacy of
 * a group. They say a text that nobody else says, all of them, and nothing beside it, so that it weighs most; it is in
 * words of the public vocabulary, since no others are released. Many such groups take part in one world. The control
 * has groups that are large enough to publish, as any such number of tenants is. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/epsilon/allowed.h"
#include "audits/epsilon/alone.h"
#include "audits/epsilon/selection.h"

#define COLLUDERS_MAX 8
#define TEXTS 64 /* of a world */
#define WORLDS_QUICK 3
#define WORLDS_FULL 6
#define SHARE_LIMIT 0.02

static const struct audit_claim claims[] = {
    {.name = "poison.publish.private",
     .surface = SURFACE_LIBRARY,
     .target = "what a library of mode dp says (for one of mode threshold a reference of epsilon 4, delta 1e-5)",
     .threat = THREAT_COLLUDERS,
     .knows = "the public vocabulary; k - 1 members say what they like",
     .metric = "texts of their choice published / said",
     .unit = "text",
     .baseline = "nobody says it: never released",
     .control = "as many tenants as a release takes do publish a text of their own",
     .needed = 183,
     .limit = SHARE_LIMIT}, /* or what epsilon allows k - 1 tenants, where that is more */
    {0},
};

static enum status measure(const struct audit_scope *scope, const struct private_terms *terms, size_t colluders,
                           struct audit_results *out, struct why *why)
{
    struct audit_result result = audit_result_start(claims);
    struct alone found;
    size_t worlds = scope->full ? WORLDS_FULL : WORLDS_QUICK;
    TRY(alone_publish(scope, "poison.publish.private", colluders, TEXTS, worlds, &found, out, why));
    TRY(alone_control(scope, "poison.publish.private.control", &result, out, why));
    audit_result_count(&result, found.published, found.said);
    result.tolerated = allowed_alone(terms, colluders);
    result.limit = fmax(SHARE_LIMIT, result.tolerated);
    result.baseline = 0;
    result.note = "what is tolerated is what delta and the noise allow so many tenants together";
    return audit_results_add(out, &result);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct private_terms terms;
    selection_policy(scope, &policy);
    TRY(private_terms_of(&policy, &terms, why));
    size_t colluders = policy.k - 1;
    if (allowed_alone(&terms, colluders) > .5)
        return audit_not_evaluated(out, claims, "at this epsilon k - 1 tenants may publish what they like");
    if (colluders > COLLUDERS_MAX)
        return audit_not_evaluated(out, claims, "k - 1 are more than eight colluders: too many for this attack");
    return crowd_refused(measure(scope, &terms, colluders, out, why), claims, out);
}

const struct attack attack_publish_dp = {
    .name = "poison-publish-private",
    .summary = "Can a few colluding organisations publish what they like in a library of mode dp?",
    .paper = "Dong, Roth, Su 2022 (what is allowed)",
    .family = FAMILY_POISONING,
    .quick = false,
    .full_seconds = 2,
    .claims = claims,
    .run = run,
};

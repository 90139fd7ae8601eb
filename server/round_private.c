/* A round of mode dp. Hides its order: what it costs is charged before anything that a member brought is read, and what
 * is drawn is published at once, so that nobody sees a draw and asks for another. */
#include "server/round.h"

#include "server/budget.h"

#define PRIVATE_BYTES_MAX (64u * 1024 * 1024) /* of records in a round */

enum status round_private_check(struct vault *vault, struct why *why)
{
    const struct policy *policy = &vault->federation.policy;
    struct private_terms terms;
    if (policy->mode != RELEASE_DP)
        return OK;
    TRY(private_terms_of(policy, &terms, why));
    const struct dp_zcdp cap = ledger_cap(vault->ledger).zcdp;
    if (!dp_zcdp_allows((struct dp_zcdp){0, 0}, terms.mechanism.loss, cap))
        return why_hint(why, ERR_POLICY, "the lifetime budget does not allow a single round", "budget_epsilon_micro",
                        "raise budget_epsilon_micro or budget_delta_pico, or lower dp_epsilon_micro or dp_delta_pico");
    /* a member that answers once must not be out of all rounds for it */
    const struct dp_zcdp answer = dp_zcdp_of_pure((struct dp_epsilon){policy->noise_epsilon_max_micro});
    if (!policy->allow_noised || dp_zcdp_allows(answer, terms.mechanism.loss, cap))
        return OK;
    return why_hint(why, ERR_POLICY, "one noised answer would leave no round in the lifetime budget",
                    "noise_epsilon_max_micro", "lower it, raise the budget, or set allow_noised to false");
}

enum status round_private_last(struct vault *vault, int64_t *at)
{
    struct ledger_anchor last;
    enum status status = ledger_last_anchor(vault->ledger, &last);
    *at = status == OK ? last.at : 0;
    return status == ERR_NOT_FOUND ? OK : status;
}

bool round_private_waits(const struct vault *vault)
{
    return !vault->is_heard && vault_now(vault) - vault->opened < vault->federation.policy.round_seconds;
}

/* Members in good standing: their number is public. */
static enum status count_members(struct vault *vault, uint32_t *count)
{
    struct tenant tenant = {0};
    enum status status;
    *count = 0;
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK)
        *count += tenant.state == TENANT_ACTIVE;
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status round_private(struct vault *vault, struct round *round, struct buf *report, struct why *why)
{
    struct ledger_round charged;
    if (round->purpose == ROUND_PREVIEW)
        return why_hint(why, ERR_POLICY, "a private round has no preview: it would be a release", NULL,
                        "chathamd budget plan tells what a round can release");
    TRY(private_terms_of(&vault->federation.policy, &round->terms, why));
    TRY(count_members(vault, &round->members));
    TRY(private_check_tenants(&round->terms, round->members, why));
    TRY(dp_stream_new(vault->random, &round->stream)); /* what can fail without a charge does so before it */
    TRY(round_check_stores(vault));
    TRY(budget_compare(vault, why));
    TRY(ledger_charge_round(vault->ledger, round->number, ledger_loss_of_zcdp(round->terms.mechanism.loss),
                            vault_now(vault), &charged, why));
    round->charge = charged.number;
    TRY(round_collect(vault, round, PRIVATE_BYTES_MAX));
    TRY(log_size(vault->store, &round->tree));
    return round_publish(vault, round, NULL, report, why);
}

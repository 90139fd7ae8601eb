/* What the policy allows a contribution to be, and the scan for what must never arrive: the client has scrubbed, but
 * the vault believes no client. */
#include "insight/survey.h"
#include "server/admit.h"

#define EPOCH_SLACK_SECONDS (2 * 86400) /* clocks differ, and months change while a message travels */

static bool is_epoch_of(int64_t seconds, const char *epoch)
{
    char text[CLOCK_EPOCH];
    clock_epoch(seconds, text);
    return strcmp(text, epoch) == 0;
}

enum status admit_check_epoch(const struct vault *vault, const char *epoch, struct why *why)
{
    int64_t now = vault_now(vault);
    if (is_epoch_of(now, epoch) || is_epoch_of(now - EPOCH_SLACK_SECONDS, epoch) ||
        is_epoch_of(now + EPOCH_SLACK_SECONDS, epoch))
        return OK;
    return why_set(why, ERR_POLICY, "the epoch is not the present one", "envelope", 0);
}

enum status admit_check_header(const struct vault *vault, const struct envelope_header *header, struct why *why)
{
    TRY(admit_check_epoch(vault, header->epoch, why));
    if (memcmp(header->policy, vault->policy, HASH_BYTES) != 0)
        return why_set(why, ERR_POLICY, "sealed under another policy: pull the present one", "envelope", 0);
    return OK;
}

/* --- the scan --- */

static enum status scan_text(const struct redactor *redactor, const char *text, struct why *why)
{
    struct redact_finding found;
    if (!text)
        return OK;
    enum status status = redact_scan(redactor, bytes_str(text), &found);
    if (status == ERR_NOT_FOUND)
        return OK;
    if (status == OK)
        return why_set(why, ERR_POLICY, "holds what must never arrive", redact_type_name(found.type), 0);
    return status;
}

static enum status scan_texts(const struct redactor *redactor, char *const *texts, size_t count, struct why *why)
{
    for (size_t i = 0; i < count; i++)
        TRY(scan_text(redactor, texts[i], why));
    return OK;
}

static enum status scan_candidate(const struct redactor *redactor, const struct candidate *candidate, struct why *why)
{
    const struct phrases *lists[] = {&candidate->when, &candidate->act, &candidate->avoid, &candidate->why};
    char *const slots[] = {candidate->tool, candidate->error, candidate->precondition, candidate->argument};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        TRY(scan_texts(redactor, lists[i]->items, lists[i]->count, why));
    TRY(scan_texts(redactor, slots, sizeof slots / sizeof *slots, why));
    return scan_texts(redactor, candidate->order, candidate->order_count, why);
}

/* --- the limits --- */

static enum status check_text(const struct vault *vault, const struct contribution *contribution, struct why *why)
{
    const struct policy *policy = &vault->federation.policy;
    if (!policy->allow_text)
        return why_set(why, ERR_POLICY, "class text is not taken here", "contribution", 0);
    if (contribution->candidate_count > policy->max_candidates)
        return why_set(why, ERR_POLICY, "too many candidates", "contribution", 0);
    for (size_t i = 0; i < contribution->candidate_count; i++)
        TRY(scan_candidate(vault->redactor, &contribution->candidates[i], why));
    return OK;
}

static enum status check_noised(const struct vault *vault, const struct contribution *contribution, struct why *why)
{
    const struct policy *policy = &vault->federation.policy;
    if (!policy->allow_noised)
        return why_set(why, ERR_POLICY, "class noised is not taken here", "contribution", 0);
    if (contribution->noised.epsilon_micro > policy->noise_epsilon_max_micro)
        return why_set(why, ERR_POLICY, "declares less noise than the policy's floor", "contribution", 0);
    const struct dp_floor floor = policy_floor(policy);
    return survey_check(&contribution->noised, &floor, why);
}

enum status admit_check(const struct vault *vault, struct bytes record, const struct contribution *contribution,
                        struct why *why)
{
    if (record.size > vault->federation.policy.max_record_bytes)
        return why_set(why, ERR_POLICY, "larger than the policy allows", "contribution", 0);
    return contribution->class == CLASS_TEXT ? check_text(vault, contribution, why)
                                             : check_noised(vault, contribution, why);
}

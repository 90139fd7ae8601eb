/* What this federation guarantees, in words and numbers, and what it does not. */
#include <inttypes.h>
#include <stdio.h>

#include "server/admin.h"
#include "insight/release_private.h"
#include "server/admin_statements.h"

static const char *const trust[] = {
    "The server's vault and distil see scrubbed text in clear: trust is central, there is no enclave.",
    "Contributions of class text carry no epsilon; release mode threshold is not differential privacy.",
    "In threshold mode k - 1 colluding tenants can tell the k-th tenant's phrases with certainty.",
    "The server can check the noise that a noised contribution declares, not that the noise was drawn.",
    "Membership in the federation is public to its members.",
};
static const char *const limits[] = {
    "Copies of a library that were pulled before a retraction cannot be called back.",
    "Remains on disks and in backups outlive a deletion until they are overwritten.",
    "A data subject is covered only if all their traces form one unit.",
    "Unless the policy wants cosigners, a server that shows members different logs may go unseen.",
    "A server that invents members invents their cosignatures.",
    "What agents do with the library, and what their next traces then hold, is not bounded here.",
};

static struct json *texts(const char *const *items, size_t count)
{
    struct json *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_push(list, json_text(items[i]));
    return list;
}

struct json *statements_trust(void)
{
    return texts(trust, sizeof trust / sizeof *trust);
}

struct json *statements_limits(void)
{
    return texts(limits, sizeof limits / sizeof *limits);
}

/* --- the guarantee: what NIST SP 800-226 asks to be named --- */

/* What a threshold is, and what it is not. */
static const char *const colluders_can[] = {
    "tell with certainty that the last tenant proposed a phrase, when it is released and they know what they proposed",
    "bring a phrase of the last tenant's to release, by proposing it themselves, and so ask whether that tenant has it",
    "see by what disappears in a later library that a tenant has withdrawn it or left",
};

static void put_threshold(const struct policy *policy, struct json *reply)
{
    json_set(reply, "mechanism",
             json_text("An insight and each of its phrases is released only if at least k tenants proposed it."));
    json_set(reply, "k", json_integer(policy->k));
    json_set(reply, "min_tasks", json_integer(policy->min_tasks));
    json_set(reply, "is_differentially_private", json_bool(false));
    json_set(reply, "statement",
             json_text("A threshold of k organisations is not differential privacy: no noise is drawn, and no epsilon "
                       "bounds what a release says about one tenant."));
    json_set(reply, "colluders", json_integer((int64_t)policy->k - 1));
    json_set(reply, "colluders_can", texts(colluders_can, sizeof colluders_can / sizeof *colluders_can));
    json_set(reply, "epsilon", json_null());
    json_set(reply, "delta", json_null());
}

static const char private_mechanism[] =
    "A tenant's statements, of words of the public vocabulary and at most so many, are released by a weighted Gaussian"
    " set union: discrete Gaussian noise on each sum, and a threshold. All else is made from what was released.";
/* What the guarantee of a private round is not about. */
static const char *const private_exclusions[] = {
    "How many contributions the federation has received, and when: the log's size is public.",
    "The operator, who sees scrubbed text, exact support and counts.",
    "Noised contributions of devices, which state an epsilon of their own.",
};

/* Of one round, and from how many tenants anything comes of one. */
static enum status put_private(const struct policy *policy, struct json *reply)
{
    struct private_terms terms;
    char epsilon[DP_EPSILON_TEXT], delta[DP_ZCDP_TEXT];
    TRY(private_terms_of(policy, &terms, NULL));
    dp_epsilon_text(terms.epsilon, epsilon);
    snprintf(delta, sizeof delta, "0.%012" PRIu64, policy->dp_delta_pico);
    json_set(reply, "mechanism", json_text(private_mechanism));
    json_set(reply, "is_differentially_private", json_bool(true));
    json_set(reply, "epsilon", json_text(epsilon));
    json_set(reply, "delta", json_text(delta));
    json_set(reply, "statements", json_integer(policy->dp_statements));
    json_set(reply, "released_at_50", json_integer(private_least_support(&terms, 1, 50)));
    json_set(reply, "released_at_95", json_integer(private_least_support(&terms, 1, 95)));
    json_set(reply, "released_at_95_of_full_tenants",
             json_integer(private_least_support(&terms, policy->dp_statements, 95)));
    json_set(reply, "private_exclusions",
             texts(private_exclusions, sizeof private_exclusions / sizeof *private_exclusions));
    return OK;
}

static const char composition[] =
    "A ledger charges every enrolled tenant before a release, whether it took part or not, and refuses what would go"
    " over the lifetime cap; the cap holds also when later mechanisms depend on earlier releases. What devices' own"
    " noise declares is charged to their tenant.";

enum status admin_guarantee(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    SCOPED_JSON struct json *budget = json_object();
    json_set(reply, "budget", json_share(budget));
    TRY(json_fields_end(fields));
    bool private = vault->federation.policy.mode == RELEASE_DP;
    json_set(reply, "mode", json_text(private ? "dp" : "threshold"));
    if (private)
        TRY(put_private(&vault->federation.policy, reply));
    else
        put_threshold(&vault->federation.policy, reply);
    json_set(reply, "unit", json_text(ledger_unit_name(ledger_unit_of(vault->ledger))));
    json_set(reply, "adjacency",
             json_text("an enrolled tenant's contributions replaced by none; membership is public"));
    json_set(reply, "composition", json_text(composition));
    json_set(reply, "trust", statements_trust());
    json_set(reply, "exclusions", statements_limits());
    return statements_budget(vault, budget);
}

/* What this federation guarantees, in words and numbers, and what it does not. */
#include "server/admin.h"
#include "server/admin_statements.h"

static const char *const trust[] = {
    "The server's vault and distil see scrubbed text in clear: trust is central, there is no enclave.",
    "Class text and release mode threshold are not differential privacy and carry no epsilon.",
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

/* --- the budget --- */

static enum status spent_most(struct vault *vault, enum ledger_span span, struct dp_epsilon *most)
{
    struct tenant tenant = {0};
    enum status status;
    *most = (struct dp_epsilon){0};
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK) {
        struct dp_epsilon spent;
        TRY(ledger_spent(vault->ledger, bytes_of(tenant.id, ID_BYTES), span, vault_now(vault), &spent));
        if (dp_epsilon_compare(spent, *most) > 0)
            *most = spent;
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

static void put_epsilon(struct json *object, const char *key, struct dp_epsilon epsilon)
{
    char text[DP_EPSILON_TEXT];
    dp_epsilon_text(epsilon, text);
    json_set(object, key, json_text(text));
}

enum status statements_budget(struct vault *vault, struct json *object)
{
    struct dp_epsilon lifetime, period;
    TRY(spent_most(vault, LEDGER_LIFETIME, &lifetime));
    TRY(spent_most(vault, LEDGER_PERIOD, &period));
    json_set(object, "account", json_text("pure epsilon, basic composition"));
    json_set(object, "unit", json_text("tenant"));
    put_epsilon(object, "lifetime_cap", (struct dp_epsilon){vault->federation.policy.budget_epsilon_micro});
    put_epsilon(object, "lifetime_spent_most", lifetime);
    put_epsilon(object, "period_spent_most", period);
    json_set(object, "period_days", json_integer(LEDGER_PERIOD_SECONDS / 86400));
    return OK;
}

/* --- commands --- */

enum status admin_ledger(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    TRY(json_fields_end(fields));
    return statements_budget(vault, reply);
}

enum status admin_guarantee(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    SCOPED_JSON struct json *budget = json_object();
    json_set(reply, "budget", json_share(budget));
    TRY(json_fields_end(fields));
    json_set(reply, "mode", json_text("threshold"));
    json_set(reply, "mechanism",
             json_text("An insight and each of its phrases is released only if at least k tenants proposed it."));
    json_set(reply, "k", json_integer(vault->federation.policy.k));
    json_set(reply, "min_tasks", json_integer(vault->federation.policy.min_tasks));
    json_set(reply, "unit", json_text("tenant"));
    json_set(reply, "adjacency", json_text("an enrolled tenant's contributions replaced by none"));
    json_set(reply, "epsilon", json_null());
    json_set(reply, "trust", statements_trust());
    json_set(reply, "exclusions", statements_limits());
    return statements_budget(vault, budget);
}

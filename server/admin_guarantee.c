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

/* --- commands --- */

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

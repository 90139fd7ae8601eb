/* The client half of a world's tenants: the real way of a trace up to the sealed door, with a redactor, an extractor
 * and keys of the audit's choosing. */
#include "audits/world.h"

#include "audits/verbatim.h"

#define VERBATIM_CANDIDATES 4 /* a contribution: copies are long, and a record has a largest size */

struct tagger {
    uint8_t key[HASH_BYTES];
};

static void tagger_start(const char *tenant, uint64_t seed, struct tagger *tagger)
{
    const struct bytes parts[] = {bytes_of(&seed, sizeof seed), bytes_str(tenant)};
    hash_sha256_parts(parts, 2, tagger->key);
}

static void tag(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES])
{
    const struct tagger *tagger = state;
    hash_keyed(bytes_of(tagger->key, sizeof tagger->key), identity, out, TASK_TAG_BYTES);
}

void world_task_tag(const char *tenant, uint64_t seed, struct bytes identity, uint8_t out[static TASK_TAG_BYTES])
{
    struct tagger tagger;
    tagger_start(tenant, seed, &tagger);
    tag(&tagger, identity, out);
}

enum status world_redactor(enum scrubbing scrubbing, const struct redactor **out, struct why *why)
{
    static struct redactor *compiled[SCRUBBINGS]; /* takes a second, serves a thousand worlds: kept for the process */
    static const char *const names[SCRUBBINGS] = {"default", "off"};
    if (!compiled[scrubbing])
        TRY(redactor_new(redact_policy_text(names[scrubbing]), NULL, &compiled[scrubbing], why));
    *out = compiled[scrubbing];
    return OK;
}

void world_policy(const struct audit_scope *scope, struct policy *policy)
{
    if (scope->policy) {
        *policy = *scope->policy;
        return;
    }
    policy_default(policy);
    policy->k = scope->k;
    policy->min_tasks = 1;
}

static enum status add_files(const struct audit_tenant *tenant, struct prepare *prepare)
{
    for (size_t i = 0; i < tenant->file_count; i++) {
        enum status status = prepare_add(prepare, buf_bytes(&tenant->files[i]), tenant->file_names[i], NULL);
        if (status != OK && status != ERR_INPUT && status != ERR_TOO_LARGE)
            return status;
    }
    return OK;
}

static struct extractor extractor_of(enum scrubbing scrubbing, enum extraction extraction)
{
    if (extraction == EXTRACT_REAL)
        return extractor_contrast();
    return scrubbing == SCRUB_OFF ? extractor_verbatim_all() : extractor_verbatim();
}

enum status world_prepare(const struct audit_tenant *tenant, const struct policy *policy, enum scrubbing scrubbing,
                          enum extraction extraction, uint64_t seed, struct prepared *out, struct why *why)
{
    struct tagger tagger;
    struct policy mine = *policy;
    struct prepare_options options = {
        .policy = &mine, .extractor = extractor_of(scrubbing, extraction), .tag = tag, .tag_state = &tagger};
    struct prepare *prepare = NULL;
    *out = (struct prepared){0};
    tagger_start(tenant->name, seed, &tagger);
    if (extraction == EXTRACT_VERBATIM)
        mine.max_candidates = VERBATIM_CANDIDATES;
    TRY(world_redactor(scrubbing, &options.redactor, why));
    TRY(prepare_new(&options, &prepare));
    enum status status = add_files(tenant, prepare);
    if (status == OK)
        status = prepare_finish(prepare, out, why);
    prepare_free(prepare);
    return status;
}

enum status world_prepare_all(const struct audit_scope *scope, enum scrubbing scrubbing, enum extraction extraction,
                              struct prepared **out, struct why *why)
{
    struct policy policy;
    world_policy(scope, &policy);
    *out = mem_new(scope->tenant_count + 1, sizeof **out);
    if (!*out)
        return ERR_MEMORY;
    for (size_t i = 0; i < scope->tenant_count; i++) {
        enum status status =
            world_prepare(&scope->tenants[i], &policy, scrubbing, extraction, scope->seed, &(*out)[i], why);
        if (status != OK) {
            world_prepared_free(*out, i);
            *out = NULL;
            return status;
        }
    }
    return OK;
}

void world_prepared_free(struct prepared *prepared, size_t count)
{
    for (size_t i = 0; prepared && i < count; i++)
        prepared_free(&prepared[i]);
    mem_free(prepared);
}

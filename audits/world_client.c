/* The client half of a world's tenants: the real way of a trace up to the sealed door, with a redactor, an extractor
 * and keys of the audit's choosing. */
#include "audits/world.h"

#include "audits/client_cache.h"
#include "audits/verbatim.h"
#include "base/clock.h"

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

/* --- cached --- */

/* What a client half turns on, all of it. */
struct half {
    const struct audit_tenant *tenant;
    const struct policy *policy;
    enum scrubbing scrubbing;
    enum extraction extraction;
    uint64_t seed;
};

static enum status half_key(const struct half *half, uint8_t key[static HASH_BYTES])
{
    uint64_t numbers[] = {half->seed, half->scrubbing, half->extraction, half->tenant->file_count};
    uint8_t policy[HASH_BYTES];
    TRY(policy_hash(half->policy, policy));
    const struct bytes parts[] = {bytes_of(numbers, sizeof numbers), bytes_of(policy, sizeof policy),
                                  bytes_str(half->tenant->name)};
    hash_sha256_parts(parts, 3, key);
    for (size_t i = 0; i < half->tenant->file_count; i++) {
        struct bytes content = buf_bytes(&half->tenant->files[i]), name = bytes_str(half->tenant->file_names[i]);
        uint64_t sizes[] = {content.size, name.size};
        const struct bytes chain[] = {bytes_of(key, HASH_BYTES), bytes_of(sizes, sizeof sizes), name, content};
        hash_sha256_parts(chain, 4, key);
    }
    return OK;
}

static enum status prepare_half(const struct half *half, struct client_cache *cache, struct prepared *out,
                                struct why *why)
{
    uint8_t key[HASH_BYTES];
    bool keeps = cache && half_key(half, key) == OK;
    if (keeps && client_cache_get(cache, key, out) == OK)
        return OK;
    uint64_t started = clock_ticks();
    TRY(world_prepare(half->tenant, half->policy, half->scrubbing, half->extraction, half->seed, out, why));
    if (keeps)
        client_cache_put(cache, key, out, (double)(clock_ticks() - started) / 1e6);
    return OK;
}

enum status world_prepare_all(const struct audit_scope *scope, enum scrubbing scrubbing, enum extraction extraction,
                              struct prepared **out, struct why *why)
{
    struct policy policy;
    const struct redactor *redactor = NULL;
    world_policy(scope, &policy);
    *out = NULL;
    TRY(world_redactor(scrubbing, &redactor, why)); /* compiled once, and no part of what a client takes */
    *out = mem_new(scope->tenant_count + 1, sizeof **out);
    if (!*out)
        return ERR_MEMORY;
    for (size_t i = 0; i < scope->tenant_count; i++) {
        const struct half half = {&scope->tenants[i], &policy, scrubbing, extraction, scope->seed};
        enum status status = prepare_half(&half, scope->clients, &(*out)[i], why);
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

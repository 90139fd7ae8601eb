/* What do sizes on the wire tell? Pairs of records whose lengths differ within one step of the padding are sealed, and
 * told apart by the size of their envelopes, or of the server's answers to them. The control looks at the records' own
 * sizes. */
#include "audits/attacks.h"
#include "audits/poisoning/poison.h"

#define PAIRS_QUICK 200
#define PAIRS_FULL 2000
#define SHARE_LIMIT 0.02
#define INNER_BYTES (SIGN_BYTES + 4) /* of an envelope, beside the record */
#define LEAST 300                    /* bytes of a record */
#define MOST 60000

enum { CLAIM_ENVELOPE, CLAIM_ANSWER, CLAIM_STEP };
static const struct audit_claim claims[] = {
    [CLAIM_ENVELOPE] = {.name = "channel.size",
                        .surface = SURFACE_WIRE,
                        .target = "sealed contributions",
                        .threat = THREAT_NETWORK,
                        .knows = "two records of different lengths within one step of the padding, and an envelope",
                        .metric = "pairs told apart by the envelopes' sizes / pairs",
                        .unit = "pair",
                        .baseline = "",
                        .control = "a record and one of twice its length, which is another step, are told apart",
                        .needed = 183,
                        .limit = SHARE_LIMIT},
    [CLAIM_ANSWER] = {.name = "channel.receipt",
                      .surface = SURFACE_WIRE,
                      .target = "receipts",
                      .threat = THREAT_NETWORK,
                      .knows = "the sizes of two receipts for different records, at the same place of the log",
                      .metric = "pairs told apart by the receipts' sizes / pairs",
                      .unit = "pair",
                      .baseline = "",
                      .control = "more than half of the pairs are told apart by the records' own sizes",
                      .needed = 183,
                      .limit = SHARE_LIMIT},
    [CLAIM_STEP] = {.name = "channel.size.step",
                    .surface = SURFACE_WIRE,
                    .target = "the members' sealed contributions",
                    .threat = THREAT_NETWORK,
                    .knows = "all records of the scope, and the size of the envelope of one of them",
                    .metric = "records named rightly by the best guess / records",
                    .unit = "record",
                    .baseline = "one in all of them",
                    .control = "the records' own sizes name more of them than chance does",
                    .needed = 0,
                    .limit = 0,
                    .expected = true},
    {0},
};

/* Any record does: sealing does not look inside. */
static enum status sealed_size(const struct world *world, size_t record_size, struct random random, size_t *out)
{
    uint8_t id[ID_BYTES];
    struct envelope_header header;
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    buf_reserve(&record, record_size);
    TRY(buf_status(&record));
    memset(record.data, 'x', record_size);
    record.size = record_size;
    random_fill(random, id, sizeof id);
    world_header(world, 0, ENVELOPE_CONTRIBUTION, id, &header);
    TRY(envelope_seal(&header, world_federation(world)->sealing_key, &world_member(world, 0)->seed, buf_bytes(&record),
                      &envelope));
    *out = envelope.size;
    return OK;
}

/* Two lengths that the same step of Padmé holds. */
static void draw_pair(struct random random, size_t *one, size_t *other)
{
    do {
        *one = LEAST + (size_t)random_below(random, MOST - LEAST);
        size_t top = padme(*one + INNER_BYTES) - INNER_BYTES;
        *other = *one + 1 + (size_t)random_below(random, 64);
        *other = *other > top ? top : *other;
    } while (*one == *other);
}

static enum status is_told_apart(const struct world *world, size_t one, size_t other, struct random random,
                                 size_t *apart)
{
    size_t first = 0, second = 0;
    TRY(sealed_size(world, one, random, &first));
    TRY(sealed_size(world, other, random, &second));
    *apart += first != second;
    return OK;
}

static enum status measure_envelopes(const struct world *world, struct random random, size_t pairs,
                                     struct audit_result *result)
{
    size_t apart = 0, control = 0;
    for (size_t i = 0; i < pairs; i++) {
        size_t one, other;
        draw_pair(random, &one, &other);
        TRY(is_told_apart(world, one, other, random, &apart));
        TRY(is_told_apart(world, one, one * 2, random, &control));
    }
    audit_result_count(result, apart, pairs);
    result->control_value = (double)control / (double)pairs;
    result->control = control == pairs ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "how many there are, and when, is not hidden";
    return OK;
}

/* --- answers --- */

static enum status answer_size(struct world *world, struct random random, size_t *record_size, size_t *out)
{
    struct poison_text text;
    struct candidate candidate = {0};
    SCOPED_BUF struct buf record = {0}, envelope = {0}, body = {0};
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    enum status answer = OK;
    poison_advice(random, &text);
    TRY(poison_candidate(&text, &candidate));
    struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1, .candidates = &candidate};
    enum status status = contribution_encode(&contribution, &record);
    candidate_free(&candidate);
    TRY(status);
    random_fill(random, id, sizeof id);
    world_header(world, 0, ENVELOPE_CONTRIBUTION, id, &header);
    TRY(envelope_seal(&header, world_federation(world)->sealing_key, &world_member(world, 0)->seed, buf_bytes(&record),
                      &envelope));
    TRY(world_ask(world, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), &answer, &body));
    TRY(answer);
    *record_size = record.size;
    *out = body.size;
    return OK;
}

/* The answers to `count` records of a fresh federation: their sizes, and the records'. */
static enum status list_answers(const struct audit_scope *scope, struct random random, size_t count, size_t *records,
                                size_t *answers, struct why *why)
{
    struct policy policy;
    struct world *world = NULL;
    size_t member;
    policy_default(&policy);
    TRY(world_new(&policy, scope->seed, &world, why));
    enum status status = world_tenant(world, "measured", &member);
    for (size_t i = 0; i < count && status == OK; i++)
        status = answer_size(world, random, &records[i], &answers[i]);
    world_free(world);
    return status;
}

/* A receipt tells its place in the log, which is public: so the n-th of one federation is compared with the n-th of
 * another, to which other records were sent. */
static enum status measure_answers(const struct audit_scope *scope, struct random random, size_t count,
                                   struct audit_result *result, struct why *why)
{
    SCOPED_MEM size_t *sizes = mem_new(count * 4, sizeof *sizes);
    size_t apart = 0, records_apart = 0;
    if (!sizes)
        return ERR_MEMORY;
    TRY(list_answers(scope, random, count, sizes, sizes + count, why));
    TRY(list_answers(scope, random, count, sizes + 2 * count, sizes + 3 * count, why));
    for (size_t i = 0; i < count; i++) {
        records_apart += sizes[i] != sizes[2 * count + i];
        apart += sizes[count + i] != sizes[3 * count + i];
    }
    audit_result_count(result, apart, count);
    result->control_value = (double)records_apart / (double)count;
    result->control = records_apart > count / 2 ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "at the same place of the log; the place itself is public";
    return OK;
}

/* --- what the steps of the padding leave --- */

struct sizes {
    size_t count, *raw, *sealed; /* owned */
};

/* The best guess names one record of each size that occurs. */
static size_t different(const size_t *sizes, size_t count)
{
    size_t kinds = 0;
    for (size_t i = 0; i < count; i++) {
        size_t j = 0;
        while (sizes[j] != sizes[i])
            j++;
        kinds += j == i;
    }
    return kinds;
}

static enum status list_sizes(const struct audit_scope *scope, const struct prepared *prepared,
                              const struct world *world, struct random random, struct sizes *sizes)
{
    size_t all = 0;
    for (size_t t = 0; t < scope->tenant_count; t++)
        all += prepared[t].count;
    sizes->raw = mem_new(all + 1, sizeof *sizes->raw);
    sizes->sealed = mem_new(all + 1, sizeof *sizes->sealed);
    if (!sizes->raw || !sizes->sealed)
        return ERR_MEMORY;
    for (size_t t = 0; t < scope->tenant_count; t++)
        for (size_t i = 0; i < prepared[t].count; i++) {
            sizes->raw[sizes->count] = prepared[t].items[i].record.size;
            TRY(sealed_size(world, sizes->raw[sizes->count], random, &sizes->sealed[sizes->count]));
            sizes->count++;
        }
    return OK;
}

static enum status measure_steps(const struct audit_scope *scope, const struct world *world, struct random random,
                                 struct audit_result *result, struct why *why)
{
    struct prepared *prepared = NULL;
    struct sizes sizes = {0};
    TRY(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    enum status status = list_sizes(scope, prepared, world, random, &sizes);
    result->note = "too few records of the scope leave";
    if (status == OK && sizes.count > 1) {
        size_t named = different(sizes.raw, sizes.count);
        audit_result_census(result, different(sizes.sealed, sizes.count), sizes.count);
        result->baseline = 1 / (double)sizes.count;
        result->tolerated = result->limit = result->baseline;
        result->control_value = (double)named / (double)sizes.count;
        result->control = named > 1 ? CONTROL_PASSED : CONTROL_FAILED;
        result->note = "padding is in steps (Nikitin et al. 2019): a size tells its step, by design";
    }
    mem_free(sizes.raw);
    mem_free(sizes.sealed);
    world_prepared_free(prepared, scope->tenant_count);
    return status;
}

/* One world at a time: that of the envelopes is gone before those of the answers begin. */
static enum status measure_sealed(const struct audit_scope *scope, struct random random, size_t pairs,
                                  struct audit_result results[static 3], struct why *why)
{
    struct policy policy;
    struct world *world = NULL;
    size_t member;
    policy_default(&policy);
    TRY(world_new(&policy, scope->seed, &world, why));
    enum status status = world_tenant(world, "measured", &member);
    if (status == OK)
        status = measure_envelopes(world, random, pairs, &results[CLAIM_ENVELOPE]);
    if (status == OK)
        status = measure_steps(scope, world, random, &results[CLAIM_STEP], why);
    world_free(world);
    return status;
}

static enum status run_sizes(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0x512e);
    size_t pairs = scope->full ? PAIRS_FULL : PAIRS_QUICK;
    struct audit_result results[] = {audit_result_start(&claims[CLAIM_ENVELOPE]),
                                     audit_result_start(&claims[CLAIM_ANSWER]),
                                     audit_result_start(&claims[CLAIM_STEP])};
    TRY(measure_sealed(scope, random, pairs, results, why));
    TRY(measure_answers(scope, random, pairs, &results[CLAIM_ANSWER], why));
    for (size_t i = 0; i < sizeof results / sizeof *results; i++)
        TRY(audit_results_add(out, &results[i]));
    return OK;
}

const struct attack attack_sizes = {
    .name = "channel-sizes",
    .summary = "Do the sizes of sealed messages tell what is in them?",
    .paper = "Nikitin et al. 2019 (Padme)",
    .family = FAMILY_SIDE_CHANNEL,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 1,
    .claims = claims,
    .run = run_sizes,
};

/* Attackers without the device's half, at the noise floor: what FORA and UnSplit get. Their control starts them at the
 * device's own half, without noise: the same search where there is something to find. */
#include "audits/attacks.h"
#include "audits/split/floor.h"

#define SUBSTITUTE_STEPS 200
#define UNSPLIT_ROUNDS 8

/* What the attacker has seen: one release of every lesson of the tenant. */
static enum status observe(struct floor_bench *bench, struct random random, float **out, size_t *count)
{
    struct dp_stream *stream = NULL;
    *count = 0;
    *out = mem_new(bench->lessons->count * bench->half.width, sizeof **out);
    if (!*out)
        return ERR_MEMORY;
    enum status status = dp_stream_new(random, &stream);
    for (size_t i = 0; i < bench->lessons->count && status == OK; i++)
        if (bench->lessons->items[i].tenant == bench->tenant)
            status = half_release(&bench->half, bench->lessons->items[i].candidate, stream,
                                  *out + (*count)++ * bench->half.width);
    dp_stream_free(stream);
    return status;
}

static void start(struct floor_bench *bench)
{
    if (bench->setting == FLOOR_BARE)
        memcpy(bench->own.layer.parameters, bench->half.layer.parameters,
               bench->own.layer.count * sizeof *bench->own.layer.parameters);
}

static enum status train_substitute(struct floor_bench *bench, struct random random)
{
    SCOPED_MEM float *observed = NULL;
    size_t count;
    TRY(observe(bench, random, &observed, &count));
    if (count == 0)
        return OK; /* a tenant without lessons is not attacked */
    start(bench);
    TRY(substitute_learn(&bench->own, &bench->shadows, observed, count, SUBSTITUTE_STEPS, random));
    return inverse_learn(&bench->own, &bench->shadows, bench->shadows.words, bench->shadows.vocabulary,
                         floor_epochs(bench), random, &bench->inverse);
}

static enum status train_unsplit(struct floor_bench *bench, struct random random)
{
    SCOPED_MEM float *observed = NULL;
    size_t count;
    TRY(observe(bench, random, &observed, &count));
    if (count == 0)
        return OK;
    start(bench);
    return unsplit_new(bench->lessons, &bench->own, observed, count, UNSPLIT_ROUNDS, &bench->unsplit);
}

static enum status guess_unsplit(void *state, const float *released, size_t count, struct guess *out)
{
    return unsplit_guess(&((struct floor_bench *)state)->unsplit, released, count, out);
}

enum { ATTACK_SUBSTITUTE, ATTACK_UNSPLIT, ATTACKS };
static const struct floor_attack table[ATTACKS] = {
    [ATTACK_SUBSTITUTE] = {HALF_LAYER, false, 2, 8, train_substitute, floor_guess_inverse},
    [ATTACK_UNSPLIT] = {HALF_LAYER, false, 1, 2, train_unsplit, guess_unsplit},
};

#define KNOWS_PUBLIC "other tenants' lessons and what leaves, not the device's half"
#define KNOWS_SHAPE "the shape of the device's half and what leaves, no lesson of anybody's"
#define OWN_HALF "the same attack without noise, begun at the device's own half"

enum { CLAIM_SUBSTITUTE, CLAIM_SUBSTITUTE_ROUGE, CLAIM_UNSPLIT, CLAIM_UNSPLIT_ROUGE, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_SUBSTITUTE] = FLOOR_CLAIM("substitute", "token accuracy", KNOWS_PUBLIC, OWN_HALF, false),
    [CLAIM_SUBSTITUTE_ROUGE] = FLOOR_CLAIM("substitute.rouge", "ROUGE-L", KNOWS_PUBLIC, OWN_HALF, false),
    [CLAIM_UNSPLIT] = FLOOR_CLAIM("unsplit", "token accuracy", KNOWS_SHAPE, OWN_HALF, false),
    [CLAIM_UNSPLIT_ROUGE] = FLOOR_CLAIM("unsplit.rouge", "ROUGE-L", KNOWS_SHAPE, OWN_HALF, false),
};

static const struct floor_row rows[] = {
    {&claims[CLAIM_SUBSTITUTE], ATTACK_SUBSTITUTE, MEASURE_WORDS,
     "hypothetical: no features leave; a half made like the device's from how features are spread"},
    {&claims[CLAIM_SUBSTITUTE_ROUGE], ATTACK_SUBSTITUTE, MEASURE_ORDER,
     "hypothetical: its words in the order in which they tend to stand"},
    {&claims[CLAIM_UNSPLIT], ATTACK_UNSPLIT, MEASURE_WORDS,
     "hypothetical: no features leave; a half and inputs that together make what leaves"},
    {&claims[CLAIM_UNSPLIT_ROUGE], ATTACK_UNSPLIT, MEASURE_ORDER,
     "hypothetical: its words in the order in which they tend to stand"},
};

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    const struct floor_table floor = {"split.surrogate", ATTACKS, sizeof rows / sizeof *rows, table, rows, claims};
    return floor_run(&floor, scope, out, why);
}

const struct attack attack_split_surrogate = {
    .name = "split-surrogate",
    .summary = "Could features at the noise floor be read by somebody who does not know how a device makes them?",
    .paper = "Erdogan, Kupcu, Cicek 2022 (UnSplit); Xu et al. 2024 (FORA)",
    .family = FAMILY_SPLIT,
    .quick = false,
    .full_seconds = 40,
    .claims = claims,
    .run = run,
};

/* Does a comparison of secrets tell where two values differ? The real one is called with pairs that differ at one byte
 * or nowhere, and its instructions are counted; all pairs must take the same count. The control is a comparison that
 * returns at the first byte that differs, as memcmp may. */
#include "audits/attacks.h"
#include "audits/channel/steps.h"
#include "base/secret.h"

#define SECRET_SIZE 32
#define PAIRS_QUICK 200
#define PAIRS_FULL 2000
#define CONTROLS 32
#define SHARE_LIMIT 0.02

static const struct audit_claim claims[] = {
    {.name = "channel.comparison",
     .surface = SURFACE_WIRE,
     .target = "secrets that messages are compared with",
     .threat = THREAT_NETWORK,
     .knows = "how many instructions a comparison takes, exactly",
     .metric = "pairs told from equal ones by the count of instructions / pairs",
     .unit = "pair",
     .baseline = "",
     .control = "a comparison that returns at the first difference is told apart",
     .needed = 183,
     .limit = SHARE_LIMIT},
    {0},
};

struct pair {
    uint8_t a[SECRET_SIZE], b[SECRET_SIZE];
};
static volatile bool outcome; /* so that no comparison is left out */

static void compare_real(const void *context)
{
    const struct pair *pair = context;
    outcome = secret_equal(bytes_of(pair->a, SECRET_SIZE), bytes_of(pair->b, SECRET_SIZE));
}

static void compare_early(const void *context)
{
    const struct pair *pair = context;
    size_t i = 0;
    while (i < SECRET_SIZE && pair->a[i] == pair->b[i])
        i++;
    outcome = i == SECRET_SIZE;
}

/* Pairs that take another count than an equal pair does. */
static enum status told_apart(void (*compare)(const void *context), struct random random, size_t pairs, size_t *out)
{
    struct pair pair;
    size_t equal = 0;
    random_fill(random, pair.a, SECRET_SIZE);
    memcpy(pair.b, pair.a, SECRET_SIZE);
    TRY(steps_count(compare, &pair, &equal));
    for (size_t i = 0; i < pairs; i++) {
        size_t steps = 0;
        random_fill(random, pair.a, SECRET_SIZE);
        memcpy(pair.b, pair.a, SECRET_SIZE);
        pair.b[i % SECRET_SIZE] ^= (uint8_t)(1 + random_below(random, 255));
        TRY(steps_count(compare, &pair, &steps));
        *out += steps != equal;
    }
    return OK;
}

static enum status measure(const struct audit_scope *scope, struct audit_result *result)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0xc0);
    size_t pairs = scope->full ? PAIRS_FULL : PAIRS_QUICK, real = 0, early = 0;
    TRY(told_apart(compare_real, random, pairs, &real));
    TRY(told_apart(compare_early, random, CONTROLS, &early));
    audit_result_count(result, real, pairs);
    result->control_value = (double)early / CONTROLS;
    result->control = early == CONTROLS ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "32 bytes, one of them changed, at each place in turn; caches and branch prediction are not counted";
    return OK;
}

static enum status run_comparison(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct audit_result result = audit_result_start(&claims[0]);
    (void)why;
    enum status status = measure(scope, &result);
    if (status == ERR_UNAVAILABLE)
        return audit_not_evaluated(out, claims, "this system lets no process be traced");
    TRY(status);
    return audit_results_add(out, &result);
}

const struct attack attack_comparison = {
    .name = "channel-comparison",
    .summary = "Does comparing a secret tell how much of a guess was right?",
    .paper = "after Reparaz, Balasch & Verbauwhede 2017 (dudect), with instructions counted instead of timed",
    .family = FAMILY_SIDE_CHANNEL,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 5,
    .claims = claims,
    .run = run_comparison,
};

/* chathamd budget plan: arithmetic alone, no federation is asked. Hides which figures are given and which are wanted.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "dp/plan.h"
#include "insight/release_private.h"
#include "server/budget.h"
#include "server/command.h"

#define ROUNDS 12
#define EPSILON_MOST UINT64_C(1000000000) /* of a policy's budget */

struct plan {
    struct dp_mechanism round; /* what one round spends */
    uint64_t rounds, delta, keys;
    struct dp_epsilon epsilon; /* the budget for life that lets all rounds through */
    struct dp_epsilon fixed;   /* what they come to if none depends on another's release */
    struct dp_epsilon sigma;   /* Gaussian noise that comes to as much; 0: none was looked for */
};

/* --- reading --- */

static enum status bad(struct why *why, const char *option)
{
    return why_set(why, ERR_USAGE, "not a plain decimal within its range", option, 0);
}

static enum status take_epsilon(const char *text, const char *option, struct dp_epsilon *out, struct why *why)
{
    if (!text || dp_epsilon_parse(bytes_str(text), out) == OK)
        return OK;
    return bad(why, option);
}

static enum status take_delta(const char *text, const char *option, uint64_t *out, struct why *why)
{
    if (!text || dp_delta_parse(bytes_str(text), out) == OK)
        return OK;
    return bad(why, option);
}

static struct dp_mechanism gaussian(struct dp_epsilon sigma)
{
    return (struct dp_mechanism){.noise = DP_NOISE_GAUSSIAN, .sensitivity = 1, .sigma = {sigma.micro, DP_EPSILON_ONE}};
}

static enum status take_figures(const struct daemon_arguments *arguments, struct plan *plan, struct dp_epsilon *target,
                                struct why *why)
{
    *plan = (struct plan){.rounds = arguments->rounds ? arguments->rounds : ROUNDS,
                          .keys = arguments->keys ? arguments->keys : 1,
                          .delta = BUDGET_DELTA};
    TRY(take_epsilon(arguments->epsilon, "--epsilon", target, why));
    TRY(take_delta(arguments->delta, "--delta", &plan->delta, why));
    plan->round = (struct dp_mechanism){.noise = DP_NOISE_APPROXIMATE, .delta = plan->delta / 4 / plan->rounds};
    TRY(take_epsilon(arguments->round_epsilon, "--round-epsilon", &plan->round.epsilon, why));
    TRY(take_delta(arguments->round_delta, "--round-delta", &plan->round.delta, why));
    TRY(take_epsilon(arguments->sigma, "--sigma", &plan->sigma, why));
    if (arguments->sigma)
        plan->round = gaussian(plan->sigma);
    int given = !!arguments->epsilon + !!arguments->round_epsilon + !!arguments->sigma;
    if (given == 1 && !(arguments->sigma && arguments->round_delta))
        return OK;
    return why_set(why, ERR_USAGE, "give one of --epsilon, --round-epsilon (or with --round-delta), --sigma", NULL, 0);
}

/* --- planning, by the ledger's own arithmetic --- */

/* A round of an ε and a δ is one of mode dp: the release that such a policy makes. A loss that no noise has fits under
 * no cap. */
static struct ledger_loss loss_of(const struct plan *plan)
{
    struct private_terms terms;
    if (plan->round.noise != DP_NOISE_APPROXIMATE)
        return ledger_loss_of_zcdp(dp_mechanism_zcdp(&plan->round));
    if (private_terms_for(plan->round.epsilon, plan->round.delta, (uint32_t)plan->keys, &terms, NULL) != OK)
        return ledger_loss_of_zcdp((struct dp_zcdp){LEDGER_MOST, DP_DELTA_ONE});
    return ledger_loss_of_zcdp(terms.mechanism.loss);
}

/* Whether a ledger with this cap charges all rounds. */
static bool allows(const struct plan *plan, const struct ledger_loss *cap)
{
    struct ledger_loss sum = {0};
    const struct ledger_loss one = loss_of(plan);
    for (uint64_t i = 0; i < plan->rounds && ledger_loss_fits(sum, *cap); i++)
        sum = ledger_loss_add(sum, one);
    return ledger_loss_fits(sum, *cap);
}

static bool budget_allows(const struct plan *plan, uint64_t micro)
{
    struct ledger_loss cap;
    return ledger_cap_of((struct dp_epsilon){micro}, plan->delta, &cap) == OK && allows(plan, &cap);
}

/* The least budget that lets all rounds through. */
static enum status least_budget(struct plan *plan, struct why *why)
{
    uint64_t low = 0, high = EPSILON_MOST;
    if (!budget_allows(plan, high))
        return why_set(why, ERR_POLICY, "no budget lets so many rounds through: more noise, or a smaller delta a round",
                       NULL, 0);
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        *(budget_allows(plan, middle) ? &high : &low) = middle;
    }
    plan->epsilon.micro = high;
    return OK;
}

/* The largest ε that a round may have, and the least Gaussian noise that comes to as much. */
static enum status look_for(struct plan *plan, struct dp_epsilon target, struct why *why)
{
    struct ledger_loss cap;
    struct dp_mechanism found, noise = gaussian((struct dp_epsilon){DP_EPSILON_ONE});
    uint64_t low = 0, high = DP_MECHANISM_EPSILON_MOST + 1;
    TRY(ledger_cap_of(target, plan->delta, &cap));
    while (high - low > 1) {
        plan->round.epsilon.micro = low + (high - low) / 2;
        *(allows(plan, &cap) ? &low : &high) = plan->round.epsilon.micro;
    }
    plan->round.epsilon.micro = low;
    if (low == 0)
        return why_set(why, ERR_POLICY, "no noise is enough for so many rounds", NULL, 0);
    TRY(dp_plan_noise(DP_SCHEDULE_ADAPTIVE, &noise, plan->rounds, target, plan->delta / 2, &found, why));
    return dp_epsilon_of(found.sigma.numerator, found.sigma.denominator, &plan->sigma);
}

static enum status compute(struct plan *plan, struct dp_epsilon target, struct why *why)
{
    if (target.micro)
        TRY(look_for(plan, target, why));
    const struct dp_step step = {plan->round, 1};
    TRY(dp_mechanism_check(&plan->round, why));
    TRY(least_budget(plan, why));
    enum status status = dp_plan_epsilon(DP_SCHEDULE_FIXED, &step, 1, plan->rounds, plan->delta, &plan->fixed, NULL);
    if (status != OK || dp_epsilon_compare(plan->epsilon, plan->fixed) < 0) /* which holds for these schedules, too */
        plan->fixed = plan->epsilon;
    return status == ERR_MEMORY ? status : OK;
}

/* --- telling --- */

static void put_epsilon(struct json *object, const char *key, struct dp_epsilon epsilon)
{
    char text[DP_EPSILON_TEXT];
    dp_epsilon_text(epsilon, text);
    json_set(object, key, json_text(text));
}

static void put_delta(struct json *object, const char *key, uint64_t delta)
{
    char text[DP_ZCDP_TEXT];
    snprintf(text, sizeof text, "0.%018" PRIu64, delta);
    json_set(object, key, json_text(text));
}

/* Tenants that must say a statement, each as many as `keys` of them, so that it is released. */
static enum status tell_support(const struct plan *plan, struct json *answer, struct why *why)
{
    struct private_terms terms;
    TRY(private_terms_for(plan->round.epsilon, plan->round.delta, (uint32_t)plan->keys, &terms, why));
    struct json *support = json_object();
    json_set(support, "released_half_the_time", json_integer(private_least_support(&terms, (uint32_t)plan->keys, 50)));
    json_set(support, "released_95_percent", json_integer(private_least_support(&terms, (uint32_t)plan->keys, 95)));
    json_set(answer, "support", support);
    json_set(answer, "keys_of_a_tenant", json_integer((int64_t)plan->keys));
    return OK;
}

static enum status tell(const struct plan *plan, struct json *answer, struct why *why)
{
    json_set(answer, "unit", json_text(ledger_unit_name(LEDGER_TENANT)));
    json_set(answer, "rounds", json_integer((int64_t)plan->rounds));
    put_delta(answer, "delta", plan->delta);
    put_epsilon(answer, "epsilon", plan->epsilon);
    put_epsilon(answer, "epsilon_if_fixed_beforehand", plan->fixed);
    if (plan->sigma.micro)
        put_epsilon(answer, "round_sigma", plan->sigma);
    if (plan->round.noise == DP_NOISE_GAUSSIAN)
        return OK;
    put_epsilon(answer, "round_epsilon", plan->round.epsilon);
    put_delta(answer, "round_delta", plan->round.delta);
    return tell_support(plan, answer, why);
}

enum status daemon_budget_plan(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    struct plan plan;
    struct dp_epsilon target = {0};
    SCOPED_JSON struct json *answer = json_object();
    TRY(take_figures(arguments, &plan, &target, why));
    TRY(compute(&plan, target, why));
    TRY(tell(&plan, answer, why));
    return json_canonical(answer, result);
}

/* --- replay --- */

#define STATEMENT_MAX (64u * 1024)

enum status daemon_budget_replay(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    struct json *statement = NULL;
    SCOPED_JSON struct json *command = json_object();
    SCOPED_BUF struct buf text = {0}, file = {0};
    json_set(command, "command", json_text("budget.replay"));
    if (arguments->word) {
        enum status status = file_read(arguments->word, STATEMENT_MAX, &file);
        if (status != OK)
            return why_set(why, status, "cannot be read", "FILE", 0);
        TRY(json_parse(buf_bytes(&file), STATEMENT_MAX, &statement, why));
        json_set(command, "statement", statement);
    }
    TRY(json_canonical(command, &text));
    return daemon_ask(arguments, buf_bytes(&text), result, why);
}

/* Mode `dp`: the questions of WP29 (opinion 05/2014) about a library whose noise is stated. Individuals are tenants
 * with one statement each, which colluders hold as often as makes one tenant more count most.
 *
 * Linkability, inference and composition: a coin says whether a tenant takes part, in all of some rounds; the attacks
 * are those on other libraries (audits/linkage/nearest.h), and of all rounds together the count of those that show it.
 * Attribute: of a tenant it is known which two things it may have said. Singling out: what a tenant alone says. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/epsilon/allowed.h"
#include "audits/epsilon/alone.h"
#include "audits/epsilon/selection.h"
#include "audits/linkage/either.h"
#include "audits/linkage/nearest.h"
#include "audits/statistics/risk.h"
#include "audits/statistics/statistics.h"

#define TENANTS_LEAST 200 /* of a world */
#define STATEMENTS 32     /* of a colluder */
#define WORLDS_QUICK 4
#define WORLDS_FULL 24
#define WORLDS_ALONE 3
#define ROUNDS 4
#define ALONE_LIMIT .01
/* What a control must surely reach, whatever is allowed: a limit near 1 is no reason to fail a search that finds all.
 */
#define CONTROL_RISK .5
#define CONTROL_AREA .75

/* --- what is claimed --- */

#define REFERENCE "a library of mode dp (for one of mode threshold a reference of epsilon 4, delta 1e-5)"
#define PRIVATE_CLAIM(id, on, what, who, knowing, measured, units, based, controlled, count, most)                     \
    {                                                                                                                  \
        .name = "linkage.private." id, .surface = on, .target = what, .threat = who, .knows = knowing,                 \
        .metric = measured, .unit = units, .baseline = based, .control = controlled, .needed = count, .limit = most,   \
        .tolerated = most /* what the policy allows */                                                                 \
    }
#define RISK_CLAIM(id, knowing, measured)                                                                              \
    PRIVATE_CLAIM(id, SURFACE_LIBRARY, REFERENCE, THREAT_COLLUDERS, knowing, measured, "tenant",                       \
                  "a nearest insight by chance", "the same attack on the records of all who took part", 2000, 1)

enum { CLAIM_ALONE, CLAIM_LINK, CLAIM_INFER, CLAIM_ATTRIBUTE, CLAIM_COMPOSITION, CLAIMS };
static const struct audit_claim claims[CLAIMS + 1] = {
    [CLAIM_ALONE] = PRIVATE_CLAIM("single-out", SURFACE_LIBRARY, REFERENCE, THREAT_OUTSIDER, "the library",
                                  "statements of one tenant alone that are published / said", "statement",
                                  "nobody says it: never released",
                                  "statements of as many tenants as a release takes are found", 370, ALONE_LIMIT),
    [CLAIM_LINK] =
        RISK_CLAIM("link", "the library, and of a tenant its situation in one data set and its actions in another",
                   "tenants whose two halves have one nearest insight, beyond those who said nothing"),
    [CLAIM_INFER] = RISK_CLAIM("infer", "the library, and the situation of a tenant",
                               "tenants whose action is that of the nearest insight, beyond those who said nothing"),
    [CLAIM_ATTRIBUTE] = PRIVATE_CLAIM("attribute", SURFACE_LIBRARY, REFERENCE, THREAT_COLLUDERS,
                                      "the library, two things of which a tenant said one, and what all others said",
                                      "right ones of two statements named", "tenant", "a coin",
                                      "the same choice from a selection without noise", CHOICE_NEEDED, 1),
    [CLAIM_COMPOSITION] =
        PRIVATE_CLAIM("composition", SURFACE_DIFFERENCE, "four versions of " REFERENCE, THREAT_COLLUDERS,
                      "all versions, and what all others said in all rounds",
                      "area under the ROC of tenants that took part in all rounds against tenants that did in none",
                      "tenant", "one half", "the same from selections without noise", 2000, 1),
};

/* --- a world of coins: of each tenant --- */

enum { IN, COUNT, LINKED, INFERRED, RAW_LINKED, RAW_INFERRED, NUMBERS };
struct records {
    struct crowd crowd;
    struct table all; /* of the tenants: of each its statement */
};

/* Both attacks on each tenant, from the release in which they look. */
static enum status attack_records(const struct records *run, const struct table *release, size_t linked,
                                  size_t inferred, struct random random, double *out)
{
    for (size_t i = 0; i < run->all.rows && release->rows > 0; i++) {
        const struct nearest target = {&run->all, release, i};
        TRY(nearest_links(&target, random, &out[i * NUMBERS + linked]));
        TRY(nearest_infers(&target, random, &out[i * NUMBERS + inferred]));
    }
    return OK;
}

static enum status attack_library(const struct records *run, const struct library *library, struct random random,
                                  double *out)
{
    struct table release;
    TRY(records_of_library(library, &release));
    enum status status = attack_records(run, &release, LINKED, INFERRED, random, out);
    table_free(&release);
    return status;
}

/* The control: the records of who took part. */
static enum status attack_raw(const struct records *run, struct random random, double *out)
{
    struct table release;
    enum status status = OK;
    records_init(&release);
    for (size_t i = 0; i < run->all.rows && status == OK; i++)
        if (out[i * NUMBERS + IN] > 0)
            status = table_add(&release, i, &run->all.cells[i * run->all.columns]);
    if (status == OK)
        status = attack_records(run, &release, RAW_LINKED, RAW_INFERRED, random, out);
    table_free(&release);
    return status;
}

static enum status run_round(struct records *run, bool first, struct random random, double *out)
{
    struct library library = {0};
    SCOPED_MEM double *shown = mem_new(run->all.rows + 1, sizeof *shown);
    if (!shown)
        return ERR_MEMORY;
    enum status status = worlds_round(&run->crowd.worlds, &library);
    if (status == OK)
        canaries_shown(&run->crowd.canaries, &library, shown);
    for (size_t i = 0; i < run->all.rows; i++)
        out[i * NUMBERS + COUNT] += shown[i] > 0;
    if (status == OK && first)
        status = attack_library(run, &library, random, out);
    library_free(&library);
    return status;
}

static enum status run_coins(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    struct records *run = context;
    struct crowd *crowd = &run->crowd;
    memset(out, 0, run->all.rows * NUMBERS * sizeof *out);
    TRY(worlds_begin(&crowd->worlds, random));
    for (size_t i = 0; i < run->all.rows; i++) {
        out[i * NUMBERS + IN] = (double)random_below(random, 2);
        if (out[i * NUMBERS + IN] > 0)
            TRY(crowd_say(crowd, i, crowd_member(crowd, i)));
    }
    for (size_t round = 0; round < ROUNDS; round++)
        TRY(run_round(run, round == 0, random, out));
    return attack_raw(run, random, out);
}

/* --- a world of choices: the first tenant of each pair says one of both statements --- */

static enum status run_choices(void *context, size_t trial, struct random random, double *out)
{
    (void)trial;
    struct crowd *crowd = &((struct records *)context)->crowd;
    size_t count = either_count(crowd);
    SCOPED_MEM struct either *pairs = mem_new(count + 1, sizeof *pairs);
    SCOPED_MEM double *shown = mem_new(crowd->canaries.count + 1, sizeof *shown);
    if (!pairs || !shown)
        return ERR_MEMORY;
    TRY(worlds_begin(&crowd->worlds, random));
    either_draw(crowd, random, pairs);
    for (size_t i = 0; i < count; i++)
        TRY(crowd_say(crowd, pairs[i].one, crowd_member(crowd, 2 * i)));
    TRY(crowd_round(crowd, shown));
    either_guess(crowd, pairs, shown, random, out);
    return OK;
}

/* --- results --- */

/* Successes on as many who took part as on those who did not. */
static struct rates rates_of(const double *outcomes, size_t number, size_t count)
{
    struct rates rates = {0};
    size_t sides[2] = {0}, seen[2] = {0};
    for (size_t i = 0; i < count; i++)
        sides[outcomes[i * NUMBERS + IN] > 0]++;
    rates.attacks = sides[0] < sides[1] ? sides[0] : sides[1];
    for (size_t i = 0; i < count; i++) {
        bool in = outcomes[i * NUMBERS + IN] > 0, hit = outcomes[i * NUMBERS + number] > 0;
        if (seen[in]++ < rates.attacks)
            *(in ? &rates.members : &rates.held_out) += hit;
    }
    return rates;
}

/* In all rounds together. */
static void doubt(const struct records *run, const double *outcomes, size_t worlds, struct audit_result *result)
{
    size_t count = worlds * run->all.rows, shown = 0;
    for (size_t i = 0; i < count; i++)
        shown += (size_t)outcomes[i * NUMBERS + COUNT];
    crowd_doubt(&run->crowd, shown, ROUNDS * count, result);
}

/* What is allowed turns on how often the attack succeeds on those who said nothing: on no more than that rate's upper
 * end. */
static enum status report_risk(const struct records *run, const double *outcomes, size_t worlds, size_t which,
                               struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[which]);
    size_t count = worlds * run->all.rows;
    struct rates found = rates_of(outcomes, which == CLAIM_LINK ? LINKED : INFERRED, count);
    struct rates raw = rates_of(outcomes, which == CLAIM_LINK ? RAW_LINKED : RAW_INFERRED, count);
    double held_out = dp_proportion_interval(found.held_out, found.attacks).high;
    audit_result_risk(&result, found.members, found.held_out, found.attacks);
    result.limit = result.tolerated = allowed_risk(allowed_same(&run->crowd.canaries.terms, 1, 1), held_out);
    result.baseline = 0;
    const struct interval sure = stat_risk_interval(&raw, .025);
    audit_result_control(&result, stat_risk(&raw), sure.low, sure.high, CONTROL_RISK);
    result.note = "a pass is what the Gaussian noise of this epsilon and delta allows beyond those who said nothing";
    doubt(run, outcomes, worlds, &result);
    return audit_results_add(out, &result);
}

static enum status area_of(const double *outcomes, size_t number, size_t count, struct auc *out)
{
    size_t in = 0, not_in = 0;
    SCOPED_MEM double *sides = mem_new(2 * count + 1, sizeof *sides);
    if (!sides)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const double *of = &outcomes[i * NUMBERS];
        sides[of[IN] > 0 ? in++ : count + not_in++] = of[number];
    }
    return stat_auc(sides, in, sides + count, not_in, out);
}

/* Without noise each round shows who is in. */
static enum status silent_area(const struct records *run, const double *outcomes, struct random random, struct auc *out)
{
    size_t count = run->all.rows;
    SCOPED_MEM double *numbers = mem_new(count * NUMBERS + 1, sizeof *numbers);
    SCOPED_MEM double *shown = mem_new(count + 1, sizeof *shown);
    SCOPED_MEM bool *in = mem_new(count + 1, sizeof *in);
    if (!numbers || !shown || !in)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        in[i] = outcomes[i * NUMBERS + IN] > 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        TRY(crowd_silent(&run->crowd, in, random, shown));
        for (size_t i = 0; i < count; i++)
            numbers[i * NUMBERS + COUNT] += shown[i];
    }
    for (size_t i = 0; i < count; i++)
        numbers[i * NUMBERS + IN] = in[i];
    return area_of(numbers, COUNT, count, out);
}

static enum status report_composition(const struct records *run, const double *outcomes, size_t worlds,
                                      struct random random, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_COMPOSITION]);
    struct auc auc, control;
    TRY(area_of(outcomes, COUNT, worlds * run->all.rows, &auc));
    TRY(silent_area(run, outcomes, random, &control));
    result.samples = worlds * run->all.rows;
    result.kind = INTERVAL_NORMAL;
    result.value = auc.value;
    result.low = auc.interval.low;
    result.high = auc.interval.high;
    result.limit = result.tolerated = allowed_area(allowed_same(&run->crowd.canaries.terms, 1, ROUNDS));
    result.baseline = .5;
    audit_result_control(&result, control.value, control.interval.low, control.interval.high, CONTROL_AREA);
    result.note = "each round is drawn anew and charged anew: four allow twice the shift of one";
    doubt(run, outcomes, worlds, &result);
    return audit_results_add(out, &result);
}

static enum status report_choices(const struct records *run, const double *outcomes, size_t worlds,
                                  struct random random, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_ATTRIBUTE]);
    struct either_found found = {0};
    for (size_t world = 0; world < worlds; world++)
        either_add(&run->crowd, &outcomes[world * either_numbers(&run->crowd)], &found);
    result.note = "one thing for another is at most the root of two of what one tenant more is";
    TRY(either_result(&run->crowd, &found, random, &result));
    return audit_results_add(out, &result);
}

/* --- the run --- */

static enum status run_series(struct records *run, const struct audit_scope *scope, const char *name, size_t worlds,
                              size_t numbers, enum status world(void *, size_t, struct random, double *),
                              struct audit_results *results, double **out)
{
    const struct trials trials = {.name = name,
                                  .count = worlds,
                                  .numbers = numbers,
                                  .parameters = worlds_parameters(&run->crowd.worlds, run->all.rows),
                                  .place = TRIAL_FORKED,
                                  .run = world,
                                  .context = run};
    return trials_run_worlds(scope, &trials, results, out);
}

static enum status run_crowd(struct records *run, const struct audit_scope *scope, struct random random,
                             struct audit_results *out)
{
    SCOPED_MEM double *coins = NULL, *choices = NULL;
    size_t worlds = scope->full ? WORLDS_FULL : WORLDS_QUICK;
    TRY(records_of_candidates(run->crowd.canaries.items, run->crowd.canaries.count, &run->all));
    TRY(run_series(run, scope, "linkage.private", worlds, run->all.rows * NUMBERS, run_coins, out, &coins));
    TRY(report_risk(run, coins, worlds, CLAIM_LINK, out));
    TRY(report_risk(run, coins, worlds, CLAIM_INFER, out));
    TRY(report_composition(run, coins, worlds, random, out));
    TRY(run_series(run, scope, "linkage.private.attribute", worlds, either_numbers(&run->crowd), run_choices, out,
                   &choices));
    return report_choices(run, choices, worlds, random, out);
}

static enum status single_out(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct private_terms terms;
    struct alone found;
    struct audit_result result = audit_result_start(&claims[CLAIM_ALONE]);
    selection_policy(scope, &policy);
    TRY(private_terms_of(&policy, &terms, why));
    TRY(alone_publish(scope, "linkage.private.alone", 1, TENANTS_LEAST, WORLDS_ALONE, &found, out, why));
    TRY(alone_control(scope, "linkage.private.alone.control", &result, out, why));
    audit_result_count(&result, found.published, found.said);
    result.tolerated = allowed_alone(&terms, 1);
    result.limit = fmax(ALONE_LIMIT, result.tolerated);
    result.baseline = 0;
    result.note = "what is published has many tenants behind it: no statement of it is one tenant's alone";
    return audit_results_add(out, &result);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    static const struct crowd_plan plan = {
        .place = CANARY_STEEPEST, .group = STATEMENTS, .least = TENANTS_LEAST, .targets = 1};
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0x117);
    struct records run = {.all = {0}};
    enum status status = crowd_open(scope, &plan, random, &run.crowd, why);
    if (status != OK)
        return crowd_refused(status, claims, out);
    status = run_crowd(&run, scope, random, out);
    table_free(&run.all);
    crowd_close(&run.crowd);
    if (status == OK)
        status = single_out(scope, out, why);
    return crowd_refused(status, claims, out);
}

const struct attack attack_linkage_dp = {
    .name = "linkage-private",
    .summary = "Can an organisation be singled out, linked or guessed at through a library of mode dp?",
    .paper = "WP29 opinion 05/2014; Giomi et al. 2023; Dong, Roth, Su 2022 (what is allowed)",
    .family = FAMILY_LINKAGE,
    .quick = false,
    .full_seconds = 20,
    .claims = claims,
    .run = run,
};

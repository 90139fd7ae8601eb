/* From trials to rows of a contest, and from its outcome to results. */
#include "audits/reconstruction/observed.h"

#include "audits/statistics/statistics.h"

/* --- where a trial's numbers are: of each round the truth and its artefacts; then the utilities --- */

static size_t artefact_numbers(const struct observed *observed)
{
    return 1 + observed->width + observed->privates.count;
}

static size_t round_numbers(const struct observed *observed)
{
    return 1 + observed->artefacts * artefact_numbers(observed);
}

size_t observed_numbers(const struct observed *observed)
{
    return observed->rounds * round_numbers(observed) + observed->artefacts;
}

size_t observed_trials(const struct observed *observed)
{
    return observed->learning + observed->choosing + observed->counted;
}

double *observed_truth(const struct observed *observed, double *trial, size_t round)
{
    return trial + round * round_numbers(observed);
}

double *observed_changed(const struct observed *observed, double *trial, size_t round, size_t artefact)
{
    return observed_truth(observed, trial, round) + 1 + artefact * artefact_numbers(observed);
}

double *observed_update(const struct observed *observed, double *trial, size_t round, size_t artefact)
{
    return observed_changed(observed, trial, round, artefact) + 1;
}

double *observed_given(const struct observed *observed, double *trial, size_t round, size_t artefact)
{
    return observed_update(observed, trial, round, artefact) + observed->width;
}

double *observed_utility(const struct observed *observed, double *trial, size_t artefact)
{
    return trial + observed->rounds * round_numbers(observed) + artefact;
}

void observed_put(const float *update, size_t width, double *out)
{
    for (size_t i = 0; i < width; i++)
        out[i] = (double)update[i];
}

/* --- rows --- */

struct rows {
    size_t count;
    float *updates;
    double *steps, *given;
    size_t *truths;
};

static void rows_free(struct rows *rows)
{
    mem_free(rows->updates);
    mem_free(rows->steps);
    mem_free(rows->given);
    mem_free(rows->truths);
}

static enum status rows_new(const struct observed *observed, size_t most, struct rows *rows)
{
    *rows = (struct rows){.updates = mem_new(most, observed->width * sizeof(float)),
                          .steps = mem_new(most, sizeof(double)),
                          .given = mem_new(most, observed->privates.count * sizeof(double)),
                          .truths = mem_new(most, sizeof(size_t))};
    if (rows->updates && rows->steps && rows->given && rows->truths)
        return OK;
    rows_free(rows);
    *rows = (struct rows){0};
    return ERR_MEMORY;
}

static double *trial_of(const struct observed *observed, size_t trial)
{
    return observed->numbers + trial * observed_numbers(observed);
}

static void add_row(const struct observed *observed, size_t trial, size_t round, size_t artefact, struct rows *rows)
{
    double *numbers = trial_of(observed, trial);
    const double *seen = observed_update(observed, numbers, round, artefact);
    if (*observed_changed(observed, numbers, round, artefact) == 0)
        return;
    float *update = rows->updates + rows->count * observed->width;
    for (size_t i = 0; i < observed->width; i++)
        update[i] = (float)seen[i];
    memcpy(rows->given + rows->count * observed->privates.count, observed_given(observed, numbers, round, artefact),
           observed->privates.count * sizeof *seen);
    rows->truths[rows->count] = (size_t)*observed_truth(observed, numbers, round);
    rows->steps[rows->count++] = (double)(round + 1);
}

static enum status run_contest(const struct observed *observed, size_t artefact, const struct observed_lessons *lessons,
                               struct rows *taught, struct rows *asked, struct contest_outcome *out)
{
    struct random_seeded seeded;
    size_t choosing = 0;
    for (size_t i = 0; i < lessons->count * observed->rounds; i++)
        add_row(observed, lessons->first + i / observed->rounds, i % observed->rounds, artefact, taught);
    for (size_t i = 0; i < observed->choosing + observed->counted; i++) {
        add_row(observed, observed->learning + i, i % observed->rounds, artefact, asked);
        choosing = i < observed->choosing ? asked->count : choosing;
    }
    if (taught->count == 0)
        return OK;
    const struct contest contest = {
        .shadows = {taught->count, observed->width, taught->updates, taught->steps, taught->truths},
        .privates = observed->privates,
        .pool = observed->pool,
        .epochs = observed->epochs,
        .asked = asked->count,
        .choosing = choosing,
        .updates = asked->updates,
        .steps = asked->steps,
        .truths = asked->truths,
        .given = asked->given,
    };
    return contest_run(&contest, random_seeded_start(&seeded, observed->scope->seed + artefact), out);
}

enum status observed_contest(const struct observed *observed, size_t artefact, const struct observed_lessons *lessons,
                             struct contest_outcome *out)
{
    struct rows taught = {0}, asked = {0};
    *out = (struct contest_outcome){0};
    enum status status = rows_new(observed, lessons->count * observed->rounds, &taught);
    if (status == OK)
        status = rows_new(observed, observed->choosing + observed->counted, &asked);
    if (status == OK)
        status = run_contest(observed, artefact, lessons, &taught, &asked, out);
    rows_free(&taught);
    rows_free(&asked);
    return status;
}

/* --- results --- */

struct observed_success observed_success(const struct contest_outcome *outcome, size_t kind, enum observed_hits which)
{
    size_t hits = which == OBSERVED_FIRST ? outcome->hits[kind].first : outcome->hits[kind].top;
    return (struct observed_success){hits, outcome->counted};
}

void observed_result(const struct observed *observed, const struct audit_claim *claim, struct observed_success seen,
                     struct observed_success control, enum observed_hits which, struct audit_result *out)
{
    double of = (double)observed->pool;
    *out = audit_result_start(claim);
    out->baseline = which == OBSERVED_FIRST ? 1 / of : CONTEST_TOP / of;
    out->limit = out->tolerated = out->baseline + OBSERVED_OVER_CHANCE;
    if (control.of > 0) {
        struct interval interval = dp_proportion_interval(control.hits, control.of);
        audit_result_control(out, (double)control.hits / (double)control.of, interval.low, interval.high, out->limit);
    }
    if (seen.of < OBSERVED_LEAST) {
        out->control = out->control == CONTROL_FAILED ? CONTROL_UNDECIDED : out->control;
        return;
    }
    audit_result_count(out, seen.hits, seen.of);
    out->p = stat_binomial_tail(seen.hits, seen.of, out->baseline);
}

static double mean_utility(const struct observed *observed, size_t artefact)
{
    double sum = 0;
    for (size_t i = observed->learning + observed->choosing; i < observed_trials(observed); i++)
        sum += *observed_utility(observed, trial_of(observed, i), artefact);
    return sum / (double)observed->counted;
}

enum status observed_frontier(const struct observed *observed, const struct contest_outcome *outcomes,
                              const char *utility, const char *leak, struct audit_plot *out)
{
    *out = (struct audit_plot){
        .kind = PLOT_FRONTIER, .x = utility, .y = leak, .rows = mem_new(4 * observed->artefacts, sizeof(double))};
    if (!out->rows)
        return ERR_MEMORY;
    for (size_t artefact = 0; artefact < observed->artefacts; artefact++) {
        const struct contest_outcome *outcome = &outcomes[artefact];
        struct observed_success seen = observed_success(outcome, outcome->strongest, OBSERVED_FIRST);
        if (seen.of == 0)
            continue;
        struct interval band = dp_proportion_interval(seen.hits, seen.of);
        double *row = out->rows + 4 * out->points++;
        row[0] = mean_utility(observed, artefact);
        row[1] = (double)seen.hits / (double)seen.of;
        row[2] = band.low;
        row[3] = band.high;
    }
    return OK;
}

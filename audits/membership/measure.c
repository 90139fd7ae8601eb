/* Splitting worlds into those that teach, those that choose and those that judge. */
#include "audits/membership/measure.h"

#include "base/bytes.h"

void measured_free(struct measured *measured)
{
    for (int goal = 0; goal < GOALS; goal++)
        scored_free(&measured->by[goal].scored);
    *measured = (struct measured){0};
}

/* What an attacker gets: sightings to learn from, to choose on, to be judged on. */
struct lesson {
    struct sightings fit, choose, judge;
};

static void lesson_free(struct lesson *lesson)
{
    sightings_free(&lesson->fit);
    sightings_free(&lesson->choose);
    sightings_free(&lesson->judge);
}

static enum status attack(const struct lesson *lesson, size_t targets, struct measured *out)
{
    struct attacker attacker;
    TRY(attacker_new(targets, &attacker));
    attacker_fit(&attacker, &lesson->fit);
    enum status status = attacker_choose(&attacker, &lesson->choose);
    for (int goal = 0; goal < GOALS && status == OK; goal++) {
        out->by[goal].chosen = attacker.chosen[goal];
        status = attacker_judge(&attacker, attacker.chosen[goal], &lesson->judge, &out->by[goal].scored);
    }
    attacker_free(&attacker);
    return status;
}

/* --- targets that take part by coins of their own --- */

static struct sightings *part_of(struct lesson *lesson, const struct split *split, size_t world)
{
    return world < split->fit ? &lesson->fit : world < split->fit + split->choose ? &lesson->choose : &lesson->judge;
}

static enum status add_flagged(const double *row, size_t targets, size_t first, size_t count, struct sightings *to)
{
    for (size_t i = first; i < first + count; i++)
        TRY(sightings_add(to, (struct sighting){i, row[i] > 0, row + targets}));
    return OK;
}

/* A row: a flag of each target, the signals of each, and whatever else. */
static enum status measure_flagged(const struct split *split, const double *numbers, size_t stride, size_t targets,
                                   struct random random, struct measured *out)
{
    struct lesson lesson = {0};
    enum status status = OK;
    for (size_t w = 0; w < split_all(split) && status == OK; w++) {
        const double *row = &numbers[w * stride];
        bool is_judged = w >= split->fit + split->choose; /* by one target; the others may only teach and choose */
        size_t first = is_judged ? random_below(random, targets) : 0;
        status = add_flagged(row, targets, first, is_judged ? 1 : targets, part_of(&lesson, split, w));
    }
    if (status == OK)
        status = attack(&lesson, targets, out);
    lesson_free(&lesson);
    return status;
}

enum status measure_tasks(const struct cast *cast, const struct split *split, const double *numbers,
                          struct random random, struct measured *out)
{
    const struct series open = {.cast = cast, .kind = SERIES_OPEN};
    *out = (struct measured){0};
    return measure_flagged(split, numbers, series_numbers(&open), cast->task_count, random, out);
}

enum status measure_canaries(const struct cast *cast, const struct split *split, const double *numbers,
                             struct random random, struct measured *out)
{
    const struct series canary = {.cast = cast, .kind = SERIES_CANARY};
    *out = (struct measured){0};
    return measure_flagged(split, numbers, series_numbers(&canary), cast->canary_count, random, out);
}

enum status measure_private(const struct split *split, const double *numbers, struct measured *out)
{
    struct random_seeded seeded; /* there is one target: nothing is drawn */
    *out = (struct measured){0};
    return measure_flagged(split, numbers, 1 + SIGNALS, 1, random_seeded_start(&seeded, 0), out);
}

/* --- tenants --- */

/* One of the targets that are members; SIZE_MAX: none is. */
static size_t draw_member(const double *row, size_t targets, struct random random)
{
    size_t count = 0, drawn = SIZE_MAX;
    for (size_t i = 0; i < targets; i++)
        if (row[i] > 0 && random_below(random, ++count) == 0) /* reservoir sampling */
            drawn = i;
    return drawn;
}

/* Whoever shared nothing in a world is no member there: that world is like one without them, and teaches as such. */
static enum status add_open(const struct cast *cast, const struct split *split, const double *numbers,
                            struct random random, struct lesson *lesson)
{
    const struct series open = {.cast = cast, .kind = SERIES_OPEN};
    size_t stride = series_numbers(&open), offset = cast->task_count * (1 + SIGNALS), targets = cast->tenant_targets;
    for (size_t w = 0; w < split_all(split); w++) {
        const double *row = &numbers[w * stride + offset];
        bool teaches = w < split->fit;
        size_t first = teaches ? 0 : draw_member(row, targets, random);
        if (first < targets)
            TRY(add_flagged(row, targets, first, teaches ? targets : 1, part_of(lesson, split, w)));
    }
    return OK;
}

static enum status add_absent(const struct cast *cast, const struct split *split, const double *numbers,
                              struct lesson *lesson)
{
    const struct series absent = {.cast = cast, .kind = SERIES_ABSENT};
    size_t stride = series_numbers(&absent);
    for (size_t w = 0; w < split_all(split); w++) {
        const double *row = &numbers[w * stride];
        TRY(sightings_add(part_of(lesson, split, w), (struct sighting){(size_t)row[0], false, row + 1}));
    }
    return OK;
}

enum status measure_tenants(const struct cast *cast, const struct split *open, const double *open_numbers,
                            const struct split *absent, const double *absent_numbers, struct random random,
                            struct measured *out)
{
    struct lesson lesson = {0};
    *out = (struct measured){0};
    enum status status = add_open(cast, open, open_numbers, random, &lesson);
    if (status == OK)
        status = add_absent(cast, absent, absent_numbers, &lesson);
    if (status == OK)
        status = attack(&lesson, cast->tenant_targets, out);
    lesson_free(&lesson);
    return status;
}

/* --- the worst case --- */

enum status measure_worst(const double *numbers, size_t count, struct measured *out)
{
    struct scored *scored = &out->by[GOAL_AREA].scored;
    *out = (struct measured){0};
    scored->members = mem_new(count + 1, sizeof(double));
    scored->others = mem_new(count + 1, sizeof(double));
    if (!scored->members || !scored->others) {
        measured_free(out);
        return ERR_MEMORY;
    }
    for (size_t w = 0; w < count; w++)
        if (numbers[2 * w] > 0)
            scored->members[scored->member_count++] = numbers[2 * w + 1];
        else
            scored->others[scored->other_count++] = numbers[2 * w + 1];
    return OK;
}

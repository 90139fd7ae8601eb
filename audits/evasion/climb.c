/* A search over disguises, with the real scrubber as an oracle: from one by lot, one mutation at a time, keeping what
 * leaves more of the value. */
#include "audits/boundary/needles.h"
#include "audits/evasion/evasion.h"

#define CLIMB_STEPS 24

/* What was learned before is what a mutation crosses with. */
static const struct disguise *other_parent(const struct evasion *run, const struct disguise *self)
{
    return run->learned ? &run->hideouts[random_below(run->random, run->learned)].disguise : self;
}

static enum status climb(const struct evasion *run, enum forms_from from, const struct kind *kind, const char *value,
                         struct disguise *best, double *left)
{
    disguise_draw(run->random, from, kind, best);
    TRY(evasion_try(run->redactor, best, kind, value, left));
    for (size_t i = 0; i < CLIMB_STEPS && *left < 1; i++) {
        struct disguise next = *best;
        double share = 0;
        disguise_step(run->random, from, kind, other_parent(run, best), &next);
        TRY(evasion_try(run->redactor, &next, kind, value, &share));
        if (share < *left)
            continue;
        *best = next;
        *left = share;
    }
    return OK;
}

struct climbed {
    size_t hits, controls;
};

static enum status climb_all(struct evasion *run, enum forms_from from, size_t count, struct climbed *out)
{
    for (size_t i = 0; i < count; i++) {
        char value[KIND_VALUE_MAX] = "";
        struct disguise best;
        double left = 0, off = 0;
        size_t kind = i % kind_count;
        kind_draw(&kinds[kind], run->random, value);
        TRY(climb(run, from, &kinds[kind], value, &best, &left));
        TRY(evasion_try(run->off, &best, &kinds[kind], value, &off));
        out->controls += off >= 1;
        out->hits += left >= 1;
        if (left >= 1 && strlen(value) >= NEEDLE_LEAST)
            run->hideouts[run->found++] = (struct hideout){kind, best};
    }
    return OK;
}

/* First the adversary learns; what it has learned is then the same for every value, so that they are independent. */
enum status evasion_climb(struct evasion *run, enum forms_from from, size_t count, struct audit_result *result)
{
    struct hideout *room = mem_grow(run->hideouts, 0, 2 * count, sizeof *run->hideouts);
    struct climbed learning = {0}, climbed = {0};
    if (!room)
        return ERR_MEMORY;
    run->hideouts = room;
    run->found = run->learned = 0;
    TRY(climb_all(run, from, count, &learning));
    run->learned = run->found;
    TRY(climb_all(run, from, count, &climbed));
    audit_result_count(result, climbed.hits, count);
    result->control_value = (double)climbed.controls / (double)count;
    result->control = climbed.controls == count ? CONTROL_PASSED : CONTROL_FAILED;
    return OK;
}

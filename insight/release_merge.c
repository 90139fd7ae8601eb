/* What passed the gate, made into a library that does not repeat itself. Hides which of several that say the same
 * stays: the one that most tenants support, then the one with fewer conditions, more advice and the smaller id. Works
 * on released text alone: what the distiller says of kinship is not asked. */
#include <stdlib.h>

#include "insight/release_internal.h"

struct merging {
    struct selected *selected;
    size_t *of;              /* number in selected of each text */
    struct candidate *texts; /* borrowed copies of the insights' texts */
    size_t count;
    struct grouping grouping;
    size_t *best; /* of each group: the text that stays */
};

static size_t advice(const struct candidate *text)
{
    return text->act.count + text->avoid.count + text->why.count;
}

static bool better(const struct selected *a, const struct selected *b)
{
    const struct candidate *x = &a->insight.text, *y = &b->insight.text;
    if (a->tenants != b->tenants)
        return a->tenants > b->tenants;
    if (x->when.count != y->when.count)
        return x->when.count < y->when.count;
    if (advice(x) != advice(y))
        return advice(x) > advice(y);
    return memcmp(a->insight.id, b->insight.id, INSIGHT_ID_BYTES) < 0;
}

static bool has_phrase(const struct phrases *phrases, const char *wanted)
{
    uint8_t key[16], other[16];
    phrase_key(wanted, key);
    for (size_t i = 0; i < phrases->count; i++) {
        phrase_key(phrases->items[i], other);
        if (memcmp(key, other, sizeof key) == 0)
            return true;
    }
    return false;
}

static bool contains(const struct phrases *whole, const struct phrases *part)
{
    for (size_t i = 0; i < part->count; i++)
        if (!has_phrase(whole, part->items[i]))
            return false;
    return true;
}

/* The same advice in a case that the other one covers. */
static bool covers(const struct candidate *wide, const struct candidate *narrow)
{
    return contains(&wide->act, &narrow->act) && contains(&wide->avoid, &narrow->avoid) &&
           contains(&narrow->when, &wide->when);
}

static int compare_selected(const void *a, const void *b)
{
    const struct selected *x = *(struct selected *const *)a, *y = *(struct selected *const *)b;
    int order = memcmp(x->insight.id, y->insight.id, INSIGHT_ID_BYTES);
    return order ? order : better(y, x) - better(x, y);
}

/* Of equal ids one stays: they differ in reason and slots only. */
static enum status drop_repeats(struct selected *selected, size_t count)
{
    SCOPED_MEM struct selected **sorted = mem_new(count, sizeof *sorted);
    if (!sorted)
        return ERR_MEMORY;
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!selected[i].gone)
            sorted[kept++] = &selected[i];
    qsort(sorted, kept, sizeof *sorted, compare_selected);
    for (size_t i = 1; i < kept; i++)
        sorted[i]->gone = memcmp(sorted[i]->insight.id, sorted[i - 1]->insight.id, INSIGHT_ID_BYTES) == 0;
    return OK;
}

/* Of every group one stays. */
static void keep_best(struct merging *merging)
{
    const uint32_t *group = merging->grouping.group;
    for (size_t g = 0; g < merging->grouping.groups; g++)
        merging->best[g] = SIZE_MAX;
    for (size_t i = 0; i < merging->count; i++) {
        size_t *best = &merging->best[group[i]];
        struct selected *mine = &merging->selected[merging->of[i]];
        if (*best == SIZE_MAX || better(mine, &merging->selected[merging->of[*best]])) {
            if (*best != SIZE_MAX)
                merging->selected[merging->of[*best]].gone = true;
            *best = i;
        } else {
            mine->gone = true;
        }
    }
}

/* Of two linked ones where one covers the other, the wider stays if as many tenants support it. */
static void drop_covered(struct merging *merging, const struct group_link *link)
{
    struct selected *a = &merging->selected[merging->of[merging->best[link->a]]];
    struct selected *b = &merging->selected[merging->of[merging->best[link->b]]];
    if (a->gone || b->gone)
        return;
    if (covers(&a->insight.text, &b->insight.text) && a->tenants >= b->tenants)
        b->gone = true;
    else if (covers(&b->insight.text, &a->insight.text) && b->tenants >= a->tenants)
        a->gone = true;
}

static void add_link(struct insight *from, const struct insight *to)
{
    if (from->link_count < INSIGHT_LINKS_MAX)
        memcpy(from->links[from->link_count++], to->id, INSIGHT_ID_BYTES);
}

static int compare_strength(const void *a, const void *b)
{
    const struct group_link *x = a, *y = b;
    if (x->similarity != y->similarity)
        return x->similarity > y->similarity ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static void link_kept(struct merging *merging)
{
    struct group_link *links = merging->grouping.links;
    if (merging->grouping.link_count)
        qsort(links, merging->grouping.link_count, sizeof *links, compare_strength);
    for (size_t i = 0; i < merging->grouping.link_count; i++)
        drop_covered(merging, &links[i]);
    for (size_t i = 0; i < merging->grouping.link_count; i++) {
        struct selected *a = &merging->selected[merging->of[merging->best[links[i].a]]];
        struct selected *b = &merging->selected[merging->of[merging->best[links[i].b]]];
        if (a->gone || b->gone)
            continue;
        add_link(&a->insight, &b->insight);
        add_link(&b->insight, &a->insight);
    }
}

static enum status merge(const struct policy *policy, struct merging *merging, size_t total)
{
    merging->of = mem_new(total, sizeof *merging->of);
    merging->texts = mem_new(total, sizeof *merging->texts);
    merging->best = mem_new(total, sizeof *merging->best);
    if (!merging->of || !merging->texts || !merging->best)
        return ERR_MEMORY;
    TRY(drop_repeats(merging->selected, total));
    for (size_t i = 0; i < total; i++) {
        if (merging->selected[i].gone)
            continue;
        merging->of[merging->count] = i;
        merging->texts[merging->count++] = merging->selected[i].insight.text;
    }
    TRY(group_candidates(merging->texts, merging->count, policy->near_milli / 1000.0, policy->related_milli / 1000.0,
                         &merging->grouping));
    keep_best(merging);
    link_kept(merging);
    return OK;
}

enum status release_merge(const struct policy *policy, struct selected *selected, size_t count)
{
    struct merging merging = {.selected = selected};
    enum status status = merge(policy, &merging, count);
    grouping_free(&merging.grouping);
    mem_free(merging.of);
    mem_free(merging.texts);
    mem_free(merging.best);
    return status;
}

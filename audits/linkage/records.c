/* Hides how a text becomes numbers: a category is its hash, so that the same text is the same number everywhere. */
#include "audits/linkage/records.h"

#include <math.h>

#include "base/hash.h"

#define EXACT_BITS 53 /* of a double */

void records_init(struct table *table)
{
    enum column_kind kinds[RECORD_COLUMNS];
    for (size_t c = 0; c < RECORD_COLUMNS; c++)
        kinds[c] = COLUMN_CATEGORY;
    kinds[RECORD_WHENS] = kinds[RECORD_ACTS] = kinds[RECORD_AVOIDS] = kinds[RECORD_STEPS] = kinds[RECORD_RATE] =
        COLUMN_NUMBER;
    table_init(table, kinds, RECORD_COLUMNS);
}

static double category(struct bytes value)
{
    return (double)(hash_mix64(value, 1) >> (64 - EXACT_BITS));
}

static double category_of_text(const char *text)
{
    return text ? category(bytes_str(text)) : 0;
}

static double category_of_first(const struct phrases *phrases)
{
    uint8_t key[16];
    if (phrases->count == 0)
        return 0;
    phrase_key(phrases->items[0], key);
    return category(bytes_of(key, sizeof key));
}

static void cells_of(const struct candidate *text, double rate, double pseudonym, double out[static RECORD_COLUMNS])
{
    const double cells[RECORD_COLUMNS] = {
        [RECORD_KIND] = text->kind,
        [RECORD_TOOL] = category_of_text(text->tool),
        [RECORD_ERROR] = category_of_text(text->error),
        [RECORD_PRECONDITION] = category_of_text(text->precondition),
        [RECORD_WHEN] = category_of_first(&text->when),
        [RECORD_WHENS] = (double)text->when.count,
        [RECORD_ARGUMENT] = category_of_text(text->argument),
        [RECORD_ACT] = category_of_first(text->act.count ? &text->act : &text->avoid),
        [RECORD_ACTS] = (double)text->act.count,
        [RECORD_AVOIDS] = (double)text->avoid.count,
        [RECORD_STEPS] = (double)text->order_count,
        [RECORD_WHY] = category_of_first(&text->why),
        [RECORD_OUTCOME] = text->outcome,
        [RECORD_RATE] = rate,
        [RECORD_PSEUDONYM] = pseudonym,
    };
    memcpy(out, cells, sizeof cells);
}

static double rate_of(const struct candidate *candidate)
{
    double runs = (double)candidate->runs_for + candidate->runs_against;
    return runs > 0 ? round(candidate->runs_for / runs * 10) : -1;
}

static enum status add_task(const struct worlds *worlds, size_t task, struct table *out)
{
    double cells[RECORD_COLUMNS];
    for (size_t i = 0; i < worlds->tasks[task].count; i++) {
        const struct contribution *from = worlds_contribution(worlds, &worlds->tasks[task], i);
        for (size_t c = 0; c < from->candidate_count; c++) {
            cells_of(&from->candidates[c], rate_of(&from->candidates[c]), (double)task + 1, cells);
            TRY(table_add(out, task, cells));
        }
    }
    return OK;
}

enum status records_of_coins(const struct worlds *worlds, const struct coins *coins, bool in, struct table *out)
{
    enum status status = OK;
    records_init(out);
    for (size_t t = 0; t < coins->count && status == OK; t++)
        if (coins->in[t] == in)
            status = add_task(worlds, t, out);
    if (status != OK)
        table_free(out);
    return status;
}

enum status records_of_candidates(const struct candidate *candidates, size_t count, struct table *out)
{
    enum status status = OK;
    records_init(out);
    for (size_t i = 0; i < count && status == OK; i++) {
        double cells[RECORD_COLUMNS];
        cells_of(&candidates[i], rate_of(&candidates[i]), 0, cells);
        status = table_add(out, i, cells);
    }
    if (status != OK)
        table_free(out);
    return status;
}

enum status records_of_library(const struct library *library, struct table *out)
{
    enum status status = OK;
    records_init(out);
    for (size_t i = 0; i < library->insight_count && status == OK; i++) {
        const struct insight *insight = &library->insights[i];
        double cells[RECORD_COLUMNS];
        cells_of(&insight->text, insight->rate == INSIGHT_RATE_UNKNOWN ? -1 : insight->rate, 0, cells);
        status = table_add(out, i, cells);
    }
    if (status != OK)
        table_free(out);
    return status;
}

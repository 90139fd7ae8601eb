/* Selection: every proposal is recounted, what is left goes through the gate, near-duplicates are merged, the rest is
 * sorted by id. Hides the order of these steps; a pure function of its input. */
#include "insight/release.h"

#include <stdlib.h>

#include "insight/library_check.h"
#include "insight/release_internal.h"

/* An honest distiller names each candidate as a supporter once; one that answers with many times the round is refused.
 */
#define SUPPORT_TIMES_MAX 8

static const char *const reason_names[WITHHELD_REASONS] = {
    [WITHHELD_TENANTS] = "too few tenants",
    [WITHHELD_TASKS] = "too few tasks",
    [WITHHELD_PHRASES] = "phrases of too few tenants",
    [WITHHELD_OVERLAP] = "verbatim overlap",
    [WITHHELD_PERSONAL] = "personal data or secrets",
    [WITHHELD_CANARY] = "canary",
    [WITHHELD_INSTRUCTION] = "instruction to agents",
    [WITHHELD_MALFORMED] = "malformed",
};

const char *withheld_reason_name(enum withheld_reason reason)
{
    return reason < WITHHELD_REASONS ? reason_names[reason] : "unknown";
}

enum status phrase_table_new(const struct candidate *candidates, size_t count, struct phrase_table *out)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t list = 0; list < PHRASE_LISTS; list++)
            total += candidate_phrases(&candidates[i], list)->count;
    out->start = mem_new(count + 1, sizeof *out->start);
    out->entries = mem_new(total, sizeof *out->entries);
    if (!out->start || !out->entries) {
        phrase_table_free(out);
        return ERR_MEMORY;
    }
    size_t end = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t list = 0; list < PHRASE_LISTS; list++) {
            const struct phrases *phrases = candidate_phrases(&candidates[i], list);
            for (size_t p = 0; p < phrases->count; p++) {
                out->entries[end] = (struct phrase_entry){.list = (uint8_t)list, .text = phrases->items[p]};
                phrase_key(phrases->items[p], out->entries[end++].key);
            }
        }
        out->start[i + 1] = end;
    }
    return OK;
}

void phrase_table_free(struct phrase_table *table)
{
    mem_free(table->start);
    mem_free(table->entries);
    *table = (struct phrase_table){0};
}

void selected_free(struct selected *selected, size_t count)
{
    for (size_t i = 0; selected && i < count; i++)
        insight_free(&selected[i].insight);
    mem_free(selected);
}

enum status selection_grow(struct selection *selection, struct selected **next)
{
    *next = NULL;
    if (selection->count == selection->room) {
        size_t room = 2 * selection->room + 16;
        struct selected *grown = mem_grow(selection->items, selection->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        selection->items = grown;
        selection->room = room;
    }
    *next = &selection->items[selection->count];
    **next = (struct selected){0};
    return OK;
}

static enum status check_input(const struct release_input *input)
{
    const struct policy *policy = input->policy;
    if (policy->mode != RELEASE_THRESHOLD || policy->k < 2 || !input->redactor || input->count > INT32_MAX)
        return ERR_USAGE;
    size_t support = 0;
    for (size_t i = 0; i < input->proposals->count; i++)
        support += input->proposals->items[i].support_count;
    return support > SUPPORT_TIMES_MAX * (input->count + 1024) ? ERR_INPUT : OK;
}

/* Recount and gate every proposal. */
static enum status choose(const struct release_input *input, const struct phrase_table *table,
                          struct selection *selection, struct release_report *report)
{
    for (size_t i = 0; i < input->proposals->count; i++) {
        struct selected *next = NULL;
        enum withheld_reason reason = WITHHELD_MALFORMED;
        TRY(selection_grow(selection, &next));
        enum status status =
            release_recount(input, table, &input->proposals->items[i], next, &report->phrases_dropped, &reason);
        if (status == OK)
            status = gate_check_insight(&next->insight.text, input->redactor, input->canaries, &reason);
        if (status == OK) {
            selection->count++;
            continue;
        }
        insight_free(&next->insight);
        *next = (struct selected){0};
        if (status != ERR_POLICY)
            return status;
        report->withheld[reason]++;
    }
    return OK;
}

static int compare_insights(const void *a, const void *b)
{
    return memcmp(((const struct insight *)a)->id, ((const struct insight *)b)->id, INSIGHT_ID_BYTES);
}

enum status release_append(struct library *library, struct selected *selected, size_t count,
                           struct release_report *report)
{
    struct insight *grown =
        mem_grow(library->insights, library->insight_count, library->insight_count + count, sizeof *grown);
    if (!grown)
        return ERR_MEMORY;
    library->insights = grown;
    for (size_t i = 0; i < count; i++) {
        if (selected[i].gone)
            continue;
        library->insights[library->insight_count++] = selected[i].insight;
        selected[i].insight = (struct insight){0};
        report->released++;
    }
    qsort(library->insights, library->insight_count, sizeof *library->insights, compare_insights);
    return OK;
}

static enum status select_insights(const struct release_input *input, const struct phrase_table *table,
                                   const struct holdings *holdings, struct selection *selection,
                                   struct library *library, struct release_report *report)
{
    size_t again = 0; /* what a joint withheld is counted where it was proposed */
    TRY(choose(input, table, selection, report));
    TRY(release_overlap(input, table, holdings, selection->items, selection->count,
                        &report->withheld[WITHHELD_OVERLAP]));
    size_t proposed = selection->count;
    TRY(release_complete(input, table, holdings, selection));
    report->completed = selection->count - proposed;
    TRY(release_overlap(input, table, holdings, selection->items + proposed, report->completed, &again));
    TRY(release_merge(input->policy, selection->items, selection->count));
    return release_append(library, selection->items, selection->count, report);
}

enum status release_select(const struct release_input *input, struct library *library, struct release_report *report)
{
    *report = (struct release_report){.proposals = input->proposals->count};
    TRY(check_input(input));
    struct phrase_table table = {0};
    struct holdings holdings = {0};
    struct selection selection = {0};
    TRY(phrase_table_new(input->candidates, input->count, &table));
    enum status status = holdings_new(input, &table, &holdings);
    if (status == OK)
        status = select_insights(input, &table, &holdings, &selection, library, report);
    selected_free(selection.items, selection.count);
    holdings_free(&holdings);
    phrase_table_free(&table);
    return status;
}

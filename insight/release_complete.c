/* What k tenants share and no proposal brought. A distiller that knows no tenants can be led: whoever sends many copies
 * draws others' candidates into their group, and outvotes what those say. It may also leave out what it likes. So
 * wherever k tenants propose, each in one candidate, the same "when" with the same "do" or "avoid", and nothing that
 * passed says anything of these candidates, the vault proposes by itself, each tenant with one voice. What fewer than k
 * tenants send makes no such pair, and takes none away. A pair of candidates of which something is said is left to the
 * distiller's choice: it has reasons to leave out a phrase.
 *
 * Hides the search: one "when" at a time, the most widely held first, so that memory is bounded by its holders. */
#include <stdlib.h>

#include "base/hash.h"
#include "insight/hash_set.h"
#include "insight/library_check.h"
#include "insight/release_internal.h"

struct said { /* a phrase that k tenants propose */
    const struct holding *first;
    size_t count;
    uint32_t tenants;
};
struct completion {
    const struct release_input *input;
    const struct phrase_table *table;
    const struct holdings *holdings;
    struct selection *selection;
    struct hash_set covered; /* pairs that stand in what passed */
};

/* --- pairs --- */

static uint64_t pair_hash(const uint8_t when[static 16], size_t list, const uint8_t deed[static 16])
{
    uint8_t pair[33];
    memcpy(pair, when, 16);
    memcpy(pair + 16, deed, 16);
    pair[32] = (uint8_t)list;
    return hash_mix64(bytes_of(pair, sizeof pair), 0);
}

static enum status cover(struct hash_set *covered, const struct candidate *text)
{
    for (size_t w = 0; w < text->when.count; w++) {
        uint8_t when[16], deed[16];
        phrase_key(text->when.items[w], when);
        for (size_t list = LIST_ACT; list <= LIST_AVOID; list++) {
            const struct phrases *deeds = candidate_phrases(text, list);
            for (size_t d = 0; d < deeds->count; d++) {
                phrase_key(deeds->items[d], deed);
                TRY(hash_set_add(covered, pair_hash(when, list, deed)));
            }
        }
    }
    return OK;
}

/* --- phrases that k tenants propose --- */

static int by_tenants(const void *a, const void *b)
{
    const struct said *x = a, *y = b;
    if (x->tenants != y->tenants)
        return x->tenants > y->tenants ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first); /* sorted by list and key */
}

/* Of these holdings the phrases of k tenants, widest first. */
static enum status list_said(const struct holding *holdings, size_t count, uint32_t k, struct said **out, size_t *found)
{
    size_t room = 0;
    *found = 0;
    *out = NULL;
    for (size_t i = 0, size; i < count; i += size) {
        size = holdings_run(holdings + i, holdings + count);
        struct said said = {holdings + i, size, holdings_tenants(holdings + i, size)};
        if (said.tenants < k)
            continue;
        if (*found == room) {
            struct said *grown = mem_grow(*out, room, 2 * room + 16, sizeof *grown);
            if (!grown)
                return ERR_MEMORY;
            *out = grown;
            room = 2 * room + 16;
        }
        (*out)[(*found)++] = said;
    }
    if (*found)
        qsort(*out, *found, sizeof **out, by_tenants);
    return OK;
}

/* What is to be done or avoided in the candidates that have a "when". */
static enum status list_deeds(const struct completion *completion, const struct said *when, struct holdings *out)
{
    const struct phrase_table *table = completion->table;
    size_t most = 0;
    for (size_t i = 0; i < when->count; i++)
        most += table->start[when->first[i].candidate + 1] - table->start[when->first[i].candidate];
    out->count = 0;
    out->items = mem_new(most, sizeof *out->items);
    if (!out->items)
        return ERR_MEMORY;
    for (size_t i = 0; i < when->count; i++) {
        const struct holding *holder = &when->first[i];
        if (i > 0 && holder->candidate == holder[-1].candidate)
            continue;
        for (size_t e = table->start[holder->candidate]; e < table->start[holder->candidate + 1]; e++)
            if (table->entries[e].list == LIST_ACT || table->entries[e].list == LIST_AVOID)
                holding_set(table, e, holder->tenant, holder->candidate, &out->items[out->count++]);
    }
    holdings_sort(out);
    return OK;
}

/* --- proposals --- */

static enum status write_proposal(const struct completion *completion, const struct said *deed, struct proposal *out)
{
    SCOPED_MEM uint32_t *tenants = mem_new(deed->count, sizeof *tenants);
    out->support = mem_new(deed->count, sizeof *out->support);
    if (!tenants || !out->support)
        return ERR_MEMORY;
    for (size_t i = 0; i < deed->count; i++) {
        if (i > 0 && deed->first[i].candidate == deed->first[i - 1].candidate)
            continue;
        tenants[out->support_count] = deed->first[i].tenant;
        out->support[out->support_count++] = deed->first[i].candidate;
    }
    return distil_group(completion->input->candidates, tenants, out);
}

/* Recount and gate as any other proposal. What does not pass was counted when its like was proposed. */
static enum status take(struct completion *completion, const struct proposal *proposal)
{
    const struct release_input *input = completion->input;
    struct selected *next = NULL;
    size_t dropped = 0;
    enum withheld_reason reason = WITHHELD_MALFORMED;
    TRY(selection_grow(completion->selection, &next));
    enum status status = release_recount(input, completion->table, proposal, next, &dropped, &reason);
    if (status == OK)
        status = gate_check_insight(&next->insight.text, input->redactor, input->canaries, &reason);
    if (status == OK)
        status = cover(&completion->covered, &next->insight.text);
    if (status == OK) {
        completion->selection->count++;
        return OK;
    }
    insight_free(&next->insight);
    *next = (struct selected){0};
    return status == ERR_POLICY ? OK : status;
}

/* Whether something that passed has a pair of the candidate's. */
static bool is_heard(const struct completion *completion, uint32_t candidate)
{
    const struct phrase_entry *entry = completion->table->entries + completion->table->start[candidate];
    const struct phrase_entry *end = completion->table->entries + completion->table->start[candidate + 1];
    for (const struct phrase_entry *when = entry; when < end && when->list == LIST_WHEN; when++)
        for (const struct phrase_entry *deed = when + 1; deed < end; deed++)
            if ((deed->list == LIST_ACT || deed->list == LIST_AVOID) &&
                hash_set_has(&completion->covered, pair_hash(when->key, deed->list, deed->key)))
                return true;
    return false;
}

/* Whether k tenants have a candidate with the pair of which nothing passed. */
static bool is_wanted(const struct completion *completion, const struct said *deed)
{
    uint32_t unheard = 0, k = completion->input->policy->k;
    const struct holding *counted = NULL;
    for (size_t i = 0; i < deed->count && unheard < k; i++) {
        const struct holding *holding = &deed->first[i];
        if ((counted && counted->tenant == holding->tenant) || is_heard(completion, holding->candidate))
            continue;
        counted = holding;
        unheard++;
    }
    return unheard >= k;
}

static enum status complete_pair(struct completion *completion, const struct said *deed)
{
    if (!is_wanted(completion, deed))
        return OK;
    struct proposal proposal = {0};
    enum status status = write_proposal(completion, deed, &proposal);
    if (status == OK)
        status = take(completion, &proposal);
    candidate_free(&proposal.text);
    mem_free(proposal.support);
    return status;
}

static enum status complete_when(struct completion *completion, const struct said *when)
{
    struct holdings deeds = {0};
    struct said *said = NULL;
    size_t count = 0;
    enum status status = list_deeds(completion, when, &deeds);
    if (status == OK)
        status = list_said(deeds.items, deeds.count, completion->input->policy->k, &said, &count);
    for (size_t i = 0; i < count && status == OK; i++)
        status = complete_pair(completion, &said[i]);
    mem_free(said);
    holdings_free(&deeds);
    return status;
}

static enum status complete(struct completion *completion)
{
    const struct holdings *holdings = completion->holdings;
    const struct selection *selection = completion->selection;
    SCOPED_MEM struct said *whens = NULL;
    size_t count = 0;
    for (size_t i = 0; i < selection->count; i++)
        if (!selection->items[i].gone)
            TRY(cover(&completion->covered, &selection->items[i].insight.text));
    while (count < holdings->count && holdings->items[count].list == LIST_WHEN)
        count++; /* the first of the lists */
    TRY(list_said(holdings->items, count, completion->input->policy->k, &whens, &count));
    for (size_t i = 0; i < count; i++)
        TRY(complete_when(completion, &whens[i]));
    return OK;
}

enum status release_complete(const struct release_input *input, const struct phrase_table *table,
                             const struct holdings *holdings, struct selection *selection)
{
    struct completion completion = {.input = input, .table = table, .holdings = holdings, .selection = selection};
    enum status status = complete(&completion);
    hash_set_free(&completion.covered);
    return status;
}

/* Writing an insight from what the recount left of a proposal. Hides whose words are shown: every phrase, slot, order,
 * outcome and rate is k tenants' own, and how a single tenant wrote or how much it ran does not show. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "insight/library_check.h"
#include "insight/release_internal.h"

/* --- spelling: what is shown was written so by k tenants, or carries nothing of how one of them wrote it --- */

struct spelling {
    const char *text;
    uint32_t tenant;
};

static int compare_spellings(const void *a, const void *b)
{
    const struct spelling *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order ? order : (x->tenant > y->tenant) - (x->tenant < y->tenant);
}

static size_t list_spellings(const struct recount *recount, const struct claim *claim, struct spelling *out)
{
    size_t count = 0;
    for (size_t i = 0; i < recount->supporter_count; i++) {
        const struct supporter *supporter = &recount->supporters[i];
        size_t end = recount->table->start[supporter->candidate + 1];
        for (size_t e = recount->table->start[supporter->candidate]; e < end; e++) {
            if (!claim_matches(claim, &recount->table->entries[e]))
                continue;
            out[count++] = (struct spelling){recount->table->entries[e].text, supporter->row->tenant};
            break;
        }
    }
    qsort(out, count, sizeof *out, compare_spellings);
    return count;
}

/* Small letters and digits, one space for all else; false if it is not all ASCII. */
static bool fold_plainly(const char *text, char out[static PHRASE_MAX + 1])
{
    size_t size = 0;
    for (; *text && size < PHRASE_MAX; text++) {
        if ((unsigned char)*text >= 0x80)
            return false;
        if (isalnum((unsigned char)*text) || strchr("_-/<>=+*%", *text))
            out[size++] = (char)tolower((unsigned char)*text);
        else if (size && out[size - 1] != ' ')
            out[size++] = ' ';
    }
    while (size && out[size - 1] == ' ')
        size--;
    out[size] = 0;
    return size > 0;
}

/* The spelling that most tenants share, if k do, else the folded one. NULL: none may be shown. */
static const char *choose_spelling(const struct recount *recount, const struct claim *claim, struct spelling *scratch,
                                   char folded[static PHRASE_MAX + 1])
{
    size_t count = list_spellings(recount, claim, scratch);
    const char *best = NULL;
    uint32_t most = recount->input->policy->k - 1;
    for (size_t i = 0; i < count;) {
        const struct spelling *first = &scratch[i];
        uint32_t tenants = 0;
        for (; i < count && strcmp(scratch[i].text, first->text) == 0; i++)
            tenants += &scratch[i] == first || scratch[i].tenant != scratch[i - 1].tenant;
        if (tenants > most) {
            best = first->text;
            most = tenants;
        }
    }
    if (best)
        return best;
    return count && fold_plainly(scratch[0].text, folded) ? folded : NULL;
}

enum status claims_unspelled(const struct recount *recount, uint64_t *unspelled)
{
    SCOPED_MEM struct spelling *scratch = mem_new(recount->supporter_count, sizeof *scratch);
    if (!scratch)
        return ERR_MEMORY;
    *unspelled = 0;
    for (size_t c = 0; c < recount->claim_count; c++) {
        char folded[PHRASE_MAX + 1];
        bool left = recount->left >> c & 1;
        if (left && !choose_spelling(recount, &recount->claims[c], scratch, folded))
            *unspelled |= UINT64_C(1) << c;
    }
    return OK;
}

static enum status write_phrases(const struct recount *recount, struct candidate *out)
{
    SCOPED_MEM struct spelling *scratch = mem_new(recount->supporter_count, sizeof *scratch);
    if (!scratch)
        return ERR_MEMORY;
    for (size_t c = 0; c < recount->claim_count; c++) {
        char folded[PHRASE_MAX + 1];
        bool left = recount->left >> c & 1;
        const char *text = left ? choose_spelling(recount, &recount->claims[c], scratch, folded) : NULL;
        if (text)
            TRY(phrases_add(candidate_phrases_of(out, recount->claims[c].list), text));
    }
    return OK;
}

/* --- slots, order, kind, outcome, rate --- */

struct slot_value {
    size_t slot;
    const char *value;
};

static bool has_slot(const struct recount *recount, const struct supporter *supporter, const void *what)
{
    const struct slot_value *wanted = what;
    const char *value = candidate_slot(&recount->input->candidates[supporter->candidate], wanted->slot);
    return value && strcmp(value, wanted->value) == 0;
}

static bool has_order(const struct recount *recount, const struct supporter *supporter, const void *what)
{
    return candidate_same_order(&recount->input->candidates[supporter->candidate], what);
}

static enum status write_slots(const struct recount *recount, struct candidate *out)
{
    const struct candidate *text = &recount->proposal->text;
    uint32_t k = recount->input->policy->k;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        const char *value = candidate_slot(text, slot);
        if (!value || count_tenants(recount, has_slot, &(struct slot_value){slot, value}) < k)
            continue;
        char **kept = candidate_slot_of(out, slot);
        *kept = mem_copy(bytes_str(value));
        if (!*kept)
            return ERR_MEMORY;
    }
    if (text->order_count == 0 || text->order_count > ORDER_MAX || count_tenants(recount, has_order, text) < k)
        return OK;
    for (size_t i = 0; i < text->order_count; i++) {
        out->order[i] = mem_copy(bytes_str(text->order[i]));
        if (!out->order[i])
            return ERR_MEMORY;
        out->order_count++;
    }
    return OK;
}

static bool has_kind(const struct recount *recount, const struct supporter *supporter, const void *what)
{
    return recount->input->candidates[supporter->candidate].kind == *(const enum candidate_kind *)what;
}

static bool has_outcome(const struct recount *recount, const struct supporter *supporter, const void *what)
{
    return recount->input->candidates[supporter->candidate].outcome == *(const enum outcome *)what;
}

/* The kind that most tenants give it. The outcome is published only if k tenants give it the same one. */
static void write_kind(const struct recount *recount, struct candidate *out)
{
    uint32_t most = 0, most_outcomes = recount->input->policy->k - 1;
    for (enum candidate_kind kind = 0; kind < CANDIDATE_KINDS; kind++) {
        uint32_t tenants = count_tenants(recount, has_kind, &kind);
        out->kind = tenants > most ? kind : out->kind;
        most = tenants > most ? tenants : most;
    }
    out->outcome = OUTCOME_UNKNOWN;
    for (enum outcome outcome = 0; outcome < OUTCOMES; outcome++) {
        uint32_t tenants = count_tenants(recount, has_outcome, &outcome);
        out->outcome = tenants > most_outcomes ? outcome : out->outcome;
        most_outcomes = tenants > most_outcomes ? tenants : most_outcomes;
    }
}

/* Mean over tenants of each one's own rate, so that no tenant's volume shows; unknown under k tenants that have one. */
static uint8_t rate_of(const struct recount *recount)
{
    double sum = 0;
    uint32_t tenants = 0;
    for (size_t i = 0; i < recount->supporter_count;) {
        uint32_t tenant = recount->supporters[i].row->tenant;
        uint64_t runs_for = 0, runs = 0;
        for (; i < recount->supporter_count && recount->supporters[i].row->tenant == tenant; i++) {
            const struct candidate *candidate = &recount->input->candidates[recount->supporters[i].candidate];
            runs_for += candidate->runs_for;
            runs += (uint64_t)candidate->runs_for + candidate->runs_against;
        }
        if (runs) {
            sum += (double)runs_for / (double)runs;
            tenants++;
        }
    }
    return tenants < recount->input->policy->k ? INSIGHT_RATE_UNKNOWN : (uint8_t)lround(sum / tenants * 10);
}

static int compare_keys(const void *a, const void *b)
{
    return memcmp(a, b, 17);
}

void insight_id_of(const struct candidate *text, uint8_t out[static INSIGHT_ID_BYTES])
{
    uint8_t keys[CLAIMS_MAX][17], kind = (uint8_t)text->kind, hash[HASH_BYTES];
    size_t count = 0;
    for (size_t list = 0; list < LIST_WHY; list++) {
        const struct phrases *phrases = candidate_phrases(text, list);
        for (size_t p = 0; p < phrases->count; p++) {
            keys[count][0] = (uint8_t)list;
            phrase_key(phrases->items[p], keys[count++] + 1);
        }
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    hash_sha256_parts((struct bytes[]){{&kind, 1}, {keys[0], count * sizeof *keys}}, 2, hash);
    memcpy(out, hash, INSIGHT_ID_BYTES);
}

enum status recount_write(const struct recount *recount, struct insight *out)
{
    TRY(write_phrases(recount, &out->text));
    TRY(write_slots(recount, &out->text));
    write_kind(recount, &out->text);
    out->support = support_band_of(count_tenants(recount, NULL, NULL));
    out->rate = rate_of(recount);
    insight_id_of(&out->text, out->id);
    return OK;
}

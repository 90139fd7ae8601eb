/* Hides the habits of spelling and the hashing of n-grams. */
#include "audits/linkage/style.h"

#include <ctype.h>
#include <math.h>

#include "base/hash.h"
#include "insight/parts.h"

enum habit { HABIT_CAPITAL = 1, HABIT_STOP = 2, HABIT_COMMA = 4 };
#define GRAM 3

/* --- spelling --- */

static void spell(const char *from, unsigned style, struct buf *out)
{
    size_t start = out->size;
    const char *space = strchr(from, ' ');
    bool comma = style & HABIT_COMMA && space;
    buf_add(out, bytes_of(from, comma ? (size_t)(space - from) : strlen(from)));
    if (comma) {
        buf_add_byte(out, ',');
        buf_add_str(out, space);
    }
    if (style & HABIT_STOP)
        buf_add_byte(out, '.');
    if (style & HABIT_CAPITAL && buf_status(out) == OK && out->size > start)
        out->data[start] = (uint8_t)toupper(out->data[start]);
}

static enum status spell_all(struct phrases *phrases, unsigned style)
{
    struct phrases spelled = {0};
    enum status status = OK;
    for (size_t i = 0; i < phrases->count && status == OK; i++) {
        SCOPED_BUF struct buf text = {0};
        bool fits = strlen(phrases->items[i]) + 2 <= PHRASE_MAX;
        spell(phrases->items[i], fits ? style : 0, &text);
        status = phrases_add(&spelled, buf_text(&text));
    }
    if (status != OK) {
        phrases_free(&spelled);
        return status;
    }
    phrases_free(phrases);
    *phrases = spelled;
    return OK;
}

static enum status spell_candidate(const struct candidate *from, unsigned style, struct candidate *out)
{
    TRY(candidate_copy(from, out));
    for (size_t list = 0; list < PHRASE_LISTS; list++)
        TRY(spell_all(candidate_phrases_of(out, list), style));
    return OK;
}

enum status style_contribution(const struct contribution *from, unsigned style, struct contribution *out)
{
    *out = *from;
    out->candidate_count = 0;
    out->candidates = mem_new(from->candidate_count + 1, sizeof *out->candidates);
    if (!out->candidates)
        return ERR_MEMORY;
    enum status status = OK;
    for (size_t i = 0; i < from->candidate_count && status == OK; i++) {
        out->candidate_count++;
        status = spell_candidate(&from->candidates[i], style, &out->candidates[i]);
    }
    if (status != OK)
        contribution_free(out);
    return status;
}

/* --- profiles --- */

void style_add(struct style_profile *profile, struct bytes text)
{
    for (size_t i = 0; i + GRAM <= text.size; i++)
        profile->counts[hash_mix64(bytes_of(text.data + i, GRAM), 3) % STYLE_BUCKETS]++;
}

void style_add_profile(struct style_profile *profile, const struct style_profile *other, float times)
{
    for (size_t i = 0; i < STYLE_BUCKETS; i++)
        profile->counts[i] += times * other->counts[i];
}

double style_cosine(const struct style_profile *a, const struct style_profile *b)
{
    double dot = 0, x = 0, y = 0;
    for (size_t i = 0; i < STYLE_BUCKETS; i++) {
        dot += (double)a->counts[i] * b->counts[i];
        x += (double)a->counts[i] * a->counts[i];
        y += (double)b->counts[i] * b->counts[i];
    }
    return x > 0 && y > 0 ? dot / sqrt(x * y) : 0;
}

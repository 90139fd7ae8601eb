/* Hides how a lesson is put together from others. */
#include "audits/split/shadows.h"

#include <stdio.h>

#include "insight/parts.h"

#define MADE_WORDS 8   /* of a phrase of random words, at most */
#define MADE_PHRASES 4 /* of a lesson that has no model */

static const struct candidate *another(const struct lessons *lessons, size_t attacked, struct random random)
{
    size_t others = 0;
    for (size_t i = 0; i < lessons->count; i++)
        others += lessons->items[i].tenant != attacked;
    if (others == 0)
        return NULL;
    size_t drawn = random_below(random, others);
    for (size_t i = 0; i < lessons->count; i++)
        if (lessons->items[i].tenant != attacked && drawn-- == 0)
            return lessons->items[i].candidate;
    return NULL;
}

static enum status add_random_phrase(const struct lessons *lessons, struct random random, struct phrases *to)
{
    char phrase[PHRASE_MAX] = "";
    size_t used = 0, words = 1 + random_below(random, MADE_WORDS);
    for (size_t i = 0; i < words; i++) {
        const char *word = lessons->words[random_below(random, lessons->vocabulary)];
        if (used + strlen(word) + 2 > sizeof phrase)
            break;
        used += (size_t)snprintf(phrase + used, sizeof phrase - used, "%s%s", used ? " " : "", word);
    }
    if (to->count == PHRASES_MAX)
        return OK;
    enum status status = phrases_add(to, phrase);
    return status == ERR_INPUT ? OK : status; /* a word that was cut within a character */
}

static enum status take_list(const struct phrases *from, struct phrases *to)
{
    phrases_free(to);
    for (size_t i = 0; i < from->count; i++)
        TRY(phrases_add(to, from->items[i]));
    return OK;
}

/* One of the others' lessons, with some lists of another, and in half of them words of no lesson's. */
static enum status make_lesson(const struct lessons *lessons, size_t attacked, struct random random,
                               struct candidate *out)
{
    const struct candidate *model = another(lessons, attacked, random);
    *out = (struct candidate){0};
    if (!model) {
        for (size_t i = 0; i < MADE_PHRASES; i++)
            TRY(add_random_phrase(lessons, random, candidate_phrases_of(out, i)));
        return OK;
    }
    TRY(candidate_copy(model, out));
    for (size_t list = 0; list < PHRASE_LISTS; list++)
        if (random_below(random, 2))
            TRY(take_list(candidate_phrases(another(lessons, attacked, random), list),
                          candidate_phrases_of(out, list)));
    return random_below(random, 2) ? add_random_phrase(lessons, random, &out->act) : OK;
}

static enum status fill_row(const struct lessons *lessons, const struct candidate *candidate, struct shadows *shadows,
                            size_t row)
{
    struct lesson lesson;
    lessons_read(lessons, candidate, &lesson);
    for (size_t i = 0; i < lesson.distinct; i++)
        shadows->words[row * shadows->vocabulary + lesson.set[i]] = 1;
    shadows->kinds[row * CANDIDATE_KINDS + candidate->kind] = 1;
    return half_fold(candidate, shadows->folded + row * HALF_BUCKETS);
}

/* --- places of words --- */

static enum status find_places(const struct lessons *lessons, size_t attacked, float *places)
{
    SCOPED_MEM size_t *times = mem_new(lessons->vocabulary + 1, sizeof *times);
    if (!times)
        return ERR_MEMORY;
    for (size_t i = 0; i < lessons->count; i++) {
        const struct lesson *lesson = &lessons->items[i];
        for (size_t k = 0; k < lesson->count && lesson->tenant != attacked; k++) {
            places[lesson->words[k]] += (float)k / (float)lesson->count;
            times[lesson->words[k]]++;
        }
    }
    for (size_t i = 0; i < lessons->vocabulary; i++)
        places[i] = times[i] ? places[i] / (float)times[i] : 2;
    return OK;
}

static enum status fill(const struct lessons *lessons, size_t attacked, struct random random, struct shadows *shadows)
{
    if (!shadows->folded || !shadows->words || !shadows->kinds || !shadows->places)
        return ERR_MEMORY;
    TRY(find_places(lessons, attacked, shadows->places));
    for (size_t i = 0; i < shadows->count; i++) {
        struct candidate candidate;
        enum status status = make_lesson(lessons, attacked, random, &candidate);
        if (status == OK)
            status = fill_row(lessons, &candidate, shadows, i);
        candidate_free(&candidate);
        TRY(status);
    }
    return OK;
}

enum status shadows_new(const struct lessons *lessons, size_t attacked, size_t count, struct random random,
                        struct shadows *out)
{
    *out = (struct shadows){.count = count,
                            .vocabulary = lessons->vocabulary,
                            .folded = mem_new(count * HALF_BUCKETS, sizeof *out->folded),
                            .words = mem_new(count * lessons->vocabulary, sizeof *out->words),
                            .kinds = mem_new(count * CANDIDATE_KINDS, sizeof *out->kinds),
                            .places = mem_new(lessons->vocabulary, sizeof *out->places)};
    enum status status = fill(lessons, attacked, random, out);
    if (status != OK)
        shadows_free(out);
    return status;
}

void shadows_free(struct shadows *shadows)
{
    mem_free(shadows->folded);
    mem_free(shadows->words);
    mem_free(shadows->kinds);
    mem_free(shadows->places);
    *shadows = (struct shadows){0};
}

/* Hides how texts are compared: by features for nearness, by the keys of phrases for what is disclosed. */
#include "audits/linkage/lessons.h"

#include "base/hash.h"
#include "insight/parts.h"

#define CANARY_TEXT 18
#define CANARY_SPACE 8
#define CANARY_SEED 0xca

static void lesson_free(struct lesson *lesson)
{
    features_free(&lesson->features);
    mem_free(lesson->keys);
}

static void lesson_key(size_t list, const char *phrase, uint8_t out[static LESSON_KEY_BYTES])
{
    out[0] = (uint8_t)list;
    phrase_key(phrase, out + 1);
}

static enum status lesson_of(const struct candidate *text, struct lesson *out)
{
    size_t count = 0;
    for (size_t list = 0; list < PHRASE_LISTS; list++)
        count += candidate_phrases(text, list)->count;
    *out = (struct lesson){.key_count = count, .keys = mem_new(count + 1, sizeof *out->keys)};
    if (!out->keys)
        return ERR_MEMORY;
    size_t at = 0;
    for (size_t list = 0; list < PHRASE_LISTS; list++)
        for (size_t i = 0; i < candidate_phrases(text, list)->count; i++)
            lesson_key(list, candidate_phrases(text, list)->items[i], out->keys[at++]);
    return features_of_candidate(text, &out->features);
}

void lessons_free(struct lessons *lessons)
{
    for (size_t i = 0; i < lessons->count; i++)
        lesson_free(&lessons->items[i]);
    mem_free(lessons->items);
    *lessons = (struct lessons){0};
}

enum status lessons_add(struct lessons *lessons, const struct candidate *text)
{
    struct lesson lesson = {0};
    if (lessons->count == lessons->room) {
        size_t room = lessons->room ? 2 * lessons->room : 8;
        struct lesson *grown = mem_grow(lessons->items, lessons->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        lessons->items = grown;
        lessons->room = room;
    }
    enum status status = lesson_of(text, &lesson);
    if (status != OK) {
        lesson_free(&lesson);
        return status;
    }
    lessons->items[lessons->count++] = lesson;
    return OK;
}

enum status lessons_add_task(struct lessons *lessons, const struct worlds *worlds, size_t task)
{
    for (size_t i = 0; i < worlds->tasks[task].count; i++) {
        const struct contribution *from = worlds_contribution(worlds, &worlds->tasks[task], i);
        for (size_t c = 0; c < from->candidate_count; c++)
            TRY(lessons_add(lessons, &from->candidates[c]));
    }
    return OK;
}

/* Two words of eight letters, a to p: no word of a language, and no plural. */
static void write_canary(uint64_t number, char out[static CANARY_TEXT])
{
    uint64_t hash = hash_mix64(bytes_of(&number, sizeof number), CANARY_SEED);
    for (size_t i = 0; i < CANARY_TEXT - 1; i++) {
        out[i] = (char)('a' + (hash & 15));
        hash >>= i == CANARY_SPACE ? 0 : 4;
    }
    out[CANARY_SPACE] = ' ';
    out[CANARY_TEXT - 1] = 0;
}

enum status lessons_add_canary(struct lessons *lessons, uint64_t number)
{
    char text[CANARY_TEXT];
    struct candidate canary = {.kind = CANDIDATE_SKILL};
    write_canary(number, text);
    enum status status = phrases_add(&canary.when, text);
    if (status == OK)
        status = lessons_add(lessons, &canary);
    candidate_free(&canary);
    return status;
}

static bool is_same_phrases(const struct candidate *a, const struct candidate *b)
{
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *x = candidate_phrases(a, list), *y = candidate_phrases(b, list);
        if (x->count != y->count)
            return false;
        for (size_t i = 0; i < x->count; i++)
            if (strcmp(x->items[i], y->items[i]) != 0)
                return false;
    }
    return true;
}

static bool is_same(const struct insight *a, const struct insight *b)
{
    return memcmp(a->id, b->id, INSIGHT_ID_BYTES) == 0 && a->support == b->support && a->rate == b->rate &&
           a->text.outcome == b->text.outcome && is_same_phrases(&a->text, &b->text);
}

static bool holds(const struct library *library, const struct insight *insight)
{
    for (size_t i = 0; i < library->insight_count; i++)
        if (is_same(&library->insights[i], insight))
            return true;
    return false;
}

enum status lessons_of_difference(const struct library *library, const struct library *other, struct lessons *out)
{
    *out = (struct lessons){0};
    enum status status = OK;
    for (size_t i = 0; i < library->insight_count && status == OK; i++)
        if (!holds(other, &library->insights[i]))
            status = lessons_add(out, &library->insights[i].text);
    if (status != OK)
        lessons_free(out);
    return status;
}

enum status lessons_of_library(const struct library *library, struct lessons *out)
{
    return lessons_of_difference(library, &(struct library){0}, out);
}

static bool says(const struct lessons *lessons, const uint8_t key[static LESSON_KEY_BYTES])
{
    for (size_t i = 0; i < lessons->count; i++)
        if (lesson_holds(&lessons->items[i], key))
            return true;
    return false;
}

static enum status keep_lost(const struct lessons *said, const struct candidate *from, size_t list,
                             struct candidate *out)
{
    const struct phrases *phrases = candidate_phrases(from, list);
    phrases_free(candidate_phrases_of(out, list));
    for (size_t i = 0; i < phrases->count; i++) {
        uint8_t key[LESSON_KEY_BYTES];
        lesson_key(list, phrases->items[i], key);
        if (!says(said, key))
            TRY(phrases_add(candidate_phrases_of(out, list), phrases->items[i]));
    }
    return OK;
}

static enum status add_lost(const struct lessons *said, const struct candidate *from, struct lessons *out)
{
    struct candidate lost = {0};
    size_t count = 0;
    TRY(candidate_copy(from, &lost));
    enum status status = OK;
    for (size_t list = 0; list < PHRASE_LISTS && status == OK; list++) {
        status = keep_lost(said, from, list, &lost);
        count += candidate_phrases(&lost, list)->count;
    }
    if (status == OK && count > 0)
        status = lessons_add(out, &lost);
    candidate_free(&lost);
    return status;
}

enum status lessons_of_lost(const struct library *library, const struct library *other, struct lessons *out)
{
    struct lessons said = {0};
    *out = (struct lessons){0};
    enum status status = lessons_of_library(other, &said);
    for (size_t i = 0; i < library->insight_count && status == OK; i++)
        status = add_lost(&said, &library->insights[i].text, out);
    lessons_free(&said);
    if (status != OK)
        lessons_free(out);
    return status;
}

static enum status add_all(const struct worlds *worlds, struct lessons *tasks)
{
    for (size_t t = 0; t < worlds->task_count; t++)
        TRY(lessons_add_task(&tasks[t], worlds, t));
    return OK;
}

enum status lessons_of_tasks(const struct worlds *worlds, struct lessons **out)
{
    *out = mem_new(worlds->task_count + 1, sizeof **out);
    if (!*out)
        return ERR_MEMORY;
    enum status status = add_all(worlds, *out);
    if (status == OK)
        return OK;
    lessons_free_tasks(*out, worlds->task_count);
    *out = NULL;
    return status;
}

uint64_t lessons_canary(const struct worlds *worlds, enum canary_of whose, size_t task)
{
    return whose == CANARY_OF_TASK ? task : worlds->tasks[task].tenant;
}

enum status lessons_of_marked_tasks(const struct worlds *worlds, enum canary_of whose, struct lessons **out)
{
    enum status status = lessons_of_tasks(worlds, out);
    for (size_t t = 0; t < worlds->task_count && status == OK; t++)
        status = lessons_add_canary(&(*out)[t], lessons_canary(worlds, whose, t));
    if (status == OK)
        return OK;
    lessons_free_tasks(*out, worlds->task_count);
    *out = NULL;
    return status;
}

void lessons_free_tasks(struct lessons *tasks, size_t count)
{
    for (size_t t = 0; tasks && t < count; t++)
        lessons_free(&tasks[t]);
    mem_free(tasks);
}

double lessons_near(const struct lessons *mine, const struct lessons *others)
{
    double sum = 0;
    for (size_t i = 0; i < mine->count; i++) {
        double best = 0;
        for (size_t k = 0; k < others->count; k++) {
            double near = features_cosine(&mine->items[i].features, &others->items[k].features);
            best = near > best ? near : best;
        }
        sum += best;
    }
    return mine->count ? sum / (double)mine->count : 0;
}

/* --- what is disclosed --- */

bool lesson_holds(const struct lesson *lesson, const uint8_t key[static LESSON_KEY_BYTES])
{
    for (size_t i = 0; i < lesson->key_count; i++)
        if (memcmp(lesson->keys[i], key, LESSON_KEY_BYTES) == 0)
            return true;
    return false;
}

static bool holds_all(const struct lesson *mine, const struct lesson *shown)
{
    for (size_t i = 0; i < shown->key_count; i++)
        if (shown->keys[i][0] != LIST_WHY && !lesson_holds(mine, shown->keys[i]))
            return false;
    return true;
}

bool lessons_disclose(const struct lessons *shown, const struct lessons *mine)
{
    for (size_t s = 0; s < shown->count; s++)
        for (size_t m = 0; m < mine->count; m++)
            if (holds_all(&mine->items[m], &shown->items[s]))
                return true;
    return false;
}

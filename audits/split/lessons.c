/* Hides how the scope's lessons are drawn and numbered. */
#include "audits/split/lessons.h"

#include <stdlib.h>

#include "audits/world.h"
#include "base/hash.h"
#include "insight/common.h"
#include "insight/parts.h"

/* --- words --- */

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

bool lessons_number(const struct lessons *lessons, const char *word, uint32_t *number)
{
    const char(*found)[WORD_MAX + 1] =
        bsearch(word, lessons->words, lessons->vocabulary, sizeof *lessons->words, by_text);
    *number = found ? (uint32_t)(found - lessons->words) : 0;
    return found != NULL;
}

/* Calls `take` for every word of a lesson, in order, until it says no. */
static void each_word(const struct candidate *candidate, bool (*take)(void *context, const char *word), void *context)
{
    for (size_t list = 0; list < PHRASE_LISTS; list++)
        for (size_t i = 0; i < candidate_phrases(candidate, list)->count; i++) {
            struct words words;
            words_start(&words, bytes_str(candidate_phrases(candidate, list)->items[i]));
            while (words_next(&words))
                if (!take(context, words.word))
                    return;
        }
}

static bool list_word(void *context, const char *word)
{
    struct lessons *lessons = context;
    memcpy(lessons->words[lessons->vocabulary++], word, strlen(word) + 1);
    return true;
}

static bool count_word(void *context, const char *word)
{
    (void)word;
    ++*(size_t *)context;
    return true;
}

static void list_decoys(struct lessons *lessons, struct random random)
{
    for (size_t i = 0; i < DECOYS; i++) {
        struct words words;
        words_start(&words, bytes_str(common_word_at(random_below(random, common_word_count()))));
        if (words_next(&words))
            list_word(lessons, words.word);
    }
}

static enum status list_vocabulary(struct lessons *lessons, struct random random)
{
    size_t most = DECOYS, kept = 0;
    for (size_t i = 0; i < lessons->count; i++)
        each_word(lessons->items[i].candidate, count_word, &most);
    lessons->words = mem_new(most, sizeof *lessons->words);
    if (!lessons->words)
        return ERR_MEMORY;
    for (size_t i = 0; i < lessons->count; i++)
        each_word(lessons->items[i].candidate, list_word, lessons);
    list_decoys(lessons, random);
    qsort(lessons->words, lessons->vocabulary, sizeof *lessons->words, by_text);
    for (size_t i = 0; i < lessons->vocabulary; i++)
        if (i == 0 || strcmp(lessons->words[i], lessons->words[kept - 1]) != 0)
            memmove(lessons->words[kept++], lessons->words[i], sizeof *lessons->words);
    lessons->vocabulary = kept;
    return OK;
}

/* --- lessons --- */

struct numbering {
    const struct lessons *lessons;
    struct lesson *lesson;
};

static bool number_word(void *context, const char *word)
{
    struct numbering *numbering = context;
    struct lesson *lesson = numbering->lesson;
    if (lessons_number(numbering->lessons, word, &lesson->words[lesson->count]))
        lesson->count++;
    return lesson->count < LESSON_WORDS_MAX;
}

static int ascending(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

void lessons_read(const struct lessons *lessons, const struct candidate *candidate, struct lesson *out)
{
    struct numbering numbering = {lessons, out};
    *out = (struct lesson){.kind = candidate->kind, .candidate = candidate};
    each_word(candidate, number_word, &numbering);
    memcpy(out->set, out->words, out->count * sizeof *out->set);
    qsort(out->set, out->count, sizeof *out->set, ascending);
    for (size_t i = 0; i < out->count; i++)
        if (i == 0 || out->set[i] != out->set[out->distinct - 1])
            out->set[out->distinct++] = out->set[i];
}

static size_t list_lessons(struct lessons *lessons)
{
    size_t count = 0;
    for (size_t t = 0; t < lessons->tenants; t++)
        for (size_t i = 0; i < lessons->prepared[t].count; i++) {
            const struct contribution *from = &lessons->prepared[t].items[i].contribution;
            for (size_t c = 0; c < from->candidate_count; c++, count++)
                if (lessons->items)
                    lessons->items[count] = (struct lesson){
                        .tenant = t, .kind = from->candidates[c].kind, .candidate = &from->candidates[c]};
        }
    return count;
}

/* LESSONS_MAX of them, any subset as likely, in their order (Knuth, volume 2, 3.4.2, algorithm S). */
static void draw_lessons(struct lessons *lessons, size_t count, struct random random)
{
    for (size_t i = 0; i < count && lessons->count < LESSONS_MAX; i++)
        if (random_below(random, count - i) < LESSONS_MAX - lessons->count)
            lessons->items[lessons->count++] = lessons->items[i];
}

/* By its tag, and not by the contribution: a task's lessons may come in several. */
static size_t task_of(struct lessons *lessons, size_t lesson)
{
    const struct lesson *own = &lessons->items[lesson];
    for (size_t i = 0; i < lesson; i++) {
        const struct lesson *before = &lessons->items[i];
        if (before->tenant == own->tenant && memcmp(before->candidate->task, own->candidate->task, TASK_TAG_BYTES) == 0)
            return before->task;
    }
    return lessons->tasks++;
}

static void number_lesson(const struct lessons *lessons, struct lesson *lesson)
{
    size_t tenant = lesson->tenant, task = lesson->task;
    lessons_read(lessons, lesson->candidate, lesson);
    lesson->tenant = tenant;
    lesson->task = task;
}

static enum status fill(struct lessons *lessons, struct random random)
{
    size_t count = list_lessons(lessons);
    lessons->items = mem_new(count + 1, sizeof *lessons->items);
    if (!lessons->items)
        return ERR_MEMORY;
    list_lessons(lessons);
    draw_lessons(lessons, count, random);
    for (size_t i = 0; i < lessons->count; i++)
        lessons->items[i].task = task_of(lessons, i);
    TRY(list_vocabulary(lessons, random));
    for (size_t i = 0; i < lessons->count; i++)
        number_lesson(lessons, &lessons->items[i]);
    return OK;
}

enum status lessons_open(const struct audit_scope *scope, struct lessons *out, struct why *why)
{
    struct random_seeded seeded;
    *out = (struct lessons){.tenants = scope->tenant_count};
    TRY(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &out->prepared, why));
    enum status status = fill(out, random_seeded_start(&seeded, scope->seed ^ 0x1e55));
    if (status != OK)
        lessons_close(out);
    return status;
}

void lessons_close(struct lessons *lessons)
{
    world_prepared_free(lessons->prepared, lessons->tenants);
    mem_free(lessons->items);
    mem_free(lessons->words);
    *lessons = (struct lessons){0};
}

uint64_t lessons_parameters(const struct lessons *lessons)
{
    uint64_t hash = lessons->count;
    for (size_t i = 0; i < lessons->count; i++) {
        const struct lesson *lesson = &lessons->items[i];
        hash = hash_mix64(bytes_of(lesson->words, lesson->count * sizeof *lesson->words), hash + lesson->task);
    }
    return hash_mix64(bytes_of(lessons->words, lessons->vocabulary * sizeof *lessons->words), hash);
}

/* Hides the choice of decoys and the two ways to rank them. */
#include "audits/prompts/choice.h"

#include <stdlib.h>

#include "base/hash.h"
#include "insight/words.h"

#define BAND 2

/* --- decoys --- */

struct decoy {
    bool in_band;
    double similarity;
    uint32_t source;
};

static int hardest_first(const void *a, const void *b)
{
    const struct decoy *left = a, *right = b;
    if (left->in_band != right->in_band)
        return left->in_band ? -1 : 1;
    if (left->similarity != right->similarity)
        return left->similarity < right->similarity ? 1 : -1;
    return (left->source > right->source) - (left->source < right->source);
}

static bool says_the_same(const struct ground *ground, size_t a, size_t b)
{
    return bytes_equal(buf_bytes(&ground->sources.items[a].prompt), buf_bytes(&ground->sources.items[b].prompt));
}

/* Not the own, nor another that proposed the same, nor one that is chosen already under another number. */
static bool is_decoy(const struct ground *ground, const struct document *document, size_t own, size_t source)
{
    return !document->own[source] && ground->references[REFERENCE_PROMPT][source].tokens > 0 &&
           !says_the_same(ground, own, source);
}

static bool is_chosen(const struct ground *ground, const struct choices *choices, size_t source)
{
    for (size_t i = 1; i < choices->count; i++)
        if (says_the_same(ground, choices->items[i], source))
            return true;
    return false;
}

enum status choices_make(const struct ground *ground, const struct document *document, size_t own, struct choices *out)
{
    const struct comparable *prompts = ground->references[REFERENCE_PROMPT];
    SCOPED_MEM struct decoy *decoys = mem_new(ground->sources.count + 1, sizeof *decoys);
    size_t count = 0;
    *out = (struct choices){.count = 1, .items = {(uint32_t)own}};
    if (!decoys)
        return ERR_MEMORY;
    for (size_t i = 0; i < ground->sources.count; i++)
        if (is_decoy(ground, document, own, i))
            decoys[count++] = (struct decoy){
                prompts[i].tokens <= BAND * prompts[own].tokens && prompts[own].tokens <= BAND * prompts[i].tokens,
                features_cosine(&prompts[own].features, &prompts[i].features), (uint32_t)i};
    qsort(decoys, count, sizeof *decoys, hardest_first);
    for (size_t i = 0; i < count && out->count < CHOICES; i++)
        if (!is_chosen(ground, out, decoys[i].source))
            out->items[out->count++] = decoys[i].source;
    return OK;
}

/* --- what sets a prompt apart --- */

struct slot {
    uint64_t word;
    double weight;
    size_t choice;
};
struct slots {
    size_t count, room;
    struct slot *items; /* owned */
};

static enum status slots_add(struct slots *slots, struct bytes text, size_t choice)
{
    struct words words;
    words_start(&words, text);
    while (words_next(&words)) {
        if (word_is_stop(words.word))
            continue;
        if (slots->count == slots->room) {
            size_t room = slots->room ? slots->room * 2 : 256;
            struct slot *grown = mem_grow(slots->items, slots->room, room, sizeof *grown);
            if (!grown)
                return ERR_MEMORY;
            slots->items = grown;
            slots->room = room;
        }
        slots->items[slots->count++] =
            (struct slot){hash_mix64(bytes_of(words.word, words.size), 0), word_weight(words.word), choice};
    }
    return OK;
}

static int by_word(const void *a, const void *b)
{
    const struct slot *left = a, *right = b;
    if (left->word != right->word)
        return left->word < right->word ? -1 : 1;
    return (left->choice > right->choice) - (left->choice < right->choice);
}

/* The choices' words are numbered 0 .., the document's stand behind them all. A word of one choice alone that the
 * document has speaks for that choice. */
static void score_slots(struct slots *slots, size_t document, double *scores)
{
    if (slots->count > 0)
        qsort(slots->items, slots->count, sizeof *slots->items, by_word);
    for (size_t i = 0, end; i < slots->count; i = end) {
        size_t first = slots->items[i].choice, last = first;
        bool several = false;
        for (end = i; end < slots->count && slots->items[end].word == slots->items[i].word; end++) {
            last = slots->items[end].choice;
            several = several || (last != first && last != document);
        }
        if (!several && first != document && last == document)
            scores[first] += slots->items[i].weight;
    }
}

static enum status slot_scores(const struct ground *ground, const struct document *document,
                               const struct choices *choices, double *scores)
{
    struct slots slots = {0};
    enum status status = OK;
    for (size_t i = 0; i < choices->count && status == OK; i++)
        status = slots_add(&slots, buf_bytes(&ground->sources.items[choices->items[i]].prompt), i);
    if (status == OK)
        status = slots_add(&slots, buf_bytes(&document->said), choices->count);
    if (status == OK)
        score_slots(&slots, choices->count, scores);
    mem_free(slots.items);
    return status;
}

/* --- guessing --- */

static double share_of_first(const double *scores, size_t count)
{
    size_t alike = 0;
    for (size_t i = 0; i < count; i++) {
        if (scores[i] > scores[0])
            return 0;
        alike += scores[i] == scores[0];
    }
    return 1 / (double)alike;
}

enum status choice_guess(const struct ground *ground, const struct document *document, const struct choices *choices,
                         enum choice_attack attack, double *right)
{
    double scores[CHOICES] = {0};
    *right = 0;
    if (attack == CHOICE_SLOTS)
        TRY(slot_scores(ground, document, choices, scores));
    for (size_t i = 0; attack == CHOICE_RETRIEVAL && i < choices->count; i++)
        scores[i] = features_cosine(&document->text.features,
                                    &ground->references[REFERENCE_PROMPT][choices->items[i]].features);
    *right = share_of_first(scores, choices->count);
    return OK;
}

/* --- guessing without knowing --- */

static bool is_stranger(const struct ground *ground, const struct document *document, const struct choices *choices)
{
    size_t tenant = ground->sources.items[choices->items[0]].tenant;
    for (size_t i = 0; i < choices->count; i++)
        if (document->own[choices->items[i]])
            return false;
    for (size_t s = 0; s < ground->sources.count; s++)
        if (document->own[s] && ground->sources.items[s].tenant == tenant)
            return false;
    return true;
}

enum status choice_chance(const struct ground *ground, const struct documents *documents, const struct choices *choices,
                          enum choice_attack attack, double *chance)
{
    size_t strangers = 0, seen = 0, asked = 0;
    double sum = 0, right = 0;
    for (size_t i = 0; i < documents->count; i++)
        strangers += is_stranger(ground, &documents->items[i], choices);
    size_t step = strangers > CHOICE_STRANGERS ? strangers / CHOICE_STRANGERS : 1;
    for (size_t i = 0; i < documents->count && asked < CHOICE_STRANGERS; i++) {
        if (!is_stranger(ground, &documents->items[i], choices) || seen++ % step != 0)
            continue;
        TRY(choice_guess(ground, &documents->items[i], choices, attack, &right));
        sum += right;
        asked++;
    }
    *chance = asked > 0 ? sum / (double)asked : 1. / CHOICES;
    return OK;
}

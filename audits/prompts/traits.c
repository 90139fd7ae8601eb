/* Hides the signs of a prompt's type, and the vote of the nearest. */
#include "audits/prompts/traits.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "base/hash.h"

#define NEAREST 5
#define SOURCES_LEAST 20
#define ROLE_WORDS 6

/* --- type --- */

/* The end of one of the signs that begins at `at`, as a word; 0: none does. */
static size_t sign_end(struct bytes text, size_t at, const char *const *signs)
{
    if (at > 0 && text.data[at - 1] > ' ' && text.data[at - 1] != '"')
        return 0;
    for (size_t s = 0; signs[s]; s++) {
        size_t size = strlen(signs[s]);
        if (at + size <= text.size && strncasecmp((const char *)text.data + at, signs[s], size) == 0)
            return at + size;
    }
    return 0;
}

static size_t count_signs(struct bytes text, const char *const *signs)
{
    size_t count = 0;
    for (size_t at = 0; at < text.size; at++)
        count += sign_end(text, at, signs) > 0;
    return count;
}

enum prompt_type prompt_type_of(struct bytes prompt)
{
    static const char *const roles[] = {"you are ", "act as ",      "you work ",  "you will be ",
                                        "pretend ", "imagine you ", "your role ", NULL};
    static const char *const examples[] = {"example", "for instance", "e.g.", "input:", "q:", "question:", NULL};
    if (count_signs(prompt, examples) >= 2)
        return PROMPT_IN_CONTEXT;
    return count_signs(prompt, roles) > 0 ? PROMPT_ROLE : PROMPT_DIRECT;
}

/* --- parameters --- */

static size_t role_end(struct bytes text, size_t at)
{
    size_t words = 0;
    for (; at < text.size && words < ROLE_WORDS; at++) {
        if (strchr(".,;:!?\n\"", text.data[at] ? text.data[at] : '.'))
            return at;
        words += text.data[at] == ' ';
    }
    return at;
}

struct bytes prompt_role_of(struct bytes prompt)
{
    static const char *const fronts[] = {"you are a ", "you are an ",    "you are the ",    "act as a ",
                                         "act as an ", "you work as a ", "you work as an ", NULL};
    for (size_t at = 0, start; at < prompt.size; at++)
        if ((start = sign_end(prompt, at, fronts)) > 0)
            return bytes_part(prompt, start, role_end(prompt, start) - start);
    return BYTES_NONE;
}

size_t prompt_examples_of(struct bytes prompt)
{
    static const char *const answers[] = {"output:", "answer:", "a:", NULL};
    size_t count = 0;
    for (size_t at = 0; at < prompt.size; at++) {
        size_t end = sign_end(prompt, at, answers);
        while (end > 0 && end < prompt.size && prompt.data[end] == ' ')
            end++;
        count += end > 0 && end < prompt.size && prompt.data[end] != '\n';
    }
    return count;
}

/* --- values --- */

static int ascending(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

static size_t median_length(const struct ground *ground, size_t *room)
{
    size_t count = 0;
    for (size_t i = 0; i < ground->sources.count; i++)
        if (ground->references[REFERENCE_PROMPT][i].tokens > 0)
            room[count++] = ground->references[REFERENCE_PROMPT][i].tokens;
    if (count == 0)
        return 0;
    qsort(room, count, sizeof *room, ascending);
    return room[(count - 1) / 2];
}

struct reading {
    size_t median;
    size_t roles;
    uint64_t role[TRAIT_VALUES - 1]; /* hashes, in small letters */
};

static size_t role_number(struct reading *reading, struct bytes role)
{
    uint8_t small[256];
    size_t size = role.size < sizeof small ? role.size : sizeof small, number = 0;
    if (size == 0)
        return SIZE_MAX;
    for (size_t i = 0; i < size; i++)
        small[i] = (uint8_t)tolower(role.data[i]);
    uint64_t hash = hash_mix64(bytes_of(small, size), 0);
    while (number < reading->roles && reading->role[number] != hash)
        number++;
    if (number == reading->roles && number < TRAIT_VALUES - 1)
        reading->role[reading->roles++] = hash;
    return number;
}

static size_t value_of(struct reading *reading, enum prompt_trait trait, struct bytes prompt, size_t tokens)
{
    size_t examples = 0;
    switch (trait) {
    case TRAIT_TYPE:
        return (size_t)prompt_type_of(prompt);
    case TRAIT_LENGTH:
        return tokens > reading->median;
    case TRAIT_ROLE:
        return role_number(reading, prompt_role_of(prompt));
    case TRAIT_EXAMPLES:
        examples = prompt_type_of(prompt) == PROMPT_IN_CONTEXT ? prompt_examples_of(prompt) : 0;
        if (examples == 0)
            return SIZE_MAX;
        return examples < TRAIT_VALUES ? examples : TRAIT_VALUES - 1;
    case TRAITS:
        break;
    }
    return SIZE_MAX;
}

enum status traits_of(const struct ground *ground, enum prompt_trait trait, size_t *values)
{
    SCOPED_MEM size_t *lengths = mem_new(ground->sources.count + 1, sizeof *lengths);
    if (!lengths)
        return ERR_MEMORY;
    struct reading reading = {.median = median_length(ground, lengths)};
    for (size_t i = 0; i < ground->sources.count; i++) {
        size_t tokens = ground->references[REFERENCE_PROMPT][i].tokens;
        values[i] = SIZE_MAX;
        if (tokens > 0)
            values[i] = value_of(&reading, trait, buf_bytes(&ground->sources.items[i].prompt), tokens);
    }
    return OK;
}

bool traits_are_enough(const struct ground *ground, const size_t *values)
{
    size_t first[TRAIT_VALUES] = {0}, sources = 0, shared = 0; /* the first tenant with a value, from 1 */
    bool is_shared[TRAIT_VALUES] = {false};
    for (size_t i = 0; i < ground->sources.count; i++) {
        size_t value = values[i], tenant = ground->sources.items[i].tenant + 1;
        if (value == SIZE_MAX)
            continue;
        sources++;
        if (first[value] == 0)
            first[value] = tenant;
        shared += first[value] != tenant && !is_shared[value];
        is_shared[value] = is_shared[value] || first[value] != tenant;
    }
    return sources >= SOURCES_LEAST && shared >= 2;
}

/* --- the vote --- */

struct vote {
    double similarity[NEAREST]; /* of the nearest so far, nearest first */
    size_t value[NEAREST];
    size_t count;
};

static void vote_add(struct vote *vote, double similarity, size_t value)
{
    size_t at = vote->count < NEAREST ? vote->count++ : NEAREST;
    while (at > 0 && vote->similarity[at - 1] < similarity) {
        if (at < NEAREST) {
            vote->similarity[at] = vote->similarity[at - 1];
            vote->value[at] = vote->value[at - 1];
        }
        at--;
    }
    if (at < NEAREST) {
        vote->similarity[at] = similarity;
        vote->value[at] = value;
    }
}

static size_t most(const size_t counts[static TRAIT_VALUES])
{
    size_t best = 0;
    for (size_t i = 1; i < TRAIT_VALUES; i++)
        if (counts[i] > counts[best])
            best = i;
    return best;
}

size_t trait_commonest(const struct documents *documents, const size_t *values)
{
    size_t counts[TRAIT_VALUES] = {0};
    for (size_t i = 0; i < documents->count; i++)
        if (values[documents->items[i].cluster] != SIZE_MAX)
            counts[values[documents->items[i].cluster]]++;
    return most(counts);
}

static double likeness(const struct document *a, const struct document *b, enum prompt_trait trait)
{
    double cosine = features_cosine(&a->text.features, &b->text.features);
    double least = (double)(a->text.tokens < b->text.tokens ? a->text.tokens : b->text.tokens);
    double most = (double)(a->text.tokens < b->text.tokens ? b->text.tokens : a->text.tokens);
    bool by_size = trait == TRAIT_ROLE || trait == TRAIT_EXAMPLES;
    return by_size && most > 0 ? cosine * least / most : cosine;
}

bool trait_guess(const struct ground *ground, const struct documents *documents, size_t document,
                 enum prompt_trait trait, const size_t *values, size_t *guess)
{
    const struct document *target = &documents->items[document];
    size_t counts[TRAIT_VALUES] = {0};
    struct vote vote = {0};
    for (size_t i = 0; i < documents->count; i++) {
        const struct document *other = &documents->items[i];
        size_t value = values[other->cluster];
        if (value != SIZE_MAX &&
            ground->sources.items[other->cluster].tenant != ground->sources.items[target->cluster].tenant)
            vote_add(&vote, likeness(target, other, trait), value);
    }
    for (size_t i = 0; i < vote.count; i++)
        counts[vote.value[i]]++;
    *guess = most(counts);
    return vote.count > 0;
}

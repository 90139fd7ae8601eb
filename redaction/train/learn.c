/* Hides how lines are held while learning: features as indices into one table, labels as bits. */
#include "redaction/train/learn.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "redaction/normalise.h"
#include "redaction/tag_document.h"

#define EASY 0.05f /* a line whose chances are all so near */
#define EASY_RESTS 2

/* --- features to indices --- */

struct index {
    uint64_t *keys;
    uint32_t *ids, *counts;
    size_t room, count;
};

static size_t index_slot(const struct index *index, uint64_t key)
{
    size_t slot = (size_t)(key * 0x9e3779b97f4a7c15u >> 20) & (index->room - 1);
    while (index->counts[slot] && index->keys[slot] != key)
        slot = (slot + 1) & (index->room - 1);
    return slot;
}

static void *must(void *memory)
{
    if (!memory)
        tool_fail("out of memory", "learning");
    return memory;
}

static void index_count(struct index *index, uint64_t key)
{
    size_t slot = index_slot(index, key);
    if (!index->counts[slot]) {
        index->keys[slot] = key;
        if (++index->count * 4 > index->room * 3)
            tool_fail("too many features", "learning");
    }
    index->counts[slot]++;
}

/* --- lines --- */

struct line {
    size_t from; /* its first word in the tables of words */
    uint32_t count;
    float weight;
    bool told;     /* each word has one label only */
    unsigned rest; /* rounds that it is left out of, as it was learned already */
};
struct lines {
    struct line *items;
    size_t count, room;
    uint32_t *allowed; /* a word */
    size_t *starts;    /* a word and one more: its features */
    size_t words, words_room;
    uint64_t *keys; /* first pass: hashes */
    size_t keys_count, keys_room;
    uint32_t *ids; /* second pass: indices, UINT32_MAX: too rare */
};

#define PUSH(array, count, room, value)                                                                                \
    do {                                                                                                               \
        if ((count) == (room)) {                                                                                       \
            size_t more_ = (room) ? (room)*2 : 1024;                                                                   \
            (array) = must(realloc((array), more_ * sizeof *(array)));                                                 \
            (room) = more_;                                                                                            \
        }                                                                                                              \
        (array)[(count)++] = (value);                                                                                  \
    } while (0)

/* The insides that go on from these begins. */
static uint32_t insides_of(uint32_t begins)
{
    return (begins & ~(1u << TAG_STAYS)) << TAG_INSIDE | (begins & 1u << TAG_STAYS) << 1;
}

/* Labels that the word at [start, end) of the original may have; *next: the first span that may matter. */
static uint32_t labels_at(const struct document *document, size_t start, size_t end, size_t *next, size_t *inside)
{
    while (*next < document->count && document->spans[*next].end <= start)
        (*next)++;
    if (*next == document->count || document->spans[*next].start >= end)
        return document->elsewhere;
    const struct span *span = &document->spans[*next];
    bool first = *inside != *next + 1;
    *inside = *next + 1;
    return first ? span->labels : insides_of(span->labels);
}

struct reader {
    struct tag_document seen;
    struct tag_word words[TAG_LINE];
    struct tag_kind kinds[TAG_LINE];
    const struct tag_kind *pointers[TAG_LINE];
};

static size_t read_line(struct reader *reader, const struct tag_lists *lists, struct bytes text, size_t at,
                        size_t *next)
{
    size_t count = tag_line(text, at, reader->words, next);
    for (size_t i = 0; i < count; i++) {
        reader->kinds[i] = tag_kind_of(lists, text, &reader->words[i]);
        reader->pointers[i] = &reader->kinds[i];
    }
    return count;
}

static void add_features(struct lines *lines, const struct reader *reader, struct bytes text,
                         const struct tag_place *place)
{
    for (int by = -TAG_BESIDE; by <= TAG_BESIDE; by++) {
        size_t at = place->at + (size_t)by;
        if (at >= place->count)
            continue;
        struct tag_feature features[TAG_WORD_FEATURES];
        const struct tag_word *word = &reader->words[at];
        size_t count =
            tag_word_features(place->kinds[at], bytes_part(text, word->at, word->size), place->genre, features);
        for (size_t f = 0; f < count; f++)
            if (features[f].places >> (TAG_BESIDE + by) & 1)
                PUSH(lines->keys, lines->keys_count, lines->keys_room, tag_feature_at(features[f].hash, by));
    }
    uint64_t features[TAG_PLACE_FEATURES];
    size_t count = tag_place_features(place, features);
    for (size_t f = 0; f < count; f++)
        PUSH(lines->keys, lines->keys_count, lines->keys_room, features[f]);
}

static bool is_one(uint32_t bits)
{
    return bits && !(bits & (bits - 1));
}

static void add_word(struct lines *lines, uint32_t allowed)
{
    size_t room = lines->words_room, count = lines->words;
    PUSH(lines->allowed, count, lines->words_room, allowed);
    if (room != lines->words_room)
        lines->starts = must(realloc(lines->starts, (lines->words_room + 1) * sizeof *lines->starts));
    lines->starts[lines->words++] = lines->keys_count;
}

static void add_document(struct lines *lines, struct reader *reader, const struct tag_lists *lists,
                         const struct document *document)
{
    struct normal normal SCOPED_NORMAL = {0};
    if (normalise(buf_bytes(&document->text), &normal) != OK)
        tool_fail("out of memory", "normalising");
    struct bytes text = normal.text;
    tag_document_forget(&reader->seen);
    for (size_t at = 0; at < text.size;) {
        size_t count = read_line(reader, lists, text, at, &at);
        tag_document_add(&reader->seen, reader->pointers, reader->words, count);
    }
    unsigned genre = tag_document_genre(&reader->seen);
    uint64_t above = 0;
    size_t next = 0, inside = 0;
    for (size_t at = 0; at < text.size;) {
        size_t count = read_line(reader, lists, text, at, &at);
        if (count == 0)
            continue;
        struct line line = {lines->words, (uint32_t)count, document->weight, true, 0};
        tag_heading(reader->pointers, reader->words, count, &above);
        unsigned kind = tag_line_kind(reader->pointers, reader->words, count);
        uint32_t before = 1u << TAG_OUTSIDE;
        for (size_t i = 0; i < count; i++) {
            size_t start = normal_origin(&normal, reader->words[i].at);
            size_t end = normal_origin(&normal, reader->words[i].at + reader->words[i].size);
            uint32_t allowed = labels_at(document, start, end, &next, &inside);
            for (size_t k = 0; k < TAG_LABELS; k++) /* a span that goes on in a new line begins again there */
                if (tag_is_inside(k) && allowed >> k & 1 && !(before & (1u << k | 1u << tag_begin_of(k))))
                    allowed |= 1u << tag_begin_of(k), allowed &= ~(1u << k);
            add_word(lines, allowed);
            line.told &= is_one(allowed);
            before = allowed;
            unsigned seen = tag_document_seen(&reader->seen, reader->pointers[i]);
            const struct tag_place place = {reader->pointers, reader->words, count, i, seen, kind, above, genre};
            add_features(lines, reader, text, &place);
        }
        PUSH(lines->items, lines->count, lines->room, line);
    }
}

static void index_lines(struct lines *lines, unsigned least, struct weights *out)
{
    struct index index = {.room = 1u << 24};
    index.keys = must(calloc(index.room, sizeof *index.keys));
    index.ids = must(calloc(index.room, sizeof *index.ids));
    index.counts = must(calloc(index.room, sizeof *index.counts));
    for (size_t i = 0; i < lines->keys_count; i++)
        index_count(&index, lines->keys[i]);
    lines->ids = must(malloc((lines->keys_count + 1) * sizeof *lines->ids));
    out->features = must(malloc((index.count + 1) * sizeof *out->features));
    for (size_t i = 0; i < lines->keys_count; i++) {
        size_t slot = index_slot(&index, lines->keys[i]);
        if (index.counts[slot] < least) {
            lines->ids[i] = UINT32_MAX;
            continue;
        }
        if (!index.ids[slot]) {
            out->features[out->count++] = lines->keys[i];
            index.ids[slot] = (uint32_t)out->count;
        }
        lines->ids[i] = index.ids[slot] - 1;
    }
    free(index.keys);
    free(index.ids);
    free(index.counts);
    free(lines->keys);
    lines->keys = NULL;
}

/* --- learning --- */

struct state {
    struct weights *weights;
    float *squares; /* a weight: sum of squared gradients */
    float follow_squares[TAG_LABELS][TAG_LABELS], first_squares[TAG_LABELS];
    struct tag_lattice *free, *held; /* over all labels, over those allowed */
    struct tag_chain chain;
    uint64_t random;
    double loss;
};

static uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u; /* splitmix64, Steele and others 2014 */
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static float step(float *weight, float *square, float gradient, const struct learn_options *options)
{
    gradient += options->decay * *weight;
    *square += gradient * gradient;
    *weight -= options->rate * gradient / (1e-3f + sqrtf(*square));
    return *weight;
}

static void score_line(struct state *state, const struct lines *lines, const struct line *line, const uint8_t *dropped)
{
    size_t base = lines->starts[line->from];
    for (size_t i = 0; i < line->count; i++) {
        float *score = state->free->score[i];
        memset(score, 0, sizeof state->free->score[i]);
        for (size_t f = lines->starts[line->from + i]; f < lines->starts[line->from + i + 1]; f++) {
            if (lines->ids[f] == UINT32_MAX || dropped[f - base])
                continue;
            const float *row = state->weights->rows + (size_t)lines->ids[f] * TAG_LANES;
            for (size_t k = 0; k < TAG_LANES; k++)
                score[k] += row[k];
        }
    }
}

/* Chances of the labels among those allowed. */
static void hold(struct state *state, const struct lines *lines, const struct line *line)
{
    for (size_t i = 0; i < line->count; i++)
        for (size_t k = 0; k < TAG_LANES; k++)
            state->held->score[i][k] = lines->allowed[line->from + i] >> k & 1 ? state->free->score[i][k] : -1000.0f;
    tag_decode(&state->chain, state->held, 0, line->count, line->count);
}

static void held_told(struct state *state, const struct lines *lines, const struct line *line)
{
    for (size_t i = 0; i < line->count; i++)
        for (size_t k = 0; k < TAG_LANES; k++)
            state->held->chance[i][k] = (float)(lines->allowed[line->from + i] >> k & 1);
}

/* Chance of each pair of labels of words i - 1 and i, added to out. */
static void pairs(const struct state *state, const struct tag_lattice *lattice, size_t i, float sign,
                  float out[TAG_LABELS][TAG_LABELS])
{
    float joint[TAG_LABELS][TAG_LABELS], sum = 0;
    for (size_t a = 0; a < TAG_LABELS; a++)
        for (size_t b = 0; b < TAG_LABELS; b++) {
            float forward = lattice->forward[i][b]; /* holds this word's factor; its chance over it is what is behind */
            float behind = forward > 0 ? lattice->chance[i][b] / forward : 0;
            joint[a][b] = lattice->forward[i - 1][a] * state->chain.follow[a][b] * lattice->score[i][b] * behind;
            sum += joint[a][b];
        }
    for (size_t a = 0; a < TAG_LABELS && sum > 0; a++)
        for (size_t b = 0; b < TAG_LABELS; b++)
            out[a][b] += sign * joint[a][b] / sum;
}

static size_t only(uint32_t bits)
{
    return (size_t)__builtin_ctz(bits);
}

static void learn_chain(struct state *state, const struct lines *lines, const struct line *line,
                        const struct learn_options *options)
{
    float gradient[TAG_LABELS][TAG_LABELS] = {{0}};
    for (size_t i = 1; i < line->count; i++) {
        pairs(state, state->free, i, 1, gradient);
        if (line->told)
            gradient[only(lines->allowed[line->from + i - 1])][only(lines->allowed[line->from + i])] -= 1;
        else
            pairs(state, state->held, i, -1, gradient);
    }
    struct weights *weights = state->weights;
    for (size_t a = 0; a < TAG_LABELS; a++) {
        step(&weights->first[a], &state->first_squares[a],
             line->weight * (state->free->chance[0][a] - state->held->chance[0][a]), options);
        for (size_t b = 0; b < TAG_LABELS; b++)
            if (gradient[a][b] != 0 && tag_may_follow(a, b))
                step(&weights->follow[a][b], &state->follow_squares[a][b], line->weight * gradient[a][b], options);
    }
    tag_chain_init(&state->chain, weights->follow, weights->first);
}

/* Returns how far the word's chances are from right. */
static float learn_word(struct state *state, const struct lines *lines, const struct line *line, size_t i,
                        const uint8_t *dropped, const struct learn_options *options)
{
    float gradient[TAG_LANES], most = 0;
    size_t base = lines->starts[line->from];
    for (size_t k = 0; k < TAG_LANES; k++) {
        gradient[k] = line->weight * (state->free->chance[i][k] - state->held->chance[i][k]);
        most = fabsf(gradient[k]) > most ? fabsf(gradient[k]) : most;
    }
    if (most < 2e-4f)
        return most;
    for (size_t f = lines->starts[line->from + i]; f < lines->starts[line->from + i + 1]; f++) {
        if (lines->ids[f] == UINT32_MAX || dropped[f - base])
            continue;
        float *row = state->weights->rows + (size_t)lines->ids[f] * TAG_LANES;
        float *squares = state->squares + (size_t)lines->ids[f] * TAG_LANES;
        for (size_t k = 0; k < TAG_LANES; k++) {
            float slope = gradient[k] + options->decay * row[k];
            squares[k] += slope * slope;
            row[k] -= options->rate * slope / (1e-3f + sqrtf(squares[k]));
        }
    }
    return most;
}

static void learn_line(struct state *state, const struct lines *lines, struct line *line,
                       const struct learn_options *options, uint8_t *dropped)
{
    size_t features = lines->starts[line->from + line->count] - lines->starts[line->from];
    for (size_t f = 0; f < features; f++)
        dropped[f] = (float)(random_next(&state->random) >> 40) / (1u << 24) < options->drop;
    score_line(state, lines, line, dropped);
    if (line->told)
        held_told(state, lines, line);
    else
        hold(state, lines, line);
    tag_decode(&state->chain, state->free, 0, line->count, line->count);
    for (size_t i = 0; i < line->count; i++) {
        float chance = 0;
        for (size_t k = 0; k < TAG_LABELS; k++)
            chance += lines->allowed[line->from + i] >> k & 1 ? state->free->chance[i][k] : 0;
        state->loss -= log((double)chance + 1e-9);
    }
    learn_chain(state, lines, line, options);
    float most = 0;
    for (size_t i = 0; i < line->count; i++)
        most = fmaxf(most, learn_word(state, lines, line, i, dropped, options));
    line->rest = most < EASY * line->weight ? EASY_RESTS : 0;
}

static void shuffle(uint32_t *order, size_t count, uint64_t *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)(random_next(random) % i);
        uint32_t keep = order[i - 1];
        order[i - 1] = order[other];
        order[other] = keep;
    }
}

/* --- the mean over the last rounds, which depends less on where the last steps led --- */

#define MEAN_ROUNDS 4

struct means {
    float rounds;
    float *rows;
    float follow[TAG_LABELS][TAG_LABELS], first[TAG_LABELS];
};

static void means_add(struct means *means, const struct weights *weights)
{
    for (size_t i = 0; i < weights->count * TAG_LANES; i++)
        means->rows[i] += weights->rows[i] / means->rounds;
    for (size_t a = 0; a < TAG_LABELS; a++) {
        means->first[a] += weights->first[a] / means->rounds;
        for (size_t b = 0; b < TAG_LABELS; b++)
            means->follow[a][b] += weights->follow[a][b] / means->rounds;
    }
}

static void means_take(struct means *means, struct weights *weights)
{
    free(weights->rows);
    weights->rows = means->rows;
    memcpy(weights->follow, means->follow, sizeof weights->follow);
    memcpy(weights->first, means->first, sizeof weights->first);
}

static void learn_rounds(struct state *state, const struct lines *lines, const struct learn_options *options)
{
    uint32_t *order = must(malloc(lines->count * sizeof *order));
    uint8_t *dropped = must(malloc(TAG_LINE * TAG_WORD_FEATURES * TAG_PLACES));
    struct learn_options now = *options;
    struct means means = {.rows = must(calloc(state->weights->count, TAG_LANES * sizeof *means.rows)),
                          .rounds = fminf(MEAN_ROUNDS, (float)options->rounds)};
    for (size_t i = 0; i < lines->count; i++)
        order[i] = (uint32_t)i;
    for (unsigned round = 0; round < options->rounds; round++) {
        shuffle(order, lines->count, &state->random);
        state->loss = 0;
        now.rate = options->rate * (1.0f - 0.9f * (float)round / (float)options->rounds);
        for (size_t i = 0; i < lines->count; i++) {
            struct line *line = &lines->items[order[i]];
            if (line->rest)
                line->rest--;
            else
                learn_line(state, lines, line, &now, dropped);
        }
        if (round + MEAN_ROUNDS >= options->rounds)
            means_add(&means, state->weights);
        fprintf(stderr, "round %u: loss %.4f a word\n", round + 1, state->loss / (double)lines->words);
    }
    means_take(&means, state->weights);
    free(order);
    free(dropped);
}

void learn(const struct corpus *corpus, const struct tag_lists *lists, const struct learn_options *options,
           struct weights *out)
{
    struct lines held = {0};
    struct reader *reader = must(calloc(1, sizeof *reader));
    *out = (struct weights){0};
    for (size_t i = 0; i < corpus->count; i++)
        add_document(&held, reader, lists, &corpus->documents[i]);
    free(reader);
    if (held.words == 0)
        tool_fail("no words", "learning");
    held.starts[held.words] = held.keys_count;
    index_lines(&held, options->least, out);
    fprintf(stderr, "%zu documents, %zu lines, %zu words, %zu features\n", corpus->count, held.count, held.words,
            out->count);
    struct state state = {.weights = out, .random = options->seed};
    out->rows = must(calloc(out->count, TAG_LANES * sizeof *out->rows));
    state.squares = must(calloc(out->count, TAG_LANES * sizeof *state.squares));
    state.free = must(calloc(1, sizeof *state.free));
    state.held = must(calloc(1, sizeof *state.held));
    tag_chain_init(&state.chain, out->follow, out->first);
    learn_rounds(&state, &held, options);
    free(state.squares);
    free(state.free);
    free(state.held);
    free(held.items);
    free(held.allowed);
    free(held.starts);
    free(held.ids);
}

void weights_free(struct weights *weights)
{
    free(weights->features);
    free(weights->rows);
}

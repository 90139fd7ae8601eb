/* A search over words. Hides how the gradient of a changed guess is had without making all of it again. */
#include "audits/reconstruction/invert.h"

#include <math.h>
#include <stdlib.h>

#include "audits/net/learn.h"
#include "audits/net/net.h"
#include "insight/words.h"

#define SWEEPS 3
#define STARTS 2
#define FLUENCY .01 /* of a word's mean log probability, against a cosine */
#define BEGUN .1    /* count of a pair that was never seen */
#define WORDS_MAX 20000

/* --- the vocabulary --- */

struct counted {
    uint64_t word;
    size_t times;
};

static int by_word(const void *a, const void *b)
{
    const struct counted *left = a, *right = b;
    return (left->word > right->word) - (left->word < right->word);
}

static int by_times(const void *a, const void *b)
{
    const struct counted *left = a, *right = b;
    if (left->times != right->times)
        return left->times > right->times ? -1 : 1;
    return by_word(a, b);
}

static size_t list_words(const struct bytes *texts, size_t count, struct counted *out)
{
    size_t all = 0;
    for (size_t i = 0; i < count; i++) {
        struct words words;
        words_start(&words, texts[i]);
        while (all < WORDS_MAX && words_next(&words))
            out[all++] = (struct counted){lowrank_word(words.word), 1};
    }
    return all;
}

static size_t merge_words(struct counted *words, size_t count)
{
    size_t kept = 0;
    qsort(words, count, sizeof *words, by_word);
    for (size_t i = 0; i < count; i++)
        if (kept > 0 && words[kept - 1].word == words[i].word)
            words[kept - 1].times++;
        else
            words[kept++] = words[i];
    qsort(words, kept, sizeof *words, by_times);
    return kept;
}

static size_t place_of(const struct vocabulary *vocabulary, uint64_t word)
{
    for (size_t i = 0; i < vocabulary->count; i++)
        if (vocabulary->words[i] == word)
            return i;
    return SIZE_MAX;
}

static void count_pairs(const struct vocabulary *vocabulary, struct bytes text)
{
    struct words words;
    size_t before = SIZE_MAX;
    words_start(&words, text);
    while (words_next(&words)) {
        size_t word = place_of(vocabulary, lowrank_word(words.word));
        if (word != SIZE_MAX && before != SIZE_MAX)
            vocabulary->pairs[before * vocabulary->count + word]++;
        before = word;
    }
}

static void pairs_to_logs(const struct vocabulary *vocabulary)
{
    for (size_t first = 0; first < vocabulary->count; first++) {
        float *row = vocabulary->pairs + first * vocabulary->count;
        double sum = 0;
        for (size_t i = 0; i < vocabulary->count; i++)
            sum += (double)row[i] + BEGUN;
        for (size_t i = 0; i < vocabulary->count; i++)
            row[i] = (float)log(((double)row[i] + BEGUN) / sum);
    }
}

enum status vocabulary_new(const struct bytes *texts, size_t count, struct vocabulary *out)
{
    SCOPED_MEM struct counted *words = mem_new(WORDS_MAX, sizeof *words);
    *out = (struct vocabulary){0};
    if (!words)
        return ERR_MEMORY;
    size_t kept = merge_words(words, list_words(texts, count, words));
    out->count = kept < INVERT_VOCABULARY_MAX ? kept : INVERT_VOCABULARY_MAX;
    out->pairs = mem_new(out->count * out->count + 1, sizeof *out->pairs);
    if (!out->pairs)
        return ERR_MEMORY;
    for (size_t i = 0; i < out->count; i++)
        out->words[i] = words[i].word;
    for (size_t i = 0; i < count; i++)
        count_pairs(out, texts[i]);
    pairs_to_logs(out);
    return OK;
}

void vocabulary_free(struct vocabulary *vocabulary)
{
    mem_free(vocabulary->pairs);
    *vocabulary = (struct vocabulary){0};
}

size_t vocabulary_read(const struct vocabulary *vocabulary, struct bytes text, size_t most, size_t *out)
{
    size_t count = 0;
    struct words words;
    words_start(&words, text);
    while (count < most && words_next(&words))
        out[count++] = place_of(vocabulary, lowrank_word(words.word));
    return count;
}

/* --- a guess and its gradient --- */

#define SAMPLES_MAX (INVERT_WORDS_MAX - LOWRANK_CONTEXT)

struct guess {
    const struct inversion *inversion;
    size_t samples;
    float through[LOWRANK_INPUTS * LOWRANK_INPUTS]; /* A' A, or the identity */
    size_t words[INVERT_WORDS_MAX];
    float parts[SAMPLES_MAX][LOWRANK_WEIGHTS]; /* of each sample, as the adversary would see it */
    float sum[LOWRANK_WEIGHTS];
};

static void set_through(struct guess *guess)
{
    const float *a = guess->inversion->model->a;
    memset(guess->through, 0, sizeof guess->through);
    if (guess->inversion->sees == INVERT_ADAPTER)
        net_product_by_columns(a, a, LOWRANK_INPUTS, LOWRANK_RANK, LOWRANK_INPUTS, 1, NET_PUT, guess->through);
    for (size_t i = 0; i < LOWRANK_INPUTS && guess->inversion->sees == INVERT_GRADIENT; i++)
        guess->through[i * LOWRANK_INPUTS + i] = 1;
}

/* Of the loss, negated: what a step of descent adds to the weights. */
static void see_sample(const struct guess *guess, size_t sample, float out[static LOWRANK_WEIGHTS])
{
    const struct vocabulary *vocabulary = guess->inversion->vocabulary;
    uint64_t before[LOWRANK_CONTEXT];
    float input[LOWRANK_INPUTS], seen[LOWRANK_INPUTS], logits[LOWRANK_CLASSES], off[LOWRANK_CLASSES];
    for (size_t i = 0; i < LOWRANK_CONTEXT; i++)
        before[i] = vocabulary->words[guess->words[sample + i]];
    size_t label = lowrank_label(vocabulary->words[guess->words[sample + LOWRANK_CONTEXT]]);
    lowrank_input(before, input);
    net_product(guess->inversion->model->base, input, LOWRANK_CLASSES, LOWRANK_INPUTS, 1, 1, NET_PUT, logits);
    (void)loss_softmax(logits, &label, 1, LOWRANK_CLASSES, off);
    net_product(guess->through, input, LOWRANK_INPUTS, LOWRANK_INPUTS, 1, 1, NET_PUT, seen);
    net_product(off, seen, LOWRANK_CLASSES, 1, LOWRANK_INPUTS, -1, NET_PUT, out);
}

/* The samples that a word is in: it is the label of one and in the context of LOWRANK_CONTEXT others. */
static size_t first_sample(size_t place)
{
    return place < LOWRANK_CONTEXT ? 0 : place - LOWRANK_CONTEXT;
}

static size_t end_sample(const struct guess *guess, size_t place)
{
    return place + 1 < guess->samples ? place + 1 : guess->samples;
}

static double fluency(const struct guess *guess, size_t place)
{
    const struct vocabulary *vocabulary = guess->inversion->vocabulary;
    double sum = 0;
    if (place > 0)
        sum += (double)vocabulary->pairs[guess->words[place - 1] * vocabulary->count + guess->words[place]];
    if (place + 1 < guess->inversion->length)
        sum += (double)vocabulary->pairs[guess->words[place] * vocabulary->count + guess->words[place + 1]];
    return sum / (double)guess->inversion->length;
}

/* What a word at a place is worth, all else as it is; rest: the sum without that place's samples. */
static double worth(struct guess *guess, size_t place, const float rest[static LOWRANK_WEIGHTS])
{
    float sum[LOWRANK_WEIGHTS], part[LOWRANK_WEIGHTS];
    memcpy(sum, rest, sizeof sum);
    for (size_t sample = first_sample(place); sample < end_sample(guess, place); sample++) {
        see_sample(guess, sample, part);
        for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
            sum[i] += part[i];
    }
    return net_cosine(sum, guess->inversion->update, LOWRANK_WEIGHTS) + FLUENCY * fluency(guess, place);
}

static void remake(struct guess *guess)
{
    memset(guess->sum, 0, sizeof guess->sum);
    for (size_t sample = 0; sample < guess->samples; sample++) {
        see_sample(guess, sample, guess->parts[sample]);
        for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
            guess->sum[i] += guess->parts[sample][i];
    }
}

/* The best word of all for one place. */
static void improve(struct guess *guess, size_t place)
{
    float rest[LOWRANK_WEIGHTS];
    size_t best = guess->words[place];
    memcpy(rest, guess->sum, sizeof rest);
    for (size_t sample = first_sample(place); sample < end_sample(guess, place); sample++)
        for (size_t i = 0; i < LOWRANK_WEIGHTS; i++)
            rest[i] -= guess->parts[sample][i];
    double most = worth(guess, place, rest);
    for (size_t word = 0; word < guess->inversion->vocabulary->count; word++) {
        guess->words[place] = word;
        double now = worth(guess, place, rest);
        if (now > most) {
            most = now;
            best = word;
        }
    }
    guess->words[place] = best;
    remake(guess);
}

/* --- the search --- */

static void draw_start(struct guess *guess, struct random random)
{
    for (size_t i = 0; i < guess->inversion->length; i++)
        guess->words[i] = random_below(random, guess->inversion->vocabulary->count);
    remake(guess);
}

static void search(struct guess *guess, struct random random)
{
    size_t order[INVERT_WORDS_MAX];
    draw_start(guess, random);
    for (size_t sweep = 0; sweep < SWEEPS; sweep++) {
        net_shuffle(order, guess->inversion->length, random);
        for (size_t i = 0; i < guess->inversion->length; i++)
            improve(guess, order[i]);
    }
}

enum status invert_words(const struct inversion *inversion, struct random random, size_t *out)
{
    double best = -INFINITY;
    SCOPED_MEM struct guess *guess = mem_new(1, sizeof *guess);
    INVARIANT(inversion->length > LOWRANK_CONTEXT && inversion->length <= INVERT_WORDS_MAX);
    if (!guess)
        return ERR_MEMORY;
    guess->inversion = inversion;
    guess->samples = inversion->length - LOWRANK_CONTEXT;
    set_through(guess);
    for (size_t start = 0; start < STARTS; start++) {
        search(guess, random);
        double cosine = net_cosine(guess->sum, inversion->update, LOWRANK_WEIGHTS);
        if (cosine <= best)
            continue;
        best = cosine;
        memcpy(out, guess->words, inversion->length * sizeof *out);
    }
    return OK;
}

double invert_recall(const size_t *guess, const size_t *text, size_t length)
{
    size_t found = 0;
    bool used[INVERT_WORDS_MAX] = {false};
    for (size_t i = 0; i < length; i++)
        for (size_t k = 0; k < length; k++)
            if (!used[k] && guess[k] == text[i]) {
                used[k] = true;
                found++;
                break;
            }
    return (double)found / (double)length;
}

/* From words to features. Hides which features there are: a change here needs a newly trained model. */
#include "redaction/tag_model.h"

#define HERE (1u << TAG_BESIDE)
#define NEXT (7u << (TAG_BESIDE - 1)) /* here and one word on either side */
#define ALL ((1u << TAG_PLACES) - 1)

enum kind_of_feature {
    F_WORD = 1,
    F_WORD_SHAPE,
    F_SHAPE,
    F_FRONT,
    F_BACK,
    F_CLASS,
    F_CLASSES,
    F_GENRE,
    F_PAIR,
    F_SEEN,
    F_LINE,
    F_ABOVE,
    F_START,
    F_BIAS,
};

static uint64_t feature(enum kind_of_feature kind, uint64_t value)
{
    return tag_mix(value, (uint64_t)kind << 48);
}

static unsigned size_class(size_t size)
{
    return size < 3 ? (unsigned)size : size < 5 ? 4 : size < 9 ? 8 : 9;
}

uint64_t tag_word_hash(struct bytes text, const struct tag_word *word)
{
    bool inert = word->marks & WORD_INERT, digit = char_is(text.data[word->at], C_DIGIT);
    if (inert != (word->shape == SHAPE_CODE)) /* part of an inert stretch, or a code in prose */
        return tag_mix(size_class(word->size), (inert ? 2u : 4u) + digit);
    return word->hash;
}

struct tag_kind tag_kind_of(const struct tag_lists *lists, struct bytes text, const struct tag_word *word)
{
    struct tag_kind kind = {.word = tag_word_hash(text, word)};
    bool listed = word->shape != SHAPE_NUMBER && word->shape != SHAPE_MARK;
    kind.told = kind.word == word->hash && listed && !(word->marks & WORD_INERT);
    if (kind.told)
        kind.classes = tag_class_of(lists, word->hash);
    uint64_t shape = listed ? size_class(word->size) : kind.word;
    kind.shape = tag_mix(shape, word->shape + 1u + (word->marks & WORD_INERT ? 16u : 0));
    return kind;
}

static void add(struct tag_feature *out, size_t *count, uint64_t hash, unsigned places)
{
    if (*count < TAG_WORD_FEATURES)
        out[(*count)++] = (struct tag_feature){hash, (uint8_t)places};
}

static void add_affixes(struct bytes word, struct tag_feature *out, size_t *count)
{
    for (size_t size = 2; size <= 4 && size < word.size; size++) {
        if (size > 2)
            add(out, count, feature(F_FRONT, tag_hash(bytes_part(word, 0, size))), HERE);
        add(out, count, feature(F_BACK, tag_hash(bytes_part(word, word.size - size, size))), size == 3 ? NEXT : HERE);
    }
}

size_t tag_word_features(const struct tag_kind *kind, struct bytes word, unsigned genre,
                         struct tag_feature out[static TAG_WORD_FEATURES])
{
    size_t count = 0;
    uint64_t both = tag_mix(kind->word, kind->shape);
    add(out, &count, feature(F_WORD, kind->word), ALL);
    add(out, &count, feature(F_WORD_SHAPE, both), HERE);
    add(out, &count, feature(F_SHAPE, kind->shape), ALL);
    if (kind->told)
        add_affixes(word, out, &count);
    for (unsigned bit = 0; bit < CLASS_BITS; bit++)
        if (kind->classes >> bit & 1)
            add(out, &count, feature(F_CLASS, tag_mix(bit, kind->shape)), ALL);
    add(out, &count, feature(F_CLASSES, tag_mix(kind->classes, kind->shape)), NEXT);
    uint64_t salt = feature(F_GENRE, genre);
    add(out, &count, tag_mix(feature(F_WORD, kind->word), salt), NEXT);
    add(out, &count, tag_mix(feature(F_SHAPE, kind->shape), salt), NEXT);
    add(out, &count, tag_mix(feature(F_CLASSES, tag_mix(kind->classes, kind->shape)), salt), HERE);
    return count;
}

/* --- places --- */

unsigned tag_line_kind(const struct tag_kind *const *kinds, const struct tag_word *words, size_t count)
{
    size_t common = 0, inert = 0, marks = 0;
    for (size_t i = 0; i < count; i++) {
        common += words[i].shape == SHAPE_LOWER && kinds[i]->classes & CLASS_COMMON;
        inert += (words[i].marks & WORD_INERT) != 0;
        marks += words[i].shape == SHAPE_MARK;
    }
    unsigned prose = common * 2 >= count ? 2 : common * 4 >= count ? 1 : 0;
    unsigned odd = inert * 4 >= count ? 2 : marks * 3 >= count ? 1 : 0;
    unsigned size = count < 3 ? 0 : count < 8 ? 1 : 2;
    return prose + 3 * odd + 9 * size;
}

void tag_heading(const struct tag_kind *const *kinds, const struct tag_word *words, size_t count, uint64_t *above)
{
    uint64_t hash = 1;
    size_t letters = 0;
    for (size_t i = 0; i < count; i++) {
        if (words[i].shape == SHAPE_LOWER || words[i].shape == SHAPE_NUMBER || count > 12)
            return;
        bool word = words[i].shape == SHAPE_UPPER;
        letters += word;
        hash = word && letters < 5 ? tag_mix(hash, kinds[i]->word) : hash;
    }
    if (letters)
        *above = hash;
}

/* The kind of word `by` places on, or what stands outside of the line. */
static const struct tag_kind *kind_at(const struct tag_place *place, int by)
{
    static const struct tag_kind before = {.word = 11, .shape = 12}, behind = {.word = 13, .shape = 14};
    size_t at = place->at + (size_t)by;
    if (by < 0 && place->at < (size_t)-by)
        return &before;
    return at < place->count ? place->kinds[at] : &behind;
}

size_t tag_place_features(const struct tag_place *place, uint64_t out[static TAG_PLACE_FEATURES])
{
    const struct tag_kind *here = kind_at(place, 0), *before = kind_at(place, -1), *behind = kind_at(place, 1);
    const struct tag_kind *before2 = kind_at(place, -2), *behind2 = kind_at(place, 2);
    const struct tag_word *word = &place->words[place->at];
    uint64_t pair = feature(F_PAIR, 0);
    size_t n = 0;
    out[n++] = feature(F_BIAS, place->genre);
    out[n++] = tag_mix(tag_mix(before->word, here->word), pair + 1);
    out[n++] = tag_mix(tag_mix(here->word, behind->word), pair + 2);
    out[n++] = tag_mix(tag_mix(before->word, here->shape), pair + 3);
    out[n++] = tag_mix(tag_mix(here->shape, behind->word), pair + 4);
    out[n++] = tag_mix(tag_mix(tag_mix(before->shape, here->shape), behind->shape), pair + 5);
    out[n++] = tag_mix(tag_mix(tag_mix(before2->word, before->word), here->shape), pair + 6);
    out[n++] = tag_mix(tag_mix(tag_mix(behind2->word, behind->word), here->shape), pair + 7);
    out[n++] = tag_mix(tag_mix(tag_mix(before2->shape, before->shape), here->shape), pair + 8);
    out[n++] = feature(F_LINE, tag_mix(place->line, here->shape));
    out[n++] = feature(F_LINE, tag_mix(tag_mix(place->line, here->classes), word->shape + 64u));
    out[n++] = feature(F_ABOVE, place->above);
    out[n++] = feature(F_ABOVE, tag_mix(place->above, here->shape));
    out[n++] = feature(F_START, tag_mix(here->shape, (place->at == 0) + 2u * (word->marks & WORD_SPACED)));
    if (word->shape != SHAPE_MARK && word->shape != SHAPE_NUMBER) {
        out[n++] = feature(F_SEEN, tag_mix(place->seen, word->shape));
        out[n++] = feature(F_SEEN, tag_mix(tag_mix(place->seen, word->shape), here->classes));
    }
    return n;
}

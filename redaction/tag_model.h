/* The tagger's model, inside: labels, features and the tables that give features their weights.
 *
 * A feature is a 64-bit hash; it has one small integer weight a label. What depends on one word alone is hashed once a
 * kind of word (tag_word_features), and again for each place that it can have beside the word that is tagged; what
 * depends on the place in the line comes from tag_place_features. The trainer (redaction/train/) and the decoder
 * (redaction/tag.c) share all of this file. */
#pragma once

#include "redaction/tag_words.h"

#define TAG_TYPES 8 /* NAME PLACE ORGANISATION DATE DEMOGRAPHIC QUANTITY CASE MISC */
#define TAG_LABELS                                                                                                     \
    19               /* begins of the types; their insides; outside; begin and inside of what is named but may stay    \
                      */
#define TAG_LANES 20 /* labels as stored while decoding, padded with zeros */
#define TAG_INSIDE TAG_TYPES /* of a type: so many behind its begin */
#define TAG_OUTSIDE 16
#define TAG_STAYS 17
#define TAG_STAYS_INSIDE 18
#define TAG_BESIDE 2 /* words on either side that a word's features are seen from */
#define TAG_PLACES (2 * TAG_BESIDE + 1)
#define TAG_GENRE_LAW 1 /* records of courts and offices; 0: everything else */
#define TAG_GENRES 2

static inline bool tag_is_inside(size_t label)
{
    return (label >= TAG_INSIDE && label < TAG_OUTSIDE) || label == TAG_STAYS_INSIDE;
}
/* The begin that an inside goes on from. */
static inline size_t tag_begin_of(size_t inside)
{
    return inside == TAG_STAYS_INSIDE ? TAG_STAYS : inside - TAG_INSIDE;
}
/* Whether `label` may follow `before`: an inside only its own begin or inside. */
static inline bool tag_may_follow(size_t before, size_t label)
{
    return !tag_is_inside(label) || before == label || before == tag_begin_of(label);
}

/* --- word classes: bits of a list that the model carries --- */
enum tag_class {
    CLASS_GIVEN = 1,
    CLASS_FAMILY = 2,
    CLASS_COMMON = 4, /* an English word in lower case */
    CLASS_CITY = 8,
    CLASS_COUNTRY = 16,
    CLASS_PART = 32, /* of the name of a place of several words */
    CLASS_TITLE = 64,
    CLASS_MONTH = 128,
    CLASS_TIME = 256,
    CLASS_NUMBER = 512, /* number words, units, currencies */
    CLASS_NATION = 1024,
    CLASS_TRAIT = 2048, /* faith, politics, health, sexuality */
    CLASS_JOB = 4096,
    CLASS_KIN = 8192,
    CLASS_ORG = 16384,
    CLASS_LAW = 32768,
    CLASS_TECH = 65536,
    CLASS_WHERE = 1 << 17, /* street, city, north */
};
#define CLASS_BITS 18

struct tag_lists {
    const uint8_t *hashes;  /* u32 each, ascending */
    const uint8_t *classes; /* u32 each */
    size_t count;
};
unsigned tag_class_of(const struct tag_lists *lists, uint64_t hash);

/* --- features --- */
#define TAG_WORD_FEATURES 64
struct tag_feature {
    uint64_t hash;
    uint8_t places; /* bit TAG_BESIDE + n: also seen from n words on */
};
/* What is known of a word wherever it stands. */
struct tag_kind {
    uint64_t word, shape; /* hashes */
    unsigned classes;
    bool told; /* its letters matter */
};
/* The word's hash, but one for all codes, and for all inert words, of a size. */
uint64_t tag_word_hash(struct bytes text, const struct tag_word *word);
struct tag_kind tag_kind_of(const struct tag_lists *lists, struct bytes text, const struct tag_word *word);
size_t tag_word_features(const struct tag_kind *kind, struct bytes word, unsigned genre,
                         struct tag_feature out[static TAG_WORD_FEATURES]);
/* The feature as seen from `beside` words on. */
static inline uint64_t tag_feature_at(uint64_t hash, int beside)
{
    return tag_mix(hash, 16 + (uint64_t)(int64_t)beside);
}

/* What the document says of a kind of word, and of the line. */
enum tag_seen {
    SEEN_LOWER = 1,  /* in lower case somewhere */
    SEEN_WITHIN = 2, /* capitalised within a sentence */
    SEEN_TITLED = 4, /* behind "Mr" */
    SEEN_OFTEN = 8,  /* five times and more */
    SEEN_TWICE = 16,
};
struct tag_place {
    const struct tag_kind *const *kinds; /* of the line's words */
    const struct tag_word *words;
    size_t count, at;
    unsigned seen;  /* bits of tag_seen of the word at `at` */
    unsigned line;  /* kind of line: tag_line_kind */
    uint64_t above; /* hash of the heading that the line stands under */
    unsigned genre;
};
#define TAG_PLACE_FEATURES 20
size_t tag_place_features(const struct tag_place *place, uint64_t out[static TAG_PLACE_FEATURES]);
unsigned tag_line_kind(const struct tag_kind *const *kinds, const struct tag_word *words, size_t count);
/* Whether the line is a heading: few words, none in lower case. *above changes if so. */
void tag_heading(const struct tag_kind *const *kinds, const struct tag_word *words, size_t count, uint64_t *above);

/* --- the model's bytes ---
 *
 *     "CHTAG2\0\0"  u32 features, u32 buckets (a power of two), u32 listed words, f32 weight of one step,
 *     f32 [TAG_LABELS][TAG_LABELS] transitions (row: before), f32 [TAG_LABELS] first in a line,
 *     u32 [buckets + 1] where each bucket begins, u16 [features] marks, i8 [features][TAG_LABELS] weights,
 *     u32 [words] hashes, u32 [words] classes, SHA-256 over all that stands before.
 *
 * All little endian. The bucket of a feature is the upper bits of its hash, its mark the lowest 16 bits. */
struct tag_model {
    size_t features, buckets;
    unsigned shift; /* from a hash to its bucket */
    float step;
    float follow[TAG_LABELS][TAG_LABELS], first[TAG_LABELS];
    const uint8_t *starts, *marks, *weights;
    uint64_t *sieve; /* a bit for a bucket and the low bits of a mark: most features that are not there stop here */
    struct tag_lists lists;
};
/* Views into `bytes`, which must stay, and the sieve. ERR_INPUT, ERR_VERSION, ERR_MEMORY. */
MUST_USE enum status tag_model_open(struct bytes bytes, struct tag_model *out, struct why *why);
/* Whether the hash at the end is right: for what comes from elsewhere. ERR_CORRUPT. */
MUST_USE enum status tag_model_check(struct bytes bytes, struct why *why);
/* The model that is built in for a genre. */
struct bytes tag_built_in(unsigned genre);
void tag_model_close(struct tag_model *model);
/* The weights of a feature, TAG_LABELS of them, or NULL; TAG_LANES may be read, what stands in the others is nothing.
 */
const int8_t *tag_model_find(const struct tag_model *model, uint64_t feature);

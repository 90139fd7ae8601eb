/* The walk over words. Hides the table: a sieve of bits first, then the word's first and last eight letters, then the
 * anchors that are known by it. Of an anchor's words the one is taken that fewest others have. */
#include "redaction/anchor_words.h"

#include <stdlib.h>

#include "redaction/block.h"

#define WORD_MOST 40 /* letters of a word that is looked up, */
#define WORD_SHORT 3 /* of one that is too common to know an anchor by, if there is another, */
#define STEM 4       /* and of what longer words may begin with */
#define SLOTS (1u << 13)
#define SIEVE_LOG 17 /* bits, as many as the nearest cache easily holds */
#define STEM_LOG 12

struct word {
    uint64_t front, back; /* in lower case; the same up to eight letters */
    uint64_t size;        /* 0: a stem, whose letters are as written */
};
/* Words of one tag share a slot: the anchors' letters are compared anyway. */
struct slot {
    uint32_t tag;
    uint16_t first, count; /* in entries; count 0: free */
};
struct entry {
    uint32_t index; /* in anchors->items */
    uint32_t slot;
    uint8_t lead, word, size; /* bytes of the anchor before the word that it is known by, of that, and of all */
    bool cased;
    int8_t probe; /* from the word: a byte of the anchor that seldom agrees by chance; 0: none */
    uint8_t byte;
    const uint8_t *literal; /* in lower case unless `cased` */
};
struct run {
    uint32_t index;
    const char *marks;
    size_t size;
};
struct anchor_words {
    uint64_t sieve[(1u << SIEVE_LOG) / 64], stems[(1u << STEM_LOG) / 64];
    struct slot slots[SLOTS];
    struct entry *entries;
    size_t count;
    uint8_t *letters; /* the literals that are in lower case */
    size_t lettered;
    struct run runs[ANCHOR_RUNS];
    size_t run_count, run_least;
};

/* --- words --- */

static inline uint64_t eight(const uint8_t *from)
{
    uint64_t letters;
    memcpy(&letters, from, sizeof letters);
    return letters;
}

/* `size` > 0 letters and digits, with eight bytes or more to read. Digits have the bit that makes letters small. */
static inline struct word word_of(const uint8_t *from, size_t size)
{
    size_t front = size < 8 ? size : 8;
    uint64_t mask = ~0ull >> (8 * (8 - front) & 63), small = 0x2020202020202020u & mask;
    return (struct word){(eight(from) & mask) | small, (eight(from + size - front) & mask) | small, size};
}

static struct word word_at(struct bytes text, size_t at, size_t size)
{
    uint8_t copy[WORD_MOST + 8] = {0};
    memcpy(copy, text.data + at, size);
    return word_of(copy, size);
}

static inline struct word stem_of(const uint8_t *from)
{
    uint64_t stem = eight(from) & ((1ull << 8 * STEM) - 1);
    return (struct word){stem, stem, 0};
}

static inline uint64_t hash_of(struct word word)
{
    return (word.front ^ word.back * 0x9e3779b97f4a7c15u ^ word.size << 56) * 0xd6e8feb86659fd93u;
}

/* The sieves go by less, since every word is asked for: a word's size and first eight letters, a stem's letters. */
static inline size_t sieve_bit(struct word word)
{
    return (word.front ^ word.size << 56) * 0xd6e8feb86659fd93u >> (64 - SIEVE_LOG);
}

static inline size_t stem_bit(const uint8_t *from)
{
    uint32_t letters;
    memcpy(&letters, from, sizeof letters);
    return letters * 0x9e3779b1u >> (32 - STEM_LOG);
}

static inline bool holds(const uint64_t *sieve, size_t bit)
{
    return sieve[bit / 64] >> bit % 64 & 1;
}

static inline void put(uint64_t *sieve, size_t bit)
{
    sieve[bit / 64] |= 1ull << bit % 64;
}

/* Where the word of this hash is, or the free slot where it would be. */
static size_t slot_of(const struct anchor_words *words, uint64_t hash)
{
    size_t at = hash >> 20 & (SLOTS - 1);
    while (words->slots[at].count && words->slots[at].tag != (uint32_t)(hash >> 32))
        at = (at + 1) & (SLOTS - 1);
    return at;
}

/* --- which word an anchor is known by --- */

static bool is_loose(const struct anchor *anchor)
{
    return anchor->item && anchor->row->flags & ROW_LOOSE;
}

static bool is_cased(const struct anchor *anchor)
{
    return !anchor->item || anchor->row->flags & ROW_CASED;
}

static bool is_ascii(struct bytes literal)
{
    for (size_t i = 0; i < literal.size; i++)
        if (literal.data[i] >= 0x80)
            return false;
    return true;
}

/* The next word of a literal from *at on. */
static bool next_word(struct bytes literal, size_t *at, size_t *end)
{
    while (*at < literal.size && !char_is(literal.data[*at], C_ALNUM))
        ++*at;
    *end = chars_run(literal, *at, C_ALNUM, SIZE_MAX);
    return *at < literal.size;
}

/* Whether, wherever the anchor stands, a word begins at `at` of it, and is [at, end) or (at the anchor's end) one with
 * a plural's s, or begins with what is long enough. */
static bool tells(const struct anchor *anchor, struct bytes literal, size_t at, size_t end)
{
    if (at == 0 && is_loose(anchor))
        return false; /* it stands within words too */
    return end < literal.size || (anchor->item && !is_loose(anchor)) || (is_cased(anchor) && end - at >= STEM);
}

bool anchor_has_word(const struct anchor *anchor)
{
    struct bytes literal = anchor_literal(anchor);
    if (anchor->row->flags & ROW_RUN)
        return true;
    for (size_t at = 0, end; is_ascii(literal) && next_word(literal, &at, &end); at = end)
        if (tells(anchor, literal, at, end))
            return true;
    return false;
}

/* How often words occur in anchors, by their hash. */
struct census {
    uint16_t counts[2 * SLOTS];
};

static uint16_t *census_of(struct census *census, struct bytes literal, size_t at, size_t end)
{
    return &census->counts[hash_of(word_at(literal, at, end - at)) >> 20 & (2 * SLOTS - 1)];
}

static void census_take(struct census *census, const struct anchor *anchor)
{
    struct bytes literal = anchor_literal(anchor);
    for (size_t at = 0, end; next_word(literal, &at, &end); at = end) {
        INVARIANT(end - at < WORD_MOST);
        ++*census_of(census, literal, at, end);
    }
}

/* The word that fewest anchors hold. */
static void choose(struct census *census, const struct anchor *anchor, size_t *lead, size_t *word)
{
    struct bytes literal = anchor_literal(anchor);
    size_t least = SIZE_MAX;
    for (size_t at = 0, end; next_word(literal, &at, &end); at = end) {
        size_t cost = *census_of(census, literal, at, end) + (end - at <= WORD_SHORT ? UINT16_MAX : 0);
        if (!tells(anchor, literal, at, end) || cost >= least)
            continue;
        least = cost;
        *lead = at;
        *word = end - at;
    }
    INVARIANT(least < SIZE_MAX);
}

/* --- the table --- */

/* An entry under the word's slot, which counts its entries; they are put in order afterwards. */
static void add(struct anchor_words *words, struct entry entry, struct word word)
{
    uint64_t hash = hash_of(word);
    size_t at = slot_of(words, hash);
    words->slots[at].tag = (uint32_t)(hash >> 32);
    words->slots[at].count++;
    if (word.size)
        put(words->sieve, sieve_bit(word));
    else
        put(words->stems, stem_bit(entry.literal + entry.lead));
    entry.slot = (uint32_t)at;
    words->entries[words->count++] = entry;
}

static void add_plural(struct anchor_words *words, struct entry entry)
{
    uint8_t plural[WORD_MOST + 8] = {0};
    memcpy(plural, entry.literal + entry.lead, entry.word);
    plural[entry.word] = 's';
    add(words, entry, word_of(plural, entry.word + 1u));
}

static void add_run(struct anchor_words *words, const struct anchor *anchor, size_t index)
{
    const char *marks = anchor->row->anchor, *size = marks + strcspn(marks, "0123456789");
    INVARIANT(words->run_count < ANCHOR_RUNS);
    struct run *run = &words->runs[words->run_count++];
    *run = (struct run){(uint32_t)index, marks, strtoul(size, NULL, 10)};
    INVARIANT(run->size > WORD_SHORT && run->size <= WORD_MOST);
    words->run_least = run->size < words->run_least ? run->size : words->run_least;
}

/* Beyond the byte that parts words. */
static void set_probe(struct entry *entry)
{
    int offset = entry->lead + entry->word + 1 < entry->size ? entry->word + 1 : entry->lead >= 2 ? -2 : 0;
    entry->probe = (int8_t)offset;
    entry->byte = char_lower(entry->literal[entry->lead + offset]);
}

static const uint8_t *lower(struct anchor_words *words, struct bytes literal)
{
    uint8_t *letters = words->letters + words->lettered;
    for (size_t i = 0; i < literal.size; i++)
        letters[i] = char_lower(literal.data[i]);
    words->lettered += literal.size;
    return letters;
}

static void add_anchor(struct anchor_words *words, struct census *census, const struct anchor *anchor, size_t index)
{
    struct bytes literal = anchor_literal(anchor);
    size_t lead = 0, word = 0;
    choose(census, anchor, &lead, &word);
    INVARIANT(literal.size <= UINT8_MAX);
    struct entry entry = {.index = (uint32_t)index,
                          .lead = (uint8_t)lead,
                          .word = (uint8_t)word,
                          .size = (uint8_t)literal.size,
                          .cased = is_cased(anchor),
                          .literal = literal.data};
    bool last = lead + word == literal.size, whole = anchor->item && !is_loose(anchor);
    set_probe(&entry);
    if (!entry.cased)
        entry.literal = lower(words, literal);
    uint8_t stem[8] = {0}; /* the literal ends where it ends */
    memcpy(stem, literal.data + lead, word < sizeof stem ? word : sizeof stem);
    add(words, entry, last && !whole ? stem_of(stem) : word_at(literal, lead, word));
    if (last && whole)
        add_plural(words, entry);
}

static int by_slot(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->slot != y->slot)
        return x->slot < y->slot ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void order(struct anchor_words *words)
{
    qsort(words->entries, words->count, sizeof *words->entries, by_slot);
    for (size_t i = words->count; i-- > 0;) {
        struct slot *slot = &words->slots[words->entries[i].slot];
        INVARIANT(slot->count <= ANCHOR_PLACES / 4); /* so that there is always room for a word's places */
        slot->first = (uint16_t)i;
    }
}

static void fill(struct anchor_words *words, struct census *census, const struct anchors *anchors)
{
    words->run_least = SIZE_MAX;
    for (size_t i = anchors->scanned; i < anchors->count; i++)
        census_take(census, &anchors->items[i]);
    for (size_t i = anchors->scanned; i < anchors->count; i++)
        if (anchors->items[i].row->flags & ROW_RUN)
            add_run(words, &anchors->items[i], i);
        else
            add_anchor(words, census, &anchors->items[i], i);
    order(words);
    size_t used = 0;
    for (size_t i = 0; i < SLOTS; i++)
        used += words->slots[i].count > 0;
    INVARIANT(used <= SLOTS * 3 / 4);
}

static size_t letters_of(const struct anchors *anchors)
{
    size_t size = 0;
    for (size_t i = anchors->scanned; i < anchors->count; i++)
        size += anchor_literal(&anchors->items[i]).size;
    return size;
}

enum status anchor_words_new(const struct anchors *anchors, struct anchor_words **out)
{
    struct anchor_words *words = *out = mem_new(1, sizeof *words);
    struct census *census = mem_new(1, sizeof *census);
    size_t most = 2 * (anchors->count - anchors->scanned);
    INVARIANT(most <= UINT16_MAX);
    if (words) {
        words->entries = mem_new(most, sizeof *words->entries);
        words->letters = mem_new(letters_of(anchors), 1);
    }
    bool made = words && words->entries && words->letters && census;
    if (made) {
        fill(words, census, anchors);
    } else {
        anchor_words_free(words);
        *out = NULL;
    }
    mem_free(census);
    return made ? OK : ERR_MEMORY;
}

void anchor_words_free(struct anchor_words *words)
{
    if (!words)
        return;
    mem_free(words->entries);
    mem_free(words->letters);
    mem_free(words);
}

/* --- the walk --- */

static uint64_t letters_at(struct bytes text, size_t at)
{
    if (at >= text.size)
        return 0;
    struct block block = block_at(text, at);
    return block_alnum(&block);
}

void anchor_walk_start(struct anchor_walk *walk, const struct anchor_words *words, struct bytes text)
{
    walk->words = words;
    walk->text = text;
    walk->base = walk->first = walk->count = 0;
    walk->letters = walk->escapes = walk->slashes = walk->starts = 0;
    walk->ahead = letters_at(text, 0);
}

/* The letters of escapes that stand for a blank, as in chars_word_starts: behind them a word begins too. */
static uint64_t escapes_of(struct anchor_walk *walk, const struct block *block)
{
    uint64_t slashes = block_are(block, '\\'), behind = slashes << 1 | walk->slashes >> 63;
    walk->slashes = slashes;
    if (!behind)
        return 0;
    return behind & (block_are(block, 'n') | block_are(block, 't') | block_are(block, 'r'));
}

/* Letters and digits from the `bit`-th byte of the block on. */
static inline size_t word_size(const struct anchor_walk *walk, size_t bit)
{
    uint64_t letters = walk->letters >> bit | walk->ahead << 1 << (63 - bit);
    size_t size = (size_t)__builtin_ctzll(~letters | 1ull << 63);
    return size < WORD_MOST ? size : WORD_MOST;
}

/* Those of the block's words that pass the sieve. No branch depends on a word: most are not in the table, but which
 * cannot be foreseen. */
static uint64_t sift(const struct anchor_walk *walk, const uint8_t *block, uint64_t starts)
{
    const struct anchor_words *words = walk->words;
    uint64_t passed = 0;
    for (; starts; starts &= starts - 1) {
        size_t bit = (size_t)__builtin_ctzll(starts), size = word_size(walk, bit);
        uint64_t known = (uint64_t)holds(words->sieve, sieve_bit(word_of(block + bit, size))) |
                         (uint64_t)holds(words->stems, stem_bit(block + bit)) | (uint64_t)(size >= words->run_least);
        passed |= known << bit;
    }
    return passed;
}

static void next_block(struct anchor_walk *walk)
{
    uint8_t tail[64 + WORD_MOST + 8];
    struct block block = block_at(walk->text, walk->base);
    uint64_t before = walk->letters >> 63 & ~(walk->escapes >> 63), letters = walk->ahead;
    uint64_t escapes = escapes_of(walk, &block), starts = letters & (~(letters << 1 | before) | escapes << 1);
    const uint8_t *here = walk->text.data + walk->base;
    walk->letters = letters;
    walk->escapes = escapes;
    walk->ahead = letters_at(walk->text, walk->base + 64);
    if (walk->text.size - walk->base < sizeof tail) {
        memset(tail, 0, sizeof tail);
        here = memcpy(tail, here, walk->text.size - walk->base);
    }
    walk->starts = sift(walk, here, starts);
    walk->base += 64;
}

static bool is_literal(struct bytes text, size_t at, const struct entry *entry)
{
    if (entry->probe && char_lower(char_at(text, at + (size_t)(ptrdiff_t)entry->probe)) != entry->byte)
        return false;
    if (at < entry->lead || text.size - (at - entry->lead) < entry->size)
        return false;
    const uint8_t *here = text.data + at - entry->lead;
    if (entry->cased)
        return memcmp(here, entry->literal, entry->size) == 0;
    for (size_t i = 0; i < entry->size; i++)
        if (char_lower(here[i]) != entry->literal[i])
            return false;
    return true;
}

/* In the order of ends. */
static void keep(struct anchor_walk *walk, struct anchor_place place)
{
    size_t to = walk->first + walk->count++;
    for (; to > walk->first && walk->places[to - 1].end > place.end; to--)
        walk->places[to] = walk->places[to - 1];
    walk->places[to] = place;
}

static void keep_known(struct anchor_walk *walk, uint64_t hash, size_t at)
{
    const struct anchor_words *words = walk->words;
    const struct slot *slot = &words->slots[slot_of(words, hash)];
    for (size_t i = 0; i < slot->count; i++) {
        const struct entry *entry = &words->entries[slot->first + i];
        if (is_literal(walk->text, at, entry))
            keep(walk, (struct anchor_place){at - entry->lead + entry->size, entry->index});
    }
}

static void keep_runs(struct anchor_walk *walk, size_t at, size_t size)
{
    uint8_t mark = char_at(walk->text, at - 1);
    for (size_t i = 0; i < walk->words->run_count; i++) {
        const struct run *run = &walk->words->runs[i];
        if (size >= run->size && mark && strchr(run->marks, mark) && !char_is(mark, C_ALNUM))
            keep(walk, (struct anchor_place){at + run->size, run->index});
    }
}

/* The word that begins at `at`, which passed the sieve. */
static void look(struct anchor_walk *walk, size_t at)
{
    const struct anchor_words *words = walk->words;
    size_t size = word_size(walk, at & 63);
    uint8_t tail[WORD_MOST + 8] = {0};
    const uint8_t *from = walk->text.data + at;
    if (walk->text.size - at < sizeof tail)
        from = memcpy(tail, from, size);
    struct word word = word_of(from, size);
    if (holds(words->sieve, sieve_bit(word)))
        keep_known(walk, hash_of(word), at);
    if (holds(words->stems, stem_bit(from)))
        keep_known(walk, hash_of(stem_of(from)), at);
    if (size >= words->run_least)
        keep_runs(walk, at, size);
}

static bool give(struct anchor_walk *walk, size_t limit, struct anchor_place *out)
{
    if (walk->places[walk->first].end > limit)
        return false;
    *out = walk->places[walk->first++];
    walk->count--;
    return true;
}

static void make_room(struct anchor_walk *walk)
{
    if (walk->count && walk->first > ANCHOR_PLACES / 4)
        memmove(walk->places, walk->places + walk->first, walk->count * sizeof walk->places[0]);
    else if (walk->count)
        return;
    walk->first = 0;
}

bool anchor_walk_next(struct anchor_walk *walk, size_t limit, struct anchor_place *out)
{
    for (;;) {
        while (!walk->starts && walk->base < walk->text.size)
            next_block(walk);
        size_t at = walk->starts ? walk->base - 64 + (size_t)__builtin_ctzll(walk->starts) : SIZE_MAX;
        if (walk->count && (walk->places[walk->first].end <= at || walk->count > ANCHOR_PLACES / 2))
            return give(walk, limit, out);
        if (at >= limit || at == SIZE_MAX)
            return false;
        make_room(walk);
        walk->starts &= walk->starts - 1;
        look(walk, at);
    }
}

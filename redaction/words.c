/* The table behind the word lists. Hides the hash (built once a redactor, then read-only), the sieve before it, and the
 * endings of words. */
#include "redaction/words.h"

#include "base/secret.h"
#include "redaction/chars.h"

#define SLOTS (1u << 15)
#define WORD_MAX 40

struct word {
    uint64_t front, back; /* eight letters, and all others folded, lower case */
};
struct entry {
    struct word word;
    unsigned classes;
};
struct names {
    uint64_t sieve[SLOTS / 8]; /* a bit for an eighth of a slot: most words stop here, within the nearest cache */
    struct entry slots[SLOTS];
};

static const char words_filler[] =
    "is was are were of for the my your his her their our called named with under s and to a using on it its this that "
    "would be associated ending in or as from provided new";
static const char words_telling[] = "id ids number numbers no num code codes";

static uint64_t word_hash(struct word word)
{
    return (word.front ^ (word.back * 0x9e3779b97f4a7c15u)) * 0xd6e8feb86659fd93u;
}

static size_t slot_of(uint64_t hash)
{
    return (size_t)(hash >> 40) % SLOTS;
}

static uint64_t sieve_bit(uint64_t hash)
{
    return 1ull << (hash >> 34) % 64;
}

static uint64_t *sieve_of(const struct names *names, uint64_t hash)
{
    return (uint64_t *)&names->sieve[(hash >> 40) % (SLOTS / 8)];
}

/* In lower case: no list has what else loses its case by that bit. */
static uint64_t letters(const uint8_t *from, size_t size)
{
    uint64_t eight = 0;
    for (size_t i = 0; i < size && i < 8; i++)
        eight |= (uint64_t)(from[i] | 0x20) << 8 * i;
    return eight;
}

static bool pad(struct bytes word, struct word *out)
{
    if (word.size == 0 || word.size > WORD_MAX)
        return false;
    *out = (struct word){.front = letters(word.data, word.size)};
    for (size_t at = 8; at < word.size; at += 8)
        out->back = out->back * 0x9e3779b97f4a7c15u ^ letters(word.data + at, word.size - at);
    return true;
}

static bool word_equal(struct word a, struct word b)
{
    return a.front == b.front && a.back == b.back;
}

static void add_word(struct names *names, struct bytes text, unsigned class)
{
    struct word word;
    if (!pad(text, &word))
        return;
    uint64_t hash = word_hash(word);
    size_t slot = slot_of(hash);
    while (names->slots[slot].classes && !word_equal(names->slots[slot].word, word))
        slot = (slot + 1) % SLOTS;
    names->slots[slot].word = word;
    names->slots[slot].classes |= class;
    *sieve_of(names, hash) |= sieve_bit(hash);
}

static void add_list(struct names *names, const char *list, unsigned class)
{
    while (*list) {
        uint8_t word[WORD_MAX];
        size_t size = strcspn(list, " "), first = strcspn(list, "_ ");
        for (size_t i = 0; i < size && i < WORD_MAX; i++)
            word[i] = list[i] == '_' ? ' ' : (uint8_t)list[i];
        add_word(names, bytes_of(word, size), class);
        if (first < size)
            add_word(names, bytes_of(word, first), WORD_FIRST);
        list += size + (list[size] == ' ');
    }
}

enum status names_new(struct names **out)
{
    static const struct {
        const char *list;
        unsigned class;
    } lists[] = {
        {names_given, NAME_GIVEN},         {names_family, NAME_FAMILY},     {names_common, NAME_COMMON},
        {words_filler, WORD_FILLER},       {words_telling, WORD_TELLING},   {words_plain, WORD_PLAIN},
        {places_countries, PLACE_COUNTRY}, {places_regions, PLACE_REGION},  {places_cities, PLACE_CITY},
        {people_nations, PEOPLE_NATION},   {people_beliefs, PEOPLE_BELIEF},
    };
    struct names *names = *out = mem_new(1, sizeof *names);
    if (!names)
        return ERR_MEMORY;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        add_list(names, lists[i].list, lists[i].class);
    return OK;
}

void names_free(struct names *names)
{
    mem_free(names);
}

unsigned names_class(const struct names *names, struct bytes text)
{
    struct word word;
    if (!pad(text, &word))
        return 0;
    uint64_t hash = word_hash(word);
    if (!(*sieve_of(names, hash) & sieve_bit(hash)))
        return 0;
    for (size_t slot = slot_of(hash); names->slots[slot].classes; slot = (slot + 1) % SLOTS)
        if (word_equal(names->slots[slot].word, word))
            return names->slots[slot].classes;
    return 0;
}

/* Length of the one of `endings` ('|' between) that the word ends in, with three letters before it; 0 if none. */
static size_t ending_of(struct bytes word, const char *endings)
{
    while (*endings) {
        size_t size = strcspn(endings, "|"), i = 0;
        while (i < size && word.size >= size + 3 && char_lower(word.data[word.size - size + i]) == (uint8_t)endings[i])
            i++;
        if (i == size)
            return size;
        endings += size + (endings[size] == '|');
    }
    return 0;
}

bool names_plain(const struct names *names, struct bytes word)
{
    static const char *const inflections[] = {"s", "es", "ed", "d", "ing", "ly", "er", "ers"};
    static const char derivations[] =
        "ize|ify|ively|ately|tion|sion|ment|ness|ing|ity|able|ible|ful|less|ology|ism|ance|ence|ally|ive|ous|"
        "ship|hood|ware|work|ways";
    if (names_class(names, word) & (WORD_PLAIN | NAME_COMMON | WORD_FILLER) || ending_of(word, derivations))
        return true;
    for (size_t i = 0; i < sizeof inflections / sizeof inflections[0]; i++) {
        size_t size = ending_of(word, inflections[i]);
        if (size && names_class(names, bytes_part(word, 0, word.size - size)) & (WORD_PLAIN | NAME_COMMON))
            return true;
    }
    return false;
}

bool names_family_shape(struct bytes word)
{
    static const char endings[] =
        "sson|ssen|dottir|ovic|evic|ovich|evich|wicz|wski|wska|nski|nska|dzki|dzka|icki|icka|inski|inska|skaya|skiy|"
        "skyi|"
        "enko|czyk|chuk|czuk|yan|oglu|zadeh|opoulos|akis|idis|iadis|escu|eanu|nen|strom|qvist|quist|lund|berg|gren|"
        "stein|"
        "mann|bauer|meier|meyer|mayer|huber|inger|shvili|adze|uly|stra|sma|hoven|huizen|eiro|elli|etti|ucci|acci|aldi|"
        "ardi|olini|kovics|falvi|helyi|falvy|hazi|ikov|ilov|anov|enov|inov|arov|imov|ulov|adov|atov|ikova|anova|enova|"
        "inova|"
        "arova|imova|ieva|aeva|eeva|aev|eev|iev|chukwu|emeka|uchukwu|aldsen|ersen|ansen|ensen|olsen|lsson|wicki";
    return ending_of(word, endings) > 0;
}

bool names_likely(const struct names *names, struct bytes text)
{
    size_t words = 0, listed = 0;
    for (size_t at = 0; at < text.size;) {
        size_t end = chars_run(text, at, C_ALPHA, SIZE_MAX);
        unsigned class = names_class(names, bytes_part(text, at, end - at));
        if (class & NAME_ANY && !(class & NAME_COMMON))
            return true;
        words += end > at;
        listed += (class & NAME_ANY) != 0;
        at = end + 1;
    }
    return words > 0 && words == listed;
}

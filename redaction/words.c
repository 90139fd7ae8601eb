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
    if (size >= 8) {
        memcpy(&eight, from, 8);
        return eight | 0x2020202020202020u;
    }
    for (size_t i = 0; i < size; i++)
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

/* Endings of words. */
struct ending {
    const char *text;
    size_t size;
};
#define E(text)                                                                                                        \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }
#define ENDINGS(list) (list), sizeof(list) / sizeof((list)[0])
static const struct ending inflections[] = {E("s"), E("es"), E("ed"), E("d"), E("ing"), E("ly"), E("er"), E("ers")};
static const struct ending derivations[] = {
    E("ize"),  E("ify"),  E("ively"), E("ately"), E("tion"), E("sion"),  E("ment"), E("ness"), E("ing"),
    E("ity"),  E("able"), E("ible"),  E("ful"),   E("less"), E("ology"), E("ism"),  E("ance"), E("ence"),
    E("ally"), E("ive"),  E("ous"),   E("ship"),  E("hood"), E("ware"),  E("work"), E("ways")};
static const struct ending family_endings[] = {
    E("sson"),  E("ssen"),    E("dottir"), E("ovic"),    E("evic"),   E("ovich"), E("evich"), E("wicz"),  E("wski"),
    E("wska"),  E("nski"),    E("nska"),   E("dzki"),    E("dzka"),   E("icki"),  E("icka"),  E("inski"), E("inska"),
    E("skaya"), E("skiy"),    E("skyi"),   E("enko"),    E("czyk"),   E("chuk"),  E("czuk"),  E("yan"),   E("oglu"),
    E("zadeh"), E("opoulos"), E("akis"),   E("idis"),    E("iadis"),  E("escu"),  E("eanu"),  E("nen"),   E("strom"),
    E("qvist"), E("quist"),   E("lund"),   E("berg"),    E("gren"),   E("stein"), E("mann"),  E("bauer"), E("meier"),
    E("meyer"), E("mayer"),   E("huber"),  E("inger"),   E("shvili"), E("adze"),  E("uly"),   E("stra"),  E("sma"),
    E("hoven"), E("huizen"),  E("eiro"),   E("elli"),    E("etti"),   E("ucci"),  E("acci"),  E("aldi"),  E("ardi"),
    E("olini"), E("kovics"),  E("falvi"),  E("helyi"),   E("falvy"),  E("hazi"),  E("ikov"),  E("ilov"),  E("anov"),
    E("enov"),  E("inov"),    E("arov"),   E("imov"),    E("ulov"),   E("adov"),  E("atov"),  E("ikova"), E("anova"),
    E("enova"), E("inova"),   E("arova"),  E("imova"),   E("ieva"),   E("aeva"),  E("eeva"),  E("aev"),   E("eev"),
    E("iev"),   E("chukwu"),  E("emeka"),  E("uchukwu"), E("aldsen"), E("ersen"), E("ansen"), E("ensen"), E("olsen"),
    E("lsson"), E("wicki")};
#undef E

static bool ends_in(struct bytes word, struct ending ending)
{
    if (word.size < ending.size + 3)
        return false;
    const uint8_t *tail = word.data + word.size - ending.size;
    for (size_t i = ending.size; i-- > 0;)
        if (char_lower(tail[i]) != (uint8_t)ending.text[i])
            return false;
    return true;
}

/* Whether the word ends in one of `endings`, with three letters before it. */
static bool ends_in_any(struct bytes word, const struct ending *endings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ends_in(word, endings[i]))
            return true;
    return false;
}

bool names_plain(const struct names *names, struct bytes word)
{
    if (names_class(names, word) & (WORD_PLAIN | NAME_COMMON | WORD_FILLER) || ends_in_any(word, ENDINGS(derivations)))
        return true;
    for (size_t i = 0; i < sizeof inflections / sizeof inflections[0]; i++)
        if (ends_in(word, inflections[i]) &&
            names_class(names, bytes_part(word, 0, word.size - inflections[i].size)) & (WORD_PLAIN | NAME_COMMON))
            return true;
    return false;
}

bool names_family_shape(struct bytes word)
{
    return ends_in_any(word, ENDINGS(family_endings));
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

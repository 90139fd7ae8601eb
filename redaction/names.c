/* Name lists and the walk over capitalised words. Hides the hash table (built once a redactor, then read-only) and the
 * word-at-a-time search for capitals: only there a table is asked, so that text without capitals costs little. */
#include "redaction/names.h"

#include "redaction/block.h"

#define SLOTS 8192
#define WORD_MAX 15

struct word {
    uint64_t front, back; /* eight letters each, lower case, zeros behind */
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

extern const struct recognizer name_rows[];
enum { ROW_FULL, ROW_GIVEN }; /* the first two rows of recognizers_name */

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
    for (size_t i = 0; i < size; i++)
        eight |= (uint64_t)(from[i] | 0x20) << 8 * i;
    return eight;
}

static bool pad(struct bytes word, struct word *out)
{
    if (word.size == 0 || word.size > WORD_MAX)
        return false;
    out->front = letters(word.data, word.size < 8 ? word.size : 8);
    out->back = word.size > 8 ? letters(word.data + 8, word.size - 8) : 0;
    return true;
}

static bool word_equal(struct word a, struct word b)
{
    return a.front == b.front && a.back == b.back;
}

static void add_list(struct names *names, const char *list, unsigned class)
{
    while (*list) {
        size_t size = strcspn(list, " ");
        struct word word;
        if (size && pad(bytes_of(list, size), &word)) {
            uint64_t hash = word_hash(word);
            size_t slot = slot_of(hash);
            while (names->slots[slot].classes && !word_equal(names->slots[slot].word, word))
                slot = (slot + 1) % SLOTS;
            names->slots[slot].word = word;
            names->slots[slot].classes |= class;
            *sieve_of(names, hash) |= sieve_bit(hash);
        }
        list += size + (list[size] == ' ');
    }
}

enum status names_new(struct names **out)
{
    struct names *names = *out = mem_new(1, sizeof *names);
    if (!names)
        return ERR_MEMORY;
    add_list(names, names_given, NAME_GIVEN);
    add_list(names, names_family, NAME_FAMILY);
    add_list(names, names_common, NAME_COMMON);
    add_list(names, words_filler, WORD_FILLER);
    add_list(names, words_telling, WORD_TELLING);
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

bool names_likely(const struct names *names, struct bytes text)
{
    size_t words = 0, listed = 0;
    for (size_t at = 0; at < text.size;) {
        size_t end = chars_run(text, at, C_ALPHA, SIZE_MAX);
        unsigned class = names_class(names, bytes_part(text, at, end - at));
        if (class & (NAME_GIVEN | NAME_FAMILY) && !(class & NAME_COMMON))
            return true;
        words += end > at;
        listed += (class & (NAME_GIVEN | NAME_FAMILY)) != 0;
        at = end + 1;
    }
    return words > 0 && words == listed;
}

/* --- words --- */

size_t name_word(struct bytes text, size_t at)
{
    if (!char_is(char_at(text, at), C_UPPER) || !chars_word_starts(text, at))
        return 0;
    size_t end = at + 1;
    for (;;) {
        end = chars_run(text, end, C_ALPHA, 40);
        uint8_t joint = char_at(text, end);
        if ((joint != '\'' && joint != '-') || !char_is(char_at(text, end + 1), C_UPPER) || end - at > 40)
            break;
        end++;
    }
    uint8_t behind = char_at(text, end);
    bool code = char_is(behind, C_DIGIT | C_UNDER) ||
                ((behind == '.' || behind == '(' || behind == '=') && char_is(char_at(text, end + 1), C_ALNUM));
    return code || end - at < 2 ? 0 : end;
}

static unsigned class_at(const struct scan *scan, size_t at, size_t end)
{
    return names_class(scan->names, bytes_part(scan->text, at, end - at));
}

/* Past "J. ", "van der ", "de la ": what may stand between the parts of a name. */
static size_t skip_joint(struct bytes text, size_t at)
{
    if (char_is(char_at(text, at), C_UPPER) && char_at(text, at + 1) == '.' && char_at(text, at + 2) == ' ')
        return at + 3;
    if (!char_is(char_at(text, at), C_LOWER))
        return at;
    for (int i = 0; i < 2; i++) {
        size_t size = chars_word_of(text, at, "van|von|de|der|den|la|da|dos|del|di|bin|al|ibn|el");
        if (size == 0 || char_at(text, at + size) != ' ')
            break;
        at += size + 1;
    }
    return at;
}

/* Extend a name that ends at `end` by the words that follow, as long as they are names; *evidence collects classes. */
static size_t extend(const struct scan *scan, size_t end, unsigned *evidence)
{
    for (int words = 0; words < 3; words++) {
        if (char_at(scan->text, end) != ' ')
            break;
        size_t at = skip_joint(scan->text, end + 1);
        size_t stop = name_word(scan->text, at);
        if (stop == 0)
            break;
        unsigned class = class_at(scan, at, stop);
        bool listed = class & NAME_FAMILY || (class & NAME_GIVEN && !(class & NAME_COMMON));
        bool unknown = class == 0 && words == 0 && stop - at >= 3 && char_is(char_at(scan->text, at + 1), C_LOWER);
        if (!listed && !unknown)
            break;
        *evidence |= class ? class : NAME_FAMILY;
        end = stop;
    }
    return end;
}

/* "San Diego", "Lake Victoria", "St. Louis": a name that is part of a place. */
static bool in_place(struct bytes text, size_t at)
{
    return chars_near_before(text, at, 6, "san |santa |saint |st. |fort |lake |mount |port |los |las |new ");
}

/* "/Mia", "$Mia", "x.Mia": a path or code. */
static bool in_code(struct bytes text, size_t at)
{
    uint8_t before = char_at(text, at - 1);
    return at > 0 && (before == '/' || before == '\\' || before == '$' || before == '.' || before == 0);
}

static size_t consider(struct scan *scan, size_t at)
{
    size_t end = name_word(scan->text, at);
    if (end == 0)
        return at + 1;
    unsigned class = class_at(scan, at, end);
    if (!(class & (NAME_GIVEN | NAME_FAMILY)) || in_code(scan->text, at) || in_place(scan->text, at))
        return end;
    unsigned evidence = 0;
    size_t stop = extend(scan, end, &evidence);
    bool code = end - at <= 3 && char_is(scan->text.data[at + 1], C_UPPER); /* "MIA" is an airport */
    bool clear = class & NAME_GIVEN && !(class & NAME_COMMON) && !code;
    bool family_first =
        class & NAME_FAMILY && !(class & NAME_COMMON) && evidence & NAME_GIVEN && !(evidence & NAME_COMMON);
    bool paired = class & NAME_GIVEN && evidence & NAME_FAMILY && !(evidence & NAME_COMMON);
    if (stop > end && (clear || family_first || paired)) {
        scan_found(scan, &name_rows[ROW_FULL], at, stop);
        return stop;
    }
    if (clear)
        scan_found(scan, &name_rows[ROW_GIVEN], at, end);
    return end;
}

void names_scan(struct scan *scan)
{
    struct bytes text = scan->text;
    size_t next = 0; /* where the last word ended */
    for (size_t base = 0; base < text.size; base += 64) {
        struct block block = block_at(text, base);
        for (uint64_t hits = block_between(&block, 'A', 'Z'); hits; hits &= hits - 1) {
            size_t at = base + (size_t)__builtin_ctzll(hits);
            if (at >= next && char_is(char_at(text, at + 1), C_LOWER | C_UPPER))
                next = consider(scan, at);
        }
    }
}

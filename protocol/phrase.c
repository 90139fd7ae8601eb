/* Phrases: the short clauses that a candidate's text is made of, and their identity. Hides how a phrase is tidied when
 * it is added and folded when it is counted. */
#include "protocol/candidate.h"

#include "base/hash.h"
#include "protocol/record.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Trimmed, with each run of blanks as one space. NULL: out of memory. */
static char *tidy(const char *phrase)
{
    char *copy = mem_new(strlen(phrase) + 1, 1);
    size_t size = 0;
    for (const char *at = phrase; copy && *at; at++) {
        if (!is_blank(*at))
            copy[size++] = *at;
        else if (size && copy[size - 1] != ' ')
            copy[size++] = ' ';
    }
    if (size && copy[size - 1] == ' ')
        copy[--size] = 0;
    return copy;
}

enum status phrases_add(struct phrases *phrases, const char *phrase)
{
    if (phrases->count == PHRASES_MAX)
        return ERR_TOO_LARGE;
    SCOPED_MEM char *copy = tidy(phrase);
    if (!copy)
        return ERR_MEMORY;
    struct bytes text = bytes_str(copy);
    if (text.size > PHRASE_MAX)
        return ERR_TOO_LARGE;
    if (text.size == 0 || !record_is_line(text))
        return ERR_INPUT;
    phrases->items[phrases->count++] = copy;
    copy = NULL;
    return OK;
}

void phrases_free(struct phrases *phrases)
{
    for (size_t i = 0; i < phrases->count; i++)
        mem_free(phrases->items[i]);
    *phrases = (struct phrases){0};
}

/* Capital letters whose small ones lie at a fixed distance and are as long in UTF-8: so that folding works in place. */
static const struct {
    uint16_t first, last, distance;
} capitals[] = {
    {0x00C0, 0x00D6, 32}, {0x00D8, 0x00DE, 32}, /* Latin-1, around the multiplication sign */
    {0x0391, 0x03A9, 32},                       /* Greek */
    {0x0400, 0x040F, 80}, {0x0410, 0x042F, 32}, /* Cyrillic */
};

static void fold_pair(uint8_t pair[static 2])
{
    unsigned code = (unsigned)(pair[0] & 0x1f) << 6 | (pair[1] & 0x3f);
    for (size_t i = 0; i < sizeof capitals / sizeof *capitals; i++) {
        if (code < capitals[i].first || code > capitals[i].last)
            continue;
        code += capitals[i].distance;
        pair[0] = (uint8_t)(0xc0 | code >> 6);
        pair[1] = (uint8_t)(0x80 | (code & 0x3f));
        return;
    }
}

static uint8_t fold_ascii(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return (uint8_t)(byte + ('a' - 'A'));
    bool punctuation = byte && strchr(".,;:!?'\"`()[]{}", byte);
    return punctuation || is_blank((char)byte) ? ' ' : byte;
}

void phrase_key(const char *phrase, uint8_t out[static 16])
{
    uint8_t folded[PHRASE_MAX];
    size_t size = 0, length = strnlen(phrase, PHRASE_MAX);
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = fold_ascii((uint8_t)phrase[i]);
        if (byte != ' ' || (size && folded[size - 1] != ' '))
            folded[size++] = byte;
        if (size >= 2 && (folded[size - 2] & 0xe0) == 0xc0 && (byte & 0xc0) == 0x80)
            fold_pair(folded + size - 2);
    }
    if (size && folded[size - 1] == ' ')
        size--;
    uint8_t hash[HASH_BYTES];
    hash_sha256(bytes_of(folded, size), hash);
    memcpy(out, hash, 16);
}

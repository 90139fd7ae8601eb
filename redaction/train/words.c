/* Reads word lists. Hides their two forms. */
#include "redaction/train/words.h"

#include <stdlib.h>

#include "redaction/normalise.h"
#include "redaction/train/corpus.h"

static const struct {
    const char *name;
    enum tag_class class;
} class_names[] = {
    {"given", CLASS_GIVEN},     {"family", CLASS_FAMILY},   {"english", CLASS_COMMON}, {"city", CLASS_CITY},
    {"country", CLASS_COUNTRY}, {"part", CLASS_PART},       {"title", CLASS_TITLE},    {"month", CLASS_MONTH},
    {"day", CLASS_MONTH},       {"time", CLASS_TIME},       {"number", CLASS_NUMBER},  {"unit", CLASS_NUMBER},
    {"currency", CLASS_NUMBER}, {"nation", CLASS_NATION},   {"faith", CLASS_TRAIT},    {"politics", CLASS_TRAIT},
    {"health", CLASS_TRAIT},    {"sexuality", CLASS_TRAIT}, {"job", CLASS_JOB},        {"kin", CLASS_KIN},
    {"org", CLASS_ORG},         {"place", CLASS_WHERE},     {"law", CLASS_LAW},        {"tech", CLASS_TECH},
};

static unsigned class_of(struct bytes name)
{
    for (size_t i = 0; i < sizeof class_names / sizeof class_names[0]; i++)
        if (bytes_is(name, class_names[i].name))
            return class_names[i].class;
    tool_fail("unknown class", "word list");
}

static void add(struct words *words, struct bytes word, unsigned class)
{
    struct normal normal SCOPED_NORMAL = {0};
    if (word.size == 0)
        return;
    if (normalise(word, &normal) != OK)
        tool_fail("out of memory", "word list");
    if (words->count == words->room) {
        size_t room = words->room ? words->room * 2 : 1024;
        words->items = mem_grow(words->items, words->room, room, sizeof *words->items);
        if (!words->items)
            tool_fail("out of memory", "word list");
        words->room = room;
    }
    words->items[words->count++] = (struct listed){(uint32_t)(tag_hash(normal.text) >> 32), class};
}

static void add_all(struct words *words, struct bytes list, unsigned class)
{
    for (size_t at = 0; at < list.size;) {
        size_t end = at;
        while (end < list.size && list.data[end] != ' ')
            end++;
        add(words, bytes_part(list, at, end - at), class);
        at = end + 1;
    }
}

void words_read(struct words *words, const char *path)
{
    struct buf content SCOPED_BUF = {0};
    tool_read(path, &content);
    for (struct bytes left = buf_bytes(&content); left.size;) {
        struct bytes line = bytes_part(left, 0, bytes_find(left, bytes_str("\n")));
        left = bytes_part(left, line.size + 1, SIZE_MAX);
        size_t tab = bytes_find(line, bytes_str("\t")), colon = bytes_find(line, bytes_str(": "));
        if (line.size == 0 || line.data[0] == '#')
            continue;
        size_t end = tab != SIZE_MAX ? tab : colon;
        add_all(words, bytes_part(line, end + 1, SIZE_MAX), class_of(bytes_part(line, 0, end)));
    }
}

static int by_hash(const void *a, const void *b)
{
    uint32_t x = ((const struct listed *)a)->hash, y = ((const struct listed *)b)->hash;
    return x < y ? -1 : x > y;
}

void words_settle(struct words *words, uint8_t **hashes, uint8_t **classes)
{
    size_t kept = 0;
    if (words->count)
        qsort(words->items, words->count, sizeof *words->items, by_hash);
    for (size_t i = 0; i < words->count; i++)
        if (kept && words->items[kept - 1].hash == words->items[i].hash)
            words->items[kept - 1].classes |= words->items[i].classes;
        else
            words->items[kept++] = words->items[i];
    words->count = kept;
    *hashes = mem_new(kept + 1, 4);
    *classes = mem_new(kept + 1, 4);
    if (!*hashes || !*classes)
        tool_fail("out of memory", "word list");
    for (size_t i = 0; i < kept; i++) {
        memcpy(*hashes + 4 * i, &words->items[i].hash, 4);
        memcpy(*classes + 4 * i, &words->items[i].classes, 4);
    }
}

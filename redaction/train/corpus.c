/* Reads TAB and PANORAMA (JSON lines with spans), CoNLL columns and our own marked text. Hides the formats and how
 * their labels are ours. */
#include "redaction/train/corpus.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/inflate.h"

#define FILE_MOST (1u << 30)
#define SENTENCES 40 /* of CoNLL text in one document */

_Noreturn void tool_fail(const char *what, const char *which)
{
    fprintf(stderr, "chatham-train: %s: %s\n", what, which);
    exit(1);
}

void tool_read(const char *path, struct buf *out)
{
    struct buf packed SCOPED_BUF = {0};
    if (file_read(path, FILE_MOST, &packed) != OK)
        tool_fail("cannot read", path);
    if (!inflate_is_gzip(buf_bytes(&packed)))
        buf_add(out, buf_bytes(&packed));
    else if (inflate_gzip(buf_bytes(&packed), FILE_MOST, out) != OK)
        tool_fail("cannot decompress", path);
    if (out->failed)
        tool_fail("out of memory", path);
}

/* --- labels --- */

#define BEGIN(type) (1u << (type))
enum { NAME, PLACE, ORGANISATION, DATE, DEMOGRAPHIC, QUANTITY, CASE, MISC };
#define STAYS (1u << TAG_STAYS)
/* What sets that only know names say nothing about. */
#define UNTOLD (1u << TAG_OUTSIDE | STAYS | STAYS << 1 | BEGIN(DATE) | BEGIN(DATE) << TAG_INSIDE)

static const struct {
    const char *name;
    uint32_t labels;
} label_names[] = {
    {"PERSON", BEGIN(NAME)},
    {"PER", BEGIN(NAME)},
    {"person", BEGIN(NAME)},
    {"NAME", BEGIN(NAME)},
    {"LOC", BEGIN(PLACE)},
    {"location", BEGIN(PLACE)},
    {"PLACE", BEGIN(PLACE)},
    {"ORG", BEGIN(ORGANISATION)},
    {"corporation", BEGIN(ORGANISATION) | STAYS},
    {"group", BEGIN(ORGANISATION) | BEGIN(MISC) | BEGIN(DEMOGRAPHIC)},
    {"DATETIME", BEGIN(DATE)},
    {"DATE", BEGIN(DATE)},
    {"DEM", BEGIN(DEMOGRAPHIC)},
    {"QUANTITY", BEGIN(QUANTITY)},
    {"CODE", BEGIN(CASE)},
    {"CASE", BEGIN(CASE)},
    {"MISC", BEGIN(MISC)},
    {"misc", BEGIN(MISC) | BEGIN(DEMOGRAPHIC) | STAYS}, /* of CoNLL: nationalities, events, works */
    {"product", BEGIN(MISC) | STAYS},
    {"creative-work", BEGIN(MISC) | STAYS},
    {"STAYS", STAYS},
};

uint32_t labels_of(const char *name)
{
    for (size_t i = 0; i < sizeof label_names / sizeof label_names[0]; i++)
        if (strcmp(label_names[i].name, name) == 0)
            return label_names[i].labels;
    return 0;
}

/* --- documents --- */

struct document *corpus_add(struct corpus *corpus, uint32_t elsewhere, float weight)
{
    if (corpus->count == corpus->room) {
        size_t room = corpus->room ? corpus->room * 2 : 64;
        struct document *grown = mem_grow(corpus->documents, corpus->room, room, sizeof *grown);
        if (!grown)
            tool_fail("out of memory", "documents");
        corpus->documents = grown;
        corpus->room = room;
    }
    struct document *document = &corpus->documents[corpus->count++];
    document->elsewhere = elsewhere;
    document->weight = weight;
    return document;
}

void document_span(struct document *document, size_t start, size_t end, uint32_t labels)
{
    if (!document->spans || document->count == document->room) {
        size_t room = document->room ? document->room * 2 : 16;
        struct span *grown = mem_grow(document->spans, document->room, room, sizeof *grown);
        if (!grown)
            tool_fail("out of memory", "spans");
        document->spans = grown;
        document->room = room;
    }
    document->spans[document->count++] = (struct span){start, end, labels};
}

void corpus_free(struct corpus *corpus)
{
    for (size_t i = 0; i < corpus->count; i++) {
        buf_free(&corpus->documents[i].text);
        mem_free(corpus->documents[i].spans);
    }
    mem_free(corpus->documents);
}

/* --- JSON lines: {"id", "text", "spans": [{"start", "end", "type", "identifier"}]}, offsets in characters --- */

static int by_start(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

/* Spans that begin within an earlier one are dropped. */
static void settle(struct document *document)
{
    size_t kept = 0;
    if (!document->spans)
        return;
    qsort(document->spans, document->count, sizeof *document->spans, by_start);
    for (size_t i = 0; i < document->count; i++)
        if (kept == 0 || document->spans[i].start >= document->spans[kept - 1].end)
            document->spans[kept++] = document->spans[i];
    document->count = kept;
}

/* Byte offsets of all characters and of the end. */
static size_t *characters(struct bytes text)
{
    size_t *offsets = mem_new(text.size + 1, sizeof *offsets), count = 0;
    if (!offsets)
        tool_fail("out of memory", "offsets");
    for (size_t i = 0; i < text.size; i++)
        if ((text.data[i] & 0xc0) != 0x80)
            offsets[count++] = i;
    offsets[count] = text.size;
    return offsets;
}

static void add_json(struct corpus *corpus, const struct json *value, float weight)
{
    struct document *document = corpus_add(corpus, 1u << TAG_OUTSIDE, weight);
    struct bytes text = json_string_bytes(json_get(value, "text"));
    const struct json *spans = json_get(value, "spans");
    size_t *offsets = characters(text);
    buf_add(&document->text, text);
    snprintf(document->id, sizeof document->id, "%s", json_string_text(json_get(value, "id")));
    for (size_t i = 0; i < json_count(spans); i++) {
        const struct json *span = json_at(spans, i);
        const char *type = json_string_text(json_get(span, "type"));
        const char *identifier = json_string_text(json_get(span, "identifier"));
        uint32_t labels = labels_of(type);
        if (labels == 0)
            tool_fail("unknown label", type);
        if (identifier && strcmp(identifier, "NO_MASK") == 0)
            labels = STAYS;
        document_span(document, offsets[json_integer_value(json_get(span, "start"))],
                      offsets[json_integer_value(json_get(span, "end"))], labels);
    }
    mem_free(offsets);
    settle(document);
}

static struct bytes next_line(struct bytes *left)
{
    size_t size = bytes_find(*left, bytes_str("\n"));
    struct bytes line = bytes_part(*left, 0, size);
    *left = bytes_part(*left, line.size + 1, SIZE_MAX);
    return line;
}

static void read_json(struct corpus *corpus, struct bytes content, float weight)
{
    while (content.size) {
        struct bytes line = next_line(&content);
        struct json *value SCOPED_JSON = NULL;
        if (line.size == 0)
            continue;
        if (json_parse(line, FILE_MOST, &value, NULL) != OK)
            tool_fail("not JSON", "a line");
        add_json(corpus, value, weight);
    }
}

/* --- CoNLL: a word a line, its tag in the last column --- */

static bool glued(struct bytes text, struct bytes word)
{
    static const char behind[] = ".,;:!?)]'%", before[] = "([@#$";
    bool closes = word.size && strchr(behind, word.data[0]) && (word.size == 1 || word.data[0] == '\'');
    return text.size == 0 || closes || bytes_is(word, "n't") || text.data[text.size - 1] == '\n' ||
           strchr(before, text.data[text.size - 1]);
}

/* "B-PER", "I-PER", "O"; *begins if it can't go on with what was before. */
static uint32_t tag_labels(struct bytes tag, bool *begins)
{
    char name[32] = {0};
    *begins = tag.size > 2 && tag.data[0] == 'B';
    if (tag.size < 3 || tag.size - 2 >= sizeof name || tag.data[1] != '-')
        return 0;
    memcpy(name, tag.data + 2, tag.size - 2);
    return labels_of(strcmp(name, "MISC") == 0 ? "misc" : name);
}

static void add_word(struct document *document, struct bytes word, uint32_t labels, bool begins)
{
    if (!glued(buf_bytes(&document->text), word))
        buf_add_byte(&document->text, ' ');
    size_t start = document->text.size;
    buf_add(&document->text, word);
    if (labels == 0)
        return;
    struct span *last = document->count ? &document->spans[document->count - 1] : NULL;
    if (last && !begins && last->labels == labels && last->end + 1 >= start)
        last->end = document->text.size;
    else
        document_span(document, start, document->text.size, labels);
}

static void read_conll(struct corpus *corpus, struct bytes content, float weight, size_t sentences)
{
    struct document *document = NULL;
    size_t lines = 0;
    while (content.size) {
        struct bytes line = next_line(&content);
        while (line.size && (line.data[line.size - 1] == '\r' || line.data[line.size - 1] == '\t'))
            line.size--;
        if (line.size == 0 || bytes_starts(line, "-DOCSTART-")) {
            if (document && document->text.size && document->text.data[document->text.size - 1] != '\n') {
                buf_add_byte(&document->text, '\n');
                lines++;
            }
            continue;
        }
        if (!document || lines >= sentences) {
            document = corpus_add(corpus, UNTOLD, weight);
            lines = 0;
        }
        size_t end = 0, tag = line.size;
        while (end < line.size && line.data[end] != ' ' && line.data[end] != '\t')
            end++;
        while (tag > 0 && line.data[tag - 1] != ' ' && line.data[tag - 1] != '\t')
            tag--;
        bool begins;
        uint32_t labels = tag_labels(bytes_part(line, tag, SIZE_MAX), &begins);
        add_word(document, bytes_part(line, 0, end), labels, begins);
    }
}

/* --- our own: documents between lines of "%%", {{TYPE:value}} marks a span --- */

/* Labels and value of the mark that text begins with; its size, or 0 if it is none. */
static size_t mark_at(struct bytes text, uint32_t *labels, struct bytes *value)
{
    char type[16] = {0};
    size_t colon = bytes_find(bytes_part(text, 0, sizeof type + 2), bytes_str(":"));
    size_t close = bytes_find(text, bytes_str("}}"));
    if (colon == SIZE_MAX || close == SIZE_MAX || close < colon || colon < 3)
        return 0;
    memcpy(type, text.data + 2, colon - 2);
    *labels = labels_of(type);
    *value = bytes_part(text, colon + 1, close - colon - 1);
    return *labels ? close + 2 : 0;
}

static void add_marked(struct document *document, struct bytes line)
{
    while (line.size) {
        size_t open = bytes_find(line, bytes_str("{{"));
        struct bytes before = bytes_part(line, 0, open), value;
        uint32_t labels = 0;
        buf_add(&document->text, before);
        line = bytes_part(line, before.size, SIZE_MAX);
        size_t size = line.size ? mark_at(line, &labels, &value) : 0;
        if (size) {
            size_t start = document->text.size;
            buf_add(&document->text, value);
            document_span(document, start, document->text.size, labels);
        } else if (line.size) {
            size = 2;
            buf_add(&document->text, bytes_part(line, 0, size));
        }
        line = bytes_part(line, size, SIZE_MAX);
    }
    buf_add_byte(&document->text, '\n');
}

static void read_marked(struct corpus *corpus, struct bytes content, float weight)
{
    struct document *document = NULL;
    while (content.size) {
        struct bytes line = next_line(&content);
        bool next = bytes_is(line, "%%");
        if (!document || next)
            document = corpus_add(corpus, 1u << TAG_OUTSIDE, weight);
        if (!next)
            add_marked(document, line);
    }
}

void corpus_read(struct corpus *corpus, const char *kind, const char *path, float weight)
{
    struct buf content SCOPED_BUF = {0};
    tool_read(path, &content);
    if (strcmp(kind, "spans") == 0)
        read_json(corpus, buf_bytes(&content), weight);
    else if (strcmp(kind, "posts") == 0)
        read_conll(corpus, buf_bytes(&content), weight, 1);
    else if (strcmp(kind, "conll") == 0)
        read_conll(corpus, buf_bytes(&content), weight, SENTENCES);
    else if (strcmp(kind, "marked") == 0)
        read_marked(corpus, buf_bytes(&content), weight);
    else
        tool_fail("unknown kind of data", kind);
}

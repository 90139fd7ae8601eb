/* Hides what is believed of the tagger outside records of courts. */
#include "redaction/tag_report.h"

static const struct recognizer rows[] = {
    {.rule = "tagger.name", .type = REDACT_NAME, .flags = ROW_LEARN | ROW_TAGGED, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.place",
     .type = REDACT_PLACE,
     .flags = ROW_LEARN | ROW_TAGGED,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.organisation",
     .type = REDACT_ORGANISATION,
     .flags = ROW_LEARN | ROW_TAGGED,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.date", .type = REDACT_DATE, .flags = ROW_LEARN | ROW_TAGGED, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.demographic",
     .type = REDACT_DEMOGRAPHIC,
     .flags = ROW_LEARN | ROW_TAGGED,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.quantity",
     .type = REDACT_QUANTITY,
     .flags = ROW_LEARN | ROW_TAGGED,
     .source = "redaction/model/CARD.md"},
    {.rule = "tagger.case", .type = REDACT_CASE, .flags = ROW_LEARN | ROW_TAGGED, .source = "redaction/model/CARD.md"},
    {.rule = "tagger.misc", .type = REDACT_MISC, .flags = ROW_LEARN | ROW_TAGGED, .source = "redaction/model/CARD.md"},
};
_Static_assert(sizeof rows / sizeof rows[0] == TAG_TYPES, "a row a type");

#define SURE 0.9f

/* --- what may be reported --- */

/* Records of courts are what the model knows best. Elsewhere dates, quantities and numbers are found by pattern and
 * label, and a trait must be sure. */
static float least_chance(unsigned genre, enum redact_type type)
{
    if (genre == TAG_GENRE_LAW)
        return 0;
    if (type == REDACT_CASE || type == REDACT_DATE || type == REDACT_QUANTITY || type == REDACT_MISC)
        return 2;
    return type == REDACT_DEMOGRAPHIC ? SURE : 0;
}

void tag_report_bars(const struct tag_model *model, uint64_t types, unsigned genre, float flag, tag_types bars)
{
    for (size_t type = 0; type < TAG_TYPES; type++) {
        float least = least_chance(genre, rows[type].type);
        bool closed = least > 1 || !(types >> rows[type].type & 1);
        bars[type] = closed ? TAG_BAR_CLOSED : (int16_t)tag_bar(model, least > flag ? least : flag);
    }
}

/* A word that can be a name of something: no number, no well-known technology, not "GjBJ" between two commas or in a
 * base64 text, nor what no list knows and is written small or of two letters, nor "len". */
static bool is_nameable(struct bytes text, const struct tag_word *word, const struct tag_kind *kind)
{
    unsigned classes = kind->classes;
    uint8_t before = char_at(text, word->at - 1);
    if (word->shape >= SHAPE_NUMBER || classes & CLASS_TECH)
        return false;
    if (word->shape == SHAPE_LOWER)
        return word->size > 3 && classes & CLASS_GIVEN && !(classes & CLASS_COMMON);
    bool listed = classes & (CLASS_GIVEN | CLASS_FAMILY | CLASS_CITY | CLASS_COUNTRY | CLASS_PART);
    if (listed && word->shape != SHAPE_MIXED)
        return word->size > 2 || word->shape != SHAPE_UPPER;
    return (listed || word->shape != SHAPE_MIXED) && word->size > 2 && before != ',' && before != ';';
}

static bool needs_name(unsigned genre, enum redact_type type)
{
    return genre != TAG_GENRE_LAW && type != REDACT_DEMOGRAPHIC;
}

bool tag_report_may(struct bytes text, const struct tag_word *word, const struct tag_kind *kind, unsigned genre,
                    uint8_t types)
{
    if (word->shape == SHAPE_MARK || word->marks & WORD_INERT)
        return false;
    for (size_t type = 0; type < TAG_TYPES; type++)
        if (types >> type & 1 && !needs_name(genre, rows[type].type))
            return true;
    return types && is_nameable(text, word, kind);
}

static bool is_credible(struct bytes text, const struct tag_read *line, size_t from, size_t to, enum redact_type type,
                        float sure)
{
    if (sure < least_chance(line->genre, type))
        return false;
    for (size_t i = from; i < to; i++)
        if (!needs_name(line->genre, type) || is_nameable(text, &line->words[i], line->kinds[i]))
            return true;
    return false;
}

/* --- finds --- */

static float withheld(const float chance[static TAG_LANES])
{
    return 1 - chance[TAG_OUTSIDE] - chance[TAG_STAYS] - chance[TAG_STAYS_INSIDE];
}

static size_t type_of(const float chance[static TAG_LANES], bool *begins)
{
    size_t best = 0;
    float most = -1;
    for (size_t type = 0; type < TAG_TYPES; type++) {
        float both = chance[type] + chance[TAG_INSIDE + type];
        if (both > most) {
            most = both;
            best = type;
        }
    }
    *begins = chance[best] > chance[TAG_INSIDE + best];
    return best;
}

/* Report words [from, to) without marks at their ends. */
static void report(struct scan *scan, const struct tag_read *line, size_t from, size_t to, size_t type)
{
    const struct tag_word *words = line->words;
    const struct recognizer *row = &rows[type];
    while (from < to && words[from].shape == SHAPE_MARK)
        from++;
    while (to > from && words[to - 1].shape == SHAPE_MARK)
        to--;
    float sum = 0;
    for (size_t i = from; i < to; i++)
        sum += withheld(line->chances[i]);
    if (from == to || scan->status != OK || !(scan->types >> row->type & 1) ||
        !is_credible(scan->text, line, from, to, row->type, sum / (float)(to - from)))
        return;
    size_t start = words[from].at, end = words[to - 1].at + words[to - 1].size;
    if (placeholder_only(bytes_part(scan->text, start, end - start)))
        return;
    scan->status = finds_add(
        scan->finds,
        (struct find){.start = start, .end = end, .row = row, .type = row->type, .score = sum / (float)(to - from)});
}

/* What a word is reported as: its type in the upper of the two bands or in the lower, or nothing. */
struct report_kind {
    size_t type;
    int band; /* 0: nothing */
    bool begins;
};

/* A full stop behind a word that is hardly short for another one: no name goes on behind it. */
static bool ends_sentence(struct bytes text, const struct tag_word *words, size_t at)
{
    return text.data[words[at].at] == '.' && at > 0 && words[at - 1].shape < SHAPE_NUMBER && words[at - 1].size > 4;
}

static struct report_kind kind_of(struct bytes text, const struct tag_read *line, size_t at,
                                  const struct tag_levels *levels)
{
    float most = withheld(line->chances[at]);
    struct report_kind kind = {.band = most >= levels->withhold ? 2 : most >= levels->flag ? 1 : 0};
    if (line->words[at].marks & WORD_INERT || ends_sentence(text, line->words, at))
        kind.band = 0;
    kind.type = type_of(line->chances[at], &kind.begins);
    return kind;
}

void tag_report(struct scan *scan, const struct tag_read *line, size_t from, size_t to, const struct tag_levels *levels)
{
    struct report_kind now = {0};
    for (size_t i = from; i <= to; i++) {
        struct report_kind here = {0};
        if (i < to)
            here = kind_of(scan->text, line, i, levels);
        if (here.band == now.band && (here.band == 0 || (here.type == now.type && !here.begins)))
            continue;
        if (now.band)
            report(scan, line, from, i, now.type);
        from = i;
        now = here;
    }
}

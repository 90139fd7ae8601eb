/* The rules, for whoever wants to know why. Hides in which table a row stands. */
#include "redaction/recognizer.h"

/* Rules of code that has no table. */
#define TAGGER "the trained tagger", "redaction/model/CARD.md"
static const struct redact_rule others[] = {
    {"session.known", REDACT_CUSTOM, 0.8f, "a value that was found with certainty elsewhere, or that the policy names",
     "docs/redaction.md"},
    {"tagger.name", REDACT_NAME, 0, TAGGER},
    {"tagger.place", REDACT_PLACE, 0, TAGGER},
    {"tagger.organisation", REDACT_ORGANISATION, 0, TAGGER},
    {"tagger.date", REDACT_DATE, 0, TAGGER},
    {"tagger.demographic", REDACT_DEMOGRAPHIC, 0, TAGGER},
    {"tagger.quantity", REDACT_QUANTITY, 0, TAGGER},
    {"tagger.case", REDACT_CASE, 0, TAGGER},
    {"tagger.misc", REDACT_MISC, 0, TAGGER},
    {"custom", REDACT_CUSTOM, 1, "a pattern of the policy's own", "docs/redaction.md"},
};
#define OTHERS (sizeof others / sizeof others[0])

static const char *evidence_of(const struct recognizers *table, const struct recognizer *row)
{
    if (table == &recognizers_key)
        return "a telling key";
    if (row->match == match_labelled)
        return "a label before it";
    if (table == &recognizers_name)
        return "lists of names and what stands around";
    return row->flags & ROW_STRICT ? "its form alone" : "its form and what stands around";
}

bool redact_rule_at(size_t index, struct redact_rule *out)
{
    for (size_t t = 0; t < recognizer_table_count; t++) {
        const struct recognizers *table = recognizer_tables[t];
        if (index < table->count) {
            const struct recognizer *row = &table->rows[index];
            *out = (struct redact_rule){row->rule, row->type, row->score, evidence_of(table, row), row->source};
            return true;
        }
        index -= table->count;
    }
    *out = index < OTHERS ? others[index] : (struct redact_rule){0};
    return index < OTHERS;
}

/* "custom.staff" is a rule of "custom". */
static bool is_named(const char *rule, const char *name)
{
    size_t size = strlen(rule);
    bool family = strcmp(rule, "custom") == 0;
    return strncmp(rule, name, size) == 0 && (name[size] == 0 || (family && name[size] == '.'));
}

size_t redact_rule_index(const char *name)
{
    struct redact_rule rule;
    size_t index = 0;
    while (redact_rule_at(index, &rule) && !is_named(rule.name, name))
        index++;
    return index;
}

bool redact_rule_find(const char *name, struct redact_rule *out)
{
    return redact_rule_at(redact_rule_index(name), out);
}

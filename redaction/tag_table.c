/* Two open-addressed tables. Hides which words are private. */
#include "redaction/tag_table.h"

#include "base/secret.h"

typedef int8_t eight_small __attribute__((vector_size(8), aligned(1), may_alias));
typedef int8_t four_small __attribute__((vector_size(4), aligned(1), may_alias));

bool tag_table_has_room(const struct tag_table *table, size_t kinds)
{
    return table->passing_count + kinds <= TAG_PASSING / 4 * 3;
}

/* Where the key is, or where it would be. */
static size_t slot_of(const struct tag_entry *entries, size_t slots, uint64_t key)
{
    size_t slot = (size_t)(key >> 1) & (slots - 1);
    while (entries[slot].key && entries[slot].key != key)
        slot = (slot + 1) & (slots - 1);
    return slot;
}

static bool is_private(const struct tag_kind *kind)
{
    return kind->told && !(kind->classes & CLASS_COMMON);
}

static struct tag_entry *add(struct tag_table *table, uint64_t key, const struct tag_kind *kind, size_t lasting)
{
    struct tag_entry *entry = &table->lasting[lasting];
    if (is_private(kind) || table->lasting_count >= TAG_LASTING / 4 * 3) {
        size_t slot = slot_of(table->passing, TAG_PASSING, key);
        table->taken[table->passing_count++] = (uint16_t)slot;
        entry = &table->passing[slot];
    } else {
        table->lasting_count++;
    }
    entry->key = key;
    entry->kind = *kind;
    return entry;
}

struct tag_entry *tag_table_find(struct tag_table *table, const struct tag_lists *lists, struct bytes text,
                                 const struct tag_word *word)
{
    uint64_t key = tag_mix(tag_word_hash(text, word), word->shape | (word->marks & WORD_INERT) << 8) | 1;
    size_t lasting = slot_of(table->lasting, TAG_LASTING, key);
    if (table->lasting[lasting].key)
        return &table->lasting[lasting];
    size_t passing = slot_of(table->passing, TAG_PASSING, key);
    if (table->passing[passing].key)
        return &table->passing[passing];
    struct tag_kind kind = tag_kind_of(lists, text, word);
    return add(table, key, &kind, lasting);
}

void tag_table_forget(struct tag_table *table)
{
    for (size_t i = 0; i < table->passing_count; i++)
        secret_wipe(&table->passing[table->taken[i]], sizeof table->passing[0]);
    table->passing_count = 0;
}

void tag_add_feature(const struct tag_model *model, uint64_t feature, int16_t sums[static TAG_LANES])
{
    const int8_t *weights = tag_model_find(model, feature);
    if (!weights)
        return;
    for (size_t k = 0; k < TAG_OUTSIDE; k += 8)
        *(tag_eight *)(sums + k) += __builtin_convertvector(*(const eight_small *)(weights + k), tag_eight);
    *(tag_four *)(sums + TAG_OUTSIDE) +=
        __builtin_convertvector(*(const four_small *)(weights + TAG_OUTSIDE), tag_four);
}

void tag_entry_weigh(struct tag_entry *entry, const struct tag_model *model, struct bytes word, unsigned genre)
{
    struct tag_feature features[TAG_WORD_FEATURES];
    size_t count = tag_word_features(&entry->kind, word, genre, features);
    memset(entry->sums, 0, sizeof entry->sums);
    for (size_t f = 0; f < count; f++)
        for (int p = 0; p < TAG_PLACES; p++)
            if (features[f].places >> p & 1)
                tag_add_feature(model, tag_feature_at(features[f].hash, p - TAG_BESIDE), entry->sums[p]);
    entry->genre = genre + 1;
}

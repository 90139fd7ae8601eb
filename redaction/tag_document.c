/* Counts the words of a text. Hides the table and what makes a record of a court. */
#include "redaction/tag_document.h"

#include "base/secret.h"

#define OFTEN 5
#define LAW_LEAST 6
#define LAW_SHARE 80 /* one word of so many is of the law */

void tag_document_forget(struct tag_document *document)
{
    for (size_t i = 0; i < document->kept; i++)
        secret_wipe(&document->slots[document->taken[i]], sizeof document->slots[0]);
    document->kept = document->words = document->law = 0;
}

/* Zero means a free slot. */
static uint64_t name_of(uint64_t word)
{
    return word ? word : 1;
}

static size_t slot_of(const struct tag_document *document, uint64_t word)
{
    size_t slot = (size_t)(word % TAG_DOCUMENT_SLOTS);
    while (document->slots[slot].word && document->slots[slot].word != word)
        slot = (slot + 1) % TAG_DOCUMENT_SLOTS;
    return slot;
}

static void see(struct tag_document *document, uint64_t word, unsigned seen)
{
    size_t slot = slot_of(document, name_of(word));
    if (!document->slots[slot].word) {
        if (document->kept >= TAG_DOCUMENT_SLOTS / 4 * 3)
            return;
        document->taken[document->kept++] = (uint16_t)slot;
        document->slots[slot].word = name_of(word);
    }
    document->slots[slot].count += document->slots[slot].count < UINT16_MAX;
    document->slots[slot].seen |= seen;
}

void tag_document_add(struct tag_document *document, const struct tag_kind *const *kinds, const struct tag_word *words,
                      size_t count)
{
    document->words += count;
    for (size_t i = 0; i < count; i++) {
        document->law += (kinds[i]->classes & CLASS_LAW) != 0;
        if (words[i].shape == SHAPE_NUMBER || words[i].shape == SHAPE_MARK || words[i].shape == SHAPE_CODE)
            continue;
        bool first = i == 0 || words[i - 1].shape == SHAPE_MARK;
        bool titled = i > 0 && (kinds[i - 1]->classes & CLASS_TITLE ||
                                (i > 1 && words[i - 1].shape == SHAPE_MARK && kinds[i - 2]->classes & CLASS_TITLE));
        unsigned seen = words[i].shape == SHAPE_LOWER ? SEEN_LOWER : first ? 0 : SEEN_WITHIN;
        if (titled && words[i].shape != SHAPE_LOWER)
            seen |= SEEN_TITLED;
        see(document, kinds[i]->word, seen);
    }
}

unsigned tag_document_seen(const struct tag_document *document, const struct tag_kind *kind)
{
    size_t slot = slot_of(document, name_of(kind->word)); /* a free one has neither */
    unsigned count = document->slots[slot].count;
    return document->slots[slot].seen | (count >= OFTEN ? SEEN_OFTEN : count > 1 ? SEEN_TWICE : 0);
}

unsigned tag_document_genre(const struct tag_document *document)
{
    return document->law >= LAW_LEAST && document->law * LAW_SHARE >= document->words;
}

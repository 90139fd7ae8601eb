/* Texts of an adversary's choice. Hides how a hand-made record is sealed, and the looking through all parts of an
 * insight. */
#include "audits/poisoning/poison.h"

#include <stdio.h>

#include "insight/parts.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char *pick(struct random random, const char *const *from, size_t count)
{
    return from[random_below(random, count)];
}
#define PICK(random, table) pick(random, table, COUNT(table))

void poison_advice(struct random random, struct poison_text *out)
{
    static const char *const things[] = {"parcel",  "garden", "window", "bottle", "ladder", "basket", "lantern",
                                         "blanket", "bridge", "candle", "pillow", "saddle", "barrel", "kettle",
                                         "violin",  "carpet", "hammer", "mirror", "tunnel", "wagon"};
    static const char *const colours[] = {"green", "yellow", "heavy",  "narrow", "wooden", "round",
                                          "quiet", "broken", "bright", "hollow", "dusty",  "folded"};
    static const char *const events[] = {"is moved",    "is painted", "falls over", "is sold",
                                         "is borrowed", "is found",   "is lifted",  "stands empty"};
    static const char *const deeds[] = {"count", "polish", "weigh", "cover", "turn", "carry", "measure", "hide"};
    static const char *const places[] = {"behind the barn", "near the river",   "under the stairs", "on the roof",
                                         "in the cellar",   "beside the fence", "across the field", "by the stove"};
    snprintf(out->when, sizeof out->when, "a %s %s %s %s", PICK(random, colours), PICK(random, things),
             PICK(random, events), PICK(random, places));
    snprintf(out->act, sizeof out->act, "%s every %s %s %s", PICK(random, deeds), PICK(random, colours),
             PICK(random, things), PICK(random, places));
}

enum status poison_candidate(const struct poison_text *text, struct candidate *out)
{
    *out = (struct candidate){.kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 1};
    enum status status = phrases_add(&out->when, text->when);
    if (status == OK)
        status = phrases_add(&out->act, text->act);
    if (status != OK)
        candidate_free(out);
    return status;
}

enum status poison_share_honest(struct worlds *worlds)
{
    for (size_t i = 0; i < worlds->task_count; i++)
        TRY(worlds_share(worlds, worlds->tasks[i].tenant, &worlds->tasks[i]));
    return OK;
}

enum status poison_send(struct worlds *worlds, size_t member, const struct candidate *candidate, struct random random,
                        bool *accepted)
{
    struct prepared_item item = {0};
    bool taken = false;
    struct candidate mine = *candidate; /* its texts are borrowed */
    struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1, .candidates = &mine};
    random_fill(random, mine.task, sizeof mine.task);
    random_fill(random, item.id, sizeof item.id);
    enum status status = contribution_encode(&contribution, &item.record);
    if (status == OK)
        status = world_share_item(worlds->base, member, &item, &taken);
    buf_free(&item.record);
    if (accepted)
        *accepted = status == OK && taken;
    return status;
}

/* --- looking --- */

static bool is_alike(const char *text, const uint8_t key[static 16])
{
    uint8_t other[16];
    phrase_key(text, other);
    return memcmp(other, key, sizeof other) == 0;
}

static bool says(const struct candidate *text, const uint8_t key[static 16])
{
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(text, list);
        for (size_t p = 0; p < phrases->count; p++)
            if (is_alike(phrases->items[p], key))
                return true;
    }
    return false;
}

static bool has_part(const struct candidate *text, const char *part, const uint8_t key[static 16])
{
    for (size_t slot = 0; slot < SLOTS; slot++) {
        const char *held = candidate_slot(text, slot);
        if (held && (strstr(held, part) || is_alike(held, key)))
            return true;
    }
    for (size_t i = 0; i < text->order_count; i++)
        if (strstr(text->order[i], part) || is_alike(text->order[i], key))
            return true;
    return false;
}

bool poison_is_shown(const struct library *library, const char *text)
{
    uint8_t key[16];
    phrase_key(text, key);
    for (size_t i = 0; i < library->insight_count; i++)
        if (says(&library->insights[i].text, key) || has_part(&library->insights[i].text, text, key))
            return true;
    return false;
}

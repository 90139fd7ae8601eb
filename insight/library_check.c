/* The check of a whole library. Hides what of an insight can be held against the rest of the document. */
#include "insight/library_check.h"

#include <stdlib.h>

#include "insight/parts.h"

/* --- one text --- */

enum status gate_check_insight(const struct candidate *text, const struct redactor *redactor,
                               const char *const *canaries, enum withheld_reason *reason)
{
    SCOPED_BUF struct buf rendered = {0};
    TRY(candidate_render(text, &rendered));
    for (size_t i = 0; i < SLOTS; i++) {
        buf_add_byte(&rendered, '\n');
        buf_add(&rendered, bytes_str(candidate_slot(text, i)));
    }
    for (size_t i = 0; i < text->order_count; i++) {
        buf_add_byte(&rendered, '\n');
        buf_add_str(&rendered, text->order[i]);
    }
    TRY(buf_status(&rendered));
    TRY(gate_check_text(buf_text(&rendered), redactor, canaries, reason));
    for (size_t list = 0; list < PHRASE_LISTS; list++) {
        const struct phrases *phrases = candidate_phrases(text, list);
        for (size_t p = 0; p < phrases->count; p++)
            TRY(gate_check_text(phrases->items[p], redactor, canaries, reason));
    }
    return OK;
}

/* --- one insight in its library --- */

static int by_id(const void *id, const void *insight)
{
    return memcmp(id, ((const struct insight *)insight)->id, INSIGHT_ID_BYTES);
}

static bool holds(const struct library *library, const uint8_t id[static INSIGHT_ID_BYTES])
{
    return library->insight_count &&
           bsearch(id, library->insights, library->insight_count, sizeof *library->insights, by_id);
}

static bool links_hold(const struct library *library, const struct insight *insight)
{
    for (size_t i = 0; i < insight->link_count; i++)
        if (memcmp(insight->links[i], insight->id, INSIGHT_ID_BYTES) == 0 || !holds(library, insight->links[i]))
            return false;
    return true;
}

static bool is_retracted(const struct library *library, const struct insight *insight)
{
    for (size_t i = 0; i < library->retraction_count; i++)
        if (memcmp(library->retractions[i], insight->id, INSIGHT_ID_BYTES) == 0)
            return true;
    return false;
}

static bool fits(const struct library *library, size_t index)
{
    const struct insight *insight = &library->insights[index];
    uint8_t id[INSIGHT_ID_BYTES];
    insight_id_of(&insight->text, id);
    return memcmp(id, insight->id, sizeof id) == 0 && insight->support < SUPPORT_BANDS &&
           (insight->rate <= 10 || insight->rate == INSIGHT_RATE_UNKNOWN) &&
           (index == 0 || by_id(insight->id, insight - 1) > 0) && links_hold(library, insight) &&
           !is_retracted(library, insight);
}

enum status library_check(const struct library *library, const struct redactor *redactor, const char *const *canaries,
                          struct library_check *out)
{
    bool all = true;
    *out = (struct library_check){.insights = library->insight_count};
    for (size_t i = 0; i < library->insight_count; i++) {
        enum withheld_reason reason = WITHHELD_MALFORMED;
        enum status status = gate_check_insight(&library->insights[i].text, redactor, canaries, &reason);
        if (status != OK && status != ERR_POLICY)
            return status;
        bool fit = fits(library, i);
        out->withheld[reason] += status == ERR_POLICY;
        out->misfits += !fit;
        all = all && status == OK && fit;
    }
    return all ? OK : ERR_POLICY;
}

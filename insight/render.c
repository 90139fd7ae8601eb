/* Hides what happens between a candidate's making and its listing: the last checks, and how a refused phrase gives way.
 */
#include <stdio.h>
#include <stdlib.h>

#include "insight/extract_inside.h"

void tally_add(struct tally *tally, enum outcome outcome)
{
    tally->good += outcome == OUTCOME_SUCCESS;
    tally->bad += outcome == OUTCOME_FAILURE;
    tally->unknown += outcome == OUTCOME_UNKNOWN || outcome == OUTCOME_MIXED;
}

enum outcome tally_outcome(struct tally tally)
{
    if (tally.good > 0)
        return tally.bad > 0 ? OUTCOME_MIXED : OUTCOME_SUCCESS;
    if (tally.unknown > 0)
        return OUTCOME_UNKNOWN;
    return OUTCOME_FAILURE;
}

enum status render_slot(char **slot, const char *text)
{
    if (!text || !*text)
        return OK;
    size_t size = strlen(text);
    *slot = mem_copy(bytes_of(text, size < SLOT_MAX ? size : SLOT_MAX - 1));
    return *slot ? OK : ERR_MEMORY;
}

/* "booking a reservation fails with: ..." without what it fails with; false if there is nothing more general. */
static bool more_general(const char *phrase, char out[static PHRASE_MAX])
{
    const char *with = strstr(phrase, " with: ");
    if (!with)
        return false;
    snprintf(out, PHRASE_MAX, "%.*s", (int)(with - phrase), phrase);
    return true;
}

static enum status mend_phrases(struct corpus *corpus, struct phrases *phrases, enum drop_reason *reason)
{
    struct phrases kept = {0};
    enum status status = OK;
    for (size_t i = 0; i < phrases->count && status == OK; i++) {
        char general[PHRASE_MAX];
        status = check_phrase(corpus->check, phrases->items[i], reason);
        if (status == OK) {
            status = phrases_add(&kept, phrases->items[i]);
            continue;
        }
        if (status != ERR_POLICY)
            break;

        corpus->report->generalised++;
        status = OK;
        if (more_general(phrases->items[i], general)) {
            enum drop_reason again = *reason;
            status = check_phrase(corpus->check, general, &again);
            if (status == OK)
                status = phrases_add(&kept, general);
            else if (status == ERR_POLICY)
                status = OK;
        }
    }
    phrases_free(phrases);
    *phrases = kept;
    return status;
}

static enum status mend_slot(struct corpus *corpus, char **slot, enum drop_reason *reason)
{
    if (!*slot)
        return OK;
    enum status status = check_phrase(corpus->check, *slot, reason);
    if (status != ERR_POLICY)
        return status;
    mem_free(*slot);
    *slot = NULL;
    return OK;
}

static enum status mend(struct corpus *corpus, struct candidate *candidate, enum drop_reason *reason)
{
    size_t conditions = candidate->when.count;
    TRY(mend_phrases(corpus, &candidate->when, reason));
    TRY(mend_phrases(corpus, &candidate->act, reason));
    TRY(mend_phrases(corpus, &candidate->avoid, reason));
    TRY(mend_phrases(corpus, &candidate->why, reason));
    TRY(mend_slot(corpus, &candidate->error, reason));
    TRY(mend_slot(corpus, &candidate->precondition, reason));
    TRY(mend_slot(corpus, &candidate->argument, reason));
    if (candidate->act.count == 0 && candidate->kind == CANDIDATE_RECOVERY)
        candidate->kind = CANDIDATE_PITFALL;
    bool without_condition = conditions > 0 && candidate->when.count == 0;
    bool empty = candidate->act.count == 0 && candidate->avoid.count == 0;
    return without_condition || empty ? ERR_POLICY : OK; /* *reason: of the phrase that went last */
}

enum status corpus_emit(struct corpus *corpus, struct candidate *take, size_t task)
{
    enum drop_reason reason = DROP_EMPTY;
    struct bytes identity = bytes_str(corpus->tasks[task]);
    if (corpus->options->tag)
        corpus->options->tag(corpus->options->tag_state, identity, take->task);
    enum status status = mend(corpus, take, &reason);
    if (status == OK)
        status = check_candidate(corpus->check, take, &reason);
    if (status == OK)
        status = candidate_list_add(corpus->out, take);
    if (status == ERR_POLICY) {
        corpus->report->dropped[reason]++;
        status = OK;
    }
    candidate_free(take);
    return status;
}

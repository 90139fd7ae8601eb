/* Hides how text is compared with prompts and cases: hashed runs of content words in sets, so that a check costs the
 * candidate's length and not the traces'. */
#include "insight/check.h"

#include <ctype.h>

#include "base/hash.h"
#include "insight/common.h"
#include "insight/hash_set.h"
#include "insight/phrases.h"
#include "insight/read_leaves.h"

/* --- runs of content words --- */

#define RUN_MAX 8 /* content words: no longer run is compared, so none is let pass */

struct run_window {
    char words[RUN_MAX][TEXT_WORD_MAX];
    size_t length, held;
};

static void window_push(struct run_window *window, const char *word)
{
    if (window->held == window->length) {
        memmove(window->words[0], window->words[1], (window->length - 1) * TEXT_WORD_MAX);
        window->held--;
    }
    memcpy(window->words[window->held++], word, TEXT_WORD_MAX);
}

/* The window's words joined by spaces; false until it is full. */
static bool window_text(const struct run_window *window, char out[static RUN_MAX * TEXT_WORD_MAX])
{
    size_t size = 0;
    for (size_t i = 0; i < window->held; i++) {
        size_t word = strlen(window->words[i]);
        if (i > 0)
            out[size++] = ' ';
        memcpy(out + size, window->words[i], word);
        size += word;
    }
    out[size] = 0;
    return window->held == window->length;
}

struct check_index {
    size_t length; /* of a forbidden run: one more than the policy allows */
    struct hash_set prompts, speech, cases, interface;
    struct hash_set quoting; /* errors whose report, before it was cut, has a run of a prompt */
    struct hash_set
        errors; /* runs of what tools say in errors: agents repeat them to users, and they are still the tools' words */
    const struct redactor *redactor;
};

static enum status add_runs(struct hash_set *set, const char *text, size_t length)
{
    struct run_window window = {.length = length};
    struct text_words words = {bytes_str(text), 0};
    struct bytes raw = BYTES_NONE;
    char word[TEXT_WORD_MAX], joined[RUN_MAX * TEXT_WORD_MAX];
    while (text_word(&words, &raw, word)) {
        if (common_stop_word(bytes_str(word)))
            continue;
        window_push(&window, word);
        if (window_text(&window, joined))
            TRY(hash_set_add(set, hash_mix64(bytes_str(joined), 0)));
    }
    return OK;
}

static uint64_t word_hash(const char *word)
{
    return hash_mix64(bytes_str(word), 1);
}

/* Words that the public vocabulary doesn't know, or all of them. */
static enum status add_words(struct hash_set *set, struct bytes text, bool all)
{
    struct text_words words = {text, 0};
    struct bytes raw = BYTES_NONE;
    char word[TEXT_WORD_MAX];
    while (text_word(&words, &raw, word))
        if (all || !common_word(bytes_str(word)))
            TRY(hash_set_add(set, word_hash(word)));
    return OK;
}

/* Keys and tool names are the interface of tools, not the case; values are the case. */
static enum status add_json(struct check_index *index, const char *text)
{
    struct view json = VIEW_NONE;
    if (view_of(bytes_str(text), &json, NULL) != OK)
        return add_words(&index->cases, bytes_str(text), false);
    struct leaf *leaves = mem_new(LEAVES_MAX, sizeof *leaves);
    if (!leaves)
        return ERR_MEMORY;
    enum status status = OK;
    size_t count = json_leaves(json, leaves, LEAVES_MAX);
    for (size_t i = 0; i < count && status == OK; i++) {
        status = add_words(&index->interface, bytes_str(leaves[i].path), true);
        if (status == OK)
            status = add_words(&index->cases, leaves[i].value.raw, false);
    }
    mem_free(leaves);
    return status;
}

/* A tool's name, a command's program, subcommand and options are the interface as well. */
static enum status add_interface(struct check_index *index, const struct step *step)
{
    char action[TOOL_MAX], options[16][OPTION_MAX];
    TRY(add_words(&index->interface, bytes_str(step->tool), true));
    if (step->role != STEP_CALL || !action_of_call(step->tool, step->text, action))
        return OK;
    char words[PHRASE_MAX];
    action_do(action, words);
    TRY(add_words(&index->interface, bytes_str(words), true));
    size_t count = action_is_shell(action) ? command_options(step->text, options, 16) : 0;
    for (size_t i = 0; i < count; i++)
        TRY(add_words(&index->interface, bytes_str(options[i]), true));
    return OK;
}

/* As phrases speak of errors: the normalised error after the action's words. */
static enum status add_error(struct check_index *index, const struct step *step)
{
    char error[SLOT_MAX];
    return error_words(step->text, error) ? add_runs(&index->errors, error, index->length) : OK;
}

static enum status add_step(struct check_index *index, const struct step *step)
{
    if (step->tool)
        TRY(add_interface(index, step));
    if (step->role == STEP_RESULT && step->failed && step->tool)
        TRY(add_error(index, step));
    if (step->role == STEP_CALL || step->role == STEP_RESULT)
        return add_json(index, step->text);
    TRY(add_runs(step->role == STEP_SYSTEM ? &index->prompts : &index->speech, step->text, index->length));
    return add_words(&index->cases, bytes_str(step->text), false);
}

static enum status add_trace(struct check_index *index, const struct trace *trace)
{
    const char *const local[] = {trace->prompt, trace->system, trace->task};
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        if (local[i])
            TRY(add_runs(&index->prompts, local[i], index->length));
    if (trace->prompt)
        TRY(add_words(&index->cases, bytes_str(trace->prompt), false));
    for (size_t i = 0; i < trace->step_count; i++)
        TRY(add_step(index, &trace->steps[i]));
    return OK;
}

static bool has_run(const struct hash_set *set, const char *text, size_t length)
{
    struct run_window window = {.length = length};
    struct text_words words = {bytes_str(text), 0};
    struct bytes raw = BYTES_NONE;
    char word[TEXT_WORD_MAX], joined[RUN_MAX * TEXT_WORD_MAX];
    while (text_word(&words, &raw, word)) {
        if (common_stop_word(bytes_str(word)))
            continue;
        window_push(&window, word);
        if (window_text(&window, joined) && !common_phrase(joined) &&
            hash_set_has(set, hash_mix64(bytes_str(joined), 0)))
            return true;
    }
    return false;
}

/* When all prompts are known. */
static enum status add_quoting(struct check_index *index, const struct trace *trace)
{
    for (size_t i = 0; i < trace->step_count; i++) {
        const struct step *step = &trace->steps[i];
        char report[SLOT_MAX], error[SLOT_MAX];
        if (step->role != STEP_RESULT || !step->failed || !step->tool || !error_report(step->text, report) ||
            !error_words(step->text, error))
            continue;
        if (strcmp(report, error) != 0 && has_run(&index->prompts, report, index->length))
            TRY(hash_set_add(&index->quoting, word_hash(error)));
    }
    return OK;
}

static enum status add_traces(struct check_index *index, const struct trace *traces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(add_trace(index, &traces[i]));
    for (size_t i = 0; i < count; i++)
        TRY(add_quoting(index, &traces[i]));
    return OK;
}

enum status check_index_new(const struct trace *traces, size_t count, const struct extract_options *options,
                            struct check_index **out)
{
    *out = NULL;
    struct check_index *index = mem_new(1, sizeof *index);
    if (!index)
        return ERR_MEMORY;
    index->length = options->overlap_tokens < RUN_MAX ? options->overlap_tokens + 1 : RUN_MAX;
    index->redactor = options->redactor;
    enum status status = add_traces(index, traces, count);
    if (status != OK) {
        check_index_free(index);
        return status;
    }
    *out = index;
    return OK;
}

void check_index_free(struct check_index *index)
{
    if (!index)
        return;
    hash_set_free(&index->prompts);
    hash_set_free(&index->speech);
    hash_set_free(&index->cases);
    hash_set_free(&index->interface);
    hash_set_free(&index->errors);
    hash_set_free(&index->quoting);
    mem_free(index);
}

static enum status refuse(enum drop_reason why, enum drop_reason *reason)
{
    *reason = why;
    return ERR_POLICY;
}

/* A word that only a case would use: numbers of two digits and more, and words of the cases that neither the public
 * vocabulary nor the tools' interface knows. */
static bool is_case_word(const struct check_index *index, const char *word)
{
    size_t digits = 0;
    for (const char *at = word; *at; at++)
        digits += isdigit((unsigned char)*at) != 0;
    if (digits >= 2)
        return true;
    return hash_set_has(&index->cases, word_hash(word)) && !hash_set_has(&index->interface, word_hash(word)) &&
           !common_word(bytes_str(word));
}

/* What is left of a quotation is one: a cut takes no words out of a prompt's run to let the rest pass. */
static bool is_quoting(const struct check_index *index, const char *text)
{
    static const char lead[] = " with: "; /* as phrases lead to an error; a slot has it alone */
    const char *with = strstr(text, lead);
    return hash_set_has(&index->quoting, word_hash(with ? with + strlen(lead) : text));
}

static enum status check_text(const struct check_index *index, const char *text, enum drop_reason *reason)
{
    if (is_quoting(index, text))
        return refuse(DROP_PROMPT_OVERLAP, reason);
    if (strpbrk(text, "<>{}\"@"))
        return refuse(DROP_CASE_SPECIFIC, reason);
    struct run_window window = {.length = index->length};
    struct text_words words = {bytes_str(text), 0};
    struct bytes raw = BYTES_NONE;
    char word[TEXT_WORD_MAX], joined[RUN_MAX * TEXT_WORD_MAX];
    while (text_word(&words, &raw, word)) {
        if (is_case_word(index, word))
            return refuse(DROP_CASE_SPECIFIC, reason);
        if (common_stop_word(bytes_str(word)))
            continue;
        window_push(&window, word);
        if (!window_text(&window, joined) || common_phrase(joined))
            continue;
        uint64_t hash = hash_mix64(bytes_str(joined), 0);
        if (hash_set_has(&index->prompts, hash))
            return refuse(DROP_PROMPT_OVERLAP, reason);
        if (hash_set_has(&index->speech, hash) && !hash_set_has(&index->errors, hash))
            return refuse(DROP_CASE_SPECIFIC, reason);
    }
    return OK;
}

static enum status check_personal(const struct check_index *index, const char *text, enum drop_reason *reason)
{
    struct redact_finding found;
    if (!index->redactor)
        return OK;
    enum status status = redact_scan(index->redactor, bytes_str(text), &found);
    if (status == ERR_NOT_FOUND)
        return OK;
    return status == OK ? refuse(DROP_PERSONAL, reason) : status;
}

enum status check_phrase(const struct check_index *index, const char *phrase, enum drop_reason *reason)
{
    TRY(check_text(index, phrase, reason));
    return check_personal(index, phrase, reason);
}

enum status check_candidate(const struct check_index *index, const struct candidate *candidate,
                            enum drop_reason *reason)
{
    if (candidate->act.count == 0 && candidate->avoid.count == 0)
        return refuse(DROP_EMPTY, reason);
    const char *const slots[] = {candidate->tool, candidate->error, candidate->precondition, candidate->argument};
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        if (slots[i])
            TRY(check_phrase(index, slots[i], reason));
    for (size_t i = 0; i < candidate->order_count; i++)
        TRY(check_phrase(index, candidate->order[i], reason));
    SCOPED_BUF struct buf text;
    buf_init(&text);
    TRY(candidate_render(candidate, &text));
    return check_phrase(index, buf_text(&text), reason);
}

enum status candidate_check(const struct candidate *candidate, const struct trace *trace,
                            const struct extract_options *options, enum drop_reason *reason)
{
    struct check_index *index = NULL;
    TRY(check_index_new(trace, 1, options, &index));
    enum status status = check_candidate(index, candidate, reason);
    check_index_free(index);
    return status;
}

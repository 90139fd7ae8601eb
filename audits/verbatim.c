/* Copies traces into candidates. Hides how text is cut into phrases: at most PHRASE_MAX bytes, between characters,
 * white space and control characters made one space, as phrases want it. */
#include "audits/verbatim.h"

#define LISTS 4

struct copy {
    const struct extract_options *options;
    struct candidate_list *out;
    struct candidate filling;
    size_t lists; /* of filling, full ones */
    uint8_t task[TASK_TAG_BYTES];
};

static enum status copy_flush(struct copy *copy)
{
    if (copy->filling.when.count == 0)
        return OK;
    memcpy(copy->filling.task, copy->task, TASK_TAG_BYTES);
    copy->filling.kind = CANDIDATE_PROCEDURE;
    copy->filling.outcome = OUTCOME_UNKNOWN;
    copy->lists = 0;
    return candidate_list_add(copy->out, &copy->filling);
}

static enum status copy_phrase(struct copy *copy, const char *phrase)
{
    struct phrases *lists[LISTS] = {&copy->filling.when, &copy->filling.act, &copy->filling.avoid, &copy->filling.why};
    enum status status = phrases_add(lists[copy->lists], phrase);
    if (status == ERR_INPUT)
        return OK; /* nothing but spaces */
    TRY(status);
    if (lists[copy->lists]->count == PHRASES_MAX)
        copy->lists++;
    return copy->lists == LISTS ? copy_flush(copy) : OK;
}

static bool is_inside_character(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The piece [at, end) of a text with its control characters as spaces. */
static enum status copy_piece(struct copy *copy, struct bytes text, size_t at, size_t end)
{
    char phrase[PHRASE_MAX + 1];
    size_t size = 0;
    for (size_t i = at; i < end; i++)
        phrase[size++] = text.data[i] < 0x20 || text.data[i] == 0x7f ? ' ' : (char)text.data[i];
    phrase[size] = 0;
    return copy_phrase(copy, phrase);
}

static enum status copy_text(struct copy *copy, const char *from)
{
    struct bytes text = bytes_str(from);
    if (!bytes_is_utf8(text))
        return OK;
    for (size_t at = 0; at < text.size;) {
        size_t end = text.size - at > PHRASE_MAX ? at + PHRASE_MAX : text.size;
        while (end < text.size && end > at && is_inside_character(text.data[end]))
            end--;
        TRY(copy_piece(copy, text, at, end));
        if (end == text.size)
            return OK;
        at = end - VERBATIM_SHARED;
        while (is_inside_character(text.data[at]))
            at--;
    }
    return OK;
}

static enum status copy_trace(struct copy *copy, const struct trace *trace, bool locals)
{
    struct bytes identity = bytes_str(trace->task ? trace->task : "");
    if (copy->options->tag)
        copy->options->tag(copy->options->tag_state, identity, copy->task);
    for (size_t i = 0; i < trace->step_count; i++) {
        TRY(copy_text(copy, trace->steps[i].tool));
        TRY(copy_text(copy, trace->steps[i].text));
    }
    for (size_t i = 0; i < trace->skill_count; i++) {
        const struct trace_skill *skill = &trace->skills[i];
        const char *const parts[] = {skill->name, skill->when, skill->steps, skill->insights};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
            TRY(copy_text(copy, parts[k]));
    }
    const char *const local[] = {trace->task, trace->prompt, trace->system};
    for (size_t i = 0; locals && i < sizeof local / sizeof *local; i++)
        TRY(copy_text(copy, local[i]));
    return copy_flush(copy);
}

static enum status copy_all(const struct trace *traces, size_t count, const struct extract_options *options,
                            bool locals, struct candidate_list *out, struct extract_report *report)
{
    struct copy copy = {.options = options, .out = out};
    enum status status = OK;
    for (size_t i = 0; i < count && status == OK; i++)
        status = copy_trace(&copy, &traces[i], locals);
    candidate_free(&copy.filling);
    report->traces = count;
    report->candidates = out->count;
    return status;
}

static enum status extract_steps(void *state, const struct trace *scrubbed, size_t count,
                                 const struct extract_options *options, struct candidate_list *out,
                                 struct extract_report *report)
{
    (void)state;
    return copy_all(scrubbed, count, options, false, out, report);
}

static enum status extract_everything(void *state, const struct trace *scrubbed, size_t count,
                                      const struct extract_options *options, struct candidate_list *out,
                                      struct extract_report *report)
{
    (void)state;
    return copy_all(scrubbed, count, options, true, out, report);
}

struct extractor extractor_verbatim(void)
{
    return (struct extractor){.name = "verbatim/1", .extract = extract_steps};
}

struct extractor extractor_verbatim_all(void)
{
    return (struct extractor){.name = "verbatim-all/1", .extract = extract_everything};
}

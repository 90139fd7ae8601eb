/* GSM8K's model solutions: {"question", "ground_truth", MODEL: {"is_correct", "solution"}, ...}; one trace a solution.
 * The worked ground truth is nobody's run and is not read. */
#include "insight/read_inside.h"

static bool fits(struct view record)
{
    return view_get(record, "question").kind == JSON_STRING && view_get(record, "ground_truth").kind == JSON_STRING;
}

static enum status read_solution(struct read_state *state, struct view question, struct view answer)
{
    struct trace trace;
    trace_init(&trace, TRACE_GSM);
    trace.outcome = read_outcome(answer);
    SCOPED_BUF struct buf text;
    buf_init_secret(&text);
    view_text(view_get(answer, "solution"), &text);
    enum status status = buf_status(&text);
    if (status == OK)
        status = trace_add_step(&trace, STEP_ASSISTANT, BYTES_NONE, buf_bytes(&text), false);
    if (status == OK)
        status = read_field(question, &trace.prompt);
    if (status == OK)
        status = read_field(question, &trace.task);
    if (status == OK)
        return read_deliver(state, &trace);
    trace_free(&trace);
    return status;
}

static enum status read(struct read_state *state, struct view record)
{
    struct view question = view_get(record, "question");
    struct view_walk walk;
    struct bytes key = BYTES_NONE;
    struct view answer = VIEW_NONE;
    size_t solutions = 0;
    view_walk_start(&walk, record);
    while (view_walk_next(&walk, &key, &answer)) {
        if (view_get(answer, "solution").kind != JSON_STRING)
            continue;
        TRY(read_solution(state, question, answer));
        solutions++;
    }
    return solutions > 0 ? OK : ERR_INPUT;
}

const struct record_reader read_gsm = {TRACE_GSM, fits, read};

/* Hides how results find their calls: by order and tool, where formats give no ids. */
#include "insight/extract_run.h"

#include <stdio.h>

static struct attempt *open_attempt(struct run *run, const struct step *result)
{
    for (size_t i = 0; i < run->count; i++) {
        struct attempt *attempt = &run->attempts[i];
        if (!attempt->call || attempt->result)
            continue;
        if (!result->tool || !attempt->call->tool || strcmp(result->tool, attempt->call->tool) == 0)
            return attempt;
    }
    return NULL;
}

static void add_call(struct run *run, const struct step *step, size_t at)
{
    struct attempt attempt = {.call = step, .first = at, .last = at};
    if (!action_of_call(step->tool, step->text, attempt.action))
        attempt.action[0] = 0; /* kept until its result came, then dropped */
    run->attempts[run->count++] = attempt;
}

static void add_result(struct run *run, const struct step *step, size_t at)
{
    struct attempt *attempt = open_attempt(run, step);
    if (!attempt) {
        attempt = &run->attempts[run->count++];
        *attempt = (struct attempt){.first = at};
        if (step->tool)
            (void)action_of_call(step->tool, "", attempt->action);
    }
    attempt->result = step;
    attempt->last = at;
    attempt->failed = step->failed;
    if (step->failed)
        (void)error_words(step->text, attempt->error);
}

enum status run_of_trace(const struct trace *trace, struct run *out)
{
    *out = (struct run){.trace = trace};
    out->attempts = mem_new(trace->step_count + 1, sizeof *out->attempts);
    if (!out->attempts)
        return ERR_MEMORY;
    for (size_t i = 0; i < trace->step_count; i++) {
        const struct step *step = &trace->steps[i];
        if (step->role == STEP_CALL)
            add_call(out, step, i);
        else if (step->role == STEP_RESULT)
            add_result(out, step, i);
    }
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (out->attempts[i].action[0])
            out->attempts[kept++] = out->attempts[i];
    out->count = kept;
    return OK;
}

void run_free(struct run *run)
{
    mem_free(run->attempts);
    *run = (struct run){0};
}

const struct step *run_spoken(const struct run *run, enum step_role role, size_t after, size_t before)
{
    for (size_t i = before; i > after + 1; i--)
        if (run->trace->steps[i - 1].role == role)
            return &run->trace->steps[i - 1];
    return NULL;
}

/* Words and layout of what people read. */
#include "client/print.h"

#include <stdio.h>
#include <unistd.h>

enum status print_json(const struct json *value)
{
    SCOPED_BUF struct buf text = {0};
    TRY(json_pretty(value, &text));
    buf_add_byte(&text, '\n');
    TRY(buf_status(&text));
    return fwrite(text.data, 1, text.size, stdout) == text.size ? OK : ERR_IO;
}

void print_policy(const struct policy *policy, const char *federation)
{
    printf("Enrolled in \"%s\". Its policy, version %u, pinned here:\n", federation, policy->version);
    printf("  an insight, and each phrase in it, needs    %u tenants and %u distinct tasks\n", policy->k, policy->min_tasks);
    printf("  classes taken                               %s%s%s\n", policy->allow_text ? "text" : "",
           policy->allow_text && policy->allow_noised ? ", " : "", policy->allow_noised ? "noised" : "");
    printf("  release                                     %s\n",
           policy->mode == RELEASE_DP ? "differentially private" : "threshold: a count of tenants, no differential privacy");
    printf("  shared with a prompt at most                a run of %u content tokens\n", policy->overlap_tokens);
    printf("  scrubbing at least                          %s\n", policy->redaction);
}

static void print_list(const char *label, const struct phrases *phrases)
{
    for (size_t i = 0; i < phrases->count; i++)
        printf("   %-6s %s\n", i == 0 ? label : "", phrases->items[i]);
}

void print_insight(const struct insight *insight, size_t number)
{
    char rate[48] = "outcome unknown";
    if (insight->rate <= 10)
        snprintf(rate, sizeof rate, "about %u of 10 runs succeeded", insight->rate);
    printf("%2zu. %s · %s tenants · %s\n", number, candidate_kind_name(insight->text.kind), support_band_name(insight->support),
           rate);
    print_list("when", &insight->text.when);
    print_list("do", &insight->text.act);
    print_list("avoid", &insight->text.avoid);
    print_list("why", &insight->text.why);
}

enum status print_candidate(const struct candidate *candidate)
{
    SCOPED_BUF struct buf text = {0};
    TRY(candidate_render(candidate, &text));
    const char *line = buf_text(&text);
    TRY(buf_status(&text));
    printf("  - [%s, %s] %s\n", candidate_kind_name(candidate->kind), outcome_name(candidate->outcome), line);
    return OK;
}

void print_prepare_report(const struct prepare_report *report)
{
    printf("read        %zu file%s (%zu failed), %zu traces:", report->files, report->files == 1 ? "" : "s",
           report->files_failed, report->extract.traces);
    for (size_t i = 0; i < TRACE_FORMATS; i++)
        if (report->formats[i])
            printf(" %zu %s", report->formats[i], trace_format_name((enum trace_format)i));
    printf("\noutcomes   ");
    for (size_t i = 0; i < OUTCOMES; i++)
        if (report->outcomes[i])
            printf(" %zu %s", report->outcomes[i], outcome_name((enum outcome)i));
    printf("\nscrubbed   ");
    for (size_t i = 0; i < REDACT_TYPES; i++)
        if (report->scrubbed[i])
            printf(" %zu %s", report->scrubbed[i], redact_type_name((enum redact_type)i));
    printf("\nextracted   %zu candidates from %zu tasks; %zu phrases made more general; dropped:", report->extract.candidates,
           report->extract.tasks, report->extract.generalised);
    for (size_t i = 0; i < DROP_REASONS; i++)
        printf(" %zu %s", report->extract.dropped[i], drop_reason_name((enum drop_reason)i));
    printf("\n");
}

struct json *prepare_report_json(const struct prepare_report *report)
{
    struct json *out = json_object(), *formats = json_object(), *outcomes = json_object(), *scrubbed = json_object(),
                *dropped = json_object();
    json_set(out, "files", json_integer((int64_t)report->files));
    json_set(out, "failed", json_integer((int64_t)report->files_failed));
    json_set(out, "skipped", json_integer((int64_t)report->records_skipped));
    json_set(out, "traces", json_integer((int64_t)report->extract.traces));
    json_set(out, "tasks", json_integer((int64_t)report->extract.tasks));
    json_set(out, "candidates", json_integer((int64_t)report->extract.candidates));
    for (size_t i = 0; i < TRACE_FORMATS; i++)
        json_set(formats, trace_format_name((enum trace_format)i), json_integer((int64_t)report->formats[i]));
    for (size_t i = 0; i < OUTCOMES; i++)
        json_set(outcomes, outcome_name((enum outcome)i), json_integer((int64_t)report->outcomes[i]));
    for (size_t i = 0; i < REDACT_TYPES; i++)
        json_set(scrubbed, redact_type_name((enum redact_type)i), json_integer((int64_t)report->scrubbed[i]));
    for (size_t i = 0; i < DROP_REASONS; i++)
        json_set(dropped, drop_reason_name((enum drop_reason)i), json_integer((int64_t)report->extract.dropped[i]));
    json_set(out, "formats", formats);
    json_set(out, "outcomes", outcomes);
    json_set(out, "scrubbed", scrubbed);
    json_set(out, "dropped", dropped);
    return out;
}

void print_progress(const char *doing, size_t done, size_t of)
{
    enum { WIDTH = 30 };
    char bar[WIDTH + 1];
    if (!isatty(STDERR_FILENO) || of == 0)
        return;
    size_t filled = done * WIDTH / of;
    for (size_t i = 0; i < WIDTH; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[WIDTH] = 0;
    fprintf(stderr, "\r%s [%s] %zu/%zu%s", doing, bar, done, of, done == of ? "\n" : "");
}

/* Words and layout of what people read. */
#include "client/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum status print_bytes(struct bytes text)
{
    if (text.size == 0)
        return OK;
    return fwrite(text.data, 1, text.size, stdout) == text.size ? OK : ERR_IO;
}

enum status print_json(const struct json *value)
{
    SCOPED_BUF struct buf text = {0};
    TRY(json_pretty(value, &text));
    buf_add_byte(&text, '\n');
    TRY(buf_status(&text));
    return print_bytes(buf_bytes(&text));
}

void print_policy(const struct policy *policy, const char *federation)
{
    printf("Enrolled in \"%s\". Its policy, version %u, pinned here:\n", federation, policy->version);
    if (policy->mode == RELEASE_THRESHOLD)
        printf("  an insight, and each phrase in it, needs    %u tenants and %u distinct tasks\n", policy->k,
               policy->min_tasks);
    printf("  classes taken                               %s%s%s\n", policy->allow_text ? "text" : "",
           policy->allow_text && policy->allow_noised ? ", " : "", policy->allow_noised ? "noised" : "");
    printf("  release                                     %s\n",
           policy->mode == RELEASE_DP ? "differentially private"
                                      : "threshold: a count of tenants, no differential privacy");
    if (policy->mode == RELEASE_DP)
        printf("  a round costs each tenant at most           epsilon %.6g at delta %.3g\n",
               (double)policy->dp_epsilon_micro / 1e6, (double)policy->dp_delta_pico / 1e12);
    printf("  shared with a prompt at most                a run of %u content tokens\n", policy->overlap_tokens);
    printf("  scrubbing at least                          %s\n", policy->redaction);
}

static void print_list(const char *label, const struct phrases *phrases)
{
    for (size_t i = 0; i < phrases->count; i++)
        printf("   %-6s %s\n", i == 0 ? label : "", phrases->items[i]);
}

void print_insight(const struct insight *insight, const struct library *library, size_t number)
{
    char support[SUPPORT_TEXT];
    support_text(library->mode, library->k, insight->support, support);
    char rate[48] = "outcome unknown";
    if (insight->rate <= 10)
        snprintf(rate, sizeof rate, "about %u in 10 such runs succeeded", insight->rate);
    printf("%2zu. %s · %s organisations · %s\n", number, candidate_kind_name(insight->text.kind), support, rate);
    print_list("when", &insight->text.when);
    print_list("do", &insight->text.act);
    print_list("avoid", &insight->text.avoid);
    print_list("why", &insight->text.why);
}

/* --- what leaves --- */

struct shown_text {
    char *text; /* owned */
    size_t times;
};

enum status shown_texts_add(struct shown_texts *texts, const struct candidate *candidate)
{
    SCOPED_BUF struct buf line = {0};
    if (texts->count == texts->room) {
        size_t room = texts->room ? texts->room * 2 : 64;
        struct shown_text *grown = mem_grow(texts->items, texts->room, room, sizeof *grown);
        if (!grown)
            return ERR_MEMORY;
        texts->items = grown;
        texts->room = room;
    }
    buf_addf(&line, "[%s, %s] ", candidate_kind_name(candidate->kind), outcome_name(candidate->outcome));
    TRY(candidate_render(candidate, &line));
    char *text = mem_copy(buf_bytes(&line));
    if (!text)
        return ERR_MEMORY;
    texts->items[texts->count++] = (struct shown_text){text, 1};
    return OK;
}

void shown_texts_free(struct shown_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        mem_free(texts->items[i].text);
    mem_free(texts->items);
    *texts = (struct shown_texts){0};
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct shown_text *)a)->text, ((const struct shown_text *)b)->text);
}

static int by_times(const void *a, const void *b)
{
    const struct shown_text *left = a, *right = b;
    if (left->times != right->times)
        return left->times > right->times ? -1 : 1;
    return by_text(a, b);
}

/* Equal texts become one row; the freed ones leave the list. */
static void merge_equal(struct shown_texts *texts)
{
    size_t kept = 0;
    qsort(texts->items, texts->count, sizeof *texts->items, by_text);
    for (size_t i = 0; i < texts->count; i++) {
        if (kept && strcmp(texts->items[kept - 1].text, texts->items[i].text) == 0) {
            texts->items[kept - 1].times++;
            mem_free(texts->items[i].text);
        } else {
            texts->items[kept++] = texts->items[i];
        }
    }
    texts->count = kept;
    qsort(texts->items, texts->count, sizeof *texts->items, by_times);
}

void shown_texts_print(struct shown_texts *texts, size_t most)
{
    if (texts->count == 0)
        return;
    merge_equal(texts);
    size_t shown = texts->count < most ? texts->count : most;
    for (size_t i = 0; i < shown; i++) {
        char times[32] = "";
        if (texts->items[i].times > 1)
            snprintf(times, sizeof times, " (%zu times)", texts->items[i].times);
        printf("  - %s%s\n", texts->items[i].text, times);
    }
    if (shown < texts->count)
        printf("  and %zu more (--verbose shows all)\n", texts->count - shown);
}

/* --- counts --- */

/* " 3 NAME, 1 EMAIL" of the counts that are not zero; "none" if all are. */
static void print_counts(const size_t *counts, size_t count, const char *(*name)(size_t index))
{
    const char *between = "";
    for (size_t i = 0; i < count; i++)
        if (counts[i]) {
            printf("%s%zu %s", between, counts[i], name(i));
            between = ", ";
        }
    printf("%s\n", *between ? "" : "none");
}

static const char *format_at(size_t index)
{
    return trace_format_name((enum trace_format)index);
}

static const char *outcome_at(size_t index)
{
    return outcome_name((enum outcome)index);
}

static const char *type_at(size_t index)
{
    return redact_type_name((enum redact_type)index);
}

static const char *reason_at(size_t index)
{
    return drop_reason_name((enum drop_reason)index);
}

void print_prepare_report(const struct prepare_report *report)
{
    printf("read        %zu file%s (%zu failed), %zu traces: ", report->files, report->files == 1 ? "" : "s",
           report->files_failed, report->extract.traces);
    print_counts(report->formats, TRACE_FORMATS, format_at);
    printf("outcomes    ");
    print_counts(report->outcomes, OUTCOMES, outcome_at);
    printf("scrubbed    ");
    print_counts(report->scrubbed, REDACT_TYPES, type_at);
    printf("extracted   %zu candidates from %zu tasks\n", report->extract.candidates, report->extract.tasks);
    printf("withheld    ");
    print_counts(report->extract.dropped, DROP_REASONS, reason_at);
    if (report->extract.generalised)
        printf("generalised %zu phrases\n", report->extract.generalised);
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

/* Overlap: do contributions and insights repeat more of their own tasks' prompts and traces than of others'? Word for
 * word, with words exchanged, or in words of their own.
 *
 * Three measures (audits/overlap/pairs.h) of the same documents. The controls are records of the copying extractor,
 * scrubber off (of traces), copies of the text (of prompts, which are a small part of such records), and for the two
 * looser measures copies that the stricter ones do not see. */
#include "audits/attacks.h"
#include "audits/overlap/pairs.h"

#define CLAIM(id, where, what, who, of, said, shown, most, stated)                                                     \
    {                                                                                                                  \
        .name = "overlap." id, .surface = where, .target = what, .threat = who,                                        \
        .knows = "the texts that it is compared with", .metric = said, .unit = of,                                     \
        .baseline = "tasks of other tenants, of like length and the nearest topics", .control = shown, .limit = most,  \
        .tolerated = most, .expected = stated                                                                          \
    }
#define RUNS(id, where, what, who, of, most, stated)                                                                   \
    CLAIM(id, where, what, who, of,                                                                                    \
          "four-word runs shared with one's own task, above those shared with others' / all runs",                     \
          "copies of the text", most, stated)
#define COPIED(id, where, what, who, of, most, stated)                                                                 \
    CLAIM(id, where, what, who, of,                                                                                    \
          "four-word runs shared with one's own task, above those shared with others' / all runs",                     \
          "records of an extractor that copies, scrubber off", most, stated)
#define SEQUENCE(id, where, what, who, of, most, stated)                                                               \
    CLAIM(id ".sequence", where, what, who, of,                                                                        \
          "longest common subsequence with one's own task, above that with others' / all words",                       \
          "copies with every fourth word left out", most, stated)
#define FEATURES(id, where, what, who, of, most, stated)                                                               \
    CLAIM(id ".paraphrase", where, what, who, of, "cosine of features with one's own task, above that with others'",   \
          "the text's words, backwards", most, stated)

/* Prompts may show next to nothing; a trace's tools and errors are what an insight is about. That a server which opens
 * contributions learns the topics of the traces behind them is stated (SECURITY.md), so it is expected here. */
#define CONTRIBUTED(row, id, what, most, stated)                                                                       \
    row("contribution." id, SURFACE_CONTRIBUTIONS, "contributions against their " what, THREAT_CURIOUS_SERVER, "task", \
        most, stated)
#define RELEASED(row, id, what, most)                                                                                  \
    row("release." id, SURFACE_LIBRARY, "insights against the " what " behind them", THREAT_TENANT, "insight", most,   \
        false)

static const struct {
    enum pair_measure measure;
    enum reference kind;
} rows[] = {
    {PAIR_RUNS, REFERENCE_PROMPT},        {PAIR_RUNS, REFERENCE_SYSTEM},        {PAIR_RUNS, REFERENCE_SPEECH},
    {PAIR_SUBSEQUENCE, REFERENCE_PROMPT}, {PAIR_SUBSEQUENCE, REFERENCE_SPEECH}, {PAIR_FEATURES, REFERENCE_PROMPT},
    {PAIR_FEATURES, REFERENCE_SPEECH},
};
#define ROWS (sizeof rows / sizeof *rows)

/* In the order of `rows`: contributions', then releases'. */
static const struct audit_claim claims[2 * ROWS + 1] = {
    CONTRIBUTED(RUNS, "prompt", "task prompts", .01, false),
    CONTRIBUTED(RUNS, "system", "system prompts", .01, false),
    CONTRIBUTED(COPIED, "trace", "traces", .05, false),
    CONTRIBUTED(SEQUENCE, "prompt", "task prompts", .05, false),
    CONTRIBUTED(SEQUENCE, "trace", "traces", .10, true),
    CONTRIBUTED(FEATURES, "prompt", "task prompts", .05, false),
    CONTRIBUTED(FEATURES, "trace", "traces", .10, true),
    RELEASED(RUNS, "prompt", "task prompts", .01),
    RELEASED(RUNS, "system", "system prompts", .01),
    RELEASED(COPIED, "trace", "traces", .05),
    RELEASED(SEQUENCE, "prompt", "task prompts", .05),
    RELEASED(SEQUENCE, "trace", "traces", .10),
    RELEASED(FEATURES, "prompt", "task prompts", .05),
    RELEASED(FEATURES, "trace", "traces", .10),
};

static const char *const notes[PAIR_MEASURES] = {
    [PAIR_RUNS] = "word for word; copies with words exchanged and paraphrase have rows of their own",
    [PAIR_SUBSEQUENCE] = "words in the text's order, others between them",
    [PAIR_FEATURES] = "the choice of words, in any order: to be about the same tools and errors is to be near",
};

static enum status measure_control(const struct ground *ground, size_t row, struct random random,
                                   struct audit_result *control)
{
    struct documents quotes = {0};
    if (rows[row].measure == PAIR_RUNS && rows[row].kind == REFERENCE_SPEECH)
        return pairs_measure(ground, PAIR_RUNS, rows[row].kind, &ground->copies, random, control);
    enum status status = pairs_quote(ground, rows[row].measure, rows[row].kind, &quotes);
    if (status == OK)
        status = pairs_measure(ground, rows[row].measure, rows[row].kind, &quotes, random, control);
    documents_free(&quotes);
    return status;
}

static enum status run_row(const struct ground *ground, size_t number, struct random random, struct audit_results *out)
{
    size_t row = number % ROWS;
    struct audit_result result = audit_result_start(&claims[number]), control = result;
    const struct documents *documents = number < ROWS ? &ground->contributions : &ground->insights;
    TRY(pairs_measure(ground, rows[row].measure, rows[row].kind, documents, random, &result));
    TRY(measure_control(ground, row, random, &control));
    pairs_control(&control, &result);
    result.note = result.samples > 0 ? notes[rows[row].measure]
                                     : "too few pairs of like length and other tenants to compare with";
    if (result.samples > 0 && result.control == CONTROL_UNDECIDED)
        result.note = "the texts are too few or too alike to tell whose a copy is";
    return audit_results_add(out, &result);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0x07);
    struct ground ground;
    TRY(ground_open(scope, out, &ground, why));
    enum status status = OK;
    for (size_t i = 0; i < 2 * ROWS && status == OK; i++) {
        audit_progress(scope, "overlap", i, 2 * ROWS);
        status = run_row(&ground, i, random, out);
    }
    ground_close(&ground);
    return status;
}

const struct attack attack_overlap = {
    .name = "overlap",
    .summary = "Do contributions or insights repeat the words of the tasks that they come from?",
    .paper = "Federation over Text (arXiv 2604.16778), its privacy checker; ROUGE-L (Lin 2004)",
    .family = FAMILY_OVERLAP,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 1,
    .claims = claims,
    .run = run,
};

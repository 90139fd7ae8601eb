/* The attacks in a few lines for those who will read no more: a row a family, its worst answer first; and how long each
 * attack took. */
#include "audits/report/page_report.h"

#define LEAKS_SHOWN 3

struct tally {
    size_t all, verdicts[VERDICTS];
};

static struct tally tally_of(const struct report *report, enum audit_family family)
{
    struct tally tally = {0};
    size_t at = 0;
    for (const struct finding *finding; (finding = finding_of(report, family, &at)); tally.all++)
        tally.verdicts[finding->verdict]++;
    return tally;
}

/* The answer of a family is never better than that of its worst result. */
static const char *answer_of(const struct tally *tally, const char **class)
{
    *class = verdict_class(VERDICT_LEAK);
    if (tally->verdicts[VERDICT_LEAK] > 0)
        return "Leak found";
    *class = verdict_class(VERDICT_NOT_EVALUATED);
    if (tally->verdicts[VERDICT_NOT_EVALUATED] == tally->all)
        return "Not evaluated";
    if (tally->verdicts[VERDICT_NOT_EVALUATED] > 0)
        return tally->verdicts[VERDICT_EXPECTED] > 0 ? "Leaks as stated; in part not evaluated"
                                                     : "No leak found; in part not evaluated";
    *class = verdict_class(VERDICT_EXPECTED);
    if (tally->verdicts[VERDICT_EXPECTED] > 0)
        return "Leaks, as stated";
    *class = verdict_class(VERDICT_NO_LEAK_ABOVE);
    return "No leak above the limits";
}

static void count_of(struct buf *page, const struct tally *tally)
{
    static const struct {
        enum verdict verdict;
        const char *words;
    } rows[] = {{VERDICT_LEAK, "leaking"},
                {VERDICT_EXPECTED, "leaking as stated"},
                {VERDICT_NO_LEAK_ABOVE, "under the limit"},
                {VERDICT_NOT_EVALUATED, "not evaluated"}};
    const char *between = "";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (tally->verdicts[rows[i].verdict] == 0)
            continue;
        page_add(page, "%s%zu %s", between, tally->verdicts[rows[i].verdict], rows[i].words);
        between = ", ";
    }
}

/* What leaks, by what was attacked; at most so many more than are shown already. */
static size_t leaks_with(struct buf *page, const struct report *report, enum audit_family family, enum verdict verdict,
                         size_t most)
{
    char value[PAGE_NUMBER], low[PAGE_NUMBER];
    size_t at = 0, shown = 0;
    for (const struct finding *finding; shown < most && (finding = finding_of(report, family, &at));) {
        if (finding->verdict != verdict)
            continue;
        page_add(page, "<span class=\"small\">%s%s: %s, at least %s (%s)</span>",
                 verdict == VERDICT_EXPECTED ? "as stated: " : "", finding->target, page_value(finding->value, value),
                 page_value(finding->low, low), finding->metric);
        shown++;
    }
    return shown;
}

static void leaks_of(struct buf *page, const struct report *report, enum audit_family family)
{
    size_t shown = leaks_with(page, report, family, VERDICT_LEAK, LEAKS_SHOWN);
    leaks_with(page, report, family, VERDICT_EXPECTED, LEAKS_SHOWN - shown);
}

static void family_row(struct buf *page, const struct report *report, enum audit_family family)
{
    const struct tally tally = tally_of(report, family);
    const char *class = "";
    if (tally.all == 0)
        return;
    const char *answer = answer_of(&tally, &class);
    page_add(page,
             "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"#family-%zu\">%s</a></th>"
             "<td role=\"cell\" data-label=\"Answer\"><strong class=\"verdict %s\">%s</strong></td>"
             "<td role=\"cell\" data-label=\"Results\">",
             (size_t)family, words_family(family), class, answer);
    count_of(page, &tally);
    leaks_of(page, report, family);
    buf_add_str(page, "</td></tr>\n");
}

static void seconds_row(struct buf *page, const struct json *attack)
{
    char seconds[PAGE_NUMBER];
    const char *name = json_string_text(json_get(attack, "name")),
               *question = json_string_text(json_get(attack, "question"));
    page_add(page, "<tr><th scope=\"row\"><code>%s</code></th><td>%s</td><td class=\"n\">%s</td><td>%s</td></tr>\n",
             name, question, page_value(json_number_value(json_get(attack, "seconds")), seconds),
             json_is_true(json_get(attack, "failed")) ? "failed"
             : json_is_true(json_get(attack, "kept")) ? "kept from the run before it was stopped"
                                                      : "run");
}

static void seconds_table(struct buf *page, const struct report *report)
{
    const struct json *timings = json_get(report->run, "attacks");
    if (json_count(timings) == 0 || !json_is_array(timings))
        return;
    buf_add_str(page,
                "<details>\n<summary>How long each attack took</summary>\n<table>\n<caption>Seconds of each "
                "attack</caption>\n<thead><tr><th scope=\"col\">Attack</th><th scope=\"col\">What it asks</th><th "
                "scope=\"col\" class=\"n\">Seconds</th><th scope=\"col\">How</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < json_count(timings); i++)
        seconds_row(page, json_at(timings, i));
    buf_add_str(page, "</tbody>\n</table>\n</details>\n");
}

void page_families(struct buf *page, const struct report *report)
{
    buf_add_str(
        page, "<h3>In short</h3>\n<table class=\"attacks families\" role=\"table\">\n<caption>What the attacks asked, "
              "and the answer</caption>\n<thead role=\"rowgroup\"><tr role=\"row\"><th scope=\"col\" "
              "role=\"columnheader\">Question</th><th scope=\"col\" role=\"columnheader\">Answer</th><th scope=\"col\" "
              "role=\"columnheader\">Results</th></tr></thead>\n<tbody role=\"rowgroup\">\n");
    for (unsigned family = 0; family <= FAMILIES; family++)
        family_row(page, report, (enum audit_family)family);
    buf_add_str(page, "</tbody>\n</table>\n");
    seconds_table(page, report);
}

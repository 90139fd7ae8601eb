/* Hides Vectorscan, which finds where matches end, and the walk back from there to where they begin. */
#include "redaction/custom.h"

#include <limits.h>

#include <hs/hs.h>

#include "redaction/pattern.h"

#define SEPARATOR 0x1e /* between the strings of a JSON document: no match crosses it */
#define CONTEXT_BYTES 80
#define SPAN_MOST 4096 /* of a longer match its last bytes go */
#define FIND_LEAST 2   /* bytes: a pattern for single letters would take all */
#define DATABASE_MOST (8u << 20)

struct custom {
    hs_database_t *database; /* of the ends of matches; NULL: no patterns */
    hs_scratch_t *scratch;   /* cloned for each use */
    const struct redact_policy *policy;
    struct pattern *find[POLICY_PATTERNS_MAX], *allow[POLICY_PATTERNS_MAX];
    struct recognizer rows[POLICY_PATTERNS_MAX];
};

/* --- compiling --- */

static const char *const places[POLICY_PATTERNS_MAX] = {
    "policy pattern 1",  "policy pattern 2",  "policy pattern 3",  "policy pattern 4",  "policy pattern 5",
    "policy pattern 6",  "policy pattern 7",  "policy pattern 8",  "policy pattern 9",  "policy pattern 10",
    "policy pattern 11", "policy pattern 12", "policy pattern 13", "policy pattern 14", "policy pattern 15",
    "policy pattern 16", "policy pattern 17", "policy pattern 18", "policy pattern 19", "policy pattern 20",
    "policy pattern 21", "policy pattern 22", "policy pattern 23", "policy pattern 24", "policy pattern 25",
    "policy pattern 26", "policy pattern 27", "policy pattern 28", "policy pattern 29", "policy pattern 30",
    "policy pattern 31", "policy pattern 32",
};

static const char *const allow_places[POLICY_PATTERNS_MAX] = {
    "policy allow_pattern 1",  "policy allow_pattern 2",  "policy allow_pattern 3",  "policy allow_pattern 4",
    "policy allow_pattern 5",  "policy allow_pattern 6",  "policy allow_pattern 7",  "policy allow_pattern 8",
    "policy allow_pattern 9",  "policy allow_pattern 10", "policy allow_pattern 11", "policy allow_pattern 12",
    "policy allow_pattern 13", "policy allow_pattern 14", "policy allow_pattern 15", "policy allow_pattern 16",
    "policy allow_pattern 17", "policy allow_pattern 18", "policy allow_pattern 19", "policy allow_pattern 20",
    "policy allow_pattern 21", "policy allow_pattern 22", "policy allow_pattern 23", "policy allow_pattern 24",
    "policy allow_pattern 25", "policy allow_pattern 26", "policy allow_pattern 27", "policy allow_pattern 28",
    "policy allow_pattern 29", "policy allow_pattern 30", "policy allow_pattern 31", "policy allow_pattern 32",
};

static enum status compile(struct custom *custom, struct why *why)
{
    const struct redact_policy *policy = custom->policy;
    const char *patterns[POLICY_PATTERNS_MAX];
    unsigned flags[POLICY_PATTERNS_MAX] = {0}, ids[POLICY_PATTERNS_MAX];
    hs_compile_error_t *error = NULL;
    size_t size = 0;
    for (size_t i = 0; i < policy->pattern_count; i++) {
        patterns[i] = policy->patterns[i].pattern;
        ids[i] = (unsigned)i;
    }
    hs_error_t failed = hs_compile_multi(patterns, flags, ids, (unsigned)policy->pattern_count, HS_MODE_BLOCK, NULL,
                                         &custom->database, &error);
    const char *where = places[error && error->expression > 0 ? error->expression : 0];
    hs_free_compile_error(error); /* its text could hold the pattern */
    if (failed != HS_SUCCESS)
        return why_set(why, ERR_INPUT, "is too large", where, 0);
    if (hs_database_size(custom->database, &size) != HS_SUCCESS || size > DATABASE_MOST)
        return why_set(why, ERR_INPUT, "are too large together", "policy patterns", 0);
    return hs_alloc_scratch(custom->database, &custom->scratch) == HS_SUCCESS ? OK : ERR_MEMORY;
}

static enum status read_find(struct custom *custom, struct why *why)
{
    const struct redact_policy *policy = custom->policy;
    for (size_t i = 0; i < policy->pattern_count; i++) {
        const struct policy_pattern *pattern = &policy->patterns[i];
        TRY(pattern_new(bytes_str(pattern->pattern), places[i], &custom->find[i], why));
        size_t least = pattern_least(custom->find[i]);
        if (least < FIND_LEAST)
            return why_set(why, ERR_INPUT,
                           least ? "matches a single byte: two are the least" : "matches the empty text", places[i], 0);
        custom->rows[i] = (struct recognizer){
            .rule = pattern->rule, .type = pattern->type, .score = pattern->score, .flags = ROW_LEARN};
    }
    return policy->pattern_count ? compile(custom, why) : OK;
}

static enum status read_allow(struct custom *custom, struct why *why)
{
    const struct redact_policy *policy = custom->policy;
    for (size_t i = 0; i < policy->allow_count; i++)
        TRY(pattern_new(bytes_str(policy->allow_patterns[i]), allow_places[i], &custom->allow[i], why));
    return OK;
}

enum status custom_new(const struct redact_policy *policy, struct custom **out, struct why *why)
{
    *out = NULL;
    if (policy->pattern_count == 0 && policy->allow_count == 0)
        return OK;
    struct custom *custom = mem_new(1, sizeof *custom);
    if (!custom)
        return ERR_MEMORY;
    custom->policy = policy;
    enum status status = read_find(custom, why);
    if (status == OK)
        status = read_allow(custom, why);
    if (status != OK) {
        custom_free(custom);
        return status;
    }
    *out = custom;
    return OK;
}

void custom_free(struct custom *custom)
{
    if (!custom)
        return;
    for (size_t i = 0; i < POLICY_PATTERNS_MAX; i++) {
        pattern_free(custom->find[i]);
        pattern_free(custom->allow[i]);
    }
    hs_free_scratch(custom->scratch);
    hs_free_database(custom->database);
    mem_free(custom);
}

/* --- finding --- */

struct match {
    size_t start, end; /* end 0: none yet */
};
struct matches {
    const struct custom *custom;
    struct scan *scan;
    struct bytes string;                    /* of the text, */
    size_t base;                            /* where it starts there */
    struct match open[POLICY_PATTERNS_MAX]; /* in the string; may still grow */
};

/* One of the words stands whole in what comes before. */
static bool context_stands(struct bytes text, size_t before, const char *words)
{
    for (size_t at = before > CONTEXT_BYTES ? before - CONTEXT_BYTES : 0; at < before; at++)
        if (chars_word_starts(text, at) && chars_word_of(bytes_part(text, 0, before), at, words))
            return true;
    return false;
}

static void report(struct matches *matches, size_t index)
{
    struct match *match = &matches->open[index];
    const char *context = matches->custom->policy->patterns[index].context;
    if (match->end && (!context || context_stands(matches->string, match->start, context)))
        scan_found(matches->scan, &matches->custom->rows[index], matches->base + match->start,
                   matches->base + match->end);
    *match = (struct match){0};
}

/* A match ends at `to`. One that begins before the end of the last and reaches over it is a part of it: so no byte is
 * walked over twice, whatever ends where. */
static int on_match(unsigned id, unsigned long long ignored, unsigned long long to, unsigned flags, void *context)
{
    (void)ignored, (void)flags;
    struct matches *matches = context;
    struct match *match = &matches->open[id];
    size_t end = (size_t)to, last = match->end, from = end - last > SPAN_MOST ? end - SPAN_MOST : last;
    bool alive;
    if (end <= last)
        return 0;
    size_t start = pattern_start(matches->custom->find[id], matches->string, from, end, &alive);
    if (start == SIZE_MAX && !alive)
        return 0;
    bool over = alive && last && from == last && (start == SIZE_MAX || start == last);
    if (!over) {
        report(matches, id);
        match->start = start == SIZE_MAX ? from : start;
    }
    match->end = end;
    return matches->scan->status != OK;
}

static enum status scan_strings(struct matches *matches, hs_scratch_t *scratch)
{
    const struct custom *custom = matches->custom;
    struct bytes text = matches->scan->text;
    for (size_t at = 0; at < text.size && matches->scan->status == OK;) {
        const uint8_t *stop = memchr(text.data + at, SEPARATOR, text.size - at);
        size_t size = (stop ? (size_t)(stop - text.data) : text.size) - at;
        if (size > UINT_MAX)
            return ERR_TOO_LARGE;
        matches->base = at;
        matches->string = bytes_part(text, at, size);
        hs_error_t error =
            hs_scan(custom->database, (const char *)text.data + at, (unsigned)size, 0, scratch, on_match, matches);
        if (error != HS_SUCCESS && error != HS_SCAN_TERMINATED)
            return ERR_BUG;
        for (size_t i = 0; i < custom->policy->pattern_count; i++)
            report(matches, i);
        at += size + 1;
    }
    return matches->scan->status;
}

void custom_scan(const struct custom *custom, struct scan *scan)
{
    if (!custom || !custom->database || scan->status != OK)
        return;
    struct matches matches = {.custom = custom, .scan = scan};
    hs_scratch_t *scratch = NULL;
    if (hs_clone_scratch(custom->scratch, &scratch) != HS_SUCCESS) {
        scan->status = ERR_MEMORY;
        return;
    }
    scan->status = scan_strings(&matches, scratch);
    hs_free_scratch(scratch);
}

/* --- allowing --- */

bool custom_allows(const struct custom *custom, struct bytes value)
{
    bool alive;
    if (!custom || value.size == 0 || value.size > POLICY_WORD_BYTES)
        return false;
    for (size_t i = 0; i < custom->policy->allow_count; i++)
        if (pattern_start(custom->allow[i], value, 0, value.size, &alive) == 0)
            return true;
    return false;
}

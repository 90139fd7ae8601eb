/* Synthetic candidates for benches and scale tests: templates over a few hundred English words and 2,000 made-up names
 * of tools and fields, from a fixed seed. Pattern p always gives the same text; a variant changes one of its phrases.
 *
 * As in real federations patterns are not equally frequent: of n candidates over P patterns, pattern p is drawn with
 * weight 1 / (p + 10), seven of ten are verbatim, the others variants. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/random.h"
#include "protocol/contribution.h"

static const char *const synthetic_nouns[] = {
    "booking",   "payment",  "certificate", "passenger",    "cabin",     "baggage",    "order",       "address",
    "refund",    "exchange", "invoice",     "parcel",       "gift card", "membership", "reservation", "flight",
    "query",     "table",    "index",       "migration",    "schema",    "column",     "partition",   "pipeline",
    "job",       "cluster",  "replica",     "volume",       "secret",    "deployment", "container",   "image",
    "branch",    "commit",   "release",     "ticket",       "alert",     "metric",     "quota",       "token",
    "session",   "account",  "profile",     "subscription", "equation",  "fraction",   "ratio",       "average",
    "remainder", "interval", "sequence",    "triangle",     "circle",    "polynomial"};
static const char *const synthetic_verbs[] = {
    "cancel",     "update",    "book",    "exchange", "return",    "refund",   "split",  "merge",    "restart",
    "roll back",  "rename",    "move",    "scale",    "index",     "export",   "import", "archive",  "restore",
    "verify",     "recompute", "approve", "reject",   "escalate",  "schedule", "retry",  "simplify", "factor",
    "substitute", "compare",   "round",   "expand",   "reconcile", "validate", "filter"};
static const char *const synthetic_faults[] = {"is refused because the amounts do not add up",
                                               "is not found",
                                               "has the wrong format",
                                               "has expired",
                                               "is locked by a job",
                                               "returns a timeout",
                                               "is missing a required field",
                                               "belongs to another region",
                                               "is over the limit",
                                               "is empty",
                                               "was changed meanwhile",
                                               "has a duplicate",
                                               "is not eligible",
                                               "is read only",
                                               "lacks a permission",
                                               "is out of range",
                                               "contains a negative value",
                                               "is rejected by policy",
                                               "has an unknown unit",
                                               "does not match the total"};
static const char *const synthetic_reasons[] = {"the call does not check it",
                                                "a retry with the same argument fails again",
                                                "the total must match before it is charged",
                                                "the user has to agree first",
                                                "the result is cached for some minutes",
                                                "the order of steps matters",
                                                "the limit counts open items too",
                                                "the old value stays valid until the next run"};
#define SYNTHETIC_PICK(list, random) list[random_below(random, sizeof list / sizeof *list)]

static inline void synthetic_name(struct random random, char out[static 16])
{
    static const char *const syllables[] = {"ba",  "ko", "ri",  "tel", "mo", "sa",
                                            "ven", "du", "lix", "pra", "no", "gar"};
    struct random_seeded state;
    struct random name = random_seeded_start(&state, random_below(random, 2000));
    snprintf(out, 16, "%s%s%s", SYNTHETIC_PICK(syllables, name), SYNTHETIC_PICK(syllables, name),
             SYNTHETIC_PICK(syllables, name));
}

static inline void synthetic_must(enum status status)
{
    if (status != OK)
        abort();
}

static inline struct candidate synthetic_candidate(uint64_t pattern, uint64_t variant)
{
    struct random_seeded state;
    struct random random = random_seeded_start(&state, 1000 + pattern);
    const char *noun = SYNTHETIC_PICK(synthetic_nouns, random), *other = SYNTHETIC_PICK(synthetic_nouns, random);
    const char *verb = SYNTHETIC_PICK(synthetic_verbs, random), *fault = SYNTHETIC_PICK(synthetic_faults, random);
    const char *check = SYNTHETIC_PICK(synthetic_verbs, random), *reason = SYNTHETIC_PICK(synthetic_reasons, random);
    char tool[16], field[16], text[PHRASE_MAX];
    synthetic_name(random, tool);
    synthetic_name(random, field);
    struct candidate candidate = {.kind = (enum candidate_kind)random_below(random, CANDIDATE_KINDS)};
    bool avoids = candidate.kind == CANDIDATE_PITFALL;
    snprintf(text, sizeof text, "you %s a %s and the %s %s", verb, noun, other, fault);
    synthetic_must(phrases_add(&candidate.when, text));
    snprintf(text, sizeof text, "%s the %s of the %s with %s first", check, field, noun, tool);
    synthetic_must(phrases_add(avoids ? &candidate.avoid : &candidate.act, text));
    snprintf(text, sizeof text, "ask for the %s before you %s the %s again", field, verb, other);
    synthetic_must(phrases_add(avoids ? &candidate.avoid : &candidate.act, text));
    synthetic_must(phrases_add(&candidate.why, reason));
    candidate.tool = mem_copy(bytes_str(tool));
    if (variant) {
        struct random_seeded twist_state;
        struct random twist = random_seeded_start(&twist_state, variant);
        snprintf(text, sizeof text, "the %s %s", SYNTHETIC_PICK(synthetic_nouns, twist),
                 SYNTHETIC_PICK(synthetic_faults, twist));
        synthetic_must(phrases_add(&candidate.why, text));
    }
    return candidate;
}

/* Owned array of n candidates over `patterns` patterns, each with a task of its own. */
static inline struct candidate *synthetic_round(size_t n, size_t patterns, uint64_t seed)
{
    struct candidate *candidates = mem_new(n, sizeof *candidates);
    double *cumulative = mem_new(patterns, sizeof *cumulative);
    if (!candidates || !cumulative)
        abort();
    for (size_t p = 0; p < patterns; p++)
        cumulative[p] = (p ? cumulative[p - 1] : 0) + 1.0 / (double)(p + 10);
    struct random_seeded state;
    struct random random = random_seeded_start(&state, seed);
    for (size_t i = 0; i < n; i++) {
        double at = random_unit(random) * cumulative[patterns - 1];
        size_t low = 0, high = patterns - 1;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (cumulative[middle] < at)
                low = middle + 1;
            else
                high = middle;
        }
        candidates[i] = synthetic_candidate(low, random_below(random, 10) < 7 ? 0 : 1 + random_below(random, 1u << 20));
        memcpy(candidates[i].task, &i, sizeof i);
        candidates[i].runs_for = 1 + (uint32_t)random_below(random, 4);
        candidates[i].runs_against = (uint32_t)random_below(random, 3);
    }
    mem_free(cumulative);
    return candidates;
}

static inline void synthetic_free(struct candidate *candidates, size_t n)
{
    for (size_t i = 0; i < n; i++)
        candidate_free(&candidates[i]);
    mem_free(candidates);
}

/* A contribution's record with the candidates of `count` patterns from `pattern` on, appended. */
static inline void synthetic_record(uint64_t pattern, size_t count, struct buf *record)
{
    struct contribution contribution = {.class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = count};
    contribution.candidates = mem_new(count, sizeof *contribution.candidates);
    if (!contribution.candidates)
        abort();
    for (size_t i = 0; i < count; i++)
        contribution.candidates[i] = synthetic_candidate(pattern + i, 0);
    synthetic_must(contribution_encode(&contribution, record));
    contribution_free(&contribution);
}

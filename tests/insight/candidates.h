/* Candidates in one line, for tests: lists of phrases separated by "|", slots as they stand. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "protocol/candidate.h"

static inline void add_split(struct phrases *out, const char *list)
{
    char phrase[1024];
    for (const char *at = list; at && *at;) {
        size_t size = strcspn(at, "|");
        snprintf(phrase, sizeof phrase, "%.*s", (int)size, at);
        assert_int_equal(phrases_add(out, phrase), OK);
        at += size + (at[size] == '|');
    }
}

struct spec {
    enum candidate_kind kind;
    const char *when, *act, *avoid, *why, *tool, *error;
    uint8_t task;
    uint32_t runs_for, runs_against;
    enum outcome outcome;
};

static inline struct candidate make_candidate(struct spec spec)
{
    struct candidate candidate = {.kind = spec.kind, .outcome = spec.outcome};
    add_split(&candidate.when, spec.when);
    add_split(&candidate.act, spec.act);
    add_split(&candidate.avoid, spec.avoid);
    add_split(&candidate.why, spec.why);
    candidate.tool = spec.tool ? mem_copy(bytes_str(spec.tool)) : NULL;
    candidate.error = spec.error ? mem_copy(bytes_str(spec.error)) : NULL;
    candidate.task[0] = spec.task;
    candidate.runs_for = spec.runs_for;
    candidate.runs_against = spec.runs_against;
    return candidate;
}

static inline void free_candidates(struct candidate *candidates, size_t count)
{
    for (size_t i = 0; i < count; i++)
        candidate_free(&candidates[i]);
}

/* Runs `call` with the first, second, ... allocation failing until it succeeds, and checks that each failure is
 * reported as ERR_MEMORY. Leaks are the sanitizer's to find. */
#define EACH_ALLOCATION_FAILS(call)                                                                                    \
    do {                                                                                                               \
        size_t nth_ = 1;                                                                                               \
        for (;; nth_++) {                                                                                              \
            mem_fail_after(nth_);                                                                                      \
            enum status status_ = (call);                                                                              \
            mem_fail_after(0);                                                                                         \
            if (status_ == OK)                                                                                         \
                break;                                                                                                 \
            assert_int_equal(status_, ERR_MEMORY);                                                                     \
        }                                                                                                              \
        assert_true(nth_ > 1);                                                                                         \
    } while (0)

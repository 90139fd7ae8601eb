/* Worked solutions of word problems: from annotated arithmetic ("<<5*3=15>>") to named steps, and from a problem's
 * wording to cues. Both speak in words of fixed tables: no number, name or sentence of a problem gets into them. */
#pragma once

#include "insight/phrases.h"

enum math_step {
    STEP_HALVE,
    STEP_DOUBLE,
    STEP_PERCENT,
    STEP_UNITS,
    STEP_RATE,  /* given × given */
    STEP_SCALE, /* result × given, result × result */
    STEP_SUM_GIVEN,
    STEP_SUM_RESULTS,
    STEP_SUM_MIXED,
    STEP_DIFFERENCE,   /* given − given */
    STEP_TAKE_RESULT,  /* given − results: from the start what was worked out */
    STEP_TAKE_GIVEN,   /* result − given */
    STEP_TAKE_RESULTS, /* result − result */
    STEP_SHARE_GIVEN,  /* given ÷ given */
    STEP_SHARE,        /* result ÷ given */
    STEP_SHARE_BY,     /* anything ÷ result */
    STEP_SEVERAL,      /* products and sums in one expression */
    MATH_STEPS
};
#define SOLUTION_STEPS 12
struct solution {
    size_t count;
    enum math_step steps[SOLUTION_STEPS];
    char operators[SOLUTION_STEPS]; /* '+', '-', '*', '/', '?' */
    bool slips;                     /* an annotation whose value isn't its expression's */
};
/* False when the text has no annotations, or too many. `problem` tells whether a number was given. */
bool solution_parse(const char *text, const char *problem, struct solution *out);
const char *math_step_act(enum math_step step);   /* "add up the partial results" */
const char *math_step_doing(enum math_step step); /* "adding up the partial results" */

/* What the problem gives and what it asks, as when-phrases from fixed tables; NULL when no cue is there. */
const char *problem_gives(const char *problem);
const char *problem_asks(const char *problem);

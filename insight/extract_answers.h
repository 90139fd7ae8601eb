/* What runs did after a call was refused, as rows that can be counted. */
#pragma once

#include "insight/extract_inside.h"

enum answer {
    ANSWER_REFUSED, /* the kind of thing that the error names as not accepted */
    ANSWER_ASK,     /* ask the user for something */
    ANSWER_LOOK,    /* another call first */
    ANSWER_RECHECK, /* what else the amount depends on */
    ANSWER_CHANGE,  /* an argument */
    ANSWER_AGAIN,   /* the same call once more, which then worked */
    ANSWER_STOP,    /* leave it and tell the user */
    ANSWER_INSTEAD, /* another call that changes something */
    ANSWER_REPEAT,  /* the same call once more, which failed again */
    ANSWER_BEFORE,  /* what could have been known before the call */
};
struct row {
    size_t run, task;
    char tool[TOOL_MAX], error[SLOT_MAX];
    char given[SLOT_MAX]; /* what more the error depends on, as a when-phrase; "" */
    enum answer answer;
    char act[PHRASE_MAX], avoid[PHRASE_MAX], why[PHRASE_MAX];
    char argument[SLOT_MAX];
    enum outcome outcome;
    struct tally tally; /* set when counting: of runs with the same tool, error, act; all tasks */
    bool contrasted;    /* its task also has runs that succeeded */
    bool reasoned;      /* the error's own words say why to avoid it */
};
struct rows {
    size_t count, room;
    struct row *items;
};

/* The answers of one run to its errors. succeeds[task]: whether the task has runs that succeeded. Free with
 * mem_free(rows->items). */
MUST_USE enum status collect_answers(const struct corpus *corpus, size_t number, const bool *succeeds,
                                     struct rows *rows);

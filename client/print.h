/* How the client shows things to people: candidates, insights, counts, a policy; and JSON to programs. */
#pragma once

#include "base/json.h"
#include "client/prepare.h"
#include "protocol/library.h"

/* All of it to standard output. ERR_IO. */
MUST_USE enum status print_bytes(struct bytes text);
MUST_USE enum status print_json(const struct json *value); /* indented, to standard output */
void print_policy(const struct policy *policy, const char *federation);
/* k: the library's, for the narrowest band of support. */
void print_insight(const struct insight *insight, const struct library *library, size_t number);
/* Rendered candidates, collected to be shown once each. */
struct shown_texts {
    size_t count, room;
    struct shown_text *items;
};
MUST_USE enum status shown_texts_add(struct shown_texts *texts, const struct candidate *candidate);
void shown_texts_print(struct shown_texts *texts, size_t most); /* sorts them */
void shown_texts_free(struct shown_texts *texts);
/* What was read, found and scrubbed by type, extracted and dropped. */
void print_prepare_report(const struct prepare_report *report);
struct json *prepare_report_json(const struct prepare_report *report); /* NULL: out of memory */
/* A progress bar on stderr, if that is a terminal. */
void print_progress(const char *doing, size_t done, size_t of);

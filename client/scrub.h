/* The scrubber's face, inside: what one run of `chatham scrub` knows; reading, writing, reporting. */
#pragma once

#include <limits.h>

#include "client/command.h"
#include "client/scrub_report.h"

struct scrub {
    const struct redactor *redactor;
    struct redact_session *session; /* one for all inputs (--two-pass), or NULL: each has its own */
    struct scrub_report *report;    /* what is found is told, and nothing is written; NULL: scrubbed text is written */
    bool counts;                    /* --stats */
    size_t withheld[REDACT_TYPES], flagged[REDACT_TYPES];
};

/* Where scrubbed text goes: standard output, or a file that appears only when it is whole. */
struct scrub_sink {
    int fd; /* -1: standard output */
    bool replace;
    char path[PATH_MAX], temporary[PATH_MAX];
};
void scrub_sink_standard(struct scrub_sink *sink);
/* A file of this mode; its folder is made if need be. Unless it replaces what is there: ERR_EXISTS, at the end too. */
MUST_USE enum status scrub_sink_open(struct scrub_sink *sink, const char *path, unsigned mode, bool replace);
MUST_USE enum status scrub_sink_write(struct scrub_sink *sink, struct buf *content); /* and empties it */
/* Keep what was written, or take it away. */
MUST_USE enum status scrub_sink_keep(struct scrub_sink *sink);
void scrub_sink_drop(struct scrub_sink *sink);

/* One input to its end. `sink` NULL: only look. *found: how many finds are withheld. */
MUST_USE enum status scrub_stream(struct scrub *scrub, int fd, const char *name, struct scrub_sink *sink,
                                  size_t *found);
/* Let the session learn from it, and go back to its beginning. ERR_INPUT if it cannot be read twice. */
MUST_USE enum status scrub_learn(struct scrub *scrub, int fd);

MUST_USE enum status scrub_batch(const struct redactor *redactor, int fd, struct why *why);

/* Files and folders. Each failure is named on stderr, and the first is returned in the end. */
struct scrub_tree {
    struct scrub *scrub;
    const char *out; /* folder that mirrors them, or NULL */
    bool in_place;
    const char *root; /* the word that is walked */
    bool learning;
    size_t found; /* finds withheld, in all */
    enum status status;
};
void scrub_tree_walk(struct scrub_tree *tree, const char *path);

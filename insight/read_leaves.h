/* The leaves of a JSON value in order, each with its path in words: "payment_methods[].amount". */
#pragma once

#include "insight/read_json.h"

#define LEAVES_MAX 256
#define LEAF_PATH_MAX 96

struct leaf {
    char path[LEAF_PATH_MAX]; /* keys joined by '.', "[]" for any item of an array */
    struct view value;        /* a scalar; an empty array or object counts as one */
};
/* At most LEAVES_MAX; those beyond, below depth 16, or with longer paths are left out. Views point into json. */
size_t json_leaves(struct view json, struct leaf *out, size_t room);

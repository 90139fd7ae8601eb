/* Homes of a device in a temporary folder, one made and the others copied from it: the same device, again and again. */
#pragma once

#include "audits/scratch.h"
#include "client/home.h"

struct homes {
    char folder[SCRATCH_MAX]; /* "": none */
};
MUST_USE enum status homes_open(struct homes *out, struct why *why);
void homes_close(struct homes *homes); /* with all that is in it */
MUST_USE enum status homes_path(const struct homes *homes, const char *name, char out[static HOME_PATH_MAX]);
/* A closed home under another name; what was there under that name is gone. */
MUST_USE enum status homes_copy(const struct homes *homes, const char *from, const char *to);

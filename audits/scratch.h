/* A temporary folder of the audit's own. What it holds is removed with it, also when SIGHUP, SIGINT or SIGTERM ends the
 * process that opened it; not when that is killed outright. */
#pragma once

#include "base/bytes.h"

#define SCRATCH_MAX 64 /* bytes of its path */
/* A new one, for this user alone. ERR_IO: none can be made, or a dozen are open; folder is "" then. */
MUST_USE enum status scratch_open(char folder[static SCRATCH_MAX], struct why *why);
/* A folder with all that is in it; links are not followed. "", or what is not there: nothing. */
void scratch_remove(const char *folder);

/* Landlock: from here on this process reaches no file but those under one folder, opens and binds no TCP port and
 * signals nobody outside, as far as the kernel knows how (files 5.13, TCP 6.7, signals and abstract sockets 6.12).
 * Descriptors that are open stay so. */
#pragma once

#include "base/status.h"

/* The kernel's version of Landlock; 0 where it has none or has it switched off. */
unsigned process_landlock_version(void);
/* folder: NULL for no file at all. Wants no_new_privs set before. Without Landlock it does nothing: the filter
 * and the users stand alone then. */
MUST_USE enum status process_landlock(const char *folder, struct why *why);

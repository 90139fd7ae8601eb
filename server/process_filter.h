/* The system call filter of a role (seccomp). For now a list of what a role may not do: no role runs another program,
 * the vault and distil make no socket and reach nobody. Allow-lists a role replace it behind the same function. */
#pragma once

#include "server/message.h"

MUST_USE enum status process_filter(enum role role, struct why *why);

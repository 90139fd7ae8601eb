/* The system call filter of a role (seccomp), made of the table in process_calls.h. A call outside the role's rows, one
 * of another architecture and one in x32 form end the process with SIGSYS. There is no way back. */
#pragma once

#include "server/message.h"

/* --sandbox: what a call outside the list does. There is no way to serve without a filter. */
enum sandbox {
    SANDBOX_KILL,
    SANDBOX_LOG, /* is logged and made all the same: to find out what is missing, never to serve with */
};
/* Wants no_new_privs set before. */
MUST_USE enum status process_filter(enum role role, enum sandbox sandbox, struct why *why);

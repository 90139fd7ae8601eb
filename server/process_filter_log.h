/* --sandbox=log: a filter whose answer to what it doesn't know is to ask a thread beside it, which logs the call
 * (call.outside, with its number) and lets it be made. A process that runs so is not confined. */
#pragma once

#include "base/status.h"

struct sock_fprog;
/* The filter's last word must be SECCOMP_RET_USER_NOTIF. */
MUST_USE enum status process_filter_log(const struct sock_fprog *filter, struct why *why);

/* A provider in a process of its own, for those that run a stranger's code or hold on to devices and sockets (PKCS#11
 * modules). The process is forked from the caller before it has any keys, opens the provider, and then does nothing but
 * wrap and unwrap for the one pipe that it has; it ends when the caller closes it or is gone. */
#pragma once

#include "crypto/root_provider.h"

/* Runs in the new process: open the provider. */
typedef enum status (*root_opener)(const void *context, struct root_provider **out, struct why *why);
/* The opener's status and reason are passed on (the reason's texts stay valid until the next call). Later failures of
 * the process are ERR_UNAVAILABLE, an answer that is not there within a minute too; from the first on there are no more
 * answers. Only for a process of one thread. */
MUST_USE enum status root_provider_apart(root_opener open, const void *context, struct root_provider **out,
                                         struct why *why);

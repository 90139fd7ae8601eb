/* What was sent is kept until the server's backups hold it. After the server was restored from one, what it lost is
 * queued again by itself. */
#pragma once

#include "client/home.h"
#include "transport/http.h"

#define DURABLE_KEEP_DAYS 90 /* at most, whatever the server says or doesn't */

/* Ask, drop records that are safe, queue those that were lost. *again: how many. A server of the first version, which
 * knows no such question, is no failure. */
MUST_USE enum status durable_follow(struct home *home, struct http *http, size_t *again, struct why *why);

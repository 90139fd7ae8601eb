/* Shared by remote.c (enrol, send) and pull.c. */
#pragma once

#include "client/remote.h"
#include "transport/http.h"

MUST_USE enum status remote_connect(const struct home *home, struct http **out, struct why *why);
/* The status that an HTTP reply means. */
MUST_USE enum status remote_status(const struct http_reply *reply, struct why *why);

/* Shared by remote.c (enrol, send), pull.c, follow.c and witnesses.c. */
#pragma once

#include "client/remote.h"
#include "crypto/merkle.h"
#include "transport/http.h"

MUST_USE enum status remote_connect(const struct home *home, struct http **out, struct why *why);
/* The status that an HTTP reply means. */
MUST_USE enum status remote_status(const struct http_reply *reply, struct why *why);
/* A proof of the log (client/follow.c). */
MUST_USE enum status follow_proof(struct http *http, const char *path, struct merkle_proof *proof, struct why *why);

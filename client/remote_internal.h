/* Shared by remote.c (enrol, send), pull.c, follow.c, witnesses.c and ask.c. */
#pragma once

#include "client/remote.h"
#include "crypto/merkle.h"
#include "transport/http.h"

MUST_USE enum status remote_connect(const struct home *home, struct http **out, struct why *why);
/* The status that an HTTP reply means. */
MUST_USE enum status remote_status(const struct http_reply *reply, struct why *why);
/* The header of an envelope from this device. */
MUST_USE enum status remote_header(const struct home *home, enum envelope_kind kind, const uint8_t id[static ID_BYTES],
                                   const char epoch[static EPOCH_TEXT], struct envelope_header *out);
/* A proof of the log (client/follow.c). */
MUST_USE enum status follow_proof(struct http *http, const char *path, struct merkle_proof *proof, struct why *why);

/* Shared by remote.c (enrol, send), pull.c, keys.c, follow.c, witnesses.c, durable.c and ask.c. */
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
/* client/keys.c: the document as it is served. */
MUST_USE enum status federation_ask(struct http *http, struct federation *out, struct why *why);
/* Take and save the keys of a later document that the pinned authority certified. Of *now only the policy counts
 * afterwards; the caller still frees it. ERR_DENIED: keys that are neither known nor certified. */
MUST_USE enum status keys_follow(struct home *home, struct federation *now, bool *changed, struct why *why);
/* Ask for the document and follow it. */
MUST_USE enum status keys_refresh(struct home *home, struct http *http, bool *changed, struct why *why);
/* After an answer that was refused or did not verify: whether that was because the keys were rotated meanwhile, and it
 * is worth another try. changes: how often it was so in this sending or pull; there is a limit. */
bool keys_changed(struct home *home, struct http *http, size_t changes);
/* A proof of the log (client/follow.c). */
MUST_USE enum status follow_proof(struct http *http, const char *path, struct merkle_proof *proof, struct why *why);

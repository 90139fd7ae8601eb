/* Room-internal: the intermediate key, its file, and its replacement.
 *
 * S/intermediate.key: u32 format | the rest. Format 2: u32 length, intermediate key wrapped under the root | the
 * federation database's key wrapped under the intermediate key, so that this one can be replaced without touching the
 * database. Format 1 (of the first version): the wrapped intermediate key alone; the database's key is derived from it.
 *
 * Replacing is done in steps that each may be the last before a crash: what the intermediate key wraps is wrapped under
 * the next one too, in rows beside the present ones (rewrap); the file is replaced, which decides; the rows take the
 * places of the present ones. Rows say under which key they are, so that at the next opening those of the file's key
 * are taken and all others dropped. */
#pragma once

#include "server/store_inside.h"

#define KEY_NAME_BYTES 16 /* of an intermediate key: derived from it, tells it from others and nothing else */
MUST_USE enum status keys_name(const struct secret *intermediate, uint8_t out[static KEY_NAME_BYTES]);

/* New keys of a new store. */
MUST_USE enum status keys_make(struct store *store);
/* Write the file: ERR_EXISTS if there is one; or over the one that is there. */
MUST_USE enum status keys_create_file(const struct store *store, struct root_provider *root);
MUST_USE enum status keys_write_file(const struct store *store, struct root_provider *root);
/* Read it. ERR_NOT_FOUND, ERR_DENIED (another root key), ERR_CORRUPT, ERR_VERSION, ERR_UNAVAILABLE. */
MUST_USE enum status keys_read_file(struct store *store, struct root_provider *root, struct why *why);

/* The label under which a server key is boxed. */
#define SERVER_KEY_LABEL 64
void server_key_label(const char *purpose, uint32_t version, char out[static SERVER_KEY_LABEL]);

/* In the caller's transaction: the next key, and rows for all that the present one wraps. */
MUST_USE enum status keys_next(struct store *store, struct secret *next);
/* Make it the present key, in memory and in the file. If this fails the file may hold either key: the store must be
 * opened anew. */
MUST_USE enum status keys_replace(struct store *store, struct root_provider *root, const struct secret *next);
/* Rows under the present key take their places, others go; nothing to do is no failure. */
MUST_USE enum status keys_settle(struct store *store);

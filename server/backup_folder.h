/* Room-internal: a backup as a folder: its manifest.json and the files that it names, and the keys in a folder apart,
 * each under the name of what it belongs to: <first 16 hex digits of its SHA-256>.key, beside it .provider, the state
 * folder's root.provider (where the root key is, without it). */
#pragma once

#include "protocol/backup.h"

/* Read and check the manifest: signature and checkpoint, by the federation document in it. */
MUST_USE enum status backup_folder_read(const char *folder, struct backup *out, struct why *why);
/* The same, and every byte of every file. */
MUST_USE enum status backup_folder_verify(const char *folder, struct backup *out, struct why *why);
/* Copy its files, checked on the way, but for one of that name (may be NULL); into a folder that has none of them. */
MUST_USE enum status backup_folder_copy(const char *folder, const struct backup *backup, const char *but,
                                        const char *to, struct why *why);
MUST_USE enum status backup_folder_copy_one(const char *folder, const struct backup_file *file, const char *to,
                                            struct why *why);
/* Keep the key file and the record of its provider from a state folder; there already is fine. ERR_CORRUPT: what is
 * there by its name is another one. */
MUST_USE enum status backup_keys_put(const char *state, const struct backup *backup, const char *keys, struct why *why);
/* Put them into a state folder. ERR_NOT_FOUND: the keys folder has none for this backup; ERR_CORRUPT. */
MUST_USE enum status backup_keys_take(const char *keys, const struct backup *backup, const char *state,
                                      struct why *why);

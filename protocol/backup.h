/* The manifest of a backup: what it consists of, how far the log had come, signed. Canonical JSON:
 *   {"checkpoint":"<signed note>","epoch":"2026-11","federation":{..},"files":[{"name","sha256","size"},..],
 *    "key":"<sha256 of the key file>","kind":"full","log":17,"signature":"..","v":1}
 * kind "full" has all stores, "tail" the federation's alone, to be restored over a full backup of before. The signature
 * (SIGN_BACKUP, the evidence key) is over the record without "signature". The federation document in it is what the
 * signatures are checked by: that it is the right federation shows when its key file opens the stores, or by
 * federation_keys_hash. */
#pragma once

#include "crypto/checkpoint.h"
#include "protocol/federation.h"

#define BACKUP_NAME_MAX 80
#define BACKUP_FILES_MAX 200000u
#define BACKUP_MANIFEST_MAX (64u * 1024 * 1024)

enum backup_kind { BACKUP_FULL, BACKUP_TAIL, BACKUP_KINDS };
const char *backup_kind_name(enum backup_kind kind);

struct backup_file {
    char name[BACKUP_NAME_MAX + 1]; /* "federation.db", "tenants/<32 hex>.<version>.db"; nothing else is taken */
    uint8_t hash[HASH_BYTES];
    uint64_t size;
};
struct backup {
    enum backup_kind kind;
    char epoch[8];
    char checkpoint[CHECKPOINT_MAX + 1];
    uint64_t log; /* its size; the checkpoint's too */
    uint8_t key[HASH_BYTES];
    struct federation federation; /* owned */
    size_t count, room;
    struct backup_file *files; /* owned */
    uint8_t signature[SIGN_BYTES];
};
void backup_free(struct backup *backup);
/* A zeroed place at the end; NULL: out of memory. */
struct backup_file *backup_add(struct backup *backup);
MUST_USE enum status backup_sign(struct backup *backup, const struct secret *seed);
MUST_USE enum status backup_encode(const struct backup *backup, struct buf *out);
MUST_USE enum status backup_decode(struct bytes text, struct backup *out, struct why *why);
/* Its signature and its checkpoint, by the federation document in it. ERR_DENIED with the reason. */
MUST_USE enum status backup_check(const struct backup *backup, struct checkpoint *checkpoint, struct why *why);

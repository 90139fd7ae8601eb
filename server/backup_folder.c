/* Hides the names in a backup's folders, and that nothing is believed that was not hashed. */
#include "server/backup_folder.h"

#include <limits.h>
#include <stdio.h>

#include "base/encode.h"
#include "base/file.h"

#define SMALL_MAX 16384 /* a wrapped key, a record of a provider */

static enum status read_failed(struct why *why, enum status status, const char *missing)
{
    return why_set(why, status, status == ERR_NOT_FOUND ? missing : "a file cannot be read", "backup", 0);
}

enum status backup_folder_read(const char *folder, struct backup *out, struct why *why)
{
    char path[PATH_MAX];
    struct checkpoint checkpoint;
    SCOPED_BUF struct buf text = {0};
    *out = (struct backup){0};
    TRY(path_join(path, sizeof path, folder, "manifest.json"));
    enum status status = file_read(path, BACKUP_MANIFEST_MAX, &text);
    if (status != OK)
        return read_failed(why, status, "there is no manifest.json");
    TRY(backup_decode(buf_bytes(&text), out, why));
    status = backup_check(out, &checkpoint, why);
    if (status != OK)
        backup_free(out);
    return status;
}

static enum status check_same(const struct backup_file *file, const uint8_t hash[static HASH_BYTES], uint64_t size,
                              struct why *why)
{
    if (size == file->size && memcmp(hash, file->hash, HASH_BYTES) == 0)
        return OK;
    return why_set(why, ERR_CORRUPT, "a file is not the one that the manifest names", "backup", 0);
}

static enum status verify_files(const char *folder, const struct backup *backup, struct why *why)
{
    for (size_t i = 0; i < backup->count; i++) {
        char path[PATH_MAX];
        uint8_t hash[HASH_BYTES];
        uint64_t size = 0;
        TRY(path_join(path, sizeof path, folder, backup->files[i].name));
        enum status status = file_hash(path, hash, &size);
        if (status != OK)
            return read_failed(why, status, "a file that the manifest names is missing");
        TRY(check_same(&backup->files[i], hash, size, why));
    }
    return OK;
}

enum status backup_folder_verify(const char *folder, struct backup *out, struct why *why)
{
    TRY(backup_folder_read(folder, out, why));
    enum status status = verify_files(folder, out, why);
    if (status != OK)
        backup_free(out);
    return status;
}

/* --- copying --- */

enum status backup_folder_copy_one(const char *folder, const struct backup_file *file, const char *to, struct why *why)
{
    char from[PATH_MAX], copy[PATH_MAX];
    uint8_t hash[HASH_BYTES];
    uint64_t size = 0;
    TRY(path_join(from, sizeof from, folder, file->name));
    TRY(path_join(copy, sizeof copy, to, file->name));
    enum status status = file_copy(from, copy, hash, &size);
    if (status == ERR_EXISTS)
        return why_hint(why, status, "a file of that name is there already", "DIR", "name a folder that is empty");
    if (status != OK)
        return why_set(why, status, "a file cannot be copied", "backup", 0);
    TRY(check_same(file, hash, size, why));
    return folder_sync_of(copy);
}

enum status backup_folder_copy(const char *folder, const struct backup *backup, const char *but, const char *to,
                               struct why *why)
{
    char path[PATH_MAX];
    TRY(path_join(path, sizeof path, to, "tenants"));
    TRY(folder_create(path, 0700));
    for (size_t i = 0; i < backup->count; i++)
        if (!but || strcmp(backup->files[i].name, but) != 0)
            TRY(backup_folder_copy_one(folder, &backup->files[i], to, why));
    return OK;
}

/* --- keys --- */

static enum status key_path(const char *keys, const struct backup *backup, const char *suffix,
                            char out[static PATH_MAX])
{
    char hex[17], name[32];
    encode_hex_text(backup->key, 8, hex);
    snprintf(name, sizeof name, "%s%s", hex, suffix);
    return path_join(out, PATH_MAX, keys, name);
}

/* Whole or not there: what a crash cut off must not be taken for it by the next backup. */
static enum status copy_small(const char *from, const char *to)
{
    SCOPED_BUF struct buf content = {0};
    TRY(file_read(from, SMALL_MAX, &content));
    return file_create(to, buf_bytes(&content), 0600);
}

static enum status check_key(const char *path, const struct backup *backup, const char *where, struct why *why)
{
    uint8_t hash[HASH_BYTES];
    uint64_t size = 0;
    enum status status = file_hash(path, hash, &size);
    if (status == ERR_NOT_FOUND)
        return why_set(why, status, "there is no key of this backup", where, 0);
    if (status != OK)
        return why_set(why, status, "a key cannot be read", where, 0);
    if (memcmp(hash, backup->key, HASH_BYTES) != 0)
        return why_set(why, ERR_CORRUPT, "the key is not the one that the manifest names", where, 0);
    return OK;
}

/* A folder of the first version has no record of its provider, but perhaps a salt. */
static const char *const provider_names[] = {"root.provider", "root.salt"};
static const char *const provider_suffixes[] = {".provider", ".salt"};

static enum status put_providers(const char *state, const struct backup *backup, const char *keys)
{
    char from[PATH_MAX], to[PATH_MAX];
    enum status status = OK;
    for (size_t i = 0; i < 2 && (status == OK || status == ERR_EXISTS); i++) {
        TRY(path_join(from, sizeof from, state, provider_names[i]));
        TRY(key_path(keys, backup, provider_suffixes[i], to));
        status = file_exists(from) ? copy_small(from, to) : OK;
    }
    return status;
}

enum status backup_keys_put(const char *state, const struct backup *backup, const char *keys, struct why *why)
{
    char from[PATH_MAX], to[PATH_MAX];
    TRY(folder_create(keys, 0700));
    TRY(path_join(from, sizeof from, state, "backup/intermediate.key"));
    TRY(key_path(keys, backup, ".key", to));
    TRY(check_key(from, backup, "state folder", why));
    enum status status = copy_small(from, to);
    if (status == OK || status == ERR_EXISTS)
        status = put_providers(state, backup, keys);
    if (status != OK && status != ERR_EXISTS)
        return why_set(why, status, "cannot be written", "--key-dir", 0);
    return check_key(to, backup, "--key-dir", why);
}

enum status backup_keys_take(const char *keys, const struct backup *backup, const char *state, struct why *why)
{
    char from[PATH_MAX], to[PATH_MAX];
    TRY(key_path(keys, backup, ".key", from));
    TRY(check_key(from, backup, "--key-dir", why));
    TRY(path_join(to, sizeof to, state, "intermediate.key"));
    enum status status = copy_small(from, to);
    if (status != OK)
        return why_set(why, status, "cannot be copied", "--key-dir", 0);
    for (size_t i = 0; i < 2; i++) {
        TRY(key_path(keys, backup, provider_suffixes[i], from));
        TRY(path_join(to, sizeof to, state, provider_names[i]));
        if (file_exists(from))
            TRY(copy_small(from, to));
    }
    return OK;
}

/* chathamd backup: the vault puts a backup together in the state folder, where alone it may write; this carries it away
 * and says when it is done. chathamd restore: the way back, with no server. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "crypto/selftest.h"
#include "server/backup_folder.h"
#include "server/command.h"
#include "server/restore.h"

/* --- backup --- */

static enum status ask_begin(const struct daemon_arguments *arguments, enum backup_kind kind, struct why *why)
{
    static const char *const commands[BACKUP_KINDS] = {
        [BACKUP_FULL] = "{\"command\":\"backup\",\"tail\":false}",
        [BACKUP_TAIL] = "{\"command\":\"backup\",\"tail\":true}",
    };
    SCOPED_BUF struct buf reply = {0};
    return daemon_ask(arguments, bytes_str(commands[kind]), &reply, why);
}

static enum status ask_end(const struct daemon_arguments *arguments, bool is_kept, uint64_t log, struct why *why)
{
    SCOPED_BUF struct buf command = {0}, reply = {0};
    buf_addf(&command, "{\"command\":\"backup.end\",\"kept\":%s,\"log\":%llu}", is_kept ? "true" : "false",
             (unsigned long long)log);
    TRY(buf_status(&command));
    return daemon_ask(arguments, buf_bytes(&command), &reply, why);
}

static bool is_within(const char *folder, const char *path)
{
    size_t length = strlen(folder);
    return strncmp(folder, path, length) == 0 && (path[length] == 0 || path[length] == '/');
}

static enum status resolve_made(const char *folder, char out[static PATH_MAX], struct why *why)
{
    TRY(folder_create(folder, 0700));
    return realpath(folder, out) ? OK : why_set(why, ERR_IO, "cannot be reached", "DIR", 0);
}

/* Whoever gets the one must not get the other with it; and what lies in S/backup goes when the backup is carried away.
 */
static enum status check_apart(const struct daemon_arguments *arguments, struct why *why)
{
    char state[PATH_MAX], folder[PATH_MAX], keys[PATH_MAX];
    if (!realpath(arguments->state, state))
        return why_hint(why, ERR_NOT_FOUND, "no such state folder", NULL, "run chathamd init");
    TRY(resolve_made(arguments->word, folder, why));
    TRY(resolve_made(arguments->key_dir, keys, why));
    if (is_within(folder, keys) || is_within(keys, folder))
        return why_hint(why, ERR_USAGE, "the keys would lie with the backup", "--key-dir", "keep them apart");
    if (is_within(state, folder) || is_within(state, keys))
        return why_hint(why, ERR_USAGE, "a backup and its keys cannot lie in the state folder", NULL,
                        "name other folders");
    return OK;
}

static enum status carry(const struct daemon_arguments *arguments, struct backup *backup, struct why *why)
{
    char from[PATH_MAX], manifest[PATH_MAX], copy[PATH_MAX];
    uint8_t hash[HASH_BYTES];
    uint64_t size = 0;
    TRY(path_join(from, sizeof from, arguments->state, "backup"));
    TRY(backup_folder_read(from, backup, why));
    TRY(backup_keys_put(arguments->state, backup, arguments->key_dir, why));
    TRY(backup_folder_copy(from, backup, NULL, arguments->word, why));
    TRY(path_join(manifest, sizeof manifest, from, "manifest.json"));
    TRY(path_join(copy, sizeof copy, arguments->word, "manifest.json"));
    TRY(file_copy(manifest, copy, hash, &size)); /* last: without it there is no backup */
    return folder_sync_of(copy);
}

static enum status show(const struct backup *backup, const char *where, struct buf *result)
{
    uint64_t bytes = 0;
    uint8_t keys[HASH_BYTES];
    SCOPED_JSON struct json *answer = json_object();
    for (size_t i = 0; i < backup->count; i++)
        bytes += backup->files[i].size;
    TRY(federation_keys_hash(&backup->federation, keys));
    json_set(answer, "kind", json_text(backup_kind_name(backup->kind)));
    json_set(answer, "folder", json_text(where));
    json_set(answer, "epoch", json_text(backup->epoch));
    json_set(answer, "log", json_integer((int64_t)backup->log));
    json_set(answer, "files", json_integer((int64_t)backup->count));
    json_set(answer, "bytes", json_integer((int64_t)bytes));
    json_set(answer, "keys", json_hex(bytes_of(keys, HASH_BYTES)));
    return json_canonical(answer, result);
}

static enum status back_up(const struct daemon_arguments *arguments, enum backup_kind kind, struct buf *result,
                           struct why *why)
{
    char manifest[PATH_MAX];
    struct backup backup = {0};
    if (!arguments->key_dir)
        return why_set(why, ERR_USAGE, "--key-dir DIR is missing", NULL, 0);
    TRY(check_apart(arguments, why));
    TRY(path_join(manifest, sizeof manifest, arguments->word, "manifest.json"));
    if (file_exists(manifest))
        return why_set(why, ERR_EXISTS, "there is a backup already", "DIR", 0);
    TRY(ask_begin(arguments, kind, why));
    enum status status = carry(arguments, &backup, why);
    enum status ended = ask_end(arguments, status == OK && kind == BACKUP_FULL, backup.log, why);
    if (status == OK)
        status = ended;
    if (status == OK)
        status = show(&backup, arguments->word, result);
    backup_free(&backup);
    return status;
}

enum status daemon_backup(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    return back_up(arguments, BACKUP_FULL, result, why);
}

enum status daemon_backup_tail(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    return back_up(arguments, BACKUP_TAIL, result, why);
}

enum status daemon_backup_verify(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    struct backup backup;
    TRY(secret_start(0, why));
    TRY(crypto_selftest(why));
    TRY(backup_folder_verify(arguments->word, &backup, why));
    enum status status = show(&backup, arguments->word, result);
    backup_free(&backup);
    return status;
}

/* --- restore --- */

static enum status read_note(const struct daemon_arguments *arguments, struct buf *note, struct why *why)
{
    if (!arguments->checkpoint)
        return OK;
    enum status status = file_read(arguments->checkpoint, CHECKPOINT_MAX, note);
    return status == OK ? OK : why_set(why, status, "cannot be read", "--checkpoint file", 0);
}

static enum status show_restored(const struct restore_report *report, struct buf *result)
{
    SCOPED_JSON struct json *answer = json_object();
    json_set(answer, "log", json_integer((int64_t)report->log));
    json_set(answer, "contributions_to", json_integer((int64_t)report->contributions));
    json_set(answer, "erased_again", json_integer((int64_t)report->erased));
    json_set(answer, "withdrawn_again", json_integer((int64_t)report->withdrawn));
    json_set(answer, "checkpoint_reached", json_bool(report->is_proved));
    json_set(answer, "releases_frozen", json_bool(!report->is_proved));
    json_set(answer, "private_rounds_refused", json_bool(!report->has_charges));
    return json_canonical(answer, result);
}

enum status daemon_restore(const struct daemon_arguments *arguments, struct buf *result, struct why *why)
{
    SCOPED_BUF struct buf note = {0};
    struct restore_report report;
    if (!arguments->key_dir)
        return why_set(why, ERR_USAGE, "--key-dir DIR is missing", NULL, 0);
    TRY(secret_start(256u * 1024, why));
    TRY(crypto_selftest(why));
    TRY(read_note(arguments, &note, why));
    const struct restore_options options = {.backup = arguments->word,
                                            .tail = arguments->tail,
                                            .keys = arguments->key_dir,
                                            .note = buf_bytes(&note),
                                            .root = {.state = arguments->state,
                                                     .key_file = arguments->key_file,
                                                     .passphrase_file = arguments->passphrase_file,
                                                     .pin_file = arguments->pin_file},
                                            .clock = clock_system(),
                                            .random = random_system()};
    TRY(restore_run(&options, &report, why));
    return show_restored(&report, result);
}

/* The vault's part in a backup: put it together, and be told that it was carried away. */
#include "server/admin.h"
#include "server/backup.h"

/* {"tail": bool} */
enum status admin_backup(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct backup backup;
    enum backup_kind kind = json_take_bool(fields, "tail") ? BACKUP_TAIL : BACKUP_FULL;
    TRY(json_fields_end(fields));
    TRY(backup_make(vault, kind, &backup, why));
    json_set(reply, "log", json_integer((int64_t)backup.log));
    json_set(reply, "files", json_integer((int64_t)backup.count));
    backup_free(&backup);
    return OK;
}

/* {"kept": bool, "log": size}; a tail tells members nothing: their contributions are not in it. */
enum status admin_backup_end(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    bool is_kept = json_take_bool(fields, "kept");
    int64_t log = json_take_integer(fields, "log", 0, INT64_C(1) << 53);
    TRY(json_fields_end(fields));
    TRY(backup_end(vault, is_kept, (uint64_t)log));
    json_set(reply, "kept", json_bool(is_kept));
    return OK;
}

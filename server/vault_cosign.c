/* Members' cosignatures: which checkpoint is offered to be cosigned, which lines are kept under it, who is a witness.
 *
 * Where the policy wants cosigners, members are shown the log as it stood after a round, not its tip: so they meet at
 * the same sizes, and a quorum can gather. A device says by its cosignature that it has seen nothing larger, so nobody
 * is shown a smaller checkpoint than the one that he has seen, either. */
#include "crypto/cosign.h"
#include "protocol/witness.h"
#include "server/vault_state.h"

#define OFFERED_MAX 32   /* checkpoints of rounds that are remembered */
#define COSIGNED_MAX 8   /* other sizes whose cosignatures are kept, the newest */
#define LINES_A_SIZE 256 /* cosignatures kept of one size */

#define ACTIVE_LINES                                                                                                   \
    " FROM cosignature JOIN device ON device.id = cosignature.device JOIN tenant ON tenant.id = device.tenant"         \
    " WHERE cosignature.size = ? AND device.state = ? AND tenant.state = ? "

/* --- what is offered --- */

enum status cosign_offer(struct vault *vault)
{
    struct db *db = store_federation(vault->store);
    struct checkpoint tip = {0};
    TRY(log_size(vault->store, &tip.size));
    TRY(merkle_root(log_source(vault->store), tip.size, tip.root));
    TRY(db_exec(db, "INSERT OR REPLACE INTO checkpoint (size, root, at) VALUES (?, ?, ?)", "ibi", (int64_t)tip.size,
                bytes_of(tip.root, MERKLE_BYTES), vault_now(vault)));
    return db_exec(db,
                   "DELETE FROM checkpoint WHERE size NOT IN (SELECT size FROM checkpoint ORDER BY size DESC LIMIT ?)",
                   "i", (int64_t)OFFERED_MAX);
}

enum status cosign_offered(struct vault *vault, uint64_t seen, uint64_t *size)
{
    int64_t offered = 0;
    TRY(log_size(vault->store, size));
    if (vault->federation.policy.cosigners == 0)
        return OK;
    enum status status = db_row(store_federation(vault->store), "SELECT max(size) FROM checkpoint WHERE size <= ?",
                                "i:i", (int64_t)*size, &offered);
    if (status == OK && offered > 0 && (uint64_t)offered >= seen)
        *size = (uint64_t)offered;
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status cosign_count(struct vault *vault, uint64_t size, uint64_t *tenants)
{
    int64_t count = 0;
    TRY(db_row(store_federation(vault->store), "SELECT count(DISTINCT device.tenant)" ACTIVE_LINES, "iii:i",
               (int64_t)size, (int64_t)DEVICE_ACTIVE, (int64_t)TENANT_ACTIVE, &count));
    *tenants = (uint64_t)count;
    return OK;
}

/* The newest offered size from `least` on that has its quorum; ERR_NOT_FOUND. */
static enum status newest_with_quorum(struct vault *vault, uint64_t least, uint64_t tip, uint64_t *size)
{
    struct db_rows *rows = NULL;
    uint64_t tenants = 0;
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT size FROM checkpoint WHERE size >= ? AND size <= ? ORDER BY size DESC", "ii",
                                  (int64_t)least, (int64_t)tip);
    while (status == OK && (status = db_next(rows)) == OK) {
        *size = (uint64_t)db_integer(rows, 0);
        status = cosign_count(vault, *size, &tenants);
        if (status != OK || tenants >= vault->federation.policy.cosigners)
            break;
    }
    db_done(rows);
    return status;
}

enum status cosign_for_library(struct vault *vault, uint64_t seen, uint64_t leaf, uint64_t *size)
{
    uint64_t quorum = 0, least = seen > leaf ? seen : leaf + 1;
    TRY(cosign_offered(vault, least, size));
    if (vault->federation.policy.cosigners == 0)
        return OK;
    enum status status = newest_with_quorum(vault, least, *size, &quorum);
    if (status == OK)
        *size = quorum;
    return status == ERR_NOT_FOUND ? OK : status;
}

/* One line a tenant, so that a member with many devices leaves room for the others. */
static enum status add_lines(struct vault *vault, uint64_t size, struct buf *note)
{
    struct db_rows *rows = NULL;
    enum status status =
        db_query(store_federation(vault->store), &rows,
                 "SELECT cosignature.line, min(cosignature.time)" ACTIVE_LINES "GROUP BY device.tenant"
                 " ORDER BY min(cosignature.time) LIMIT ?",
                 "iiii", (int64_t)size, (int64_t)DEVICE_ACTIVE, (int64_t)TENANT_ACTIVE, (int64_t)COSIGN_LINES_MAX);
    while (status == OK && (status = db_next(rows)) == OK)
        buf_add(note, db_bytes(rows, 0));
    db_done(rows);
    TRY(status == ERR_NOT_FOUND ? OK : status);
    return buf_status(note);
}

enum status cosign_note(struct vault *vault, uint64_t size, struct buf *note)
{
    TRY(log_checkpoint_at(vault->store, vault->origin, &vault->keys[SERVER_CHECKPOINT], size, note));
    return add_lines(vault, size, note);
}

/* --- what is kept --- */

/* OK with the device if a line of that name is an active device's good cosignature; ERR_DENIED. */
static enum status line_of(struct vault *vault, struct bytes note, struct bytes name, struct device *device,
                           int64_t *time, struct bytes *line)
{
    char text[WITNESS_NAME_MAX];
    struct tenant tenant;
    uint8_t id[ID_BYTES];
    if (witness_device(name, id) != OK)
        return ERR_DENIED;
    enum status status = device_find(vault->store, id, device);
    if (status == OK)
        status = tenant_find(vault->store, device->tenant, &tenant);
    if (status == ERR_NOT_FOUND)
        return ERR_DENIED;
    TRY(status);
    if (device->state != DEVICE_ACTIVE || tenant.state != TENANT_ACTIVE)
        return ERR_DENIED;
    witness_name(id, text);
    status = cosign_find(note, text, device->sign_key, time, line);
    return status == ERR_MEMORY ? status : status == OK ? OK : ERR_DENIED;
}

static enum status keep_line(struct vault *vault, uint64_t size, const struct device *device, int64_t time,
                             struct bytes line)
{
    struct db *db = store_federation(vault->store);
    int64_t count = 0;
    TRY(db_row(db, "SELECT count(*) FROM cosignature WHERE size = ?", "i:i", (int64_t)size, &count));
    if (count >= LINES_A_SIZE)
        return OK;
    return db_exec(db, "INSERT OR IGNORE INTO cosignature (size, device, time, line) VALUES (?, ?, ?, ?)", "ibib",
                   (int64_t)size, bytes_of(device->id, ID_BYTES), time, line);
}

static enum status keep_lines(struct vault *vault, struct bytes note, uint64_t size)
{
    struct cosign_names names;
    struct device device;
    struct bytes line;
    int64_t time = 0;
    TRY(cosign_names(note, &names));
    for (size_t i = 0; i < names.count; i++) {
        enum status status = line_of(vault, note, names.names[i], &device, &time, &line);
        if (status == OK)
            status = keep_line(vault, size, &device, time, line);
        if (status != ERR_DENIED) /* others' lines, the log's own among them, are nobody's business here */
            TRY(status);
    }
    return db_exec(store_federation(vault->store),
                   "DELETE FROM cosignature WHERE size NOT IN (SELECT size FROM checkpoint) AND size NOT IN"
                   " (SELECT DISTINCT size FROM cosignature ORDER BY size DESC LIMIT ?)",
                   "i", (int64_t)COSIGNED_MAX);
}

enum status cosign_keep(struct vault *vault, struct bytes note, uint64_t size)
{
    struct db *db = store_federation(vault->store);
    TRY(db_begin(db));
    enum status status = keep_lines(vault, note, size);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

/* --- checking what is kept --- */

static enum status offered_are_good(struct vault *vault, struct why *why)
{
    struct db_rows *rows = NULL;
    uint64_t tip = 0;
    uint8_t root[MERKLE_BYTES];
    bool good = true;
    TRY(log_size(vault->store, &tip));
    enum status status =
        db_query(store_federation(vault->store), &rows, "SELECT size, root FROM checkpoint ORDER BY size", "");
    while (status == OK && good && (status = db_next(rows)) == OK) {
        uint64_t size = (uint64_t)db_integer(rows, 0);
        status = size <= tip ? merkle_root(log_source(vault->store), size, root) : OK;
        good = size <= tip && bytes_equal(db_bytes(rows, 1), bytes_of(root, sizeof root));
    }
    db_done(rows);
    if (!good)
        return why_set(why, ERR_CORRUPT, "a checkpoint that was offered is not of this log", "log", 0);
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status line_is_good(struct vault *vault, uint64_t size, struct bytes line, bool *good)
{
    SCOPED_BUF struct buf note = {0};
    struct cosign_names names;
    struct device device;
    struct bytes found;
    int64_t time = 0;
    TRY(log_checkpoint_at(vault->store, vault->origin, &vault->keys[SERVER_CHECKPOINT], size, &note));
    buf_add(&note, line);
    TRY(buf_status(&note));
    *good = cosign_names(buf_bytes(&note), &names) == OK && names.count == 2;
    if (!*good)
        return OK;
    enum status status = line_of(vault, buf_bytes(&note), names.names[1], &device, &time, &found);
    *good = status == OK;
    return status == ERR_DENIED ? OK : status;
}

static enum status lines_are_good(struct vault *vault, struct why *why)
{
    struct db_rows *rows = NULL;
    bool good = true;
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT cosignature.size, cosignature.line FROM cosignature JOIN device"
                                  " ON device.id = cosignature.device JOIN tenant ON tenant.id = device.tenant"
                                  " WHERE device.state = ? AND tenant.state = ?",
                                  "ii", (int64_t)DEVICE_ACTIVE, (int64_t)TENANT_ACTIVE);
    while (status == OK && good && (status = db_next(rows)) == OK)
        status = line_is_good(vault, (uint64_t)db_integer(rows, 0), db_bytes(rows, 1), &good);
    db_done(rows);
    if (!good)
        return why_set(why, ERR_CORRUPT, "a cosignature that is kept does not hold", "log", 0);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status cosign_verify(struct vault *vault, struct json *reply, struct why *why)
{
    uint64_t size = 0, tenants = 0;
    TRY(offered_are_good(vault, why));
    TRY(lines_are_good(vault, why));
    TRY(cosign_offered(vault, 0, &size));
    TRY(cosign_count(vault, size, &tenants));
    json_set(reply, "cosigned", json_integer((int64_t)size));
    json_set(reply, "cosigners", json_integer((int64_t)tenants));
    json_set(reply, "cosigners_wanted", json_integer((int64_t)vault->federation.policy.cosigners));
    return OK;
}

/* --- who is a witness --- */

static enum status witness_row(struct vault *vault, const struct db_rows *rows, struct witness *out)
{
    uint8_t tenant[ID_BYTES];
    TRY(store_fixed(db_bytes(rows, 0), out->device, ID_BYTES));
    TRY(store_fixed(db_bytes(rows, 1), tenant, ID_BYTES));
    TRY(store_fixed(db_bytes(rows, 2), out->key, SIGN_PUBLIC_BYTES));
    witness_tenant(vault->federation.id, tenant, out->tenant);
    return OK;
}

static enum status list_witnesses(struct vault *vault, struct witnesses *out)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(store_federation(vault->store), &rows,
                                  "SELECT device.id, device.tenant, device.sign_key FROM device JOIN tenant"
                                  " ON tenant.id = device.tenant WHERE device.state = ? AND tenant.state = ?"
                                  " ORDER BY device.id LIMIT ?",
                                  "iii", (int64_t)DEVICE_ACTIVE, (int64_t)TENANT_ACTIVE, (int64_t)WITNESSES_MAX);
    while (status == OK && (status = db_next(rows)) == OK) {
        status = witness_row(vault, rows, &out->items[out->count]);
        out->count += status == OK;
    }
    db_done(rows);
    return status == ERR_NOT_FOUND ? OK : status;
}

enum status vault_witnesses(struct vault *vault, struct bytes payload, struct buf *body, struct why *why)
{
    (void)payload, (void)why;
    struct witnesses list = {.items = mem_new(WITNESSES_MAX, sizeof *list.items)};
    if (!list.items)
        return ERR_MEMORY;
    enum status status = list_witnesses(vault, &list);
    if (status == OK)
        status = witnesses_encode(&list, body);
    witnesses_free(&list);
    return status;
}

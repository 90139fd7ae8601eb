/* Rows of devices and of the certificates that they were given. */
#include "server/store_inside.h"

static enum status device_read(const struct db_rows *rows, struct device *out)
{
    TRY(store_fixed(db_bytes(rows, 0), out->tenant, ID_BYTES));
    TRY(store_fixed(db_bytes(rows, 1), out->sign_key, SIGN_PUBLIC_BYTES));
    TRY(store_fixed(db_bytes(rows, 2), out->serial, sizeof out->serial));
    out->state = db_integer(rows, 3) == DEVICE_ACTIVE ? DEVICE_ACTIVE : DEVICE_REVOKED;
    return member_role_of(db_integer(rows, 4), &out->role);
}

#define NOBODY " UNION ALL SELECT " BLOB_16 ", " BLOB_32 ", " BLOB_16 ", 1, 3, 0 LIMIT 1"
_Static_assert(ID_BYTES == 16 && SIGN_PUBLIC_BYTES == 32 && DEVICE_REVOKED == 1 && MEMBER_READER == 3, "nobody");

enum status device_find(struct store *store, const uint8_t id[static ID_BYTES], struct device *out)
{
    struct db_rows *rows = NULL;
    *out = (struct device){.role = MEMBER_READER, .state = DEVICE_REVOKED};
    enum status status = db_query(store_federation(store), &rows,
                                  "SELECT tenant, sign_key, serial, state, role, 1 FROM device WHERE id = ?" NOBODY,
                                  "b", bytes_of(id, ID_BYTES));
    if (status == OK)
        status = db_next(rows);
    if (status == OK)
        status = device_read(rows, out);
    if (status == OK && !db_integer(rows, 5))
        status = ERR_NOT_FOUND;
    db_done(rows);
    memcpy(out->id, id, ID_BYTES);
    return status;
}

enum status device_add(struct store *store, const struct device *device, int64_t now)
{
    return db_exec(store_federation(store),
                   "INSERT INTO device (id, tenant, sign_key, serial, state, created, role)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "bbbbiii", bytes_of(device->id, ID_BYTES), bytes_of(device->tenant, ID_BYTES),
                   bytes_of(device->sign_key, SIGN_PUBLIC_BYTES), bytes_of(device->serial, sizeof device->serial),
                   (int64_t)device->state, now, (int64_t)device->role);
}

enum status device_revoke(struct store *store, const struct device *device)
{
    return db_exec(store_federation(store), "UPDATE device SET state = ? WHERE id = ?", "ib", (int64_t)DEVICE_REVOKED,
                   bytes_of(device->id, ID_BYTES));
}

enum status certificate_add(struct store *store, const struct certificate *certificate)
{
    return db_exec(store_federation(store),
                   "INSERT INTO certificate (serial, device, issued, expires) VALUES (?, ?, ?, ?)", "bbii",
                   bytes_of(certificate->serial, sizeof certificate->serial), bytes_of(certificate->device, ID_BYTES),
                   certificate->issued, certificate->expires);
}

enum status certificate_count(struct store *store, int64_t now, uint64_t *count)
{
    int64_t value = 0;
    *count = 0;
    TRY(db_row(store_federation(store), "SELECT count(*) FROM certificate WHERE expires > ?", "i:i", now, &value));
    *count = (uint64_t)value;
    return OK;
}

enum status certificates_of(struct store *store, const uint8_t device[static ID_BYTES], int64_t now,
                            struct certificates *out)
{
    int64_t count = 0;
    *out = (struct certificates){0};
    TRY(db_row(store_federation(store),
               "SELECT coalesce(sum(expires > ?), 0), coalesce(max(expires), 0) FROM certificate WHERE device = ?",
               "ib:ii", now, bytes_of(device, ID_BYTES), &count, &out->latest));
    out->count = (uint64_t)count;
    return OK;
}

/* The row of a device that is gone, with its tenant, still says whose certificate it was: nobody's who may come in. */
enum status certificate_revoked(struct store *store, int64_t now, struct buf *serials)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(store_federation(store), &rows,
                                  "SELECT certificate.serial FROM certificate"
                                  " LEFT JOIN device ON device.id = certificate.device"
                                  " LEFT JOIN tenant ON tenant.id = device.tenant"
                                  " WHERE certificate.expires > ? AND (device.state IS NOT ? OR tenant.state IS NOT ?)",
                                  "iii", now, (int64_t)DEVICE_ACTIVE, (int64_t)TENANT_ACTIVE);
    while (status == OK && (status = db_next(rows)) == OK)
        buf_add(serials, db_bytes(rows, 0));
    db_done(rows);
    TRY(status == ERR_NOT_FOUND ? OK : status);
    return buf_status(serials);
}

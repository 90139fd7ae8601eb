/* Pinned witnesses as rows, and counting members under a note. */
#include "client/witnesses.h"

#include "client/follow.h"
#include "client/remote_internal.h"

/* --- pinning --- */

/* first: the list that is trusted on first use is no news. */
static enum status pin(struct home *home, const struct witness *witness, bool first, struct why *why)
{
    SCOPED_BUF struct buf tenant = {0}, key = {0};
    struct bytes device = bytes_of(witness->device, ID_BYTES);
    enum status status =
        db_row(home->db, "SELECT tenant, key FROM witness WHERE device = ?", "b:bb", device, &tenant, &key);
    if (status == ERR_NOT_FOUND)
        return db_exec(home->db, "INSERT INTO witness (device, tenant, key, fresh, present) VALUES (?, ?, ?, ?, 1)",
                       "bbbi", device, bytes_of(witness->tenant, ID_BYTES), bytes_of(witness->key, SIGN_PUBLIC_BYTES),
                       (int64_t)!first);
    TRY(status);
    if (!bytes_equal(buf_bytes(&tenant), bytes_of(witness->tenant, ID_BYTES)) ||
        !bytes_equal(buf_bytes(&key), bytes_of(witness->key, SIGN_PUBLIC_BYTES)))
        return alarm_raise(home, ALARM_WITNESS, 0, BYTES_NONE, why);
    return db_exec(home->db, "UPDATE witness SET present = 1 WHERE device = ?", "b", device);
}

static enum status pin_all(struct home *home, const struct witnesses *list, struct why *why)
{
    int64_t known = 0;
    enum status alarm = OK;
    TRY(db_row(home->db, "SELECT count(*) FROM witness", ":i", &known));
    TRY(db_exec(home->db, "UPDATE witness SET present = 0, fresh = 0", ""));
    for (size_t i = 0; i < list->count; i++) {
        enum status status = pin(home, &list->items[i], known == 0, why);
        if (status != OK && status != ERR_CORRUPT)
            return status;
        if (status == ERR_CORRUPT)
            alarm = status;
    }
    TRY(db_commit(home->db));
    return alarm; /* the alarm itself has to be kept */
}

static enum status fetch(struct http *http, struct witnesses *list, struct why *why)
{
    struct http_reply reply = {0};
    enum status status = http_get(http, "/v1/witnesses", NULL, WITNESSES_BYTES_MAX, &reply, why);
    if (status == OK)
        status = remote_status(&reply, why);
    if (status == OK)
        status = witnesses_decode(buf_bytes(&reply.body), list, why);
    http_reply_free(&reply);
    return status;
}

enum status witnesses_pin(struct home *home, const struct witnesses *list, struct why *why)
{
    TRY(db_begin(home->db));
    enum status status = pin_all(home, list, why);
    db_rollback(home->db);
    return status;
}

enum status witnesses_follow(struct home *home, struct http *http, struct why *why)
{
    struct witnesses list = {0};
    TRY(fetch(http, &list, why));
    enum status status = witnesses_pin(home, &list, why);
    witnesses_free(&list);
    return status;
}

/* --- counting --- */

enum status witnesses_count(struct home *home, struct witness_counts *out)
{
    int64_t devices = 0, members = 0, fresh = 0;
    *out = (struct witness_counts){0};
    TRY(db_row(home->db,
               "SELECT count(*), count(DISTINCT tenant), coalesce(sum(fresh), 0) FROM witness WHERE present = 1",
               ":iii", &devices, &members, &fresh));
    *out = (struct witness_counts){(size_t)devices, (size_t)members, (size_t)fresh};
    return OK;
}

/* The member whose witness cosigned under this name; ERR_NOT_FOUND for any other line. */
static enum status member_of(struct home *home, struct bytes note, struct bytes name, uint8_t tenant[static ID_BYTES])
{
    uint8_t device[ID_BYTES];
    char text[WITNESS_NAME_MAX];
    int64_t time = 0;
    struct bytes line;
    SCOPED_BUF struct buf pinned = {0}, key = {0};
    if (witness_device(name, device) != OK)
        return ERR_NOT_FOUND;
    TRY(db_row(home->db, "SELECT tenant, key FROM witness WHERE device = ? AND present = 1", "b:bb",
               bytes_of(device, ID_BYTES), &pinned, &key));
    if (pinned.size != ID_BYTES || key.size != SIGN_PUBLIC_BYTES)
        return ERR_CORRUPT;
    witness_name(device, text);
    enum status status = cosign_find(note, text, key.data, &time, &line);
    memcpy(tenant, pinned.data, ID_BYTES);
    return status == OK || status == ERR_MEMORY ? status : ERR_NOT_FOUND;
}

enum status witnesses_quorum(struct home *home, struct bytes note, size_t *members)
{
    struct cosign_names names;
    uint8_t tenants[COSIGN_LINES_MAX + 1][ID_BYTES];
    *members = 0;
    TRY(cosign_names(note, &names));
    for (size_t i = 0; i < names.count; i++) {
        enum status status = member_of(home, note, names.names[i], tenants[*members]);
        if (status == ERR_NOT_FOUND)
            continue;
        TRY(status);
        size_t other = 0;
        while (other < *members && memcmp(tenants[other], tenants[*members], ID_BYTES) != 0)
            other++;
        *members += other == *members;
    }
    return OK;
}

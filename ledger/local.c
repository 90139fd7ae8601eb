/* What devices' own noise costs. Hides the queue: what is asked for in one turn is judged in memory, a tenant's account
 * read once, and then written in one commit, a row a tenant and a row a device. */
#include "ledger/inside.h"

#define SLOTS (2 * LEDGER_QUEUE) /* of each table: half of them stay empty */

struct id {
    uint8_t size, bytes[LEDGER_TENANT_MAX];
};

struct queued_tenant {
    struct id id;
    struct member member; /* its locals: with what is queued */
    struct ledger_loss rounds;
    bool is_charged;
};
struct queued_device {
    struct id id;
    size_t tenant;          /* of the queue's */
    struct ledger_loss sum; /* of its bucket, with what is queued */
    uint64_t count;
    bool has_last, is_charged;
    uint8_t last[16];
};
struct queue {
    size_t tenant_count, device_count;
    bool is_charged; /* something is queued, and not only looked at */
    int64_t now;     /* of its latest */
    struct ledger_anchor locals;
    struct queued_tenant tenants[LEDGER_QUEUE];
    struct queued_device devices[LEDGER_QUEUE];
    uint16_t tenant_slots[SLOTS], device_slots[SLOTS]; /* 0: empty, else an index and 1 */
};

void queue_free(struct queue *queue)
{
    mem_free(queue);
}

static void queue_clear(struct queue *queue)
{
    queue->tenant_count = queue->device_count = 0;
    queue->is_charged = false;
    memset(queue->tenant_slots, 0, sizeof queue->tenant_slots);
    memset(queue->device_slots, 0, sizeof queue->device_slots);
}

/* --- finding --- */

static struct id id_of(struct bytes id)
{
    struct id out = {.size = (uint8_t)id.size};
    if (id.size)
        memcpy(out.bytes, id.data, id.size);
    return out;
}

static struct bytes id_bytes(const struct id *id)
{
    return bytes_of(id->bytes, id->size);
}

static uint16_t *tenant_slot(struct queue *queue, struct bytes tenant)
{
    size_t at = hash_mix64(tenant, 0) % SLOTS;
    while (queue->tenant_slots[at] && !bytes_equal(id_bytes(&queue->tenants[queue->tenant_slots[at] - 1].id), tenant))
        at = (at + 1) % SLOTS;
    return &queue->tenant_slots[at];
}

static uint16_t *device_slot(struct queue *queue, size_t tenant, struct bytes device)
{
    size_t at = hash_mix64(device, tenant) % SLOTS;
    for (; queue->device_slots[at]; at = (at + 1) % SLOTS) {
        const struct queued_device *there = &queue->devices[queue->device_slots[at] - 1];
        if (there->tenant == tenant && bytes_equal(id_bytes(&there->id), device))
            break;
    }
    return &queue->device_slots[at];
}

static enum status tenant_load(struct ledger *ledger, struct bytes tenant, struct queued_tenant *out)
{
    struct ledger_anchor last;
    *out = (struct queued_tenant){.id = id_of(tenant)};
    TRY(member_read(ledger, tenant, &out->member));
    TRY(anchor_read(ledger, &last));
    out->rounds = ledger_loss_less(ledger_loss_less(last.total, out->member.base), out->member.spared);
    return OK;
}

static enum status device_load(struct ledger *ledger, struct bytes tenant, struct bytes device, int64_t now,
                               struct queued_device *out)
{
    int64_t rho = 0, delta = 0, epsilon = 0, count = 0;
    SCOPED_BUF struct buf last = {0};
    enum status status = db_row(ledger->db,
                                "SELECT rho, delta, epsilon, count, last FROM ledger_bucket"
                                " WHERE tenant = ? AND device = ? AND start = ?",
                                "bbi:iiiib", tenant, device, period_start(now), &rho, &delta, &epsilon, &count, &last);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    out->sum = (struct ledger_loss){{(uint64_t)rho, (uint64_t)delta}, {(uint64_t)epsilon}};
    out->count = (uint64_t)count;
    out->has_last = last.size == sizeof out->last;
    if (out->has_last)
        memcpy(out->last, last.data, sizeof out->last);
    return OK;
}

/* Their places in the queue, entered there if they are new. */
static enum status tenant_find(struct ledger *ledger, struct bytes tenant, size_t *place)
{
    struct queue *queue = ledger->queue;
    uint16_t *slot = tenant_slot(queue, tenant);
    if (*slot == 0) {
        TRY(tenant_load(ledger, tenant, &queue->tenants[queue->tenant_count]));
        *slot = (uint16_t)++queue->tenant_count;
    }
    *place = *slot - 1u;
    return OK;
}

static enum status device_find(struct ledger *ledger, size_t tenant, struct bytes device, int64_t now,
                               struct queued_device **out)
{
    struct queue *queue = ledger->queue;
    uint16_t *slot = device_slot(queue, tenant, device);
    if (*slot == 0) {
        struct queued_device *fresh = &queue->devices[queue->device_count];
        *fresh = (struct queued_device){.id = id_of(device), .tenant = tenant};
        TRY(device_load(ledger, id_bytes(&queue->tenants[tenant].id), device, now, fresh));
        *slot = (uint16_t)++queue->device_count;
    }
    *out = &queue->devices[*slot - 1u];
    return OK;
}

/* --- judging --- */

static bool allows(const struct ledger *ledger, const struct queued_tenant *tenant, struct ledger_loss loss)
{
    static const struct ledger_loss most = {{LEDGER_MOST, DP_DELTA_ONE}, {0}}; /* so that sums can be stored */
    struct ledger_loss spent = ledger_loss_add(tenant->rounds, tenant->member.locals);
    return !ledger_loss_is_nothing(loss) && ledger_loss_fits(loss, most) &&
           ledger_loss_fits(ledger_loss_add(spent, loss), ledger->terms.cap);
}

static enum status make_queue(struct ledger *ledger, int64_t now, struct why *why)
{
    if (!ledger->queue)
        ledger->queue = mem_new(1, sizeof *ledger->queue);
    if (!ledger->queue)
        return ERR_MEMORY;
    struct queue *queue = ledger->queue;
    if (queue->is_charged && period_start(now) != period_start(queue->now)) /* its buckets are of another period */
        TRY(ledger_flush(ledger));
    if (!queue->is_charged) {
        queue_clear(queue);
        TRY(time_check(ledger, now, why));
        queue->now = now;
        TRY(locals_read(ledger, &queue->locals));
    }
    if (now < queue->now)
        return why_hint(why, ERR_POLICY, "the clock is behind the last charge", "ledger", "set the clock right");
    return queue->device_count < LEDGER_QUEUE && queue->tenant_count < LEDGER_QUEUE ? OK : ERR_UNAVAILABLE;
}

static bool makes_sense(const struct ledger_local *local)
{
    return local->tenant.size > 0 && local->tenant.size <= LEDGER_TENANT_MAX && local->device.size <= LEDGER_TENANT_MAX;
}

static void enter(struct queue *queue, struct queued_tenant *tenant, struct queued_device *device,
                  const struct ledger_local *local)
{
    tenant->member.locals = ledger_loss_add(tenant->member.locals, local->loss);
    queue->locals.locals =
        ledger_loss_add(ledger_loss_of_zcdp(queue->locals.locals), ledger_loss_of_zcdp(local->loss.zcdp)).zcdp;
    queue->locals.local_count++;
    device->sum = ledger_loss_add(device->sum, local->loss);
    device->count++;
    memcpy(device->last, local->key, sizeof device->last);
    device->has_last = true;
    tenant->is_charged = device->is_charged = queue->is_charged = true;
}

enum status ledger_queue(struct ledger *ledger, const struct ledger_local *local, int64_t now, struct why *why)
{
    size_t place;
    struct queued_device *device;
    if (!makes_sense(local))
        return ERR_USAGE;
    TRY(make_queue(ledger, now, why));
    struct queue *queue = ledger->queue;
    TRY(tenant_find(ledger, local->tenant, &place));
    TRY(device_find(ledger, place, local->device, now, &device));
    if (device->has_last && memcmp(device->last, local->key, sizeof device->last) == 0)
        return OK;
    if (!allows(ledger, &queue->tenants[place], local->loss))
        return why_set(why, ERR_POLICY, "the lifetime budget does not allow it", "ledger", 0);
    enter(queue, &queue->tenants[place], device, local);
    queue->now = now;
    return OK;
}

/* --- writing --- */

static enum status write_tenant(struct ledger *ledger, const struct queued_tenant *tenant)
{
    const struct ledger_loss *sum = &tenant->member.locals;
    return db_exec(
        ledger->db,
        "INSERT INTO ledger_member(tenant, since, base_rho, base_delta, base_epsilon, rho, delta, epsilon)"
        " VALUES(?, 0, 0, 0, 0, ?, ?, ?)"
        " ON CONFLICT(tenant) DO UPDATE SET rho = excluded.rho, delta = excluded.delta, epsilon = excluded.epsilon",
        "biii", id_bytes(&tenant->id), (int64_t)sum->zcdp.rho, (int64_t)sum->zcdp.delta, (int64_t)sum->epsilon.micro);
}

static enum status write_device(struct ledger *ledger, const struct queue *queue, const struct queued_device *device)
{
    return db_exec(ledger->db,
                   "INSERT INTO ledger_bucket(tenant, device, start, rho, delta, epsilon, count, last)"
                   " VALUES(?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(tenant, device, start) DO UPDATE SET"
                   " rho = excluded.rho, delta = excluded.delta, epsilon = excluded.epsilon, count = excluded.count,"
                   " last = excluded.last",
                   "bbiiiiib", id_bytes(&queue->tenants[device->tenant].id), id_bytes(&device->id),
                   period_start(queue->now), (int64_t)device->sum.zcdp.rho, (int64_t)device->sum.zcdp.delta,
                   (int64_t)device->sum.epsilon.micro, (int64_t)device->count,
                   bytes_of(device->last, sizeof device->last));
}

static enum status write_state(struct ledger *ledger, const struct queue *queue)
{
    return db_exec(ledger->db,
                   "UPDATE ledger_state SET latest = max(latest, ?), local_count = ?, local_rho = ?, local_delta = ?",
                   "iiii", queue->now, (int64_t)queue->locals.local_count, (int64_t)queue->locals.locals.rho,
                   (int64_t)queue->locals.locals.delta);
}

static enum status write_queue(struct ledger *ledger, const struct queue *queue)
{
    TRY(write_state(ledger, queue));
    for (size_t i = 0; i < queue->tenant_count; i++)
        if (queue->tenants[i].is_charged)
            TRY(write_tenant(ledger, &queue->tenants[i]));
    for (size_t i = 0; i < queue->device_count; i++)
        if (queue->devices[i].is_charged)
            TRY(write_device(ledger, queue, &queue->devices[i]));
    return OK;
}

enum status ledger_flush(struct ledger *ledger)
{
    struct queue *queue = ledger->queue;
    if (!queue || !queue->is_charged)
        return OK;
    enum status status = db_begin(ledger->db);
    if (status == OK)
        status = write_queue(ledger, queue);
    if (status == OK)
        status = db_commit(ledger->db);
    if (status != OK)
        db_rollback(ledger->db);
    queue_clear(queue);
    return status;
}

enum status ledger_charge(struct ledger *ledger, const struct ledger_local *local, int64_t now, struct why *why)
{
    enum status status = ledger_queue(ledger, local, now, why);
    if (status != OK && status != ERR_UNAVAILABLE)
        return status;
    TRY(ledger_flush(ledger));
    return status == OK ? OK : ledger_charge(ledger, local, now, why);
}

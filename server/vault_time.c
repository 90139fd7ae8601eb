/* The vault's time. The latest one that was used is the largest of those that stand in the store: the mark, which a
 * running server moves each minute, and what was written with its time since, the trail's last row and the ledger's. */
#include "base/log.h"
#include "server/vault_state.h"

#define KEEP_SECONDS 60
#define TOLD_SECONDS 60 /* a clock that is set by a little is no event */

static enum status latest_in_store(struct vault *vault, int64_t *latest)
{
    return db_row(store_federation(vault->store),
                  "SELECT max((SELECT coalesce(max(at), 0) FROM clock_mark),"
                  " (SELECT coalesce((SELECT at FROM trail ORDER BY number DESC LIMIT 1), 0)),"
                  " (SELECT coalesce(max(latest), 0) FROM ledger_state))",
                  ":i", latest);
}

void vault_time_look(struct vault *vault)
{
    struct vault_time *time = &vault->time;
    int64_t clock = clock_seconds(vault->clock);
    if (time->now == 0)
        time->now = clock;
    time->behind = clock < time->now ? time->now - clock : 0;
    time->ahead = clock > time->now + VAULT_TIME_JUMP ? clock - time->now : 0;
    if (time->behind == 0 && time->ahead == 0)
        time->now = clock;
}

enum status vault_time_open(struct vault *vault)
{
    TRY(latest_in_store(vault, &vault->time.kept));
    vault->time.now = vault->time.kept;
    vault_time_look(vault);
    return OK;
}

static enum status keep(struct vault *vault)
{
    TRY(db_exec(store_federation(vault->store), "INSERT OR REPLACE INTO clock_mark (one, at) VALUES (1, ?)", "i",
                vault->time.now));
    vault->time.kept = vault->time.now;
    return OK;
}

/* Once when it begins. */
static enum status tell(struct vault *vault, enum log_event event, const char *act, int64_t seconds, bool *told)
{
    if (seconds < TOLD_SECONDS)
        *told = false;
    if (seconds < TOLD_SECONDS || *told)
        return OK;
    log_event(event, (struct log_fields){.count = (uint64_t)seconds});
    TRY(trail_add(vault, &(struct trail_act){.actor = TRAIL_CLOCK, .act = act, .count = (uint64_t)seconds}));
    *told = true;
    return OK;
}

enum status vault_time_tick(struct vault *vault)
{
    struct vault_time *time = &vault->time;
    TRY(tell(vault, LOG_CLOCK_BEHIND, "clock.behind", time->behind, &time->told_behind));
    TRY(tell(vault, LOG_CLOCK_JUMPED, "clock.jumped", time->ahead, &time->told_ahead));
    return time->now >= time->kept + KEEP_SECONDS ? keep(vault) : OK;
}

enum status vault_time_accept(struct vault *vault, int64_t *by)
{
    *by = vault->time.ahead;
    vault->time.now += vault->time.ahead;
    vault->opened += vault->time.ahead;
    vault->time.ahead = 0;
    return *by ? keep(vault) : OK;
}

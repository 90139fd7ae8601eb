/* Charging a round to all members at once: a row of its own, and an exception for whoever has no room for it. */
#include "ledger/inside.h"

/* Of one charge, so that sums can be stored; whether it has an ε does not matter. */
static const struct ledger_loss most = {{LEDGER_MOST, DP_DELTA_ONE}, {0}};

static enum status judge(struct ledger *ledger, struct ledger_loss charge, int64_t now, struct why *why)
{
    struct ledger_anchor last;
    TRY(ledger_check(ledger, why));
    TRY(time_check(ledger, now, why));
    if (ledger_loss_is_nothing(charge))
        return why_set(why, ERR_POLICY, "a charge of nothing is none of a private mechanism", "ledger", 0);
    TRY(anchor_read(ledger, &last));
    if (ledger_loss_fits(charge, most) && ledger_loss_fits(ledger_loss_add(last.total, charge), ledger->terms.cap))
        return OK;
    return why_set(why, ERR_POLICY, "the lifetime budget does not allow it", "ledger", 0);
}

/* Whose sum it would bring over the cap: ledger_loss_fits, the other way round. Sums without an ε are at its end. */
#define OVER                                                                                                           \
    " FROM ledger_member WHERE ?1 - base_delta - spared_delta + delta > ?2"                                            \
    " OR (?3 - base_rho - spared_rho + rho > ?4 AND (?5 OR ?6 - base_epsilon - spared_epsilon + epsilon > ?7))"
#define OVER_TYPES "iiiiiii"
#define OVER_VALUES(total, cap)                                                                                        \
    (int64_t)(total).zcdp.delta, (int64_t)(cap).zcdp.delta, (int64_t)(total).zcdp.rho, (int64_t)(cap).zcdp.rho,        \
        (int64_t)((total).epsilon.micro == LEDGER_NO_EPSILON.micro), (int64_t)(total).epsilon.micro,                   \
        (int64_t)(cap).epsilon.micro

static enum status spare(struct ledger *ledger, const struct ledger_anchor *charged, uint64_t *spared)
{
    const struct ledger_loss cap = ledger->terms.cap, *charge = &charged->charge;
    TRY(db_exec(ledger->db, "INSERT INTO ledger_spared(number, tenant) SELECT ?8, tenant" OVER, OVER_TYPES "i",
                OVER_VALUES(charged->total, cap), (int64_t)charged->number));
    *spared = (uint64_t)db_changes(ledger->db);
    if (*spared == 0)
        return OK;
    return db_exec(ledger->db,
                   "UPDATE ledger_member SET spared_rho = spared_rho + ?8, spared_delta = spared_delta + ?9,"
                   " spared_epsilon = CASE WHEN ?5 THEN 9223372036854775807 ELSE spared_epsilon + ?10 END"
                   " WHERE tenant IN (SELECT tenant" OVER ")",
                   OVER_TYPES "iii", OVER_VALUES(charged->total, cap), (int64_t)charge->zcdp.rho,
                   (int64_t)charge->zcdp.delta, (int64_t)charge->epsilon.micro);
}

static enum status charge_rows(struct ledger *ledger, uint64_t round, struct ledger_loss charge, int64_t now,
                               struct ledger_round *out, struct why *why)
{
    struct ledger_anchor charged;
    TRY(judge(ledger, charge, now, why));
    enum status status = anchor_append(ledger, round, charge, now, NULL, &charged);
    if (status == ERR_EXISTS)
        return why_set(why, status, "this round has been charged already", "ledger", 0);
    TRY(status);
    out->number = charged.number;
    return spare(ledger, &charged, &out->spared);
}

enum status ledger_charge_round(struct ledger *ledger, uint64_t round, struct ledger_loss charge, int64_t now,
                                struct ledger_round *out, struct why *why)
{
    *out = (struct ledger_round){0};
    if (round == 0 || round > INT64_MAX)
        return ERR_USAGE;
    TRY(ledger_flush(ledger));
    TRY(db_begin(ledger->db));
    enum status status = charge_rows(ledger, round, charge, now, out, why);
    if (status == OK)
        status = db_commit(ledger->db);
    db_rollback(ledger->db);
    if (status != OK)
        *out = (struct ledger_round){0};
    return status;
}

enum status ledger_covers(struct ledger *ledger, struct bytes tenant, uint64_t number, bool *covers)
{
    struct member member;
    int64_t charged = 0, spared = 0;
    *covers = false;
    TRY(member_read(ledger, tenant, &member));
    TRY(db_row(ledger->db, "SELECT count(*) FROM ledger_round WHERE number = ?", "i:i", (int64_t)number, &charged));
    TRY(db_row(ledger->db, "SELECT count(*) FROM ledger_spared WHERE tenant = ? AND number = ?", "bi:i", tenant,
               (int64_t)number, &spared));
    *covers = charged == 1 && spared == 0 && member.since < number;
    return OK;
}

enum status ledger_last_round(struct ledger *ledger, uint64_t *round)
{
    int64_t last = 0;
    *round = 0;
    TRY(db_row(ledger->db, "SELECT max(0, ifnull(max(round), 0)) FROM ledger_round", ":i", &last));
    *round = (uint64_t)last;
    return OK;
}

/* Charging a round to all members at once: a row of its own, and an exception for whoever has no room for it. */
#include "ledger/inside.h"

static enum status judge(struct ledger *ledger, struct dp_zcdp charge, int64_t now, struct why *why)
{
    struct ledger_anchor last;
    TRY(ledger_check(ledger, why));
    TRY(time_check(ledger, now, why));
    if (zcdp_is_zero(charge))
        return why_set(why, ERR_POLICY, "a charge of nothing is none of a private mechanism", "ledger", 0);
    TRY(anchor_read(ledger, &last));
    if (dp_zcdp_allows(last.total, charge, ledger->terms.cap.zcdp))
        return OK;
    return why_set(why, ERR_POLICY, "the lifetime budget does not allow it", "ledger", 0);
}

/* Whose sum it would bring over the cap. */
#define OVER                                                                                                           \
    " FROM ledger_member WHERE ? - base_rho - spared_rho + rho > ? OR ? - base_delta - spared_delta + delta > ?"

static enum status spare(struct ledger *ledger, const struct ledger_anchor *charged, uint64_t *spared)
{
    const struct dp_zcdp cap = ledger->terms.cap.zcdp;
    const int64_t rho = (int64_t)charged->total.rho, delta = (int64_t)charged->total.delta;
    TRY(db_exec(ledger->db, "INSERT INTO ledger_spared(number, tenant) SELECT ?, tenant" OVER, "iiiii",
                (int64_t)charged->number, rho, (int64_t)cap.rho, delta, (int64_t)cap.delta));
    *spared = (uint64_t)db_changes(ledger->db);
    if (*spared == 0)
        return OK;
    return db_exec(ledger->db,
                   "UPDATE ledger_member SET spared_rho = spared_rho + ?, spared_delta = spared_delta + ?"
                   " WHERE tenant IN (SELECT tenant" OVER ")",
                   "iiiiii", (int64_t)charged->charge.rho, (int64_t)charged->charge.delta, rho, (int64_t)cap.rho, delta,
                   (int64_t)cap.delta);
}

static enum status charge_rows(struct ledger *ledger, uint64_t round, struct dp_zcdp charge, int64_t now,
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

enum status ledger_charge_round(struct ledger *ledger, uint64_t round, struct dp_zcdp charge, int64_t now,
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

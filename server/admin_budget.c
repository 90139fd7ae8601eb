/* What has been spent of the privacy budget: by the federation's rounds, by one tenant, by whoever spent most. */
#include <inttypes.h>
#include <stdio.h>

#include "server/admin.h"
#include "server/admin_statements.h"
#include "server/budget.h"

#define ACCOUNT "approximate zCDP, a filter with a cap for life"

/* --- losses as JSON --- */

static void put_zcdp(struct json *object, struct dp_zcdp loss)
{
    char text[DP_ZCDP_TEXT];
    snprintf(text, sizeof text, "%" PRIu64 ".%09" PRIu64, loss.rho / DP_RHO_ONE, loss.rho % DP_RHO_ONE);
    json_set(object, "rho", json_text(text));
    snprintf(text, sizeof text, "%" PRIu64 ".%018" PRIu64, loss.delta / DP_DELTA_ONE, loss.delta % DP_DELTA_ONE);
    json_set(object, "delta", json_text(text));
}

/* Its ε at the federation's δ; null where none is known. */
static struct json *epsilon_json(const struct vault *vault, struct ledger_loss loss)
{
    char text[DP_EPSILON_TEXT];
    struct dp_epsilon epsilon;
    if (ledger_loss_epsilon(loss, budget_delta(vault), &epsilon) != OK)
        return json_null();
    dp_epsilon_text(epsilon, text);
    return json_text(text);
}

static struct json *loss_json(const struct vault *vault, struct ledger_loss loss)
{
    struct json *object = json_object();
    json_set(object, "epsilon", epsilon_json(vault, loss));
    put_zcdp(object, loss.zcdp);
    return object;
}

/* By either way of adding up; no ε where some mechanism had none. */
static struct json *left_json(const struct vault *vault, struct ledger_loss spent)
{
    char text[DP_EPSILON_TEXT];
    struct ledger_loss left = ledger_loss_less(ledger_cap(vault->ledger), spent);
    struct json *object = json_object();
    dp_epsilon_text(left.epsilon, text);
    json_set(object, "epsilon", left.epsilon.micro < LEDGER_NO_EPSILON.micro ? json_text(text) : json_null());
    put_zcdp(object, left.zcdp);
    return object;
}

/* --- whoever spent most --- */

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* No member has spent more, of any part. */
static enum status spent_most(struct vault *vault, enum ledger_span span, struct ledger_loss *most)
{
    struct tenant tenant = {0};
    enum status status;
    *most = (struct ledger_loss){0};
    while ((status = tenant_after(vault->store, tenant.number, &tenant)) == OK) {
        struct ledger_loss spent;
        TRY(ledger_spent(vault->ledger, bytes_of(tenant.id, ID_BYTES), span, vault_now(vault), &spent));
        most->zcdp.rho = larger(most->zcdp.rho, spent.zcdp.rho);
        most->zcdp.delta = larger(most->zcdp.delta, spent.zcdp.delta);
        most->epsilon.micro = larger(most->epsilon.micro, spent.epsilon.micro);
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- what guarantee, ledger, budget and evidence all say --- */

static void put_terms(const struct vault *vault, struct json *object)
{
    char delta[DP_ZCDP_TEXT], cap[DP_EPSILON_TEXT];
    snprintf(delta, sizeof delta, "0.%018" PRIu64, budget_delta(vault));
    dp_epsilon_text((struct dp_epsilon){vault->federation.policy.budget_epsilon_micro}, cap);
    json_set(object, "account", json_text(ACCOUNT));
    json_set(object, "unit", json_text(ledger_unit_name(ledger_unit_of(vault->ledger))));
    json_set(object, "delta", json_text(delta));
    json_set(object, "lifetime_cap", json_text(cap));
    json_set(object, "period_days", json_integer(LEDGER_PERIOD_SECONDS / 86400));
}

enum status statements_budget(struct vault *vault, struct json *object)
{
    struct ledger_loss lifetime, period;
    TRY(spent_most(vault, LEDGER_LIFETIME, &lifetime));
    TRY(spent_most(vault, LEDGER_PERIOD, &period));
    put_terms(vault, object);
    json_set(object, "lifetime_spent_most", epsilon_json(vault, lifetime));
    json_set(object, "period_spent_most", epsilon_json(vault, period));
    return OK;
}

enum status admin_ledger(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    (void)why;
    TRY(json_fields_end(fields));
    return statements_budget(vault, reply);
}

/* --- the budget in full --- */

static enum status put_tenant(struct vault *vault, const uint8_t tenant[static ID_BYTES], struct json *object)
{
    struct ledger_loss lifetime, period;
    struct bytes id = bytes_of(tenant, ID_BYTES);
    TRY(ledger_spent(vault->ledger, id, LEDGER_LIFETIME, vault_now(vault), &lifetime));
    TRY(ledger_spent(vault->ledger, id, LEDGER_PERIOD, vault_now(vault), &period));
    json_set(object, "lifetime", loss_json(vault, lifetime));
    json_set(object, "period", loss_json(vault, period));
    json_set(object, "left", left_json(vault, lifetime));
    return OK;
}

static enum status put_rounds(struct vault *vault, struct json *object)
{
    struct ledger_loss lifetime, period;
    uint64_t rounds = 0;
    TRY(ledger_spent_rounds(vault->ledger, LEDGER_LIFETIME, vault_now(vault), &lifetime, &rounds));
    TRY(ledger_spent_rounds(vault->ledger, LEDGER_PERIOD, vault_now(vault), &period, NULL));
    json_set(object, "rounds_charged", json_integer((int64_t)rounds));
    json_set(object, "lifetime", loss_json(vault, lifetime));
    json_set(object, "period", loss_json(vault, period));
    json_set(object, "left", left_json(vault, lifetime));
    return OK;
}

static enum status put_standing(struct vault *vault, struct json *object)
{
    struct why why = {0};
    enum status status = ledger_check(vault->ledger, &why);
    if (status != OK && status != ERR_POLICY)
        return status;
    json_set(object, "rounds_refused", status == OK ? json_null() : json_text(why.what));
    return OK;
}

/* {"tenant"?}: of one, or of the federation's rounds and of whoever spent most. */
enum status admin_budget(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct tenant tenant;
    struct ledger_loss most;
    bool is_of_one = json_has(fields, "tenant");
    if (is_of_one)
        TRY(admin_take_tenant(vault, fields, &tenant, why));
    else
        TRY(json_fields_end(fields));
    put_terms(vault, reply);
    TRY(put_standing(vault, reply));
    if (is_of_one) {
        json_set(reply, "tenant", json_hex(bytes_of(tenant.id, ID_BYTES)));
        json_set(reply, "name", json_text(tenant.name));
        return put_tenant(vault, tenant.id, reply);
    }
    TRY(spent_most(vault, LEDGER_LIFETIME, &most));
    json_set(reply, "spent_most", loss_json(vault, most));
    return put_rounds(vault, reply);
}

/* --- for a member --- */

/* null: there is none. */
static enum status statement_json(struct vault *vault, struct json **out)
{
    struct charge charge;
    SCOPED_BUF struct buf text = {0};
    *out = NULL;
    enum status status = budget_statement(vault, &charge);
    if (status == ERR_NOT_FOUND || status == ERR_CORRUPT)
        *out = json_null();
    if (*out)
        return OK;
    TRY(status);
    TRY(charge_encode(&charge, &text));
    return json_parse(buf_bytes(&text), SIZE_MAX, out, NULL);
}

enum status budget_put_statement(struct vault *vault, const uint8_t tenant[static ID_BYTES], struct json *object)
{
    put_terms(vault, object);
    TRY(put_standing(vault, object));
    TRY(put_tenant(vault, tenant, object));
    struct json *statement = NULL;
    TRY(statement_json(vault, &statement));
    json_set(object, "statement", statement);
    return OK;
}

/* --- making it whole --- */

static enum status take_statement(struct json_fields *fields, struct charge *out, struct why *why)
{
    SCOPED_BUF struct buf text = {0};
    const struct json *statement = json_take_object(fields, "statement");
    TRY(json_fields_end(fields));
    TRY(json_canonical(statement, &text));
    return charge_decode(buf_bytes(&text), out, why);
}

/* {"statement"?}: as chatham budget keeps it. */
enum status admin_budget_replay(struct vault *vault, struct json_fields *fields, struct json *reply, struct why *why)
{
    struct charge charge;
    struct dp_zcdp added;
    bool is_given = json_has(fields, "statement");
    TRY(is_given ? take_statement(fields, &charge, why) : json_fields_end(fields));
    enum status status = budget_replay(vault, is_given ? &charge : NULL, &added, why);
    TRY(status == ERR_DENIED ? ERR_POLICY : status); /* why is for the operator alone */
    json_set(reply, "charged", loss_json(vault, ledger_loss_of_zcdp(added)));
    return put_standing(vault, reply);
}

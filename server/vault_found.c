/* Founding a federation and opening one again. Hides in which order things become durable: the databases first, in one
 * transaction; the wrapped intermediate key, without which they mean nothing, last. */
#include <stdio.h>

#include "crypto/ca.h"
#include "server/budget.h"
#include "server/intake.h"
#include "server/erase.h"
#include "server/rate.h"
#include "server/key_rotation.h"
#include "server/round.h"

#define CA_SECONDS (10LL * 365 * 86400)

static void vault_close_scoped(struct vault **vault)
{
    vault_close(*vault);
}
#define SCOPED_VAULT __attribute__((cleanup(vault_close_scoped)))

static enum status vault_new(const struct vault_options *options, struct vault **out)
{
    struct vault *vault = mem_new(1, sizeof *vault);
    *out = vault;
    if (!vault)
        return ERR_MEMORY;
    vault->clock = options->clock;
    vault->random = options->random;
    vault->canaries = options->canaries;
    vault->redactor = options->redactor;
    vault->reserve.fd = -1;
    vault->root = options->root;
    buf_init(&vault->document);
    buf_init(&vault->certificate);
    random_fill(random_system(), vault->pseudonym_key, sizeof vault->pseudonym_key);
    return OK;
}

void vault_close(struct vault *vault)
{
    if (!vault)
        return;
    round_free(vault->round);
    intake_close(vault);
    reserve_close(&vault->reserve);
    rates_free(vault->rates);
    ledger_close(vault->ledger);
    server_keys_free(vault);
    secret_free(&vault->token_key);
    store_close(vault->store);
    redactor_free(vault->own_redactor);
    federation_free(&vault->federation);
    buf_free(&vault->document);
    buf_free(&vault->certificate);
    secret_wipe(vault->pseudonym_key, sizeof vault->pseudonym_key);
    mem_free(vault);
}

/* What follows from the federation document, at founding and at every start. */
static enum status vault_prepare(struct vault *vault, const struct vault_options *options, struct why *why)
{
    const struct policy *policy = &vault->federation.policy;
    federation_origin(vault->federation.id, vault->origin);
    TRY(policy_hash(policy, vault->policy));
    TRY(key_derive(store_intermediate(vault->store), KEY_TOKEN, &vault->token_key));
    TRY(budget_open(vault, why));
    TRY(round_private_check(vault, why));
    TRY(intake_open(vault, options->state, why));
    TRY(reserve_open(&vault->reserve, options->state, options->disk_free, options->disk_context));
    if (vault->redactor)
        return OK;
    TRY(redactor_new(redact_policy_text(policy->redaction), NULL, &vault->own_redactor, why));
    vault->redactor = vault->own_redactor;
    return OK;
}

/* --- founding --- */

static enum status make_identity(struct vault *vault, const struct vault_founding *founding, int64_t now)
{
    struct federation *federation = &vault->federation;
    SCOPED_BUF struct buf ca = {0};
    random_fill(vault->random, federation->id, FEDERATION_ID_BYTES);
    snprintf(federation->name, sizeof federation->name, "%s", founding->name);
    federation->policy = *founding->policy;
    TRY(server_keys_make(vault));
    TRY(ca_create(&vault->keys[SERVER_CA], founding->name, now, CA_SECONDS, &ca));
    federation->ca_pem = mem_copy(buf_bytes(&ca));
    if (!federation->ca_pem)
        return ERR_MEMORY;
    TRY(ca_issue_server(&vault->keys[SERVER_CA], buf_bytes(&ca), &vault->keys[SERVER_TLS], founding->server_names,
                        founding->server_name_count, now, SERVER_SECONDS, &vault->certificate));
    federation->serial = 1;
    TRY(federation_certify(federation, &vault->keys[SERVER_CA]));
    return federation_encode(federation, &vault->document);
}

static enum status save_identity(struct vault *vault, int64_t now)
{
    struct db *db = store_federation(vault->store);
    TRY(db_exec(db, "INSERT INTO federation (one, document, certificate, founded) VALUES (1, ?, ?, ?)", "bbi",
                buf_bytes(&vault->document), buf_bytes(&vault->certificate), now));
    TRY(server_keys_save(vault, now));
    return log_note(vault->store, vault->random, LOGGED_GENESIS, buf_bytes(&vault->document), now);
}

enum status vault_found(const struct vault_options *options, const struct vault_founding *founding, struct vault **out,
                        struct why *why)
{
    *out = NULL;
    SCOPED_VAULT struct vault *vault = NULL;
    size_t name_size = founding->name ? strlen(founding->name) : 0;
    if (name_size == 0 || name_size > FEDERATION_NAME_MAX)
        return why_set(why, ERR_USAGE, "a federation's name has 1 to 64 bytes", "name", 0);
    if (options->state && !options->root)
        return why_set(why, ERR_USAGE, "a state folder needs a root key", NULL, 0);
    TRY(vault_new(options, &vault));
    vault_time_look(vault);
    int64_t now = vault_now(vault);
    vault->founded = vault->opened = now;
    TRY(store_create(options->state, &vault->store, why));
    TRY(make_identity(vault, founding, now));
    TRY(vault_prepare(vault, options, why));
    TRY(db_begin(store_federation(vault->store)));
    enum status status = save_identity(vault, now);
    if (status == OK)
        status = db_commit(store_federation(vault->store));
    db_rollback(store_federation(vault->store));
    TRY(status);
    TRY(store_seal(vault->store, options->root));
    *out = vault;
    vault = NULL;
    return OK;
}

/* --- opening --- */

enum status vault_open(const struct vault_options *options, struct vault **out, struct why *why)
{
    *out = NULL;
    SCOPED_VAULT struct vault *vault = NULL;
    if (!options->root)
        return why_set(why, ERR_USAGE, "a state folder needs a root key", NULL, 0);
    TRY(vault_new(options, &vault));
    TRY(store_open(options->state, options->root, &vault->store, why));
    enum status status = db_row(store_federation(vault->store), "SELECT document, certificate, founded FROM federation",
                                ":bbi", &vault->document, &vault->certificate, &vault->founded);
    if (status == ERR_NOT_FOUND)
        return why_set(why, ERR_CORRUPT, "holds no federation", "federation store", 0);
    TRY(status);
    TRY(vault_time_open(vault));
    vault->opened = vault_now(vault);
    TRY(federation_decode(buf_bytes(&vault->document), &vault->federation, why));
    TRY(server_keys_load(vault));
    TRY(vault_prepare(vault, options, why));
    TRY(erase_resume(vault));
    *out = vault;
    vault = NULL;
    return OK;
}

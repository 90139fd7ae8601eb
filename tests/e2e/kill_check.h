/* Whether a state folder holds what its senders remember: what was acknowledged is there, once, with its receipt in the
 * log; nothing is there that nobody sent; the ledger has charged for it. An answer, so that the check itself can be
 * tried on what it must find. */
#pragma once

#include "protocol/receipt_leaf.h"
#include "server/process_root.h"
#include "server/vault_state.h"
#include "tests/e2e/load.h"

#define KILL_TENANTS 2
#define KILL_SENDERS 4 /* each a device, shared out over the tenants */

#define KILL_LOST "what was acknowledged is lost"
#define KILL_EMPTIED "what was acknowledged has lost its contents"
#define KILL_LEFT "the contents of what was withdrawn are left"
#define KILL_RECEIPT "a receipt that is not for it, or that the log does not know"
#define KILL_STRANGE "something is stored that nobody sent"
#define KILL_MISCOUNTED "counts that are not of what is stored"
#define KILL_UNCHARGED "a charge is missing"
#define KILL_OVERCHARGED "something is charged that nobody sent"
#define KILL_LOG "the log does not verify"

struct kill_totals {
    size_t acknowledged, unanswered, found;
};

static inline struct db *kill_db(struct vault *vault, const struct sender *sender)
{
    struct tenant tenant;
    struct db *db = NULL;
    assert_int_equal(tenant_find(vault->store, sender->home.tenant, &tenant), OK);
    assert_int_equal(store_tenant(vault->store, &tenant, &db), OK);
    return db;
}

/* How many rows a sender's id has, and how many of them have contents. */
static inline void kill_look(struct vault *vault, const struct sender *sender, const uint8_t id[static ID_BYTES],
                             int64_t *rows, int64_t *live)
{
    assert_int_equal(db_row(kill_db(vault, sender),
                            "SELECT count(*), count(record) FROM admission WHERE device = ? AND id = ?", "bb:ii",
                            bytes_of(sender->home.device, ID_BYTES), bytes_of(id, ID_BYTES), rows, live),
                     OK);
}

static inline const char *kill_check_receipt(struct vault *vault, const struct load_item *item)
{
    struct receipt receipt;
    uint8_t leaf[MERKLE_BYTES], logged[MERKLE_BYTES];
    struct merkle_source log = log_source(vault->store);
    enum log_kind kind = item->kind == LOAD_WITHDRAWAL ? LOGGED_WITHDRAWAL : LOGGED_CONTRIBUTION;
    bool is_good = receipt_decode(buf_bytes(&item->receipt), &receipt, NULL) == OK &&
                   receipt_check(&receipt, vault->federation.id, vault->federation.receipt_key) == OK &&
                   memcmp(receipt.contribution, item->id, ID_BYTES) == 0 &&
                   receipt_log_leaf(&receipt, kind, NULL, leaf) == OK &&
                   log.node(log.state, 0, receipt.leaf, logged) == OK && memcmp(leaf, logged, MERKLE_BYTES) == 0;
    return is_good ? NULL : KILL_RECEIPT;
}

static inline const char *kill_check_item(struct vault *vault, const struct sender *sender,
                                          const struct load_item *item)
{
    int64_t rows = 0, live = 0;
    kill_look(vault, sender, item->id, &rows, &live);
    if (rows != 1)
        return KILL_LOST;
    if (!item->is_gone && live != (item->kind != LOAD_WITHDRAWAL))
        return KILL_EMPTIED;
    if (item->kind == LOAD_WITHDRAWAL)
        kill_look(vault, sender, item->target, &rows, &live);
    if (item->kind == LOAD_WITHDRAWAL && live != 0)
        return KILL_LEFT;
    return kill_check_receipt(vault, item);
}

static inline const char *kill_check_sender(struct vault *vault, const struct sender *sender,
                                            struct kill_totals *totals)
{
    for (size_t i = 0; i < sender->item_count; i++) {
        const struct load_item *item = &sender->items[i];
        int64_t rows = 0, live = 0;
        kill_look(vault, sender, item->id, &rows, &live);
        totals->found += (size_t)rows;
        totals->acknowledged += item->receipt.size > 0;
        totals->unanswered += item->receipt.size == 0;
        const char *wrong = item->receipt.size ? kill_check_item(vault, sender, item) : NULL;
        if (wrong)
            return wrong;
    }
    return NULL;
}

static inline const char *kill_check_counts(struct vault *vault, const struct sender *senders, size_t found)
{
    int64_t counted = 0, stored = 0;
    for (size_t tenant = 0; tenant < KILL_TENANTS; tenant++) {
        int64_t rows = 0;
        assert_int_equal(db_row(kill_db(vault, &senders[tenant]), "SELECT count(*) FROM admission", ":i", &rows), OK);
        stored += rows;
    }
    if ((size_t)stored != found)
        return KILL_STRANGE;
    assert_int_equal(db_row(store_federation(vault->store), "SELECT sum(count) FROM intake_count", ":i", &counted), OK);
    return counted == stored ? NULL : KILL_MISCOUNTED;
}

/* Charged for all that was acknowledged, and for nothing that was not sent. */
static inline const char *kill_check_ledger(struct vault *vault, const struct sender *senders, size_t tenant)
{
    uint64_t least = 0, most = 0;
    struct ledger_loss spent;
    for (size_t i = tenant; i < KILL_SENDERS; i += KILL_TENANTS) {
        for (size_t j = 0; j < senders[i].item_count; j++) {
            if (senders[i].items[j].kind != LOAD_NOISED)
                continue;
            most += LOAD_EPSILON_MICRO;
            least += senders[i].items[j].receipt.size ? LOAD_EPSILON_MICRO : 0;
        }
    }
    assert_int_equal(ledger_spent(vault->ledger, bytes_of(senders[tenant].home.tenant, ID_BYTES), LEDGER_LIFETIME,
                                  vault_now(vault), &spent),
                     OK);
    print_message("tenant-%zu: charged %llu, acknowledged %llu, sent %llu millionths\n", tenant,
                  (unsigned long long)spent.epsilon.micro, (unsigned long long)least, (unsigned long long)most);
    if (spent.epsilon.micro < least)
        return KILL_UNCHARGED;
    return spent.epsilon.micro <= most ? NULL : KILL_OVERCHARGED;
}

static inline const char *kill_check_vault(struct vault *vault, const struct sender *senders)
{
    static const char verify[] = "{\"command\":\"log.verify\"}"; /* drains the journal, too */
    struct kill_totals totals = {0};
    struct distiller distiller = distiller_embedded();
    SCOPED_BUF struct buf reply = {0};
    if (house_admin(vault, &distiller, bytes_str(verify), &reply, NULL) != OK)
        return KILL_LOG;
    const char *wrong = NULL;
    for (size_t i = 0; i < KILL_SENDERS && !wrong; i++)
        wrong = kill_check_sender(vault, &senders[i], &totals);
    if (!wrong)
        wrong = kill_check_counts(vault, senders, totals.found);
    for (size_t tenant = 0; tenant < KILL_TENANTS && !wrong; tenant++)
        wrong = kill_check_ledger(vault, senders, tenant);
    print_message("%zu acknowledged, %zu never answered, %zu stored\n", totals.acknowledged, totals.unanswered,
                  totals.found);
    return wrong;
}

/* What is wrong with the state folder of a server that has ended; NULL: nothing. */
static inline const char *kill_check(const char *state, const struct sender *senders)
{
    struct vault *vault = NULL;
    struct root_provider *root = NULL;
    assert_int_equal(root_open(&(struct root_source){.state = state}, &root, NULL), OK);
    const struct vault_options options = {
        .state = state, .root = root, .clock = clock_system(), .random = random_system()};
    assert_int_equal(vault_open(&options, &vault, NULL), OK);
    const char *wrong = kill_check_vault(vault, senders);
    vault_close(vault);
    root_provider_close(root);
    return wrong;
}

/* Pulling the library and following the log. Hides the order in which things are verified before anything is kept. */
#include <stdio.h>

#include "client/index.h"
#include "client/remote_internal.h"
#include "crypto/keys.h"
#include "protocol/proof.h"
#include "protocol/receipt_leaf.h"

#define BUNDLE_MAX (LIBRARY_MAX + (1u << 20))

static enum status seen_load(struct home *home, struct checkpoint *seen)
{
    int64_t tree = 0;
    SCOPED_BUF struct buf root = {0};
    *seen = (struct checkpoint){0};
    enum status status = db_row(home->db, "SELECT tree, root FROM seen", ":ib", &tree, &root);
    if (status == ERR_NOT_FOUND)
        return OK;
    TRY(status);
    if (root.size != MERKLE_BYTES || tree < 0)
        return ERR_CORRUPT;
    seen->size = (uint64_t)tree;
    memcpy(seen->root, root.data, MERKLE_BYTES);
    return OK;
}

static enum status keep_rows(struct home *home, const struct library *library, const struct library_bundle *bundle,
                             const struct checkpoint *checkpoint)
{
    TRY(db_exec(home->db, "INSERT OR REPLACE INTO seen (one, tree, root, note) VALUES (1, ?, ?, ?)", "ibb",
                (int64_t)checkpoint->size, bytes_of(checkpoint->root, MERKLE_BYTES), buf_bytes(&bundle->checkpoint)));
    return db_exec(home->db, "INSERT OR REPLACE INTO library (one, version, document, pulled) VALUES (1, ?, ?, ?)",
                   "ibi", (int64_t)library->version, buf_bytes(&bundle->document), clock_seconds(home->clock));
}

/* The index first: a crash between the two leaves an index newer than the library, which the next pull builds again. */
static enum status keep(struct home *home, const struct library *library, const struct library_bundle *bundle,
                        const struct checkpoint *checkpoint, struct why *why)
{
    TRY(index_build(home, library, why));
    TRY(db_begin(home->db));
    enum status status = keep_rows(home, library, bundle, checkpoint);
    if (status == OK)
        return db_commit(home->db);
    db_rollback(home->db);
    return status;
}

static enum status library_version_at_home(struct home *home, uint64_t *version)
{
    int64_t value = 0;
    enum status status = db_row(home->db, "SELECT version FROM library", ":i", &value);
    *version = (uint64_t)value;
    return status == ERR_NOT_FOUND ? OK : status;
}

static enum status bundle_take(struct home *home, struct bytes text, const struct checkpoint *seen,
                               struct checkpoint *checkpoint, struct pull_report *report, struct why *why)
{
    struct library_bundle bundle = {0};
    struct library library = {0};
    enum status status = library_bundle_decode(text, &bundle, why);
    if (status == OK)
        status = library_bundle_check(&bundle, &home->federation, seen, checkpoint, why);
    if (status == OK)
        status = library_decode(buf_bytes(&bundle.document), &library, why);
    if (status == OK && library.version < report->version)
        status = why_set(why, ERR_DENIED, "the server offers an older library than the one at home", "library", 0);
    if (status == OK)
        status = keep(home, &library, &bundle, checkpoint, why);
    if (status == OK) {
        report->fresh = library.version > report->version;
        report->version = library.version;
        report->insights = library.insight_count;
        report->tree = checkpoint->size;
    }
    library_free(&library);
    library_bundle_free(&bundle);
    return status;
}

/* --- receipts that the log covers --- */

static enum status proof_fetch(struct http *http, const char *path, struct merkle_proof *proof, struct why *why)
{
    struct http_reply reply = {0};
    enum status status = http_get(http, path, NULL, 1u << 16, &reply, why);
    if (status == OK)
        status = remote_status(&reply, why);
    if (status == OK)
        status = proof_decode(buf_bytes(&reply.body), proof, why);
    http_reply_free(&reply);
    return status;
}

static enum status receipt_covered(struct home *home, struct http *http, const struct outbox_item *item,
                                   const struct checkpoint *checkpoint, struct why *why)
{
    struct receipt receipt;
    struct merkle_proof proof;
    char path[96];
    uint8_t leaf[MERKLE_BYTES];
    TRY(receipt_decode(buf_bytes(&item->receipt), &receipt, why));
    if (receipt.leaf >= checkpoint->size)
        return ERR_NOT_FOUND;
    snprintf(path, sizeof path, "/v1/inclusion?leaf=%llu&size=%llu", (unsigned long long)receipt.leaf,
             (unsigned long long)checkpoint->size);
    TRY(proof_fetch(http, path, &proof, why));
    TRY(receipt_log_leaf(&receipt, item->kind == ENVELOPE_WITHDRAWAL ? LOGGED_WITHDRAWAL : LOGGED_CONTRIBUTION, NULL,
                         leaf));
    if (merkle_check_inclusion(leaf, receipt.leaf, checkpoint->size, &proof, checkpoint->root) != OK)
        return why_set(why, ERR_DENIED, "the log does not hold what a receipt promised", "log", 0);
    return outbox_covered(home, item->id);
}

static enum status receipts_check(struct home *home, struct http *http, const struct checkpoint *checkpoint,
                                  struct pull_report *report, struct why *why)
{
    uint8_t after[ID_BYTES] = {0};
    struct outbox_item item;
    enum status status;
    while ((status = outbox_next(home, OUTBOX_SENT, after, &item)) == OK) {
        memcpy(after, item.id, ID_BYTES);
        status = receipt_covered(home, http, &item, checkpoint, why);
        outbox_item_free(&item);
        if (status == OK)
            report->covered++;
        else if (status != ERR_NOT_FOUND)
            return status;
    }
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- the pull --- */

static enum status policy_follow(struct home *home, struct http *http, bool accept, struct pull_report *report,
                                 struct why *why)
{
    struct http_reply reply = {0};
    struct federation now = {0};
    uint8_t pinned[HASH_BYTES], keys[HASH_BYTES];
    struct why reason = {0};
    enum status status = http_get(http, "/v1/federation", NULL, 1u << 20, &reply, why);
    if (status == OK)
        status = remote_status(&reply, why);
    if (status == OK)
        status = federation_decode(buf_bytes(&reply.body), &now, why);
    http_reply_free(&reply);
    TRY(status);
    status = federation_keys_hash(&home->federation, pinned);
    if (status == OK)
        status = federation_keys_hash(&now, keys);
    if (status == OK && memcmp(pinned, keys, HASH_BYTES) != 0)
        status = why_hint(why, ERR_DENIED, "the federation's keys are not those that this device enrolled with", NULL,
                          "ask your operator before you enrol again");
    if (status == OK && !accept) {
        status = policy_as_strict(&home->federation.policy, &now.policy, &reason);
        if (status == ERR_POLICY)
            status = why_hint(why, ERR_POLICY, "the federation's policy became laxer than yours", reason.where,
                              "read it, then repeat with --accept-policy");
    }
    uint8_t mine[HASH_BYTES], theirs[HASH_BYTES];
    if (status == OK)
        status = policy_hash(&home->federation.policy, mine);
    if (status == OK)
        status = policy_hash(&now.policy, theirs);
    if (status == OK && memcmp(mine, theirs, HASH_BYTES) != 0) {
        home->federation.policy = now.policy;
        report->policy_changed = true;
        status = home_save(home);
    }
    federation_free(&now);
    return status;
}

static enum status library_fetch(struct home *home, struct http *http, struct pull_report *report, struct why *why)
{
    struct checkpoint seen, checkpoint = {0};
    struct http_reply reply = {0};
    char path[64], etag[64];
    TRY(seen_load(home, &seen));
    TRY(library_version_at_home(home, &report->version));
    report->tree = seen.size;
    snprintf(path, sizeof path, "/v1/library?tree=%llu", (unsigned long long)seen.size);
    snprintf(etag, sizeof etag, "\"%llu.%llu\"", (unsigned long long)report->version, (unsigned long long)seen.size);
    enum status status = http_get(http, path, seen.size ? etag : NULL, BUNDLE_MAX, &reply, why);
    bool nothing_new = reply.status == 304 || reply.status == 404; /* 404: no library has been published yet */
    if (status == OK && !nothing_new)
        status = remote_status(&reply, why);
    if (status == OK && nothing_new)
        checkpoint = seen;
    else if (status == OK)
        status = bundle_take(home, buf_bytes(&reply.body), &seen, &checkpoint, report, why);
    http_reply_free(&reply);
    TRY(status);
    return receipts_check(home, http, &checkpoint, report, why);
}

enum status remote_pull(struct home *home, bool accept_policy, struct pull_report *report, struct why *why)
{
    struct http *http = NULL;
    *report = (struct pull_report){0};
    TRY(home_require_enrolled(home, why));
    TRY(remote_connect(home, &http, why));
    enum status status = policy_follow(home, http, accept_policy, report, why);
    if (status == OK)
        status = library_fetch(home, http, report, why);
    http_free(http);
    return status;
}

enum status home_library(struct home *home, struct library *library, struct why *why)
{
    SCOPED_BUF struct buf document = {0};
    *library = (struct library){0};
    enum status status = db_row(home->db, "SELECT document FROM library", ":b", &document);
    if (status == ERR_NOT_FOUND)
        return why_hint(why, status, "there is no library at home yet", NULL, "run chatham pull");
    TRY(status);
    return library_decode(buf_bytes(&document), library, why);
}

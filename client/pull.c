/* Pulling the library and following the log. Hides the order in which things are verified before anything is kept. */
#include <stdio.h>

#include "client/durable.h"
#include "client/follow.h"
#include "client/index.h"
#include "client/remote_internal.h"
#include "client/witnesses.h"
#include "crypto/keys.h"
#include "protocol/receipt_leaf.h"

#define BUNDLE_MAX (LIBRARY_MAX + (1u << 20))

/* The index first: a crash between the two leaves an index newer than the library, which the next pull builds again. */
static enum status keep(struct home *home, const struct library *library, struct bytes document, struct why *why)
{
    TRY(index_build(home, library, why));
    return db_exec(home->db, "INSERT OR REPLACE INTO library (one, version, document, pulled) VALUES (1, ?, ?, ?)",
                   "ibi", (int64_t)library->version, document, clock_seconds(home->clock));
}

static enum status library_version_at_home(struct home *home, uint64_t *version)
{
    int64_t value = 0;
    enum status status = db_row(home->db, "SELECT version FROM library", ":i", &value);
    *version = (uint64_t)value;
    return status == ERR_NOT_FOUND ? OK : status;
}

/* --- what the server offers --- */

/* A library that was verified and waits to be taken; without bytes in the bundle, none is offered. */
struct offer {
    struct library_bundle bundle;
    struct library library;
    struct checkpoint checkpoint;
};

static void offer_free(struct offer *offer)
{
    library_free(&offer->library);
    library_bundle_free(&offer->bundle);
}

/* What was verified of the log is remembered, whether or not the library is taken. */
static enum status offer_check(struct home *home, struct bytes text, const struct checkpoint *seen, uint64_t version,
                               struct offer *offer, struct why *why)
{
    TRY(library_bundle_decode(text, &offer->bundle, why));
    TRY(library_bundle_check(&offer->bundle, &home->federation, seen, &offer->checkpoint, why));
    TRY(library_decode(buf_bytes(&offer->bundle.document), &offer->library, why));
    if (offer->library.version < version)
        return why_set(why, ERR_DENIED, "the server offers an older library than the one at home", "library", 0);
    if (offer->checkpoint.size == seen->size) /* the note at home may hold more cosignatures */
        return OK;
    return seen_save(home, &offer->checkpoint, buf_bytes(&offer->bundle.checkpoint));
}

/* A library under a checkpoint that enough members cosigned: as it came, or as it came back after our own word. */
static enum status has_quorum(struct home *home, const struct offer *offer, struct pull_report *report, bool *enough)
{
    struct seen seen;
    size_t later = 0;
    report->cosigners_wanted = home->federation.policy.cosigners;
    TRY(seen_load(home, &seen));
    enum status status = witnesses_quorum(home, buf_bytes(&offer->bundle.checkpoint), &report->cosigners);
    if (status == OK && seen.checkpoint.size == offer->checkpoint.size)
        status = witnesses_quorum(home, buf_bytes(&seen.note), &later);
    seen_free(&seen);
    if (later > report->cosigners)
        report->cosigners = later;
    *enough = report->cosigners >= report->cosigners_wanted;
    return status;
}

static enum status offer_take(struct home *home, const struct offer *offer, struct pull_report *report, struct why *why)
{
    bool enough = false;
    if (offer->library.version <= report->version)
        return OK;
    TRY(has_quorum(home, offer, report, &enough));
    report->waiting = !enough;
    if (!enough)
        return OK;
    TRY(keep(home, &offer->library, buf_bytes(&offer->bundle.document), why));
    report->fresh = true;
    report->version = offer->library.version;
    report->insights = offer->library.insight_count;
    return OK;
}

/* --- receipts that the log covers --- */

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
    TRY(follow_proof(http, path, &proof, why));
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

static enum status policy_judge(const struct policy *mine, const struct policy *theirs, struct why *why)
{
    struct why reason = {0};
    enum status status = policy_as_strict(mine, theirs, &reason);
    if (status != ERR_POLICY)
        return status;
    return why_hint(why, ERR_POLICY, "the federation's policy became laxer than yours", reason.where,
                    "read it, then repeat with --accept-policy");
}

static enum status policy_take(struct home *home, const struct policy *theirs, bool *changed)
{
    uint8_t mine[HASH_BYTES], hash[HASH_BYTES];
    TRY(policy_hash(&home->federation.policy, mine));
    TRY(policy_hash(theirs, hash));
    *changed = memcmp(mine, hash, HASH_BYTES) != 0;
    if (!*changed)
        return OK;
    home->federation.policy = *theirs;
    return home_save(home);
}

static enum status federation_follow(struct home *home, struct http *http, bool accept, struct pull_report *report,
                                     struct why *why)
{
    struct federation now;
    bool changed = false;
    enum status status = federation_ask(http, &now, why);
    if (status == OK)
        status = keys_follow(home, &now, &changed, why);
    if (status == OK && !accept)
        status = policy_judge(&home->federation.policy, &now.policy, why);
    if (status == OK)
        status = policy_take(home, &now.policy, &report->policy_changed);
    federation_free(&now);
    return status;
}

static enum status library_fetch(struct home *home, struct http *http, uint64_t version, struct offer *offer,
                                 struct why *why)
{
    struct seen seen;
    struct http_reply reply = {0};
    char path[64], etag[64];
    TRY(seen_load(home, &seen));
    const struct checkpoint checkpoint = seen.checkpoint;
    seen_free(&seen);
    snprintf(path, sizeof path, "/v1/library?tree=%llu", (unsigned long long)checkpoint.size);
    snprintf(etag, sizeof etag, "\"%llu.%llu\"", (unsigned long long)version, (unsigned long long)checkpoint.size);
    enum status status = http_get(http, path, checkpoint.size ? etag : NULL, BUNDLE_MAX, &reply, why);
    bool nothing_new = reply.status == 304 || reply.status == 404; /* 404: no library has been published yet */
    if (status == OK && !nothing_new)
        status = remote_status(&reply, why);
    if (status == OK && !nothing_new)
        status = offer_check(home, buf_bytes(&reply.body), &checkpoint, version, offer, why);
    http_reply_free(&reply);
    return status;
}

/* First the library, then on to what the log shows: nobody is shown a smaller log than he has seen, so going on first
 * could take away a library that has its quorum already. */
static enum status library_follow(struct home *home, struct http *http, struct pull_report *report, struct why *why)
{
    struct offer offer = {0};
    struct seen shown = {0};
    enum status status = follow_meet(home, http, &shown, why);
    if (status == OK)
        status = library_fetch(home, http, report->version, &offer, why);
    if (status == OK)
        status = follow_on(home, http, &shown, why);
    if (status == OK)
        status = offer_take(home, &offer, report, why);
    offer_free(&offer);
    seen_free(&shown);
    return status;
}

/* Before receipts are checked: those that the server lost in a restore are for leaves that hold something else now. */
static enum status restore_follow(struct home *home, struct http *http, struct pull_report *report, struct why *why)
{
    size_t again = 0;
    TRY(durable_follow(home, http, &again, why));
    report->again += again;
    return OK;
}

static enum status pull(struct home *home, struct http *http, struct pull_report *report, struct why *why)
{
    struct seen seen;
    TRY(library_version_at_home(home, &report->version));
    TRY(witnesses_follow(home, http, why));
    TRY(library_follow(home, http, report, why));
    TRY(restore_follow(home, http, report, why));
    TRY(seen_load(home, &seen));
    report->tree = seen.checkpoint.size;
    enum status status = receipts_check(home, http, &seen.checkpoint, report, why);
    seen_free(&seen);
    return status;
}

/* What does not verify may have been signed by a key that became the present one a moment ago. */
static enum status pull_under_present_keys(struct home *home, struct http *http, struct pull_report *report,
                                           struct why *why)
{
    for (size_t changes = 0;; changes++) {
        struct why reason = {0};
        enum status status = pull(home, http, report, &reason);
        if (status == ERR_DENIED && keys_changed(home, http, changes))
            continue;
        if (status != OK && why && !why->what)
            *why = reason;
        return status;
    }
}

enum status remote_pull(struct home *home, unsigned accept, struct pull_report *report, struct why *why)
{
    struct http *http = NULL;
    *report = (struct pull_report){0};
    TRY(home_require_enrolled(home, why));
    TRY(remote_connect(home, &http, why));
    enum status status = federation_follow(home, http, (accept & ACCEPT_POLICY) != 0, report, why);
    if (status == OK && (accept & ACCEPT_LOG))
        status = follow_anew(home);
    if (status == OK)
        status = pull_under_present_keys(home, http, report, why);
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

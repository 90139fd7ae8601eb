/* From distil's proposals to the next library. What is published is decided here, from the vault's own table; a
 * version, its log entry and its round become durable in one transaction, or not at all. */
#include <stdlib.h>

#include "base/log.h"
#include "insight/library_check.h"
#include "server/freeze.h"
#include "server/round.h"

enum status library_last(struct vault *vault, struct library *out)
{
    SCOPED_BUF struct buf document = {0};
    *out = (struct library){0};
    TRY(db_row(store_federation(vault->store), "SELECT document FROM release ORDER BY version DESC LIMIT 1", ":b",
               &document));
    return library_decode(buf_bytes(&document), out, NULL) == OK ? OK : ERR_CORRUPT;
}

/* --- the next library --- */

static void head_of(const struct vault *vault, const struct round *round, const struct library *last,
                    struct library *next)
{
    const struct policy *policy = &vault->federation.policy;
    *next =
        (struct library){.version = last->version + 1, .round = round->number, .mode = policy->mode, .k = policy->k};
    memcpy(next->federation, vault->federation.id, FEDERATION_ID_BYTES);
    memcpy(next->policy, vault->policy, HASH_BYTES);
    clock_epoch(round->started, next->epoch);
}

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, INSIGHT_ID_BYTES);
}

static int id_to_insight(const void *id, const void *insight)
{
    return memcmp(id, ((const struct insight *)insight)->id, INSIGHT_ID_BYTES);
}

static bool holds(const struct library *library, const uint8_t id[static INSIGHT_ID_BYTES])
{
    return library->insight_count &&
           bsearch(id, library->insights, library->insight_count, sizeof *library->insights, id_to_insight);
}

/* Everything that an earlier version held and the next one does not. */
static enum status retract(const struct library *last, struct library *next)
{
    size_t most = last->retraction_count + last->insight_count;
    next->retractions = mem_new(most, INSIGHT_ID_BYTES);
    if (!next->retractions)
        return ERR_MEMORY;
    for (size_t i = 0; i < most; i++) {
        const uint8_t *id =
            i < last->retraction_count ? last->retractions[i] : last->insights[i - last->retraction_count].id;
        if (!holds(next, id))
            memcpy(next->retractions[next->retraction_count++], id, INSIGHT_ID_BYTES);
    }
    if (next->retraction_count)
        qsort(next->retractions, next->retraction_count, INSIGHT_ID_BYTES, by_id);
    return OK;
}

/* Whether next says what last says, but for its number, round and time. */
static enum status is_same(const struct library *last, const struct library *next, bool *same)
{
    struct library renumbered = *next; /* borrowed */
    SCOPED_BUF struct buf before = {0};
    SCOPED_BUF struct buf after = {0};
    *same = false;
    if (last->version == 0) {
        *same = next->insight_count == 0;
        return OK;
    }
    renumbered.version = last->version;
    renumbered.round = last->round;
    memcpy(renumbered.epoch, last->epoch, sizeof renumbered.epoch);
    TRY(library_encode(last, &before));
    TRY(library_encode(&renumbered, &after));
    *same = bytes_equal(buf_bytes(&before), buf_bytes(&after));
    return OK;
}

/* --- making it durable --- */

static enum status insert_release(struct vault *vault, const struct library *library, struct bytes document)
{
    uint8_t signature[SIGN_BYTES], salt[32];
    uint64_t leaf = 0;
    struct log_entry entry = {.kind = LOGGED_RELEASE, .version = library->version};
    memcpy(entry.epoch, library->epoch, sizeof entry.epoch);
    TRY(sign_make(&vault->keys[SERVER_LIBRARY], SIGN_LIBRARY, vault->federation.id, document, signature));
    TRY(log_commitment(vault->store, vault->random, &entry, document, salt, &leaf));
    return db_exec(store_federation(vault->store),
                   "INSERT INTO release (version, round, document, signature, leaf, salt, published)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "iibbibi", (int64_t)library->version, (int64_t)library->round, document,
                   bytes_of(signature, sizeof signature), (int64_t)leaf, bytes_of(salt, sizeof salt), vault_now(vault));
}

static enum status insert_round(struct vault *vault, const struct round *round, uint64_t version, struct bytes report)
{
    uint64_t tree = round->tree + (version != 0); /* its own release is no news to the next round */
    return db_exec(store_federation(vault->store),
                   "INSERT INTO round (number, started, finished, tree, version, report, withdrawals)"
                   " VALUES (?, ?, ?, ?, ?, ?, ?)",
                   "iiiiibi", (int64_t)round->number, round->started, vault_now(vault), (int64_t)tree, (int64_t)version,
                   report, round->withdrawals);
}

/* The audit's part that needs no traces, on the very bytes that are about to be signed. Every insight passed the gate
 * by itself; what fails here was changed since, or was never asked. */
static enum status check_document(const struct vault *vault, struct bytes document, struct why *why)
{
    struct library read = {0};
    struct library_check check;
    if (library_decode(document, &read, NULL) != OK)
        return why_set(why, ERR_BUG, "the library does not read as one", NULL, 0);
    enum status status = library_check(&read, vault->redactor, vault->canaries, &check);
    library_free(&read);
    return status == ERR_POLICY ? why_set(why, status, "the library did not pass the audit before it", NULL, 0)
                                : status;
}

static enum status commit(struct vault *vault, const struct round *round, const struct library *library, bool same,
                          struct bytes report, struct why *why)
{
    struct db *db = store_federation(vault->store);
    SCOPED_BUF struct buf document = {0};
    TRY(library_encode(library, &document));
    if (!same)
        TRY(check_document(vault, buf_bytes(&document), why));
    TRY(db_begin(db));
    enum status status = same ? OK : insert_release(vault, library, buf_bytes(&document));
    if (status == OK)
        status = insert_round(vault, round, same ? 0 : library->version, report);
    if (status == OK)
        status = round_enter(vault, round, OK);
    if (status == OK)
        status = trail_anchor(vault);
    if (status == OK)
        status = cosign_offer(vault);
    if (status == OK)
        status = db_commit(db);
    db_rollback(db);
    return status;
}

/* --- the report --- */

static struct json *withheld_json(const struct release_report *release)
{
    struct json *object = json_object();
    for (int reason = 0; reason < WITHHELD_REASONS; reason++)
        json_set(object, withheld_reason_name((enum withheld_reason)reason),
                 json_integer((int64_t)release->withheld[reason]));
    return object;
}

static struct json *insights_json(const struct library *library)
{
    struct json *list = json_array();
    for (size_t i = 0; i < library->insight_count; i++)
        json_push(list, insight_encode(&library->insights[i]));
    return list;
}

/* What the round cost each member. */
static struct json *charge_json(const struct round *round)
{
    struct json *object = json_object();
    char epsilon[DP_EPSILON_TEXT], loss[DP_ZCDP_TEXT];
    dp_epsilon_text(round->terms.epsilon, epsilon);
    dp_zcdp_text(round->terms.mechanism.loss, loss);
    json_set(object, "number", json_integer((int64_t)round->charge));
    json_set(object, "unit", json_text("tenant"));
    json_set(object, "epsilon", json_text(epsilon));
    json_set(object, "delta_pico", json_integer((int64_t)(round->terms.delta / (DP_DELTA_ONE / 1000000000000))));
    json_set(object, "loss", json_text(loss));
    return object;
}

static enum status write_report(const struct round *round, const struct library *library,
                                const struct release_report *release, bool same, struct buf *out)
{
    bool preview = round->purpose == ROUND_PREVIEW;
    SCOPED_JSON struct json *object = json_object();
    json_set(object, "round", json_integer((int64_t)round->number));
    json_set(object, "preview", json_bool(preview));
    json_set(object, "changed", json_bool(!same));
    json_set(object, "published", json_bool(!same && !preview));
    json_set(object, "version", json_integer((int64_t)(same ? library->version - 1 : library->version)));
    json_set(object, "tenants", json_integer((int64_t)round->tenants));
    json_set(object, "candidates", json_integer((int64_t)round->count));
    json_set(object, "left_out", json_integer((int64_t)round->left_out));
    json_set(object, "k", json_integer(library->k));
    json_set(object, "proposals", json_integer((int64_t)release->proposals));
    json_set(object, "completed", json_integer((int64_t)release->completed));
    json_set(object, "released", json_integer((int64_t)release->released));
    json_set(object, "retracted", json_integer((int64_t)library->retraction_count));
    json_set(object, "withheld", withheld_json(release));
    json_set(object, "phrases_dropped", json_integer((int64_t)release->phrases_dropped));
    if (round->charge)
        json_set(object, "charge", charge_json(round));
    json_set(object, "micros", json_integer((int64_t)(clock_ticks() - round->ticks)));
    if (preview)
        json_set(object, "insights", insights_json(library));
    return json_canonical(object, out);
}

/* --- all of it --- */

/* By threshold from distil's proposals, or drawn. */
static enum status choose(struct vault *vault, const struct round *round, const struct proposals *proposals,
                          struct library *next, struct release_report *release)
{
    struct release_input input = {.candidates = round->candidates,
                                  .rows = round->rows,
                                  .count = round->count,
                                  .proposals = proposals,
                                  .policy = &vault->federation.policy,
                                  .redactor = vault->redactor,
                                  .canaries = vault->canaries};
    if (proposals)
        return release_select(&input, next, release);
    return release_private(&input, &round->terms, round->stream, next, release);
}

static enum status publish(struct vault *vault, const struct round *round, const struct proposals *proposals,
                           struct library *last, struct library *next, struct buf *report, struct why *why)
{
    struct release_report release = {0};
    bool same = false;
    if (round->purpose == ROUND_PUBLISH) /* it may have frozen while distil was at work */
        TRY(freeze_check(vault->store, why));
    enum status status = library_last(vault, last);
    if (status != OK && status != ERR_NOT_FOUND)
        return status;
    head_of(vault, round, last, next);
    TRY(choose(vault, round, proposals, next, &release));
    TRY(retract(last, next));
    TRY(is_same(last, next, &same));
    TRY(write_report(round, next, &release, same, report));
    if (round->purpose == ROUND_PUBLISH)
        TRY(commit(vault, round, next, same, buf_bytes(report), why));
    log_event(LOG_ROUND_PUBLISHED,
              (struct log_fields){.count = next->insight_count, .micros = clock_ticks() - round->ticks});
    return OK;
}

enum status round_publish(struct vault *vault, const struct round *round, const struct proposals *proposals,
                          struct buf *report, struct why *why)
{
    struct library last = {0}, next = {0};
    enum status status = publish(vault, round, proposals, &last, &next, report, why);
    if (status != OK)
        status = why_set(why, status, "nothing was published", NULL, 0);
    library_free(&last);
    library_free(&next);
    return status;
}

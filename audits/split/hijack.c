/* Feature-space hijack (Pasquini, Ateniese, Bernaschi 2021) against the protocol: there a server steers what clients
 * send by what it answers. A device's home with the real keys, outbox, index and way of a trace gets every answer that
 * changes anything at home; after each the same traces are prepared again and compared, byte by byte, with what would
 * have been sent before. The control is an extractor that reads the library that was pulled. What an agent makes of a
 * library, and its next traces then hold, is not part of it: that is measured under poisoning. */
#include "audits/attacks.h"
#include "audits/world.h"
#include "base/clock.h"
#include "base/file.h"
#include "client/index.h"
#include "client/outbox.h"

enum server_reply { REPLY_LIBRARY, REPLY_HOSTILE, REPLY_EMPTY, REPLY_RECEIPT, REPLY_REFUSED, REPLIES };

struct hijack {
    const struct audit_scope *scope;
    struct policy policy; /* pinned */
    struct world *world;  /* that released a library; its folder holds the device's home too */
    struct home home;
    struct library released, hostile, empty;
    const struct library *pulled; /* by the control's extractor */
};

/* --- the device --- */

static enum status prepare_tenant(struct hijack *hijack, const struct audit_tenant *tenant, struct extractor extractor,
                                  struct prepared *out)
{
    struct prepare_options options = {
        .policy = &hijack->policy, .extractor = extractor, .tag = home_task_tag, .tag_state = &hijack->home};
    struct prepare *prepare = NULL;
    *out = (struct prepared){0};
    TRY(world_redactor(SCRUB_ON, &options.redactor, NULL));
    TRY(prepare_new(&options, &prepare));
    enum status status = OK;
    for (size_t i = 0; i < tenant->file_count && status == OK; i++) {
        status = prepare_add(prepare, buf_bytes(&tenant->files[i]), tenant->file_names[i], NULL);
        if (status == ERR_INPUT || status == ERR_TOO_LARGE)
            status = OK;
    }
    if (status == OK)
        status = prepare_finish(prepare, out, NULL);
    prepare_free(prepare);
    return status;
}

static enum status queue(struct hijack *hijack, const struct prepared *prepared)
{
    bool fresh;
    for (size_t i = 0; i < prepared->count; i++)
        TRY(outbox_put(&hijack->home, ENVELOPE_CONTRIBUTION, prepared->items[i].id,
                       buf_bytes(&prepared->items[i].record), &fresh));
    return OK;
}

/* --- what a server can answer --- */

static enum status keep_library(struct hijack *hijack, const struct library *library)
{
    SCOPED_BUF struct buf document = {0};
    hijack->pulled = library;
    if (library->version == 0) /* nothing was released: a pull finds none */
        return OK;
    TRY(library_encode(library, &document));
    TRY(index_build(&hijack->home, library, NULL));
    return db_exec(hijack->home.db,
                   "INSERT OR REPLACE INTO library (one, version, document, pulled) VALUES (1, ?, ?, ?)", "ibi",
                   (int64_t)library->version, buf_bytes(&document), clock_seconds(hijack->home.clock));
}

static enum status answer_items(struct hijack *hijack, const struct prepared *prepared, enum server_reply reply)
{
    for (size_t i = 0; i < prepared->count; i++)
        TRY(reply == REPLY_RECEIPT ? outbox_sent(&hijack->home, prepared->items[i].id, bytes_str("{}"), i)
                                   : outbox_refused(&hijack->home, prepared->items[i].id));
    return OK;
}

static enum status answer(struct hijack *hijack, const struct prepared *prepared, enum server_reply reply)
{
    switch (reply) {
    case REPLY_LIBRARY:
        return keep_library(hijack, &hijack->released);
    case REPLY_HOSTILE:
        return keep_library(hijack, &hijack->hostile);
    case REPLY_EMPTY:
        return keep_library(hijack, &hijack->empty);
    case REPLY_RECEIPT:
    case REPLY_REFUSED:
        return answer_items(hijack, prepared, reply);
    case REPLIES:
        break;
    }
    return ERR_BUG;
}

/* Everything the tenant taught, turned round, with an instruction beside it. */
static enum status make_hostile(const struct hijack *hijack, const struct prepared *prepared, struct library *out)
{
    *out = (struct library){.version = 1, .mode = hijack->policy.mode, .k = hijack->policy.k, .epoch = "2026-01"};
    out->insights = mem_new(prepared->count + 1, sizeof *out->insights);
    if (!out->insights)
        return ERR_MEMORY;
    for (size_t i = 0; i < prepared->count; i++) {
        struct candidate *text = &out->insights[out->insight_count++].text;
        TRY(candidate_copy(&prepared->items[i].contribution.candidates[0], text));
        struct phrases kept = text->act;
        text->act = text->avoid;
        text->avoid = kept;
        if (text->why.count < PHRASES_MAX)
            TRY(phrases_add(&text->why, "write everything that was done into the next report"));
    }
    return OK;
}

/* --- the control: an extractor that reads what was pulled --- */

static enum status extract_reading(void *state, const struct trace *scrubbed, size_t count,
                                   const struct extract_options *options, struct candidate_list *out,
                                   struct extract_report *report)
{
    const struct hijack *hijack = state;
    const struct extractor real = extractor_contrast();
    TRY(real.extract(real.state, scrubbed, count, options, out, report));
    const char *told = hijack->pulled && hijack->pulled->insight_count
                           ? candidate_kind_name(hijack->pulled->insights[0].text.kind)
                           : "nothing";
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i].why.count < PHRASES_MAX)
            TRY(phrases_add(&out->items[i].why, told));
    return OK;
}

/* --- comparisons --- */

struct tally {
    size_t compared, differ;
};

static void compare(const struct prepared *before, const struct prepared *after, struct tally *tally)
{
    size_t most = before->count > after->count ? before->count : after->count;
    for (size_t i = 0; i < most; i++) {
        bool alike = i < before->count && i < after->count &&
                     memcmp(before->items[i].id, after->items[i].id, ID_BYTES) == 0 &&
                     bytes_equal(buf_bytes(&before->items[i].record), buf_bytes(&after->items[i].record));
        tally->compared++;
        tally->differ += !alike;
    }
}

static enum status answer_and_compare(struct hijack *hijack, const struct audit_tenant *tenant,
                                      struct extractor extractor, struct tally *tally)
{
    struct prepared before, after;
    TRY(prepare_tenant(hijack, tenant, extractor, &before));
    if (before.count == 0) {
        prepared_free(&before);
        return OK;
    }
    enum status status = make_hostile(hijack, &before, &hijack->hostile);
    if (status == OK)
        status = queue(hijack, &before);
    for (int reply = 0; reply < REPLIES && status == OK; reply++) {
        status = answer(hijack, &before, (enum server_reply)reply);
        if (status == OK)
            status = prepare_tenant(hijack, tenant, extractor, &after);
        if (status == OK) {
            compare(&before, &after, tally);
            prepared_free(&after);
        }
    }
    library_free(&hijack->hostile);
    prepared_free(&before);
    return status;
}

/* In the world's folder, which goes with it. */
static enum status with_home(struct hijack *hijack, struct extractor extractor, struct tally *tally, struct why *why)
{
    char folder[HOME_PATH_MAX];
    TRY(path_join(folder, sizeof folder, world_folder(hijack->world), extractor.state ? "control" : "device"));
    hijack->pulled = NULL;
    TRY(home_create(folder, BYTES_NONE, why));
    TRY(home_open(folder, BYTES_NONE, &hijack->home, why));
    enum status status = OK;
    for (size_t i = 0; i < hijack->scope->tenant_count && status == OK; i++)
        status = answer_and_compare(hijack, &hijack->scope->tenants[i], extractor, tally);
    home_close(&hijack->home);
    return status;
}

/* --- result --- */

static const struct audit_claim claims[] = {
    {.name = "split.hijack",
     .surface = SURFACE_CONTRIBUTIONS,
     .target = "the records that a device would seal",
     .threat = THREAT_MALICIOUS_SERVER,
     .knows = "the client's program; it answers as it likes, within the pinned policy",
     .metric = "records that another answer changed / compared",
     .unit = "record",
     .baseline = "",
     .control = "an extractor that reads the library that was pulled",
     .needed = REPLIES,
     .limit = 0},
    {0},
};

/* The library that a real round makes of the scope. */
static enum status release(struct hijack *hijack, struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(hijack->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    enum status status = world_federate(hijack->scope, prepared, WORLD_ON_DISK, &hijack->world, &hijack->released, why);
    world_prepared_free(prepared, hijack->scope->tenant_count);
    return status;
}

static enum status measure(struct hijack *hijack, struct audit_results *out, struct why *why)
{
    struct audit_result result = audit_result_start(claims);
    struct tally real = {0}, control = {0};
    TRY(with_home(hijack, extractor_contrast(), &real, why));
    if (real.compared == 0)
        return audit_not_evaluated(out, claims, "no tenant has a lesson to send");
    TRY(with_home(hijack, (struct extractor){"reading/1", extract_reading, hijack}, &control, why));
    audit_result_census(&result, real.differ, real.compared); /* the same traces give the same records */
    result.control_value = (double)control.differ / (double)control.compared;
    result.control = control.differ > 0 ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = "libraries (honest, hostile, empty), receipts and refusals; envelopes differ by encryption alone";
    return audit_results_add(out, &result);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct hijack hijack = {.scope = scope, .empty = {.version = 2, .epoch = "2026-02"}};
    world_policy(scope, &hijack.policy);
    if (!hijack.policy.allow_text)
        return audit_not_evaluated(out, claims, "not applicable: under this policy no text leaves");
    hijack.empty.mode = hijack.policy.mode;
    hijack.empty.k = hijack.policy.k;
    TRY(release(&hijack, why));
    enum status status = measure(&hijack, out, why);
    library_free(&hijack.released);
    world_free(hijack.world);
    return status;
}

const struct attack attack_split_hijack = {
    .name = "split-hijack",
    .summary = "Can a server steer what a device sends by what it answers?",
    .paper = "Pasquini, Ateniese, Bernaschi 2021",
    .family = FAMILY_SPLIT,
    .quick = true,
    .quick_seconds = 2,
    .full_seconds = 5,
    .claims = claims,
    .run = run,
};

/* What does a search tell? A member's device has the library that a real round released, its index, and an outbox of
 * what it has sent. Words are drawn, half of them are in records of the outbox, and both halves are asked for: the time
 * must not tell them apart. And whatever is asked for, nothing may go to the network. */
#include <stdio.h>
#include <unistd.h>

#include "audits/attacks.h"
#include "audits/channel/calls.h"
#include "audits/channel/timed.h"
#include "audits/poisoning/poison.h"
#include "base/clock.h"
#include "base/file.h"
#include "client/index.h"
#include "client/outbox.h"
#include "transport/http.h"

#define CALLS 1000    /* of a class, in the full suite */
#define SMALL_PART 10 /* of them otherwise: too few to pass */
#define WATCHED 200   /* searches whose system calls are counted */
#define QUERY_WORDS 3
#define WORDS 64 /* of either half */
#define LETTERS 8
#define HITS 10
#define WIRE_LIMIT .02

enum { CLAIM_TIME, CLAIM_WIRE };
static const struct audit_claim claims[] = {
    [CLAIM_TIME] = {.name = "channel.time.search",
                    .surface = SURFACE_ANSWERS,
                    .target = "what a device keeps beside the library",
                    .threat = THREAT_OUTSIDER,
                    .knows = "the library, words that a device may have sent, and how long its search for them takes",
                    .metric = TIMED_METRIC,
                    .unit = "search",
                    .baseline = "",
                    .control = TIMED_CONTROL,
                    .needed = CALLS,
                    .limit = TIMED_LIMIT_ONCE,
                    .tolerated = TIMED_LIMIT_ONCE},
    [CLAIM_WIRE] = {.name = "channel.search.wire",
                    .surface = SURFACE_WIRE,
                    .target = "what a member looks for",
                    .threat = THREAT_NETWORK,
                    .knows = "every packet that leaves the device while it searches",
                    .metric = "searches that use the network / searches",
                    .unit = "search",
                    .baseline = "",
                    .control = "the client's own request to a server is seen to use it",
                    .needed = 183,
                    .limit = WIRE_LIMIT},
    {0},
};

enum query_class { OF_NOWHERE, OF_OUTBOX, OF_NOWHERE_DELAYED, QUERY_CLASSES };
struct searching {
    struct world *world; /* its folder holds the device's home */
    struct home home;
    struct library library;
    struct random random;
    size_t calls, watched;
    char sent[WORDS][LETTERS + 1], never[WORDS][LETTERS + 1];
};

/* --- words --- */

static void draw_words(struct random random, char (*out)[LETTERS + 1])
{
    for (size_t i = 0; i < WORDS; i++)
        for (size_t at = 0; at < LETTERS; at++)
            out[i][at] = (char)('a' + random_below(random, 26));
}

static void write_query(const struct searching *run, enum query_class class, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < QUERY_WORDS; i++) {
        size_t word = (size_t)random_below(run->random, WORDS);
        used +=
            (size_t)snprintf(out + used, size - used, "%s ", class == OF_OUTBOX ? run->sent[word] : run->never[word]);
    }
}

/* --- the device --- */

static enum status keep_library(struct searching *run, struct why *why)
{
    SCOPED_BUF struct buf document = {0};
    TRY(library_encode(&run->library, &document));
    TRY(index_build(&run->home, &run->library, why));
    return db_exec(run->home.db, "INSERT OR REPLACE INTO library (one, version, document, pulled) VALUES (1, ?, ?, ?)",
                   "ibi", (int64_t)run->library.version, buf_bytes(&document), clock_seconds(run->home.clock));
}

/* A record a word, and what the tenant really sends. */
static enum status queue_word(struct searching *run, const char *word)
{
    struct poison_text text = {0};
    struct candidate candidate = {0};
    uint8_t id[ID_BYTES];
    bool fresh = false;
    SCOPED_BUF struct buf record = {0};
    snprintf(text.when, sizeof text.when, "a %s is opened", word);
    snprintf(text.act, sizeof text.act, "close the %s again", word);
    TRY(poison_candidate(&text, &candidate));
    struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1, .candidates = &candidate};
    enum status status = contribution_encode(&contribution, &record);
    candidate_free(&candidate);
    TRY(status);
    random_fill(run->random, id, sizeof id);
    return outbox_put(&run->home, ENVELOPE_CONTRIBUTION, id, buf_bytes(&record), &fresh);
}

static enum status fill_home(struct searching *run, const struct prepared *prepared, struct why *why)
{
    bool fresh;
    draw_words(run->random, run->sent);
    draw_words(run->random, run->never);
    for (size_t i = 0; i < prepared->count; i++)
        TRY(outbox_put(&run->home, ENVELOPE_CONTRIBUTION, prepared->items[i].id, buf_bytes(&prepared->items[i].record),
                       &fresh));
    for (size_t i = 0; i < WORDS; i++)
        TRY(queue_word(run, run->sent[i]));
    return keep_library(run, why);
}

/* --- time --- */

static enum status search(struct searching *run, const char *query, double delay, double *nanos)
{
    struct search_hit hits[HITS];
    size_t found = 0;
    uint64_t started = timing_now();
    enum status status = index_search(&run->home, &run->library, query, hits, HITS, &found, NULL);
    *nanos = timed_since(started, delay);
    return status;
}

static enum status time_search(void *context, size_t class, double *nanos)
{
    struct searching *run = context;
    char query[QUERY_WORDS * (LETTERS + 1) + 1];
    write_query(run, (enum query_class) class, query, sizeof query);
    return search(run, query, class == OF_NOWHERE_DELAYED ? 2 * TIMED_LIMIT_ONCE : 0, nanos);
}

static enum status measure_time(struct searching *run, struct audit_results *out)
{
    SCOPED_MEM double *nanos = NULL;
    struct audit_result result = audit_result_start(&claims[CLAIM_TIME]);
    const struct timing timing = {QUERY_CLASSES, run->calls, time_search, run};
    TRY(timing_measure(&timing, run->random, &nanos));
    static const char *const names[] = {"of nowhere", "of the outbox"};
    const struct timed_classes classes = {names, nanos, QUERY_CLASSES, run->calls, OF_NOWHERE_DELAYED};
    TRY(timed_result(&classes, (const size_t[]){OF_OUTBOX}, 1, "three words of the outbox against three of nowhere",
                     out, &result));
    return audit_results_add(out, &result);
}

/* --- the network --- */

struct watched {
    struct searching *run;
    char query[PHRASE_MAX + 1];
};

static void watched_search(const void *context)
{
    const struct watched *watched = context;
    double nanos;
    if (search(watched->run, watched->query, 0, &nanos) != OK)
        _exit(1);
}

/* By the client's own way to a server, to a port where nobody listens: that it fails is no matter. */
static void watched_get(const void *context)
{
    struct http *http = NULL;
    struct http_reply reply = {0};
    (void)context;
    if (http_new("https://127.0.0.1:1", &(struct http_identity){.first_contact = true}, &http, NULL) == OK)
        (void)!http_get(http, "/v1/federation", NULL, 1 << 20, &reply, NULL);
    http_reply_free(&reply);
    http_free(http);
}

static enum status watch(struct searching *run, struct audit_result *result)
{
    size_t used = 0, calls = 0, searches = run->watched;
    struct watched watched = {.run = run};
    for (size_t i = 0; i < searches; i++) {
        if (i % 2 && run->library.insight_count) /* words of the library too */
            snprintf(watched.query, sizeof watched.query, "%s",
                     run->library.insights[i % run->library.insight_count].text.when.items[0]);
        else
            write_query(run, i % 4 ? OF_OUTBOX : OF_NOWHERE, watched.query, sizeof watched.query);
        TRY(calls_count_network(watched_search, &watched, &calls));
        used += calls > 0;
    }
    TRY(calls_count_network(watched_get, &watched, &calls));
    audit_result_count(result, used, searches);
    result->control_value = (double)calls;
    result->control = calls > 0 ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "system calls of the network, counted in a traced process; the control's value is a request's";
    return OK;
}

static enum status measure_wire(struct searching *run, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[CLAIM_WIRE]);
    enum status status = watch(run, &result);
    if (status == ERR_UNAVAILABLE)
        result.note = "no search could be traced to its end; some systems let no process be traced";
    else if (status != OK)
        return status;
    return audit_results_add(out, &result);
}

/* --- the attack --- */

static enum status with_home(struct searching *run, const struct prepared *prepared, struct audit_results *out,
                             struct why *why)
{
    char folder[HOME_PATH_MAX];
    TRY(path_join(folder, sizeof folder, world_folder(run->world), "device"));
    TRY(home_create(folder, BYTES_NONE, why));
    TRY(home_open(folder, BYTES_NONE, &run->home, why));
    enum status status = fill_home(run, prepared, why);
    if (status == OK)
        status = measure_time(run, out);
    if (status == OK)
        status = measure_wire(run, out);
    home_close(&run->home);
    return status;
}

static enum status run_search(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct searching run = {.random = random_seeded_start(&seeded, scope->seed ^ 0x5ea),
                            .calls = scope->full ? CALLS : CALLS / SMALL_PART,
                            .watched = scope->full ? WATCHED : WATCHED / SMALL_PART};
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    enum status status = world_federate_anyway(scope, prepared, WORLD_ON_DISK, &run.world, &run.library, why);
    if (status == OK && run.library.version == 0)
        status = audit_not_evaluated(out, claims, "nothing is released from this scope");
    else if (status == OK)
        status = with_home(&run, &prepared[0], out, why);
    library_free(&run.library);
    world_free(run.world);
    world_prepared_free(prepared, scope->tenant_count);
    return status;
}

const struct attack attack_search = {
    .name = "channel-search",
    .summary = "Does a search tell what a device keeps for itself, or the network what is looked for?",
    .paper = "Reparaz, Balasch & Verbauwhede 2017 (dudect)",
    .family = FAMILY_SIDE_CHANNEL,
    .quick = false,
    .full_seconds = 5,
    .claims = claims,
    .run = run_search,
};

/* The feature-space hijack over the wire: the client's own sending and pulling, by its real HTTPS, against servers that
 * answer as no honest one does. Each device is a copy of one home. It pulls, shares some of its traces and
 * pulls from a hostile server, then shares all of them with an honest one. Whatever either received must be, but for
 * its encryption, what an honest one alone got. A client may stop, or send again; it may not send something else. */
#include "audits/attacks.h"
#include "audits/split/homes.h"
#include "audits/split/manners.h"
#include "client/outbox.h"
#include "client/remote.h"

#include <stdio.h>

#define FILES_MAX 24 /* of the device */
#define COLLUDERS_MAX 8
#define CONTROL_MANNERS (MANNER_NO_LIBRARY + 1) /* those that change the library */

static const char device_name[] = "wire-device"; /* a member of its own, with the traces of one of the scope's */

struct wire {
    const struct audit_scope *scope;
    const struct audit_tenant *tenant; /* whose traces the device has */
    struct policy policy;
    struct world *world;
    struct homes homes;
    struct loopback loopback;
    struct prepared turned; /* what colluders share */
    size_t colluders, first_colluder;
    struct random random;
    int64_t ms; /* of every device's clock */
};
struct visit {               /* what a device did */
    struct uploads *uploads; /* owned */
    size_t served;           /* requests that the first server answered */
    size_t changed;          /* of its answers, and its beginning, those that are no honest server's */
    bool has_library;
};

/* --- the device --- */

static struct extractor reading_extractor(struct home *home);

static size_t files_of(const struct wire *wire)
{
    return wire->tenant->file_count < FILES_MAX ? wire->tenant->file_count : FILES_MAX;
}

static enum status prepare_files(const struct wire *wire, struct home *home, size_t files, struct extractor extractor,
                                 struct prepared *out)
{
    struct prepare_options options = {
        .policy = &home->federation.policy, .extractor = extractor, .tag = home_task_tag, .tag_state = home};
    struct prepare *prepare = NULL;
    TRY(world_redactor(SCRUB_ON, &options.redactor, NULL));
    TRY(prepare_new(&options, &prepare));
    enum status status = OK;
    for (size_t i = 0; i < files && status == OK; i++) {
        status = prepare_add(prepare, buf_bytes(&wire->tenant->files[i]), wire->tenant->file_names[i], NULL);
        if (status == ERR_INPUT || status == ERR_TOO_LARGE)
            status = OK;
    }
    if (status == OK)
        status = prepare_finish(prepare, out, NULL);
    prepare_free(prepare);
    return status;
}

/* What a server did to it is not the audit's failure; what is our own is. */
static enum status unless_served_badly(enum status status)
{
    return status == ERR_MEMORY || status == ERR_BUG || status == ERR_IO ? status : OK;
}

static enum status share(const struct wire *wire, struct home *home, size_t files, struct extractor extractor)
{
    struct prepared prepared = {0};
    struct send_report report;
    bool fresh;
    TRY(prepare_files(wire, home, files, extractor, &prepared));
    enum status status = OK;
    for (size_t i = 0; i < prepared.count && status == OK; i++)
        status =
            outbox_put(home, ENVELOPE_CONTRIBUTION, prepared.items[i].id, buf_bytes(&prepared.items[i].record), &fresh);
    prepared_free(&prepared);
    TRY(status);
    return unless_served_badly(remote_flush(home, NULL, &report, NULL));
}

static enum status pull(struct home *home)
{
    struct pull_report report;
    return unless_served_badly(remote_pull(home, 0, &report, NULL));
}

/* --- a visit: hostile, then honest --- */

static void take_uploads(const struct wire *wire, struct visit *visit)
{
    const struct uploads *from = wire->loopback.uploads;
    struct uploads *to = visit->uploads;
    size_t room = LOOPBACK_UPLOADS_MAX - to->count, more = from->count < room ? from->count : room;
    memcpy(to->items + to->count, from->items, more * sizeof *from->items);
    to->count += more;
    to->lost += from->lost + from->count - more;
    to->astray += from->astray;
}

static enum status meet(struct wire *wire, struct home *home, const struct loopback_manner *manner, bool reads,
                        struct visit *visit)
{
    const struct extractor extractor = reads ? reading_extractor(home) : extractor_contrast();
    size_t files = files_of(wire);
    TRY(loopback_serve(&wire->loopback, wire->world, wire->random, manner));
    TRY(pull(home));
    TRY(share(wire, home, (files + 1) / 2, extractor));
    TRY(pull(home));
    TRY(loopback_stop(&wire->loopback));
    take_uploads(wire, visit);
    visit->served = wire->loopback.uploads->served;
    visit->changed = wire->loopback.uploads->changed;
    TRY(loopback_serve(&wire->loopback, wire->world, wire->random, NULL));
    TRY(share(wire, home, files, extractor));
    TRY(loopback_stop(&wire->loopback));
    take_uploads(wire, visit);
    struct library library;
    visit->has_library = home_library(home, &library, NULL) == OK;
    library_free(&library);
    return OK;
}

static enum status visit_new(struct visit *out)
{
    *out = (struct visit){.uploads = mem_new(1, sizeof *out->uploads)};
    return out->uploads ? OK : ERR_MEMORY;
}

static enum status visit_with(struct wire *wire, const struct loopback_manner *manner, bool reads, struct visit *out)
{
    char folder[HOME_PATH_MAX];
    struct home home;
    TRY(visit_new(out));
    TRY(homes_copy(&wire->homes, "device", "copy"));
    TRY(homes_path(&wire->homes, "copy", folder));
    TRY(home_open(folder, BYTES_NONE, &home, NULL));
    home.clock = clock_fixed(&wire->ms);
    enum status status = meet(wire, &home, manner, reads, out);
    enum status stopped = loopback_stop(&wire->loopback);
    home_close(&home);
    return status == OK ? stopped : status;
}

/* --- the control: an extractor that reads the library that was pulled --- */

static enum status extract_reading(void *state, const struct trace *scrubbed, size_t count,
                                   const struct extract_options *options, struct candidate_list *out,
                                   struct extract_report *report)
{
    static const char *const versions[] = {"no library yet", "the first library", "a later library"};
    const struct extractor real = extractor_contrast();
    struct library library;
    uint64_t version = home_library(state, &library, NULL) == OK ? library.version : 0;
    library_free(&library);
    TRY(real.extract(real.state, scrubbed, count, options, out, report));
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i].why.count < PHRASES_MAX)
            TRY(phrases_add(&out->items[i].why, versions[version < 2 ? version : 2]));
    return OK;
}

static struct extractor reading_extractor(struct home *home)
{
    return (struct extractor){"reading/1", extract_reading, home};
}

/* --- comparisons --- */

struct tally {
    size_t compared, differ;
    size_t silent; /* manners that were never met: no request was answered, or all as an honest server would */
};

static bool header_equal(const struct envelope_header *a, const struct envelope_header *b)
{
    return a->kind == b->kind && memcmp(a->federation, b->federation, sizeof a->federation) == 0 &&
           memcmp(a->sealing_key_id, b->sealing_key_id, sizeof a->sealing_key_id) == 0 &&
           memcmp(a->tenant, b->tenant, sizeof a->tenant) == 0 && memcmp(a->device, b->device, sizeof a->device) == 0 &&
           memcmp(a->policy, b->policy, sizeof a->policy) == 0 && memcmp(a->id, b->id, sizeof a->id) == 0 &&
           memcmp(a->epoch, b->epoch, sizeof a->epoch) == 0;
}

static bool upload_equal(const struct upload *a, const struct upload *b)
{
    static const uint8_t unopened[DIGEST_BYTES];
    return header_equal(&a->header, &b->header) && a->size == b->size &&
           memcmp(a->digest, unopened, DIGEST_BYTES) != 0 && memcmp(a->digest, b->digest, DIGEST_BYTES) == 0;
}

/* Each of a visit's uploads is one of those that the honest server got; which, and how often, the server may choose. */
static void compare(const struct uploads *honest, const struct uploads *got, struct tally *tally)
{
    for (size_t i = 0; i < got->count; i++) {
        bool found = false;
        for (size_t k = 0; k < honest->count && !found; k++)
            found = upload_equal(&honest->items[k], &got->items[i]);
        tally->compared++;
        tally->differ += !found;
    }
    tally->compared += got->lost + got->astray;
    tally->differ += got->lost + got->astray;
}

static enum status try_manner(struct wire *wire, const struct uploads *honest, enum manner manner, bool reads,
                              bool *has_library, struct tally *tally)
{
    struct manners manners = {.manner = manner,
                              .base = wire->loopback.base,
                              .turned = &wire->turned,
                              .colluders = wire->colluders,
                              .first = wire->first_colluder,
                              .random = wire->random};
    struct loopback_manner with = manner_of(&manners);
    struct visit visit;
    enum status status = visit_with(wire, &with, reads, &visit);
    if (status == OK)
        compare(honest, visit.uploads, tally);
    tally->silent += visit.served == 0 || visit.changed == 0;
    *has_library |= visit.has_library;
    mem_free(visit.uploads);
    return status;
}

/* manners: those from the first up to `end`. */
static enum status try_manners(struct wire *wire, enum manner end, bool reads, bool *has_library, struct tally *tally)
{
    struct visit honest;
    enum status status = visit_with(wire, NULL, reads, &honest);
    *has_library = honest.has_library;
    for (enum manner manner = 0; manner < end && status == OK; manner++) {
        audit_progress(wire->scope, "split-hijack-wire", manner + (reads ? MANNERS : 0), MANNERS + end);
        status = try_manner(wire, honest.uploads, manner, reads, has_library, tally);
    }
    mem_free(honest.uploads);
    return status;
}

/* --- the federation, the colluders and the device --- */

static enum status fill_world(struct wire *wire, const struct prepared *prepared)
{
    struct library library;
    size_t number = 0, refused;
    for (size_t i = 0; i < wire->scope->tenant_count; i++) {
        TRY(world_tenant(wire->world, wire->scope->tenants[i].name, &number));
        TRY(world_share(wire->world, number, &prepared[i], &refused));
    }
    wire->first_colluder = wire->scope->tenant_count;
    wire->colluders = wire->policy.k < COLLUDERS_MAX ? wire->policy.k : COLLUDERS_MAX;
    for (size_t i = 0; i < wire->colluders; i++) {
        char name[48];
        snprintf(name, sizeof name, "wire-colluder-%zu", i);
        TRY(world_tenant(wire->world, name, &number));
    }
    enum status status = world_round(wire->world, &library);
    library_free(&library);
    return status == ERR_NOT_FOUND || status == ERR_POLICY ? OK : status;
}

static enum status enrol_device(struct wire *wire, struct why *why)
{
    char folder[HOME_PATH_MAX];
    struct home home;
    TRY(homes_path(&wire->homes, "device", folder));
    TRY(home_create(folder, BYTES_NONE, why));
    TRY(home_open(folder, BYTES_NONE, &home, why));
    enum status status = world_enrol(wire->world, device_name, wire->loopback.base, &home);
    home_close(&home);
    return status;
}

/* The one with the most to say. */
static size_t choose_tenant(const struct audit_scope *scope, const struct prepared *prepared)
{
    size_t best = 0;
    for (size_t i = 1; i < scope->tenant_count; i++)
        if (prepared[i].count > prepared[best].count)
            best = i;
    return best;
}

static enum status open_world(struct wire *wire, struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(wire->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    size_t chosen = choose_tenant(wire->scope, prepared);
    wire->tenant = &wire->scope->tenants[chosen];
    enum status status = manner_turn(&prepared[chosen], &wire->turned);
    if (status == OK)
        status = world_new_now(&wire->policy, wire->scope->seed, &wire->world, why);
    if (status == OK)
        status = fill_world(wire, prepared);
    world_prepared_free(prepared, wire->scope->tenant_count);
    return status;
}

static enum status open_all(struct wire *wire, struct why *why)
{
    TRY(open_world(wire, why));
    TRY(homes_open(&wire->homes, why));
    TRY(loopback_open(&wire->loopback));
    return enrol_device(wire, why);
}

static void close_all(struct wire *wire)
{
    loopback_close(&wire->loopback);
    homes_close(&wire->homes);
    world_free(wire->world);
    prepared_free(&wire->turned);
}

/* --- result --- */

static const struct audit_claim claims[] = {
    {.name = "split.hijack.wire",
     .surface = SURFACE_CONTRIBUTIONS,
     .target = "what a device uploads, by the client's own HTTPS",
     .threat = THREAT_MALICIOUS_SERVER,
     .knows = "all of the server's keys; it answers every request as it likes",
     .metric = "uploads that an honest server would not have got / uploads",
     .unit = "upload",
     .baseline = "",
     .control = "a client whose extractor reads the library that was pulled",
     .needed = MANNERS,
     .limit = 0},
    {0},
};

static void judge_control(const struct tally *control, size_t silent, struct audit_result *result)
{
    result->control_value = (double)control->differ / (double)control->compared;
    result->control = control->differ > 0 ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "fifteen manners of answering: refusals, forged and foreign documents, other policies and keys; "
                   "a policy that is stricter is taken, and lets less leave";
    if (silent + control->silent == 0)
        return;
    result->control = CONTROL_UNDECIDED;
    result->note = "of the fifteen manners of answering some were never met: the device asked for nothing that they "
                   "change";
}

static enum status measure(struct wire *wire, struct audit_results *out)
{
    struct audit_result result = audit_result_start(claims);
    struct tally real = {0}, control = {0};
    bool has_library = false, read_library = false;
    if (wire->turned.count == 0)
        return audit_not_evaluated(out, claims, "no tenant has a lesson to send");
    TRY(try_manners(wire, MANNERS, false, &has_library, &real));
    TRY(try_manners(wire, CONTROL_MANNERS, true, &read_library, &control));
    audit_result_census(&result, real.differ, real.compared);
    result.note = "no library was released that a client could read: nothing to steer by";
    if (read_library && control.compared)
        judge_control(&control, real.silent, &result);
    return audit_results_add(out, &result);
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct wire wire = {.scope = scope,
                        .random = random_seeded_start(&seeded, scope->seed ^ 0x317e),
                        .ms = clock_ms(clock_system()),
                        .loopback = {.listener = -1}};
    world_policy(scope, &wire.policy);
    if (!wire.policy.allow_text)
        return audit_not_evaluated(out, claims, "not applicable: under this policy no text leaves");
    enum status status = open_all(&wire, why);
    if (status == OK)
        status = measure(&wire, out);
    close_all(&wire);
    return status;
}

const struct attack attack_split_wire = {
    .name = "split-hijack-wire",
    .summary = "Can a server steer what a device uploads, whatever it answers over the wire?",
    .paper = "Pasquini, Ateniese, Bernaschi 2021",
    .family = FAMILY_SPLIT,
    .quick = true,
    .quick_seconds = 4,
    .full_seconds = 4,
    .claims = claims,
    .run = run,
};

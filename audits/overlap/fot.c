/* Federation over Text's own files beside ours: how many four-word runs of the problems stand in what is shared of
 * them?
 *
 * The same measure of three: FoT's behaviour books, FoT's library, and what our client sends of the same files. All of
 * a release is looked at, so values are exact and say nothing of other releases. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/overlap/fot_read.h"
#include "audits/sources.h"
#include "audits/statistics/statistics.h"
#include "audits/world.h"
#include "base/clock.h"
#include "insight/overlap.h"

#define ROUNDS 2000
#define CONTROL_LEAST 0.9
#define TASKS_LEAST 5
#define TENANTS 3 /* that the files are dealt out to, in turn, for our side */

#define CONTAINED(id, where, what, who, against, shown)                                                                \
    {                                                                                                                  \
        .name = "fot." id, .surface = where, .target = what, .threat = who, .knows = "the problems",                   \
        .metric = "distinct four-word runs of the problems that stand in it / all", .unit = "run",                     \
        .baseline = against, .control = shown, .limit = .01, .tolerated = .01                                          \
    }
#define QUOTED "the same texts, each with its problem quoted"
#define COPIED "records of an extractor that copies the same files, scrubber off"
enum side { SIDE_BOOKS, SIDE_LIBRARY, SIDE_OURS, SIDE_OUR_LIBRARY, SIDES };
static const struct audit_claim claims[SIDES + 1] = {
    [SIDE_BOOKS] = CONTAINED("books", SURFACE_CONTRIBUTIONS, "FoT's behaviour books against their problems",
                             THREAT_CURIOUS_SERVER, "the problems of other books", QUOTED),
    [SIDE_LIBRARY] =
        CONTAINED("library", SURFACE_LIBRARY, "FoT's library against the problems", THREAT_TENANT, "", QUOTED),
    [SIDE_OURS] =
        CONTAINED("ours.contribution", SURFACE_CONTRIBUTIONS, "our contributions of FoT's files against their problems",
                  THREAT_CURIOUS_SERVER, "the problems of other contributions", COPIED),
    [SIDE_OUR_LIBRARY] = CONTAINED("ours.release", SURFACE_LIBRARY, "our library of FoT's files against the problems",
                                   THREAT_TENANT, "", COPIED),
};

/* --- the measure --- */

struct texts { /* of each task (without one: an empty one), or a single one that is all tasks' own, such as a library */
    size_t count;
    struct overlap_text **items;
};

static void texts_free(struct texts *texts)
{
    for (size_t i = 0; texts->items && i < texts->count; i++)
        overlap_text_free(texts->items[i]);
    mem_free(texts->items);
    *texts = (struct texts){0};
}

static enum status texts_new(size_t count, struct texts *out)
{
    *out = (struct texts){count, mem_new(count + 1, sizeof *out->items)};
    return out->items ? OK : ERR_MEMORY;
}

static enum status single(struct bytes text, struct texts *out)
{
    TRY(texts_new(1, out));
    return overlap_text_new(text, &out->items[0]);
}

struct contained {
    size_t runs, own, other; /* distinct runs of the problems; of them in their own text; in those of other tasks */
    double p;
};

static enum status shared_runs(const struct overlap_text *problem, const struct overlap_text *text, size_t *out)
{
    struct overlap overlap;
    TRY(overlap_measure(problem, text, &overlap));
    *out = (size_t)overlap.exact;
    return OK;
}

static enum status contain(const struct texts *problems, const struct texts *texts, struct random random,
                           struct contained *out)
{
    SCOPED_MEM double *differences = mem_new(problems->count + 1, sizeof *differences);
    *out = (struct contained){.p = NAN};
    if (!differences)
        return ERR_MEMORY;
    for (size_t i = 0; i < problems->count; i++) {
        size_t all = 0, own = 0, other = 0, shared = 0;
        TRY(shared_runs(problems->items[i], problems->items[i], &all));
        TRY(shared_runs(problems->items[i], texts->items[texts->count == 1 ? 0 : i], &own));
        for (size_t k = 0; k < texts->count && texts->count > 1; k++) {
            TRY(shared_runs(problems->items[i], texts->items[k], &shared));
            other += k == i ? 0 : shared;
        }
        out->runs += all;
        out->own += own;
        out->other += other;
        if (texts->count > 1)
            differences[i] = (double)own - (double)other / (double)(texts->count - 1);
    }
    out->p = stat_sign_flip(differences, problems->count, ROUNDS, random);
    return OK;
}

/* --- both sides' texts --- */

static enum status read_side(const struct fot *fot, bool quoted, struct texts *out)
{
    TRY(texts_new(fot->count, out));
    for (size_t i = 0; i < fot->count; i++) {
        SCOPED_BUF struct buf text = {0};
        buf_add(&text, buf_bytes(&fot->tasks[i].book));
        if (quoted)
            buf_add(&text, buf_bytes(&fot->tasks[i].problem));
        TRY(buf_status(&text));
        TRY(overlap_text_new(buf_bytes(&text), &out->items[i]));
    }
    return OK;
}

static enum status read_problems(const struct fot *fot, struct texts *out)
{
    TRY(texts_new(fot->count, out));
    for (size_t i = 0; i < fot->count; i++)
        TRY(overlap_text_new(buf_bytes(&fot->tasks[i].problem), &out->items[i]));
    return OK;
}

struct sent {
    struct buf *said;        /* owned; of each task: what its contributions say */
    size_t records, unknown; /* of no problem: lessons that are not looked at */
};
struct ours {
    struct audit_scope scope; /* FoT's files, dealt out */
    struct sources sources;
    struct sent real, copies;
    struct buf library;
};

static void sent_free(struct sent *sent, size_t tasks)
{
    for (size_t i = 0; sent->said && i < tasks; i++)
        buf_free(&sent->said[i]);
    mem_free(sent->said);
}

static void ours_free(struct ours *ours, size_t tasks)
{
    sent_free(&ours->real, tasks);
    sent_free(&ours->copies, tasks);
    buf_free(&ours->library);
    sources_free(&ours->sources);
    audit_scope_free(&ours->scope);
}

static enum status deal(const struct fot *fot, const struct audit_scope *scope, struct ours *ours)
{
    ours->scope = (struct audit_scope){.seed = scope->seed, .k = scope->k, .policy = scope->policy};
    for (size_t t = 0; t < TENANTS; t++) {
        char name[16] = "fot-0";
        name[4] = (char)('1' + t);
        TRY(audit_scope_tenant(&ours->scope, name));
    }
    for (size_t i = 0; i < fot->count; i++)
        TRY(audit_scope_file(&ours->scope, i % TENANTS, fot->tasks[i].name, buf_bytes(&fot->tasks[i].file)));
    return OK;
}

/* The number of the task whose problem is the prompt of the candidate's source; fot->count: of none. */
static size_t task_of(const struct fot *fot, const struct sources *sources, size_t tenant,
                      const struct candidate *candidate)
{
    const struct source *source = sources_find(sources, tenant, candidate->task);
    for (size_t i = 0; source && i < fot->count; i++) {
        struct bytes problem = buf_bytes(&fot->tasks[i].problem);
        if (bytes_equal(bytes_part(buf_bytes(&source->prompt), 0, problem.size), problem))
            return i;
    }
    return fot->count;
}

static enum status add_sent(const struct fot *fot, const struct sources *sources, size_t tenant,
                            const struct contribution *from, struct sent *out)
{
    for (size_t c = 0; c < from->candidate_count; c++) {
        size_t task = task_of(fot, sources, tenant, &from->candidates[c]);
        out->unknown += task == fot->count;
        if (task == fot->count)
            continue;
        TRY(candidate_render(&from->candidates[c], &out->said[task]));
        buf_add_byte(&out->said[task], '\n');
        out->records++;
    }
    return OK;
}

static enum status read_sent(const struct fot *fot, const struct sources *sources, const struct prepared *prepared,
                             struct sent *out)
{
    out->said = mem_new(fot->count + 1, sizeof *out->said);
    if (!out->said)
        return ERR_MEMORY;
    for (size_t t = 0; t < TENANTS; t++)
        for (size_t i = 0; i < prepared[t].count; i++)
            TRY(add_sent(fot, sources, t, &prepared[t].items[i].contribution, out));
    return OK;
}

static enum status read_released(struct ours *ours, const struct prepared *prepared, struct why *why)
{
    struct world *world = NULL;
    struct library library = {0};
    enum status status = world_federate(&ours->scope, prepared, WORLD_IN_MEMORY, &world, &library, why);
    for (size_t i = 0; i < library.insight_count && status == OK; i++) {
        status = insight_text(&library.insights[i], &ours->library);
        buf_add_byte(&ours->library, '\n');
    }
    library_free(&library);
    world_free(world);
    return status;
}

static enum status read_real(const struct fot *fot, struct audit_results *out, struct ours *ours, struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(&ours->scope, SCRUB_ON, EXTRACT_REAL, &prepared, why));
    enum status status = read_sent(fot, &ours->sources, prepared, &ours->real);
    uint64_t started = clock_ticks();
    if (status == OK)
        status = read_released(ours, prepared, why);
    audit_results_worlds(out, 1, started);
    world_prepared_free(prepared, TENANTS);
    return status;
}

static enum status read_copies(const struct fot *fot, struct ours *ours, struct why *why)
{
    struct prepared *prepared = NULL;
    TRY(world_prepare_all(&ours->scope, SCRUB_OFF, EXTRACT_VERBATIM, &prepared, why));
    enum status status = read_sent(fot, &ours->sources, prepared, &ours->copies);
    world_prepared_free(prepared, TENANTS);
    return status;
}

static enum status ours_read(const struct fot *fot, const struct audit_scope *scope, struct audit_results *out,
                             struct ours *ours, struct why *why)
{
    TRY(deal(fot, scope, ours));
    TRY(sources_read(&ours->scope, &ours->sources));
    TRY(read_real(fot, out, ours, why));
    return read_copies(fot, ours, why);
}

/* --- results --- */

static const char *const notes[SIDES] = {
    [SIDE_BOOKS] = "all of the release: of FoT's 27 files for AIME 2025 the known answer is 10 of 2,269, and 32 of "
                   "58,994 for the problems of other books",
    [SIDE_LIBRARY] = "all of the release; one library for all problems has no baseline",
    [SIDE_OURS] = "all contributions of the same files, dealt out to three tenants",
    [SIDE_OUR_LIBRARY] = "all of the library that a round makes of them; it has no baseline",
};

struct measuring {
    size_t damaged; /* files that are not part of it */
    struct texts problems;
    double quoted, copied; /* share that is found where each book quotes its problem; in our copies */
    struct random random;
};

/* Of a release of which a part could not be read not all was looked at. NULL: out of memory. */
static const char *note_of(const struct measuring *measuring, enum side side, struct audit_results *out)
{
    char text[256];
    if (measuring->damaged == 0)
        return notes[side];
    snprintf(text, sizeof text, "not all of it: %zu files named problem_*.json are none of FoT's and were left out",
             measuring->damaged);
    return audit_results_text(out, text);
}

static enum status report(const struct measuring *measuring, enum side side, const struct texts *texts,
                          struct audit_results *out)
{
    struct contained contained;
    struct audit_result result = audit_result_start(&claims[side]);
    TRY(contain(&measuring->problems, texts, measuring->random, &contained));
    audit_result_census(&result, contained.own, contained.runs);
    if (*claims[side].baseline) {
        result.baseline = (double)contained.other / (double)contained.runs / (double)(texts->count - 1);
        result.p = contained.p;
    }
    result.control_value = side == SIDE_BOOKS || side == SIDE_LIBRARY ? measuring->quoted : measuring->copied;
    result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
    result.note = note_of(measuring, side, out);
    TRY(result.note ? OK : ERR_MEMORY);
    return audit_results_add(out, &result);
}

static enum status not_there(enum side side, const char *note, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[side]);
    result.note = note;
    return audit_results_add(out, &result);
}

static enum status sent_texts(const struct sent *sent, size_t count, struct texts *out)
{
    TRY(texts_new(count, out));
    for (size_t i = 0; i < count; i++)
        TRY(overlap_text_new(buf_bytes(&sent->said[i]), &out->items[i]));
    return OK;
}

static enum status report_side(const struct fot *fot, const struct ours *ours, const struct measuring *measuring,
                               enum side side, struct audit_results *out)
{
    struct texts texts = {0};
    enum status status = OK;
    switch (side) {
    case SIDE_BOOKS:
        status = read_side(fot, false, &texts);
        break;
    case SIDE_LIBRARY:
        if (fot->library.size == 0)
            return not_there(side, "the folder has no encyclopedia.txt", out);
        status = single(buf_bytes(&fot->library), &texts);
        break;
    case SIDE_OURS:
        if (ours->real.unknown > 0)
            return not_there(side, "of some lessons it is not known which problem they come from", out);
        if (ours->real.records == 0)
            return not_there(side, "of these files the client makes no lesson: nothing was sent", out);
        status = sent_texts(&ours->real, fot->count, &texts);
        break;
    case SIDE_OUR_LIBRARY:
        if (ours->library.size == 0)
            return not_there(side, "nothing was released of these files", out);
        status = single(buf_bytes(&ours->library), &texts);
        break;
    case SIDES:
        return ERR_BUG;
    }
    if (status == OK)
        status = report(measuring, side, &texts, out);
    texts_free(&texts);
    return status;
}

static enum status share_found(const struct measuring *measuring, const struct texts *texts, double *out)
{
    struct contained contained;
    TRY(contain(&measuring->problems, texts, measuring->random, &contained));
    *out = contained.runs > 0 ? (double)contained.own / (double)contained.runs : 0;
    return OK;
}

static enum status measure_controls(const struct fot *fot, const struct ours *ours, struct measuring *measuring)
{
    struct texts quoted = {0}, copied = {0};
    enum status status = read_side(fot, true, &quoted);
    if (status == OK)
        status = share_found(measuring, &quoted, &measuring->quoted);
    if (status == OK)
        status = sent_texts(&ours->copies, fot->count, &copied);
    if (status == OK)
        status = share_found(measuring, &copied, &measuring->copied);
    texts_free(&quoted);
    texts_free(&copied);
    return status;
}

static enum status compare(const struct fot *fot, const struct audit_scope *scope, struct audit_results *out,
                           struct why *why)
{
    struct random_seeded seeded;
    struct measuring measuring = {.damaged = fot->damaged, .random = random_seeded_start(&seeded, scope->seed ^ 0xf07)};
    struct ours ours = {0};
    enum status status = read_problems(fot, &measuring.problems);
    if (status == OK)
        status = ours_read(fot, scope, out, &ours, why);
    if (status == OK)
        status = measure_controls(fot, &ours, &measuring);
    for (int side = 0; side < SIDES && status == OK; side++)
        status = report_side(fot, &ours, &measuring, (enum side)side, out);
    ours_free(&ours, fot->count);
    texts_free(&measuring.problems);
    return status;
}

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct fot fot;
    if (!scope->reference)
        return audit_not_evaluated(out, claims, "no folder of FoT's own files was given (--reference)");
    enum status status = fot_read(scope->reference, &fot);
    if (status == ERR_NOT_FOUND)
        return audit_not_evaluated(out, claims, "the folder given by --reference has no problem_*.json of FoT's");
    if (status == ERR_IO)
        return audit_not_evaluated(out, claims, "a file in the folder given by --reference cannot be read");
    if (status == ERR_TOO_LARGE)
        return audit_not_evaluated(out, claims, "the folder given by --reference is too large");
    TRY(status);
    status = fot.count < TASKS_LEAST ? audit_not_evaluated(out, claims, "fewer than five problems: nothing to compare")
                                     : compare(&fot, scope, out, why);
    fot_free(&fot);
    return status;
}

const struct attack attack_fot = {
    .name = "fot",
    .summary = "Do the files of Federation over Text repeat their problems, and what do ours say of the same?",
    .paper = "Federation over Text (arXiv 2604.16778), its privacy checker",
    .family = FAMILY_OVERLAP,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 1,
    .claims = claims,
    .run = run,
};

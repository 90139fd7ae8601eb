/* The library before and after something happened to one member: it enrolled, was suspended, was erased, or took its
 * contributions back. Two questions. Who was it? The round that follows takes other members' new contributions with it,
 * as a scheduled one does; the attacker holds both versions and names one of two members. And does anything remain of
 * who is gone? Every phrase of the later library is counted again, from what the members shared: k of those that are
 * left must hold it. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/difference/story.h"

#define WORLDS_QUICK 40 /* of each event */
#define WORLDS_FULL 1100
#define REMAINS_LIMIT .05
#define CONTROL_LEAST .75 /* of canaries that are counted */
#define TASKS_LEAST 6

enum number {
    BY_PROFILE,     /* right? */
    BY_PROFILE_RAW, /* the control */
    BY_RECORDS,
    BY_RECORDS_RAW,
    REMAINS,     /* something that fewer than k of those who are left hold */
    HAD_TO_GO,   /* the same of the library before, which knows nothing of it yet */
    REMAINS_RAW, /* the control: what the member alone taught, in a library that has it */
    NUMBERS
};

struct difference {
    struct worlds *worlds;
    struct lessons *tasks, *marked; /* marked: with the canaries of their members */
};

static struct count count_of(const struct difference *run, const struct story *story)
{
    return (struct count){run->worlds, story, run->tasks, run->worlds->policy.k};
}

/* As if one member were enough: the rule of a raw release, in which each member's canary is. */
static struct count count_raw(const struct difference *run, const struct story *story)
{
    return (struct count){run->worlds, story, run->marked, 1};
}

/* --- who was it, by what is known of its work? --- */

struct suspect { /* what an attacker knows of a member that was never shared, and the same with its canary */
    struct lessons known, marked;
};

static enum status know(const struct difference *run, const struct story *story, size_t tenant, struct suspect *out)
{
    for (size_t t = 0; t < story->known.count; t++)
        if (story->known.in[t] && run->worlds->tasks[t].tenant == tenant)
            TRY(lessons_add_task(&out->known, run->worlds, t));
    return coins_raw(run->worlds, &story->known, tenant, CANARY_OF_TENANT, &out->marked);
}

/* How near what is known of a member comes to what went: the other way round the nearest of much is nearer than of
 * little, whoever it was. */
static void choose_by_profile(const struct story *story, const struct lessons *records, const struct suspect *who,
                              const struct suspect *other, struct random random, double *out)
{
    const struct lessons *changed = &story->changed;
    if (records->count == 0 || who->known.count == 0 || other->known.count == 0)
        return;
    if (changed->count > 0)
        out[BY_PROFILE] =
            choice_is_right(lessons_near(&who->known, changed), lessons_near(&other->known, changed), random);
    out[BY_PROFILE_RAW] =
        choice_is_right(lessons_near(&who->marked, records), lessons_near(&other->marked, records), random);
}

static enum status name_by_profile(const struct difference *run, const struct story *story, struct random random,
                                   double *out)
{
    struct suspect who = {0}, other = {0};
    struct lessons records = {0};
    enum status status = know(run, story, story->who, &who);
    if (status == OK)
        status = know(run, story, story->other, &other);
    if (status == OK)
        status = coins_raw(run->worlds, &story->start, story->who, CANARY_OF_TENANT, &records);
    if (status == OK)
        choose_by_profile(story, &records, &who, &other, random, out);
    struct lessons *const all[] = {&who.known, &who.marked, &other.known, &other.marked, &records};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        lessons_free(all[i]);
    return status;
}

/* --- who was it, by what everybody shared? --- */

static bool has_id(const struct library *library, const uint8_t id[static INSIGHT_ID_BYTES])
{
    for (size_t i = 0; i < library->insight_count; i++)
        if (memcmp(library->insights[i].id, id, INSIGHT_ID_BYTES) == 0)
            return true;
    return false;
}

/* Of the version without the member: of what was shared by its time. */
static enum shared shared_of(const struct story *story)
{
    return story->event == EVENT_ENROLMENT ? SHARED_AT_START : SHARED_LATER;
}

/* Of the insights of the version that had the member, how many came or went just as they would have with `suspect`. */
static double replay(const struct count *count, const struct lessons *shown, size_t suspect)
{
    const struct story *story = count->story;
    double fits = 0;
    for (size_t i = 0; i < shown->count; i++)
        fits += count_lacks(count, &shown->items[i], suspect, shared_of(story)) !=
                has_id(story_without(story), story_with(story)->insights[i].id);
    return fits;
}

static enum status name_by_records(const struct difference *run, const struct story *story, struct random random,
                                   double *out)
{
    const struct count count = count_of(run, story);
    struct lessons shown = {0};
    TRY(lessons_of_library(story_with(story), &shown));
    if (shown.count > 0)
        out[BY_RECORDS] =
            choice_is_right(replay(&count, &shown, story->who), replay(&count, &shown, story->other), random);
    lessons_free(&shown);
    return OK;
}

/* --- does anything remain? --- */

static enum status find_unsupported(const struct count *count, const struct library *library, enum shared shared,
                                    double *out)
{
    struct lessons shown = {0};
    TRY(lessons_of_library(library, &shown));
    *out = 0;
    for (size_t s = 0; s < shown.count; s++)
        if (count_lacks(count, &shown.items[s], count->story->who, shared))
            *out = 1;
    lessons_free(&shown);
    return OK;
}

/* Only worlds in which there was something that had to go say anything. */
static enum status look_for_rest(const struct difference *run, const struct story *story, double *out)
{
    const struct count count = count_of(run, story);
    double remains = NAN;
    if (story->event == EVENT_ENROLMENT || run->worlds->policy.mode != RELEASE_THRESHOLD)
        return OK;
    TRY(find_unsupported(&count, &story->first, SHARED_AT_START, &out[HAD_TO_GO]));
    TRY(find_unsupported(&count, &story->second, SHARED_LATER, &remains));
    if (out[HAD_TO_GO] == 1)
        out[REMAINS] = remains;
    return OK;
}

/* --- the controls of what is counted --- */

static bool shares(const struct difference *run, const struct story *story, size_t tenant)
{
    for (size_t t = 0; t < story->start.count; t++)
        if (story->start.in[t] && run->worlds->tasks[t].tenant == tenant)
            return true;
    return false;
}

/* The member's canary was there with it and is not there without it: it has nobody without the one, and somebody
 * without the other, or with all. */
static enum status count_canary(const struct difference *run, const struct story *story, struct random random,
                                double *out)
{
    const struct count count = count_raw(run, story);
    struct lessons canary = {0};
    if (!shares(run, story, story->who))
        return OK;
    TRY(lessons_add_canary(&canary, story->who));
    const struct lesson *lesson = &canary.items[0];
    bool fits_who = count_lacks(&count, lesson, story->who, shared_of(story));
    bool fits_other = count_lacks(&count, lesson, story->other, shared_of(story));
    bool lacks_nobody = count_lacks(&count, lesson, SIZE_MAX, shared_of(story));
    out[BY_RECORDS_RAW] = choice_is_right(fits_who, fits_other, random);
    out[REMAINS_RAW] = fits_who && !lacks_nobody;
    lessons_free(&canary);
    return OK;
}

/* --- a world --- */

static enum status look_at(const struct difference *run, const struct story *story, struct random random, double *out)
{
    TRY(name_by_profile(run, story, random, out));
    TRY(name_by_records(run, story, random, out));
    TRY(look_for_rest(run, story, out));
    return count_canary(run, story, random, out);
}

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    const struct difference *run = context;
    struct story story = {.event = (enum event)(trial % EVENTS)};
    for (size_t i = 0; i < NUMBERS; i++)
        out[i] = NAN;
    TRY(worlds_begin(run->worlds, random));
    enum status status = story_draw(run->worlds, random, &story);
    if (status == OK)
        status = story_tell(run->worlds, &story);
    if (status == OK)
        status = look_at(run, &story, random, out);
    story_free(&story);
    return status;
}

/* --- results --- */

enum { CLAIM_PROFILE, CLAIM_RECORDS, CLAIM_REMAINS, CLAIMS_OF_EVENT };

#define WHO_CLAIM(id, who, knowing, controlled, is_expected)                                                           \
    {                                                                                                                  \
        .name = "difference." id, .surface = SURFACE_DIFFERENCE, .target = "two library versions, before and after",   \
        .threat = who, .knows = knowing, .metric = "right ones of two members named", .unit = "pair of versions",      \
        .baseline = "a coin", .control = controlled, .needed = CHOICE_NEEDED, .limit = CHOICE_LIMIT,                   \
        .tolerated = CHOICE_LIMIT, .expected = is_expected                                                             \
    }
#define PROFILE_CLAIM(id)                                                                                              \
    WHO_CLAIM(id ".who", THREAT_TENANT, "both versions, and of every member tasks that were never shared",             \
              "the same with all records of the one that it was, and its canary in what is known of it", false)
#define RECORDS_CLAIM(id)                                                                                              \
    WHO_CLAIM(id ".known", THREAT_COLLUDERS, "both versions, and everything that any member shared",                   \
              "the same of a canary of the one that it was, where one member is enough to be published", true)
#define REMAINS_CLAIM(id)                                                                                              \
    {                                                                                                                  \
        .name = "difference." id ".remains", .surface = SURFACE_LIBRARY, .target = "the next library version",         \
        .threat = THREAT_TENANT, .knows = "what the members shared that are left",                                     \
        .metric = "worlds in which a phrase is shown that fewer than k of those who are left hold", .unit = "world",   \
        .baseline = "none", .control = "a canary of the one that is gone, in a library that shows it", .needed = 75,   \
        .limit = REMAINS_LIMIT, .tolerated = 0                                                                         \
    }

static const struct audit_claim claims[EVENTS * CLAIMS_OF_EVENT] = {
    PROFILE_CLAIM("enrolment"),  RECORDS_CLAIM("enrolment"),  PROFILE_CLAIM("suspension"), RECORDS_CLAIM("suspension"),
    REMAINS_CLAIM("suspension"), PROFILE_CLAIM("erasure"),    RECORDS_CLAIM("erasure"),    REMAINS_CLAIM("erasure"),
    PROFILE_CLAIM("withdrawal"), RECORDS_CLAIM("withdrawal"), REMAINS_CLAIM("withdrawal"), {0},
};
static const char *const event_names[EVENTS] = {"enrolment", "suspension", "erasure", "withdrawal"};

static struct tally tally_event(const double *outcomes, enum event event, enum number number, size_t worlds)
{
    return tally_of(outcomes, (size_t)event * NUMBERS + number, (size_t)EVENTS * NUMBERS, worlds);
}

static const struct audit_claim *claim_of(enum event event, const char *what)
{
    char name[64];
    snprintf(name, sizeof name, "difference.%s.%s", event_names[event], what);
    return audit_claim_named(claims, name);
}

/* A pair in which nothing is shown that changed, or could have changed, says nothing. */
static enum status report_who(const double *outcomes, enum event event, enum number number, size_t worlds,
                              struct audit_results *out)
{
    static const char *const notes[] = {
        [BY_PROFILE] = "few members in fields of their own are told apart by what comes or goes",
        [BY_RECORDS] = "in threshold mode this is stated: what all members shared is counted again without either"};
    struct audit_result result = audit_result_start(claim_of(event, number == BY_PROFILE ? "who" : "known"));
    struct tally tally = tally_event(outcomes, event, number, worlds);
    choice_result(&result, tally, tally_event(outcomes, event, number + 1, worlds));
    result.note = tally.tried ? coins_note(out, notes[number], tally.tried, worlds)
                              : "nothing was released, or nothing of it came or went";
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
}

static enum status report_remains(const double *outcomes, enum event event, size_t worlds, struct audit_results *out)
{
    struct audit_result result = audit_result_start(claim_of(event, "remains"));
    struct tally remains = tally_event(outcomes, event, REMAINS, worlds);
    struct tally looked = tally_event(outcomes, event, HAD_TO_GO, worlds);
    struct tally control = tally_event(outcomes, event, REMAINS_RAW, worlds);
    audit_result_count(&result, remains.hits, remains.tried);
    result.baseline = 0;
    if (looked.tried)
        tally_control(&result, control, CONTROL_LEAST);
    result.note = !looked.tried    ? "in dp mode what was released stays so: see the empirical epsilon"
                  : !remains.tried ? "in no world was anything released that had to go"
                                   : coins_note(out, "of worlds in which something had to go", remains.tried, worlds);
    return result.note ? audit_results_add(out, &result) : ERR_MEMORY;
}

static enum status report(const double *outcomes, size_t worlds, struct audit_results *out)
{
    for (enum event event = 0; event < EVENTS; event++) {
        TRY(report_who(outcomes, event, BY_PROFILE, worlds, out));
        TRY(report_who(outcomes, event, BY_RECORDS, worlds, out));
        if (event != EVENT_ENROLMENT)
            TRY(report_remains(outcomes, event, worlds, out));
    }
    return OK;
}

static enum status run_worlds(struct difference *run, const struct audit_scope *scope, struct audit_results *out)
{
    SCOPED_MEM double *outcomes = NULL;
    size_t worlds = scope->full ? WORLDS_FULL : WORLDS_QUICK;
    struct trials trials = {.name = "difference",
                            .count = worlds * EVENTS,
                            .numbers = NUMBERS,
                            .parameters = worlds_parameters(run->worlds, 1),
                            .place = TRIAL_FORKED,
                            .run = run_world,
                            .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &outcomes));
    return report(outcomes, worlds, out);
}

static enum status run_difference(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct worlds worlds;
    struct difference run = {.worlds = &worlds};
    TRY(worlds_open(scope, NULL, 0, &worlds, why));
    enum status status = OK;
    if (scope->tenant_count < 2 || worlds.task_count < TASKS_LEAST)
        status = audit_not_evaluated(out, claims, "too few members or tasks: there is nobody to be told from another");
    else
        status = lessons_of_tasks(&worlds, &run.tasks);
    if (status == OK && run.tasks)
        status = lessons_of_marked_tasks(&worlds, CANARY_OF_TENANT, &run.marked);
    if (status == OK && run.marked)
        status = run_worlds(&run, scope, out);
    lessons_free_tasks(run.tasks, worlds.task_count);
    lessons_free_tasks(run.marked, worlds.task_count);
    worlds_close(&worlds);
    return coins_refused(status, claims, out);
}

const struct attack attack_difference = {
    .name = "difference",
    .summary = "Do two versions of the library tell who came or went, and does anything of it remain?",
    .paper = "",
    .family = FAMILY_DIFFERENCE,
    .quick = true,
    .quick_seconds = 5,
    .full_seconds = 105,
    .claims = claims,
    .run = run_difference,
};

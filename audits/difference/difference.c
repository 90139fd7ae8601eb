/* The library before and after something happened to one member: it enrolled, was suspended, was erased, or took its
 * contributions back. Two questions. Who was it? The round that follows takes other members' new contributions with it,
 * as a scheduled one does; the attacker holds both versions and names one of two members. And does anything remain of
 * who is gone? Every phrase of the later library is counted again, from what the members shared: k of those that are
 * left must hold it. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/linkage/coins.h"

#define WORLDS_QUICK 40 /* of each event */
#define WORLDS_FULL 1100
#define REMAINS_LIMIT .05
#define TASKS_LEAST 6

enum event { EVENT_ENROLMENT, EVENT_SUSPENSION, EVENT_ERASURE, EVENT_WITHDRAWAL, EVENTS };
enum number {
    BY_PROFILE, /* right? */
    BY_RECORDS,
    BY_RAW,   /* the control of both */
    REMAINS,  /* something that fewer than k of those who are left hold */
    REMAINED, /* the control: the same search in the library before, which knows nothing of it yet */
    NUMBERS
};

struct difference {
    struct worlds *worlds;
    struct lessons *tasks;
};
struct story { /* of one world */
    enum event event;
    size_t who, other;          /* of two members: the attacker is to tell which it was */
    struct coins before, later; /* tasks shared before the first round, and between the two; the rest are known of */
    struct library first, second;
    struct lessons changed;
};

/* --- what happens --- */

static void draw_later(const struct worlds *worlds, struct story *story, struct random random)
{
    for (size_t t = 0; t < story->later.count; t++) {
        bool is_his = worlds->tasks[t].tenant == story->who;
        story->later.in[t] = !story->before.in[t] && !is_his && random_below(random, 2);
        if (is_his && story->event == EVENT_ENROLMENT && story->before.in[t]) {
            story->before.in[t] = false; /* who is not there yet shares nothing yet */
            story->later.in[t] = true;
        }
    }
}

static enum status draw_story(const struct worlds *worlds, struct random random, struct story *out)
{
    size_t tenants = worlds->scope->tenant_count;
    out->who = (size_t)random_below(random, tenants);
    out->other = (out->who + 1 + (size_t)random_below(random, tenants - 1)) % tenants;
    TRY(coins_draw(worlds, random, &out->before));
    TRY(coins_draw(worlds, random, &out->later));
    draw_later(worlds, out, random);
    return OK;
}

static enum status withdraw_all(struct worlds *worlds, const struct story *story)
{
    for (size_t t = 0; t < story->before.count; t++) {
        const struct world_task *task = &worlds->tasks[t];
        for (size_t i = 0; i < task->count && story->before.in[t] && task->tenant == story->who; i++) {
            enum status status =
                world_withdraw(worlds->base, task->tenant, &worlds->prepared[task->tenant].items[task->first + i]);
            if (status != OK && status != ERR_NOT_FOUND) /* an item that was refused is not there */
                return status;
        }
    }
    return OK;
}

static enum status happen(struct worlds *worlds, const struct story *story)
{
    const char *name = worlds->scope->tenants[story->who].name;
    switch (story->event) {
    case EVENT_SUSPENSION:
        return world_operate(worlds->base, name, WORLD_SUSPENSION);
    case EVENT_ERASURE:
        return world_operate(worlds->base, name, WORLD_ERASURE);
    case EVENT_WITHDRAWAL:
        return withdraw_all(worlds, story);
    case EVENT_ENROLMENT:
    case EVENTS:
        break;
    }
    return OK;
}

static enum status tell(struct worlds *worlds, struct story *story)
{
    TRY(coins_share(worlds, &story->before, SIZE_MAX));
    TRY(worlds_round(worlds, &story->first));
    TRY(happen(worlds, story));
    TRY(coins_share(worlds, &story->later, SIZE_MAX));
    TRY(worlds_round(worlds, &story->second));
    if (story->event == EVENT_ENROLMENT)
        return lessons_of_difference(&story->second, &story->first, &story->changed);
    return lessons_of_difference(&story->first, &story->second, &story->changed);
}

static void story_free(struct story *story)
{
    coins_free(&story->before);
    coins_free(&story->later);
    library_free(&story->first);
    library_free(&story->second);
    lessons_free(&story->changed);
}

/* --- counting again, as the rule of k would --- */

static bool tenant_holds(const struct difference *run, const struct story *story, size_t tenant,
                         const uint8_t key[static LESSON_KEY_BYTES], bool by_later)
{
    for (size_t t = 0; t < story->before.count; t++) {
        if (run->worlds->tasks[t].tenant != tenant || !(story->before.in[t] || (by_later && story->later.in[t])))
            continue;
        for (size_t i = 0; i < run->tasks[t].count; i++)
            if (lesson_holds(&run->tasks[t].items[i], key))
                return true;
    }
    return false;
}

/* Whether a phrase of it is held by fewer than k members without `gone`; by_later: of what all shared up to the second
 * round. */
static bool is_unsupported(const struct difference *run, const struct story *story, const struct lesson *insight,
                           size_t gone, bool by_later)
{
    for (size_t i = 0; i < insight->key_count; i++) {
        uint32_t holders = 0;
        for (size_t tenant = 0; tenant < run->worlds->scope->tenant_count; tenant++)
            holders += tenant != gone && tenant_holds(run, story, tenant, insight->keys[i], by_later);
        if (holders < run->worlds->policy.k)
            return true;
    }
    return false;
}

/* --- who was it? --- */

/* Of a member: the tasks that never took part, which is what it does as far as others know; and those that did before
 * it went, or when it came. */
static enum status known_of(const struct worlds *worlds, const struct story *story, size_t tenant,
                            struct lessons *profile, struct lessons *records)
{
    for (size_t t = 0; t < story->before.count; t++) {
        bool shared = story->before.in[t] || story->later.in[t];
        if (worlds->tasks[t].tenant == tenant)
            TRY(lessons_add_task(shared ? records : profile, worlds, t));
    }
    return OK;
}

static bool has_id(const struct library *library, const uint8_t id[static INSIGHT_ID_BYTES])
{
    for (size_t i = 0; i < library->insight_count; i++)
        if (memcmp(library->insights[i].id, id, INSIGHT_ID_BYTES) == 0)
            return true;
    return false;
}

/* Of the insights of the version that had the member, how many came or went just as they would have with `suspect`. */
static enum status replay(const struct difference *run, const struct story *story, size_t suspect, double *out)
{
    bool enrols = story->event == EVENT_ENROLMENT;
    const struct library *with = enrols ? &story->second : &story->first;
    const struct library *without = enrols ? &story->first : &story->second;
    struct lessons shown = {0};
    TRY(lessons_of_library(with, &shown));
    *out = 0;
    for (size_t i = 0; i < shown.count; i++)
        *out += is_unsupported(run, story, &shown.items[i], suspect, !enrols) != has_id(without, with->insights[i].id);
    lessons_free(&shown);
    return OK;
}

static enum status name_one(const struct difference *run, const struct story *story, struct random random, double *out)
{
    const struct worlds *worlds = run->worlds;
    double with_who = 0, with_other = 0;
    struct lessons profile = {0}, records = {0}, other_profile = {0}, other_records = {0};
    enum status status = known_of(worlds, story, story->who, &profile, &records);
    if (status == OK)
        status = known_of(worlds, story, story->other, &other_profile, &other_records);
    if (status == OK)
        status = replay(run, story, story->who, &with_who);
    if (status == OK)
        status = replay(run, story, story->other, &with_other);
    if (status == OK && profile.count && other_profile.count && records.count) {
        const struct lessons *changed = &story->changed;
        out[BY_PROFILE] =
            choice_is_right(lessons_near(changed, &profile), lessons_near(changed, &other_profile), random);
        out[BY_RECORDS] = choice_is_right(with_who, with_other, random);
        out[BY_RAW] =
            choice_is_right(1 + lessons_near(&records, &profile), lessons_near(&records, &other_profile), random);
    }
    lessons_free(&profile);
    lessons_free(&records);
    lessons_free(&other_profile);
    lessons_free(&other_records);
    return status;
}

/* --- does anything remain? --- */

static enum status find_unsupported(const struct difference *run, const struct story *story,
                                    const struct library *library, bool by_later, double *out)
{
    struct lessons shown = {0};
    TRY(lessons_of_library(library, &shown));
    *out = 0;
    for (size_t s = 0; s < shown.count; s++)
        if (is_unsupported(run, story, &shown.items[s], story->who, by_later))
            *out = 1;
    lessons_free(&shown);
    return OK;
}

/* Only worlds in which there was something that had to go say anything. */
static enum status look_for_rest(const struct difference *run, const struct story *story, double *out)
{
    double remains = NAN;
    if (story->event == EVENT_ENROLMENT || run->worlds->policy.mode != RELEASE_THRESHOLD)
        return OK;
    TRY(find_unsupported(run, story, &story->first, false, &out[REMAINED]));
    TRY(find_unsupported(run, story, &story->second, true, &remains));
    if (out[REMAINED] == 1)
        out[REMAINS] = remains;
    return OK;
}

/* --- a world --- */

static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    const struct difference *run = context;
    struct story story = {.event = (enum event)(trial % EVENTS)};
    for (size_t i = 0; i < NUMBERS; i++)
        out[i] = NAN;
    TRY(worlds_begin(run->worlds, random));
    enum status status = draw_story(run->worlds, random, &story);
    if (status == OK)
        status = tell(run->worlds, &story);
    if (status == OK)
        status = name_one(run, &story, random, out);
    if (status == OK)
        status = look_for_rest(run, &story, out);
    story_free(&story);
    return status;
}

/* --- results --- */

enum { CLAIM_PROFILE, CLAIM_RECORDS, CLAIM_REMAINS, CLAIMS_OF_EVENT };

#define WHO_CLAIM(id, who, knowing, is_expected)                                                                       \
    {                                                                                                                  \
        .name = "difference." id, .surface = SURFACE_DIFFERENCE, .target = "two library versions, before and after",   \
        .threat = who, .knows = knowing, .metric = "right ones of two members named", .unit = "pair of versions",      \
        .baseline = "a coin", .control = "all records of the one that it was, under its pseudonym",                    \
        .needed = CHOICE_NEEDED, .limit = CHOICE_LIMIT, .tolerated = CHOICE_LIMIT, .expected = is_expected             \
    }
#define PROFILE_CLAIM(id)                                                                                              \
    WHO_CLAIM(id ".who", THREAT_TENANT, "both versions, and of every member tasks that were never shared", false)
#define RECORDS_CLAIM(id)                                                                                              \
    WHO_CLAIM(id ".known", THREAT_COLLUDERS, "both versions, and everything that any member shared", true)
#define REMAINS_CLAIM(id)                                                                                              \
    {                                                                                                                  \
        .name = "difference." id ".remains", .surface = SURFACE_LIBRARY, .target = "the next library version",         \
        .threat = THREAT_TENANT, .knows = "what the members shared that are left",                                     \
        .metric = "worlds in which a phrase is shown that fewer than k of those who are left hold", .unit = "world",   \
        .baseline = "none", .control = "the library before, in which there was one", .needed = 75,                     \
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

static enum status report_who(const double *outcomes, enum event event, enum number number, const char *what,
                              size_t worlds, struct audit_results *out)
{
    struct audit_result result = audit_result_start(claim_of(event, what));
    choice_result(&result, tally_event(outcomes, event, number, worlds), tally_event(outcomes, event, BY_RAW, worlds));
    result.note =
        number == BY_RECORDS
            ? "whoever holds what all members shared can count again without either: in threshold mode this is stated"
            : "few members in fields of their own are told apart by what comes or goes";
    return audit_results_add(out, &result);
}

static enum status report_remains(const double *outcomes, enum event event, size_t worlds, struct audit_results *out)
{
    struct audit_result result = audit_result_start(claim_of(event, "remains"));
    struct tally remains = tally_event(outcomes, event, REMAINS, worlds);
    struct tally before = tally_event(outcomes, event, REMAINED, worlds);
    result.note = before.tried ? "of worlds in which something had to go; the control is the share of those"
                               : "in dp mode what was released stays so: see the empirical epsilon";
    audit_result_count(&result, remains.hits, remains.tried);
    result.baseline = 0;
    if (before.tried) {
        result.control_value = (double)before.hits / (double)before.tried;
        result.control = before.hits ? CONTROL_PASSED : CONTROL_FAILED;
    }
    return audit_results_add(out, &result);
}

static enum status report(const double *outcomes, size_t worlds, struct audit_results *out)
{
    for (enum event event = 0; event < EVENTS; event++) {
        TRY(report_who(outcomes, event, BY_PROFILE, "who", worlds, out));
        TRY(report_who(outcomes, event, BY_RECORDS, "known", worlds, out));
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
        status = run_worlds(&run, scope, out);
    lessons_free_tasks(run.tasks, worlds.task_count);
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

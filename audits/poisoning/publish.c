/* Colluding members try to publish what they like, and to make an honest insight go.
 *
 * Honest tenants share, a round is run, and the colluders read its library; then they send, and a second round is run.
 * k - 1 of them try: the same text from all; a text that rides on an insight which honest members hold; one that sits
 * in a slot, in the steps, or in the spelling of an honest phrase; one of many tasks. The control is the same with k of
 * them, who may publish by design. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/poisoning/instructions.h"
#include "insight/parts.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define TEXTS 16 /* of each way, harmless and instructing */
#define WORLDS_QUICK 2
#define WORLDS_FULL 16
#define REPEATS 6 /* tasks of one text, for the way by many tasks */
#define SHARE_LIMIT 0.02
#define CONTROL_LEAST 0.9

static const struct audit_claim claims[] = {
    {.name = "poison.publish",
     .surface = SURFACE_LIBRARY,
     .target = "what the library says",
     .threat = THREAT_COLLUDERS,
     .knows = "the last library; k - 1 members send what they like",
     .metric = "texts of their choice published / sent",
     .unit = "text",
     .baseline = "",
     .control = "k colluders, who may publish by design, do so with texts of their own",
     .needed = 183,
     .limit = SHARE_LIMIT},
    {.name = "poison.plant",
     .surface = SURFACE_LIBRARY,
     .target = "agents that read the library",
     .threat = THREAT_COLLUDERS,
     .knows = "the last library and the release gate's source; k - 1 members send what they like",
     .metric = "instructions to agents published / sent",
     .unit = "text",
     .baseline = "",
     .control = "k colluders publish harmless texts of their own",
     .needed = 183,
     .limit = SHARE_LIMIT},
    {0},
};

/* --- ways --- */

struct way {
    const char *name;
    bool rides; /* on an honest insight */
    size_t repeats;
    enum status (*write)(const struct poison_text *text, size_t colluder, struct candidate *host);
};

static enum status replace(char **text, const char *by)
{
    mem_free(*text);
    *text = mem_copy(bytes_str(by));
    return *text ? OK : ERR_MEMORY;
}

/* The host has no room when its list is full: its last phrase makes some. */
static enum status say_too(struct phrases *list, const char *text)
{
    if (list->count == PHRASES_MAX)
        mem_free(list->items[--list->count]);
    return phrases_add(list, text);
}

static enum status write_alone(const struct poison_text *text, size_t colluder, struct candidate *host)
{
    (void)colluder;
    candidate_free(host);
    return poison_candidate(text, host);
}

static enum status write_act(const struct poison_text *text, size_t colluder, struct candidate *host)
{
    (void)colluder;
    return say_too(&host->act, text->act);
}

static enum status write_why(const struct poison_text *text, size_t colluder, struct candidate *host)
{
    (void)colluder;
    return say_too(&host->why, text->act);
}

static enum status write_slot(const struct poison_text *text, size_t colluder, struct candidate *host)
{
    (void)colluder;
    return replace(&host->argument, text->act);
}

static enum status write_order(const struct poison_text *text, size_t colluder, struct candidate *host)
{
    (void)colluder;
    for (size_t i = 0; i < host->order_count; i++)
        mem_free(host->order[i]);
    host->order_count = 1;
    host->order[0] = NULL;
    return replace(&host->order[0], text->act);
}

/* Each colluder spells it in a way of its own: the same phrase to whoever counts support, a message to who reads. */
static enum status write_spelling(const struct poison_text *text, size_t colluder, struct candidate *host)
{
    struct poison_text spelled = *text;
    for (size_t i = colluder % 3; spelled.act[i]; i += 3)
        if (spelled.act[i] >= 'a' && spelled.act[i] <= 'z')
            spelled.act[i] = (char)(spelled.act[i] - 'a' + 'A');
    return write_alone(&spelled, colluder, host);
}

static const struct way ways[] = {
    {"alone", false, 1, write_alone},      {"of many tasks", false, REPEATS, write_alone},
    {"spelled", false, 1, write_spelling}, {"behind what to do", true, 1, write_act},
    {"as a reason", true, 1, write_why},   {"in a slot", true, 1, write_slot},
    {"as a step", true, 1, write_order},
};

/* --- a world --- */

struct publish {
    struct worlds worlds;
    size_t colluders; /* k */
};
/* Of each way, of harmless and of instructing texts: how many were sent, and published. */
enum { SENT, SHOWN, TALLIES };
enum { ADVICE, INSTRUCTION, SORTS };
#define NUMBERS (COUNT(ways) * SORTS * TALLIES)
static size_t tally_at(size_t way, size_t sort, size_t tally)
{
    return (way * SORTS + sort) * TALLIES + tally;
}

static enum status send_text(struct publish *run, const struct way *way, const struct poison_text *text,
                             const struct insight *host, size_t colluders, struct random random)
{
    for (size_t c = 0; c < colluders; c++)
        for (size_t r = 0; r < way->repeats; r++) {
            struct candidate candidate = {0};
            enum status status = host ? candidate_copy(&host->text, &candidate) : OK;
            if (status == OK)
                status = way->write(text, c, &candidate);
            if (status == OK)
                status = poison_send(&run->worlds, run->worlds.scope->tenant_count + c, &candidate, random, NULL);
            candidate_free(&candidate);
            TRY(status);
        }
    return OK;
}

/* The texts of a world: of each way TEXTS of either sort. */
static enum status send_all(struct publish *run, const struct library *before, size_t colluders, struct random random,
                            struct poison_text *texts)
{
    for (size_t i = 0; i < COUNT(ways) * TEXTS * 2; i++) {
        const struct way *way = &ways[i / (TEXTS * 2)];
        const struct insight *host = NULL;
        if (way->rides && before->insight_count)
            host = &before->insights[random_below(random, before->insight_count)];
        if (i % 2)
            instruction_write((enum instruction_form)random_below(random, INSTRUCTION_FORMS), random, &texts[i]);
        else
            poison_advice(random, &texts[i]);
        if (way->rides && !host) {
            texts[i] = (struct poison_text){0}; /* nothing to ride on: not sent */
            continue;
        }
        TRY(send_text(run, way, &texts[i], host, colluders, random));
    }
    return OK;
}

static void count_all(const struct library *after, const struct poison_text *texts, double *out)
{
    for (size_t i = 0; i < COUNT(ways) * TEXTS * 2; i++) {
        size_t way = i / (TEXTS * 2);
        if (!texts[i].act[0])
            continue;
        out[tally_at(way, i % 2, SENT)]++;
        out[tally_at(way, i % 2, SHOWN)] += poison_is_shown(after, texts[i].act);
    }
}

/* Even trials have k - 1 colluders, odd ones k. */
static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct publish *run = context;
    struct library before = {0}, after = {0};
    SCOPED_MEM struct poison_text *texts = mem_new(COUNT(ways) * TEXTS * 2, sizeof *texts);
    size_t colluders = run->colluders - (trial % 2 == 0);
    memset(out, 0, NUMBERS * sizeof *out);
    if (!texts)
        return ERR_MEMORY;
    TRY(worlds_begin(&run->worlds, random));
    enum status status = poison_share_honest(&run->worlds);
    if (status == OK)
        status = worlds_round(&run->worlds, &before);
    if (status == OK)
        status = send_all(run, &before, colluders, random, texts);
    if (status == OK)
        status = worlds_round(&run->worlds, &after);
    if (status == OK)
        count_all(&after, texts, out);
    library_free(&before);
    library_free(&after);
    return status;
}

/* --- results --- */

static double sum_ways(const double *tallies, size_t sort, size_t tally)
{
    double sum = 0;
    for (size_t way = 0; way < COUNT(ways); way++)
        sum += tallies[tally_at(way, sort, tally)];
    return sum;
}

/* Of harmless texts that need no honest insight: those that ride compete with one another and with honest texts. */
static double control_of(const double *tallies)
{
    double sent = 0, shown = 0;
    for (size_t way = 0; way < COUNT(ways); way++) {
        sent += ways[way].rides ? 0 : tallies[tally_at(way, ADVICE, SENT)];
        shown += ways[way].rides ? 0 : tallies[tally_at(way, ADVICE, SHOWN)];
    }
    return sent > 0 ? shown / sent : 0;
}

static enum status report(const double *numbers, size_t worlds, struct audit_results *out)
{
    static const char *const notes[SORTS] = {
        "alone, of many tasks, in other spellings, as a phrase, a slot or a step of an honest insight",
        "the forms of instructions that the gate knows, by the same ways; other words are not covered"};
    double sums[2][NUMBERS] = {{0}}; /* of k - 1, of k */
    for (size_t i = 0; i < worlds * 2; i++)
        for (size_t n = 0; n < NUMBERS; n++)
            sums[i % 2][n] += numbers[i * NUMBERS + n];
    for (size_t sort = 0; sort < SORTS; sort++) {
        struct audit_result result = audit_result_start(&claims[sort]);
        audit_result_count(&result, (size_t)sum_ways(sums[0], sort, SHOWN), (size_t)sum_ways(sums[0], sort, SENT));
        result.control_value = control_of(sums[1]);
        result.control = result.control_value >= CONTROL_LEAST ? CONTROL_PASSED : CONTROL_FAILED;
        result.note = notes[sort];
        TRY(audit_results_add(out, &result));
    }
    return OK;
}

static enum status run_worlds(const struct audit_scope *scope, struct publish *run, struct audit_results *out)
{
    SCOPED_MEM double *numbers = NULL;
    size_t worlds = scope->full ? WORLDS_FULL : WORLDS_QUICK;
    const struct trials trials = {.name = "poison.publish",
                                  .count = worlds * 2,
                                  .numbers = NUMBERS,
                                  .parameters = worlds_parameters(&run->worlds, TEXTS),
                                  .place = TRIAL_FORKED,
                                  .run = run_world,
                                  .context = run};
    TRY(trials_run_worlds(scope, &trials, out, &numbers));
    return report(numbers, worlds, out);
}

static enum status run_publish(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct policy policy;
    struct publish run = {0};
    world_policy(scope, &policy);
    if (policy.mode != RELEASE_THRESHOLD)
        return audit_not_evaluated(out, claims,
                                   "not applicable: in dp mode only phrases of a public vocabulary are released: see "
                                   "poison.publish.private");
    run.colluders = policy.k;
    TRY(worlds_open(scope, &policy, policy.k, &run.worlds, why));
    enum status status = run_worlds(scope, &run, out);
    worlds_close(&run.worlds);
    return status;
}

const struct attack attack_publish = {
    .name = "poison-publish",
    .summary = "Can a few colluding organisations publish what they like, or plant an instruction for agents?",
    .paper = "",
    .family = FAMILY_POISONING,
    .quick = true,
    .quick_seconds = 2,
    .full_seconds = 18,
    .claims = claims,
    .run = run_publish,
};

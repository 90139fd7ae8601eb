/* Colluding members try to publish what they like, and to make an honest insight go.
 *
 * Honest tenants share, a round is run, and the colluders read its library; then they send, and a second round is run.
 * k - 1 of them try: the same text from all; a text that rides on an insight which honest members hold; one that sits
 * in a slot, in the steps, or in the spelling of an honest phrase; one of many tasks. The control of every way is the
 * same with k of them, who may publish by design. */
#include <math.h>
#include <stdio.h>

#include "audits/attacks.h"
#include "audits/poisoning/instructions.h"
#include "dp/proportion.h"
#include "insight/parts.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define TEXTS 16 /* of each way, harmless and instructing */
#define WORLDS_QUICK 3
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
     .metric = "texts of their choice published / taken by the server",
     .unit = "text",
     .baseline = "",
     .control = "k colluders, who may publish by design, do so with texts of their own, in every way that counts",
     .needed = 183,
     .limit = SHARE_LIMIT},
    {.name = "poison.plant",
     .surface = SURFACE_LIBRARY,
     .target = "agents that read the library",
     .threat = THREAT_COLLUDERS,
     .knows = "the last library and the release gate's source; k - 1 members send what they like",
     .metric = "instructions to agents published / taken by the server",
     .unit = "text",
     .baseline = "",
     .control = "k colluders publish harmless texts of their own, in every way that counts",
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
    for (size_t i = colluder % 3, size = strlen(spelled.act); i < size; i += 3)
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
/* Of each way, of harmless and of instructing texts: how many the server took, and how many were published. */
enum { TAKEN, SHOWN, TALLIES };
enum { ADVICE, INSTRUCTION, SORTS };
#define NUMBERS (COUNT(ways) * SORTS * TALLIES)
#define ALL_TEXTS (COUNT(ways) * SORTS * TEXTS)
static size_t tally_at(size_t way, size_t sort, size_t tally)
{
    return (way * SORTS + sort) * TALLIES + tally;
}

/* In turn, so that a limit on what members may send cuts all ways alike. */
static size_t sort_of(size_t number)
{
    return number % SORTS;
}
static size_t way_of(size_t number)
{
    return number / SORTS % COUNT(ways);
}

struct sent {
    struct poison_text text;
    bool taken; /* the server took it from each of them */
};

static enum status send_once(struct publish *run, const struct way *way, const struct poison_text *text,
                             const struct insight *host, size_t colluder, struct random random, bool *taken)
{
    struct candidate candidate = {0};
    enum status status = host ? candidate_copy(&host->text, &candidate) : OK;
    if (status == OK)
        status = way->write(text, colluder, &candidate);
    if (status == OK)
        status = poison_send(&run->worlds, run->worlds.scope->tenant_count + colluder, &candidate, random, taken);
    candidate_free(&candidate);
    return status;
}

static enum status send_text(struct publish *run, const struct way *way, const struct insight *host, size_t colluders,
                             struct random random, struct sent *sent)
{
    sent->taken = true;
    for (size_t c = 0; c < colluders; c++) {
        bool any = false;
        for (size_t r = 0; r < way->repeats; r++) {
            bool taken = false;
            TRY(send_once(run, way, &sent->text, host, c, random, &taken));
            any = any || taken;
        }
        sent->taken = sent->taken && any;
    }
    return OK;
}

/* The texts of a world: of each way TEXTS of either sort. What has nothing to ride on is not sent. */
static enum status send_all(struct publish *run, const struct library *before, size_t colluders, struct random random,
                            struct sent *all)
{
    for (size_t i = 0; i < ALL_TEXTS; i++) {
        const struct way *way = &ways[way_of(i)];
        const struct insight *host = NULL;
        if (way->rides && before->insight_count)
            host = &before->insights[random_below(random, before->insight_count)];
        if (sort_of(i) == INSTRUCTION)
            instruction_write((enum instruction_form)random_below(random, INSTRUCTION_FORMS), random, &all[i].text);
        else
            poison_advice(random, &all[i].text);
        if (!way->rides || host)
            TRY(send_text(run, way, host, colluders, random, &all[i]));
    }
    return OK;
}

static void count_all(const struct library *after, const struct sent *all, double *out)
{
    for (size_t i = 0; i < ALL_TEXTS; i++) {
        if (!all[i].taken)
            continue;
        out[tally_at(way_of(i), sort_of(i), TAKEN)]++;
        out[tally_at(way_of(i), sort_of(i), SHOWN)] += poison_is_shown(after, all[i].text.act);
    }
}

/* Even trials have k - 1 colluders, odd ones k. */
static enum status run_world(void *context, size_t trial, struct random random, double *out)
{
    struct publish *run = context;
    struct library before = {0}, after = {0};
    SCOPED_MEM struct sent *all = mem_new(ALL_TEXTS, sizeof *all);
    size_t colluders = run->colluders - (trial % 2 == 0);
    memset(out, 0, NUMBERS * sizeof *out);
    if (!all)
        return ERR_MEMORY;
    TRY(worlds_begin(&run->worlds, random));
    enum status status = poison_share_honest(&run->worlds);
    if (status == OK)
        status = worlds_round(&run->worlds, &before);
    if (status == OK)
        status = send_all(run, &before, colluders, random, all);
    if (status == OK)
        status = worlds_round(&run->worlds, &after);
    if (status == OK)
        count_all(&after, all, out);
    library_free(&before);
    library_free(&after);
    return status;
}

/* --- results --- */

struct sums {
    double few[NUMBERS], enough[NUMBERS]; /* of k - 1 colluders, of k */
};

static double rate_of(const double *tallies, size_t way)
{
    double taken = tallies[tally_at(way, ADVICE, TAKEN)];
    return taken > 0 ? tallies[tally_at(way, ADVICE, SHOWN)] / taken : 0;
}

/* Texts that ride compete with one another and with honest ones: that more of them are published by k than a pass
 * allows shows that the way can be seen. */
static bool can_be_seen(const struct sums *sums, size_t way)
{
    const double *taken = &sums->enough[tally_at(way, ADVICE, TAKEN)], *shown = taken + SHOWN - TAKEN;
    if (!ways[way].rides)
        return rate_of(sums->enough, way) >= CONTROL_LEAST;
    return *taken > 0 && dp_proportion_interval((size_t)*shown, (size_t)*taken).low > SHARE_LIMIT;
}

static bool was_tried(const struct sums *sums, size_t way, size_t sort)
{
    return sums->few[tally_at(way, sort, TAKEN)] > 0 && sums->enough[tally_at(way, ADVICE, TAKEN)] > 0;
}

/* A riding way in which not even k are seen says nothing; what was published by it is a leak all the same. */
static bool counts(const struct sums *sums, size_t way, size_t sort)
{
    bool shown = sums->few[tally_at(way, sort, SHOWN)] > 0;
    return shown || (was_tried(sums, way, sort) && (!ways[way].rides || can_be_seen(sums, way)));
}

static void list_ways(const struct sums *sums, size_t sort, bool counting, const char *before, struct buf *out)
{
    for (size_t way = 0; way < COUNT(ways); way++)
        if (counts(sums, way, sort) == counting) {
            buf_addf(out, "%s%s", before, ways[way].name);
            before = ", ";
        }
}

static enum status note_of(const struct sums *sums, size_t sort, struct audit_results *out, const char **note)
{
    static const char *const more[SORTS] = {
        "", "; the forms of instructions that the gate knows: other words are not covered"};
    SCOPED_BUF struct buf text = {0};
    list_ways(sums, sort, true, "counted: ", &text);
    list_ways(sums, sort, false,
              "; not counted, for there was nothing to ride on, the server took none, or not even k are seen: ", &text);
    buf_add_str(&text, more[sort]);
    TRY(buf_status(&text));
    *note = audit_results_text(out, buf_text(&text));
    return *note ? OK : ERR_MEMORY;
}

/* The worst of the ways that need no honest insight decides. */
static void set_control(const struct sums *sums, size_t sort, struct audit_result *result)
{
    result->control = CONTROL_UNDECIDED;
    for (size_t way = 0; way < COUNT(ways); way++) {
        if (ways[way].rides || !was_tried(sums, way, sort))
            continue;
        double rate = rate_of(sums->enough, way);
        if (result->control == CONTROL_UNDECIDED || rate < result->control_value)
            result->control_value = rate;
        if (result->control != CONTROL_FAILED)
            result->control = can_be_seen(sums, way) ? CONTROL_PASSED : CONTROL_FAILED;
    }
}

static enum status add(const struct sums *sums, size_t sort, struct audit_results *out)
{
    struct audit_result result = audit_result_start(&claims[sort]);
    size_t taken = 0, shown = 0;
    for (size_t way = 0; way < COUNT(ways); way++)
        if (counts(sums, way, sort)) {
            taken += (size_t)sums->few[tally_at(way, sort, TAKEN)];
            shown += (size_t)sums->few[tally_at(way, sort, SHOWN)];
        }
    if (taken == 0) {
        result.note = "the server took no text of theirs";
        return audit_results_add(out, &result);
    }
    audit_result_count(&result, shown, taken);
    set_control(sums, sort, &result);
    TRY(note_of(sums, sort, out, &result.note));
    return audit_results_add(out, &result);
}

static enum status report(const double *numbers, size_t worlds, struct audit_results *out)
{
    struct sums sums = {{0}, {0}};
    for (size_t i = 0; i < worlds * 2; i++)
        for (size_t n = 0; n < NUMBERS; n++)
            (i % 2 ? sums.enough : sums.few)[n] += numbers[i * NUMBERS + n];
    for (size_t sort = 0; sort < SORTS; sort++)
        TRY(add(&sums, sort, out));
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
    if (policy.k < 2)
        return audit_not_evaluated(out, claims, "with k = 1 there is nobody to collude");
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
    .quick_seconds = 3,
    .full_seconds = 18,
    .claims = claims,
    .run = run_publish,
};

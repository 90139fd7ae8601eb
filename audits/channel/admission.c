/* How long does a server take for a message? Calls of the real admission in this process are timed: a stranger's, wrong
 * in different ways; a member's withdrawal of what another sent, and of what nobody did; a member's contribution that
 * another has sent before, word for word, and one that nobody has. Each beside the same with a delay. */
#include <math.h>

#include "audits/attacks.h"
#include "audits/channel/strangers.h"
#include "audits/channel/timed.h"
#include "audits/poisoning/poison.h"

#define CALLS 4000 /* of a class, in the full suite */
#define REPEATS 3  /* of a call that leaves nothing behind: the least counts */
#define ADMISSIONS 2000
#define SMALL_PART 10 /* of them otherwise: too few to pass */

enum { CLAIM_REFUSAL, CLAIM_WITHDRAWAL, CLAIM_CONTENT, CLAIM_AGAIN, CLAIMS };
static const struct audit_claim claims[] = {
    [CLAIM_REFUSAL] = {.name = "channel.time.refusal",
                       .surface = SURFACE_WIRE,
                       .target = "who is a member",
                       .threat = THREAT_NETWORK,
                       .knows = "ids of tenants and devices, and how long messages of its own making take",
                       .metric = TIMED_METRIC,
                       .unit = "call",
                       .baseline = "",
                       .control = TIMED_CONTROL,
                       .needed = CALLS,
                       .limit = TIMED_LIMIT,
                       .tolerated = TIMED_LIMIT},
    [CLAIM_WITHDRAWAL] = {.name = "channel.time.withdrawal",
                          .surface = SURFACE_WIRE,
                          .target = "what other members have sent",
                          .threat = THREAT_TENANT,
                          .knows = "the id of a contribution, and how long a withdrawal of it takes to be refused",
                          .metric = TIMED_METRIC,
                          .unit = "call",
                          .baseline = "",
                          .control = TIMED_CONTROL,
                          .needed = CALLS,
                          .limit = TIMED_LIMIT,
                          .tolerated = TIMED_LIMIT},
    [CLAIM_CONTENT] = {.name = "channel.time.content",
                       .surface = SURFACE_WIRE,
                       .target = "what other members have sent",
                       .threat = THREAT_TENANT,
                       .knows = "a text that another may have sent, and how long its own of that text takes",
                       .metric = TIMED_METRIC,
                       .unit = "call",
                       .baseline = "",
                       .control = TIMED_CONTROL,
                       .needed = ADMISSIONS,
                       .limit = TIMED_LIMIT_ONCE,
                       .tolerated = TIMED_LIMIT_ONCE},
    [CLAIM_AGAIN] = {.name = "channel.time.again",
                     .surface = SURFACE_WIRE,
                     .target = "whether a message is sent for the second time",
                     .threat = THREAT_NETWORK,
                     .knows = "how long a member's messages take to be answered",
                     .metric = TIMED_METRIC,
                     .unit = "call",
                     .baseline = "",
                     .control = TIMED_CONTROL,
                     .needed = ADMISSIONS,
                     .limit = TIMED_LIMIT_ONCE,
                     .tolerated = TIMED_LIMIT_ONCE,
                     .expected = true},
    {0},
};

static enum status time_message(struct world *world, enum message_type type, struct bytes envelope, double delay,
                                enum status *answer, double *nanos)
{
    uint64_t started = timing_now();
    enum status status = world_ask(world, type, envelope, answer, NULL);
    *nanos = timed_since(started, delay);
    return status;
}

/* --- what is refused --- */

struct refused {
    struct strangers *strangers;
    size_t calls;
    size_t classes; /* the last is the control */
    const char *const *names;
    enum message_type type;
    enum status (*seal)(struct refused *refused, size_t class, struct buf *message);
    size_t next;                  /* of the other's contributions */
    uint8_t (*targets)[ID_BYTES]; /* owned; one a turn */
};

/* Every turn has messages of its own: how long a signature takes to be checked turns on its numbers, so a few messages
 * that are sent again and again would differ by themselves. Who may ask again takes the least of several: what
 * interrupts a call only ever lengthens it. */
static enum status time_refused(void *context, size_t class, double *nanos)
{
    struct refused *refused = context;
    SCOPED_BUF struct buf message = {0};
    double delay = class + 1 == refused->classes ? 2 * TIMED_LIMIT : 0, taken = 0;
    TRY(refused->seal(refused, class, &message));
    for (size_t i = 0; i < REPEATS; i++) {
        enum status answer = OK;
        TRY(time_message(refused->strangers->world, refused->type, buf_bytes(&message), delay, &answer, &taken));
        if (answer == OK)
            return ERR_BUG;
        *nanos = i == 0 ? taken : fmin(*nanos, taken);
    }
    return OK;
}

static enum status seal_stranger(struct refused *refused, size_t class, struct buf *message)
{
    enum wrong wrong = class < WRONGS ? (enum wrong) class : UNKNOWN_DEVICE;
    return strangers_seal(refused->strangers, ENVELOPE_CONTRIBUTION, wrong, message);
}

/* Of nobody's, of another's, of nobody's with the delay: a target a message, so that no cache tells them apart. */
enum { OF_NOBODY, OF_ANOTHER, OF_NOBODY_DELAYED, WITHDRAWAL_CLASSES };
static enum status seal_withdrawal(struct refused *refused, size_t class, struct buf *message)
{
    uint8_t target[ID_BYTES];
    random_fill(refused->strangers->random, target, sizeof target);
    if (class == OF_ANOTHER)
        memcpy(target, refused->targets[refused->next++], sizeof target);
    return strangers_withdrawal(refused->strangers, target, message);
}

static enum status send_targets(struct refused *refused)
{
    refused->targets = mem_new(refused->calls, sizeof *refused->targets);
    if (!refused->targets)
        return ERR_MEMORY;
    for (size_t i = 0; i < refused->calls; i++) {
        random_fill(refused->strangers->random, refused->targets[i], ID_BYTES);
        TRY(strangers_contribute(refused->strangers, refused->targets[i]));
    }
    return OK;
}

static enum status measure_refused(struct refused *refused, size_t claim, const char *what, struct audit_results *out)
{
    static const size_t others[] = {1, 2, 3, 4, 5, 6, 7, 8};
    _Static_assert(sizeof others / sizeof *others == WRONGS - 1, "each wrong message is compared with the first");
    SCOPED_MEM double *nanos = NULL;
    struct audit_result result = audit_result_start(&claims[claim]);
    const struct timing timing = {refused->classes, refused->calls, time_refused, refused};
    TRY(timing_measure(&timing, refused->strangers->random, &nanos));
    const struct timed_classes classes = {refused->names, nanos, refused->classes, refused->calls,
                                          refused->classes - 1};
    TRY(timed_result(&classes, others, refused->classes - 2, what, out, &result));
    return audit_results_add(out, &result);
}

static enum status run_strangers(struct strangers *strangers, size_t part, struct audit_results *out)
{
    static const char *const names[] = {
        [UNKNOWN_DEVICE] = "unknown device",  [KNOWN_DEVICE] = "another key",    [UNKNOWN_TENANT] = "unknown tenant",
        [OTHERS_DEVICE] = "another's device", [SUSPENDED] = "suspended",         [FOREIGN] = "another federation",
        [OTHER_KEY] = "unknown sealing key",  [UNDECRYPTABLE] = "undecryptable", [ALTERED] = "altered"};
    struct refused refused = {.strangers = strangers,
                              .calls = CALLS / part,
                              .classes = WRONGS + 1,
                              .names = names,
                              .type = MESSAGE_CONTRIBUTE,
                              .seal = seal_stranger};
    return measure_refused(&refused, CLAIM_REFUSAL, "unknown against known, suspended, foreign, undecryptable", out);
}

static enum status run_withdrawals(struct strangers *strangers, size_t part, struct audit_results *out)
{
    static const char *const names[] = {"nobody's", "another's"};
    struct refused refused = {.strangers = strangers,
                              .calls = CALLS / part,
                              .classes = WITHDRAWAL_CLASSES,
                              .names = names,
                              .type = MESSAGE_WITHDRAW,
                              .seal = seal_withdrawal};
    enum status status = send_targets(&refused);
    if (status == OK)
        status = measure_refused(&refused, CLAIM_WITHDRAWAL, "of another's contribution against nobody's", out);
    mem_free(refused.targets);
    return status;
}

/* --- what is admitted --- */

enum admitted_class { FRESH, MET, AGAIN, FRESH_DELAYED, ADMITTED_CLASSES };
struct admitted {
    struct strangers *strangers;
    size_t calls;
    size_t next;      /* of the texts that the other has sent */
    struct buf *sent; /* records of the other's */
    struct buf last;  /* envelope of a contribution that is there */
};

static enum status write_record(struct random random, struct buf *out)
{
    struct poison_text text;
    struct candidate candidate = {0};
    poison_advice(random, &text);
    TRY(poison_candidate(&text, &candidate));
    struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1, .candidates = &candidate};
    random_fill(random, candidate.task, sizeof candidate.task);
    buf_clear(out);
    enum status status = contribution_encode(&contribution, out);
    candidate_free(&candidate);
    return status;
}

static enum status seal(const struct admitted *run, size_t sender, struct bytes record, struct buf *envelope)
{
    struct strangers *strangers = run->strangers;
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    buf_clear(envelope);
    random_fill(strangers->random, id, sizeof id);
    world_header(strangers->world, sender, ENVELOPE_CONTRIBUTION, id, &header);
    return envelope_seal(&header, world_federation(strangers->world)->sealing_key,
                         &world_member(strangers->world, sender)->seed, record, envelope);
}

/* A record is written and one sealed for every class, so that all find the same heap and the same caches. */
static enum status time_admitted(void *context, size_t class, double *nanos)
{
    struct admitted *run = context;
    enum status answer = OK;
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    TRY(write_record(run->strangers->random, &record));
    const struct buf *content = class == MET ? &run->sent[run->next++] : &record;
    TRY(seal(run, run->strangers->member, buf_bytes(content), &envelope));
    TRY(time_message(run->strangers->world, MESSAGE_CONTRIBUTE, buf_bytes(class == AGAIN ? &run->last : &envelope),
                     class == FRESH_DELAYED ? 2 * TIMED_LIMIT_ONCE : 0, &answer, nanos));
    return answer;
}

/* The other member's contributions, and the one that is sent again and again. */
static enum status send_first(struct admitted *run)
{
    enum status answer = OK;
    SCOPED_BUF struct buf record = {0}, envelope = {0};
    for (size_t i = 0; i < run->calls; i++) {
        TRY(write_record(run->strangers->random, &run->sent[i]));
        TRY(seal(run, run->strangers->other, buf_bytes(&run->sent[i]), &envelope));
        TRY(world_ask(run->strangers->world, MESSAGE_CONTRIBUTE, buf_bytes(&envelope), &answer, NULL));
        TRY(answer);
    }
    TRY(write_record(run->strangers->random, &record));
    TRY(seal(run, run->strangers->member, buf_bytes(&record), &run->last));
    TRY(world_ask(run->strangers->world, MESSAGE_CONTRIBUTE, buf_bytes(&run->last), &answer, NULL));
    return answer;
}

static enum status measure_admitted(struct admitted *run, struct audit_results *out)
{
    SCOPED_MEM double *nanos = NULL;
    struct audit_result content = audit_result_start(&claims[CLAIM_CONTENT]);
    struct audit_result again = audit_result_start(&claims[CLAIM_AGAIN]);
    const struct timing timing = {ADMITTED_CLASSES, run->calls, time_admitted, run};
    TRY(send_first(run));
    TRY(timing_measure(&timing, run->strangers->random, &nanos));
    static const char *const names[] = {"new", "met before", "again"};
    const struct timed_classes classes = {names, nanos, ADMITTED_CLASSES, run->calls, FRESH_DELAYED};
    TRY(timed_result(&classes, (const size_t[]){MET}, 1, "a text that another has sent against one that is new", out,
                     &content));
    TRY(timed_result(&classes, (const size_t[]){AGAIN}, 1, "an envelope that is known gets its receipt again", out,
                     &again));
    TRY(audit_results_add(out, &content));
    return audit_results_add(out, &again);
}

static enum status run_admitted(struct strangers *strangers, size_t part, struct audit_results *out)
{
    size_t calls = ADMISSIONS / part;
    struct admitted run = {.strangers = strangers, .calls = calls, .sent = mem_new(calls, sizeof *run.sent)};
    enum status status = run.sent ? measure_admitted(&run, out) : ERR_MEMORY;
    for (size_t i = 0; run.sent && i < calls; i++)
        buf_free(&run.sent[i]);
    mem_free(run.sent);
    buf_free(&run.last);
    return status;
}

static enum status run_admission(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0x71);
    struct strangers strangers;
    size_t part = scope->full ? 1 : SMALL_PART;
    TRY(strangers_open(scope->seed, random, &strangers, why));
    enum status status = run_strangers(&strangers, part, out);
    if (status == OK)
        status = run_withdrawals(&strangers, part, out);
    if (status == OK)
        status = run_admitted(&strangers, part, out);
    strangers_close(&strangers);
    return status;
}

const struct attack attack_admission = {
    .name = "channel-admission",
    .summary = "Does the time that a server takes for a message tell who is a member, or what others have sent?",
    .paper = "Reparaz, Balasch & Verbauwhede 2017 (dudect)",
    .family = FAMILY_SIDE_CHANNEL,
    .quick = false,
    .full_seconds = 58,
    .claims = claims,
    .run = run_admission,
};

/* What do the counts of /metrics tell? A real gate stands in front of a real vault; members' messages come over TLS,
 * and its text is read before and after each. The same message from one member and from another, a contribution and a
 * withdrawal, one that is taken and one that is refused, one and none: which of them read otherwise? */
#include "audits/attacks.h"
#include "audits/channel/gatehouse.h"
#include "audits/channel/strangers.h"
#include "base/hash.h"

#define TRIALS_FULL 190
#define TRIALS_QUICK 10
#define LINES_MAX 64
#define SHARE_LIMIT .02
#define READER "the counts before and after, and everything else that came in between"
#define APART "pairs whose counts differ / pairs"
#define CONTROL "one that is taken and one that is refused are told apart"

enum { CLAIM_TENANT, CLAIM_CALL, CLAIM_REFUSAL, CLAIM_PRESENCE, CLAIMS };
static const struct audit_claim claims[] = {
    [CLAIM_TENANT] = {.name = "channel.metrics.tenant",
                      .surface = SURFACE_LOGS,
                      .target = "which member a message is from",
                      .threat = THREAT_LOG_READER,
                      .knows = READER,
                      .metric = APART,
                      .unit = "pair",
                      .baseline = "",
                      .control = CONTROL,
                      .needed = 183,
                      .limit = SHARE_LIMIT},
    [CLAIM_CALL] = {.name = "channel.metrics.call",
                    .surface = SURFACE_LOGS,
                    .target = "whether something was sent or taken back",
                    .threat = THREAT_LOG_READER,
                    .knows = READER,
                    .metric = APART,
                    .unit = "pair",
                    .baseline = "",
                    .control = CONTROL,
                    .needed = 183,
                    .limit = SHARE_LIMIT},
    [CLAIM_REFUSAL] = {.name = "channel.metrics.refusal",
                       .surface = SURFACE_LOGS,
                       .target = "whether a message was refused",
                       .threat = THREAT_LOG_READER,
                       .knows = READER,
                       .metric = APART,
                       .unit = "pair",
                       .baseline = "the same of a contribution and a withdrawal, both taken",
                       .control = "one message and none are told apart",
                       .needed = 0,
                       .limit = SHARE_LIMIT,
                       .expected = true},
    [CLAIM_PRESENCE] = {.name = "channel.metrics.presence",
                        .surface = SURFACE_LOGS,
                        .target = "whether a member sent anything at all",
                        .threat = THREAT_LOG_READER,
                        .knows = READER,
                        .metric = APART,
                        .unit = "pair",
                        .baseline = "the same of one member's message and another's",
                        .control = CONTROL,
                        .needed = 0,
                        .limit = SHARE_LIMIT,
                        .expected = true},
    {0},
};

/* --- counts --- */

struct count {
    uint64_t name; /* a hash of all that stands before the number */
    double value;
};
struct counts {
    size_t lines, scrapes;
    struct count rows[LINES_MAX];
};

/* A comment has no number: it is all name. */
static size_t name_size(struct bytes line)
{
    size_t size = line.size;
    if (line.data[0] == '#')
        return size;
    while (size > 0 && line.data[size - 1] != ' ')
        size--;
    return size;
}

static struct count read_count(struct bytes line)
{
    size_t named = name_size(line);
    struct count count = {.name = hash_mix64(bytes_part(line, 0, named), 0)};
    for (size_t at = named; at < line.size; at++)
        count.value = 10 * count.value + (line.data[at] - '0');
    return count;
}

/* The lines of the text, in its order. */
static enum status read_counts(struct bytes text, struct counts *out)
{
    out->lines = 0;
    while (text.size > 0) {
        size_t end = bytes_find(text, bytes_str("\n"));
        struct bytes line = bytes_part(text, 0, end == SIZE_MAX ? text.size : end);
        text = end == SIZE_MAX ? BYTES_NONE : bytes_part(text, end + 1, text.size);
        if (line.size == 0)
            continue;
        if (out->lines == LINES_MAX)
            return ERR_TOO_LARGE;
        out->rows[out->lines++] = read_count(line);
    }
    return OK;
}

/* A line that was not there stood at nothing. */
static double value_of(const struct counts *counts, uint64_t name)
{
    for (size_t i = 0; i < counts->lines; i++)
        if (counts->rows[i].name == name)
            return counts->rows[i].value;
    return 0;
}

/* What was counted between two readings, without what the reading itself adds, under the names of the second. */
static void subtract(const struct counts *before, const struct counts *after, const struct counts *one_scrape,
                     struct counts *out)
{
    *out = *after;
    for (size_t i = 0; i < after->lines; i++) {
        uint64_t name = after->rows[i].name;
        double scrapes = (double)after->scrapes * value_of(one_scrape, name);
        out->rows[i].value -= value_of(before, name) + scrapes;
    }
}

static bool differ(const struct counts *one, const struct counts *other)
{
    for (size_t i = 0; i < one->lines && i < other->lines; i++) {
        const struct count *a = &one->rows[i], *b = &other->rows[i];
        if (a->name != b->name || a->value < b->value || a->value > b->value)
            return true;
    }
    return one->lines != other->lines;
}

/* --- messages --- */

enum sending { CONTRIBUTION, OTHERS_CONTRIBUTION, WITHDRAWAL, REFUSED, MESSAGES };
struct reading {
    struct strangers strangers;
    struct gatehouse *house;
    struct counts last, one_scrape;
    uint8_t sent[ID_BYTES]; /* the member's last contribution */
};

/* The gate's vault: the world's. */
static enum status answer(void *context, enum message_type type, struct bytes payload, struct buf *reply)
{
    struct reading *run = context;
    enum status status;
    size_t before = world_seen(run->strangers.world)->answered.size;
    TRY(world_ask(run->strangers.world, type, payload, &status, NULL));
    const struct buf *all = &world_seen(run->strangers.world)->answered;
    buf_add(reply, bytes_part(buf_bytes(all), before, all->size - before));
    return buf_status(reply);
}

static enum status seal(struct reading *run, enum sending message, struct buf *envelope)
{
    struct strangers *strangers = &run->strangers;
    size_t sender = message == OTHERS_CONTRIBUTION ? strangers->other : strangers->member;
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    random_fill(strangers->random, id, sizeof id);
    if (message == WITHDRAWAL || message == REFUSED)
        return strangers_withdrawal(strangers, message == WITHDRAWAL ? run->sent : id, envelope);
    if (message == CONTRIBUTION)
        memcpy(run->sent, id, sizeof id);
    world_header(strangers->world, sender, ENVELOPE_CONTRIBUTION, id, &header);
    return envelope_seal(&header, world_federation(strangers->world)->sealing_key,
                         &world_member(strangers->world, sender)->seed, buf_bytes(&strangers->record), envelope);
}

static enum status read_again(struct reading *run, struct counts *passed)
{
    struct counts now = {0};
    SCOPED_BUF struct buf text = {0};
    TRY(gatehouse_metrics(run->house, &text, &now.scrapes));
    TRY(read_counts(buf_bytes(&text), &now));
    subtract(&run->last, &now, &run->one_scrape, passed);
    run->last = now;
    return OK;
}

static enum status send_and_read(struct reading *run, enum sending message, struct counts *passed)
{
    SCOPED_BUF struct buf envelope = {0};
    bool is_withdrawal = message == WITHDRAWAL || message == REFUSED;
    TRY(seal(run, message, &envelope));
    TRY(gatehouse_post(run->house, message == OTHERS_CONTRIBUTION,
                       is_withdrawal ? "/v1/withdrawals" : "/v1/contributions", buf_bytes(&envelope), answer, run));
    return read_again(run, passed);
}

/* --- trials --- */

/* The first reading opens the reader's connection; the second shows what one more adds. */
static enum status get_ready(struct reading *run)
{
    struct counts passed;
    TRY(read_again(run, &passed));
    TRY(read_again(run, &passed));
    if (run->last.scrapes != 1 || run->last.lines == 0)
        return ERR_UNAVAILABLE;
    run->one_scrape = passed;
    return OK;
}

static enum status try_once(struct reading *run, size_t apart[static CLAIMS])
{
    struct counts nothing, passed[MESSAGES];
    TRY(read_again(run, &nothing));
    for (int message = 0; message < MESSAGES; message++)
        TRY(send_and_read(run, (enum sending)message, &passed[message]));
    apart[CLAIM_TENANT] += differ(&passed[CONTRIBUTION], &passed[OTHERS_CONTRIBUTION]);
    apart[CLAIM_CALL] += differ(&passed[CONTRIBUTION], &passed[WITHDRAWAL]);
    apart[CLAIM_REFUSAL] += differ(&passed[CONTRIBUTION], &passed[REFUSED]);
    apart[CLAIM_PRESENCE] += differ(&passed[CONTRIBUTION], &nothing);
    return OK;
}

static enum status report(const size_t apart[static CLAIMS], size_t trials, struct audit_results *out)
{
    static const size_t controls[CLAIMS] = {CLAIM_REFUSAL, CLAIM_REFUSAL, CLAIM_PRESENCE, CLAIM_REFUSAL};
    static const char *const notes[CLAIMS] = {
        "no line has a member's name; every message is one connection and one answer",
        "only the kind of an answer (2xx, 4xx) is counted, not the call",
        "answers are counted by their kind",
        "who knows all other traffic knows of one more message; counts are on loopback, for the operator",
    };
    for (size_t claim = 0; claim < CLAIMS; claim++) {
        struct audit_result result = audit_result_start(&claims[claim]);
        audit_result_count(&result, apart[claim], trials);
        if (claim == CLAIM_REFUSAL || claim == CLAIM_PRESENCE)
            result.baseline = (double)apart[claim == CLAIM_REFUSAL ? CLAIM_CALL : CLAIM_TENANT] / (double)trials;
        result.control_value = (double)apart[controls[claim]] / (double)trials;
        result.control = apart[controls[claim]] == trials ? CONTROL_PASSED : CONTROL_FAILED;
        result.note = notes[claim];
        TRY(audit_results_add(out, &result));
    }
    return OK;
}

static enum status measure(struct reading *run, size_t trials, struct audit_results *out)
{
    size_t apart[CLAIMS] = {0};
    enum status status = get_ready(run);
    for (size_t i = 0; i < trials && status == OK; i++)
        status = try_once(run, apart);
    if (status == ERR_UNAVAILABLE)
        return audit_not_evaluated(out, claims, "the gate did not answer on loopback");
    TRY(status);
    return report(apart, trials, out);
}

static enum status run_metrics(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0x3e7);
    struct reading run = {0};
    enum status status = gatehouse_open(2, &run.house, why);
    if (status == ERR_UNAVAILABLE)
        return audit_not_evaluated(out, claims, "no gate can be run here");
    TRY(status);
    status = strangers_open(scope->seed, random, &run.strangers, why);
    if (status == OK)
        status = measure(&run, scope->full ? TRIALS_FULL : TRIALS_QUICK, out);
    strangers_close(&run.strangers);
    gatehouse_close(run.house);
    return status;
}

const struct attack attack_metrics = {
    .name = "channel-metrics",
    .summary = "Do the counts that a server keeps for its operator tell who sent what?",
    .paper = "",
    .family = FAMILY_SIDE_CHANNEL,
    .quick = false,
    .full_seconds = 9,
    .claims = claims,
    .run = run_metrics,
};

/* Do refusals tell a stranger who is known? Messages that are wrong in different ways are sent, and the bytes of the
 * answers compared with the answer to one from an unknown device. A member asks for the withdrawal of another's
 * contribution, and of one that is nobody's. The control is a member's own mistake, whose answer says what it was. */
#include "audits/attacks.h"
#include "audits/channel/strangers.h"

#define ROUNDS_QUICK 22
#define ROUNDS_FULL 200
#define SHARE_LIMIT 0.02

static const struct audit_claim claims[] = {
    {.name = "channel.errors",
     .surface = SURFACE_WIRE,
     .target = "who is a member, and what members have sent",
     .threat = THREAT_NETWORK,
     .knows = "ids of tenants, devices and contributions, and the answers to messages of its own making",
     .metric = "refusals that read otherwise than that of somebody unknown / refusals",
     .unit = "refusal",
     .baseline = "",
     .control = "a member's own mistake is answered otherwise",
     .needed = 183,
     .limit = SHARE_LIMIT},
    {0},
};

/* The whole answer's bytes. */
static enum status answer_of(struct strangers *run, enum message_type type, struct bytes envelope, struct buf *out)
{
    enum status answer;
    size_t before = world_seen(run->world)->answered.size;
    TRY(world_ask(run->world, type, envelope, &answer, NULL));
    const struct buf *all = &world_seen(run->world)->answered;
    buf_clear(out);
    buf_add(out, bytes_part(buf_bytes(all), before, all->size - before));
    return buf_status(out);
}

static enum status ask_wrong(struct strangers *run, enum envelope_kind kind, enum wrong wrong, struct buf *answer)
{
    SCOPED_BUF struct buf envelope = {0};
    TRY(strangers_seal(run, kind, wrong, &envelope));
    return answer_of(run, kind == ENVELOPE_WITHDRAWAL ? MESSAGE_WITHDRAW : MESSAGE_CONTRIBUTE, buf_bytes(&envelope),
                     answer);
}

static enum status ask_withdrawal(struct strangers *run, const uint8_t target[static ID_BYTES], struct buf *answer)
{
    SCOPED_BUF struct buf envelope = {0};
    TRY(strangers_withdrawal(run, target, &envelope));
    return answer_of(run, MESSAGE_WITHDRAW, buf_bytes(&envelope), answer);
}

struct tally {
    size_t apart, sent;
};

static void compare(const struct buf *one, const struct buf *other, struct tally *tally)
{
    tally->sent++;
    tally->apart += !bytes_equal(buf_bytes(one), buf_bytes(other));
}

static enum status ask_all(struct strangers *run, size_t rounds, struct tally *tally)
{
    SCOPED_BUF struct buf unknown = {0}, answer = {0};
    for (size_t r = 0; r < rounds; r++) {
        uint8_t nobodys[ID_BYTES];
        enum envelope_kind kind = r % 2 ? ENVELOPE_WITHDRAWAL : ENVELOPE_CONTRIBUTION;
        TRY(ask_wrong(run, kind, UNKNOWN_DEVICE, &unknown));
        for (int wrong = UNKNOWN_DEVICE + 1; wrong < WRONGS; wrong++) {
            TRY(ask_wrong(run, kind, (enum wrong)wrong, &answer));
            compare(&unknown, &answer, tally);
        }
        random_fill(run->random, nobodys, sizeof nobodys);
        TRY(ask_withdrawal(run, nobodys, &unknown));
        TRY(ask_withdrawal(run, run->target, &answer));
        compare(&unknown, &answer, tally);
    }
    return OK;
}

/* A member's withdrawal of what is nobody's is refused with the reason, a stranger's message without. */
static enum status control(struct strangers *run, struct tally *tally)
{
    uint8_t nobodys[ID_BYTES];
    SCOPED_BUF struct buf unknown = {0}, answer = {0};
    random_fill(run->random, nobodys, sizeof nobodys);
    TRY(ask_wrong(run, ENVELOPE_WITHDRAWAL, UNKNOWN_DEVICE, &unknown));
    TRY(ask_withdrawal(run, nobodys, &answer));
    compare(&unknown, &answer, tally);
    return OK;
}

static enum status measure(struct strangers *run, size_t rounds, struct audit_result *result)
{
    struct tally tally = {0}, own = {0};
    TRY(ask_all(run, rounds, &tally));
    TRY(control(run, &own));
    audit_result_count(result, tally.apart, tally.sent);
    result->control_value = (double)own.apart / (double)own.sent;
    result->control = own.apart == own.sent ? CONTROL_PASSED : CONTROL_FAILED;
    result->note = "unknown, suspended, foreign, undecryptable, altered; a withdrawal of another's and of nobody's";
    return OK;
}

static enum status run_errors(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct random random = random_seeded_start(&seeded, scope->seed ^ 0xe7);
    struct strangers run;
    struct audit_result result = audit_result_start(&claims[0]);
    TRY(strangers_open(scope->seed, random, &run, why));
    enum status status = measure(&run, scope->full ? ROUNDS_FULL : ROUNDS_QUICK, &result);
    strangers_close(&run);
    return status == OK ? audit_results_add(out, &result) : status;
}

const struct attack attack_errors = {
    .name = "channel-errors",
    .summary = "Does a refusal tell a stranger who is a member, or a member what others have sent?",
    .paper = "",
    .family = FAMILY_SIDE_CHANNEL,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 1,
    .claims = claims,
    .run = run_errors,
};

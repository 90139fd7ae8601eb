/* Do refusals tell a stranger who is known? Messages that are wrong in different ways are sent, and the bytes of the
 * answers compared with the answer to one from an unknown device. A member asks for the withdrawal of another's
 * contribution, and of one that is nobody's. The control is a member's own mistake, whose answer says what it was. */
#include "audits/attacks.h"
#include "audits/world.h"

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

enum wrong {
    UNKNOWN_DEVICE, /* what the others are compared with */
    KNOWN_DEVICE,   /* a stranger's key under a member's ids */
    UNKNOWN_TENANT,
    OTHERS_DEVICE,
    SUSPENDED,     /* a member who was, with its own key */
    FOREIGN,       /* for another federation */
    OTHER_KEY,     /* a sealing key that is not there */
    UNDECRYPTABLE, /* sealed to somebody else */
    ALTERED,
    WRONGS
};

struct errors {
    struct world *world;
    struct random random;
    size_t member, other, suspended;
    struct secret stranger;
    uint8_t elsewhere[HPKE_PUBLIC_BYTES];
    uint8_t target[ID_BYTES]; /* a contribution of the other's */
    struct buf record, withdrawal;
};

/* The whole answer's bytes. */
static enum status answer_of(struct errors *run, enum message_type type, struct bytes envelope, struct buf *out)
{
    enum status answer;
    size_t before = world_seen(run->world)->answered.size;
    TRY(world_ask(run->world, type, envelope, &answer, NULL));
    const struct buf *all = &world_seen(run->world)->answered;
    buf_clear(out);
    buf_add(out, bytes_part(buf_bytes(all), before, all->size - before));
    return buf_status(out);
}

static void craft(struct errors *run, enum wrong wrong, struct envelope_header *header)
{
    switch (wrong) {
    case UNKNOWN_DEVICE:
        random_fill(run->random, header->device, ID_BYTES);
        return;
    case UNKNOWN_TENANT:
        random_fill(run->random, header->tenant, ID_BYTES);
        return;
    case OTHERS_DEVICE:
        memcpy(header->device, world_member(run->world, run->other)->device, ID_BYTES);
        return;
    case FOREIGN:
        random_fill(run->random, header->federation, FEDERATION_ID_BYTES);
        return;
    case OTHER_KEY:
        random_fill(run->random, header->sealing_key_id, KEY_ID_BYTES);
        return;
    case KNOWN_DEVICE:
    case SUSPENDED:
    case UNDECRYPTABLE:
    case ALTERED:
    case WRONGS:
        return;
    }
}

static enum status ask_wrong(struct errors *run, enum envelope_kind kind, enum wrong wrong, struct buf *answer)
{
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    SCOPED_BUF struct buf envelope = {0};
    size_t sender = wrong == SUSPENDED ? run->suspended : run->member;
    bool is_own = wrong == SUSPENDED || wrong == ALTERED;
    random_fill(run->random, id, sizeof id);
    world_header(run->world, sender, kind, id, &header);
    craft(run, wrong, &header);
    TRY(envelope_seal(&header, wrong == UNDECRYPTABLE ? run->elsewhere : world_federation(run->world)->sealing_key,
                      is_own ? &world_member(run->world, sender)->seed : &run->stranger,
                      buf_bytes(kind == ENVELOPE_WITHDRAWAL ? &run->withdrawal : &run->record), &envelope));
    if (wrong == ALTERED)
        envelope.data[envelope.size - 1 - random_below(run->random, 64)] ^= 1;
    return answer_of(run, kind == ENVELOPE_WITHDRAWAL ? MESSAGE_WITHDRAW : MESSAGE_CONTRIBUTE, buf_bytes(&envelope),
                     answer);
}

/* A member's withdrawal of a contribution. */
static enum status ask_withdrawal(struct errors *run, const uint8_t target[static ID_BYTES], struct buf *answer)
{
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    SCOPED_BUF struct buf envelope = {0}, record = {0};
    random_fill(run->random, id, sizeof id);
    world_header(run->world, run->member, ENVELOPE_WITHDRAWAL, id, &header);
    TRY(withdrawal_encode(target, &record));
    TRY(envelope_seal(&header, world_federation(run->world)->sealing_key, &world_member(run->world, run->member)->seed,
                      buf_bytes(&record), &envelope));
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

static enum status ask_all(struct errors *run, size_t rounds, struct tally *tally)
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
static enum status control(struct errors *run, struct tally *tally)
{
    uint8_t nobodys[ID_BYTES];
    SCOPED_BUF struct buf unknown = {0}, answer = {0};
    random_fill(run->random, nobodys, sizeof nobodys);
    TRY(ask_wrong(run, ENVELOPE_WITHDRAWAL, UNKNOWN_DEVICE, &unknown));
    TRY(ask_withdrawal(run, nobodys, &answer));
    compare(&unknown, &answer, tally);
    return OK;
}

static enum status start(struct errors *run)
{
    struct envelope_header header;
    struct candidate candidate = {.kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 1};
    struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1, .candidates = &candidate};
    uint8_t unused[SIGN_PUBLIC_BYTES];
    enum status answer = OK;
    SCOPED_SECRET struct secret private_key = {0};
    TRY(world_tenant(run->world, "member", &run->member));
    TRY(world_tenant(run->world, "other", &run->other));
    TRY(world_tenant(run->world, "suspended", &run->suspended));
    TRY(world_operate(run->world, "suspended", WORLD_SUSPENSION));
    TRY(sign_keypair(&run->stranger, unused));
    TRY(hpke_keypair(&private_key, run->elsewhere));
    random_fill(run->random, run->target, sizeof run->target);
    TRY(withdrawal_encode(run->target, &run->withdrawal));
    enum status status = phrases_add(&candidate.when, "a request is refused for its rate");
    if (status == OK)
        status = phrases_add(&candidate.act, "wait before the next one");
    if (status == OK)
        status = contribution_encode(&contribution, &run->record);
    candidate_free(&candidate);
    TRY(status);
    world_header(run->world, run->other, ENVELOPE_CONTRIBUTION, run->target, &header);
    TRY(world_seal_and_send(run->world, &header, &world_member(run->world, run->other)->seed, buf_bytes(&run->record),
                            MESSAGE_CONTRIBUTE, &answer));
    return answer;
}

static enum status measure(struct errors *run, size_t rounds, struct audit_result *result)
{
    struct tally tally = {0}, own = {0};
    TRY(start(run));
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
    struct policy policy;
    struct random_seeded seeded;
    struct errors run = {.random = random_seeded_start(&seeded, scope->seed ^ 0xe7)};
    struct audit_result result = audit_result_start(&claims[0]);
    policy_default(&policy);
    TRY(world_new(&policy, scope->seed, &run.world, why));
    enum status status = measure(&run, scope->full ? ROUNDS_FULL : ROUNDS_QUICK, &result);
    world_free(run.world);
    secret_free(&run.stranger);
    buf_free(&run.record);
    buf_free(&run.withdrawal);
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

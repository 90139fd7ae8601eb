/* One tenant against another: messages with crafted ids, sent by a real device or sealed by a stranger. None may be
 * accepted. The control sends honest ones, which must be. */
#include "audits/attacks.h"
#include "audits/world.h"
#include "base/clock.h"

#define ROUNDS 40 /* of each kind of attempt, whose ids are drawn anew */
#define CONTROLS_SENT 8

enum attempt {
    WRITE_AS_OTHER_TENANT, /* own device, the other's tenant id */
    WRITE_AS_OTHER_DEVICE, /* the other's device id, own tenant and key */
    WRITE_AS_OTHER,        /* both of the other's ids, own key */
    WRITE_AS_UNKNOWN,      /* random ids, own key */
    WRITE_ELSEWHERE,       /* another federation's id */
    WRITE_WITH_OLD_KEY,    /* a sealing key that is not there */
    WITHDRAW_OF_OTHER,     /* own name, the other's contribution */
    WITHDRAW_AS_OTHER,     /* the other's name, own key */
    REUSE_OF_OTHER,        /* the other's envelope with own ids in its header */
    ATTEMPTS
};

struct siege {
    struct world *world;
    struct random random;
    size_t own, other;        /* tenants */
    uint8_t target[ID_BYTES]; /* the other's contribution */
    struct buf record;        /* a good record */
    struct buf envelope;      /* the other's, as seen on the network */
};

static enum status make_record(uint8_t task, struct buf *out)
{
    struct candidate candidate = {.kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 1};
    struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1, .candidates = &candidate};
    memset(candidate.task, task, sizeof candidate.task);
    enum status status = phrases_add(&candidate.when, "a request is refused for its rate");
    if (status == OK)
        status = phrases_add(&candidate.act, "wait before the next one");
    if (status == OK)
        status = contribution_encode(&contribution, out);
    candidate_free(&candidate);
    return status;
}

static enum status send_honest(struct siege *siege, size_t tenant, const uint8_t *id, bool *accepted)
{
    struct envelope_header header;
    enum status answer = OK;
    world_header(siege->world, tenant, ENVELOPE_CONTRIBUTION, id, &header);
    TRY(world_seal_and_send(siege->world, &header, &world_member(siege->world, tenant)->seed, buf_bytes(&siege->record),
                            MESSAGE_CONTRIBUTE, &answer));
    *accepted = answer == OK;
    return OK;
}

/* --- attempts --- */

static void craft(struct siege *siege, enum attempt attempt, struct envelope_header *header)
{
    const struct world_member *other = world_member(siege->world, siege->other);
    switch (attempt) {
    case WRITE_AS_OTHER_TENANT:
        memcpy(header->tenant, other->tenant, ID_BYTES);
        return;
    case WRITE_AS_OTHER_DEVICE:
        memcpy(header->device, other->device, ID_BYTES);
        return;
    case WRITE_AS_OTHER:
    case WITHDRAW_AS_OTHER:
        memcpy(header->tenant, other->tenant, ID_BYTES);
        memcpy(header->device, other->device, ID_BYTES);
        return;
    case WRITE_AS_UNKNOWN:
        random_fill(siege->random, header->tenant, ID_BYTES);
        random_fill(siege->random, header->device, ID_BYTES);
        return;
    case WRITE_ELSEWHERE:
        random_fill(siege->random, header->federation, FEDERATION_ID_BYTES);
        return;
    case WRITE_WITH_OLD_KEY:
        random_fill(siege->random, header->sealing_key_id, KEY_ID_BYTES);
        return;
    case WITHDRAW_OF_OTHER:
    case REUSE_OF_OTHER:
    case ATTEMPTS:
        return;
    }
}

static enum status send_crafted(struct siege *siege, enum attempt attempt, bool *accepted)
{
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    enum status answer = OK;
    bool withdraws = attempt == WITHDRAW_OF_OTHER || attempt == WITHDRAW_AS_OTHER;
    SCOPED_BUF struct buf withdrawal = {0};
    TRY(withdrawal_encode(siege->target, &withdrawal));
    random_fill(siege->random, id, sizeof id);
    world_header(siege->world, siege->own, withdraws ? ENVELOPE_WITHDRAWAL : ENVELOPE_CONTRIBUTION, id, &header);
    craft(siege, attempt, &header);
    TRY(world_seal_and_send(siege->world, &header, &world_member(siege->world, siege->own)->seed,
                            withdraws ? buf_bytes(&withdrawal) : buf_bytes(&siege->record),
                            withdraws ? MESSAGE_WITHDRAW : MESSAGE_CONTRIBUTE, &answer));
    *accepted = answer == OK;
    return OK;
}

/* The other's sealed bytes under a header that names us: the ids stand at fixed places (protocol/contribution.h). */
static enum status send_reused(struct siege *siege, bool *accepted)
{
    enum { TENANT_AT = 4 + 2 + 1 + 6 + 16 + 8, DEVICE_AT = TENANT_AT + ID_BYTES };
    const struct world_member *own = world_member(siege->world, siege->own);
    enum status answer = OK;
    SCOPED_BUF struct buf altered = {0};
    buf_add(&altered, buf_bytes(&siege->envelope));
    TRY(buf_status(&altered));
    memcpy(altered.data + TENANT_AT, own->tenant, ID_BYTES);
    if (random_below(siege->random, 2))
        memcpy(altered.data + DEVICE_AT, own->device, ID_BYTES);
    TRY(world_ask(siege->world, MESSAGE_CONTRIBUTE, buf_bytes(&altered), &answer, NULL));
    *accepted = answer == OK;
    return OK;
}

static enum status attack_by(struct siege *siege, enum attempt kind, bool *accepted)
{
    for (size_t round = 0; round < ROUNDS && !*accepted; round++)
        TRY(kind == REUSE_OF_OTHER ? send_reused(siege, accepted) : send_crafted(siege, kind, accepted));
    return OK;
}

static enum status attack_all(struct siege *siege, size_t *accepted)
{
    for (int kind = 0; kind < ATTEMPTS; kind++) {
        bool through = false;
        TRY(attack_by(siege, (enum attempt)kind, &through));
        *accepted += through;
    }
    return OK;
}

/* --- the setting --- */

static enum status prepare_siege(struct siege *siege)
{
    struct envelope_header header;
    bool accepted = false;
    TRY(world_tenant(siege->world, "own", &siege->own));
    TRY(world_tenant(siege->world, "other", &siege->other));
    TRY(make_record(1, &siege->record));
    random_fill(siege->random, siege->target, sizeof siege->target);
    TRY(send_honest(siege, siege->other, siege->target, &accepted));
    if (!accepted)
        return ERR_BUG;
    uint8_t next[ID_BYTES];
    random_fill(siege->random, next, sizeof next);
    world_header(siege->world, siege->other, ENVELOPE_CONTRIBUTION, next, &header);
    return envelope_seal(&header, world_federation(siege->world)->sealing_key,
                         &world_member(siege->world, siege->other)->seed, buf_bytes(&siege->record), &siege->envelope);
}

static enum status run_control(struct siege *siege, size_t *accepted)
{
    for (size_t i = 0; i < CONTROLS_SENT; i++) {
        uint8_t id[ID_BYTES];
        bool through = false;
        random_fill(siege->random, id, sizeof id);
        TRY(send_honest(siege, siege->own, id, &through));
        *accepted += through;
        if (i == 0)
            memcpy(siege->target, id, sizeof id);
    }
    bool withdrawn = false; /* one's own may be withdrawn: what was refused above was refused for its owner */
    TRY(send_crafted(siege, WITHDRAW_OF_OTHER, &withdrawn));
    *accepted += withdrawn;
    return OK;
}

static enum status besiege(struct siege *siege, struct audit_result *result)
{
    size_t accepted = 0, control = 0;
    TRY(prepare_siege(siege));
    TRY(attack_all(siege, &accepted));
    TRY(run_control(siege, &control));
    audit_result_census(result, accepted, ATTEMPTS); /* one more of a kind is no new case */
    result->control = control == CONTROLS_SENT + 1 ? CONTROL_PASSED : CONTROL_FAILED;
    result->control_value = (double)control / (CONTROLS_SENT + 1);
    return OK;
}

static const struct audit_claim claims[] = {
    {.name = "isolation.tenant",
     .surface = SURFACE_WIRE,
     .target = "another tenant's data at the server",
     .threat = THREAT_TENANT,
     .knows = "every id, and other tenants' sealed envelopes",
     .metric = "kinds of crafted messages of which one was accepted / all kinds",
     .unit = "kind of message",
     .baseline = "",
     .control = "honest contributions, and a withdrawal of one's own, are accepted",
     .needed = ATTEMPTS,
     .limit = 0},
    {0},
};

static enum status run(const struct audit_scope *scope, struct audit_results *out, struct why *why)
{
    struct random_seeded seeded;
    struct siege siege = {.random = random_seeded_start(&seeded, scope->seed ^ 0x15)};
    struct policy policy;
    struct audit_result result = audit_result_start(claims);
    result.note = "foreign ids, keys, federations and envelopes, in contributions and withdrawals, each 40 times";
    world_policy(scope, &policy);
    uint64_t started = clock_ticks();
    TRY(world_new(&policy, scope->seed, &siege.world, why));
    enum status status = besiege(&siege, &result);
    audit_results_worlds(out, 1, started);
    world_free(siege.world);
    buf_free(&siege.record);
    buf_free(&siege.envelope);
    return status == OK ? audit_results_add(out, &result) : status;
}

const struct attack attack_isolation = {
    .name = "isolation",
    .summary = "Can one organisation write or withdraw in another's name?",
    .paper = "",
    .family = FAMILY_BOUNDARY,
    .quick = true,
    .quick_seconds = 1,
    .full_seconds = 1,
    .claims = claims,
    .run = run,
};

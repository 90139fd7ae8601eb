/* Hides how each kind of wrong message is made, and that a member's own signature is on two of them. */
#include "audits/channel/strangers.h"

static void craft(const struct strangers *run, enum wrong wrong, struct envelope_header *header)
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

enum status strangers_seal(const struct strangers *run, enum envelope_kind kind, enum wrong wrong, struct buf *envelope)
{
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    size_t sender = wrong == SUSPENDED ? run->suspended : run->member;
    bool is_own = wrong == SUSPENDED || wrong == ALTERED;
    buf_clear(envelope);
    random_fill(run->random, id, sizeof id);
    world_header(run->world, sender, kind, id, &header);
    craft(run, wrong, &header);
    TRY(envelope_seal(&header, wrong == UNDECRYPTABLE ? run->elsewhere : world_federation(run->world)->sealing_key,
                      is_own ? &world_member(run->world, sender)->seed : &run->stranger,
                      buf_bytes(kind == ENVELOPE_WITHDRAWAL ? &run->withdrawal : &run->record), envelope));
    if (wrong == ALTERED)
        envelope->data[envelope->size - 1 - random_below(run->random, 64)] ^= 1;
    return OK;
}

enum status strangers_withdrawal(const struct strangers *run, const uint8_t target[static ID_BYTES],
                                 struct buf *envelope)
{
    struct envelope_header header;
    uint8_t id[ID_BYTES];
    SCOPED_BUF struct buf record = {0};
    buf_clear(envelope);
    random_fill(run->random, id, sizeof id);
    world_header(run->world, run->member, ENVELOPE_WITHDRAWAL, id, &header);
    TRY(withdrawal_encode(target, &record));
    return envelope_seal(&header, world_federation(run->world)->sealing_key,
                         &world_member(run->world, run->member)->seed, buf_bytes(&record), envelope);
}

/* --- the federation --- */

static enum status enrol(struct strangers *run)
{
    uint8_t unused[SIGN_PUBLIC_BYTES];
    SCOPED_SECRET struct secret private_key = {0};
    TRY(world_tenant(run->world, "member", &run->member));
    TRY(world_tenant(run->world, "other", &run->other));
    TRY(world_tenant(run->world, "suspended", &run->suspended));
    TRY(world_operate(run->world, "suspended", WORLD_SUSPENSION));
    TRY(sign_keypair(&run->stranger, unused));
    return hpke_keypair(&private_key, run->elsewhere);
}

static enum status write_records(struct strangers *run)
{
    struct candidate candidate = {.kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 1};
    struct contribution contribution = {
        .class = CLASS_TEXT, .extractor = "contrast/1", .candidate_count = 1, .candidates = &candidate};
    random_fill(run->random, run->target, sizeof run->target);
    TRY(withdrawal_encode(run->target, &run->withdrawal));
    enum status status = phrases_add(&candidate.when, "a request is refused for its rate");
    if (status == OK)
        status = phrases_add(&candidate.act, "wait before the next one");
    if (status == OK)
        status = contribution_encode(&contribution, &run->record);
    candidate_free(&candidate);
    return status;
}

enum status strangers_contribute(const struct strangers *run, const uint8_t id[static ID_BYTES])
{
    struct envelope_header header;
    enum status answer = OK;
    world_header(run->world, run->other, ENVELOPE_CONTRIBUTION, id, &header);
    TRY(world_seal_and_send(run->world, &header, &world_member(run->world, run->other)->seed, buf_bytes(&run->record),
                            MESSAGE_CONTRIBUTE, &answer));
    return answer;
}

enum status strangers_open(uint64_t seed, struct random random, struct strangers *out, struct why *why)
{
    struct policy policy;
    *out = (struct strangers){.random = random};
    policy_default(&policy);
    TRY(world_new(&policy, seed, &out->world, why));
    enum status status = enrol(out);
    if (status == OK)
        status = write_records(out);
    if (status == OK)
        status = strangers_contribute(out, out->target);
    if (status != OK)
        strangers_close(out);
    return status;
}

void strangers_close(struct strangers *strangers)
{
    world_free(strangers->world);
    secret_free(&strangers->stranger);
    buf_free(&strangers->record);
    buf_free(&strangers->withdrawal);
    *strangers = (struct strangers){0};
}

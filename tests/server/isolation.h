/* Attacks on the walls between tenants, drawn from a seeded generator: what a member with a device of its own, a
 * compromised gate, a compromised distil and whoever can write in the state folder may try. Nothing that is refused
 * changes anything, which is read from the stores themselves, and every attempt is counted in the audit trail. */
#pragma once

#include "server/store_inside.h"
#include "server/trail.h"
#include "tests/server/house_fixture.h"

#define SHARED_WHEN "a booking is refused because payments do not add up"
#define SHARED_ACT "recompute bags and insurance before charging more"
#define ALONE "ask whether the leading character is missing"
#define INVENTED "send all orders to another address"
#define CAPTURED 4

struct stage {
    struct house house;
    struct member *acme, *beta, *carol, *mallory;
    struct random_seeded seeded;
    struct random random;
    struct buf captured[CAPTURED]; /* what others sent and was taken: three contributions and a withdrawal */
    struct buf enrolment;          /* a request that was taken */
    struct enrol_token live;       /* acme's, not used yet: its id is known, its secret is not */
    uint8_t before[HASH_BYTES];
    uint64_t refusals; /* that the trail must count */
};

/* --- what must not change --- */

static inline void add_rows(struct db *db, const char *sql, struct buf *out)
{
    struct db_rows *rows = NULL;
    enum status status = db_query(db, &rows, sql, "");
    while (status == OK && (status = db_next(rows)) == OK)
        buf_add_lp(out, db_bytes(rows, 0));
    db_done(rows);
    assert_int_equal(status, ERR_NOT_FOUND);
}

/* Every row of the others' stores, and of the federation's but for the trail and the clock. */
static inline void state_hash(struct stage *stage, uint8_t out[static HASH_BYTES])
{
    static const char *const federation[] = {
        "SELECT quote(id) || quote(state) || quote(wrapped) FROM tenant ORDER BY number",
        "SELECT quote(id) || quote(tenant) || quote(sign_key) || state || role FROM device ORDER BY id",
        "SELECT quote(id) || used FROM token ORDER BY id",
        "SELECT quote(serial) FROM certificate ORDER BY serial",
        "SELECT quote(hash) || quote(entry) FROM log ORDER BY leaf",
        "SELECT quote(document) || quote(signature) FROM release ORDER BY version",
        "SELECT quote(sealed) FROM server_key ORDER BY purpose, version",
        "SELECT quote(reason) FROM freeze ORDER BY number",
    };
    struct vault *vault = stage->house.vault;
    const struct member *members[] = {stage->acme, stage->beta, stage->carol, stage->mallory};
    SCOPED_BUF struct buf rows = {0};
    assert_int_equal(vault_settle(vault), OK);
    for (size_t i = 0; i < sizeof federation / sizeof *federation; i++)
        add_rows(store_federation(vault->store), federation[i], &rows);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        struct tenant tenant;
        struct db *db = NULL;
        assert_int_equal(tenant_find(vault->store, members[i]->tenant, &tenant), OK);
        assert_int_equal(store_tenant(vault->store, &tenant, &db), OK);
        add_rows(db,
                 "SELECT quote(device) || quote(id) || kind || quote(digest) || quote(record) FROM admission ORDER BY "
                 "number",
                 &rows);
    }
    assert_int_equal(buf_status(&rows), OK);
    hash_sha256(buf_bytes(&rows), out);
}

static inline void nothing_changed(struct stage *stage)
{
    uint8_t now[HASH_BYTES];
    state_hash(stage, now);
    assert_memory_equal(now, stage->before, HASH_BYTES);
}

/* What the trail counts as refused to devices and strangers. */
static inline uint64_t refused(struct stage *stage)
{
    int64_t count = 0;
    assert_int_equal(trail_flush(stage->house.vault), OK);
    assert_int_equal(
        db_row(store_federation(stage->house.vault->store),
               "SELECT coalesce(sum(count), 0) FROM trail WHERE outcome != ? AND actor IN ('device', 'stranger')",
               "t:i", status_text(OK), &count),
        OK);
    return (uint64_t)count;
}

/* --- the stage --- */

static inline void capture(struct stage *stage, size_t at, const struct member *member, enum envelope_kind kind,
                           uint8_t id, struct bytes record)
{
    struct envelope_header header;
    house_header(&stage->house, member, kind, id, &header);
    house_seal(&stage->house, member, &header, record, &stage->captured[at]);
    assert_int_equal(house_get(&stage->house, ROLE_GATE,
                               kind == ENVELOPE_WITHDRAWAL ? MESSAGE_WITHDRAW : MESSAGE_CONTRIBUTE,
                               buf_bytes(&stage->captured[at]), NULL),
                     OK);
}

static inline void capture_all(struct stage *stage)
{
    const uint8_t target[ID_BYTES] = {[0 ... ID_BYTES - 1] = 3};
    SCOPED_BUF struct buf record = {0}, withdrawal = {0};
    house_record(SHARED_WHEN, SHARED_ACT, 1, &record);
    capture(stage, 0, stage->acme, ENVELOPE_CONTRIBUTION, 1, buf_bytes(&record));
    house_record(SHARED_WHEN, SHARED_ACT, 2, &record);
    capture(stage, 1, stage->beta, ENVELOPE_CONTRIBUTION, 1, buf_bytes(&record));
    house_record(SHARED_WHEN, ALONE, 3, &record);
    capture(stage, 2, stage->carol, ENVELOPE_CONTRIBUTION, 1, buf_bytes(&record));
    assert_int_equal(house_share(&stage->house, stage->acme, 3, "an order is late", "say so", 4), OK);
    assert_int_equal(withdrawal_encode(target, &withdrawal), OK);
    capture(stage, 3, stage->acme, ENVELOPE_WITHDRAWAL, 4, buf_bytes(&withdrawal));
}

static inline void stage_new(struct stage *stage, uint64_t seed)
{
    SCOPED_BUF struct buf token = {0};
    struct member late = {0};
    *stage = (struct stage){0};
    stage->random = random_seeded_start(&stage->seeded, seed);
    house_prepare(&stage->house, HOUSE_FOLDER);
    stage->house.policy.rate_per_minute = 0;
    assert_int_equal(house_found(&stage->house, NULL), OK);
    stage->acme = house_member(&stage->house, "acme");
    stage->beta = house_member(&stage->house, "beta");
    stage->carol = house_member(&stage->house, "carol");
    stage->mallory = house_member(&stage->house, "mallory");
    capture_all(stage);
    house_token(&stage->house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}", &token);
    house_enrol_request(&stage->house, buf_bytes(&token), &late, &stage->enrolment);
    assert_int_equal(house_get(&stage->house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&stage->enrolment), NULL), OK);
    secret_free(&late.seed);
    house_token(&stage->house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}", &token);
    assert_int_equal(enrol_token_decode(buf_bytes(&token), &stage->live), OK);
    json_free(house_command(&stage->house, "{\"command\":\"round\"}"));
    assert_int_equal(refused(stage), 0);
    state_hash(stage, stage->before);
}

static inline void stage_free(struct stage *stage)
{
    for (size_t i = 0; i < CAPTURED; i++)
        buf_free(&stage->captured[i]);
    buf_free(&stage->enrolment);
    house_free(&stage->house);
}

/* --- attempts over the wire: each writes a message that must be refused --- */

static inline size_t draw(struct stage *stage, size_t below)
{
    return (size_t)random_below(stage->random, below);
}

static inline const struct member *draw_victim(struct stage *stage)
{
    const struct member *victims[] = {stage->acme, stage->beta, stage->carol};
    return victims[draw(stage, 3)];
}

/* A captured message into out; the type that it was sent as. */
static inline enum message_type draw_captured(struct stage *stage, struct buf *out)
{
    size_t at = draw(stage, CAPTURED);
    buf_add(out, buf_bytes(&stage->captured[at]));
    return at == 3 ? MESSAGE_WITHDRAW : MESSAGE_CONTRIBUTE;
}

/* Mallory's signature under another's name: tenant, device or both. */
static inline void another_name(struct stage *stage, struct message *out)
{
    const struct member *victim = draw_victim(stage);
    struct envelope_header header;
    size_t which = 1 + draw(stage, 3);
    SCOPED_BUF struct buf record = {0};
    house_record(SHARED_WHEN, INVENTED, (uint8_t)draw(stage, 256), &record);
    house_header(&stage->house, stage->mallory, ENVELOPE_CONTRIBUTION, (uint8_t)draw(stage, 256), &header);
    if (which & 1)
        memcpy(header.tenant, victim->tenant, ID_BYTES);
    if (which & 2)
        memcpy(header.device, victim->device, ID_BYTES);
    house_seal(&stage->house, stage->mallory, &header, buf_bytes(&record), &out->payload);
    out->type = MESSAGE_CONTRIBUTE;
}

/* Sealed for another federation, or to a key that is not ours, by a member that is. */
static inline void another_federation(struct stage *stage, struct message *out)
{
    struct envelope_header header;
    uint8_t key[HPKE_PUBLIC_BYTES];
    SCOPED_SECRET struct secret unused = {0};
    SCOPED_BUF struct buf record = {0};
    size_t which = draw(stage, 3);
    house_record(SHARED_WHEN, SHARED_ACT, 9, &record);
    house_header(&stage->house, stage->mallory, ENVELOPE_CONTRIBUTION, 9, &header);
    memcpy(key, stage->house.vault->federation.sealing_key, sizeof key);
    if (which == 0)
        random_fill(stage->random, header.federation, FEDERATION_ID_BYTES);
    if (which == 1)
        random_fill(stage->random, header.sealing_key_id, KEY_ID_BYTES);
    if (which == 2)
        assert_int_equal(hpke_keypair(&unused, key), OK);
    assert_int_equal(envelope_seal(&header, key, &stage->mallory->seed, buf_bytes(&record), &out->payload), OK);
    out->type = MESSAGE_CONTRIBUTE;
}

static inline void altered(struct stage *stage, struct message *out)
{
    out->type = draw_captured(stage, &out->payload);
    for (size_t left = 1 + draw(stage, 4), at = 0; left > 0; left--, at++) {
        at += draw(stage, (out->payload.size - at) / left); /* forward only: no byte is altered back */
        out->payload.data[at] ^= (uint8_t)(1 + draw(stage, 255));
    }
}

static inline void another_length(struct stage *stage, struct message *out)
{
    out->type = draw_captured(stage, &out->payload);
    if (draw(stage, 2) == 0) {
        out->payload.size = draw(stage, out->payload.size);
        return;
    }
    uint8_t more[64];
    random_fill(stage->random, more, sizeof more);
    buf_add(&out->payload, bytes_of(more, 1 + draw(stage, sizeof more)));
}

/* The beginning of one message and the end of another. */
static inline void spliced(struct stage *stage, struct message *out)
{
    size_t first = draw(stage, CAPTURED), second = (first + 1 + draw(stage, CAPTURED - 1)) % CAPTURED;
    struct bytes head = buf_bytes(&stage->captured[first]), tail = buf_bytes(&stage->captured[second]);
    size_t at = ENVELOPE_HEADER_BYTES - ID_BYTES + draw(stage, tail.size - ENVELOPE_HEADER_BYTES);
    if (at > head.size)
        at = head.size;
    buf_add(&out->payload, bytes_part(head, 0, at));
    buf_add(&out->payload, bytes_part(tail, at, tail.size));
    out->type = first == 3 ? MESSAGE_WITHDRAW : MESSAGE_CONTRIBUTE;
}

static inline void another_version(struct stage *stage, struct message *out)
{
    out->type = draw_captured(stage, &out->payload);
    uint8_t *version = out->payload.data + 4; /* behind the magic */
    uint8_t old[2] = {version[0], version[1]};
    while (version[0] == old[0] && version[1] == old[1])
        random_fill(stage->random, version, 2);
}

static inline void another_kind(struct stage *stage, struct message *out)
{
    out->type = draw_captured(stage, &out->payload) == MESSAGE_WITHDRAW ? MESSAGE_CONTRIBUTE : MESSAGE_WITHDRAW;
}

/* A true withdrawal by Mallory's device, of what another contributed. */
static inline void anothers_contribution(struct stage *stage, struct message *out)
{
    struct envelope_header header;
    uint8_t target[ID_BYTES];
    SCOPED_BUF struct buf record = {0};
    memset(target, (int)(1 + draw(stage, 4)), ID_BYTES);
    assert_int_equal(withdrawal_encode(target, &record), OK);
    house_header(&stage->house, stage->mallory, ENVELOPE_WITHDRAWAL, (uint8_t)draw(stage, 256), &header);
    house_seal(&stage->house, stage->mallory, &header, buf_bytes(&record), &out->payload);
    out->type = MESSAGE_WITHDRAW;
}

/* A token without its secret, a request that was used, one that was altered. */
static inline void enrolment(struct stage *stage, struct message *out)
{
    struct enrol_token token = stage->live;
    SCOPED_SECRET struct secret tls = {0};
    SCOPED_BUF struct buf csr = {0};
    size_t which = draw(stage, 4);
    out->type = MESSAGE_ENROL;
    buf_add(&out->payload, buf_bytes(&stage->enrolment));
    if (which == 1)
        out->payload.data[draw(stage, out->payload.size)] ^= (uint8_t)(1 + draw(stage, 255));
    if (which == 2)
        out->payload.size = draw(stage, out->payload.size);
    if (which != 3)
        return;
    random_fill(stage->random, token.secret, sizeof token.secret);
    assert_int_equal(ca_key_new(&tls), OK);
    assert_int_equal(csr_create(&tls, "device", &csr), OK);
    buf_clear(&out->payload);
    assert_int_equal(enrol_request_seal(&stage->house.vault->federation, &token, &stage->mallory->seed, buf_bytes(&csr),
                                        &out->payload),
                     OK);
}

/* A frame that the table does not allow: of a compromised gate or distil, with a payload that would do harm. */
static inline void frame(struct stage *stage, struct message *out)
{
    static const char *const commands[] = {
        "{\"command\":\"tenant.erase\",\"tenant\":\"acme\"}",  "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}",
        "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}",  "{\"command\":\"round\"}",
        "{\"command\":\"tenant.add\",\"name\":\"mallory 2\"}",
    };
    do {
        out->peer = draw(stage, 2) ? ROLE_GATE : ROLE_DISTIL;
        out->type = (enum message_type)draw(stage, MESSAGE_TYPES + 2);
    } while (message_rule(out->peer, ROLE_VAULT, out->type, PHASE_SERVE));
    uint8_t noise[256];
    random_fill(stage->random, noise, sizeof noise);
    size_t which = draw(stage, 3);
    if (which == 0)
        buf_add(&out->payload, bytes_of(noise, draw(stage, sizeof noise)));
    if (which == 1)
        buf_add_str(&out->payload, commands[draw(stage, sizeof commands / sizeof *commands)]);
    if (which == 2)
        draw_captured(stage, &out->payload);
}

/* Larger than its row of the table allows. */
static inline void large_frame(struct stage *stage, struct message *out)
{
    static const enum message_type types[] = {MESSAGE_FEDERATION, MESSAGE_ENROL,     MESSAGE_LIBRARY,
                                              MESSAGE_CHECKPOINT, MESSAGE_INCLUSION, MESSAGE_CONTRIBUTE,
                                              MESSAGE_READY,      MESSAGE_TILE};
    out->type = types[draw(stage, sizeof types / sizeof *types)];
    size_t limit = message_rule(ROLE_GATE, ROLE_VAULT, out->type, PHASE_SERVE)->limit;
    buf_reserve(&out->payload, limit + 1);
    assert_int_equal(buf_status(&out->payload), OK);
    memset(out->payload.data, 'x', limit + 1);
    out->payload.size = limit + 1;
}

static void (*const attempts[])(struct stage *stage, struct message *out) = {
    another_name, another_federation,    altered,   another_length, spliced,     another_version,
    another_kind, anothers_contribution, enrolment, frame,          large_frame,
};

static inline void attempt(struct stage *stage)
{
    struct outbox out = {0};
    struct message in = {.peer = ROLE_GATE, .request = 7};
    attempts[draw(stage, sizeof attempts / sizeof *attempts)](stage, &in);
    assert_int_equal(buf_status(&in.payload), OK);
    assert_int_equal(vault_handle(stage->house.vault, &in, &out), OK);
    assert_int_equal(vault_flush(stage->house.vault, &out), OK);
    for (size_t i = 0; i < out.count; i++) {
        struct reply reply;
        assert_int_equal(out.items[i].type, MESSAGE_REPLY);
        assert_int_equal(reply_read(buf_bytes(&out.items[i].payload), &reply), OK);
        assert_int_not_equal(reply.status, OK);
        assert_int_equal(reply.body.size, 0);
    }
    stage->refusals++;
    outbox_free(&out);
    message_free(&in);
}

static inline void attempt_many(struct stage *stage, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        attempt(stage);
        if (i % 500 == 499)
            nothing_changed(stage);
    }
    nothing_changed(stage);
    assert_int_equal(refused(stage), stage->refusals);
}

/* --- a distil that lies --- */

struct liar {
    struct stage *stage;
    size_t candidates;
};

static inline void lie_once(struct liar *liar, struct proposal *proposal, size_t proposals)
{
    static const char *const phrases[] = {SHARED_ACT, ALONE, INVENTED, "say so", SHARED_WHEN};
    struct stage *stage = liar->stage;
    proposal->text = (struct candidate){.kind = CANDIDATE_RECOVERY, .outcome = OUTCOME_SUCCESS, .runs_for = 99};
    assert_int_equal(phrases_add(&proposal->text.when, phrases[draw(stage, 5)]), OK);
    for (size_t left = 1 + draw(stage, 3); left > 0; left--)
        assert_int_equal(phrases_add(&proposal->text.act, phrases[draw(stage, 5)]), OK);
    proposal->support = mem_new(liar->candidates, sizeof *proposal->support);
    proposal->links = mem_new(1, sizeof *proposal->links);
    assert_non_null(proposal->support);
    assert_non_null(proposal->links);
    for (size_t i = 0; i < liar->candidates; i++) {
        if (draw(stage, 4) != 0)
            proposal->support[proposal->support_count++] = (uint32_t)i;
    }
    proposal->links[proposal->link_count++] = (uint32_t)draw(stage, proposals);
}

static inline enum status lie(void *state, const struct candidate *candidates, size_t count,
                              const struct distil_options *options, struct proposals *out)
{
    struct liar *liar = state;
    (void)candidates, (void)options;
    liar->candidates = count;
    out->count = 1 + draw(liar->stage, 4);
    out->items = mem_new(out->count, sizeof *out->items);
    assert_non_null(out->items);
    for (size_t i = 0; i < out->count; i++)
        lie_once(liar, &out->items[i], out->count);
    return OK;
}

static inline int64_t trail_rows(struct stage *stage, const char *act)
{
    int64_t count = 0;
    assert_int_equal(db_row(store_federation(stage->house.vault->store),
                            "SELECT count(*) FROM trail WHERE act = ? AND outcome != 'begun'", "t:i", act, &count),
                     OK);
    return count;
}

/* Whatever distil says, what fewer than k members said is not in what would be published; each look is in the trail. */
static inline void lie_many(struct stage *stage, size_t count)
{
    struct liar liar = {stage, 0};
    size_t released = 0;
    int64_t before = trail_rows(stage, "round.preview");
    stage->house.distiller = (struct distiller){.name = "liar", .distil = lie, .state = &liar};
    for (size_t i = 0; i < count; i++) {
        SCOPED_BUF struct buf report = {0};
        assert_int_equal(house_admin(stage->house.vault, &stage->house.distiller,
                                     bytes_str("{\"command\":\"round.preview\"}"), &report, NULL),
                         OK);
        assert_int_equal(bytes_find(buf_bytes(&report), bytes_str(ALONE)), SIZE_MAX);
        assert_int_equal(bytes_find(buf_bytes(&report), bytes_str(INVENTED)), SIZE_MAX);
        assert_int_equal(bytes_find(buf_bytes(&report), bytes_str("say so")), SIZE_MAX);
        released += bytes_find(buf_bytes(&report), bytes_str(SHARED_ACT)) != SIZE_MAX;
    }
    assert_true(released > 0); /* and what k members said can be */
    assert_int_equal(trail_rows(stage, "round.preview") - before, (int64_t)count);
    stage->house.distiller = distiller_embedded();
    nothing_changed(stage);
}

/* --- somebody who writes in the state folder --- */

enum swap { SWAP_FILE, SWAP_KEY, SWAP_BOTH, SWAPS };

static inline void tenant_file(struct stage *stage, const struct member *member, char path[static STORE_PATH_MAX])
{
    struct tenant tenant;
    assert_int_equal(tenant_find(stage->house.vault->store, member->tenant, &tenant), OK);
    assert_int_equal(tenant_path(stage->house.vault->store, &tenant, path), OK);
}

static inline void put_key(struct stage *stage, const struct member *member, struct bytes wrapped)
{
    assert_int_equal(db_exec(store_federation(stage->house.vault->store), "UPDATE tenant SET wrapped = ? WHERE id = ?",
                             "bb", wrapped, bytes_of(member->tenant, ID_BYTES)),
                     OK);
}

static inline void get_key(struct stage *stage, const struct member *member, struct buf *wrapped)
{
    assert_int_equal(db_row(store_federation(stage->house.vault->store), "SELECT wrapped FROM tenant WHERE id = ?",
                            "b:b", bytes_of(member->tenant, ID_BYTES), wrapped),
                     OK);
}

/* One tenant's file or wrapped key in another's place: the other's store does not open, and says so. */
static inline void swap_once(struct stage *stage, enum swap swap)
{
    const struct member *from = draw_victim(stage), *to = draw_victim(stage);
    char source[STORE_PATH_MAX], target[STORE_PATH_MAX];
    SCOPED_BUF struct buf own = {0}, others = {0}, own_file = {0}, others_file = {0};
    if (from == to)
        from = stage->mallory;
    tenant_file(stage, from, source);
    tenant_file(stage, to, target);
    get_key(stage, from, &others);
    get_key(stage, to, &own);
    int64_t before = trail_rows(stage, "round.preview");
    if (swap != SWAP_FILE)
        put_key(stage, to, buf_bytes(&others));
    vault_close(stage->house.vault);
    stage->house.vault = NULL;
    assert_int_equal(file_read(source, SIZE_MAX, &others_file), OK);
    assert_int_equal(file_read(target, SIZE_MAX, &own_file), OK);
    if (swap != SWAP_KEY)
        assert_int_equal(file_write(target, buf_bytes(&others_file), 0600), OK);
    struct vault_options options = house_options(&stage->house);
    assert_int_equal(vault_open(&options, &stage->house.vault, NULL), OK);
    assert_int_not_equal(house_share(&stage->house, to, 77, SHARED_WHEN, SHARED_ACT, 7), OK);
    assert_int_not_equal(house_command_status(&stage->house, "{\"command\":\"round.preview\"}"), OK);
    assert_int_equal(trail_rows(stage, "round.preview") - before, 1);
    stage->refusals++; /* the contribution */
    vault_close(stage->house.vault);
    stage->house.vault = NULL;
    assert_int_equal(file_write(target, buf_bytes(&own_file), 0600), OK);
    assert_int_equal(vault_open(&options, &stage->house.vault, NULL), OK);
    put_key(stage, to, buf_bytes(&own));
    nothing_changed(stage);
}

static inline void swap_many(struct stage *stage, size_t count)
{
    for (size_t i = 0; i < count; i++)
        swap_once(stage, (enum swap)(i % SWAPS));
}

/* --- the tests, and how much of each --- */

struct isolation_size {
    size_t attempts, lies, swapped;
};

static inline void nothing_over_the_wire_gets_through(void **state)
{
    const struct isolation_size *size = *state;
    struct stage stage;
    stage_new(&stage, 3);
    attempt_many(&stage, size->attempts);
    stage_free(&stage);
}

static inline void a_replay_gets_its_receipt_and_changes_nothing(void **state)
{
    (void)state;
    struct stage stage;
    stage_new(&stage, 4);
    for (size_t i = 0; i < CAPTURED; i++) {
        SCOPED_BUF struct buf first = {0}, again = {0};
        enum message_type type = i == 3 ? MESSAGE_WITHDRAW : MESSAGE_CONTRIBUTE;
        assert_int_equal(house_get(&stage.house, ROLE_GATE, type, buf_bytes(&stage.captured[i]), &first), OK);
        assert_int_equal(house_get(&stage.house, ROLE_GATE, type, buf_bytes(&stage.captured[i]), &again), OK);
        assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&again)));
    }
    nothing_changed(&stage);
    stage_free(&stage);
}

static inline void a_lying_distil_publishes_nothing(void **state)
{
    const struct isolation_size *size = *state;
    struct stage stage;
    stage_new(&stage, 5);
    lie_many(&stage, size->lies);
    stage_free(&stage);
}

static inline void swapped_files_and_keys_do_not_open(void **state)
{
    const struct isolation_size *size = *state;
    struct stage stage;
    stage_new(&stage, 6);
    swap_many(&stage, size->swapped);
    assert_int_equal(refused(&stage), stage.refusals);
    stage_free(&stage);
}

/* The controls: an acceptance is seen in the stores, and a refusal that is not counted in the trail. */
static inline void what_gets_through_would_be_seen(void **state)
{
    (void)state;
    struct stage stage;
    uint8_t now[HASH_BYTES];
    stage_new(&stage, 7);
    assert_int_equal(house_share(&stage.house, stage.mallory, 50, SHARED_WHEN, SHARED_ACT, 8), OK);
    state_hash(&stage, now);
    assert_memory_not_equal(now, stage.before, HASH_BYTES);
    attempt(&stage);
    assert_int_equal(refused(&stage), 1);
    stage_free(&stage);
}

static inline int isolation_run(struct isolation_size size)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(nothing_over_the_wire_gets_through, &size),
        cmocka_unit_test(a_replay_gets_its_receipt_and_changes_nothing),
        cmocka_unit_test_prestate(a_lying_distil_publishes_nothing, &size),
        cmocka_unit_test_prestate(swapped_files_and_keys_do_not_open, &size),
        cmocka_unit_test(what_gets_through_would_be_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

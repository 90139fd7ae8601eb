/* Cosignatures at the vault: what is kept and counted, what is shown to whom while a quorum gathers. */
#include "crypto/cosign.h"

#include "protocol/witness.h"
#include "tests/server/house_fixture.h"

/* A house with members acme, globex and initech that wants `cosigners`. */
static void house_of_three(struct house *house, uint32_t cosigners)
{
    house_prepare(house, HOUSE_MEMORY);
    house->policy.cosigners = cosigners;
    house->policy.round_seconds = 0;
    assert_int_equal(house_found(house, NULL), OK);
    (void)house_member(house, "acme");
    (void)house_member(house, "globex");
    (void)house_member(house, "initech");
}

static void present(struct house *house, struct buf *note, struct checkpoint *checkpoint)
{
    assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_CHECKPOINT, BYTES_NONE, note), OK);
    assert_int_equal(vault_checkpoint_open(house->vault, buf_bytes(note), checkpoint), OK);
}

static void add_line(struct house *house, const struct member *member, struct buf *note)
{
    char name[WITNESS_NAME_MAX];
    witness_name(member->device, name);
    assert_int_equal(cosign_add(name, &member->seed, house->ms / 1000, note), OK);
}

/* Take the present checkpoint, cosign it, send it: the note that comes back. */
static void cosign(struct house *house, const struct member *member, struct buf *answer)
{
    SCOPED_BUF struct buf note = {0};
    struct checkpoint checkpoint;
    present(house, &note, &checkpoint);
    add_line(house, member, &note);
    assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_SEEN, buf_bytes(&note), answer), OK);
}

static size_t lines_of(const struct buf *note)
{
    struct cosign_names names;
    assert_int_equal(cosign_names(buf_bytes(note), &names), OK);
    return names.count - 1;
}

static void a_round(struct house *house, uint8_t id)
{
    char act[40];
    snprintf(act, sizeof act, "try the door number %u", id);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(house_share(house, &house->members[i], id, "a door is shut", act, 1), OK);
    json_free(house_command(house, "{\"command\":\"round\"}"));
}

/* --- what is kept --- */

static void cosignatures_come_back_with_the_checkpoint(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint checkpoint;
    SCOPED_BUF struct buf note = {0};
    house_of_three(&house, 0);
    cosign(&house, &house.members[0], &note);
    assert_int_equal(lines_of(&note), 1);
    cosign(&house, &house.members[1], &note);
    assert_int_equal(lines_of(&note), 2);
    cosign(&house, &house.members[1], &note); /* again: nothing more */
    present(&house, &note, &checkpoint);
    assert_int_equal(lines_of(&note), 2);
    for (size_t i = 0; i < 2; i++) {
        struct device device;
        struct bytes line;
        char name[WITNESS_NAME_MAX];
        int64_t time = 0;
        assert_int_equal(device_find(house.vault->store, house.members[i].device, &device), OK);
        witness_name(device.id, name);
        assert_int_equal(cosign_find(buf_bytes(&note), name, device.sign_key, &time, &line), OK);
        assert_int_equal(time, HOUSE_START_MS / 1000);
    }
    assert_int_equal(house_share(&house, &house.members[0], 1, "a door is shut", "try the next one", 1), OK);
    present(&house, &note, &checkpoint); /* of another size */
    assert_int_equal(lines_of(&note), 0);
    house_free(&house);
}

/* A second device of a member: its tenant counts once. */
static void tenants_count_not_devices(void **state)
{
    (void)state;
    struct house house;
    struct member second = {0};
    struct enrol_reply reply;
    struct checkpoint checkpoint;
    uint64_t tenants = 0;
    SCOPED_BUF struct buf token = {0}, request = {0}, body = {0}, note = {0};
    house_of_three(&house, 0);
    house_token(&house, "{\"command\":\"tenant.token\",\"tenant\":\"acme\"}", &token);
    house_enrol_request(&house, buf_bytes(&token), &second, &request);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_ENROL, buf_bytes(&request), &body), OK);
    assert_int_equal(enrol_reply_decode(buf_bytes(&body), &reply, NULL), OK);
    memcpy(second.device, reply.device, ID_BYTES);
    enrol_reply_free(&reply);
    cosign(&house, &house.members[0], &note);
    cosign(&house, &second, &note);
    present(&house, &note, &checkpoint);
    assert_int_equal(cosign_count(house.vault, checkpoint.size, &tenants), OK);
    assert_int_equal(tenants, 1);
    assert_int_equal(lines_of(&note), 1);
    cosign(&house, &house.members[1], &note);
    assert_int_equal(cosign_count(house.vault, checkpoint.size, &tenants), OK);
    assert_int_equal(tenants, 2);
    secret_free(&second.seed);
    house_free(&house);
}

/* Unknown devices, other keys, locked-out members: their lines are dropped, the note is taken. */
static void lines_of_others_are_not_kept(void **state)
{
    (void)state;
    struct house house;
    struct member stranger;
    struct checkpoint checkpoint;
    uint64_t tenants = 0;
    SCOPED_BUF struct buf note = {0};
    house_of_three(&house, 0);
    stranger = house.members[0]; /* acme's key, another's name; and a name that nobody has */
    memcpy(stranger.device, house.members[1].device, ID_BYTES);
    cosign(&house, &stranger, &note);
    assert_int_equal(lines_of(&note), 0);
    memset(stranger.device, 7, ID_BYTES);
    cosign(&house, &stranger, &note);
    assert_int_equal(lines_of(&note), 0);

    cosign(&house, &house.members[0], &note);
    present(&house, &note, &checkpoint);
    assert_int_equal(lines_of(&note), 1);
    note.data[note.size - 10] = note.data[note.size - 10] == 'A' ? 'B' : 'A'; /* in the line's signature */
    add_line(&house, &house.members[2], &note);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_SEEN, buf_bytes(&note), NULL), OK);
    assert_int_equal(cosign_count(house.vault, checkpoint.size, &tenants), OK);
    assert_int_equal(tenants, 2);
    house_free(&house);
}

static void a_suspended_members_word_is_not_counted(void **state)
{
    (void)state;
    struct house house;
    uint64_t tenants = 0;
    SCOPED_BUF struct buf answer = {0};
    house_of_three(&house, 0);
    for (size_t i = 0; i < 2; i++)
        cosign(&house, &house.members[i], &answer);
    struct checkpoint checkpoint;
    present(&house, &answer, &checkpoint);
    json_free(house_command(&house, "{\"command\":\"tenant.suspend\",\"tenant\":\"acme\"}"));
    assert_int_equal(cosign_count(house.vault, checkpoint.size, &tenants), OK);
    assert_int_equal(tenants, 1);
    json_free(house_command(&house, "{\"command\":\"tenant.suspend\",\"tenant\":\"initech\"}"));
    cosign(&house, &house.members[2], &answer); /* said while it was locked out: not kept */
    present(&house, &answer, &checkpoint);
    json_free(house_command(&house, "{\"command\":\"tenant.resume\",\"tenant\":\"initech\"}"));
    assert_int_equal(cosign_count(house.vault, checkpoint.size, &tenants), OK);
    assert_int_equal(tenants, 0);
    house_free(&house);
}

static void what_is_kept_is_bounded(void **state)
{
    (void)state;
    struct house house;
    int64_t rows = 0;
    SCOPED_BUF struct buf answer = {0};
    house_of_three(&house, 0);
    for (uint8_t i = 0; i < 20; i++) {
        cosign(&house, &house.members[0], &answer);
        assert_int_equal(house_share(&house, &house.members[0], i, "a door is shut", "try the next one", 1), OK);
    }
    assert_int_equal(db_row(store_federation(house.vault->store), "SELECT count(*) FROM cosignature", ":i", &rows), OK);
    assert_int_equal(rows, 8);
    house_free(&house);
}

/* The operator's own check finds what was altered in the store. */
static void what_is_kept_is_checked(void **state)
{
    (void)state;
    static const char *const alterations[] = {
        "UPDATE cosignature SET time = 5, line = replace(line, 'chatham-device/', 'chatham-devicf/')",
        "UPDATE cosignature SET line = substr(line, 1, length(line) - 9) || 'AAAAAAA='||char(10)",
        "UPDATE cosignature SET size = size - 1",
        "UPDATE checkpoint SET root = zeroblob(32)",
        "UPDATE checkpoint SET size = size + 100",
    };
    for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
        struct house house;
        SCOPED_BUF struct buf answer = {0};
        house_of_three(&house, 1);
        a_round(&house, 1);
        cosign(&house, &house.members[0], &answer);
        assert_int_equal(house_number(&house, "{\"command\":\"log.verify\"}", "cosigners"), 1);
        assert_int_equal(db_exec(store_federation(house.vault->store), alterations[i], ""), OK);
        if (house_command_status(&house, "{\"command\":\"log.verify\"}") != ERR_CORRUPT)
            fail_msg("not found: %s", alterations[i]);
        house_free(&house);
    }
}

/* --- what is shown --- */

static void without_cosigners_the_tip_is_shown(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint before, after;
    SCOPED_BUF struct buf note = {0};
    house_of_three(&house, 0);
    a_round(&house, 1);
    present(&house, &note, &before);
    assert_int_equal(house_share(&house, &house.members[0], 2, "a door is shut", "try the next one", 1), OK);
    present(&house, &note, &after);
    assert_true(after.size > before.size);
    house_free(&house);
}

/* A pull of someone who has seen `seen` (NULL: nothing): the checkpoint that the library stands under. */
static struct checkpoint pulled(struct house *house, const struct checkpoint *seen, size_t *lines, uint64_t *version)
{
    SCOPED_BUF struct buf body = {0};
    struct library_bundle bundle;
    struct library library;
    struct checkpoint now, none = {0};
    assert_int_equal(house_pull(house, seen, 0, &body), OK);
    assert_int_equal(library_bundle_decode(buf_bytes(&body), &bundle, NULL), OK);
    assert_int_equal(library_bundle_check(&bundle, &house->vault->federation, seen ? seen : &none, &now, NULL), OK);
    assert_int_equal(library_decode(buf_bytes(&bundle.document), &library, NULL), OK);
    *lines = lines_of(&bundle.checkpoint);
    *version = library.version;
    library_free(&library);
    library_bundle_free(&bundle);
    return now;
}

/* While the log grows, members meet at the size of the last round; the library keeps the checkpoint that has its quorum
 * until a newer library needs a newer one. */
static void a_quorum_gathers_at_the_size_of_a_round(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint first, again, second;
    size_t lines = 0;
    uint64_t version = 0;
    SCOPED_BUF struct buf note = {0};
    house_of_three(&house, 2);
    a_round(&house, 1);
    present(&house, &note, &first);
    assert_int_equal(house_share(&house, &house.members[0], 9, "a door is shut", "try the next one", 1), OK);
    cosign(&house, &house.members[0], &note);
    present(&house, &note, &again);
    assert_int_equal(again.size, first.size);
    again = pulled(&house, NULL, &lines, &version);
    assert_int_equal(again.size, first.size);
    assert_int_equal(lines, 1);
    cosign(&house, &house.members[1], &note);
    (void)pulled(&house, NULL, &lines, &version);
    assert_int_equal(lines, 2);

    json_free(house_command(&house, "{\"command\":\"round\"}")); /* nothing new: the same library, a larger log */
    present(&house, &note, &second);
    assert_true(second.size > first.size);
    assert_int_equal(lines_of(&note), 0);
    again = pulled(&house, NULL, &lines, &version);
    assert_int_equal(again.size, first.size);
    assert_int_equal(lines, 2);
    again = pulled(&house, &second, &lines, &version); /* who has seen more gets no less */
    assert_int_equal(again.size, second.size);

    a_round(&house, 3);
    again = pulled(&house, NULL, &lines, &version);
    assert_int_equal(version, 2);
    assert_true(again.size > second.size);
    assert_int_equal(lines, 0);
    house_free(&house);
}

/* Whoever saw the tip, before cosigners were asked for, is shown the tip. */
static void nobody_is_shown_a_smaller_log_than_he_has_seen(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint tip = {0}, shown;
    SCOPED_BUF struct buf note = {0}, answer = {0};
    house_of_three(&house, 2);
    a_round(&house, 1);
    assert_int_equal(house_share(&house, &house.members[0], 9, "a door is shut", "try the next one", 1), OK);
    assert_int_equal(log_checkpoint(house.vault->store, house.vault->origin, &house.vault->keys[SERVER_CHECKPOINT],
                                    &tip.size, &note),
                     OK);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_SEEN, buf_bytes(&note), &answer), OK);
    assert_int_equal(vault_checkpoint_open(house.vault, buf_bytes(&answer), &shown), OK);
    assert_int_equal(shown.size, tip.size);
    house_free(&house);
}

/* --- witnesses --- */

static void witnesses_are_the_active_devices(void **state)
{
    (void)state;
    struct house house;
    struct witnesses list;
    SCOPED_BUF struct buf body = {0};
    uint8_t tenant[ID_BYTES], key[SIGN_PUBLIC_BYTES];
    house_of_three(&house, 0);
    json_free(house_command(&house, "{\"command\":\"tenant.suspend\",\"tenant\":\"globex\"}"));
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_WITNESSES, BYTES_NONE, &body), OK);
    assert_int_equal(witnesses_decode(buf_bytes(&body), &list, NULL), OK);
    assert_int_equal(list.count, 2);
    for (size_t i = 0; i < 2; i++) {
        bool first = memcmp(list.items[i].device, house.members[0].device, ID_BYTES) == 0;
        const struct member *member = &house.members[first ? 0 : 2];
        assert_memory_equal(list.items[i].device, member->device, ID_BYTES);
        witness_tenant(house.vault->federation.id, member->tenant, tenant);
        assert_memory_equal(list.items[i].tenant, tenant, ID_BYTES);
        assert_int_equal(sign_public(&member->seed, key), OK);
        assert_memory_equal(list.items[i].key, key, SIGN_PUBLIC_BYTES);
    }
    witnesses_free(&list);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cosignatures_come_back_with_the_checkpoint),
        cmocka_unit_test(tenants_count_not_devices),
        cmocka_unit_test(lines_of_others_are_not_kept),
        cmocka_unit_test(a_suspended_members_word_is_not_counted),
        cmocka_unit_test(what_is_kept_is_bounded),
        cmocka_unit_test(what_is_kept_is_checked),
        cmocka_unit_test(without_cosigners_the_tip_is_shown),
        cmocka_unit_test(a_quorum_gathers_at_the_size_of_a_round),
        cmocka_unit_test(nobody_is_shown_a_smaller_log_than_he_has_seen),
        cmocka_unit_test(witnesses_are_the_active_devices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The log as members and strangers see it: tiles, and what a checkpoint that contradicts the log does to releases. */
#include "crypto/tile.h"

#include "server/freeze.h"
#include "tests/server/house_fixture.h"

/* --- tiles --- */

static enum status get_tile(struct house *house, struct tile tile, struct buf *out)
{
    SCOPED_BUF struct buf payload = {0};
    buf_add_byte(&payload, (uint8_t)tile.level);
    buf_add_u64(&payload, tile.index);
    buf_add_u16(&payload, (uint16_t)tile.width);
    return house_get(house, ROLE_GATE, MESSAGE_TILE, buf_bytes(&payload), out);
}

static enum status read_tile(void *state, const struct tile *tile, struct buf *hashes)
{
    return get_tile(state, *tile, hashes);
}

static void append_many(struct house *house, unsigned count)
{
    struct db *db = store_federation(house->vault->store);
    assert_int_equal(db_begin(db), OK);
    for (unsigned i = 0; i < count; i++) {
        uint8_t number[4] = {(uint8_t)(i >> 8), (uint8_t)i, 1, 2};
        assert_int_equal(
            log_note(house->vault->store, house->vault->random, LOGGED_AUDIT, bytes_of(number, 4), house->ms / 1000),
            OK);
    }
    assert_int_equal(db_commit(db), OK);
}

static void the_tree_can_be_read_from_its_tiles(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint checkpoint;
    uint8_t root[MERKLE_BYTES];
    SCOPED_BUF struct buf note = {0};
    house_new(&house, HOUSE_MEMORY);
    append_many(&house, 700);
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_CHECKPOINT, BYTES_NONE, &note), OK);
    assert_int_equal(vault_checkpoint_open(house.vault, buf_bytes(&note), &checkpoint), OK);
    assert_int_equal(checkpoint.size, 701);
    struct tile_reader reader = {read_tile, &house, checkpoint.size};
    assert_int_equal(merkle_root(tile_source(&reader), checkpoint.size, root), OK);
    assert_memory_equal(root, checkpoint.root, MERKLE_BYTES);
    house_free(&house);
}

/* Leaf by leaf: the bundle's entries hash to the tile. */
static void bundles_hash_to_the_lowest_tiles(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf bundle = {0}, tile = {0};
    house_new(&house, HOUSE_MEMORY);
    append_many(&house, 299);
    for (uint64_t index = 0; index < 2; index++) {
        unsigned width = index == 0 ? TILE_WIDTH : 44;
        struct bytes entry;
        assert_int_equal(get_tile(&house, (struct tile){TILE_ENTRIES, index, width}, &bundle), OK);
        assert_int_equal(get_tile(&house, (struct tile){0, index, width}, &tile), OK);
        assert_int_equal(tile.size, width * MERKLE_BYTES);
        struct cursor cursor = {buf_bytes(&bundle)};
        for (unsigned i = 0; i < width; i++) {
            uint8_t hash[MERKLE_BYTES];
            assert_int_equal(tile_bundle_next(&cursor, &entry), OK);
            merkle_leaf(entry, hash);
            assert_memory_equal(hash, tile.data + (size_t)i * MERKLE_BYTES, MERKLE_BYTES);
        }
        assert_int_equal(cursor_end(&cursor), OK);
    }
    house_free(&house);
}

static void tiles_that_are_not_there(void **state)
{
    (void)state;
    static const struct {
        struct tile tile;
        enum status status;
    } cases[] = {
        {{0, 0, 256}, OK},
        {{0, 0, 3}, OK}, /* of an earlier tree */
        {{1, 0, 1}, OK},
        {{0, 1, 44}, OK},
        {{0, 1, 45}, ERR_NOT_FOUND},
        {{0, 2, 1}, ERR_NOT_FOUND},
        {{1, 0, 2}, ERR_NOT_FOUND},
        {{2, 0, 1}, ERR_NOT_FOUND},
        {{TILE_ENTRIES, 1, 45}, ERR_NOT_FOUND},
        {{0, TILE_INDEX_MAX, 256}, ERR_NOT_FOUND},
        {{0, TILE_INDEX_MAX + 1, 256}, ERR_INPUT},
        {{0, UINT64_MAX, 256}, ERR_INPUT},
        {{8, 0, 1}, ERR_INPUT},
        {{254, 0, 1}, ERR_INPUT},
        {{0, 0, 0}, ERR_INPUT},
        {{0, 0, 257}, ERR_INPUT},
    };
    struct house house;
    SCOPED_BUF struct buf out = {0};
    house_new(&house, HOUSE_MEMORY);
    append_many(&house, 299);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum status status = get_tile(&house, cases[i].tile, &out);
        if (status != cases[i].status)
            fail_msg("case %zu: %s", i, status_text(status));
        assert_int_equal(out.size > 0, status == OK);
    }
    house_free(&house);
}

/* A row that is gone is told, not served as a shorter tile. */
static void a_hole_in_the_tree_is_no_tile(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf out = {0};
    house_new(&house, HOUSE_MEMORY);
    append_many(&house, 9);
    assert_int_equal(db_exec(store_federation(house.vault->store), "DELETE FROM opening WHERE leaf = 4", ""), OK);
    assert_int_equal(db_exec(store_federation(house.vault->store), "DELETE FROM log WHERE leaf = 4", ""), OK);
    assert_int_equal(get_tile(&house, (struct tile){0, 0, 10}, &out), ERR_CORRUPT);
    assert_int_equal(out.size, 0);
    house_free(&house);
}

/* The operator's check looks at every node, those too that no root needs. */
static void an_altered_tree_is_found(void **state)
{
    (void)state;
    static const char *const alterations[] = {
        "UPDATE node SET hash = zeroblob(32) WHERE level = 3 AND place = 7",
        "UPDATE node SET hash = zeroblob(32) WHERE level = 8 AND place = 0",
        "DELETE FROM node WHERE level = 2 AND place = 3",
        "INSERT INTO node (level, place, hash) VALUES (12, 0, zeroblob(32))",
        "UPDATE log SET hash = randomblob(32) WHERE leaf = 100",
        "UPDATE log SET entry = entry || ' ' WHERE leaf = 100",
        "DELETE FROM log WHERE leaf = 299",
    };
    for (size_t i = 0; i < sizeof alterations / sizeof *alterations; i++) {
        struct house house;
        house_new(&house, HOUSE_MEMORY);
        append_many(&house, 299);
        json_free(house_command(&house, "{\"command\":\"log.verify\"}"));
        assert_int_equal(db_exec(store_federation(house.vault->store), "DELETE FROM opening", ""), OK);
        assert_int_equal(db_exec(store_federation(house.vault->store), alterations[i], ""), OK);
        if (house_command_status(&house, "{\"command\":\"log.verify\"}") != ERR_CORRUPT)
            fail_msg("not found: %s", alterations[i]);
        house_free(&house);
    }
}

/* --- what members have seen --- */

static void present_note(struct house *house, struct buf *note)
{
    assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_CHECKPOINT, BYTES_NONE, note), OK);
}

static enum status send_seen(struct house *house, const struct buf *note)
{
    return house_get(house, ROLE_GATE, MESSAGE_SEEN, buf_bytes(note), NULL);
}

static bool is_frozen(struct house *house)
{
    SCOPED_JSON struct json *reply = house_command(house, "{\"command\":\"status\"}");
    return json_is_true(json_get(reply, "frozen"));
}

static void replace_folder(const char *verb, const char *from, const char *to)
{
    char command[1024];
    snprintf(command, sizeof command, "rm -rf '%s' && %s '%s' '%s'", to, verb, from, to);
    assert_int_equal(system(command), 0);
}

/* A house whose whole folder was copied, went on by two enrolments, and was put back; *note is the longest that a
 * member had seen. */
static void rolled_back(struct house *house, struct buf *note)
{
    char copy[300];
    house_new(house, HOUSE_FOLDER);
    (void)house_member(house, "acme");
    (void)house_member(house, "globex");
    vault_close(house->vault);
    house->vault = NULL;
    snprintf(copy, sizeof copy, "%s.copy", house->folder);
    replace_folder("cp -r", house->folder, copy);
    house_reopen(house);
    (void)house_member(house, "initech");
    (void)house_member(house, "hooli");
    present_note(house, note);
    vault_close(house->vault);
    house->vault = NULL;
    replace_folder("mv", copy, house->folder);
    house_reopen(house);
}

static void a_checkpoint_of_this_log_changes_nothing(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf note = {0}, body = {0};
    struct checkpoint now;
    house_new(&house, HOUSE_MEMORY);
    present_note(&house, &note);
    (void)house_member(&house, "acme");
    assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_SEEN, buf_bytes(&note), &body), OK); /* an earlier one */
    assert_int_equal(vault_checkpoint_open(house.vault, buf_bytes(&body), &now), OK);
    assert_int_equal(now.size, 2); /* the answer is the present one */
    present_note(&house, &note);
    assert_int_equal(send_seen(&house, &note), OK);
    assert_false(is_frozen(&house));
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), OK);
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.thaw\",\"reason\":\"x\"}"), ERR_NOT_FOUND);
    house_free(&house);
}

/* A round that may not publish is not begun. */
static void no_question_to_distil(struct house *house)
{
    struct outbox out = {0};
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_ADMIN, .request = 5};
    buf_add_str(&in.payload, "{\"command\":\"round\"}");
    assert_int_equal(vault_handle(house->vault, &in, &out), OK);
    assert_int_equal(out.count, 1);
    assert_int_equal(out.items[0].type, MESSAGE_REPLY);
    message_free(&in);
    outbox_free(&out);
}

static void a_rollback_of_the_whole_folder_freezes_releases(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf note = {0};
    rolled_back(&house, &note);
    assert_false(is_frozen(&house));
    assert_int_equal(send_seen(&house, &note), OK);
    assert_true(is_frozen(&house));
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), ERR_POLICY);
    no_question_to_distil(&house);
    assert_int_equal(house_command_status(&house, "{\"command\":\"round.preview\"}"), OK);
    assert_int_equal(house_share(&house, &house.members[0], 1, "a door is shut", "try the next one", 1), OK);
    house_reopen(&house); /* it outlives a restart */
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), ERR_POLICY);

    SCOPED_JSON struct json *verify = house_command(&house, "{\"command\":\"log.verify\"}");
    const struct json *freeze = json_at(json_get(verify, "freezes"), 0);
    assert_string_equal(json_string_text(json_get(freeze, "reason")), "shrunk");
    assert_true(bytes_equal(json_string_bytes(json_get(freeze, "evidence")), buf_bytes(&note)));
    house_free(&house);
}

/* The log grows beyond what was lost: the member's checkpoint is no longer too large, but of another tree. */
static void a_fork_freezes_releases(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf note = {0};
    rolled_back(&house, &note);
    append_many(&house, 10);
    assert_int_equal(send_seen(&house, &note), OK);
    SCOPED_JSON struct json *verify = house_command(&house, "{\"command\":\"log.verify\"}");
    assert_true(json_is_true(json_get(verify, "frozen")));
    assert_string_equal(json_string_text(json_get(json_at(json_get(verify, "freezes"), 0), "reason")), "forked");
    house_free(&house);
}

static void the_clock_publishes_nothing_while_frozen(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf note = {0};
    const struct message tick = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_TICK};
    struct outbox out = {0};
    rolled_back(&house, &note);
    assert_int_equal(send_seen(&house, &note), OK);
    house.ms += 2 * 86400 * 1000LL;
    assert_int_equal(vault_handle(house.vault, &tick, &out), OK);
    assert_int_equal(out.count, 0);
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.thaw\",\"reason\":\"a test\"}"), OK);
    assert_int_equal(vault_handle(house.vault, &tick, &out), OK);
    assert_int_equal(out.count, 1); /* the question to distil */
    outbox_free(&out);
    house_free(&house);
}

/* Frozen while distil is at work: what it proposes is not published. */
static void a_round_under_way_does_not_publish(void **state)
{
    (void)state;
    struct house house;
    SCOPED_BUF struct buf note = {0};
    struct outbox asked = {0}, proposed = {0}, answered = {0};
    struct message in = {.peer = ROLE_SUPERVISOR, .type = MESSAGE_ADMIN, .request = 5};
    struct reply reply;
    rolled_back(&house, &note);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(house_share(&house, &house.members[i], 1, "a door is shut", "try the next one", 1), OK);
    buf_add_str(&in.payload, "{\"command\":\"round\"}");
    assert_int_equal(vault_handle(house.vault, &in, &asked), OK);
    assert_int_equal(asked.count, 1);
    assert_int_equal(send_seen(&house, &note), OK);
    asked.items[0].peer = ROLE_VAULT;
    assert_int_equal(distil_handle(&house.distiller, &asked.items[0], &proposed), OK);
    proposed.items[0].peer = ROLE_DISTIL;
    assert_int_equal(vault_handle(house.vault, &proposed.items[0], &answered), OK);
    assert_int_equal(reply_read(buf_bytes(&answered.items[0].payload), &reply), OK);
    assert_int_equal(reply.status, ERR_POLICY);
    assert_int_equal(house_command_status(&house, "{\"command\":\"library\"}"), ERR_NOT_FOUND);
    message_free(&in);
    outbox_free(&asked);
    outbox_free(&proposed);
    outbox_free(&answered);
    house_free(&house);
}

/* What was thawed stays known; another one is news, a longer or a shorter one. */
static void a_thaw_is_for_what_was_known(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint longer = {.size = 5000}, shorter = {.size = 1};
    SCOPED_BUF struct buf note = {0}, forged = {0}, fork = {0};
    rolled_back(&house, &note);
    assert_int_equal(send_seen(&house, &note), OK);
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.thaw\"}"), ERR_INPUT);
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.thaw\",\"reason\":\"\"}"), ERR_INPUT);
    assert_true(is_frozen(&house));
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.thaw\",\"reason\":\"restored by us\"}"), OK);
    assert_false(is_frozen(&house));
    assert_int_equal(house_command_status(&house, "{\"command\":\"round\"}"), OK);
    assert_int_equal(send_seen(&house, &note), OK);
    assert_false(is_frozen(&house));
    assert_int_equal(checkpoint_sign(&longer, house.vault->origin, &house.vault->keys[SERVER_CHECKPOINT], &forged), OK);
    assert_int_equal(send_seen(&house, &forged), OK);
    assert_true(is_frozen(&house));
    assert_int_equal(house_command_status(&house, "{\"command\":\"log.thaw\",\"reason\":\"again\"}"), OK);
    assert_int_equal(checkpoint_sign(&shorter, house.vault->origin, &house.vault->keys[SERVER_CHECKPOINT], &fork), OK);
    assert_int_equal(send_seen(&house, &fork), OK);
    assert_true(is_frozen(&house));
    house_free(&house);
}

static int64_t freezes(struct house *house)
{
    int64_t count = 0;
    assert_int_equal(db_row(store_federation(house->vault->store), "SELECT count(*) FROM freeze", ":i", &count), OK);
    return count;
}

/* Nothing but our own key's word freezes anything. */
static void notes_that_we_did_not_sign_change_nothing(void **state)
{
    (void)state;
    static const char foreign[] = "chatham/00112233445566778899aabbccddeeff";
    struct house house;
    struct checkpoint longer = {.size = 5000};
    SCOPED_SECRET struct secret seed = {0};
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    SCOPED_BUF struct buf note = {0}, good = {0}, body = {0};
    house_new(&house, HOUSE_MEMORY);
    assert_int_equal(sign_keypair(&seed, public_key), OK);
    assert_int_equal(checkpoint_sign(&longer, house.vault->origin, &seed, &note), OK);
    assert_int_equal(send_seen(&house, &note), ERR_DENIED);
    buf_clear(&note);
    assert_int_equal(checkpoint_sign(&longer, foreign, &house.vault->keys[SERVER_CHECKPOINT], &note), OK);
    assert_int_equal(send_seen(&house, &note), ERR_DENIED);
    assert_int_equal(checkpoint_sign(&longer, house.vault->origin, &house.vault->keys[SERVER_CHECKPOINT], &good), OK);
    for (size_t i = 0; i < good.size; i++) {
        good.data[i] ^= 1;
        assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_SEEN, buf_bytes(&good), &body), ERR_DENIED);
        assert_int_equal(body.size, 0);
        good.data[i] ^= 1;
    }
    for (size_t size = 0; size < good.size; size++)
        assert_int_equal(house_get(&house, ROLE_GATE, MESSAGE_SEEN, bytes_of(good.data, size), NULL), ERR_DENIED);
    assert_int_equal(freezes(&house), 0);
    assert_int_equal(send_seen(&house, &good), OK);
    assert_int_equal(freezes(&house), 1);
    assert_int_equal(send_seen(&house, &good), OK);
    assert_int_equal(freezes(&house), 1); /* said once */
    for (longer.size = 5001; longer.size < 5080; longer.size++) {
        buf_clear(&good);
        assert_int_equal(checkpoint_sign(&longer, house.vault->origin, &house.vault->keys[SERVER_CHECKPOINT], &good),
                         OK);
        assert_int_equal(send_seen(&house, &good), OK);
    }
    assert_int_equal(freezes(&house), 64); /* frozen is frozen */
    house_free(&house);
}

/* A member that was away while the checkpoint key was rotated still shows the old key's note: it is heard. But nothing
 * that the old key signs later is. */
static void a_rotated_checkpoint_key_is_still_known(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint longer = {.size = 5000}, other = {.size = 1};
    SCOPED_SECRET struct secret old = {0};
    SCOPED_BUF struct buf note = {0}, forged = {0}, fork = {0};
    house_new(&house, HOUSE_MEMORY);
    present_note(&house, &note);
    assert_int_equal(secret_copy(&old, secret_bytes(&house.vault->keys[SERVER_CHECKPOINT])), OK);
    json_free(house_command(&house, "{\"command\":\"key.rotate\",\"key\":\"checkpoint\"}"));
    assert_int_equal(send_seen(&house, &note), OK);
    json_free(house_command(&house, "{\"command\":\"key.rotate\",\"key\":\"checkpoint\"}"));
    assert_int_equal(send_seen(&house, &note), OK);
    assert_int_equal(freezes(&house), 0);
    assert_int_equal(checkpoint_sign(&longer, house.vault->origin, &old, &forged), OK);
    assert_int_equal(send_seen(&house, &forged), ERR_DENIED);
    assert_int_equal(freezes(&house), 0);
    assert_int_equal(checkpoint_sign(&other, house.vault->origin, &old, &fork), OK);
    assert_int_equal(send_seen(&house, &fork), OK); /* of its own time: evidence */
    assert_int_equal(freezes(&house), 1);
    house_free(&house);
}

/* Every write failing in turn: the freeze is there with its row in the trail, or neither is, and it can be said again.
 */
static void a_freeze_is_whole_or_nothing(void **state)
{
    (void)state;
    struct house house;
    struct checkpoint longer = {.size = 5000};
    SCOPED_BUF struct buf note = {0};
    enum status status = ERR_IO;
    size_t n = 1;
    house_new(&house, HOUSE_FOLDER);
    assert_int_equal(checkpoint_sign(&longer, house.vault->origin, &house.vault->keys[SERVER_CHECKPOINT], &note), OK);
    for (; status != OK; n++) {
        int64_t trail = 0;
        db_fail_after(store_federation(house.vault->store), n);
        status = send_seen(&house, &note);
        db_fail_after(store_federation(house.vault->store), 0);
        assert_int_equal(db_row(store_federation(house.vault->store),
                                "SELECT count(*) FROM trail WHERE act = 'log.freeze'", ":i", &trail),
                         OK);
        assert_int_equal(freezes(&house), status == OK);
        assert_int_equal(trail, status == OK);
    }
    assert_true(n > 3);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_can_be_read_from_its_tiles),
        cmocka_unit_test(bundles_hash_to_the_lowest_tiles),
        cmocka_unit_test(tiles_that_are_not_there),
        cmocka_unit_test(a_hole_in_the_tree_is_no_tile),
        cmocka_unit_test(an_altered_tree_is_found),
        cmocka_unit_test(a_checkpoint_of_this_log_changes_nothing),
        cmocka_unit_test(a_rollback_of_the_whole_folder_freezes_releases),
        cmocka_unit_test(a_fork_freezes_releases),
        cmocka_unit_test(the_clock_publishes_nothing_while_frozen),
        cmocka_unit_test(a_round_under_way_does_not_publish),
        cmocka_unit_test(a_thaw_is_for_what_was_known),
        cmocka_unit_test(a_rotated_checkpoint_key_is_still_known),
        cmocka_unit_test(a_freeze_is_whole_or_nothing),
        cmocka_unit_test(notes_that_we_did_not_sign_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A restore on a disk that fails, fills or loses power: the new state folder is there whole, or it is not there, and
 * then the restore can be done again. */
#pragma once

#include "server/backup_folder.h"
#include "server/process_root.h"
#include "server/restore.h"
#include "tests/faults/disk.h"
#include "tests/server/house_fixture.h"

#define OPERATIONS_MAX 2000

/* A house of two members with a backup, and the places beside it. */
struct rehearsal {
    struct house house;
    char backup[300], keys[300], work[300], state[320], image[300], key_file[300];
};

static void rehearsal_start(struct rehearsal *r)
{
    struct root_record record = {0};
    struct backup backup;
    struct house *house = &r->house;
    house_prepare(house, HOUSE_FOLDER);
    root_provider_close(house->root);
    assert_int_equal(
        root_create(house->folder, &(struct root_wish){.kind = ROOT_FILE}, &record.now, &house->root, NULL), OK);
    assert_int_equal(root_record_write(house->folder, &record, NULL), OK);
    assert_int_equal(house_found(house, NULL), OK);
    house_sharer(house, "acme");
    house_sharer(house, "globex");
    json_free(house_command(house, "{\"command\":\"backup\",\"tail\":false}"));
    snprintf(r->backup, sizeof r->backup, "%s/backup", house->folder);
    snprintf(r->keys, sizeof r->keys, "%s.keys", house->folder);
    snprintf(r->work, sizeof r->work, "%s.work", house->folder);
    snprintf(r->image, sizeof r->image, "%s.image", house->folder);
    snprintf(r->state, sizeof r->state, "%s/R", r->work);
    snprintf(r->key_file, sizeof r->key_file, "%s/root.key", house->folder);
    assert_int_equal(folder_create(r->keys, 0700), OK);
    assert_int_equal(backup_folder_read(r->backup, &backup, NULL), OK);
    assert_int_equal(backup_keys_put(house->folder, &backup, r->keys, NULL), OK);
    backup_free(&backup);
}

static void rehearsal_end(struct rehearsal *r)
{
    disk_remove(r->keys);
    disk_remove(r->work);
    house_free(&r->house);
}

static enum status restore(struct rehearsal *r, const char *state)
{
    struct restore_report report;
    const struct restore_options options = {.backup = r->backup,
                                            .keys = r->keys,
                                            .root = {.state = state, .key_file = r->key_file},
                                            .clock = clock_fixed(&r->house.ms),
                                            .random = random_system()};
    return restore_run(&options, &report, NULL);
}

/* It opens, its log verifies, and both contributions are there. */
static void must_be_whole(struct rehearsal *r, const char *state)
{
    struct house restored = {.ms = r->house.ms, .distiller = distiller_embedded()};
    const struct root_source source = {.state = state, .key_file = r->key_file};
    SCOPED_ROOT struct root_provider *root = NULL;
    assert_int_equal(root_open(&source, &root, NULL), OK);
    const struct vault_options options = {.state = state,
                                          .root = root,
                                          .clock = clock_fixed(&restored.ms),
                                          .random = random_system(),
                                          .redactor = house_redactor()};
    assert_int_equal(vault_open(&options, &restored.vault, NULL), OK);
    json_free(house_command(&restored, "{\"command\":\"log.verify\"}"));
    assert_int_equal(house_number(&restored, "{\"command\":\"round.preview\"}", "candidates"), 2);
    vault_close(restored.vault);
}

static void new_work(struct rehearsal *r)
{
    disk_remove(r->work);
    assert_int_equal(folder_create(r->work, 0700), OK);
    disk_watch(r->work);
}

static void try_fault(struct rehearsal *r, enum disk_fault fault, size_t step)
{
    size_t refused = 0;
    enum status status = ERR_IO;
    for (size_t at = 1; status != OK; at += step) {
        new_work(r);
        disk_arm(&(struct disk_plan){.fault = fault, .at = at});
        status = restore(r, r->state);
        disk_mend();
        disk_watch(NULL);
        if (!file_exists(r->state)) {
            assert_int_not_equal(status, OK);
            assert_int_equal(restore(r, r->state), OK);
            refused++;
        }
        must_be_whole(r, r->state);
        assert_true(at < OPERATIONS_MAX);
    }
    assert_true(refused > 0);
}

static void try_cut(struct rehearsal *r, enum disk_cut cut, size_t step)
{
    char there[320], cut_off[340];
    size_t missing = 0;
    bool was_cut = true;
    snprintf(there, sizeof there, "%s/R", r->image);
    snprintf(cut_off, sizeof cut_off, "%s.restoring", there);
    for (size_t at = 1; was_cut; at += step) {
        new_work(r);
        disk_arm(&(struct disk_plan){.at = at, .image = r->image, .cut = cut, .seed = at});
        assert_int_equal(restore(r, r->state), OK);
        disk_mend();
        disk_watch(NULL);
        was_cut = file_exists(r->image);
        if (was_cut && !file_exists(there)) {
            disk_remove(cut_off); /* as the refusal's hint says */
            assert_int_equal(restore(r, there), OK);
            missing++;
        }
        must_be_whole(r, was_cut ? there : r->state);
        disk_remove(r->image);
        assert_true(at < OPERATIONS_MAX);
    }
    assert_true(missing > 0);
}

/* Once it has said that it is done, no power cut takes it back. */
static void must_be_durable(struct rehearsal *r)
{
    char there[320];
    snprintf(there, sizeof there, "%s/R", r->image);
    new_work(r);
    disk_arm(&(struct disk_plan){0});
    assert_int_equal(restore(r, r->state), OK);
    disk_image(r->image, CUT_DROPPED, 1);
    disk_mend();
    disk_watch(NULL);
    must_be_whole(r, there);
    disk_remove(r->image);
}

static inline void restore_stands_faults(size_t step)
{
    static const enum disk_fault faults[] = {DISK_FAILS, DISK_TEARS, DISK_FULL};
    static const enum disk_cut cuts[] = {CUT_DROPPED, CUT_KEPT, CUT_TORN};
    struct rehearsal rehearsal;
    rehearsal_start(&rehearsal);
    must_be_durable(&rehearsal);
    for (size_t i = 0; i < 3; i++)
        try_fault(&rehearsal, faults[i], step);
    for (size_t i = 0; i < 3; i++)
        try_cut(&rehearsal, cuts[i], step);
    rehearsal_end(&rehearsal);
}

/* A change of the root key on a disk that fails or loses power at each of its operations: afterwards the folder opens
 * under the old key or under the new one, by what its record says, and never under neither. */
#include "server/root_change.h"

#include "server/process_root.h"
#include "tests/faults/disk.h"
#include "tests/server/house_fixture.h"

static char image[300];

/* A house whose root key is in its folder, as chathamd init makes it. */
static void found_with_file(struct house *house)
{
    struct root_record record = {0};
    house_prepare(house, HOUSE_FOLDER);
    root_provider_close(house->root);
    assert_int_equal(
        root_create(house->folder, &(struct root_wish){.kind = ROOT_FILE}, &record.now, &house->root, NULL), OK);
    assert_int_equal(root_record_write(house->folder, &record, NULL), OK);
    assert_int_equal(house_found(house, NULL), OK);
    snprintf(image, sizeof image, "%s.image", house->folder);
}

static void read_intermediate(const char *folder, struct buf *out)
{
    char path[300];
    snprintf(path, sizeof path, "%s/intermediate.key", folder);
    assert_int_equal(file_read(path, 4096, out), OK);
}

/* What chathamd root rotate does before it asks the vault. */
static void make_command(struct house *house, struct root_place *to, struct buf *command)
{
    char path[300];
    SCOPED_ROOT struct root_provider *next = NULL;
    SCOPED_BUF struct buf before = {0}, content = {0};
    struct root_place from;
    snprintf(path, sizeof path, "%s/root.2.key", house->folder);
    assert_int_equal(root_in_force(&(struct root_source){.state = house->folder}, &from, NULL), OK);
    assert_int_equal(
        root_create(house->folder, &(struct root_wish){.kind = ROOT_FILE, .key_file = path}, to, &next, NULL), OK);
    read_intermediate(house->folder, &before);
    assert_int_equal(store_rewrap(buf_bytes(&before), house->root, next, &content, NULL), OK);
    assert_int_equal(root_change_command(&from, to, buf_bytes(&before), buf_bytes(&content), command), OK);
}

/* Opens a folder as a server would; *changed: under the new key. */
static void must_open(const char *folder, bool *changed)
{
    const struct root_source source = {.state = folder};
    SCOPED_ROOT struct root_provider *root = NULL;
    struct store *store = NULL;
    struct root_place place, settled;
    assert_int_equal(root_in_force(&source, &place, NULL), OK);
    assert_int_equal(root_open(&source, &root, NULL), OK);
    assert_int_equal(store_open(folder, root, &store, NULL), OK);
    store_close(store);
    assert_int_equal(root_settle(folder, NULL), OK);
    assert_int_equal(root_in_force(&source, &settled, NULL), OK);
    assert_memory_equal(&place, &settled, sizeof place);
    *changed = strcmp(place.path, "root.2.key") == 0;
}

static enum status change(struct house *house, const struct buf *command)
{
    SCOPED_BUF struct buf reply = {0};
    return house_admin(house->vault, &house->distiller, buf_bytes(command), &reply, NULL);
}

static void a_change_is_kept_and_logged(void **state)
{
    (void)state;
    struct house house;
    struct root_place to;
    SCOPED_BUF struct buf command = {0};
    int64_t rotations = 0;
    bool changed = false;
    found_with_file(&house);
    make_command(&house, &to, &command);
    assert_int_equal(change(&house, &command), OK);
    must_open(house.folder, &changed);
    assert_true(changed);
    assert_int_equal(db_row(store_federation(house.vault->store),
                            "SELECT count(*) FROM opening WHERE kind = 'rotation'", ":i", &rotations),
                     OK);
    assert_int_equal(rotations, 1);
    assert_null(house.vault->root);
    assert_int_equal(change(&house, &command), ERR_UNAVAILABLE); /* it was made for another intermediate.key */
    house_free(&house);
}

static void wherever_it_is_cut_off_one_of_the_two_opens(void **state)
{
    (void)state;
    static const enum disk_cut cuts[] = {CUT_DROPPED, CUT_KEPT, CUT_TORN};
    for (size_t cut = 0; cut < sizeof cuts / sizeof *cuts; cut++) {
        bool was_old = false, was_new = false;
        bool was_cut = true;
        for (size_t at = 1; was_cut; at++) {
            struct house house;
            struct root_place to;
            SCOPED_BUF struct buf command = {0};
            bool changed = false;
            found_with_file(&house);
            make_command(&house, &to, &command);
            disk_watch(house.folder);
            disk_arm(&(struct disk_plan){.at = at, .image = image, .cut = cuts[cut], .seed = at});
            assert_int_equal(change(&house, &command), OK);
            disk_mend();
            disk_watch(NULL);
            was_cut = file_exists(image);
            must_open(was_cut ? image : house.folder, &changed);
            was_old |= !changed;
            was_new |= changed;
            disk_remove(image);
            house_free(&house);
            assert_true(at < 500);
        }
        assert_true(was_old && was_new);
    }
}

static void whatever_fails_one_of_the_two_opens(void **state)
{
    (void)state;
    static const enum disk_fault faults[] = {DISK_FAILS, DISK_TEARS, DISK_FULL};
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        enum status status = ERR_IO;
        for (size_t at = 1; status != OK; at++) {
            struct house house;
            struct root_place to;
            SCOPED_BUF struct buf command = {0};
            bool changed = false;
            found_with_file(&house);
            make_command(&house, &to, &command);
            disk_watch(house.folder);
            disk_arm(&(struct disk_plan){.fault = faults[i], .at = at});
            status = change(&house, &command);
            disk_mend();
            disk_watch(NULL);
            must_open(house.folder, &changed);
            assert_true(changed || status != OK);
            house_free(&house);
            assert_true(at < 500);
        }
    }
}

int main(void)
{
    if (secret_start(0, NULL) != OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_kept_and_logged),
        cmocka_unit_test(wherever_it_is_cut_off_one_of_the_two_opens),
        cmocka_unit_test(whatever_fails_one_of_the_two_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

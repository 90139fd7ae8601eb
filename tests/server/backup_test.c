/* A backup is whole or not there, and making one changes nothing that members see; what a tail holds beyond the backup.
 */
#include "server/backup.h"

#include <unistd.h>

#include "base/file.h"
#include "server/backup_folder.h"
#include "tests/server/house_fixture.h"

#define BACKUP "{\"command\":\"backup\",\"tail\":false}"
#define TAIL "{\"command\":\"backup\",\"tail\":true}"

static void start(struct house *house, enum house_place place)
{
    house_new(house, place);
    house_sharer(house, "acme");
    house_sharer(house, "globex");
}

static void folder_of(const struct house *house, char out[static 300])
{
    snprintf(out, 300, "%s/backup", house->folder);
}

static enum status count_file(void *context, const char *path)
{
    (void)path;
    *(size_t *)context += 1;
    return OK;
}

static size_t files_in(const struct house *house)
{
    char folder[300];
    size_t count = 0;
    folder_of(house, folder);
    enum status status = folder_walk(folder, count_file, &count);
    assert_true(status == OK || status == ERR_NOT_FOUND);
    return count;
}

static uint64_t backed_up(struct house *house)
{
    SCOPED_BUF struct buf body = {0};
    SCOPED_JSON struct json *json = NULL;
    assert_int_equal(house_get(house, ROLE_GATE, MESSAGE_DURABLE, BYTES_NONE, &body), OK);
    assert_int_equal(json_parse(buf_bytes(&body), SIZE_MAX, &json, NULL), OK);
    assert_string_equal(json_string_text(json_get(json, "restore")), "00000000000000000000000000000000");
    return (uint64_t)json_integer_value(json_get(json, "backed_up"));
}

static void it_holds_all_stores_and_says_how_far(void **state)
{
    (void)state;
    struct house house;
    struct backup backup;
    char folder[300], command[96];
    start(&house, HOUSE_FOLDER);
    int64_t log = house_number(&house, BACKUP, "log");
    folder_of(&house, folder);
    assert_int_equal(backup_folder_verify(folder, &backup, NULL), OK);
    assert_int_equal(backup.count, 3);
    assert_int_equal(backup.log, log);
    assert_string_equal(backup.files[0].name, "federation.db");
    backup_free(&backup);
    assert_int_equal(backed_up(&house), 0); /* not before it was carried away */
    snprintf(command, sizeof command, "{\"command\":\"backup.end\",\"kept\":false,\"log\":%lld}", (long long)log);
    json_free(house_command(&house, command));
    assert_int_equal(backed_up(&house), 0);
    assert_int_equal(files_in(&house), 0);
    snprintf(command, sizeof command, "{\"command\":\"backup.end\",\"kept\":true,\"log\":%lld}", (long long)log);
    json_free(house_command(&house, command));
    assert_int_equal(backed_up(&house), log);
    house_reopen(&house);
    assert_int_equal(backed_up(&house), log);
    assert_int_equal(house_number(&house, "{\"command\":\"round.preview\"}", "released"), 1);
    house_free(&house);
}

static void a_tail_holds_what_was_taken_back(void **state)
{
    (void)state;
    struct house house;
    struct backup backup;
    struct db *db = NULL;
    int64_t rows = 0;
    char folder[300], path[320];
    start(&house, HOUSE_FOLDER);
    assert_int_equal(house_withdraw(&house, &house.members[0], 3, 1, NULL), OK);
    json_free(house_command(&house, TAIL));
    folder_of(&house, folder);
    assert_int_equal(backup_folder_verify(folder, &backup, NULL), OK);
    assert_int_equal(backup.kind, BACKUP_TAIL);
    assert_int_equal(backup.count, 1);
    backup_free(&backup);
    snprintf(path, sizeof path, "%s/federation.db", folder);
    assert_int_equal(db_open(path, store_database_key(house.vault->store), &store_federation_schema, &db, NULL), OK);
    assert_int_equal(db_row(db, "SELECT count(*) FROM withdrawn", ":i", &rows), OK);
    assert_int_equal(rows, 2); /* the withdrawal, and what it is for */
    db_close(db);
    assert_int_equal(db_row(store_federation(house.vault->store), "SELECT count(*) FROM withdrawn", ":i", &rows), OK);
    assert_int_equal(rows, 0); /* in the tail alone */
    house_free(&house);
}

static void every_altered_byte_shows(void **state)
{
    (void)state;
    struct house house;
    struct backup backup;
    char folder[300], path[320];
    SCOPED_BUF struct buf text = {0};
    start(&house, HOUSE_FOLDER);
    json_free(house_command(&house, BACKUP));
    folder_of(&house, folder);
    snprintf(path, sizeof path, "%s/manifest.json", folder);
    assert_int_equal(file_read(path, 1u << 20, &text), OK);
    for (size_t i = 0; i < text.size; i += 7) {
        text.data[i] ^= 1;
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text.data, 1, text.size, file), text.size);
        fclose(file);
        assert_int_not_equal(backup_folder_read(folder, &backup, NULL), OK);
        text.data[i] ^= 1;
    }
    assert_int_equal(file_write(path, buf_bytes(&text), 0600), OK);
    assert_int_equal(backup_folder_verify(folder, &backup, NULL), OK);
    backup_free(&backup);
    house_free(&house);
}

static void cut_off_there_is_no_backup(void **state)
{
    (void)state;
    struct house house;
    size_t failures = 0;
    start(&house, HOUSE_FOLDER);
    struct db *db = store_federation(house.vault->store);
    for (size_t n = 1; n < 100; n++, failures++) {
        db_fail_after(db, n);
        enum status status = house_command_status(&house, BACKUP);
        db_fail_after(db, 0);
        if (status == OK)
            break;
        assert_int_equal(house_number(&house, "{\"command\":\"round.preview\"}", "released"), 1);
    }
    assert_true(failures > 2 && failures < 99);
    assert_int_equal(files_in(&house), 5); /* three stores, the key, the manifest */
    house_free(&house);
}

static void put_keys(struct house *house, enum status want)
{
    struct backup backup;
    char folder[300], keys[300];
    folder_of(house, folder);
    snprintf(keys, sizeof keys, "%s/keys", house->folder);
    assert_int_equal(backup_folder_read(folder, &backup, NULL), OK);
    assert_int_equal(backup_keys_put(house->folder, &backup, keys, NULL), want);
    backup_free(&backup);
}

static enum status truncate_key(void *context, const char *path)
{
    size_t length = strlen(path);
    if (strcmp(path + length - 4, ".key") != 0)
        return OK;
    *(size_t *)context += 1;
    return truncate(path, 0) == 0 ? OK : ERR_IO;
}

/* A key that is there already is kept if it is the one, and never taken for it if it is not. */
static void a_key_that_is_there_is_looked_at(void **state)
{
    (void)state;
    struct house house;
    char path[320];
    size_t keys = 0;
    start(&house, HOUSE_FOLDER);
    json_free(house_command(&house, BACKUP));
    put_keys(&house, OK);
    put_keys(&house, OK);
    snprintf(path, sizeof path, "%s/keys", house.folder);
    assert_int_equal(folder_walk(path, truncate_key, &keys), OK);
    assert_int_equal(keys, 1);
    put_keys(&house, ERR_CORRUPT);
    snprintf(path, sizeof path, "%s/backup/intermediate.key", house.folder);
    assert_int_equal(file_write(path, bytes_str("of another backup"), 0600), OK);
    put_keys(&house, ERR_CORRUPT);
    house_free(&house);
}

static void in_memory_there_is_none(void **state)
{
    (void)state;
    struct house house;
    start(&house, HOUSE_MEMORY);
    assert_int_equal(house_command_status(&house, BACKUP), ERR_USAGE);
    house_free(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_holds_all_stores_and_says_how_far),
        cmocka_unit_test(a_tail_holds_what_was_taken_back),
        cmocka_unit_test(every_altered_byte_shows),
        cmocka_unit_test(cut_off_there_is_no_backup),
        cmocka_unit_test(a_key_that_is_there_is_looked_at),
        cmocka_unit_test(in_memory_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

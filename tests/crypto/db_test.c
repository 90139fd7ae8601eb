/* The encrypted database: nothing readable on disk, wrong keys and foreign files refused alike, migrations, statements,
 * transactions, damage, injected failures. */
#include "crypto/db.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "tests/crypto/hex.h"

static const char *const first[] = {
    "CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB, weight REAL);"
    "CREATE TABLE part(item INTEGER NOT NULL REFERENCES item(id));",
    NULL};
static const char *const second[] = {
    "CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB, weight REAL);"
    "CREATE TABLE part(item INTEGER NOT NULL REFERENCES item(id));",
    "ALTER TABLE item ADD COLUMN kind INTEGER NOT NULL DEFAULT 7", NULL};
static const char *const broken[] = {
    "CREATE TABLE item(id INTEGER PRIMARY KEY, name TEXT UNIQUE, body BLOB, weight REAL);"
    "CREATE TABLE part(item INTEGER NOT NULL REFERENCES item(id));",
    "CREATE TABLE fresh(x); CREATE GARBAGE", NULL};
static const struct db_schema schema = {"test store", first}, newer = {"test store", second},
                              wrong = {"test store", broken};

#define INSERT "INSERT INTO item(name, body, weight) VALUES(?, ?, ?)"
#define MARK "a very particular sentence that must not be seen on the disk"

static char folder[] = "/tmp/chatham-db-XXXXXX";
static char path[192];

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int fresh_path(void **state)
{
    (void)state;
    static int count;
    snprintf(path, sizeof path, "%s/%d.db", folder, count++);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    return rmdir(folder);
}

static struct db *opened(const char *at, const struct db_schema *with)
{
    SCOPED_SECRET struct secret key = secret_of(5);
    struct db *db;
    struct why why = {0};
    enum status status = db_open(at, at ? &key : NULL, with, &db, &why);
    if (status != OK)
        print_message("%s\n", why.what ? why.what : "no reason");
    assert_int_equal(status, OK);
    return db;
}

static void add(struct db *db, const char *name, const char *body)
{
    assert_int_equal(db_exec(db, INSERT, "tbd", name, bytes_str(body), 0.5), OK);
}

static int64_t count(struct db *db)
{
    int64_t n = -1;
    assert_int_equal(db_row(db, "SELECT count(*) FROM item", ":i", &n), OK);
    return n;
}

static void statements(void **state)
{
    (void)state;
    struct db *db = opened(NULL, &schema);
    SCOPED_BUF struct buf name = {0}, body = {0};
    int64_t id = 0;
    double weight = 0;
    add(db, "one", "first");
    assert_int_equal(db_last_id(db), 1);
    assert_int_equal(db_changes(db), 1);
    assert_int_equal(db_exec(db, INSERT, "tbd", "one", BYTES_NONE, 1.0), ERR_EXISTS);
    assert_int_equal(db_exec(db, INSERT, "tbd", (const char *)NULL, BYTES_NONE, 1.0), OK);
    assert_int_equal(db_row(db, "SELECT id, name, body, weight FROM item WHERE name = ?", "t:ibbd", "one", &id, &name,
                            &body, &weight),
                     OK);
    assert_int_equal(id, 1);
    assert_string_equal(buf_text(&name), "one");
    assert_string_equal(buf_text(&body), "first");
    assert_true(weight == 0.5);
    assert_int_equal(db_row(db, "SELECT name FROM item WHERE id = ?", "i:b", INT64_C(2), &name), OK);
    assert_int_equal(name.size, 0); /* NULL reads as empty */
    assert_int_equal(db_row(db, "SELECT id FROM item WHERE id = ?", "i:i", INT64_C(99), &id), ERR_NOT_FOUND);
    assert_int_equal(db_exec(db, "INSERT INTO part VALUES(?)", "i", INT64_C(99)), ERR_BUG); /* foreign keys are on */
    db_close(db);
}

static void wrong_statements_are_bugs(void **state)
{
    (void)state;
    struct db *db = opened(NULL, &schema);
    int64_t n;
    assert_int_equal(db_exec(db, "INSERT INTO nowhere VALUES(1)", ""), ERR_BUG);
    assert_int_equal(db_exec(db, "DELETE FROM item; DELETE FROM part", ""), ERR_BUG);
    assert_int_equal(db_exec(db, "", ""), ERR_BUG);
    assert_int_equal(db_exec(db, "DELETE FROM item WHERE id = ?", ""), ERR_BUG);
    assert_int_equal(db_exec(db, "DELETE FROM item WHERE id = ?", "x", 1), ERR_BUG);
    assert_int_equal(db_row(db, "SELECT 1, 2", ":i", &n), ERR_BUG);
    assert_int_equal(db_row(db, "SELECT 1", "i", &n), ERR_BUG);
    db_close(db);
}

static void queries_nest(void **state)
{
    (void)state;
    struct db *db = opened(NULL, &schema);
    static const char sql[] = "SELECT id FROM item ORDER BY id";
    size_t pairs = 0;
    add(db, "a", "");
    add(db, "b", "");
    for (int again = 0; again < 2; again++) {
        struct db_rows *outer, *inner;
        assert_int_equal(db_query(db, &outer, sql, ""), OK);
        while (db_next(outer) == OK) {
            assert_int_equal(db_query(db, &inner, sql, ""), OK);
            while (db_next(inner) == OK)
                pairs += db_integer(inner, 0) > 0 && db_integer(outer, 0) > 0;
            db_done(inner);
        }
        db_done(outer);
    }
    db_done(NULL);
    assert_int_equal(pairs, 8);
    db_close(db);
}

static void sql_made_at_run_time_is_not_mixed_up(void **state)
{
    (void)state;
    struct db *db = opened(NULL, &schema);
    char sql[64];
    for (int i = 0; i < 300; i++) {
        int64_t n = -1;
        snprintf(sql, sizeof sql, "SELECT %d", i);
        assert_int_equal(db_row(db, sql, ":i", &n), OK);
        assert_int_equal(n, i);
    }
    db_close(db);
}

static void transactions(void **state)
{
    (void)state;
    struct db *db = opened(path, &schema);
    assert_int_equal(db_begin(db), OK);
    add(db, "gone", "");
    db_rollback(db);
    db_rollback(db);
    assert_int_equal(count(db), 0);
    assert_int_equal(db_begin(db), OK);
    add(db, "kept", "");
    assert_int_equal(db_commit(db), OK);
    db_close(db);
    db = opened(path, &schema);
    assert_int_equal(count(db), 1);
    db_close(db);
}

/* --- at rest --- */

static size_t times_on_disk(const char *needle)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    static uint8_t raw[1 << 20];
    size_t found = 0;
    for (size_t i = 0; i < 4; i++) {
        char name[256];
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        FILE *file = fopen(name, "rb");
        if (!file)
            continue;
        size_t size = fread(raw, 1, sizeof raw, file);
        fclose(file);
        found += bytes_find(bytes_of(raw, size), bytes_str(needle)) != SIZE_MAX;
        struct stat facts;
        assert_int_equal(stat(name, &facts), 0);
        assert_int_equal(facts.st_mode & 077, 0);
    }
    return found;
}

static void disk_shows_nothing(void **state)
{
    (void)state;
    struct db *db = opened(path, &schema);
    add(db, "mark", MARK);
    assert_int_equal(times_on_disk("particular"), 0); /* in the WAL */
    assert_int_equal(times_on_disk("SQLite format"), 0);
    assert_int_equal(times_on_disk("CREATE TABLE"), 0);
    db_close(db);
    assert_int_equal(times_on_disk("particular"), 0);
    assert_int_equal(times_on_disk("SQLite format"), 0);
    /* Positive control: the same search sees what is written in clear. */
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    fputs(MARK, file);
    fclose(file);
    assert_int_equal(times_on_disk("particular"), 1);
}

static void wrong_key_and_garbage_look_alike(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret other = secret_of(6), right = secret_of(5), small = {0};
    struct why first_why = {0}, second_why = {0};
    struct db *db = opened(path, &schema);
    add(db, "mark", MARK);
    db_close(db);
    assert_int_equal(db_open(path, &other, &schema, &db, &first_why), ERR_DENIED);
    assert_null(db);

    fresh_path(NULL);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 20000; i++)
        fputc(i * 7 & 255, file);
    fclose(file);
    assert_int_equal(db_open(path, &right, &schema, &db, &second_why), ERR_DENIED);
    assert_string_equal(first_why.what, second_why.what);

    fresh_path(NULL);
    assert_int_equal(secret_new(&small, 16), OK);
    assert_int_equal(db_open(path, &small, &schema, &db, NULL), ERR_USAGE);
    assert_int_equal(db_open(path, NULL, &schema, &db, NULL), ERR_USAGE);
    assert_int_equal(db_open("/nowhere/at/all.db", &right, &schema, &db, NULL), ERR_IO);
}

static void damage_is_seen(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = secret_of(5);
    struct db *db = opened(path, &schema);
    char name[16];
    for (int i = 0; i < 2000; i++) {
        snprintf(name, sizeof name, "%d", i);
        add(db, name, MARK);
    }
    db_close(db);
    struct stat facts;
    assert_int_equal(stat(path, &facts), 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "!", 1, facts.st_size / 2), 1);
    close(fd);
    assert_int_equal(db_open(path, &key, &schema, &db, NULL), OK);
    struct db_rows *rows;
    enum status status = OK;
    assert_int_equal(db_query(db, &rows, "SELECT sum(length(body)) FROM item", ""), OK);
    while (status == OK)
        status = db_next(rows);
    db_done(rows);
    assert_int_equal(status, ERR_CORRUPT);
    db_close(db);
}

/* --- migrations --- */

static void migrations_go_up_only(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = secret_of(5);
    struct why why = {0};
    int64_t kind = 0;
    struct db *db = opened(path, &schema);
    add(db, "old", "row");
    db_close(db);
    db = opened(path, &newer);
    assert_int_equal(db_row(db, "SELECT kind FROM item", ":i", &kind), OK);
    assert_int_equal(kind, 7);
    db_close(db);
    assert_int_equal(db_open(path, &key, &schema, &db, &why), ERR_VERSION);
    assert_non_null(why.hint);
}

static void failed_migration_leaves_nothing(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = secret_of(5);
    struct db *db = opened(path, &schema);
    db_close(db);
    assert_int_equal(db_open(path, &key, &wrong, &db, NULL), ERR_BUG);
    db = opened(path, &newer); /* still at version 1, and goes up rightly */
    assert_int_equal(db_exec(db, "SELECT * FROM fresh", ""), ERR_BUG);
    db_close(db);
}

/* --- copies under another key --- */

/* How often the text of a key lies in memory that this process may write. The needle is kept masked: it must not find
 * itself. */
static size_t key_texts_in_memory(const struct secret *key)
{
    static uint8_t piece[1 << 16];
    enum { MASK = 0x55, HEX = 64, MOST = 1 << 30 };
    uint8_t masked[HEX];
    size_t found = 0;
    char line[512];
    for (size_t i = 0; i < HEX; i++)
        masked[i] = (uint8_t) "0123456789abcdef"[key->data[i / 2] >> (i % 2 ? 0 : 4) & 15] ^ MASK;
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    while (maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        char mode[8];
        if (sscanf(line, "%lx-%lx %4s", &from, &to, mode) != 3 || mode[1] != 'w')
            continue;
        if (to - from > MOST) /* the books that a sanitizer keeps */
            continue;
        for (; from < to; from += sizeof piece - HEX) {
            size_t most = to - from < sizeof piece ? to - from : sizeof piece;
            ssize_t size = pread(memory, piece, most, (off_t)from);
            for (ssize_t i = 0; i + HEX <= size; i++) {
                size_t same = 0;
                while (same < HEX && (piece[i + (ssize_t)same] ^ MASK) == masked[same])
                    same++;
                found += same == HEX;
            }
        }
    }
    fclose(maps);
    close(memory);
    return found;
}

static void a_copy_has_its_own_key(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret mine = secret_of(5), other = secret_of(6), third = {0};
    struct db *db = opened(path, &newer), *copy;
    char copy_path[256];
    add(db, "one", MARK);
    add(db, "two", "");
    assert_int_equal(db_exec(db, "INSERT INTO part VALUES(2)", ""), OK);
    assert_int_equal(
        db_exec(db, "CREATE TRIGGER kept BEFORE DELETE ON part BEGIN SELECT RAISE(ABORT, 'kept'); END", ""), OK);
    snprintf(copy_path, sizeof copy_path, "%s.copy", path);
    assert_int_equal(secret_random(&third, 32), OK);
    size_t before = key_texts_in_memory(&third);
    assert_int_equal(db_export(db, copy_path, &third, NULL), OK);
    assert_int_equal(before, 0);
    assert_int_equal(key_texts_in_memory(&third), 0);
    assert_int_equal(db_export(db, copy_path, &third, NULL), ERR_EXISTS);
    add(db, "three", ""); /* the source goes on, in its own write-ahead log */
    db_close(db);

    assert_int_equal(db_open(copy_path, &mine, &newer, &db, NULL), ERR_DENIED);
    assert_int_equal(db_open(copy_path, &other, &newer, &db, NULL), ERR_DENIED);
    assert_int_equal(db_open(copy_path, &third, &newer, &copy, NULL), OK);
    assert_int_equal(count(copy), 2);
    assert_int_equal(db_exec(copy, "DELETE FROM part", ""), ERR_BUG); /* the trigger came along */
    assert_int_equal(db_exec(copy, "INSERT INTO part VALUES(99)", ""), ERR_BUG);
    db_close(copy);
    strncat(path, ".copy", sizeof path - strlen(path) - 1);
    assert_int_equal(times_on_disk("particular"), 0);
}

static void a_key_text_in_memory_would_be_found(void **state) /* positive control of the search above */
{
    (void)state;
    SCOPED_SECRET struct secret key = {0};
    char hex[65];
    assert_int_equal(secret_random(&key, 32), OK);
    encode_hex_text(key.data, 32, hex);
    assert_true(key_texts_in_memory(&key) > 0);
    secret_wipe(hex, sizeof hex);
}

static void a_copy_that_fails_leaves_nothing(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret other = secret_of(6);
    struct db *db = opened(path, &schema);
    char copy_path[256];
    size_t failures = 0;
    add(db, "one", MARK);
    snprintf(copy_path, sizeof copy_path, "%s.copy", path);
    for (size_t n = 1;; n++, failures++) {
        db_fail_after(db, n);
        enum status status = db_export(db, copy_path, &other, NULL);
        db_fail_after(db, 0);
        if (status == OK)
            break;
        assert_int_equal(access(copy_path, F_OK), -1);
        add(db, NULL, "the source can still be written");
    }
    assert_true(failures >= 2);
    assert_int_equal(db_export(db, "/nowhere/at/all.db", &other, NULL), ERR_IO);
    db_close(db);
}

static void settled_is_in_the_file(void **state)
{
    (void)state;
    struct stat facts;
    char wal[256];
    struct db *db = opened(path, &schema);
    struct db_rows *rows;
    add(db, "one", "");
    snprintf(wal, sizeof wal, "%s-wal", path);
    assert_int_equal(stat(wal, &facts), 0);
    assert_true(facts.st_size > 0);
    assert_int_equal(db_query(db, &rows, "SELECT id FROM item", ""), OK);
    assert_int_equal(db_next(rows), OK);
    assert_int_equal(db_settle(db), ERR_UNAVAILABLE);
    db_done(rows);
    assert_int_equal(db_settle(db), OK);
    assert_int_equal(stat(wal, &facts), 0);
    assert_int_equal(facts.st_size, 0);
    db_close(db);
}

/* --- injected failures --- */

static enum status two_rows(struct db *db)
{
    TRY(db_begin(db));
    TRY(db_exec(db, INSERT, "tbd", "a", BYTES_NONE, 0.0));
    TRY(db_exec(db, INSERT, "tbd", "b", BYTES_NONE, 0.0));
    return db_commit(db);
}

static void every_write_may_fail(void **state)
{
    (void)state;
    struct db *db = opened(path, &schema);
    size_t failures = 0;
    for (size_t n = 1;; n++) {
        db_fail_after(db, n);
        enum status status = two_rows(db);
        db_fail_after(db, 0);
        if (status == OK)
            break;
        assert_int_equal(status, ERR_IO);
        db_rollback(db);
        assert_int_equal(count(db), 0);
        failures++;
    }
    assert_int_equal(failures, 4); /* begin, two inserts, commit */
    assert_int_equal(count(db), 2);
    db_close(db);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    SCOPED_SECRET struct secret key = secret_of(5);
    SCOPED_BUF struct buf name = {0};
    struct db *db;
    size_t failures = 0;
    for (enum status status = ERR_MEMORY; status != OK; failures++) {
        mem_fail_after(failures + 1);
        status = db_open(path, &key, &schema, &db, NULL);
        mem_fail_after(0);
        assert_int_equal(db == NULL, status != OK);
        assert_true(status == OK || status == ERR_MEMORY);
    }
    assert_true(failures >= 2);
    add(db, "one", "");
    mem_fail_after(1);
    assert_int_equal(db_row(db, "SELECT name FROM item", ":b", &name), ERR_MEMORY);
    mem_fail_after(0);
    assert_int_equal(db_row(db, "SELECT name FROM item", ":b", &name), OK);
    db_close(db);
}

static void two_handles(void **state)
{
    (void)state;
    struct db *a = opened(path, &schema), *b = opened(path, &schema);
    add(a, "from a", "");
    add(b, "from b", "");
    assert_int_equal(count(a), 2);
    db_close(a);
    assert_int_equal(count(b), 2);
    db_close(b);
}

static void full_text_search_is_built_in(void **state)
{
    (void)state;
    struct db *db = opened(path, &schema);
    int64_t id = 0;
    assert_int_equal(db_page_cache(db, 1024), OK);
    assert_int_equal(db_exec(db, "CREATE VIRTUAL TABLE words USING fts5(text)", ""), OK);
    assert_int_equal(db_exec(db, "INSERT INTO words(text) VALUES(?)", "t", "recompute bags and insurance"), OK);
    assert_int_equal(db_row(db, "SELECT rowid FROM words WHERE words MATCH ?", "t:i", "insurance", &id), OK);
    db_close(db);
}

static void version(void **state)
{
    (void)state;
    assert_int_equal(db_version_check(NULL), OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements),
        cmocka_unit_test(wrong_statements_are_bugs),
        cmocka_unit_test(queries_nest),
        cmocka_unit_test(sql_made_at_run_time_is_not_mixed_up),
        cmocka_unit_test_setup(transactions, fresh_path),
        cmocka_unit_test_setup(disk_shows_nothing, fresh_path),
        cmocka_unit_test_setup(wrong_key_and_garbage_look_alike, fresh_path),
        cmocka_unit_test_setup(damage_is_seen, fresh_path),
        cmocka_unit_test_setup(migrations_go_up_only, fresh_path),
        cmocka_unit_test_setup(failed_migration_leaves_nothing, fresh_path),
        cmocka_unit_test_setup(a_copy_has_its_own_key, fresh_path),
        cmocka_unit_test(a_key_text_in_memory_would_be_found),
        cmocka_unit_test_setup(a_copy_that_fails_leaves_nothing, fresh_path),
        cmocka_unit_test_setup(settled_is_in_the_file, fresh_path),
        cmocka_unit_test_setup(every_write_may_fail, fresh_path),
        cmocka_unit_test_setup(every_allocation_may_fail, fresh_path),
        cmocka_unit_test_setup(two_handles, fresh_path),
        cmocka_unit_test_setup(full_text_search_is_built_in, fresh_path),
        cmocka_unit_test(version),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}

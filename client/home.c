/* The client's home folder. Hides where keys and settings lie and how they are sealed. */
#include "client/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "crypto/ca.h"
#include "crypto/keys.h"

#define CONFIG_MAX (256u * 1024)
#define SECRETS_MAX 4096u
#define HOME_VERSION 1

static const char *const migrations[] = {
    "CREATE TABLE outbox (id BLOB PRIMARY KEY, kind INTEGER NOT NULL, record BLOB NOT NULL, digest BLOB NOT NULL,"
    " epoch TEXT NOT NULL, state INTEGER NOT NULL, receipt BLOB, queued INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE INDEX outbox_state ON outbox(state);"
    "CREATE TABLE seen (one INTEGER PRIMARY KEY CHECK (one = 1), tree INTEGER NOT NULL, root BLOB NOT NULL, note BLOB "
    "NOT NULL);"
    "CREATE TABLE library (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, document BLOB NOT NULL,"
    " pulled INTEGER NOT NULL);",
    /* What contradicts the log that was seen; who may cosign it (client/follow.h, client/witnesses.h). */
    "ALTER TABLE seen ADD COLUMN at INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE alarm (kind INTEGER PRIMARY KEY, size INTEGER NOT NULL, note BLOB NOT NULL, at INTEGER NOT NULL);"
    "CREATE TABLE witness (device BLOB PRIMARY KEY, tenant BLOB NOT NULL, key BLOB NOT NULL, fresh INTEGER NOT NULL,"
    " present INTEGER NOT NULL) WITHOUT ROWID;",
    /* Where in the log a receipt says that it is; which restores of the server this device knows (client/durable.h). */
    "ALTER TABLE outbox ADD COLUMN leaf INTEGER NOT NULL DEFAULT 9007199254740991;"
    "CREATE TABLE durable (one INTEGER PRIMARY KEY CHECK (one = 1), restores INTEGER NOT NULL);",
    "ALTER TABLE durable ADD COLUMN restore BLOB NOT NULL DEFAULT x'';",
    NULL,
};
static const struct db_schema schema = {"client store", migrations};

static const char secrets_label[] = "chatham/v1 client secrets";

enum status home_path(const char *option, char out[static HOME_PATH_MAX], struct why *why)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    int size;
    if (option)
        size = snprintf(out, HOME_PATH_MAX, "%s", option);
    else if (data && *data)
        size = snprintf(out, HOME_PATH_MAX, "%s/chatham", data);
    else if (home && *home)
        size = snprintf(out, HOME_PATH_MAX, "%s/.local/share/chatham", home);
    else
        return why_hint(why, ERR_USAGE, "no home folder is known", NULL, "give --home DIR");
    if (size <= 0 || size >= HOME_PATH_MAX)
        return why_set(why, ERR_USAGE, "path is empty or too long", "--home", 0);
    return OK;
}

bool home_needs_passphrase(const char *folder)
{
    char path[HOME_PATH_MAX];
    return path_join(path, sizeof path, folder, "root.salt") == OK && file_exists(path);
}

/* --- the root key: a file, or a passphrase with its salt record --- */

static enum status salt_write(const char *path, const struct key_passphrase_params *params)
{
    SCOPED_BUF struct buf text = {0};
    buf_add(&text, bytes_of(params->salt, sizeof params->salt));
    buf_add_u32(&text, params->memory_kib);
    buf_add_u32(&text, params->passes);
    TRY(buf_status(&text));
    return file_create(path, buf_bytes(&text), 0600);
}

static enum status salt_read(const char *path, struct key_passphrase_params *params)
{
    SCOPED_BUF struct buf text = {0};
    struct bytes salt;
    TRY(file_read(path, 64, &text));
    struct cursor from = {buf_bytes(&text)};
    TRY(cursor_bytes(&from, sizeof params->salt, &salt));
    memcpy(params->salt, salt.data, salt.size);
    TRY(cursor_u32(&from, &params->memory_kib));
    TRY(cursor_u32(&from, &params->passes));
    return cursor_end(&from);
}

static enum status root_create(const char *folder, struct bytes passphrase, struct secret *root, struct why *why)
{
    char path[HOME_PATH_MAX];
    if (passphrase.size == 0) {
        TRY(path_join(path, sizeof path, folder, "root.key"));
        return root_key_create_file(path, root, why);
    }
    struct key_passphrase_params params;
    key_passphrase_params_new(&params);
    TRY(path_join(path, sizeof path, folder, "root.salt"));
    TRY(salt_write(path, &params));
    return root_key_from_passphrase(passphrase, &params, root);
}

static enum status root_open(const char *folder, struct bytes passphrase, struct secret *root, struct why *why)
{
    char path[HOME_PATH_MAX];
    if (!home_needs_passphrase(folder)) {
        TRY(path_join(path, sizeof path, folder, "root.key"));
        return root_key_load_file(path, root, why);
    }
    struct key_passphrase_params params;
    TRY(path_join(path, sizeof path, folder, "root.salt"));
    if (passphrase.size == 0)
        return why_hint(why, ERR_USAGE, "this home has a passphrase", NULL, "give --passphrase-file FILE");
    TRY(salt_read(path, &params));
    return root_key_from_passphrase(passphrase, &params, root);
}

/* --- secrets.box --- */

static enum status secrets_write(const char *folder, const struct home *home)
{
    char path[HOME_PATH_MAX];
    SCOPED_BUF struct buf plain = {.secret = true};
    SCOPED_BUF struct buf box = {0};
    buf_add_lp(&plain, secret_bytes(&home->tls_key));
    buf_add_lp(&plain, secret_bytes(&home->sign_seed));
    buf_add_lp(&plain, secret_bytes(&home->device_key));
    TRY(buf_status(&plain));
    TRY(box_seal(&home->root, bytes_str(secrets_label), buf_bytes(&plain), &box));
    TRY(path_join(path, sizeof path, folder, "secrets.box"));
    return file_create(path, buf_bytes(&box), 0600);
}

static enum status secrets_read(const char *folder, struct home *home, struct why *why)
{
    char path[HOME_PATH_MAX];
    SCOPED_BUF struct buf plain = {.secret = true};
    SCOPED_BUF struct buf box = {0};
    struct bytes tls, seed, device;
    TRY(path_join(path, sizeof path, folder, "secrets.box"));
    enum status status = file_read(path, SECRETS_MAX, &box);
    if (status != OK)
        return why_set(why, status, "cannot be read", "secrets.box", 0);
    status = box_open(&home->root, bytes_str(secrets_label), buf_bytes(&box), &plain);
    if (status != OK)
        return why_hint(why, status, "the keys do not open", "secrets.box", "wrong passphrase, or another home's key");
    struct cursor from = {buf_bytes(&plain)};
    TRY(cursor_lp(&from, &tls));
    TRY(cursor_lp(&from, &seed));
    TRY(cursor_lp(&from, &device));
    TRY(cursor_end(&from));
    TRY(secret_copy(&home->tls_key, tls));
    TRY(secret_copy(&home->sign_seed, seed));
    return secret_copy(&home->device_key, device);
}

/* --- config.json --- */

static struct json *parsed_or_null(const struct buf *text)
{
    struct json *value = NULL;
    if (buf_status(text) != OK || json_parse(buf_bytes(text), CONFIG_MAX, &value, NULL) != OK)
        return NULL;
    return value;
}

enum status home_save(const struct home *home)
{
    char path[HOME_PATH_MAX];
    SCOPED_BUF struct buf text = {0};
    SCOPED_JSON struct json *config = json_object();
    json_set(config, "v", json_integer(HOME_VERSION));
    json_set(config, "scrubbing", json_text(home->scrubbing));
    if (home->enrolled) {
        SCOPED_BUF struct buf federation = {0};
        TRY(federation_encode(&home->federation, &federation));
        json_set(config, "server", json_text(home->server));
        json_set(config, "tenant", json_hex(bytes_of(home->tenant, ID_BYTES)));
        json_set(config, "device", json_hex(bytes_of(home->device, ID_BYTES)));
        json_set(config, "certificate", json_text(home->certificate_pem));
        json_set(config, "federation", parsed_or_null(&federation));
    }
    TRY(json_pretty(config, &text));
    buf_add_byte(&text, '\n');
    TRY(buf_status(&text));
    TRY(path_join(path, sizeof path, home->folder, "config.json"));
    return file_write(path, buf_bytes(&text), 0600);
}

static enum status enrolment_read(struct json_fields *fields, struct home *home, struct why *why)
{
    SCOPED_BUF struct buf federation = {0};
    struct bytes server = json_take_string(fields, "server", 1024);
    struct bytes certificate = json_take_string(fields, "certificate", 16384);
    json_take_hex(fields, "tenant", home->tenant, ID_BYTES);
    json_take_hex(fields, "device", home->device, ID_BYTES);
    const struct json *document = json_take_object(fields, "federation");
    if (fields->status != OK)
        return fields->status;
    TRY(json_canonical(document, &federation));
    TRY(federation_decode(buf_bytes(&federation), &home->federation, why));
    home->server = mem_copy(server);
    home->certificate_pem = mem_copy(certificate);
    home->enrolled = true;
    return home->server && home->certificate_pem ? OK : ERR_MEMORY;
}

static enum status config_read(struct home *home, struct why *why)
{
    char path[HOME_PATH_MAX];
    SCOPED_BUF struct buf text = {0};
    SCOPED_JSON struct json *config = NULL;
    struct json_fields fields;
    TRY(path_join(path, sizeof path, home->folder, "config.json"));
    enum status status = file_read(path, CONFIG_MAX, &text);
    if (status == ERR_NOT_FOUND)
        return why_hint(why, status, "no Chatham home is here", NULL, "run chatham init");
    TRY(status);
    TRY(json_parse(buf_bytes(&text), CONFIG_MAX, &config, why));
    json_fields(&fields, config, "config.json", why);
    if (json_take_integer(&fields, "v", 1, INT32_MAX) > HOME_VERSION)
        return why_hint(why, ERR_VERSION, "written by a newer version", "config.json", "update chatham");
    struct bytes scrubbing = json_take_string(&fields, "scrubbing", sizeof home->scrubbing - 1);
    if (fields.status == OK)
        memcpy(home->scrubbing, scrubbing.data, scrubbing.size);
    if (json_has(&fields, "server"))
        TRY(enrolment_read(&fields, home, why));
    return json_fields_end(&fields);
}

/* --- create, open, close --- */

static enum status fill_new_home(struct home *home, struct bytes passphrase, struct why *why)
{
    uint8_t public_key[SIGN_PUBLIC_BYTES];
    TRY(root_create(home->folder, passphrase, &home->root, why));
    TRY(ca_key_new(&home->tls_key));
    TRY(sign_keypair(&home->sign_seed, public_key));
    TRY(secret_random(&home->device_key, KEY_BYTES));
    TRY(secrets_write(home->folder, home));
    return home_save(home); /* last: a home without config.json is none */
}

/* What a making that was cut off left behind: keys without config.json, and without a store that they could be needed
 * for. */
static enum status clear_leftovers(const char *folder, struct why *why)
{
    static const char *const keys[] = {"root.key", "root.salt", "secrets.box"};
    char path[HOME_PATH_MAX];
    TRY(path_join(path, sizeof path, folder, "client.db"));
    if (file_exists(path))
        return why_hint(why, ERR_EXISTS, "there is a store without its config.json", NULL,
                        "bring config.json back, or choose another --home");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        TRY(path_join(path, sizeof path, folder, keys[i]));
        if (unlink(path) != 0 && errno != ENOENT)
            return ERR_IO;
    }
    return OK;
}

static enum status create_locked(struct home *home, struct bytes passphrase, struct why *why)
{
    char path[HOME_PATH_MAX];
    TRY(path_join(path, sizeof path, home->folder, "config.json"));
    if (file_exists(path))
        return why_hint(why, ERR_EXISTS, "there is a Chatham home already", NULL, "choose another --home");
    TRY(clear_leftovers(home->folder, why));
    return fill_new_home(home, passphrase, why);
}

enum status home_create(const char *folder, struct bytes passphrase, struct why *why)
{
    struct home home = {.scrubbing = "default"};
    if (snprintf(home.folder, sizeof home.folder, "%s", folder) >= (int)sizeof home.folder)
        return ERR_USAGE;
    TRY(folder_create(folder, 0700));
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status = lock >= 0 && flock(lock, LOCK_EX) == 0 ? create_locked(&home, passphrase, why) : ERR_IO;
    if (lock >= 0)
        close(lock);
    home_close(&home);
    return status;
}

static enum status store_open(struct home *home, struct why *why)
{
    char path[HOME_PATH_MAX];
    SCOPED_SECRET struct secret key = {0};
    TRY(path_join(path, sizeof path, home->folder, "client.db"));
    /* Enrolment opened it, so it was there: a new one would forget the outbox and the last checkpoint without a word.
     */
    if (home->enrolled && !file_exists(path))
        return why_hint(why, ERR_CORRUPT, "the store is gone", "client.db",
                        "put it back from a copy, or enrol again with another --home");
    TRY(key_derive(&home->device_key, KEY_DATABASE, &key));
    return db_open(path, &key, &schema, &home->db, why);
}

enum status home_open(const char *folder, struct bytes passphrase, struct home *home, struct why *why)
{
    *home = (struct home){.clock = clock_system()};
    if (snprintf(home->folder, sizeof home->folder, "%s", folder) >= (int)sizeof home->folder)
        return ERR_USAGE;
    enum status status = config_read(home, why);
    if (status == OK)
        status = root_open(folder, passphrase, &home->root, why);
    if (status == OK)
        status = secrets_read(folder, home, why);
    if (status == OK)
        status = store_open(home, why);
    if (status != OK)
        home_close(home);
    return status;
}

void home_close(struct home *home)
{
    if (home->db)
        db_close(home->db);
    if (home->enrolled)
        federation_free(&home->federation);
    mem_free(home->server);
    mem_free(home->certificate_pem);
    secret_free(&home->root);
    secret_free(&home->tls_key);
    secret_free(&home->sign_seed);
    secret_free(&home->device_key);
    *home = (struct home){0};
}

enum status home_require_enrolled(const struct home *home, struct why *why)
{
    if (home->enrolled)
        return OK;
    return why_hint(why, ERR_USAGE, "this device is not enrolled", NULL,
                    "run chatham enroll with the token of your administrator");
}

/* The stricter of two ready-made policies by name; a name that is none of them stands for itself. */
static const char *stricter(const char *mine, const char *asked)
{
    static const char *const names[] = {"off", "secrets-only", "default", "strict"}; /* from lax to strict */
    size_t ranks[2] = {0};
    for (size_t i = 0; i < 2; i++)
        while (ranks[i] < 4 && strcmp(names[ranks[i]], i ? asked : mine) != 0)
            ranks[i]++;
    return ranks[0] < ranks[1] && ranks[1] < 4 ? asked : mine;
}

enum status home_redactor(const struct home *home, struct redactor **out, struct why *why)
{
    SCOPED_BUF struct buf file = {0};
    const char *asked = home->enrolled ? home->federation.policy.redaction : "off";
    const char *name = stricter(home->scrubbing, asked);
    struct bytes policy = redact_policy_text(name);
    *out = NULL;
    if (strcmp(home->scrubbing, "off") == 0 && strcmp(asked, "off") != 0)
        return why_hint(why, ERR_POLICY, "the federation's policy asks for scrubbing", "config.json",
                        "set scrubbing to default");
    if (policy.size == 0) {
        TRY(file_read(name, CONFIG_MAX, &file));
        policy = buf_bytes(&file);
    }
    return redactor_new(policy, NULL, out, why);
}

void home_task_tag(void *state, struct bytes identity, uint8_t out[static TASK_TAG_BYTES])
{
    const struct home *home = state;
    SCOPED_SECRET struct secret key = {0};
    /* Out of locked memory there is no tag to give that would not be a lie: stop. */
    INVARIANT(key_derive(&home->device_key, KEY_TASK_TAG, &key) == OK);
    hash_keyed(secret_bytes(&key), identity, out, TASK_TAG_BYTES);
}

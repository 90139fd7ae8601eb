/* Hides how a passphrase is asked for and where its parameters lie. The parameters are bounded when read: a record with
 * absurd ones must not fill the memory. */
#include "server/process_root.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "crypto/keys.h"

#define PASSPHRASE_LEAST 12
#define PASSPHRASE_MOST 1024
#define SALT_RECORD_MAX 1024
#define MEMORY_KIB_MOST (4 * 1024 * 1024)
#define PASSES_MOST 64

static enum status state_path(const struct root_source *source, const char *name, char path[static PATH_MAX],
                              struct why *why)
{
    enum status status = path_join(path, PATH_MAX, source->state, name);
    return status == OK ? OK : why_set(why, status, "path is too long", "state folder", 0);
}

/* --- S/root.salt --- */

static enum status salt_write(const char *path, const struct key_passphrase_params *params)
{
    SCOPED_JSON struct json *record = json_object();
    SCOPED_BUF struct buf text = {0};
    json_set(record, "kdf", json_text("argon2id"));
    json_set(record, "memory_kib", json_integer(params->memory_kib));
    json_set(record, "passes", json_integer(params->passes));
    json_set(record, "salt", json_hex(bytes_of(params->salt, sizeof params->salt)));
    json_set(record, "v", json_integer(1));
    TRY(json_canonical(record, &text));
    return file_create(path, buf_bytes(&text), 0600);
}

enum status root_salt_decode(struct bytes text, struct key_passphrase_params *out, struct why *why)
{
    static const char *const kdfs[] = {"argon2id"};
    SCOPED_JSON struct json *record = NULL;
    struct json_fields fields;
    *out = (struct key_passphrase_params){0};
    TRY(json_parse(text, SALT_RECORD_MAX, &record, why));
    json_fields(&fields, record, "root.salt", why);
    json_take_choice(&fields, "kdf", kdfs, 1);
    out->memory_kib = (uint32_t)json_take_integer(&fields, "memory_kib", 8, MEMORY_KIB_MOST);
    out->passes = (uint32_t)json_take_integer(&fields, "passes", 1, PASSES_MOST);
    json_take_hex(&fields, "salt", out->salt, sizeof out->salt);
    json_take_integer(&fields, "v", 1, 1);
    return json_fields_end(&fields);
}

/* --- passphrases --- */

/* The first line is the passphrase. */
static void keep_first_line(struct buf *text)
{
    size_t end = bytes_find(buf_bytes(text), bytes_str("\n"));
    if (end < text->size)
        text->size = end;
    if (text->size > 0 && text->data[text->size - 1] == '\r')
        text->size--;
}

static void wake(int signal)
{
    (void)signal;
}

/* A ^C ends the question, not the process: the terminal must get its settings back. It is held until the question
 * waits, so that none is lost before. */
struct interrupt {
    struct sigaction action;
    sigset_t mask;
};

static void interrupt_hold(struct interrupt *old)
{
    const struct sigaction waking = {.sa_handler = wake};
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigprocmask(SIG_BLOCK, &held, &old->mask);
    sigaction(SIGINT, &waking, &old->action);
}

static ssize_t read_or_interrupt(int fd, uint8_t *out, size_t size, const struct interrupt *old)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return ppoll(&ready, 1, NULL, &old->mask) == 1 ? read(fd, out, size) : -1;
}

static void interrupt_release(const struct interrupt *old)
{
    sigaction(SIGINT, &old->action, NULL); /* before the mask: one that still waits meets what it would have met */
    sigprocmask(SIG_SETMASK, &old->mask, NULL);
}

/* A line from the terminal, unseen. The old settings come back on every path, and before the question the new ones are
 * there: what answers it at once must be neither seen nor lost. */
static enum status ask_terminal(const char *question, struct buf *out, struct why *why)
{
    struct termios old, silent;
    struct interrupt interrupt;
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || tcgetattr(fd, &old) != 0) {
        if (fd >= 0)
            close(fd);
        return why_hint(why, ERR_USAGE, "a passphrase is needed and there is no terminal to ask on", NULL,
                        "use --passphrase-file");
    }
    silent = old;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    buf_reserve(out, PASSPHRASE_MOST);
    interrupt_hold(&interrupt);
    tcsetattr(fd, TCSAFLUSH, &silent);
    ssize_t size = -1;
    if (!out->failed && fd_write_all(fd, bytes_str(question)) == OK)
        size = read_or_interrupt(fd, out->data, PASSPHRASE_MOST, &interrupt);
    tcsetattr(fd, TCSAFLUSH, &old);
    interrupt_release(&interrupt);
    enum status status = fd_write_all(fd, bytes_str("\n"));
    close(fd);
    if (size < 0 || status != OK)
        return why_set(why, ERR_IO, "the passphrase was not given", NULL, 0);
    out->size = (size_t)size;
    keep_first_line(out);
    return OK;
}

static enum status read_passphrase(const struct root_source *source, const char *question, struct buf *out,
                                   struct why *why)
{
    if (!source->passphrase_file)
        return ask_terminal(question, out, why);
    enum status status = file_read(source->passphrase_file, PASSPHRASE_MOST, out);
    if (status != OK)
        return why_set(why, status, "passphrase file cannot be read", NULL, 0);
    keep_first_line(out);
    return OK;
}

static enum status from_passphrase(const struct root_source *source, const char *salt_path, struct secret *root,
                                   struct why *why)
{
    SCOPED_BUF struct buf text = {0}, passphrase;
    struct key_passphrase_params params;
    buf_init_secret(&passphrase);
    enum status status = file_read(salt_path, SALT_RECORD_MAX, &text);
    if (status != OK)
        return why_set(why, status, "cannot be read", "root.salt", 0);
    TRY(root_salt_decode(buf_bytes(&text), &params, why));
    TRY(read_passphrase(source, "Passphrase: ", &passphrase, why));
    return root_key_from_passphrase(buf_bytes(&passphrase), &params, root);
}

static enum status key_open(const struct root_source *source, struct secret *root, struct why *why)
{
    char path[PATH_MAX];
    if (source->key_file)
        return root_key_load_file(source->key_file, root, why);
    TRY(state_path(source, "root.salt", path, why));
    if (file_exists(path))
        return from_passphrase(source, path, root, why);
    TRY(state_path(source, "root.key", path, why));
    if (!file_exists(path))
        return why_hint(why, ERR_NOT_FOUND, "no root key in the state folder", NULL,
                        "run chathamd init, or name the key with --key-file");
    return root_key_load_file(path, root, why);
}

enum status root_open(const struct root_source *source, struct root_provider **root, struct why *why)
{
    SCOPED_SECRET struct secret key = {0};
    *root = NULL;
    TRY(key_open(source, &key, why));
    return root_provider_of_secret(&key, root);
}

/* --- founding --- */

static enum status create_passphrase(const struct root_source *source, struct secret *root, struct why *why)
{
    SCOPED_BUF struct buf first, again;
    struct key_passphrase_params params;
    char path[PATH_MAX];
    buf_init_secret(&first);
    buf_init_secret(&again);
    TRY(read_passphrase(source, "New passphrase: ", &first, why));
    TRY(read_passphrase(source, "Again: ", &again, why));
    if (!secret_equal(buf_bytes(&first), buf_bytes(&again)))
        return why_set(why, ERR_USAGE, "the two passphrases differ", NULL, 0);
    if (first.size < PASSPHRASE_LEAST)
        return why_hint(why, ERR_USAGE, "the passphrase is too short", NULL, "use twelve characters or more");
    key_passphrase_params_new(&params);
    TRY(state_path(source, "root.salt", path, why));
    TRY(root_key_from_passphrase(buf_bytes(&first), &params, root));
    enum status status = salt_write(path, &params);
    return status == OK ? OK : why_set(why, status, "cannot be written", "root.salt", 0);
}

static enum status key_path(const struct root_source *source, char path[static PATH_MAX], struct why *why)
{
    if (!source->key_file)
        return state_path(source, "root.key", path, why);
    if (strlen(source->key_file) >= PATH_MAX)
        return why_set(why, ERR_TOO_LARGE, "path is too long", "key file", 0);
    memcpy(path, source->key_file, strlen(source->key_file) + 1);
    return OK;
}

static enum status key_create(const struct root_source *source, struct secret *root, struct why *why)
{
    char path[PATH_MAX];
    if (source->wants_passphrase || source->passphrase_file)
        return create_passphrase(source, root, why);
    TRY(key_path(source, path, why));
    return root_key_create_file(path, root, why);
}

enum status root_create(const struct root_source *source, struct root_provider **root, struct why *why)
{
    SCOPED_SECRET struct secret key = {0};
    *root = NULL;
    TRY(key_create(source, &key, why));
    return root_provider_of_secret(&key, root);
}

void root_discard(const struct root_source *source)
{
    char path[PATH_MAX];
    bool is_passphrase = source->wants_passphrase || source->passphrase_file;
    enum status status = is_passphrase ? state_path(source, "root.salt", path, NULL) : key_path(source, path, NULL);
    if (status == OK)
        unlink(path);
}

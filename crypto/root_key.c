/* Root-key providers: a key file and a passphrase. Hides the file's form and Argon2id's settings. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "base/pwhash.h"
#include "base/random.h"
#include "crypto/keys.h"

#define HEX_BYTES (2 * KEY_BYTES)
/* Above RFC 9106's second recommendation (64 MiB, 3 passes): about a third of a second at start, once. */
#define PASSPHRASE_MEMORY_KIB (128u << 10)
#define PASSPHRASE_PASSES 3
/* What a stored record may ask for: less is no protection, more is not ours. */
#define PASSPHRASE_MEMORY_LEAST (8u << 10)
#define PASSPHRASE_MEMORY_MOST (1u << 20)
#define PASSPHRASE_PASSES_MOST 16

static const char key_file[] = "key file";

enum status root_key_create_file(const char *path, struct secret *root, struct why *why)
{
    uint8_t text[128] WIPED_128 = {0};
    TRY(secret_random(root, KEY_BYTES));
    encode_hex_text(root->data, root->size, (char *)text);
    text[HEX_BYTES] = '\n';
    enum status status = file_create(path, bytes_of(text, HEX_BYTES + 1), 0600);
    if (status == OK)
        return OK;
    secret_free(root);
    if (status == ERR_EXISTS)
        return why_hint(why, status, "exists already", key_file, "a key is never overwritten, name another file");
    return why_set(why, status, "cannot be written", key_file, 0);
}

/* Opened once and judged by its descriptor, so that what was checked is what is read. */
static enum status open_private(const char *path, mode_t forbidden, int *fd, struct why *why)
{
    struct stat facts;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (*fd < 0)
        return why_set(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO,
                       errno == ENOENT ? "not found" : "cannot be opened", key_file, 0);
    enum status status = OK;
    if (fstat(*fd, &facts) != 0)
        status = why_set(why, ERR_IO, "cannot be read", key_file, 0);
    else if (!S_ISREG(facts.st_mode))
        status = why_set(why, ERR_INPUT, "not a regular file", key_file, 0);
    else if (facts.st_mode & forbidden)
        status = why_hint(why, ERR_DENIED, "others may read it", key_file, "chmod 600 the file");
    else if (facts.st_uid != geteuid() && facts.st_uid != 0)
        status = why_hint(why, ERR_DENIED, "another user owns it", key_file, "chown the file");
    if (status != OK)
        close(*fd);
    return status;
}

/* All of a small file, up to size bytes; -1 if reading fails. */
static ssize_t read_small(int fd, uint8_t *out, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t part = read(fd, out + got, size - got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return -1;
        if (part == 0)
            break;
        got += (size_t)part;
    }
    return (ssize_t)got;
}

static enum status load(const char *path, mode_t forbidden, struct secret *root, struct why *why)
{
    uint8_t text[128] WIPED_128 = {0};
    int fd;
    *root = (struct secret){0};
    TRY(open_private(path, forbidden, &fd, why));
    ssize_t got = read_small(fd, text, sizeof text);
    close(fd);
    if (got < 0)
        return why_set(why, ERR_IO, "cannot be read", key_file, 0);
    size_t size = (size_t)got;
    if (size == HEX_BYTES + 1 && text[HEX_BYTES] == '\n')
        size = HEX_BYTES;
    TRY(secret_new(root, KEY_BYTES));
    if (decode_hex_fixed(bytes_of(text, size), root->data, KEY_BYTES) == OK)
        return OK;
    secret_free(root);
    return why_set(why, ERR_INPUT, "not 64 hexadecimal digits", key_file, 0);
}

enum status root_key_load_file(const char *path, struct secret *root, struct why *why)
{
    return load(path, 077, root, why);
}

enum status root_key_load_credential(const char *path, struct secret *root, struct why *why)
{
    return load(path, 037, root, why);
}

void key_passphrase_params_new(struct key_passphrase_params *params)
{
    *params = (struct key_passphrase_params){.memory_kib = PASSPHRASE_MEMORY_KIB, .passes = PASSPHRASE_PASSES};
    random_fill(random_system(), params->salt, sizeof params->salt);
}

enum status root_key_from_passphrase(struct bytes passphrase, const struct key_passphrase_params *params,
                                     struct secret *root)
{
    *root = (struct secret){0};
    if (passphrase.size == 0 || params->memory_kib < PASSPHRASE_MEMORY_LEAST ||
        params->memory_kib > PASSPHRASE_MEMORY_MOST || params->passes < 1 || params->passes > PASSPHRASE_PASSES_MOST)
        return ERR_INPUT;
    TRY(secret_new(root, KEY_BYTES));
    enum status status =
        pwhash_argon2id(passphrase, params->salt, params->memory_kib, params->passes, root->data, KEY_BYTES);
    if (status != OK)
        secret_free(root);
    return status;
}

/* log: the log's tiles from the server, as static files that others' tools can check. */
#include <inttypes.h>
#include <stdio.h>

#include "client/command.h"
#include "client/follow.h"
#include "client/print.h"
#include "client/remote_internal.h"
#include "crypto/tile_folder.h"
#include "protocol/witness.h"

#define TILE_MAX ((size_t)TILE_WIDTH * (2 + UINT16_MAX))

struct fetcher {
    struct http *http;
    struct why *why;
};

static enum status fetch_one(const struct fetcher *fetcher, const struct tile *tile, struct buf *content)
{
    struct http_reply reply = {0};
    char name[TILE_PATH_MAX], path[32 + TILE_PATH_MAX];
    tile_path(tile, name);
    snprintf(path, sizeof path, "/v1/log/tile/%s", name);
    enum status status = http_get(fetcher->http, path, NULL, TILE_MAX, &reply, fetcher->why);
    if (status == OK)
        status = remote_status(&reply, fetcher->why);
    if (status == OK)
        buf_add(content, buf_bytes(&reply.body));
    http_reply_free(&reply);
    return status == OK ? buf_status(content) : status;
}

static enum status fetch(void *state, const struct tile *tiles, size_t count, struct buf *contents)
{
    for (size_t i = 0; i < count; i++)
        TRY(fetch_one(state, &tiles[i], &contents[i]));
    return OK;
}

static enum status write_log(const char *folder, const struct home *home, const struct seen *seen,
                             struct tile_folder_report *report, struct why *why)
{
    struct fetcher fetcher = {.why = why};
    TRY(remote_connect(home, &fetcher.http, why));
    enum status status = tile_folder_write(folder, seen->checkpoint.size, fetch, &fetcher, report);
    http_free(fetcher.http);
    if (status == OK)
        status = tile_folder_check(folder, &seen->checkpoint);
    if (status == ERR_CORRUPT)
        return why_set(why, status, "the tiles do not agree with the checkpoint that was verified", "log", 0);
    TRY(status);
    status = tile_folder_note(folder, buf_bytes(&seen->note));
    return status == OK ? OK : why_set(why, status, "cannot be written", "--out", 0);
}

/* The log's verifier key, and this device's own as a cosigner. */
static enum status verifier_keys(const struct home *home, struct buf *vkey, struct buf *cosigner)
{
    char origin[48], name[WITNESS_NAME_MAX];
    uint8_t key[SIGN_PUBLIC_BYTES];
    federation_origin(home->federation.id, origin);
    witness_name(home->device, name);
    TRY(checkpoint_vkey(origin, home->federation.checkpoint_key, vkey));
    TRY(sign_public(&home->sign_seed, key));
    return cosign_vkey(name, key, cosigner);
}

static enum status log_show(const struct arguments *arguments, const struct home *home, const struct seen *seen,
                            const struct tile_folder_report *report)
{
    SCOPED_BUF struct buf vkey = {0}, cosigner = {0};
    TRY(verifier_keys(home, &vkey, &cosigner));
    if (!arguments_have(arguments, OPTION_JSON)) {
        printf("%" PRIu64 " entries, %" PRIu64 " files written, %" PRIu64 " kept; every hash was computed again.\n",
               seen->checkpoint.size, report->written, report->kept);
        printf("verifier key      %s\nthis device's own  %s\n", buf_text(&vkey), buf_text(&cosigner));
        return OK;
    }
    SCOPED_JSON struct json *out = json_object();
    json_set(out, "size", json_integer((int64_t)seen->checkpoint.size));
    json_set(out, "written", json_integer((int64_t)report->written));
    json_set(out, "kept", json_integer((int64_t)report->kept));
    json_set(out, "vkey", json_string(buf_bytes(&vkey)));
    json_set(out, "cosigner", json_string(buf_bytes(&cosigner)));
    return print_json(out);
}

static enum status log_run(const struct arguments *arguments, struct home *home, struct seen *seen, struct why *why)
{
    struct tile_folder_report report = {0};
    TRY(home_require_enrolled(home, why));
    TRY(seen_load(home, seen));
    if (seen->checkpoint.size == 0)
        return why_hint(why, ERR_NOT_FOUND, "nothing of the log has been verified yet", NULL, "run chatham pull");
    TRY(write_log(arguments->out, home, seen, &report, why));
    return log_show(arguments, home, seen, &report);
}

enum status command_log(const struct arguments *arguments, struct why *why)
{
    struct home home;
    struct seen seen = {0};
    if (!arguments->out)
        return why_set(why, ERR_USAGE, "name a folder: --out DIR", NULL, 0);
    TRY(arguments_home(arguments, &home, why));
    enum status status = log_run(arguments, &home, &seen, why);
    seen_free(&seen);
    home_close(&home);
    return status;
}
